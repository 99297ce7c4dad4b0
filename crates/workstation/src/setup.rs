//! Opening a workstation and setting one up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use vigil_model::{Role, Sensitive};
use vigil_policy::{Interaction, Principal};
use vigil_vault::{KdfCost, NewUser, OpenError, ProgramOrigin, Vault, VaultError};

use crate::custodian::{Custodians, Custody};
use crate::fleet::Line;
use crate::password_rules::{self, Context};
use crate::posture::{self, Platform};
use crate::session::session_request;
use crate::view::{
    Abilities, AdministratorCreateRequest, Environment, PreferencesView, SessionCreateRequest, SessionView, Stage,
};
use crate::{AppError, Clock, CustodianChoice, ErrorCode, Event, IdleLock, ManagedPolicy, Purpose, Workstation};

/// What a workstation is started with.
pub struct Setup {
    /// The data folder.
    pub data: PathBuf,
    /// For a folder that is not set up yet.
    pub custodian: CustodianChoice,
    /// The folder of the operating system's user in which a software custodian keeps the root of an installation that is
    /// no demonstration, so that a data folder alone does not hold it; `None`: beside the data.
    pub state: Option<PathBuf>,
    /// For a folder that is not set up yet.
    pub environment: Environment,
    /// What the organisation prescribes.
    pub policy: ManagedPolicy,
    /// After how long the screen locks; the shorter of this and the policy's counts.
    pub idle_lock: IdleLock,
    /// What the operating system says about itself.
    pub platform: Arc<dyn Platform>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who is told of changes.
    pub notify: Box<dyn Fn(Event) + Send + Sync>,
}

impl Workstation {
    /// Opens the workstation in `setup.data`, or prepares one that is set up by its first administrator.
    ///
    /// # Errors
    /// Why the vault did not open, in words for people. Nothing is ever recreated or overwritten.
    pub fn open(setup: Setup) -> Result<Self, AppError> {
        // Asked while the vault opens, and only where the answer can close the sign-in: nobody else waits for it.
        let asked = setup.policy.posture.refuses_anything().then(|| {
            let (platform, data) = (Arc::clone(&setup.platform), setup.data.clone());
            thread::spawn(move || platform.facts(&data))
        });
        let workstation = Self::unopened(setup);
        let list_is_sound = workstation.open_vault(true)?;
        if let Some(asked) = asked {
            workstation.posture_refresh(&asked.join().unwrap_or_default())?;
        }
        if let Some(vault) = workstation.vault.get() {
            let now = workstation.clock.now();
            let permit =
                workstation.permitted(session_request(Interaction::WorkstationStart, Principal::Workstation))?;
            let odd = posture::words(&crate::lock_of(&workstation.posture)?.checks);
            vault.transaction(permit, None, now, |tx| {
                if let Err(unsound) = &list_is_sound {
                    tx.integrity_failure(unsound);
                }
                tx.posture_noted(&odd)
            })?;
        }
        Ok(workstation)
    }

    /// The same without a word in the audit log yet: whoever checks the log looks before anything is appended.
    pub(crate) fn prepare(setup: Setup) -> Result<Self, AppError> {
        let workstation = Self::unopened(setup);
        workstation.open_vault(false).map(drop)?;
        Ok(workstation)
    }

    /// The workstation before its vault.
    pub(crate) fn unopened(setup: Setup) -> Self {
        Self {
            vault: OnceLock::new(),
            data: setup.data,
            custodian: setup.custodian,
            state: setup.state,
            passed_over: OnceLock::new(),
            environment: setup.environment,
            clock: setup.clock,
            idle_lock: setup.idle_lock,
            policy: setup.policy,
            notify: setup.notify,
            session: Mutex::new(None),
            token_key: OnceLock::new(),
            notice: Mutex::default(),
            arrival: Mutex::new(None),
            offer: Mutex::new(None),
            cards: OnceLock::new(),
            parked: Mutex::default(),
            glasses: Mutex::new(Vec::new()),
            platform: setup.platform,
            posture: Mutex::default(),
            line: Line::default(),
            import: Mutex::new(None),
            document: crate::write::DocumentReading::default(),
            terminologies: crate::terminology::Kept::default(),
            ranges: crate::ranges::Kept::default(),
            backup: Mutex::new(None),
            recovery: Mutex::new(None),
            emergency_draft: Mutex::new(None),
            upkeep: Mutex::default(),
            escalation: Mutex::default(),
            watches: Mutex::default(),
        }
    }

    /// Opens the vault, if there is one; with `upkeep` what is to be destroyed is destroyed first, and its database key is
    /// replaced where that is due. Says whether the list of what was destroyed is sound.
    fn open_vault(&self, upkeep: bool) -> Result<Result<(), VaultError>, AppError> {
        if !Vault::exists(&self.data) {
            return Ok(Ok(()));
        }
        let custodian = self.custodians().of_installation()?;
        let vault = Vault::open(&self.data, Arc::clone(&custodian))?;
        if !upkeep {
            self.keep(vault);
            return Ok(Ok(()));
        }
        let listed = self.destroy_what_is_due(&vault)?;
        self.keep(self.database_key_upkeep(vault, custodian)?);
        Ok(listed)
    }

    /// Makes the vault, if there is none, and its first administrator, and signs that administrator in.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a name or password that does not do; [`ErrorCode::Forbidden`] once there is a user.
    pub fn administrator_create(&self, request: AdministratorCreateRequest) -> Result<SessionView, AppError> {
        let user = crate::user::checked(&request.username, &request.display_name, Role::Administrator)?;
        let organization = named(&request.organization)?;
        let password = Sensitive::new(request.password);
        password_rules::check(&password, &Context { organization, user: &user })?;
        if self.vault.get().is_none() {
            self.keep(self.create_vault(organization)?);
        }
        let refused = if self.vault()?.has_users()? {
            Some("this workstation has an administrator; sign in instead")
        } else if self.vault()?.fleet()?.is_some() {
            Some("the users of this workstation come from its server's directory; sign in as one of them")
        } else {
            None
        };
        if let Some(why) = refused {
            self.call_refused("administrator_create")?;
            return Err(AppError::new(ErrorCode::Forbidden, why));
        }
        self.first_user(&user, &password, organization)?;
        // EXPOSE: the sign-in takes the same password; it is wiped there.
        self.session_create(SessionCreateRequest {
            username: user.username,
            password: password.expose().clone(),
            proof: None,
            despite_refusal: None,
        })
    }

    fn first_user(&self, user: &NewUser, password: &Sensitive<String>, organization: &str) -> Result<(), AppError> {
        let permit = self.permitted(session_request(Interaction::FirstAdministratorCreate, Principal::Anonymous))?;
        self.vault()?.transaction(permit, None, self.clock.now(), |tx| {
            tx.organization_set(organization)?;
            tx.user_insert(user, password, None)?;
            Ok(())
        })
    }

    /// Makes the vault of a workstation whose users come from a server's directory.
    pub(crate) fn vault_make(&self, organization: &str) -> Result<(), AppError> {
        let organization = named(organization)?;
        self.keep(self.create_vault(organization)?);
        let permit = self.permitted(session_request(Interaction::WorkstationStart, Principal::Workstation))?;
        self.vault()?.transaction(permit, None, self.clock.now(), |_| Ok::<(), AppError>(()))
    }

    fn create_vault(&self, organization: &str) -> Result<Vault, AppError> {
        let chosen = self.custodians().choose(self.custodian, self.environment, self.clock.now())?;
        let _ = self.passed_over.set(chosen.passed_over);
        let setup = vigil_vault::Setup {
            organization: organization.to_owned(),
            environment: match self.environment {
                Environment::Live => vigil_vault::Environment::Live,
                Environment::Demo => vigil_vault::Environment::Demo,
                Environment::Training => vigil_vault::Environment::Training,
            },
            kdf: KdfCost::STANDARD,
        };
        Ok(Vault::create(&self.data, chosen.custodian, &setup, self.clock.now())?)
    }

    pub(crate) fn custodians(&self) -> Custodians<'_> {
        Custodians { data: &self.data, state: self.state.as_deref(), policy: &self.policy.custody }
    }

    /// Who keeps the device key, and who was passed over when this program set the workstation up.
    pub fn custody(&self) -> Custody {
        Custody {
            custodian: self.vault.get().map_or(self.custodian.display(), |vault| vault.custodian_kind().display()),
            passed_over: self.passed_over.get().cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn keep(&self, vault: Vault) {
        let (address, boot) = (self.platform.machine(), self.clock.boot());
        vault.origin_set(ProgramOrigin { address, boot, ..ProgramOrigin::default() });
        vault.when_written(Box::new(self.line.woken()));
        // Two first starts at once: the second vault could not be created, so there is one to keep.
        let _ = self.vault.set(vault);
    }

    /// The vault, once there is one.
    pub(crate) fn vault(&self) -> Result<&Vault, AppError> {
        self.vault.get().ok_or_else(|| {
            AppError::new(ErrorCode::NotSignedIn, "this workstation is not set up yet; make its first administrator")
        })
    }

    /// The shorter of what the policy prescribes and what the program was started with.
    pub(crate) fn idle_lock(&self) -> IdleLock {
        self.idle_lock.min(self.policy.idle_lock())
    }

    /// Which kind of installation this is.
    pub(crate) fn kind_of_installation(&self) -> Result<Environment, AppError> {
        Ok(self.vault()?.settings()?.environment.into())
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The view when nobody is signed in.
    pub(crate) fn frame(&self) -> Result<SessionView, AppError> {
        let vault = self.vault.get();
        let settings = vault.map(Vault::settings).transpose()?;
        // Where a server names the users, the first one to come signs in like everybody else.
        let has_users = match vault {
            Some(vault) => vault.has_users()? || vault.fleet()?.is_some(),
            None => false,
        };
        let weak = vault.map_or(self.custodian.is_weak(), |v| v.custodian_kind().is_weak());
        Ok(SessionView {
            stage: if has_users { Stage::SignedOut } else { Stage::FirstStart },
            user: None,
            signed_in_at: None,
            idle_lock_minutes: self.idle_lock().minutes(),
            environment: settings.as_ref().map_or(self.environment, |settings| settings.environment.into()),
            organization: settings.map(|settings| settings.organization).unwrap_or_default(),
            custodian: self.custody().custodian.to_owned(),
            custodian_is_weak: weak,
            factor_at_sign_in: vault.is_some() && self.needs_factor(Purpose::SignIn)?,
            factor_at_unlock: false,
            smart_cards: self.policy.sign_in.smart_card_module.is_some(),
            may: Abilities::default(),
            password_due: false,
            notice: crate::lock_of(&self.notice)?.clone(),
            preferences: PreferencesView::default(),
            suspension: None,
            suspended_accounts: None,
            recovery: None,
            reviews: None,
            emergency_account_used: None,
            refusals: self.posture_refusals()?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }
}

/// A hospital's name, checked.
fn named(organization: &str) -> Result<&str, AppError> {
    let organization = organization.trim();
    if organization.is_empty() || organization.chars().count() > 120 {
        return Err(AppError::invalid("the hospital's name has 1 to 120 characters"));
    }
    Ok(organization)
}

impl From<vigil_vault::Environment> for Environment {
    fn from(environment: vigil_vault::Environment) -> Self {
        match environment {
            vigil_vault::Environment::Live => Self::Live,
            vigil_vault::Environment::Demo => Self::Demo,
            vigil_vault::Environment::Training => Self::Training,
        }
    }
}

impl From<OpenError> for AppError {
    fn from(error: OpenError) -> Self {
        let code = match &error {
            OpenError::WrongKey { .. } | OpenError::Custodian(_) => ErrorCode::DeviceKeyLost,
            OpenError::NoRecoveryKey { .. } | OpenError::OtherRecoveryKey { .. } | OpenError::Declined { .. } => {
                ErrorCode::Invalid
            }
            OpenError::Missing { .. }
            | OpenError::AlreadyExists { .. }
            | OpenError::OtherCustodian { .. }
            | OpenError::Corrupt { .. }
            | OpenError::Plaintext { .. }
            | OpenError::NewerSchema { .. }
            | OpenError::InUse { .. }
            | OpenError::NotSound { .. }
            | OpenError::NoCipher
            | OpenError::Io { .. }
            | OpenError::Database { .. }
            | OpenError::Setup(_) => ErrorCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}

impl AppError {
    /// Something about the installation itself does not do.
    pub fn unusable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }
}
