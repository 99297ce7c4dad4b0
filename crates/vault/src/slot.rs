//! User slots: what a password and the custodian open together.
//!
//! One Argon2id run gives two keys by two HKDF labels: one for the session, one for the emergency, so that breaking the
//! glass needs the password again and nothing that a session holds.

use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization as _;
use vigil_model::{DeviceId, Sensitive, UserId};
use zeroize::{Zeroize, Zeroizing};

use crate::key::{Secret, derive, open, random, seal};
use crate::{Custodian, Undecodable, VaultError};

/// What Argon2id costs; kept with each slot, so that it can be raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfCost {
    /// What every installation uses: 64 MiB, 3 passes, 1 lane.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The higher of the two in each.
    #[must_use]
    pub fn at_least(self, other: Self) -> Self {
        Self {
            memory_kib: self.memory_kib.max(other.memory_kib),
            passes: self.passes.max(other.passes),
            lanes: self.lanes.max(other.lanes),
        }
    }

    /// For tests only: protects nothing.
    pub const CHEAP_FOR_TESTS: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// A slot as it is stored.
pub(crate) struct Slot {
    pub(crate) cost: KdfCost,
    pub(crate) salt: [u8; 16],
    pub(crate) session: Vec<u8>,
    pub(crate) emergency: Vec<u8>,
}

/// The two keys of a slot.
pub(crate) struct SlotKeys {
    pub(crate) session: Secret,
    pub(crate) emergency: Secret,
}

/// Whose slot it is; everything is bound to it.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) device: DeviceId,
    pub(crate) user: UserId,
}

impl Slot {
    /// A new slot and the keys in it.
    pub(crate) fn make(
        owner: Owner,
        password: &Sensitive<String>,
        cost: KdfCost,
        custodian: &dyn Custodian,
    ) -> Result<(Self, SlotKeys), VaultError> {
        let mut slot = Self { cost, salt: random()?, session: Vec::new(), emergency: Vec::new() };
        let stretched = slot.stretch(password, custodian)?;
        let keys = SlotKeys { session: Zeroizing::new(random()?), emergency: Zeroizing::new(random()?) };
        slot.session = seal(&session_key(&stretched)?, &slot.place(owner, "session"), keys.session.as_slice())?;
        slot.emergency = seal(&emergency_key(&stretched)?, &slot.place(owner, "emergency"), keys.emergency.as_slice())?;
        Ok((slot, keys))
    }

    /// A slot that nobody owns: opening it costs what opening any slot costs.
    pub(crate) fn decoy(cost: KdfCost) -> Result<Self, VaultError> {
        Ok(Self { cost, salt: random()?, session: random::<60>()?.to_vec(), emergency: Vec::new() })
    }

    /// The session key.
    pub(crate) fn open_session(
        &self,
        owner: Owner,
        password: &Sensitive<String>,
        custodian: &dyn Custodian,
    ) -> Result<Secret, VaultError> {
        let stretched = self.stretch(password, custodian)?;
        let key = open(&session_key(&stretched)?, &self.place(owner, "session"), &self.session);
        secret(key).ok_or(VaultError::WrongPassword)
    }

    /// Both keys from one run, to seal what lies under them anew.
    pub(crate) fn open_both(
        &self,
        owner: Owner,
        password: &Sensitive<String>,
        custodian: &dyn Custodian,
    ) -> Result<SlotKeys, VaultError> {
        let stretched = self.stretch(password, custodian)?;
        let session = open(&session_key(&stretched)?, &self.place(owner, "session"), &self.session);
        let emergency = open(&emergency_key(&stretched)?, &self.place(owner, "emergency"), &self.emergency);
        match (secret(session), secret(emergency)) {
            (Some(session), Some(emergency)) => Ok(SlotKeys { session, emergency }),
            _ => Err(VaultError::WrongPassword),
        }
    }

    /// The emergency key: for the length of a re-authentication only.
    pub(crate) fn open_emergency(
        &self,
        owner: Owner,
        password: &Sensitive<String>,
        custodian: &dyn Custodian,
    ) -> Result<Secret, VaultError> {
        let stretched = self.stretch(password, custodian)?;
        let key = open(&emergency_key(&stretched)?, &self.place(owner, "emergency"), &self.emergency);
        secret(key).ok_or(VaultError::WrongPassword)
    }

    /// Argon2id of the password, then the custodian's word: neither is enough without the other.
    fn stretch(
        &self,
        password: &Sensitive<String>,
        custodian: &dyn Custodian,
    ) -> Result<Zeroizing<[u8; 64]>, VaultError> {
        let mut hash = argon2id(password, &self.salt, self.cost)?;
        let device = custodian.hmac(&self.salt)?;
        let mut both = Zeroizing::new([0_u8; 64]);
        both.iter_mut().zip(hash.iter().chain(device.iter())).for_each(|(to, from)| *to = *from);
        hash.zeroize();
        Ok(both)
    }

    /// **Do not modify**: slots are bound to this text.
    fn place(&self, owner: Owner, purpose: &str) -> String {
        let KdfCost { memory_kib, passes, lanes } = self.cost;
        let (device, user, salt) = (owner.device, owner.user, hex::encode(self.salt));
        format!("vigil/slot/v1|{device}|{user}|{purpose}|argon2id|{memory_kib}|{passes}|{lanes}|{salt}")
    }
}

/// 32 bytes of Argon2id (RFC 9106), version 1.3, of the normalised password.
pub(crate) fn argon2id(
    password: &Sensitive<String>,
    salt: &[u8],
    cost: KdfCost,
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32));
    let params = params.map_err(|_| VaultError::Cryptography("Argon2id parameters"))?;
    let mut hash = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(normalised(password).as_bytes(), salt, hash.as_mut_slice())
        .map_err(|_| VaultError::Cryptography("Argon2id"))?;
    Ok(hash)
}

/// NFKC (NIST SP 800-63B; UAX 15): the same password typed at another keyboard is the same bytes.
fn normalised(password: &Sensitive<String>) -> Zeroizing<String> {
    // EXPOSE: the password is what Argon2id works on.
    let text = password.expose();
    // A string that grows leaves a copy of itself behind. NFKC makes no character longer than 11 times (UAX 15).
    let mut out = Zeroizing::new(String::with_capacity(text.len().saturating_mul(11)));
    out.extend(text.nfkc());
    out
}

fn session_key(stretched: &Zeroizing<[u8; 64]>) -> Result<Secret, VaultError> {
    derive(stretched.as_slice(), "vigil/slot/session/v1")
}

fn emergency_key(stretched: &Zeroizing<[u8; 64]>) -> Result<Secret, VaultError> {
    derive(stretched.as_slice(), "vigil/slot/emergency/v1")
}

fn secret(opened: Result<Zeroizing<Vec<u8>>, Undecodable>) -> Option<Secret> {
    opened.ok()?.as_slice().try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SoftwareCustodian;

    #[test]
    fn the_emergency_key_is_another_key_from_the_same_password() {
        let (folder, owner) = (tempfile::tempdir().unwrap(), owner());
        let custodian = SoftwareCustodian::at(&folder.path().join("root"));
        custodian.seal("make the root", b"").unwrap();
        let (slot, keys) = Slot::make(owner, &password("right"), KdfCost::CHEAP_FOR_TESTS, &custodian).unwrap();
        let emergency = slot.open_emergency(owner, &password("right"), &custodian).unwrap();
        assert_eq!(emergency, keys.emergency, "re-authentication makes it");
        assert_ne!(keys.session, keys.emergency, "the session does not hold it");
        let wrong = slot.open_emergency(owner, &password("wrong"), &custodian);
        assert!(matches!(wrong, Err(VaultError::WrongPassword)), "and only the password does");
    }

    #[test]
    fn a_password_is_the_same_however_its_letters_are_composed() {
        let (folder, owner) = (tempfile::tempdir().unwrap(), owner());
        let custodian = SoftwareCustodian::at(&folder.path().join("root"));
        custodian.seal("make the root", b"").unwrap();
        let composed = password("Caf\u{e9} \u{fb01}n");
        let (slot, _) = Slot::make(owner, &composed, KdfCost::CHEAP_FOR_TESTS, &custodian).unwrap();
        let opened = slot.open_session(owner, &password("Cafe\u{301} fin"), &custodian);
        assert!(opened.is_ok(), "an accent of its own and a ligature, as another keyboard gives them");
        let other = slot.open_session(owner, &password("Cafe fin"), &custodian);
        assert!(matches!(other, Err(VaultError::WrongPassword)), "without the accent it is another one");
    }

    #[test]
    fn cheaper_parameters_put_beside_a_slot_do_not_open_it() {
        let (folder, owner) = (tempfile::tempdir().unwrap(), owner());
        let custodian = SoftwareCustodian::at(&folder.path().join("root"));
        custodian.seal("make the root", b"").unwrap();
        let cost = KdfCost { passes: 2, ..KdfCost::CHEAP_FOR_TESTS };
        let (mut slot, _) = Slot::make(owner, &password("right"), cost, &custodian).unwrap();
        slot.cost = KdfCost::CHEAP_FOR_TESTS;
        let opened = slot.open_session(owner, &password("right"), &custodian);
        assert!(matches!(opened, Err(VaultError::WrongPassword)), "the slot is bound to its cost");
    }

    fn owner() -> Owner {
        let id = "01900000-0000-7000-8000-000000000001";
        Owner { device: DeviceId::parse(id).unwrap(), user: UserId::parse(id).unwrap() }
    }

    fn password(text: &str) -> Sensitive<String> {
        Sensitive::new(text.to_owned())
    }
}
