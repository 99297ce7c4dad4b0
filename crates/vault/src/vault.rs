//! The vault and its only door.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use rusqlite::{Connection, TransactionBehavior};
use vigil_audit::{TileFile, Verification};
use vigil_model::{DeviceId, Moment, Sensitive};
use vigil_policy::{Denial, Permit, Principal};

use crate::denials::{Denials, Refused};
use crate::device::DeviceSecrets;
use crate::entry::{Draft, Unauthentic};
use crate::error::ResultExt as _;
use crate::in_use::InUse;
use crate::log::NewEntry;
use crate::origin::ProgramOrigin;
use crate::outbox::Outgoing;
use crate::slot::{Owner, Slot};
use crate::{
    AccountStanding, Custodian, CustodianKind, LoginRecord, Mark, RecoveryState, Settings, SignInFailures,
    TerminologyRecord, Tx, UserKeys, UserRecord, VaultError, log, table,
};

/// Entries after which a checkpoint is due.
const CHECKPOINT_EVERY: u64 = 64;
/// Milliseconds after which one is due for a single entry.
const CHECKPOINT_AFTER: u64 = 60_000;
/// Entries after which it waits for nobody.
const CHECKPOINT_AT_THE_LATEST: u64 = 256;

/// The encrypted database of one workstation. One connection behind a lock; other processes may open the same file.
pub struct Vault {
    pub(crate) dir: PathBuf,
    pub(crate) device: DeviceId,
    pub(crate) custodian: Arc<dyn Custodian>,
    pub(crate) secrets: DeviceSecrets,
    pub(crate) connection: Mutex<Connection>,
    /// Entries that this program wrote since its last checkpoint.
    pub(crate) unmarked: AtomicU64,
    /// When the first of them was written, in milliseconds since boot.
    pub(crate) unmarked_since: AtomicU64,
    pub(crate) in_use: InUse,
    /// Refusals that wait for the connection.
    pub(crate) denials: Denials,
    /// What entries say of this program.
    pub(crate) origin: RwLock<ProgramOrigin>,
    /// What this program start seals with to the server.
    pub(crate) outgoing: Mutex<Option<Outgoing>>,
    /// Who is told that entries were written.
    pub(crate) written: OnceLock<Box<dyn Fn(Written) + Send + Sync>>,
}

/// Entries were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// They go with the others.
    Ordinary,
    /// One of them cannot wait.
    Urgent,
}

impl Vault {
    /// Which workstation this is.
    pub const fn device_id(&self) -> DeviceId {
        self.device
    }

    /// Who keeps the device root.
    pub fn custodian_kind(&self) -> CustodianKind {
        self.custodian.kind()
    }

    /// What every entry says of this program from now on.
    pub fn origin_set(&self, origin: ProgramOrigin) {
        *self.origin.write().unwrap_or_else(PoisonError::into_inner) = origin;
    }

    pub(crate) fn origin(&self) -> ProgramOrigin {
        self.origin.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who is told, after the commit, that this program wrote entries. Once; later ones are not told.
    pub fn when_written(&self, told: Box<dyn Fn(Written) + Send + Sync>) {
        let _ = self.written.set(told);
    }

    fn tell(&self, urgent: bool) {
        if let Some(told) = self.written.get() {
            told(if urgent { Written::Urgent } else { Written::Ordinary });
        }
    }

    /// Organization and environment.
    ///
    /// # Errors
    /// When the database fails.
    pub fn settings(&self) -> Result<Settings, VaultError> {
        table::setting::read(&self.lock())
    }

    /// Which releases of code systems were imported: nobody's health.
    ///
    /// # Errors
    /// When the database fails.
    pub fn terminologies(&self) -> Result<Vec<TerminologyRecord>, VaultError> {
        table::terminology::all(&self.lock())
    }

    /// The only door. Consumes the permit, runs `work`, and writes the audit entry that the permit stands for together
    /// with whatever `work` wrote: one durable transaction, committed before anything is returned.
    ///
    /// Whatever the work met that does not authenticate leaves an alert beside that entry, one for each table.
    ///
    /// When `work` fails, everything is rolled back and an entry says so. When no entry can be written, nothing is done
    /// and nothing is returned. `work` must not call the vault itself: the connection is in its hands.
    ///
    /// # Errors
    /// What `work` returned, or the [`VaultError`] that stood in the way.
    #[expect(clippy::needless_pass_by_value, reason = "consuming the permit is the point: one permit, one entry")]
    pub fn transaction<T, E: From<VaultError>>(
        &self,
        permit: Permit,
        keys: Option<&UserKeys>,
        at: Moment,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let answer = match self.attempt(&mut connection, &permit, keys, at, work) {
            Ok(value) => Ok(value),
            Err(Failure::Entry(error)) => return Err(VaultError::AuditUnavailable(Box::new(error)).into()),
            Err(Failure::Work(error, unauthentic)) => {
                let alerts = unauthentic.iter().map(|what| Draft::of_unauthentic(&permit, what));
                let drafts: Vec<_> = std::iter::once(Draft::of_permit(&permit).failed()).chain(alerts).collect();
                let entries: Vec<_> =
                    drafts.iter().map(|draft| NewEntry { draft, detail: None, at, follows: true }).collect();
                self.append_all(&mut connection, &entries)
                    .map_err(|entry| VaultError::AuditUnavailable(Box::new(entry)))?;
                Err(error)
            }
        };
        let mark = self.checkpoint_if_late(&mut connection);
        drop(connection);
        self.remember(mark);
        answer
    }

    /// Records a refusal. Refusals that come while another is being written are written together, in one durable
    /// transaction: a page or a script that asks for what it may not, many times at once, holds nobody else up.
    ///
    /// # Errors
    /// When the entry cannot be written.
    pub fn record_denial(&self, denial: &Denial, at: Moment) -> Result<(), VaultError> {
        let mine = self.denials.queue(denial, at);
        while let Some(turn) = self.denials.turn(&mine) {
            match self.append_denials(turn.group().iter().map(Arc::as_ref)) {
                Ok(()) => turn.recorded(),
                Err(error) => {
                    turn.failed(&mine);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Records refusals in one durable transaction, in their order.
    ///
    /// # Errors
    /// When they cannot be written: then none of them is.
    pub fn record_denials(&self, denials: &[Denial], at: Moment) -> Result<(), VaultError> {
        let group: Vec<Refused> = denials.iter().map(|denial| Refused::new(denial, at)).collect();
        self.append_denials(group.iter())
    }

    /// Whether anyone can sign in yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_users(&self) -> Result<bool, VaultError> {
        table::user::any(&self.lock())
    }

    /// Where this workstation stands with its organisation recovery key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recovery_state(&self) -> Result<RecoveryState, VaultError> {
        table::recovery::state(&self.lock(), &self.dir)
    }

    /// How the review of emergency accesses stands; those that began before `before` are overdue.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reviews_due(&self, before: chrono::DateTime<chrono::Utc>) -> Result<crate::ReviewsDue, VaultError> {
        table::emergency::reviews_due(&self.lock(), before)
    }

    /// How the emergency account stands; `None`: there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn emergency_account(&self) -> Result<Option<crate::EmergencyAccount>, VaultError> {
        table::emergency_account::read(&self.lock())
    }

    /// Whether this user's password was reset, so that another one must be chosen before anything else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn must_choose_password(&self, user: vigil_model::UserId) -> Result<bool, VaultError> {
        table::recovery::must_choose_password(&self.lock(), user)
    }

    /// How the account of a user stands now. No permit: it names nobody, and a session is kept to it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account_standing(&self, user: vigil_model::UserId) -> Result<AccountStanding, VaultError> {
        let connection = self.lock();
        if table::user::by_id(&connection, user)?.is_none() {
            return Ok(AccountStanding::Closed);
        }
        match table::user::receiver(&connection, self, user) {
            // Whether it is closed is read after it is known that nobody else wrote it.
            Ok(_) if table::user::is_closed(&connection, user)? => Ok(AccountStanding::Closed),
            Ok(receiver) => Ok(AccountStanding::Open { role: receiver.role, epoch: table::group::epoch(&connection)? }),
            Err(VaultError::Tampered(_)) => Ok(AccountStanding::Tampered),
            Err(error) => Err(error),
        }
    }

    /// What sign-in needs to know about a name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn login_record(&self, username: &str) -> Result<Option<LoginRecord>, VaultError> {
        let connection = self.lock();
        let Some(user) = table::user::by_name(&connection, username)? else { return Ok(None) };
        let failures = table::sign_in::read(&connection, &self.secrets.name_key, username)?;
        let UserRecord { id, role, display_name, disabled, .. } = user;
        Ok(Some(LoginRecord { id, role, display_name, disabled, failures }))
    }

    /// Failed sign-ins under a name, known or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sign_in_failures(&self, username: &str) -> Result<SignInFailures, VaultError> {
        table::sign_in::read(&self.lock(), &self.secrets.name_key, username)
    }

    /// Opens a user's keys: one Argon2id run, outside the database lock. An unknown name and a closed account cost the
    /// same work and get the same answer.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], or what failed.
    pub fn unlock(&self, username: &str, password: &Sensitive<String>) -> Result<(UserRecord, UserKeys), VaultError> {
        let (user, slot) = {
            let connection = self.lock();
            let user = table::user::by_name(&connection, username)?.filter(|user| !user.disabled);
            let slot = match &user {
                Some(user) => table::user::slot(&connection, user.id)?,
                None => Slot::decoy(table::setting::kdf(&connection)?)?,
            };
            (user, slot)
        };
        let nobody = vigil_model::UserId::from_uuid(uuid::Uuid::nil());
        let owner = Owner { device: self.device, user: user.as_ref().map_or(nobody, |user| user.id) };
        let key = slot.open_session(owner, password, &*self.custodian);
        let user = user.ok_or(VaultError::WrongPassword)?;
        let keys = table::user::keys(&self.lock(), owner, &key?)?;
        Ok((user, keys))
    }

    /// The time of the log's hybrid clock at the newest entry: it never goes back, whatever the computer's clock does.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_written(&self) -> Result<chrono::DateTime<chrono::Utc>, VaultError> {
        log::last_written(&self.lock())
    }

    /// How many entries the audit log has.
    ///
    /// # Errors
    /// When the database fails.
    pub fn audit_entries(&self) -> Result<u64, VaultError> {
        Ok(log::next_seq(&self.lock())?.saturating_sub(1))
    }

    /// Reads the whole audit log and names what was done to it.
    ///
    /// # Errors
    /// When it cannot be read, or the custodian does not say what it remembers.
    pub fn audit_verify(&self) -> Result<Verification, VaultError> {
        let mark = self.custodian.mark()?;
        let mut connection = self.lock();
        let sql = connection.transaction().doing("reading the audit log")?;
        log::verify(&sql, self, mark)
    }

    /// Signs a checkpoint and raises the custodian's mark: on lock and at exit.
    ///
    /// # Errors
    /// When either fails.
    pub fn checkpoint(&self, _at: Moment) -> Result<(), VaultError> {
        self.unmarked.store(0, Ordering::Relaxed);
        let mark = log::checkpoint(&mut self.lock(), self)?;
        mark.map_or(Ok(()), |mark| self.raise(mark))
    }

    /// The same once 64 entries wait for it, or one for 60 seconds. It takes longer than an entry, so that it is asked for between requests, not
    /// within one; if nobody asks, the 256th entry does it itself.
    ///
    /// # Errors
    /// As [`Self::checkpoint`].
    pub fn checkpoint_when_due(&self, at: Moment) -> Result<(), VaultError> {
        let now = u64::try_from(at.since_boot.as_millis()).unwrap_or(u64::MAX);
        let is_due = match self.unmarked.load(Ordering::Relaxed) {
            0 => false,
            CHECKPOINT_EVERY.. => true,
            _ => now.saturating_sub(self.unmarked_since.load(Ordering::Relaxed)) >= CHECKPOINT_AFTER,
        };
        if is_due { self.checkpoint(at) } else { Ok(()) }
    }

    /// Writes the log as FHIR AuditEvent NDJSON. Reading the log is itself recorded: the permit's entry is the last line.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn audit_export(&self, permit: Permit, at: Moment, out: &mut dyn io::Write) -> Result<u64, VaultError> {
        self.transaction(permit, None, at, |tx| tx.audit_export(out))
    }

    /// Gives out the log as C2SP tlog-tiles up to a checkpoint that is signed for it; how many entries that is. The permit's entry
    /// comes after them.
    ///
    /// # Errors
    /// When it cannot be read, or `out` fails.
    pub fn audit_tiles(
        &self,
        permit: Permit,
        at: Moment,
        out: &mut dyn FnMut(TileFile) -> io::Result<()>,
    ) -> Result<u64, VaultError> {
        self.checkpoint(at)?;
        self.transaction(permit, None, at, |tx| tx.audit_tiles(out))
    }

    fn attempt<T, E: From<VaultError>>(
        &self,
        connection: &mut Connection,
        permit: &Permit,
        keys: Option<&UserKeys>,
        at: Moment,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, Failure<E>> {
        let sql = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .doing("starting a transaction")
            .map_err(Failure::Entry)?;
        self.reserve_kept(permit).map_err(|error| Failure::Work(error.into(), Vec::new()))?;
        if let Some(keys) = keys {
            self.keys_as_they_stand(&sql, keys, permit).map_err(|error| Failure::Work(error.into(), Vec::new()))?;
        }
        let mut tx = Tx::new(self, &sql, permit, keys, at);
        let value = work(&mut tx);
        let unauthentic = tx.unauthentic();
        let value = match value {
            Ok(value) => value,
            Err(error) => return Err(Failure::Work(error, unauthentic)),
        };
        let mut draft = Draft::of_permit(permit);
        let collected = tx.collect(&mut draft).map_err(|error| Failure::Work(error.into(), Vec::new()))?;
        let alerts: Vec<Draft> = unauthentic.iter().map(|what| Draft::of_unauthentic(permit, what)).collect();
        let detail = collected.detail.as_deref();
        let mut entries = vec![NewEntry { draft: &draft, detail, at, follows: true }];
        let others = collected.also.iter().chain(&alerts);
        entries.extend(others.map(|draft| NewEntry { draft, detail: None, at, follows: true }));
        let urgent = log::append(&sql, self, &entries).map_err(Failure::Entry)?;
        sql.commit().doing("committing").map_err(Failure::Entry)?;
        self.tell(urgent);
        if let Some(keys) = keys {
            keys.absorb(collected.fresh);
            keys.record(collected.uses);
        }
        Ok(value)
    }

    /// Opens the group keys of a session anew when the keys of the workstation have changed since it opened them.
    fn keys_as_they_stand(&self, sql: &Connection, keys: &UserKeys, permit: &Permit) -> Result<(), VaultError> {
        let epoch = table::group::epoch(sql)?;
        if keys.group().epoch == epoch {
            return Ok(());
        }
        if table::user::is_closed(sql, keys.user)? {
            keys.close();
            return Err(VaultError::AccountClosed);
        }
        if let Principal::User { id, role, .. } = permit.principal()
            && *id == keys.user
            && table::user::by_id(sql, *id)?.is_none_or(|user| user.role != *role)
        {
            keys.close();
            return Err(VaultError::RoleChanged);
        }
        let owner = Owner { device: self.device, user: keys.user };
        keys.renew(table::grant::group_keys(sql, owner, &keys.private)?);
        table::tombstone::numbers(sql)?.into_iter().for_each(|number| keys.forget_patient(number));
        Ok(())
    }

    pub(crate) fn append_alone(
        &self,
        connection: &mut Connection,
        draft: &Draft,
        at: Moment,
    ) -> Result<(), VaultError> {
        self.append_all(connection, &[NewEntry { draft, detail: None, at, follows: false }])
    }

    fn append_denials<'d>(&self, denials: impl Iterator<Item = &'d Refused>) -> Result<(), VaultError> {
        let entries: Vec<_> = denials
            .flat_map(|denial| {
                let alert = denial.alert.iter().map(|draft| (draft, true));
                let drafts = std::iter::once((&denial.draft, false)).chain(alert);
                drafts.map(|(draft, follows)| NewEntry { draft, detail: None, at: denial.at, follows })
            })
            .collect();
        let mut connection = self.lock();
        self.append_all(&mut connection, &entries).map_err(|error| VaultError::AuditUnavailable(Box::new(error)))?;
        let mark = self.checkpoint_if_late(&mut connection);
        drop(connection);
        self.remember(mark);
        Ok(())
    }

    fn append_all(&self, connection: &mut Connection, entries: &[NewEntry<'_>]) -> Result<(), VaultError> {
        let doing = "writing the audit entry";
        let sql = connection.transaction_with_behavior(TransactionBehavior::Immediate).doing(doing)?;
        let urgent = log::append(&sql, self, entries)?;
        sql.commit().doing(doing)?;
        self.tell(urgent);
        Ok(())
    }

    /// The mark to be remembered when so many entries wait for a checkpoint that it cannot wait longer.
    fn checkpoint_if_late(&self, connection: &mut Connection) -> Option<Mark> {
        if self.unmarked.load(Ordering::Relaxed) < CHECKPOINT_AT_THE_LATEST {
            return None;
        }
        self.unmarked.store(0, Ordering::Relaxed);
        // The entries are durable already; a checkpoint that fails is made again with the next one.
        log::checkpoint(connection, self)
            .inspect_err(|error| tracing::warn!(%error, "the audit checkpoint is late"))
            .ok()
            .flatten()
    }

    fn remember(&self, mark: Option<Mark>) {
        if let Some(Err(error)) = mark.map(|mark| self.raise(mark)) {
            tracing::warn!(%error, "the custodian's mark of the audit log is late");
        }
    }

    /// The mark only ever rises.
    fn raise(&self, mark: Mark) -> Result<(), VaultError> {
        let known = self.custodian.mark()?.map_or(0, |known| known.size);
        if mark.size > known {
            self.custodian.mark_set(&mark)?;
        }
        Ok(())
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolled it back; the connection itself is sound.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What failed decides what is recorded.
enum Failure<E> {
    /// The work: an entry says so, and alerts say what did not authenticate.
    Work(E, Vec<Unauthentic>),
    /// The entry itself.
    Entry(VaultError),
}
