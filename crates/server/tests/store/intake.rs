//! The way of a batch, and every way that it does not go.

use crate::support;

crate::on_both!(
    a_batch_is_taken_in_and_its_receipt_covers_it,
    the_same_batch_again_is_known_and_nothing_is_doubled,
    a_batch_after_a_gap_is_told_where_to_go_on,
    a_gap_that_is_asked_about_again_and_again_is_an_alarm_once,
    a_gap_that_an_entry_out_of_turn_shows_is_an_alarm_when_it_stays,
    contexts_that_no_entry_names_are_not_derived,
    another_entry_under_a_held_number_is_a_conflict_and_an_alarm,
    an_entry_that_does_not_open_refuses_the_batch_and_the_rest_comes_with_its_hash_in_place,
    a_foreign_entry_does_not_open,
    a_wrong_root_and_a_forged_signature_are_refused,
    an_alert_out_of_turn_is_known_when_its_turn_comes,
    an_alert_that_comes_in_turn_as_another_entry_is_an_alarm,
);

mod bodies {
    use chrono::TimeDelta;
    use vigil_audit::{CosignatureVerifier, Kind};
    use vigil_model::wire::{Alerts, Entry, Refusal};
    use vigil_server::intake::{IntakeError, note_gaps, receipt, receive, receive_alerts};
    use vigil_server::store::{Alarm, AlarmKind, Device, Log, LogState};

    use super::support::workstation::{Workstation, context, morning};
    use super::support::{On, Server, seal_key};

    pub(super) async fn a_batch_is_taken_in_and_its_receipt_covers_it(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(1_500);
        let first = receive(&server.store, &server.keys, sender, station.batch(1, 1_000), morning()).await.unwrap();
        assert_eq!((first.next, first.known), (1_001, 0), "the first thousand");
        let second =
            receive(&server.store, &server.keys, sender, station.batch(1_001, 1_500), morning()).await.unwrap();
        assert_eq!((second.next, second.known), (1_501, 0), "and the rest");
        let note = second.checkpoint.unwrap();
        let witness = CosignatureVerifier::new(&server.keys.witness_key()).unwrap();
        assert_eq!(witness.open(note.as_bytes()), Ok(u64::try_from(morning().timestamp()).unwrap()), "the server's");
        let own = vigil_audit::CheckpointVerifier::from_key(&station.verifier_key()).unwrap();
        let signed = own.open(note.as_bytes()).unwrap();
        assert_eq!((signed.size, signed.root), (1_500, station.root(1_500)), "and the workstation's, over everything");
        assert_eq!(
            receipt(&server.store, sender, morning()).await.unwrap().checkpoint.unwrap(),
            note,
            "asked for alone"
        );
        assert_eq!(server.count("SELECT COUNT(*) FROM audit_event").await, 1_500, "rows");
        let listed = "SELECT COUNT(*) FROM audit_event_patient";
        assert_eq!(server.count(listed).await, 1_350 + 3 * 150, "a row for each patient of an entry");
    }

    pub(super) async fn the_same_batch_again_is_known_and_nothing_is_doubled(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(150);
        let batch = station.batch(1, 100);
        receive(&server.store, &server.keys, sender, batch.clone(), morning()).await.unwrap();
        let again = receive(&server.store, &server.keys, sender, batch, morning()).await.unwrap();
        assert_eq!((again.next, again.known), (101, 100), "a replay is recognised");
        let over = receive(&server.store, &server.keys, sender, station.batch(51, 150), morning()).await.unwrap();
        assert_eq!((over.next, over.known), (151, 50), "half of it is known");
        assert_eq!(server.count("SELECT COUNT(*) FROM audit_event").await, 150, "each once");
    }

    pub(super) async fn contexts_that_no_entry_names_are_not_derived(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(2);
        let mut batch = station.batch(1, 2);
        let context = batch.contexts.first().unwrap().clone();
        batch.contexts = (0..3).map(|id| vigil_model::wire::Context { id, ..context.clone() }).collect();
        let refused = receive(&server.store, &server.keys, sender, batch, morning()).await;
        assert!(matches!(refused, Err(IntakeError::TooLong)), "three for two entries: {refused:?}");
    }

    pub(super) async fn a_batch_after_a_gap_is_told_where_to_go_on(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(30);
        receive(&server.store, &server.keys, sender, station.batch(1, 10), morning()).await.unwrap();
        let refused = receive(&server.store, &server.keys, sender, station.batch(21, 30), morning()).await;
        assert_eq!(refusal(refused), Refusal::Gap { next: 11 }, "it is told");
        let mut beyond = station.batch(21, 30);
        beyond.from = u64::MAX;
        let refused = receive(&server.store, &server.keys, sender, beyond, morning()).await;
        assert!(matches!(refusal(refused), Refusal::Poison { .. }), "no entry has a number beyond all others");
        let nothing = receive(&server.store, &server.keys, sender, station.batch(1, 0), morning()).await.unwrap();
        assert_eq!(nothing.next, 11, "a batch of nothing is answered too");
        assert_eq!(
            server.count("SELECT COUNT(*) FROM audit_event WHERE log = (SELECT MIN(key) FROM audit_log)").await,
            10
        );
    }

    pub(super) async fn a_gap_that_is_asked_about_again_and_again_is_an_alarm_once(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(40);
        receive(&server.store, &server.keys, sender, station.batch(1, 10), morning()).await.unwrap();
        let ask = async || {
            let refused = receive(&server.store, &server.keys, sender, station.batch(31, 40), morning()).await;
            refusal(refused)
        };
        for _ in 0..2 {
            assert_eq!(ask().await, Refusal::Gap { next: 11 });
        }
        assert_eq!(alarms(&server).await, [], "whoever asks where to go on does nothing wrong");
        receive(&server.store, &server.keys, sender, station.batch(11, 20), morning()).await.unwrap();
        for _ in 0..2 {
            assert_eq!(ask().await, Refusal::Gap { next: 21 });
        }
        assert_eq!(alarms(&server).await, [], "it went on: this is another gap");
        for _ in 0..3 {
            assert_eq!(ask().await, Refusal::Gap { next: 21 });
        }
        assert_eq!(alarms(&server).await, [(AlarmKind::Gap, Some(21))], "and does not go on: once");
    }

    pub(super) async fn a_gap_that_an_entry_out_of_turn_shows_is_an_alarm_when_it_stays(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(50);
        station.write_one(Kind::EMERGENCY_ACCESS_START);
        let sealer = station.sealer();
        let alerts = Alerts { contexts: vec![context(&sealer)], entries: vec![(51, station.sealed(&sealer, 51))] };
        receive_alerts(&server.store, &server.keys, sender, alerts, morning()).await.unwrap();
        let alert = (AlarmKind::Alert, Some(51));
        let look = async |minutes: i64| {
            note_gaps(&server.store, &server.keys, morning() + TimeDelta::minutes(minutes)).await.unwrap();
            alarms(&server).await
        };
        let hear = async |minutes: i64| {
            let mut tx = server.store.begin().await.unwrap();
            let at = (morning() + TimeDelta::minutes(minutes)).timestamp_micros();
            Device::heard(&mut tx, sender.enrolment, at, None).await.unwrap();
            tx.commit().await.unwrap();
        };
        assert_eq!(look(90).await, [alert], "the workstation is silent, and its gap with it");
        hear(91).await;
        assert_eq!(look(59).await, [alert], "not for an hour yet");
        let later = morning() + TimeDelta::minutes(60);
        receive(&server.store, &server.keys, sender, station.batch(1, 10), later).await.unwrap();
        assert_eq!(look(119).await, [alert], "a backlog is coming in");
        for minutes in [120, 121, 600] {
            assert_eq!(look(minutes).await, [(AlarmKind::Gap, Some(11)), alert], "it stays: once");
        }
        receive(&server.store, &server.keys, sender, station.batch(11, 51), later).await.unwrap();
        assert_eq!(look(900).await, [(AlarmKind::Gap, Some(11)), alert], "and was closed");
    }

    pub(super) async fn another_entry_under_a_held_number_is_a_conflict_and_an_alarm(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(10);
        let mut copy = station.clone();
        station.write(10);
        copy.write_one(Kind::SESSION_END);
        copy.write(10);
        receive(&server.store, &server.keys, sender, station.batch(1, 20), morning()).await.unwrap();
        for _ in 0..2 {
            let refused = receive(&server.store, &server.keys, sender, copy.batch(5, 21), morning()).await;
            assert_eq!(refusal(refused), Refusal::Conflict { seq: 11 }, "the first that differs");
        }
        let mut tx = server.store.read().await.unwrap();
        let log = Log::find(&mut tx, station.log).await.unwrap().unwrap();
        assert_eq!((log.state, log.size), (LogState::Forked, 20), "the log is marked, and holds what it held");
        let alarms = Alarm::newest(&mut tx, 10).await.unwrap();
        let about: Vec<_> = alarms.iter().map(|alarm| (alarm.kind, alarm.seq)).collect();
        assert_eq!(about, [(AlarmKind::Conflict, Some(11))], "one alarm, however often it tries");
        drop(tx);
        station.write(5);
        receive(&server.store, &server.keys, sender, station.batch(21, 25), morning()).await.unwrap();
    }

    pub(super) async fn an_entry_that_does_not_open_refuses_the_batch_and_the_rest_comes_with_its_hash_in_place(
        on: On,
    ) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(100);
        let mut batch = station.batch(1, 100);
        let Entry::Sealed { sealed, .. } = &mut batch.entries[41] else { unreachable!() };
        sealed.0[3] ^= 1;
        let refused = receive(&server.store, &server.keys, sender, batch.clone(), morning()).await;
        assert_eq!(refusal(refused), Refusal::Poison { seq: 42 }, "it is named");
        batch.entries[41] = station.quarantined(42);
        let receipt = receive(&server.store, &server.keys, sender, batch, morning()).await.unwrap();
        assert_eq!(receipt.next, 101, "the rest flows on");
        let kinds = alarms(&server).await;
        assert_eq!(kinds, [(AlarmKind::Quarantine, Some(42)), (AlarmKind::Poison, Some(42))], "both are on record");
        let verified = vigil_server::audit_log::verify_all(&server.store, &server.keys).await.unwrap();
        assert!(verified.iter().all(|log| log.verification.intact()), "and the log is whole: {verified:?}");
    }

    pub(super) async fn a_foreign_entry_does_not_open(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        let (mut other, _) = server.enrol(2).await;
        station.write(5);
        other.write(5);
        let mut batch = station.batch(1, 5);
        let foreign = other.batch(1, 5);
        batch.contexts = foreign.contexts;
        batch.entries = foreign.entries;
        let refused = receive(&server.store, &server.keys, sender, batch, morning()).await;
        assert_eq!(refusal(refused), Refusal::Poison { seq: 1 }, "sealed as another log's");
        // Its own entries, under numbers that are not theirs.
        let mut moved = station.batch(1, 5);
        moved.entries.swap(1, 2);
        let refused = receive(&server.store, &server.keys, sender, moved, morning()).await;
        assert_eq!(refusal(refused), Refusal::Poison { seq: 2 }, "sealed as another number");
        // An entry that opens and says of itself that it has another number.
        let mut lying = station.clone();
        lying.entries[3] = lying.entries[0].clone();
        let refused = receive(&server.store, &server.keys, sender, lying.batch(1, 5), morning()).await;
        assert_eq!(refusal(refused), Refusal::Poison { seq: 4 }, "it says that it is entry 1");
    }

    pub(super) async fn a_wrong_root_and_a_forged_signature_are_refused(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(20);
        let mut wrong = station.batch(1, 10);
        wrong.checkpoint = String::from_utf8(station.signer().sign(10, [7; 32]).unwrap()).unwrap();
        let refused = receive(&server.store, &server.keys, sender, wrong, morning()).await;
        assert_eq!(refusal(refused), Refusal::Checkpoint, "another root");
        let mut forger = Workstation::new(1, &seal_key());
        forger.key = ed25519_dalek::SigningKey::from_bytes(&[77; 32]);
        forger.entries = station.entries.clone();
        let refused = receive(&server.store, &server.keys, sender, forger.batch(1, 10), morning()).await;
        assert_eq!(refusal(refused), Refusal::Checkpoint, "another key");
        let mut short = station.batch(1, 10);
        short.checkpoint = station.checkpoint(9);
        let refused = receive(&server.store, &server.keys, sender, short, morning()).await;
        assert_eq!(refusal(refused), Refusal::Checkpoint, "a checkpoint over less than the batch");
        assert_eq!(
            server.count("SELECT size FROM audit_log WHERE verifier_key LIKE '%00000001+%'").await,
            0,
            "nothing is taken"
        );
        receive(&server.store, &server.keys, sender, station.batch(1, 20), morning()).await.unwrap();
        let mut signed = station.batch(1, 10);
        signed.checkpoint = String::from_utf8(station.signer().sign(10, [7; 32]).unwrap()).unwrap();
        let refused = receive(&server.store, &server.keys, sender, signed, morning()).await;
        assert_eq!(refusal(refused), Refusal::Checkpoint, "another history, signed over what is held");
    }

    pub(super) async fn an_alert_out_of_turn_is_known_when_its_turn_comes(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(50);
        station.write_one(Kind::EMERGENCY_ACCESS_START);
        let sealer = station.sealer();
        let alerts = Alerts { contexts: vec![context(&sealer)], entries: vec![(51, station.sealed(&sealer, 51))] };
        for _ in 0..2 {
            receive_alerts(&server.store, &server.keys, sender, alerts.clone(), morning()).await.unwrap();
        }
        assert_eq!(alarms(&server).await, [(AlarmKind::Alert, Some(51))], "it is seen at once, and once");
        receive(&server.store, &server.keys, sender, station.batch(1, 51), morning()).await.unwrap();
        assert_eq!(server.count("SELECT COUNT(*) FROM early_alert WHERE settled IS NULL").await, 0, "its turn came");
        receive_alerts(&server.store, &server.keys, sender, alerts, morning()).await.unwrap();
        assert_eq!(alarms(&server).await, [(AlarmKind::Alert, Some(51))], "and nothing else was raised");
    }

    pub(super) async fn an_alert_that_comes_in_turn_as_another_entry_is_an_alarm(on: On) {
        let server = Server::on(on).await;
        let (mut station, sender) = server.enrol(1).await;
        station.write(5);
        let mut copy = station.clone();
        copy.write_one(Kind::EMERGENCY_ACCESS_START);
        station.write(1);
        let sealer = copy.sealer();
        let alerts = Alerts { contexts: vec![context(&sealer)], entries: vec![(6, copy.sealed(&sealer, 6))] };
        receive_alerts(&server.store, &server.keys, sender, alerts, morning()).await.unwrap();
        receive(&server.store, &server.keys, sender, station.batch(1, 6), morning()).await.unwrap();
        let expected = [(AlarmKind::AlertMismatch, Some(6)), (AlarmKind::Alert, Some(6))];
        assert_eq!(alarms(&server).await, expected, "what was seen early is not what is in the log");
    }

    async fn alarms(server: &Server) -> Vec<(AlarmKind, Option<u64>)> {
        let mut tx = server.store.read().await.unwrap();
        Alarm::newest(&mut tx, 10).await.unwrap().iter().map(|alarm| (alarm.kind, alarm.seq)).collect()
    }

    fn refusal<T: std::fmt::Debug>(answer: Result<T, IntakeError>) -> Refusal {
        match answer {
            Err(IntakeError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }
}
