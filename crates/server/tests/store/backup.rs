//! A backup while the server answers, and its restore into an empty place.

use crate::support;

crate::on_both!(
    a_backup_is_restored_into_an_empty_place_and_verified,
    a_backup_that_was_changed_or_is_of_another_key_puts_nothing_in_place,
    a_backup_of_a_log_that_was_tampered_with_is_not_good,
);

mod bodies {
    use vigil_audit::Agent;
    use vigil_server::audit_log::VerifiedLog;
    use vigil_server::backup::{BackupError, restore, write};
    use vigil_server::intake::receive;
    use vigil_server::store::{DatabaseUrl, Store};
    use zeroize::Zeroizing;

    use super::support::postgres::Cluster;
    use super::support::workstation::{Workstation, morning};
    use super::support::{On, Server, database_key};

    const LOG: &str = "(SELECT key FROM audit_log WHERE verifier_key LIKE '%000000000001+%')";

    fn key() -> Zeroizing<[u8; 32]> {
        Zeroizing::new([42; 32])
    }

    async fn with_entries(on: On) -> (Server, Workstation) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(300);
        receive(&server.store, &server.keys, sender, station.batch(1, 300), morning()).await.unwrap();
        (server, station)
    }

    fn empty(on: On, server: &Server) -> DatabaseUrl {
        match on {
            On::Sqlite => DatabaseUrl::Sqlite(server.folder.path().join("restored.db")),
            On::Postgres => Cluster::shared().database().parse().unwrap(),
        }
    }

    async fn restored(
        server: &Server,
        file: &std::path::Path,
        url: &DatabaseUrl,
        key: &Zeroizing<[u8; 32]>,
    ) -> Result<Vec<VerifiedLog>, BackupError> {
        let keys = async |_: &Store| Ok(std::sync::Arc::clone(&server.keys));
        restore(file, url, Some(&database_key()), keys, key, morning()).await
    }

    async fn backed_up(server: &Server) -> std::path::PathBuf {
        let file = server.folder.path().join("backup");
        let url = server.url.parse().unwrap();
        write(&server.store, &url, &server.keys, &key(), &file, Agent::Operator, morning()).await.unwrap();
        file
    }

    pub(super) async fn a_backup_is_restored_into_an_empty_place_and_verified(on: On) {
        let (server, station) = with_entries(on).await;
        let file = backed_up(&server).await;
        let bytes = std::fs::read(&file).unwrap();
        for word in [b"patient-read".as_slice(), b"audit_event", b"PGDMP", b"SQLite format"] {
            assert!(memchr::memmem::find(&bytes, word).is_none(), "{} in the clear", String::from_utf8_lossy(word));
        }
        let names = std::fs::read_dir(server.folder.path()).unwrap().flatten().map(|entry| entry.file_name());
        let left: Vec<_> = names.filter(|name| name.to_string_lossy().contains("partial")).collect();
        assert!(left.is_empty(), "a draft is left behind: {left:?}");
        let url = empty(on, &server);
        let logs = restored(&server, &file, &url, &key()).await.unwrap();
        let log = logs.iter().find(|log| log.log == station.log).unwrap();
        assert_eq!((log.verification.entries, log.verification.root), (300, station.root(300)), "every entry");
        let own = logs.iter().find(|log| log.log == server.keys.own_log()).unwrap();
        assert_eq!(own.verification.entries, 1, "the backup holds its own entry");
        let again = restored(&server, &file, &url, &key()).await;
        assert!(
            matches!(again, Err(BackupError::There(_) | BackupError::NotEmpty)),
            "nothing is written over: {again:?}"
        );
        let url = server.url.parse().unwrap();
        let again = write(&server.store, &url, &server.keys, &key(), &file, Agent::Operator, morning()).await;
        assert!(matches!(again, Err(BackupError::There(_))), "nor the backup");
    }

    pub(super) async fn a_backup_that_was_changed_or_is_of_another_key_puts_nothing_in_place(on: On) {
        let (server, _) = with_entries(on).await;
        let file = backed_up(&server).await;
        let url = empty(on, &server);
        let other = Zeroizing::new([43; 32]);
        let refused = restored(&server, &file, &url, &other).await;
        assert!(matches!(refused, Err(BackupError::Tampered)), "another master key: {refused:?}");
        let bytes = std::fs::read(&file).unwrap();
        for (what, changed) in [
            ("cut off", bytes[..bytes.len() - 20].to_vec()),
            ("the last byte", [&bytes[..bytes.len() - 1], &[bytes[bytes.len() - 1] ^ 1]].concat()),
            ("the head", [&bytes[..60], &[bytes[60] ^ 1], &bytes[61..]].concat()),
        ] {
            std::fs::write(&file, changed).unwrap();
            let refused = restored(&server, &file, &url, &key()).await;
            assert!(matches!(refused, Err(BackupError::Tampered | BackupError::Malformed)), "{what}: {refused:?}");
        }
        assert!(Store::is_empty(&url).await.unwrap(), "nothing was put in place");
    }

    pub(super) async fn a_backup_of_a_log_that_was_tampered_with_is_not_good(on: On) {
        let (server, _) = with_entries(on).await;
        server.tamper(&[&format!("DELETE FROM audit_event WHERE log = {LOG} AND seq = 7")]).await;
        let file = backed_up(&server).await;
        let url = empty(on, &server);
        let refused = restored(&server, &file, &url, &key()).await;
        let Err(BackupError::Unsound(logs)) = refused else { panic!("{refused:?}") };
        assert!(logs.iter().any(|log| !log.verification.intact()), "it says which");
    }
}
