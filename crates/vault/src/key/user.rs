//! What a signed-in user holds.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use vigil_model::{PurposeOfUse, UserId};

use zeroize::Zeroizing;

use super::{DirectoryKey, Kek, PrivateKey, derive};
use crate::{Undecodable, VaultError};

/// What a signed-in user can open. Not printable, not copyable, never serialized; wiped when dropped.
///
/// The emergency key is not in here: it exists only while the user re-authenticates. The keys that an administrator grants
/// to others are not in here either, but the private key opens the authority key, and with it them: `tx.user_insert` does
/// so for the length of one transaction. That an administrator reads no chart is thus kept by policy and by this program,
/// not by mathematics; in a fleet the server is the authority instead.
pub struct UserKeys {
    pub(crate) user: UserId,
    pub(crate) private: PrivateKey,
    group: Mutex<Arc<GroupKeys>>,
    opened: Mutex<HashMap<Held, Arc<Kek>>>,
    unwrapping: Mutex<HashMap<i64, Arc<Kek>>>,
    made: Mutex<Made>,
    released: Mutex<HashMap<u32, HashMap<u32, Arc<Kek>>>>,
    recorded: Mutex<HashSet<Use>>,
}

/// The group keys that a session holds, as they stood when the keys of the workstation last changed.
pub(crate) struct GroupKeys {
    /// The change of keys that they belong to.
    pub(crate) epoch: i64,
    pub(crate) directory: Option<Arc<DirectoryKey>>,
    /// The care group's private half and its version.
    pub(crate) general: Option<(u32, PrivateKey)>,
}

impl GroupKeys {
    /// Their ids, for the log.
    pub(crate) fn ids(&self) -> BTreeSet<String> {
        let directory = self.directory.iter().map(|key| format!("directory/{}", key.newest()));
        let general = self.general.iter().map(|(version, _)| format!("care-group/general/{version}"));
        directory.chain(general).collect()
    }
}

/// One key, used about one patient for one purpose. Recorded once in a session.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    pub(crate) patient: Option<String>,
    pub(crate) purpose: PurposeOfUse,
    pub(crate) key: String,
}

/// The keys that a session made for writing.
#[derive(Clone, Default)]
pub(crate) struct Made {
    /// By the patient's number: the version of the patient's key, and the key.
    pub(crate) patient: HashMap<u32, (u32, Arc<Kek>)>,
    /// By the group: the number of the wrapping key, and the key.
    pub(crate) wrapping: HashMap<String, (i64, Arc<Kek>)>,
}

/// One version of one patient's key, by the workstation's number of the patient.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Held {
    pub(crate) patient: u32,
    pub(crate) version: u32,
}

impl UserKeys {
    pub(crate) fn new(user: UserId, private: PrivateKey, group: GroupKeys) -> Self {
        let (opened, unwrapping, made, released, recorded) = Default::default();
        Self { user, private, group: Mutex::new(Arc::new(group)), opened, unwrapping, made, released, recorded }
    }

    /// The group keys as they were last opened.
    pub(crate) fn group(&self) -> Arc<GroupKeys> {
        Arc::clone(&self.group.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys of the workstation have changed: these are the group keys now. What was made for writing under the former
    /// ones is not used again, so that whoever lost a key does not open what is written from now on.
    pub(crate) fn renew(&self, group: GroupKeys) {
        *self.group.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(group);
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = Made::default();
    }

    /// The user may hold nothing any more. No epoch is this one, so that every further use looks again.
    pub(crate) fn close(&self) {
        self.renew(GroupKeys { epoch: -1, directory: None, general: None });
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.unwrapping.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.released.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Those of `uses` that are not on record yet.
    pub(crate) fn unrecorded(&self, mut uses: Vec<Use>) -> Vec<Use> {
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        uses.retain(|used| !recorded.contains(used));
        uses
    }

    /// They are on record now.
    pub(crate) fn record(&self, uses: Vec<Use>) {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).extend(uses);
    }

    /// Seals something of this user's own that has to outlive these keys: only the keys of this user's next unlock open it. It is for
    /// memory; nothing stored has this form.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn seal_own(&self, what: &str, text: &str) -> Result<Vec<u8>, VaultError> {
        self.own()?.seal(&self.own_place(what), text.as_bytes())
    }

    /// Opens what [`Self::seal_own`] sealed for the same user as the same thing.
    ///
    /// # Errors
    /// That it is somebody else's, or something else.
    pub fn open_own(&self, what: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.own()?
            .open(&self.own_place(what), sealed)
            .map_err(|_: Undecodable| VaultError::Cryptography("opening what is the user's own"))
    }

    /// Made for each use, so that there is no second key that waits in memory.
    fn own(&self) -> Result<Kek, VaultError> {
        Ok(Kek::new(&derive(self.private.to_secret().as_slice(), "vigil/user/own/v1")?))
    }

    fn own_place(&self, what: &str) -> String {
        format!("vigil/own/v1|{}|{what}", self.user)
    }

    /// A patient key that a broken glass released, by the patient's number and the key's version.
    pub(crate) fn released(&self, held: Held) -> Option<Arc<Kek>> {
        let released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        released.get(&held.patient)?.get(&held.version).cloned()
    }

    /// Takes in the keys of one patient, by version, until [`Self::withdraw`] or the end of these keys. What is written from now on
    /// lies under a key that is made for it.
    pub(crate) fn release(&self, patient: u32, keys: HashMap<u32, Arc<Kek>>) {
        self.forget_written(patient);
        self.released.lock().unwrap_or_else(PoisonError::into_inner).insert(patient, keys);
    }

    /// Drops what was released for one patient, and the key that was made to write through the broken glass.
    pub(crate) fn withdraw(&self, patient: u32) {
        self.forget_written(patient);
        self.released.lock().unwrap_or_else(PoisonError::into_inner).remove(&patient);
    }

    /// A patient key that was opened before in this session.
    pub(crate) fn opened(&self, held: Held) -> Option<Arc<Kek>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).get(&held).cloned()
    }

    pub(crate) fn remember_opened(&self, held: Held, kek: &Arc<Kek>) {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(held, Arc::clone(kek));
    }

    /// The key that this session made for writing about a patient. It is used for writing only: it opens nothing that
    /// the session did not itself bring in.
    pub(crate) fn written(&self, patient: u32) -> Option<(u32, Arc<Kek>)> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).patient.get(&patient).cloned()
    }

    /// The key under which this session wraps patient keys for a group.
    pub(crate) fn wrapping(&self, recipient: &str) -> Option<(i64, Arc<Kek>)> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).wrapping.get(recipient).cloned()
    }

    /// A wrapping key that was opened before in this session.
    pub(crate) fn unwrapping(&self, id: i64) -> Option<Arc<Kek>> {
        self.unwrapping.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(crate) fn remember_unwrapping(&self, id: i64, kek: &Arc<Kek>) {
        self.unwrapping.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(kek));
    }

    pub(crate) fn forget_written(&self, patient: u32) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).patient.remove(&patient);
    }

    /// Drops every key of one patient.
    pub(crate) fn forget_patient(&self, patient: u32) {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).retain(|held, _| held.patient != patient);
        self.forget_written(patient);
        self.withdraw(patient);
    }

    /// Takes over what a committed transaction made. Whoever wrote through a broken glass reads what they wrote through it.
    pub(crate) fn absorb(&self, fresh: Made) {
        let mut released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        for (patient, (version, kek)) in &fresh.patient {
            if let Some(keys) = released.get_mut(patient) {
                keys.insert(*version, Arc::clone(kek));
            }
        }
        drop(released);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.patient.extend(fresh.patient);
        made.wrapping.extend(fresh.wrapping);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_users_own_opens_with_the_same_users_keys_alone() {
        let id = |number: u8| UserId::parse(&format!("01900000-0000-7000-8000-00000000000{number}")).unwrap();
        let keys = |user: UserId, seed: u8| {
            let group = GroupKeys { epoch: 0, directory: None, general: None };
            UserKeys::new(user, PrivateKey::from_seed(&Zeroizing::new([seed; 32])).0, group)
        };
        let sealed = keys(id(1), 1).seal_own("place", "Ysabeltine").unwrap();
        assert!(!sealed.windows(10).any(|bytes| bytes == b"Ysabeltine"), "nothing of it stands in the clear");
        assert_eq!(
            keys(id(1), 1).open_own("place", &sealed).unwrap().as_slice(),
            b"Ysabeltine",
            "after the next unlock"
        );
        assert!(keys(id(1), 1).open_own("draft", &sealed).is_err(), "as something else");
        assert!(keys(id(2), 1).open_own("place", &sealed).is_err(), "as another user");
        assert!(keys(id(1), 2).open_own("place", &sealed).is_err(), "with other keys");
    }
}
