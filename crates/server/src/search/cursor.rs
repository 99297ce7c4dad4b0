//! Where a search goes on: opaque, and of no use to another caller or for another search.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{SearchError, Searcher};

/// The next to be shown: a row, and which of the AuditEvents that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) at: i64,
    pub(super) log: i64,
    pub(super) seq: i64,
    pub(super) part: u32,
}

/// Time, log and number of a row.
pub(super) type Position = (i64, i64, i64);

const POSITION: usize = 28;
const MAC: usize = 32;

impl Cursor {
    pub(super) const fn at((at, log, seq): Position) -> Self {
        Self { at, log, seq, part: 0 }
    }

    pub(super) fn is_at(&self, position: Position) -> bool {
        (self.at, self.log, self.seq) == position
    }

    /// As text for this caller and this search.
    pub(super) fn seal(&self, key: &[u8; 32], searcher: &Searcher, query: &[(String, String)]) -> String {
        let position = self.bytes();
        let mac = mac(key, searcher, query, &position).finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([position.as_slice(), &mac].concat())
    }

    /// From the text that [`Self::seal`] made for the same caller and search.
    pub(super) fn open(
        text: &str,
        key: &[u8; 32],
        searcher: &Searcher,
        query: &[(String, String)],
    ) -> Result<Self, SearchError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| SearchError::Cursor)?;
        let (position, code) = bytes.split_at_checked(POSITION).ok_or(SearchError::Cursor)?;
        if code.len() != MAC || mac(key, searcher, query, position).verify_slice(code).is_err() {
            return Err(SearchError::Cursor);
        }
        Self::from_bytes(position).ok_or(SearchError::Cursor)
    }

    fn bytes(&self) -> Vec<u8> {
        [self.at.to_be_bytes(), self.log.to_be_bytes(), self.seq.to_be_bytes()]
            .concat()
            .into_iter()
            .chain(self.part.to_be_bytes())
            .collect()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, part) = bytes.split_at_checked(24)?;
        let (numbers, _) = numbers.as_chunks::<8>();
        let [at, log, seq] = numbers else { return None };
        let number = |bytes: &[u8; 8]| i64::from_be_bytes(*bytes);
        let part = u32::from_be_bytes(part.try_into().ok()?);
        Some(Self { at: number(at), log: number(log), seq: number(seq), part })
    }
}

fn mac(key: &[u8; 32], searcher: &Searcher, query: &[(String, String)], position: &[u8]) -> Hmac<Sha256> {
    let mut block = zeroize::Zeroizing::new([0_u8; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    let mut part = |bytes: &[u8]| {
        mac.update(&(bytes.len() as u64).to_be_bytes());
        mac.update(bytes);
    };
    part(b"vigil/cursor/v1");
    part(format!("{:?}", searcher.agent).as_bytes());
    for (name, value) in query.iter().filter(|(name, _)| name != "_cursor") {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    part(position);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigil_audit::Agent;
    use vigil_model::DeviceId;

    #[test]
    fn a_cursor_opens_for_its_caller_and_search_alone() {
        let searcher = |agent: Agent| Searcher {
            agent,
            address: None,
            request: None,
            strict: false,
            log: None,
            base: String::new(),
        };
        let device = DeviceId::parse("01900000-0000-7000-8000-000000000001").unwrap();
        let (own, other) = (searcher(Agent::Operator), searcher(Agent::Device { id: device }));
        let query = |value: &str| vec![("patient".to_owned(), value.to_owned())];
        let cursor = Cursor { at: -5, log: 2, seq: 3, part: 4 };
        let text = cursor.seal(&[1; 32], &own, &query("p-1"));
        let again: Vec<_> = query("p-1").into_iter().chain([("_cursor".to_owned(), text.clone())]).collect();
        assert_eq!(Cursor::open(&text, &[1; 32], &own, &again).unwrap(), cursor, "on the next page");
        assert!(Cursor::open(&text, &[1; 32], &other, &again).is_err(), "another caller");
        assert!(Cursor::open(&text, &[1; 32], &own, &query("p-2")).is_err(), "another search");
        assert!(Cursor::open(&text, &[2; 32], &own, &again).is_err(), "another server");
        for at in 0..text.len() - 1 {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(
                Cursor::open(std::str::from_utf8(&changed).unwrap(), &[1; 32], &own, &again).is_err(),
                "changed at {at}"
            );
        }
    }
}
