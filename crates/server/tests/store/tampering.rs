//! An attacker who has the database, and what verification says of it.

use crate::support;

crate::on_both!(
    an_intact_server_verifies,
    an_edited_entry_and_an_edited_column_are_named,
    deleted_truncated_and_inserted_entries_are_named,
    reordered_entries_are_named,
    a_rebuilt_log_and_one_that_was_rolled_back_are_named,
);

mod bodies {
    use vigil_audit::{AuditEvent, Finding, Frontier, SignedRoot};
    use vigil_server::audit_log::{verify_all, verify_log};
    use vigil_server::intake::receive;

    use super::support::workstation::{Workstation, morning};
    use super::support::{On, Server};

    const LOG: &str = "(SELECT key FROM audit_log WHERE verifier_key LIKE '%000000000001+%')";

    async fn with_entries(on: On, count: usize) -> (Server, Workstation) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(count);
        let last = station.len();
        receive(&server.store, &server.keys, sender, station.batch(1, last), morning()).await.unwrap();
        (server, station)
    }

    async fn findings(server: &Server, station: &Workstation) -> Vec<Finding> {
        let verified = verify_log(&server.store, &server.keys, station.log, None).await.unwrap().unwrap();
        verified.verification.findings
    }

    pub(super) async fn an_intact_server_verifies(on: On) {
        let (server, station) = with_entries(on, 300).await;
        let verified = verify_log(&server.store, &server.keys, station.log, None).await.unwrap().unwrap();
        assert!(verified.verification.intact(), "{verified:?}");
        assert_eq!(
            (verified.verification.entries, verified.verification.root),
            (300, station.root(300)),
            "the same tree"
        );
        assert_eq!(verify_all(&server.store, &server.keys).await.unwrap().len(), 1, "every log");
    }

    pub(super) async fn an_edited_entry_and_an_edited_column_are_named(on: On) {
        let (server, station) = with_entries(on, 100).await;
        let edit = match on {
            On::Sqlite => format!(
                "UPDATE audit_event SET event = CAST(REPLACE(CAST(event AS TEXT), 'nurse', 'pharm') AS BLOB) WHERE log = {LOG} AND seq = 7"
            ),
            On::Postgres => format!(
                "UPDATE audit_event SET event = convert_to(REPLACE(convert_from(event, 'UTF8'), 'nurse', 'pharm'), 'UTF8') WHERE log = {LOG} AND seq = 7"
            ),
        };
        server.tamper(&[&edit]).await;
        assert_eq!(findings(&server, &station).await, [Finding::Edited { seq: 7 }], "the entry");
        let (server, station) = with_entries(on, 100).await;
        let hide = format!("UPDATE audit_event SET user_id = NULL WHERE log = {LOG} AND seq = 9");
        server.tamper(&[&hide]).await;
        assert_eq!(findings(&server, &station).await, [Finding::Edited { seq: 9 }], "what is searched says otherwise");
    }

    pub(super) async fn deleted_truncated_and_inserted_entries_are_named(on: On) {
        let (server, station) = with_entries(on, 100).await;
        server.tamper(&[&format!("DELETE FROM audit_event WHERE log = {LOG} AND seq BETWEEN 20 AND 21")]).await;
        assert_eq!(findings(&server, &station).await, [Finding::Deleted { from: 20, to: 21 }], "between others");
        server.tamper(&[&format!("DELETE FROM audit_event WHERE log = {LOG} AND seq > 98")]).await;
        let expected = [Finding::Deleted { from: 20, to: 21 }, Finding::Truncated { from: 99, to: 100 }];
        assert_eq!(findings(&server, &station).await, expected, "the last");
        let (server, station) = with_entries(on, 100).await;
        let columns = "at, received, type, subtype, action, outcome, interaction, purpose, agent, user_id, role, session, patient, \
                       section, reason, address, event, hashes, beside";
        let insert = format!(
            "INSERT INTO audit_event (log, seq, {columns}) SELECT log, 101, {columns} FROM audit_event WHERE log = {LOG} AND seq = 5"
        );
        server.tamper(&[&insert]).await;
        assert_eq!(findings(&server, &station).await, [Finding::Inserted { at: 5 }], "a copy of entry 5 at the end");
    }

    pub(super) async fn reordered_entries_are_named(on: On) {
        let (server, station) = with_entries(on, 100).await;
        let number =
            |from: i64, to: i64| format!("UPDATE audit_event SET seq = {to} WHERE log = {LOG} AND seq = {from}");
        server.tamper(&[&number(30, 1_000), &number(40, 30), &number(1_000, 40)]).await;
        assert_eq!(
            findings(&server, &station).await,
            [Finding::Reordered { from: 30, to: 40 }],
            "two that were swapped"
        );
    }

    pub(super) async fn a_rebuilt_log_and_one_that_was_rolled_back_are_named(on: On) {
        let (server, station) = with_entries(on, 40).await;
        // Entry 30 says something else, and every hash after it is recomputed. The head has a code that needs a key.
        let mut frontier = Frontier::default();
        let mut statements = Vec::new();
        for (seq, (bytes, _)) in (1_u64..).zip(&station.entries) {
            let mut bytes = bytes.clone();
            if seq == 30 {
                let mut event = AuditEvent::parse(&bytes).unwrap();
                event.purpose = vigil_model::PurposeOfUse::Administration;
                bytes = event.canonical().unwrap();
                statements.push(format!("UPDATE audit_event SET purpose = 'HSYSADMIN' WHERE log = {LOG} AND seq = 30"));
            }
            let hashes = frontier.append(&bytes).unwrap();
            let (event, hashes) = (literal(on, &bytes), literal(on, &hashes));
            statements.push(format!(
                "UPDATE audit_event SET event = {event}, hashes = {hashes} WHERE log = {LOG} AND seq = {seq}"
            ));
        }
        statements
            .push(format!("UPDATE audit_log SET frontier = {} WHERE key = {LOG}", literal(on, &frontier.to_bytes())));
        server.tamper(&statements.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(
            findings(&server, &station).await,
            [Finding::HeadForged, Finding::Rebuilt { after: 0 }],
            "a rebuilt log"
        );

        // An older copy of everything is put back: a receipt outside knows better.
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(60);
        receive(&server.store, &server.keys, sender, station.batch(1, 40), morning()).await.unwrap();
        let mark = SignedRoot { size: 60, root: station.root(60) };
        let verified = verify_log(&server.store, &server.keys, station.log, Some(mark)).await.unwrap().unwrap();
        assert_eq!(verified.verification.findings, [Finding::RolledBack { from: 60, to: 40 }], "it had come farther");
    }

    fn literal(on: On, bytes: &[u8]) -> String {
        match on {
            On::Sqlite => format!("x'{}'", hex::encode(bytes)),
            On::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }
}
