//! A running server lets months go by itself, after ten years and not before.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::installation::Installation;
use vigil_server::oauth::add_client;
use vigil_server::server::Server;

fn second(text: &str) -> i64 {
    text.parse::<DateTime<Utc>>().unwrap().timestamp()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_goes_into_its_archive_after_ten_years() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[server]\ndata = {:?}\n", folder.path().join("data"));
    let config = Config::parse(&text, Path::new("test.toml")).unwrap();
    let told = Arc::new(AtomicI64::new(second("2026-11-29T08:00:00Z")));
    let time = Arc::clone(&told);
    let clock = Clock::told_by(move || DateTime::from_timestamp(time.load(Ordering::Relaxed), 0).unwrap());
    let installation = Installation::open(config, clock).await.unwrap();
    add_client(&installation, "SIEM").await.unwrap();
    let server = Server::new(installation, "https://localhost:8443".to_owned()).unwrap();

    told.store(second("2036-11-30T23:59:59Z"), Ordering::Relaxed);
    assert_eq!(server.let_months_go().await.unwrap(), [], "not before");
    told.store(second("2036-12-01T00:00:00Z"), Ordering::Relaxed);
    let gone = server.let_months_go().await.unwrap();
    assert_eq!((gone.len(), gone[0].month.as_str(), gone[0].entries), (1, "2026-11", 1));
    let keys = &server.installation().keyring.keys;
    let archived = folder.path().join("data/archive/2026-11").join(keys.own_log().to_string());
    assert!(archived.join("checkpoint").is_file(), "under its checkpoint");
    let logs = vigil_server::audit_log::verify_all(&server.installation().store, keys).await.unwrap();
    assert!(logs.iter().all(|log| log.verification.intact()), "every log goes on verifying");
    assert_eq!(server.let_months_go().await.unwrap(), [], "once");
}
