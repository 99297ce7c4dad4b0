//! One small hospital for the tests: its users, one open patient and one restricted one.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use tempfile::TempDir;
use vigil_model::{
    Demographics, Moment, PatientId, PurposeOfUse, ResourceId, ResourceType, Role, Section, Sensitive, SessionId,
};
use vigil_policy::{Interaction, Permit, Principal, Request, authorize};
use vigil_vault::{
    Custodian, Environment, KdfCost, NewUser, PutOutcome, ResourcePut, Setup, SoftwareCustodian, Stored, UserKeys,
    UserRecord, Vault, VaultError,
};

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Hospital {
    pub(crate) folder: TempDir,
    pub(crate) vault: Vault,
    pub(crate) admin: UserRecord,
    pub(crate) admin_keys: UserKeys,
}

impl Hospital {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::create(&data(&folder), custodian(&folder), &setup(), at(0)).unwrap();
        let request = request(Principal::Anonymous, Interaction::FirstAdministratorCreate, None);
        let admin = vault
            .transaction(authorize(request).unwrap(), None, at(0), |tx| {
                tx.organization_set("St. Elsewhere")?;
                tx.user_insert(&new_user("root", Role::Administrator), &password(PASSWORD), None)
            })
            .unwrap();
        let (_, admin_keys) = vault.unlock("root", &password(PASSWORD)).unwrap();
        Self { folder, vault, admin, admin_keys }
    }

    /// With patients `open` (name SMITH-MARKER) and `closed` (restricted), each with a note.
    pub(crate) fn with_patients() -> Self {
        let hospital = Self::new();
        hospital.put_patient("open", "SMITH-MARKER", false);
        hospital.put_patient("closed", "HIDDEN-MARKER", true);
        hospital.put("Observation", "o1", Some("open"), r#"{"resourceType":"Observation","note":"open note"}"#);
        hospital.put("Observation", "o2", Some("closed"), r#"{"resourceType":"Observation","note":"closed note"}"#);
        hospital.put("Practitioner", "dr", None, r#"{"resourceType":"Practitioner"}"#);
        hospital
    }

    pub(crate) fn data(&self) -> std::path::PathBuf {
        data(&self.folder)
    }

    pub(crate) fn reopened(&mut self) {
        self.vault = Vault::open(&self.data(), custodian(&self.folder)).unwrap();
    }

    pub(crate) fn put_patient(&self, id: &str, family: &str, restricted: bool) -> PutOutcome {
        let mut demographics = Demographics::default();
        family.clone_into(&mut demographics.family);
        demographics.restricted = restricted;
        let json = format!(r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"{family}"}}]}}"#);
        self.import(|tx| {
            tx.resource_put(&ResourcePut {
                resource_type: &kind("Patient"),
                id: &rid(id),
                patient: Some(&pid(id)),
                json: &json,
                sort: "",
                demographics: Some(&demographics),
                restricted,
            })
        })
        .unwrap()
    }

    pub(crate) fn put(&self, r#type: &str, id: &str, patient: Option<&str>, json: &str) -> PutOutcome {
        let patient = patient.map(pid);
        self.import(|tx| {
            tx.resource_put(&ResourcePut {
                resource_type: &kind(r#type),
                id: &rid(id),
                patient: patient.as_ref(),
                json,
                sort: "",
                demographics: None,
                restricted: false,
            })
        })
        .unwrap()
    }

    pub(crate) fn import<T>(
        &self,
        work: impl FnOnce(&mut vigil_vault::Tx<'_>) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let permit = permit(&self.admin, Interaction::ImportCreate, None);
        self.vault.transaction(permit, Some(&self.admin_keys), at(1), work)
    }

    pub(crate) fn hire(&self, name: &str, role: Role) -> (UserRecord, UserKeys) {
        self.vault
            .transaction(permit(&self.admin, Interaction::UserCreate, None), Some(&self.admin_keys), at(2), |tx| {
                tx.user_insert(&new_user(name, role), &password(PASSWORD), Some(&self.admin_keys))
            })
            .unwrap();
        self.vault.unlock(name, &password(PASSWORD)).unwrap()
    }

    /// Reads the patient's observations with these keys, as the treating nurse's permit would let one.
    pub(crate) fn observations(&self, user: &UserRecord, keys: &UserKeys, patient: &str) -> Vec<Stored> {
        let nurse = UserRecord { role: Role::Nurse, ..user.clone() };
        let permit = permit(&nurse, Interaction::SectionRead(Section::Vitals), Some(patient));
        self.vault.transaction(permit, Some(keys), at(3), |tx| tx.resources(&pid(patient), &["Observation"])).unwrap()
    }

    /// Opens the chart, as the home page would find it again.
    pub(crate) fn open_chart(&self, user: &UserRecord, keys: &UserKeys, patient: &str, seconds: i64) {
        let permit = permit(user, Interaction::PatientRead, Some(patient));
        self.vault.transaction(permit, Some(keys), at(seconds), |tx| tx.resource_counts(&pid(patient))).unwrap();
    }

    /// The database as somebody sees it who has stolen the database key.
    pub(crate) fn raw(&self) -> Connection {
        raw(&self.data(), &*custodian(&self.folder))
    }

    /// Moves the file's entries out of the write-ahead log.
    pub(crate) fn settle(&self) {
        self.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    }
}

pub(crate) fn raw(dir: &Path, custodian: &dyn Custodian) -> Connection {
    let device: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("device.json")).unwrap()).unwrap();
    let purpose = format!("vigil/device/v1|{}", device["device"].as_str().unwrap());
    let sealed = hex::decode(device["sealed"].as_str().unwrap()).unwrap();
    let secrets = custodian.open(&purpose, &sealed).unwrap();
    let connection = Connection::open(dir.join("vigil.db")).unwrap();
    let key = hex::encode(&secrets[..32]);
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;"))
        .unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    connection
}

pub(crate) fn data(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("data")
}

pub(crate) fn custodian(folder: &TempDir) -> Arc<dyn Custodian> {
    Arc::new(SoftwareCustodian::at(&folder.path().join("device-root")))
}

pub(crate) fn setup() -> Setup {
    Setup { organization: String::new(), environment: Environment::Demo, kdf: KdfCost::CHEAP_FOR_TESTS }
}

pub(crate) fn new_user(name: &str, role: Role) -> NewUser {
    NewUser { username: name.to_owned(), display_name: format!("Dr {name}"), role }
}

pub(crate) fn permit(user: &UserRecord, interaction: Interaction, patient: Option<&str>) -> Permit {
    authorize(request(principal(user), interaction, patient)).unwrap()
}

pub(crate) fn principal(user: &UserRecord) -> Principal {
    let session = SessionId::from_uuid(*user.id.as_uuid());
    Principal::User { id: user.id, role: user.role, session }
}

pub(crate) fn request(principal: Principal, interaction: Interaction, patient: Option<&str>) -> Request {
    let purpose = PurposeOfUse::Treatment;
    Request {
        principal,
        interaction,
        patient: patient.map(pid),
        restricted: false,
        purpose,
        facts: vigil_policy::Facts::default(),
    }
}

pub(crate) fn start() -> Permit {
    authorize(request(Principal::Workstation, Interaction::WorkstationStart, None)).unwrap()
}

pub(crate) fn refuse() -> Permit {
    authorize(request(Principal::Anonymous, Interaction::SessionRefuse, None)).unwrap()
}

pub(crate) fn at(seconds: i64) -> Moment {
    let start: DateTime<Utc> = "2026-11-22T08:00:00Z".parse().unwrap();
    Moment { utc: start + TimeDelta::seconds(seconds), since_boot: Duration::from_secs(100) }
}

pub(crate) fn password(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}

pub(crate) fn pid(id: &str) -> PatientId {
    PatientId::parse(id).unwrap()
}

pub(crate) fn rid(id: &str) -> ResourceId {
    ResourceId::parse(id).unwrap()
}

pub(crate) fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap()
}
