//! `destroyed.json`: what was destroyed, sealed beside the database, so that a restore of an older copy leaves it there.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Decision, Tombstone};
use crate::device::DeviceSecrets;
use crate::key::{Secret, derive, open, seal};
use crate::{VaultError, file};

const LIST: &str = "destroyed.json";

/// The newest form; the first one knew whole records alone. Each has a place of its own, so that none is read as another.
const FORMAT: u32 = 2;

/// The list as it lies on the disk. **Do not modify**: installations hold it; a new form needs a new `format`.
#[derive(Serialize, Deserialize)]
struct Listed {
    format: u32,
    /// AES-256-GCM under a key made from the device's head key, hex: it outlives a new database key.
    sealed: String,
}

/// What the list in `dir` names; nothing where there is none.
pub(super) fn read(secrets: &DeviceSecrets, dir: &Path) -> Result<Vec<Tombstone>, VaultError> {
    match fs::read(dir.join(LIST)) {
        Ok(bytes) => opened(&secrets.head_key, &bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(VaultError::Disk { doing: "reading the list of what was destroyed", source }),
    }
}

/// Replaces the list in `dir`.
pub(super) fn write(secrets: &DeviceSecrets, dir: &Path, listed: &[Tombstone]) -> Result<(), VaultError> {
    file::replace(&dir.join(LIST), &sealed(&secrets.head_key, listed)?)
        .map_err(|source| VaultError::Disk { doing: "writing the list of what was destroyed", source })
}

fn opened(head_key: &Secret, bytes: &[u8]) -> Result<Vec<Tombstone>, VaultError> {
    let tampered = || VaultError::Tampered(LIST);
    let listed: Listed = serde_json::from_slice(bytes).map_err(|_| tampered())?;
    if listed.format > FORMAT {
        return Err(VaultError::Invalid(
            "the list of what was destroyed (destroyed.json) was written by a newer version of Vigil; use that version",
        ));
    }
    let sealed = hex::decode(&listed.sealed).map_err(|_| tampered())?;
    let text = open(&list_key(head_key)?, &place(listed.format), &sealed).map_err(|_| tampered())?;
    let decisions: Vec<Decision> = serde_json::from_slice(&text).map_err(|_| tampered())?;
    Ok(decisions.into_iter().map(Tombstone).collect())
}

fn sealed(head_key: &Secret, listed: &[Tombstone]) -> Result<Vec<u8>, VaultError> {
    let no_form = |_| VaultError::Invalid("the list of what was destroyed has no JSON form");
    let decisions: Vec<&Decision> = listed.iter().map(|tombstone| &tombstone.0).collect();
    let text = Zeroizing::new(serde_json::to_vec(&decisions).map_err(no_form)?);
    let sealed = seal(&list_key(head_key)?, &place(FORMAT), &text)?;
    serde_json::to_vec(&Listed { format: FORMAT, sealed: hex::encode(sealed) }).map_err(no_form)
}

fn list_key(head_key: &Secret) -> Result<Secret, VaultError> {
    derive(head_key.as_slice(), "vigil/destroyed/seal/v1")
}

fn place(format: u32) -> String {
    format!("vigil/destroyed/v{format}")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use vigil_model::{DestructionReason, PatientId, ResourceName, UserId};

    use super::*;

    fn key() -> Secret {
        Zeroizing::new([7; 32])
    }

    fn tombstone(resource: Option<&str>) -> Tombstone {
        let user = |last: &str| UserId::parse(&format!("01940000-0000-7000-8000-00000000000{last}")).unwrap();
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        Tombstone(Decision {
            patient: PatientId::parse("p-1").unwrap(),
            resource: resource.map(|name| ResourceName::parse(name).unwrap()),
            reason: DestructionReason::LegalOrder,
            requested_by: user("1"),
            requested_at: at("2026-11-22T08:00:00Z"),
            approved_by: user("2"),
            approved_at: at("2026-11-22T09:00:00Z"),
        })
    }

    #[test]
    fn frozen_lists() {
        let whole = [tombstone(None)];
        assert_eq!(opened(&key(), FROZEN_1.as_bytes()).unwrap(), whole, "of whole records, as the first form has it");
        let both = [tombstone(None), tombstone(Some("DocumentReference/d1"))];
        assert_eq!(opened(&key(), FROZEN_2.as_bytes()).unwrap(), both, "of records and single resources");
        let now = sealed(&key(), &both).unwrap();
        assert_eq!(opened(&key(), &now).unwrap(), both, "there and back");
        let as_first = String::from_utf8(now).unwrap().replace("\"format\":2", "\"format\":1");
        let refused = opened(&key(), as_first.as_bytes());
        assert!(matches!(refused, Err(VaultError::Tampered(_))), "a form does not pass for another: {refused:?}");
        let newer = FROZEN_2.replace("\"format\":2", "\"format\":3");
        let refused = opened(&key(), newer.as_bytes());
        assert!(matches!(refused, Err(VaultError::Invalid(_))), "a newer one is called that: {refused:?}");
    }

    // Made by another implementation of HKDF and AES-GCM (Python's `cryptography`).
    const FROZEN_1: &str = r#"{"format":1,"sealed":"010101010101010101010101c267ac7cb1a4ef7c59981504756021a41b1f56f63715c9ea81950621b4e1e91f70294052a1bf462fc54774464a146d1b3677b6c29410e20d7001d8c4c1881d8cf0328bf78ebb404785e4548b39957393174234cfcac027b27168e705452b9c1a5f6c65a0573316c4faa6f9d15f60aa5abaf9992782cf847da3a1d297750e19f251e6538a7dc07137e6c4095f98c3089a381e788c7538d0daf859f4b18861ac44e2551e3da30e911bcf1901b6b5e0692ac8cbf6408ac3df2788550746cc851d7ccc2bdae8b7a01febedd4353946b6b0261f832a28b0ccfcb8f3d53a2469b9df3c15de7beb85a1ee199ffb9bdf1c59734b"}"#;
    const FROZEN_2: &str = r#"{"format":2,"sealed":"020202020202020202020202163914b299b2ab9a1436bd49b0836c43cd80ee9a19d82e67e464b5e057d3de8db6833ed7ae57d53550ca31b58ed4a5b5a9102e3c643a320ef92e6636b058bb3218a70a116809a211739769cdaa5ad60d1d6f7cd57cbabf9b90d27e98d3759a02f8166f4743ec84006c1ce933f622883cdf0940614ac69b5012b3894c0a56973a3555ea0bdb56c47742c87d58625efa20310d2b60bfb53dd7d3634359e6e5a5f2a6aa77b35f9ff1a8237b4e04125374a770f7d6d6dc00e90be76bd64cabddcb23c473bc23feb635275a79c9c4586d28554ca9003a15b855037f73694234638cd191dec99bc7a27dcdbf2ab504a7995ea410c761cc12c15cbcd18cd19c6ccb75ad0dc20e51ba94dbc16b8e2e11fce94d2fc1a67499b01f81dcd0af25017056598a9e532b898f0a68ec238601073305ab70d3cc9a4cd25012c53645408a9303d84729382affd2b5637c89da2706665755350474759fc62f433d6e6b1b12251ade00cbb139426a6fd4ed6778fb1b0e5219cb818a8affde0d8408f09b94c7f270833d5e8c5200a6eab4e5a212c77c0b0551aac26433d50bafa7cbf5e91281dbdb9dfaccedab6cb4f621214de6d9c16436a6949b16c291304a9f5394dc64272e8eb5997d534980d49e3238edf4a1991a961919a6a863ff156ebbf35e724bfc7683901ae6e6733c58e1c079dadbeeef8b751b8eadca0781bc64c5f02db096e7024a242cdf"}"#;
}
