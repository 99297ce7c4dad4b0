//! What authenticates the head of a log: whoever can write the database alone cannot move it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vigil_audit::Frontier;
use vigil_model::DeviceId;
use zeroize::Zeroizing;

/// The key of the heads' authentication codes.
#[derive(Clone)]
pub(crate) struct HeadKey(Zeroizing<[u8; 32]>);

impl HeadKey {
    pub(crate) const fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    pub(super) fn mac(&self, log: DeviceId, verifier_key: &str, frontier: &Frontier) -> [u8; 32] {
        self.hash(log, verifier_key, frontier.size(), &frontier.to_bytes()).finalize().into_bytes().into()
    }

    pub(super) fn is_authentic(
        &self,
        log: DeviceId,
        verifier_key: &str,
        size: u64,
        frontier: &[u8],
        mac: &[u8],
    ) -> bool {
        self.hash(log, verifier_key, size, frontier).verify_slice(mac).is_ok()
    }

    fn hash(&self, log: DeviceId, verifier_key: &str, size: u64, frontier: &[u8]) -> Hmac<Sha256> {
        // The parts that come first have no zero byte in them.
        let parts: [&[u8]; 7] = [
            b"vigil/head/v1\0",
            log.as_uuid().as_bytes(),
            b"\0",
            verifier_key.as_bytes(),
            b"\0",
            &size.to_be_bytes(),
            frontier,
        ];
        // HMAC fills a short key up with zeros.
        let mut block = Zeroizing::new([0_u8; 64]);
        block.iter_mut().zip(self.0.iter()).for_each(|(to, from)| *to = *from);
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        parts.iter().for_each(|part| mac.update(part));
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_authentic_for_its_log_key_size_and_frontier_alone() {
        let key = HeadKey::new(Zeroizing::new([1; 32]));
        let log = |number: u8| DeviceId::parse(&format!("01900000-0000-7000-8000-00000000000{number}")).unwrap();
        let mut frontier = Frontier::default();
        frontier.append(b"one").unwrap();
        let (mac, bytes) = (key.mac(log(1), "k", &frontier), frontier.to_bytes());
        assert!(key.is_authentic(log(1), "k", 1, &bytes, &mac), "its own");
        assert!(!key.is_authentic(log(2), "k", 1, &bytes, &mac), "another log");
        assert!(!key.is_authentic(log(1), "l", 1, &bytes, &mac), "another key of the workstation");
        assert!(!key.is_authentic(log(1), "k", 2, &bytes, &mac), "another size");
        assert!(!key.is_authentic(log(1), "k", 1, &[0; 32], &mac), "another frontier");
        let other = HeadKey::new(Zeroizing::new([2; 32]));
        assert!(!other.is_authentic(log(1), "k", 1, &bytes, &mac), "another key");
    }
}
