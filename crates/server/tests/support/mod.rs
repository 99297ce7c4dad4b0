//! What the tests of the server stand on.
#![allow(dead_code, reason = "every test takes what it needs")]

pub(crate) mod postgres;
pub(crate) mod token;
pub(crate) mod workstation;

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use vigil_audit::{SealPublicKey, seal_key_pair};
use vigil_model::DeviceId;
use vigil_server::intake::Sender;
use vigil_server::store::{Device, DeviceCertificate, Log, NewDevice, Store};
use vigil_server::{KeyMaterial, Keys};
use zeroize::Zeroizing;

use workstation::{Workstation, morning};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

/// A server without its listeners.
pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) keys: Arc<Keys>,
    pub(crate) url: String,
    /// Of the embedded database.
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn keys() -> Arc<Keys> {
    keys_named("vigil.example", 1)
}

pub(crate) fn keys_named(name: &str, seed: u8) -> Arc<Keys> {
    let (opener, _) = seal_key_pair(&[5; 32]);
    let material = KeyMaterial {
        own_log: DeviceId::parse(&format!("01900000-0000-7000-8000-00000000ff{seed:02}")).unwrap(),
        log_key: SigningKey::from_bytes(&[100 + seed; 32]),
        witness_name: format!("{name}/witness"),
        witness_key: SigningKey::from_bytes(&[200 + seed; 32]),
        seal: vec![(1, opener)],
        head: Zeroizing::new([seed; 32]),
        cursor: Zeroizing::new([seed; 32]),
    };
    Arc::new(Keys::new(material).unwrap())
}

pub(crate) fn seal_key() -> SealPublicKey {
    seal_key_pair(&[5; 32]).1
}

/// The key of the embedded database.
pub(crate) fn database_key() -> Zeroizing<[u8; 32]> {
    Zeroizing::new([9; 32])
}

impl Server {
    pub(crate) async fn on(on: On) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match on {
            On::Sqlite => format!("sqlite:{}", folder.path().join("vigil.db").display()),
            On::Postgres => postgres::Cluster::shared().database(),
        };
        Self::at(url, folder).await
    }

    pub(crate) async fn at(url: String, folder: tempfile::TempDir) -> Self {
        let store = open(&url).await;
        Self { store, keys: keys(), url, folder }
    }

    /// Another process on the same database.
    pub(crate) async fn second(&self) -> Store {
        open(&self.url).await
    }

    /// Enrols a workstation.
    pub(crate) async fn enrol(&self, number: u8) -> (Workstation, Sender) {
        let workstation = Workstation::new(number, &seal_key());
        let enrolment = DeviceId::parse(&format!("01900000-0000-7000-8000-0000000010{number:02x}")).unwrap();
        let mut tx = self.store.begin().await.unwrap();
        let held = Log::enrol(&mut tx, &self.keys, workstation.log, &workstation.verifier_key()).await.unwrap();
        assert_eq!(held, Some(0), "a new log");
        let device = NewDevice {
            enrolment,
            log: workstation.log,
            verifier_key: workstation.verifier_key(),
            host: format!("ward-{number}"),
            version: "0.1.0".to_owned(),
            enrolled: morning().timestamp_micros(),
        };
        let certificate = DeviceCertificate {
            fingerprint: [number; 32],
            serial: format!("{number:02x}"),
            issued: morning().timestamp_micros(),
            expires: morning().timestamp_micros() + 1_000_000,
        };
        Device::insert(&mut tx, &device, &certificate).await.unwrap();
        tx.commit().await.unwrap();
        let sender = Sender { enrolment, log: workstation.log };
        (workstation, sender)
    }

    /// What an attacker who has the database does to it.
    pub(crate) async fn tamper(&self, statements: &[&str]) {
        match self.store.begin().await.unwrap() {
            vigil_server::store::Tx::Sqlite(mut tx) => {
                for sql in statements {
                    sqlx::query(sqlx::AssertSqlSafe(*sql)).execute(&mut *tx).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
            vigil_server::store::Tx::Postgres(mut tx) => {
                for sql in statements {
                    sqlx::query(sqlx::AssertSqlSafe(*sql)).execute(&mut *tx).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
        }
    }

    /// A number that the database knows.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        match self.store.begin().await.unwrap() {
            vigil_server::store::Tx::Sqlite(mut tx) => {
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *tx).await.unwrap()
            }
            vigil_server::store::Tx::Postgres(mut tx) => {
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *tx).await.unwrap()
            }
        }
    }
}

async fn open(url: &str) -> Store {
    Store::open(&url.parse().unwrap(), Some(&database_key())).await.unwrap()
}

/// The same test on both databases.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        mod $name {
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::bodies::$name(super::support::On::Sqlite).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::bodies::$name(super::support::On::Postgres).await;
            }
        }
    )+};
}
