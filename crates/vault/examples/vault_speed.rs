//! Quick figures of the vault beside their floors, in one run: one durable append, an import, a chart of 500.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, not the program")]

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vigil_model::{Moment, PatientId, PurposeOfUse, ResourceId, ResourceType, Role, Section, Sensitive, SessionId};
use vigil_policy::{Interaction, Permit, Principal, Request, authorize};
use vigil_vault::{
    Environment, KdfCost, NewUser, ResourcePut, Setup, SoftwareCustodian, UserRecord, Vault, VaultError,
};

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let custodian = || Arc::new(SoftwareCustodian::at(&folder.path().join("root")));
    let setup = Setup { organization: String::new(), environment: Environment::Demo, kdf: KdfCost::CHEAP_FOR_TESTS };
    let dir = folder.path().join("data");
    let vault = Vault::create(&dir, custodian(), &setup, at()).unwrap();
    let password = Sensitive::new("password".to_owned());
    let new = |name: &str, role| NewUser { username: name.to_owned(), display_name: name.to_owned(), role };
    let first = permit(Principal::Anonymous, Interaction::FirstAdministratorCreate, None);
    let admin: Result<UserRecord, VaultError> =
        vault.transaction(first, None, at(), |tx| tx.user_insert(&new("root", Role::Administrator), &password, None));
    let (admin, keys) = (admin.unwrap(), vault.unlock("root", &password).unwrap().1);
    let make = permit(of(&admin), Interaction::UserCreate, None);
    let made: Result<_, VaultError> =
        vault.transaction(make, Some(&keys), at(), |tx| tx.user_insert(&new("n", Role::Nurse), &password, Some(&keys)));
    made.unwrap();

    let json = format!("{{\"resourceType\":\"Observation\",\"text\":\"{}\"}}", "x".repeat(850));
    let kind = ResourceType::parse("Observation").unwrap();
    let import = Instant::now();
    for patient in 0..40 {
        let patient = PatientId::parse(&format!("p{patient}")).unwrap();
        let batch = permit(of(&admin), Interaction::ImportCreate, None);
        let put: Result<(), VaultError> = vault.transaction(batch, Some(&keys), at(), |tx| {
            for number in 0..500 {
                let id = ResourceId::parse(&format!("{patient}-{number}")).unwrap();
                let (resource_type, id, patient) = (&kind, &id, Some(&patient));
                let (sort, demographics, restricted) = ("", None, false);
                tx.resource_put(&ResourcePut {
                    resource_type,
                    id,
                    patient,
                    json: &json,
                    sort,
                    demographics,
                    restricted,
                })?;
            }
            Ok(())
        });
        put.unwrap();
    }
    println!("import: {:.0} resources/s", 20_000.0 / import.elapsed().as_secs_f64());

    drop(vault);
    let vault = Vault::open(&dir, custodian()).unwrap();
    let (nurse, keys) = vault.unlock("n", &password).unwrap();
    for what in ["first touch", "again"] {
        let patient = PatientId::parse("p20").unwrap();
        let read = permit(of(&nurse), Interaction::SectionRead(Section::Vitals), Some(&patient));
        let start = Instant::now();
        let rows: Result<_, VaultError> =
            vault.transaction(read, Some(&keys), at(), |tx| tx.resources(&patient, &["Observation"]));
        assert!(rows.unwrap().iter().filter(|row| row.json.is_ok()).count() == 500, "every row opened");
        println!("chart of 500, {what}, audited: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    }

    let mut file = std::fs::File::create(folder.path().join("floor")).unwrap();
    let (mut floor, mut append) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        let start = Instant::now();
        file.write_all(&[7; 320]).unwrap();
        file.sync_data().unwrap();
        floor.push(start.elapsed());
        let start = Instant::now();
        let permit = permit(Principal::Workstation, Interaction::WorkstationStart, None);
        let done: Result<(), VaultError> = vault.transaction(permit, None, at(), |_| Ok(()));
        done.unwrap();
        append.push(start.elapsed());
    }
    println!("durable append: {:?}; write and fdatasync: {:?}", median(&mut append), median(&mut floor));
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap()
}

fn permit(principal: Principal, interaction: Interaction, patient: Option<&PatientId>) -> Permit {
    let purpose = PurposeOfUse::Treatment;
    authorize(Request {
        principal,
        interaction,
        patient: patient.cloned(),
        restricted: false,
        purpose,
        facts: vigil_policy::Facts::default(),
    })
    .unwrap()
}

fn of(user: &UserRecord) -> Principal {
    Principal::User { id: user.id, role: user.role, session: SessionId::from_uuid(*user.id.as_uuid()) }
}

fn at() -> Moment {
    Moment { utc: "2026-11-22T08:00:00Z".parse().unwrap(), since_boot: Duration::ZERO }
}
