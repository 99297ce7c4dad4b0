//! What every custodian has to do, whatever keeps its key.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use vigil_model::Role;
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Custodian, CustodianError, CustodianKind, Finding, Mark, OpenError, SoftwareCustodian, Vault};

use crate::hospital::{PASSWORD, at, new_user, password, request, setup, start};

#[test]
fn the_software_custodian_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> Arc<dyn Custodian> { Arc::new(SoftwareCustodian::at(&folder.path().join(name))) };
    conforms(CustodianKind::Software, &|| at("mine"), &|| at("other"));
    keeps_a_vault(&folder.path().join("data"), &|_| at("vault"), &|_| at("thief"));
}

/// `mine` and `other` are custodians of two roots; each call connects anew.
pub(crate) fn conforms(
    kind: CustodianKind,
    mine: &dyn Fn() -> Arc<dyn Custodian>,
    other: &dyn Fn() -> Arc<dyn Custodian>,
) {
    assert_eq!(mine().kind(), kind, "it says what it is");
    assert!(matches!(mine().hmac(b"salt"), Err(CustodianError::KeyMissing(_))), "reading makes no root");
    assert!(matches!(mine().open("purpose", &[7; 99]), Err(CustodianError::KeyMissing(_))), "nor does opening");
    assert_eq!(mine().mark().unwrap(), None, "and there is no mark");

    let secret = [5_u8; 64];
    let sealed = mine().seal("purpose", &secret).unwrap();
    assert!(!contains(&sealed, &secret[..8]), "it is sealed");
    assert_eq!(mine().open("purpose", &sealed).unwrap().as_slice(), secret, "a new connection opens it");
    assert_eq!(mine().open("purpose", &mine().seal("purpose", b"").unwrap()).unwrap().as_slice(), b"", "nothing, too");
    assert!(matches!(mine().open("another", &sealed), Err(CustodianError::Refused(_))), "for its purpose only");
    for place in [0, sealed.len() / 2, sealed.len() - 1] {
        let mut bent = sealed.clone();
        bent[place] ^= 1;
        assert!(matches!(mine().open("purpose", &bent), Err(CustodianError::Refused(_))), "one bit at {place}");
    }
    assert!(matches!(mine().open("purpose", &sealed[..9]), Err(CustodianError::Refused(_))), "nor a piece of it");

    let code = mine().hmac(b"salt").unwrap();
    assert_eq!(*mine().hmac(b"salt").unwrap(), *code, "one key, one answer, in every connection");
    assert_ne!(*mine().hmac(b"pepper").unwrap(), *code, "another message");
    assert_ne!(*mine().hmac(&[1; 5000]).unwrap(), *mine().hmac(&[2; 5000]).unwrap(), "of any length");

    other().seal("purpose", b"makes the other root").unwrap();
    assert!(matches!(other().open("purpose", &sealed), Err(CustodianError::Refused(_))), "another root opens nothing");
    assert_ne!(*other().hmac(b"salt").unwrap(), *code, "and answers otherwise");

    for mark in [Mark { size: 7, root: [3; 32] }, Mark { size: u64::MAX, root: [0; 32] }] {
        mine().mark_set(&mark).unwrap();
        assert_eq!(mine().mark().unwrap(), Some(mark), "the last mark");
    }
    assert_eq!(other().mark().unwrap(), None, "the other's mark is its own");
    assert_eq!(mine().open("purpose", &sealed).unwrap().as_slice(), secret, "and what was sealed still opens");
}

/// A whole vault: made, used, closed, opened again; then copied to where `thief` is the custodian, and then put back to
/// an earlier state. Both custodians are given the data folder they work for.
pub(crate) fn keeps_a_vault(
    dir: &Path,
    mine: &dyn Fn(&Path) -> Arc<dyn Custodian>,
    thief: &dyn Fn(&Path) -> Arc<dyn Custodian>,
) {
    let vault = Vault::create(dir, mine(dir), &setup(), at(0)).unwrap();
    let permit = authorize(request(Principal::Anonymous, Interaction::FirstAdministratorCreate, None)).unwrap();
    vault
        .transaction(permit, None, at(0), |tx| {
            tx.user_insert(&new_user("root", Role::Administrator), &password(PASSWORD), None)
        })
        .unwrap();
    vault.checkpoint(at(1)).unwrap();
    drop(vault);
    let earlier = dir.with_extension("earlier");
    copy(dir, &earlier);

    let vault = Vault::open(dir, mine(dir)).unwrap();
    vault.unlock("root", &password(PASSWORD)).unwrap();
    for _ in 0..3 {
        vault.transaction(start(), None, at(2), |_| Ok::<_, vigil_vault::VaultError>(())).unwrap();
    }
    vault.checkpoint(at(3)).unwrap();
    assert_eq!(vault.audit_verify().unwrap().findings, [], "the log and the mark agree");
    drop(vault);

    let stolen = dir.with_extension("stolen");
    copy(dir, &stolen);
    let error = Vault::open(&stolen, thief(&stolen)).err().unwrap();
    let closed = matches!(error, OpenError::WrongKey { .. } | OpenError::Custodian(CustodianError::KeyMissing(_)));
    assert!(closed, "the right password is of no use there: {error}");

    let vault = Vault::open(&earlier, mine(&earlier)).unwrap();
    let findings = vault.audit_verify().unwrap().findings;
    assert!(matches!(findings[..], [Finding::RolledBack { .. }]), "the whole folder was put back: {findings:?}");
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
