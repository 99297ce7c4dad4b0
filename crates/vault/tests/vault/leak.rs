//! Nothing that names or describes a patient stands in any file of the data folder, in any encoding.

use std::path::Path;

use chrono::{TimeDelta, Utc};
use vigil_model::{Demographics, Role};
use vigil_policy::Interaction;
use vigil_vault::{ResourcePut, VaultError};

use crate::hospital::{Hospital, at, kind, permit, pid, rid};

const MARKERS: [&str; 5] =
    ["Zzyzxmarkername", "1931-02-28", "MRN-QX-778899", "planted note text", "Planted code display"];

#[test]
fn no_file_of_the_data_folder_holds_a_planted_marker() {
    let hospital = planted();
    let found = leaks(hospital.folder.path());
    assert!(found.is_empty(), "leaks: {found:?}");
    hospital.settle();
    let found = leaks(hospital.folder.path());
    assert!(found.is_empty(), "leaks after the write-ahead log was written back: {found:?}");
}

#[test]
fn even_the_decrypted_database_holds_no_planted_marker() {
    let hospital = planted();
    let copy = hospital.folder.path().join("decrypted");
    let raw = hospital.raw();
    raw.execute_batch(&format!(
        "ATTACH '{}' AS plain KEY ''; SELECT sqlcipher_export('plain'); DETACH plain;",
        copy.display()
    ))
    .unwrap();
    assert!(std::fs::read(&copy).unwrap().starts_with(b"SQLite format 3"), "this copy is really decrypted");
    let found = leaks(hospital.folder.path());
    assert!(found.is_empty(), "whoever has the database key sees ids, types and times: {found:?}");
}

#[test]
fn the_search_finds_a_planted_leak_in_every_encoding() {
    let folder = tempfile::tempdir().unwrap();
    for (name, encode) in encodings() {
        let path = folder.path().join(name);
        let mut bytes = b"something before ".to_vec();
        bytes.extend(encode(MARKERS[0]));
        std::fs::write(&path, bytes).unwrap();
        let found = leaks(folder.path());
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        std::fs::remove_file(path).unwrap();
    }
}

fn planted() -> Hospital {
    let hospital = Hospital::new();
    let [name, birth, mrn, note, display] = MARKERS;
    let mut demographics = Demographics::default();
    name.clone_into(&mut demographics.family);
    birth.clone_into(&mut demographics.birth_date);
    mrn.clone_into(&mut demographics.mrn);
    demographics.identifiers = vec![mrn.to_owned()];
    let json =
        format!(r#"{{"name":"{name}","birthDate":"{birth}","id":"{mrn}","text":"{note}","display":"{display}"}}"#);
    hospital
        .import(|tx| {
            for (r#type, id, demographics) in [("Patient", "p", Some(&demographics)), ("Observation", "o", None)] {
                tx.resource_put(&ResourcePut {
                    resource_type: &kind(r#type),
                    id: &rid(id),
                    patient: Some(&pid("p")),
                    json: &json,
                    sort: if demographics.is_some() { birth } else { "2026-01-01" },
                    demographics,
                    restricted: false,
                })?;
            }
            tx.identifier_put("urn:mrn", mrn, &kind("Patient"), &rid("p"))?;
            tx.detail(serde_json::json!({ "file": name }));
            Ok::<_, VaultError>(())
        })
        .unwrap();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    hospital
        .vault
        .transaction(permit(&nurse, Interaction::PatientSearch, None), Some(&keys), at(5), |tx| {
            tx.listed([pid("p")]);
            tx.detail(serde_json::json!({ "search": name }));
            Ok::<_, VaultError>(())
        })
        .unwrap();
    let refused = hospital.vault.transaction(crate::hospital::refuse(), None, at(6), |tx| {
        tx.sign_in_refuse(name, Utc::now() + TimeDelta::minutes(1))?;
        tx.sign_in_failure(name, None)
    });
    assert_eq!(refused.unwrap().count, 1, "a name that was typed into the wrong field is not stored either");
    hospital.observations(&nurse, &keys, "p");
    hospital
}

fn leaks(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder) {
        let bytes = std::fs::read(&path).unwrap();
        for marker in MARKERS {
            for (encoding, encode) in encodings() {
                let wanted = encode(marker);
                if bytes.windows(wanted.len()).any(|window| window == wanted) {
                    found.push(format!("{marker} as {encoding} in {}", path.display()));
                    break;
                }
            }
        }
    }
    found
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

type Encode = fn(&str) -> Vec<u8>;

fn encodings() -> Vec<(&'static str, Encode)> {
    vec![
        ("utf8", |text| text.as_bytes().to_vec()),
        ("utf16le", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("utf16be", |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("hex", |text| hex::encode(text).into_bytes()),
        ("HEX", |text| hex::encode_upper(text).into_bytes()),
        ("base64 at 0", |text| base64(text, 0)),
        ("base64 at 1", |text| base64(text, 1)),
        ("base64 at 2", |text| base64(text, 2)),
    ]
}

/// The characters that stand for `text` alone when it starts at this offset of a base64 group.
fn base64(text: &str, offset: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = std::iter::repeat_n(0, offset).chain(text.bytes()).collect();
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let digits = bits.chunks_exact(6).map(|six| six.iter().fold(0_usize, |value, bit| value << 1 | usize::from(*bit)));
    digits.skip((offset * 8).div_ceil(6)).map(|digit| ALPHABET[digit]).collect()
}
