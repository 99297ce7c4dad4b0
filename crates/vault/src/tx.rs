//! One transaction: what the permit covers, and what the audit entry will say beyond the permit.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::Value;
use vigil_model::{Moment, PatientId, ResourceType};
use vigil_policy::{Interaction, Permit};

use crate::entry::{Draft, Unauthentic};
use crate::key::{DirectoryKey, GroupKeys, Made, Use};
use crate::table::group::{self, GroupKey};
use crate::table::patient::PatientRow;
use crate::{Undecodable, UserKeys, Vault, VaultError, WrittenVersion, table};

/// One transaction; [`Vault::transaction`] makes it. Every method checks that the permit covers what it does.
pub struct Tx<'a> {
    pub(crate) vault: &'a Vault,
    pub(crate) sql: &'a Connection,
    pub(crate) permit: &'a Permit,
    pub(crate) keys: Option<&'a UserKeys>,
    /// The group keys of `keys` as they stand in this transaction.
    pub(crate) group: Option<Arc<GroupKeys>>,
    pub(crate) at: Moment,
    /// Patients met so far, so that a batch asks once for each.
    pub(crate) patients: RefCell<HashMap<PatientId, PatientRow>>,
    /// Resource types met so far.
    pub(crate) types: RefCell<HashMap<String, u32>>,
    /// The same the other way round.
    pub(crate) type_names: RefCell<HashMap<u32, ResourceType>>,
    /// Keys made here; the session takes them over when the transaction is committed.
    pub(crate) fresh: Made,
    /// Numbers of the patients written about.
    pub(crate) touched: BTreeSet<u32>,
    /// What was written by hand.
    pub(crate) written: Vec<WrittenVersion>,
    listed: Vec<PatientId>,
    detail: Option<Value>,
    about: Option<String>,
    /// Entries that go with this transaction's own.
    also: Vec<Draft>,
    unauthentic: RefCell<Vec<Unauthentic>>,
    used: RefCell<BTreeSet<String>>,
}

/// What is left when the work is done.
pub(crate) struct Collected {
    pub(crate) detail: Option<Vec<u8>>,
    pub(crate) also: Vec<Draft>,
    pub(crate) fresh: Made,
    pub(crate) uses: Vec<Use>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(
        vault: &'a Vault,
        sql: &'a Connection,
        permit: &'a Permit,
        keys: Option<&'a UserKeys>,
        at: Moment,
    ) -> Self {
        Self {
            vault,
            sql,
            permit,
            keys,
            group: keys.map(UserKeys::group),
            at,
            patients: RefCell::default(),
            types: RefCell::default(),
            type_names: RefCell::default(),
            fresh: Made::default(),
            touched: BTreeSet::new(),
            written: Vec::new(),
            listed: Vec::new(),
            detail: None,
            about: None,
            also: Vec::new(),
            unauthentic: RefCell::default(),
            used: RefCell::default(),
        }
    }

    /// Names the patients of a list that is shown, so that "who looked" finds them.
    pub fn listed(&mut self, patients: impl IntoIterator<Item = PatientId>) {
        self.listed.extend(patients);
    }

    /// What the entry should remember beyond codes and ids (a search text): sealed under the patient's key where the
    /// session holds it, else under the directory key. The log holds a salted commitment to it.
    pub fn detail(&mut self, json: Value) {
        self.detail = Some(json);
    }

    /// What this transaction has written by hand so far.
    pub fn versions_written(&self) -> &[WrittenVersion] {
        &self.written
    }

    /// The number that the audit entry of this transaction gets in the log.
    ///
    /// # Errors
    /// When the database fails.
    pub fn entry_number(&self) -> Result<u64, VaultError> {
        crate::log::next_seq(self.sql)
    }

    /// Says what an administrative act was about, in the clear: words of Vigil's and ids (`user=... by=administrator`).
    pub(crate) fn about(&mut self, what: String) {
        self.about = Some(what);
    }

    /// A chart became restricted, or its restriction was lifted: an entry of its own, that the chart's report shows.
    pub(crate) fn restriction_changed(&mut self, patient: &PatientId, restricted: bool) {
        self.also.push(Draft::of_restriction(self.permit, patient, restricted));
    }

    /// Leaves an alert in the audit log when `error` says that something did not authenticate; else nothing.
    pub fn integrity_failure(&self, error: &VaultError) {
        if let VaultError::Tampered(table) = error {
            self.noticed(table, String::new);
        }
    }

    /// Leaves an alert when a stored value is there and does not open; a key that is not held is no such thing.
    pub(crate) fn notice<T>(
        &self,
        opened: &Result<T, Undecodable>,
        table: &'static str,
        name: impl FnOnce() -> String,
    ) {
        match opened {
            Err(Undecodable::Tampered | Undecodable::Malformed) => self.noticed(table, name),
            Ok(_) | Err(Undecodable::NoKey | Undecodable::Destroyed) => {}
        }
    }

    fn noticed(&self, table: &'static str, name: impl FnOnce() -> String) {
        let mut all = self.unauthentic.borrow_mut();
        match all.iter_mut().find(|known| known.table == table) {
            Some(known) => known.others = known.others.saturating_add(1),
            None => all.push(Unauthentic { table, first: name(), others: 0 }),
        }
    }

    /// What the alerts are about.
    pub(crate) fn unauthentic(&self) -> Vec<Unauthentic> {
        self.unauthentic.take()
    }

    /// Turns what was collected into its place in the entry.
    pub(crate) fn collect(mut self, draft: &mut Draft) -> Result<Collected, VaultError> {
        let mut numbers: BTreeSet<u64> = self.touched.iter().copied().map(u64::from).collect();
        for patient in std::mem::take(&mut self.listed) {
            let row = self.patient(&patient)?.ok_or(VaultError::Invalid("a listed patient is not stored here"))?;
            numbers.insert(u64::from(row.number));
        }
        draft.listed = numbers.into_iter().collect();
        let uses = self.uses();
        draft.reason = self.about.take().or_else(|| draft.reason.take());
        draft.note_keys(&uses);
        let mut sealed = None;
        if let Some(detail) = self.detail.take() {
            let (commitment, bytes) = table::access::seal_detail(&self, &detail)?;
            draft.detail = Some(commitment);
            sealed = Some(bytes);
        }
        Ok(Collected { detail: sealed, also: self.also, fresh: self.fresh, uses })
    }

    /// The chart of `patient` may be read.
    pub(crate) fn may_read(&self, patient: &PatientId) -> Result<(), VaultError> {
        let reads = matches!(
            self.permit.interaction(),
            Interaction::PatientRead
                | Interaction::SectionRead(_)
                | Interaction::ResourceRead(_)
                // Whoever writes reads what they change.
                | Interaction::ResourceCreate(_)
                | Interaction::ResourceUpdate(_)
                | Interaction::CompositionNullify
                | Interaction::DocumentReview
                | Interaction::DocumentImport(_)
                | Interaction::PatientUpdate
                | Interaction::PatientExport
                | Interaction::VisitSummaryPrint
                | Interaction::MedicationListPrint
                | Interaction::CompositionPrint
                | Interaction::PatientLabelPrint
                | Interaction::PrintPreview
        );
        self.covered(reads && self.permit.patient() == Some(patient))
    }

    /// The permit is for one of these.
    pub(crate) fn may(&self, interactions: &[Interaction]) -> Result<(), VaultError> {
        self.covered(interactions.contains(&self.permit.interaction()))
    }

    pub(crate) fn covered(&self, is: bool) -> Result<(), VaultError> {
        if is { Ok(()) } else { Err(VaultError::OutsidePermit) }
    }

    pub(crate) fn directory_key(&self) -> Result<Arc<DirectoryKey>, VaultError> {
        self.group.as_ref().and_then(|group| group.directory.clone()).ok_or(VaultError::KeysMissing)
    }

    /// Notes that a key was opened or used, by its id: the entry says so, once in a session for each patient and purpose.
    pub(crate) fn used_key(&self, id: String) {
        self.used.borrow_mut().insert(id);
    }

    /// The same for a group key that the session does not keep.
    pub(crate) fn used_group_key(&self, key: GroupKey) -> Result<(), VaultError> {
        self.used_key(format!("{}/{}", key.id(), group::version(self.sql, key)?));
        Ok(())
    }

    /// The keys of this transaction that are not on record for this session yet.
    fn uses(&self) -> Vec<Use> {
        let purpose = self.permit.purpose();
        let patient = self.permit.patient().map(|patient| patient.as_str().to_owned());
        let own = self.used.take().into_iter().map(|key| Use { patient: patient.clone(), purpose, key });
        // What the session holds of the groups' keys was opened for everything that it does.
        let held = self.group.iter().flat_map(|group| group.ids());
        let held = held.map(|key| Use { patient: None, purpose, key });
        let uses = held.chain(own).collect();
        self.keys.map_or_else(Vec::new, |keys| keys.unrecorded(uses))
    }

    /// Microseconds since 1970, as the tables hold time.
    pub(crate) const fn now(&self) -> i64 {
        self.at.utc.timestamp_micros()
    }
}
