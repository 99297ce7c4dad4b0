//! Which custodian keeps the device root of a data folder: chosen once, written beside the data, never changed silently.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use vigil_vault::{Custodian, CustodianError, CustodianKind, Pkcs11Custodian, SoftwareCustodian};

use crate::view::Environment;
use crate::{AppError, CustodyPolicy, Moment, new_uuid, private_file};

/// The file that names the custodian. It holds no secret: a wrong name opens nothing.
const FILE: &str = "custodian.json";
/// Where the software custodian of a demonstration keeps its root.
const SOFTWARE_ROOT: &str = "device.root";
/// The custodians by the names that the command line and the managed policy use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CustodianName {
    /// A TPM 2.0 (Linux).
    Tpm,
    /// The PKCS#11 token that the managed policy names.
    Pkcs11,
    /// The operating system's keystore.
    OsKeystore,
    /// A file: for demonstrations and tests; always shown as weak.
    Software,
}

impl CustodianName {
    const fn kind(self) -> CustodianKind {
        match self {
            Self::Tpm => CustodianKind::Tpm,
            Self::Pkcs11 => CustodianKind::Pkcs11,
            Self::OsKeystore => CustodianKind::OsKeystore,
            Self::Software => CustodianKind::Software,
        }
    }
}

/// Who keeps the device key of a new workstation. An existing one says so itself, and nothing changes it silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustodianChoice {
    /// The first of the managed policy's order that answers; never the software custodian.
    Auto,
    /// This one and no other.
    Named(CustodianName),
}

impl CustodianChoice {
    /// What people read before the workstation is set up.
    pub(crate) const fn display(self) -> &'static str {
        match self {
            Self::Auto => "chosen at set-up",
            Self::Named(name) => name.kind().display(),
        }
    }

    /// Whether it protects nothing by itself.
    pub(crate) const fn is_weak(self) -> bool {
        matches!(self, Self::Named(CustodianName::Software))
    }
}

/// Who keeps the device key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custody {
    /// In words: `TPM`, `PKCS#11 token`, `OS keystore`, `software`.
    pub custodian: &'static str,
    /// Who would have come earlier in the order, and why each was passed over.
    pub passed_over: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Named {
    kind: CustodianName,
    /// The name under which a keystore, token or folder keeps the root of this installation.
    installation: String,
    /// Where the software custodian keeps its root.
    #[serde(default, skip_serializing_if = "RootPlace::is_beside")]
    root: RootPlace,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RootPlace {
    /// In the data folder: demonstrations, which are thrown away with it.
    #[default]
    Beside,
    /// In the user's state folder: a copy of the data folder does not hold it, and an older copy is noticed.
    State,
}

impl RootPlace {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    const fn is_beside(&self) -> bool {
        matches!(self, Self::Beside)
    }
}

/// What was chosen.
pub(crate) struct Chosen {
    pub(crate) custodian: Arc<dyn Custodian>,
    pub(crate) named: Named,
    pub(crate) passed_over: Vec<String>,
}

/// The custodians that this workstation can reach.
pub(crate) struct Custodians<'a> {
    pub(crate) data: &'a Path,
    pub(crate) state: Option<&'a Path>,
    pub(crate) policy: &'a CustodyPolicy,
}

impl Custodians<'_> {
    /// The custodian of a folder that is set up.
    pub(crate) fn of_installation(&self) -> Result<Arc<dyn Custodian>, AppError> {
        self.reach(&self.read()?)
    }

    /// What the folder says of its custodian.
    pub(crate) fn read(&self) -> Result<Named, AppError> {
        let path = self.data.join(FILE);
        let unreadable = |reason: String| {
            AppError::unusable(format!("{}: {reason}; restore the data folder from its backup", path.display()))
        };
        let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        serde_json::from_str(&text).map_err(|_| unreadable("not what Vigil wrote".to_owned()))
    }

    /// The same as text, for a backup.
    pub(crate) fn file(&self) -> Option<String> {
        fs::read_to_string(self.data.join(FILE)).ok()
    }

    /// Puts a copy of it beside what a restore put aside.
    pub(crate) fn keep_aside(&self, aside: Option<&Path>) -> Result<(), AppError> {
        let (Some(aside), Some(text)) = (aside, self.file()) else { return Ok(()) };
        private_file::write_new(&aside.join(FILE), text.as_bytes())
    }

    /// A custodian with a root of its own for a folder whose root is gone. Nothing is written yet. `Auto` takes the first of
    /// the policy's order that does its work; the software custodian only where it kept the root before.
    pub(crate) fn choose_anew(
        &self,
        choice: CustodianChoice,
        environment: Environment,
        at: Moment,
    ) -> Result<Chosen, AppError> {
        let before = self.read().ok();
        let root = before.as_ref().filter(|named| named.kind == CustodianName::Software).map(|named| named.root);
        let mut order = self.order(choice)?;
        let software = CustodianName::Software;
        if choice == CustodianChoice::Auto
            && root.is_some()
            && self.policy.allows(software)
            && !order.contains(&software)
        {
            order.push(software);
        }
        self.first_that_works(order, root.unwrap_or_else(|| self.root_place(environment)), at)
    }

    /// Chooses the custodian of a new folder: the one that was named, or the first of the order that does its work.
    pub(crate) fn choose(
        &self,
        choice: CustodianChoice,
        environment: Environment,
        at: Moment,
    ) -> Result<Chosen, AppError> {
        let chosen = self.first_that_works(self.order(choice)?, self.root_place(environment), at)?;
        self.write(&chosen.named)?;
        Ok(chosen)
    }

    fn order(&self, choice: CustodianChoice) -> Result<Vec<CustodianName>, AppError> {
        match choice {
            CustodianChoice::Auto => Ok(self.policy.order()),
            CustodianChoice::Named(name) if self.policy.allows(name) => Ok(vec![name]),
            CustodianChoice::Named(name) => Err(AppError::unusable(format!(
                "the managed policy does not allow the custodian {}; see its key custodians",
                name.kind().display()
            ))),
        }
    }

    const fn root_place(&self, environment: Environment) -> RootPlace {
        match (environment, self.state) {
            (Environment::Live | Environment::Training, Some(_)) => RootPlace::State,
            _ => RootPlace::Beside,
        }
    }

    fn first_that_works(&self, order: Vec<CustodianName>, root: RootPlace, at: Moment) -> Result<Chosen, AppError> {
        let installation = new_uuid(at).to_string();
        make_folder(self.data)?;
        if let (RootPlace::State, Some(state)) = (root, self.state) {
            make_folder(state)?;
        }
        let mut passed_over = Vec::new();
        for kind in order {
            let root = if kind == CustodianName::Software { root } else { RootPlace::Beside };
            let named = Named { kind, installation: installation.clone(), root };
            let tried = self.reach(&named).map_err(|error| error.message).and_then(|custodian| {
                try_out(&*custodian).map_err(|error| error.to_string())?;
                Ok(custodian)
            });
            match tried {
                Ok(custodian) => return Ok(Chosen { custodian, named, passed_over }),
                Err(reason) => {
                    tracing::warn!(custodian = kind.kind().code(), reason, "a custodian was passed over");
                    passed_over.push(reason);
                }
            }
        }
        Err(AppError::unusable(format!(
            "nobody can keep the device key: {}. Put one of them in order and try again; a demonstration without \
             protection takes --custodian software",
            if passed_over.is_empty() { "the managed policy allows nobody".to_owned() } else { passed_over.join("; ") }
        )))
    }

    pub(crate) fn reach(&self, named: &Named) -> Result<Arc<dyn Custodian>, AppError> {
        match named.kind {
            CustodianName::Software => Ok(Arc::new(SoftwareCustodian::at(&self.software_root(named)?))),
            CustodianName::Pkcs11 => match self.policy.token()? {
                Some(place) => Ok(Arc::new(Pkcs11Custodian::of(&place, &named.installation))),
                None => Err(AppError::unusable(
                    "the PKCS#11 token is not configured (managed policy pkcs11Module, pkcs11Token, pkcs11PinFile)",
                )),
            },
            #[cfg(target_os = "linux")]
            CustodianName::Tpm => {
                // The blob of its key, which that TPM alone can load.
                let key = self.data.join(format!("{}.tpm", named.installation));
                Ok(Arc::new(vigil_vault::TpmCustodian::of(self.policy.tcti(), &key)))
            }
            #[cfg(not(target_os = "linux"))]
            CustodianName::Tpm => Err(AppError::unusable("the TPM is a custodian on Linux only")),
            CustodianName::OsKeystore => Ok(Arc::new(vigil_vault::OsKeystoreCustodian::of(&named.installation))),
        }
    }

    fn software_root(&self, named: &Named) -> Result<PathBuf, AppError> {
        match (named.root, self.state) {
            (RootPlace::Beside, _) => Ok(self.data.join(SOFTWARE_ROOT)),
            (RootPlace::State, Some(state)) => Ok(state.join(format!("{}.root", named.installation))),
            (RootPlace::State, None) => Err(AppError::unusable("this user has no state folder; see XDG_STATE_HOME")),
        }
    }

    pub(crate) fn write(&self, named: &Named) -> Result<(), AppError> {
        let path = self.data.join(FILE);
        let text = serde_json::to_string(named).map_err(|_| AppError::stopped())?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| AppError::unusable(format!("{}: {error}", path.display())))
    }
}

/// Whether the custodian does all that will be asked of it. It makes its root, which the installation then uses.
fn try_out(custodian: &dyn Custodian) -> Result<(), CustodianError> {
    let purpose = "vigil/probe/v1";
    let sealed = custodian.seal(purpose, b"probe")?;
    custodian.open(purpose, &sealed)?;
    custodian.hmac(b"probe")?;
    custodian.mark().map(drop)
}

pub(crate) fn make_folder(path: &Path) -> Result<(), AppError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| AppError::unusable(format!("{}: {error}", path.display())))
}
