//! Signatures: a Provenance with a Signature over exactly one version of a note.
//!
//! What is signed is a C2SP signed note by the workstation's log key: the resource with its version, the SHA-256 of its text as it is
//! stored, who signs, when, and as what. The key says that this workstation saw the person authenticate; the audit entry beside it says
//! so too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use vigil_audit::TextVerifier;
use vigil_model::UserId;
use vigil_model::fhir::field::{at, first, text};

use super::composition::{identified, user_of};
use super::{COMPOSITION, error};
use crate::view::{CosignerView, SignatureCheck};
use crate::write::draft::{Author, Draft};
use crate::{AppError, Workstation, clock};

pub(super) const PROVENANCE: &str = "Provenance";

/// The first line of what is signed. **Do not modify**.
const STATEMENT: &str = "vigil/signature/v1";
/// FHIR R4 `signature-type` (ASTM E1762-95); `provenance-participant-type` of the same.
const SIGNATURE_TYPE: &str = "urn:iso-astm:E1762-95:2013";
const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

/// As what somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Who wrote it.
    Author,
    /// A second person.
    Verifier,
    /// Whoever says that it was entered in error: no signature under it, but one against it (`error.rs`).
    Nullifier,
}

impl Meaning {
    /// The code of the participant, in the statement too.
    const fn code(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Verifier => "verifier",
            // "A person [...] that who actually and principally carries out the activity": the activity is the mark.
            Self::Nullifier => "performer",
        }
    }

    /// Code and display of the signature's type.
    const fn signature_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Author => ("1.2.840.10065.1.12.1.1", "Author's Signature"),
            Self::Verifier => ("1.2.840.10065.1.12.1.5", "Verification Signature"),
            // "certifying that the document is invalidated by an error(s), or is placed in the wrong chart".
            Self::Nullifier => ("1.2.840.10065.1.12.1.17", "Administrative (Error/Edit) Signature"),
        }
    }
}

/// A signature that was just made.
pub(super) struct Signature {
    target: String,
    user: UserId,
    when: String,
    note: String,
}

impl Signature {
    pub(super) fn elements(&self, author: &Author, meaning: Meaning) -> Value {
        let who = identified(author.reference(), &self.user.to_string());
        let (code, display) = meaning.signature_type();
        json!({
            "target": [{ "reference": self.target }],
            "recorded": self.when,
            "agent": [{ "type": { "coding": [{ "system": PARTICIPANT, "code": meaning.code() }] }, "who": who }],
            "signature": [{
                "type": [{ "system": SIGNATURE_TYPE, "code": code, "display": display }],
                "when": self.when,
                "who": who,
                "targetFormat": "application/fhir+json",
                "sigFormat": "text/plain",
                "data": STANDARD.encode(&self.note),
            }],
        })
    }
}

impl Workstation {
    /// The signature of a user under the first version of a note.
    pub(super) fn signature(
        &self,
        note: &Draft,
        user: UserId,
        meaning: Meaning,
        now: DateTime<Utc>,
    ) -> Result<Signature, AppError> {
        self.signature_over(note, user, meaning.code(), now)
    }

    /// The same over more than the participant's code.
    pub(super) fn signature_over(
        &self,
        note: &Draft,
        user: UserId,
        meaning: &str,
        now: DateTime<Utc>,
    ) -> Result<Signature, AppError> {
        let (target, when) = (target(note.id().as_str()), clock::fhir_text(&now));
        let statement = statement(&target, note.text(), &user.to_string(), &when, meaning);
        let note = self.vault()?.log_sign(STATEMENT, &statement)?;
        Ok(Signature { target, user, when, note })
    }
}

/// A signature that was read.
pub(super) struct Under {
    pub(super) by: CosignerView,
    pub(super) when: String,
    pub(super) cosigned: bool,
    pub(super) check: SignatureCheck,
}

/// The signature of a Provenance under the note `id` whose stored text is `note`; none when it is under something else, or against it.
pub(super) fn under(provenance: &Value, id: &str, note: &str, key: &str) -> Option<Under> {
    if error::is_mark(provenance) {
        return None;
    }
    let meaning = text(first(at(first(provenance, "agent"), &["type"]), "coding"), "code");
    about(provenance, id, note, meaning, key)
}

/// The signature of a Provenance about the note `id`, if it is over `meaning`.
pub(super) fn about(provenance: &Value, id: &str, note: &str, meaning: &str, key: &str) -> Option<Under> {
    let target = target(id);
    if text(first(provenance, "target"), "reference") != target {
        return None;
    }
    let signature = first(provenance, "signature");
    let by = user_of(at(signature, &["who"]))?;
    let when = text(signature, "when");
    let signed = STANDARD.decode(text(signature, "data")).ok().and_then(|data| String::from_utf8(data).ok());
    let statement = statement(&target, note, &by.id, when, meaning);
    Some(Under {
        check: signed.map_or(SignatureCheck::Broken, |signed| check(&signed, &statement, key)),
        cosigned: meaning != Meaning::Author.code(),
        when: when.to_owned(),
        by,
    })
}

fn check(signed: &str, statement: &str, key: &str) -> SignatureCheck {
    let signer = key.split('+').next().unwrap_or_default();
    if !signed.contains(&format!("\u{2014} {signer} ")) {
        return SignatureCheck::NotKnown;
    }
    let opened = TextVerifier::new(key).and_then(|verifier| verifier.open(STATEMENT, signed));
    match opened {
        Ok(text) if text.body() == statement => SignatureCheck::Intact,
        Ok(_) | Err(_) => SignatureCheck::Broken,
    }
}

/// The version that is signed: a note has one.
fn target(id: &str) -> String {
    format!("{COMPOSITION}/{id}/_history/1")
}

/// **Do not modify**: signatures are over this text.
fn statement(target: &str, note: &str, user: &str, when: &str, meaning: &str) -> String {
    let digest = hex::encode(Sha256::digest(note.as_bytes()));
    format!("{target}\nsha256 {digest}\n{user}\n{when}\n{meaning}")
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use vigil_audit::TextSigner;

    use super::*;

    const USER: &str = "01900000-0000-7000-8000-000000000001";
    const NOTE: &str = r#"{"resourceType":"Composition","title":"Progress note"}"#;

    fn signing_key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn signed(name: &str, meaning: Meaning) -> Value {
        let (target, when) = (target("n1"), "2026-11-21T10:42:07+01:00".to_owned());
        let text = statement(&target, NOTE, USER, &when, meaning.code());
        let note = TextSigner::new(name, &signing_key()).unwrap().sign(STATEMENT, &text).unwrap();
        let signature = Signature { target, user: UserId::parse(USER).unwrap(), when, note };
        signature.elements(&Author::new("Dr A".to_owned(), None), meaning)
    }

    fn checked(provenance: &Value, note: &str) -> Option<SignatureCheck> {
        let key = TextSigner::vkey("vigil/ward", &signing_key());
        under(provenance, "n1", note, &key).map(|one| one.check)
    }

    #[test]
    fn a_signature_holds_for_exactly_the_text_the_person_the_time_and_the_meaning() {
        let provenance = signed("vigil/ward", Meaning::Author);
        assert_eq!(checked(&provenance, NOTE), Some(SignatureCheck::Intact), "as it was signed");
        let changed = NOTE.replace("Progress", "progress");
        assert_eq!(checked(&provenance, &changed), Some(SignatureCheck::Broken), "one letter of the note");
        for (pointer, other) in [
            ("/signature/0/when", "2026-11-21T10:42:08+01:00"),
            ("/signature/0/who/identifier/value", "urn:uuid:01900000-0000-7000-8000-000000000002"),
            ("/agent/0/type/coding/0/code", "verifier"),
            ("/signature/0/data", "bm90aGluZw=="),
        ] {
            let mut forged = provenance.clone();
            *forged.pointer_mut(pointer).unwrap() = json!(other);
            let check = checked(&forged, NOTE);
            assert!(matches!(check, Some(SignatureCheck::Broken | SignatureCheck::NotKnown)), "{pointer}: {check:?}");
        }
    }

    #[test]
    fn what_another_workstation_signed_is_not_known_and_what_is_under_another_note_is_none() {
        let elsewhere = signed("vigil/other", Meaning::Verifier);
        assert_eq!(checked(&elsewhere, NOTE), Some(SignatureCheck::NotKnown), "nobody here can look at it");
        let mut other = signed("vigil/ward", Meaning::Author);
        other["target"][0]["reference"] = json!("Composition/n2/_history/1");
        assert_eq!(checked(&other, NOTE), None, "it is not under this note");
    }
}
