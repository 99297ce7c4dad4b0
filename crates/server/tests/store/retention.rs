//! Months that were kept long enough.

use crate::support;

crate::on_both!(
    a_month_is_let_go_with_its_archive_and_every_log_goes_on_verifying,
    a_wrong_clock_does_not_age_an_entry,
    two_who_let_a_month_go_at_once_do_it_once,
);

mod bodies {
    use chrono::{DateTime, Months, Utc};
    use vigil_audit::{AuditEvent, Finding};
    use vigil_server::audit_log::{verify_all, verify_log};
    use vigil_server::intake::receive;
    use vigil_server::retention::let_go;

    use super::support::workstation::{Workstation, morning};
    use super::support::{On, Server};

    fn dated(station: &mut Workstation, at: &str, which: std::ops::Range<usize>) {
        for (event, _) in &mut station.entries[which] {
            let mut dated = AuditEvent::parse(event).unwrap();
            dated.at = at.parse().unwrap();
            *event = dated.canonical().unwrap();
        }
    }

    fn later(years: u32) -> DateTime<Utc> {
        morning().checked_add_months(Months::new(12 * years)).unwrap()
    }

    pub(super) async fn a_month_is_let_go_with_its_archive_and_every_log_goes_on_verifying(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(700);
        dated(&mut station, "2026-10-03T00:00:00Z", 0..300);
        receive(&server.store, &server.keys, sender, station.batch(1, 700), morning()).await.unwrap();
        let archive = tempfile::tempdir().unwrap();
        let early = let_go(&server.store, &server.keys, 9, archive.path(), later(11)).await;
        assert!(early.is_err(), "nine years are not enough");
        let kept = let_go(&server.store, &server.keys, 10, archive.path(), later(9)).await.unwrap();
        assert_eq!(kept, [], "nothing is old enough");
        let gone = let_go(
            &server.store,
            &server.keys,
            10,
            archive.path(),
            later(10).checked_add_months(Months::new(1)).unwrap(),
        );
        let gone = gone.await.unwrap();
        let months: Vec<_> = gone.iter().map(|month| (month.month.as_str(), month.entries)).collect();
        assert_eq!(months, [("2026-10", 300), ("2026-11", 400)], "oldest first");
        assert_eq!(server.count("SELECT COUNT(*) FROM audit_event_patient").await, 0, "nor their patients");
        // The log goes on: a new entry, a known one, and the whole of it verifies.
        station.write(10);
        dated(&mut station, "2036-12-01T00:00:00Z", 700..710);
        let again = receive(&server.store, &server.keys, sender, station.batch(691, 710), later(11)).await.unwrap();
        assert_eq!((again.next, again.known), (711, 10), "what was let go is known by its hash");
        let verified = verify_all(&server.store, &server.keys).await.unwrap();
        assert!(verified.iter().all(|log| log.verification.intact()), "{verified:?}");
        let log = verified.iter().find(|log| log.log == station.log).unwrap();
        assert_eq!((log.verification.entries, log.verification.root), (710, station.root(710)));
        // What is left of it is guarded as before.
        server.tamper(&["DELETE FROM audit_leaf WHERE seq = 5"]).await;
        let verified = verify_log(&server.store, &server.keys, station.log, None).await.unwrap().unwrap();
        assert_eq!(verified.verification.findings, [Finding::Deleted { from: 5, to: 5 }], "a hash that is gone");

        // The archive's entries are the leaves of its tiles, under its checkpoint.
        let folder = archive.path().join("2026-10").join(station.log.to_string());
        let bundle = std::fs::read(folder.join("tile/entries/000")).unwrap();
        let length = usize::from(u16::from_be_bytes(bundle[..2].try_into().unwrap()));
        assert_eq!(bundle[2..2 + length], station.entries[0].0, "the first entry");
        let tile = std::fs::read(folder.join("tile/0/000")).unwrap();
        assert_eq!(tile[..32], vigil_audit::leaf_hash(&station.entries[0].0), "its hash");
        let names: Vec<_> =
            std::fs::read_dir(folder.join("tile/entries")).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names.len(), 2, "only what holds entries of the month: {names:?}");
    }

    pub(super) async fn two_who_let_a_month_go_at_once_do_it_once(on: On) {
        if matches!(on, On::Sqlite) {
            // One process has it.
            return;
        }
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(300);
        receive(&server.store, &server.keys, sender, station.batch(1, 300), morning()).await.unwrap();
        let (second, archive) = (server.second().await, tempfile::tempdir().unwrap());
        std::fs::create_dir_all(archive.path().join("2026-11.partial/left")).unwrap();
        let after = later(10).checked_add_months(Months::new(1)).unwrap();
        let (one, other) = tokio::join!(
            let_go(&server.store, &server.keys, 10, archive.path(), after),
            let_go(&second, &server.keys, 10, archive.path(), after),
        );
        let gone: Vec<_> = [one.unwrap(), other.unwrap()].concat();
        assert_eq!(gone.iter().map(|month| month.entries).collect::<Vec<_>>(), [300], "once, and nobody fails");
        let names: Vec<_> =
            std::fs::read_dir(archive.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["2026-11"], "nothing half written is left");
    }

    pub(super) async fn a_wrong_clock_does_not_age_an_entry(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(3);
        dated(&mut station, "1970-01-01T00:00:07Z", 0..1);
        receive(&server.store, &server.keys, sender, station.batch(1, 3), morning()).await.unwrap();
        let archive = tempfile::tempdir().unwrap();
        let gone = let_go(&server.store, &server.keys, 10, archive.path(), morning()).await.unwrap();
        assert_eq!(gone, [], "it came in today");
    }
}
