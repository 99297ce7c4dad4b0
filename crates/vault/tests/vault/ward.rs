//! A small hospital in which something is destroyed, and what is left of it in every page of the file.

use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt as _, KeyInit as _};
use vigil_model::{DestructionReason, ResourceName, Role};
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Tombstone, UserKeys, UserRecord, Vault, VaultError};

use crate::hospital::{Hospital, at, custodian, kind, permit, pid, request, rid};

pub(crate) const WORDS: &str = "Granted on the 21st, file 4711";

pub(crate) struct Ward {
    pub(crate) hospital: Hospital,
    pub(crate) nurse: (UserRecord, UserKeys),
    pub(crate) officer: (UserRecord, UserKeys),
}

pub(crate) fn ward() -> Ward {
    let hospital = Hospital::with_patients();
    // A second version, so that there is a history.
    hospital.put("Observation", "o1", Some("open"), r#"{"resourceType":"Observation","note":"open note, again"}"#);
    hospital.import(|tx| tx.identifier_put("urn:mrn", "SECRET-MRN", &kind("Observation"), &rid("o1"))).unwrap();
    hospital.put_patient("other", "OTHER-MARKER", false);
    hospital.put("Observation", "o9", Some("other"), r#"{"resourceType":"Observation","note":"other note"}"#);
    let nurse = hospital.hire("nurse", Role::Nurse);
    let officer = hospital.hire("weiss", Role::PrivacyOfficer);
    assert!(hospital.observations(&nurse.0, &nurse.1, "open")[0].json.is_ok(), "its keys are in the session now");
    let search = permit(&nurse.0, Interaction::PatientSearch, None);
    hospital
        .vault
        .transaction(search, Some(&nurse.1), at(4), |tx| {
            tx.listed([pid("open")]);
            tx.detail(serde_json::json!({ "text": "SMITH-MARKER" }));
            Ok::<_, VaultError>(())
        })
        .unwrap();
    // Reading something about the chart leaves a detail under the patient's own key.
    let reading = permit(&nurse.0, Interaction::PatientRead, Some("open"));
    hospital
        .vault
        .transaction(reading, Some(&nurse.1), at(5), |tx| {
            tx.detail(serde_json::json!({ "series": "SERIES-MARKER" }));
            tx.resource_counts(&pid("open")).map(drop)
        })
        .unwrap();
    Ward { hospital, nurse, officer }
}

impl Ward {
    pub(crate) fn ask_about(&self, patient: &str) -> Result<u32, VaultError> {
        self.ask(patient, None)
    }

    pub(crate) fn ask(&self, patient: &str, resource: Option<&str>) -> Result<u32, VaultError> {
        let resource = resource.map(|name| ResourceName::parse(name).unwrap());
        let asking = permit(&self.officer.0, Interaction::PatientDestructionRequest, Some(patient));
        self.hospital.vault.transaction(asking, Some(&self.officer.1), at(10), |tx| {
            tx.destruction_request(resource.as_ref(), DestructionReason::PatientRequest, WORDS, at(100).utc)
        })
    }

    pub(crate) fn agree(&self, id: u32, patient: &str, seconds: i64) -> Result<(), VaultError> {
        agree(&self.hospital.vault, (&self.hospital.admin, &self.hospital.admin_keys), id, patient, seconds)
    }

    /// Both persons, and the workstation.
    pub(crate) fn destroy(&self, patient: &str) {
        self.destroy_of(patient, None);
    }

    pub(crate) fn destroy_of(&self, patient: &str, resource: Option<&str>) {
        let id = self.ask(patient, resource).unwrap();
        self.agree(id, patient, 20).unwrap();
        finish(&self.hospital.vault);
    }

    pub(crate) fn list(&self) -> Vec<vigil_vault::Destruction> {
        let listing = permit(&self.officer.0, Interaction::PatientDestructionSearch, None);
        self.hospital.vault.transaction(listing, Some(&self.officer.1), at(50), |tx| tx.destructions(10)).unwrap()
    }

    pub(crate) fn directory(&self, keys: &UserKeys) -> Vec<String> {
        let mut names = Vec::new();
        let reading = permit(&self.nurse.0, Interaction::DirectoryRead, None);
        self.hospital
            .vault
            .transaction(reading, Some(keys), at(60), |tx| tx.directory(|row| names.push(row.patient.to_string())))
            .unwrap();
        names
    }

    pub(crate) fn is_untouched(&self, patient: &str) {
        let (nurse, keys) = &self.nurse;
        assert!(self.hospital.observations(nurse, keys, patient)[0].json.is_ok(), "{patient} opens as before");
        assert!(self.directory(keys).contains(&patient.to_owned()), "and is found");
    }
}

pub(crate) fn agree(
    vault: &Vault,
    (user, keys): (&UserRecord, &UserKeys),
    id: u32,
    patient: &str,
    seconds: i64,
) -> Result<(), VaultError> {
    let agreeing = permit(user, Interaction::PatientDestructionApprove, Some(patient));
    vault.transaction(agreeing, Some(keys), at(seconds), |tx| tx.destruction_approve(id))
}

/// What the workstation does after the approval, and at every start.
pub(crate) fn finish(vault: &Vault) -> usize {
    let due = vault.destructions_due(&vault.tombstones().unwrap()).unwrap();
    for tombstone in &due {
        destroy(vault, tombstone).unwrap();
    }
    vault.destructions_settle().unwrap();
    due.len()
}

pub(crate) fn destroy(vault: &Vault, tombstone: &Tombstone) -> Result<(), VaultError> {
    let asked = request(Principal::Workstation, tombstone.interaction(), Some(tombstone.patient().as_str()));
    vault.destroy(authorize(asked).unwrap(), at(40), tombstone)
}

pub(crate) fn verifies(vault: &Vault) {
    let verified = vault.audit_verify().unwrap();
    assert!(verified.findings.is_empty(), "the log verifies: {:?}", verified.findings);
}

/// Everything sealed, or keyed, of a patient, as it lies in the rows: what it is, and its bytes.
pub(crate) fn sealed_of(hospital: &Hospital, patient: &str) -> Vec<(&'static str, Vec<u8>)> {
    let raw = hospital.raw();
    let number: i64 = raw.query_row("SELECT number FROM patient WHERE id = ?1", [patient], |row| row.get(0)).unwrap();
    let all = [
        ("a wrapped key", "SELECT sealed FROM patient_key WHERE patient = ?1"),
        ("demographics", "SELECT demographics FROM patient WHERE number = ?1 AND demographics IS NOT NULL"),
        ("a content", "SELECT content FROM resource WHERE row >> 32 = ?1"),
        ("an old content", "SELECT content FROM resource_history WHERE patient = ?1"),
        (
            "an identifier's token",
            "SELECT token FROM identifier WHERE (type, id) IN (SELECT type, id FROM resource WHERE row >> 32 = ?1)",
        ),
        (
            "a remembered detail",
            "SELECT detail FROM audit_entry WHERE detail IS NOT NULL AND instr(event, 'destruction') = 0
             AND (instr(event, '\"' || (SELECT id FROM patient WHERE number = ?1) || '\"') > 0
                  OR instr(event, 'patient-search') > 0 AND ?1 = (SELECT number FROM patient WHERE id = 'open'))",
        ),
    ];
    let mut found = Vec::new();
    for (what, sql) in all {
        let mut statement = raw.prepare(sql).unwrap();
        let rows = statement.query_map([number], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        found.extend(rows.map(|bytes| (what, bytes.unwrap())));
    }
    found
}

/// Every page of the database file, decrypted one by one with the database key: also what no row points to any more.
pub(crate) fn pages(hospital: &Hospital) -> Vec<u8> {
    const PAGE: usize = 4096;
    /// IV of 16 bytes and HMAC-SHA-256.
    const RESERVED: usize = 48;
    let device: serde_json::Value =
        serde_json::from_slice(&std::fs::read(hospital.data().join("device.json")).unwrap()).unwrap();
    let purpose = format!("vigil/device/v1|{}", device["device"].as_str().unwrap());
    let secrets =
        custodian(&hospital.folder).open(&purpose, &hex::decode(device["sealed"].as_str().unwrap()).unwrap()).unwrap();
    let cipher = Aes256::new_from_slice(&secrets[..32]).unwrap();
    let file = std::fs::read(hospital.data().join("vigil.db")).unwrap();
    let mut clear = Vec::with_capacity(file.len());
    for (number, page) in file.chunks(PAGE).enumerate() {
        let start = if number == 0 { 16 } else { 0 };
        let mut before: [u8; 16] = page[PAGE - RESERVED..PAGE - RESERVED + 16].try_into().unwrap();
        for sealed in page[start..PAGE - RESERVED].chunks_exact(16) {
            let mut block = aes::Block::try_from(sealed).unwrap();
            cipher.decrypt_block(&mut block);
            clear.extend(block.iter().zip(before).map(|(byte, other)| byte ^ other));
            before = sealed.try_into().unwrap();
        }
    }
    clear
}

/// The first bytes are a nonce or a token: they are nowhere else.
pub(crate) fn holds(pages: &[u8], bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(24)];
    pages.windows(start.len()).any(|window| window == start)
}
