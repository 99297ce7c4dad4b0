//! The body of `add-checkpoint`: the size that the witness knows, a consistency proof, an empty line, the checkpoint.

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// A proof has a hash for each level of the tree at most; the specification allows 63 lines.
const LINES: usize = 63;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddCheckpoint {
    pub(crate) old: u64,
    pub(crate) proof: Vec<[u8; 32]>,
    /// The signed note.
    pub(crate) note: String,
}

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CheckpointText {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: [u8; 32],
}

impl AddCheckpoint {
    pub(crate) fn parse(body: &str) -> Option<Self> {
        let (head, note) = body.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = number(lines.next()?.strip_prefix("old ")?)?;
        let proof = lines.map(hash).collect::<Option<Vec<_>>>().filter(|proof| proof.len() <= LINES)?;
        Some(Self { old, proof, note: note.to_owned() })
    }

    pub(crate) fn to_body(&self) -> String {
        let lines: String = self.proof.iter().map(|hash| format!("{}\n", BASE64_STANDARD.encode(hash))).collect();
        format!("old {}\n{lines}\n{}", self.old, self.note)
    }

    /// What the checkpoint says; whose it is, its signatures say.
    pub(crate) fn checkpoint(&self) -> Option<CheckpointText> {
        let (text, _) = self.note.split_once("\n\n")?;
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
        Some(CheckpointText { origin, size: number(lines.next()?)?, root: hash(lines.next()?)? })
    }
}

/// A decimal number in its only form.
pub(super) fn number(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

fn hash(line: &str) -> Option<[u8; 32]> {
    BASE64_STANDARD.decode(line).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back_as_it_was() {
        let note = "vigil/a\n7\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n\n\u{2014} vigil/a AAAA\n".to_owned();
        for proof in [Vec::new(), vec![[1; 32], [2; 32]]] {
            let request = AddCheckpoint { old: 5, proof, note: note.clone() };
            assert_eq!(AddCheckpoint::parse(&request.to_body()), Some(request.clone()));
            let text = CheckpointText { origin: "vigil/a".to_owned(), size: 7, root: [9; 32] };
            assert_eq!(request.checkpoint(), Some(text));
        }
    }

    #[test]
    fn another_form_is_refused() {
        for body in ["", "old 5", "old 05\n\nnote", "old -1\n\nnote", "new 5\n\nnote", "old 5\nAAAA\n\nnote"] {
            assert_eq!(AddCheckpoint::parse(body), None, "{body:?}");
        }
        let long = format!("old 5\n{}\nnote", "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n".repeat(LINES + 1));
        assert_eq!(AddCheckpoint::parse(&long), None, "too long a proof");
    }
}
