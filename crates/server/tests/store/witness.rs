//! Two servers of two owners, each the witness of the other.

use crate::support;

crate::on_both!(two_servers_witness_one_another, a_witness_signs_no_log_that_went_back_or_another_way);

mod bodies {
    use vigil_audit::{CheckpointVerifier, CosignatureVerifier, Kind};
    use vigil_server::audit_log::{Draft, record};
    use vigil_server::intake::receive;
    use vigil_server::store::{Alarm, AlarmKind, Log};
    use vigil_server::witness::{FurtherWitness, Submitted, WitnessAnswer, WitnessReply, add_checkpoint, submit_all};

    use super::support::workstation::morning;
    use super::support::{On, Server, keys_named};

    async fn two(on: On) -> (Server, Server) {
        let first = Server::on(on).await;
        let mut second = Server::on(on).await;
        second.keys = keys_named("other.example", 2);
        (first, second)
    }

    /// Submits the logs of one server to the other.
    async fn submit(from: &Server, to: &Server) -> Submitted {
        let witness = FurtherWitness::new(&to.keys.witness_key()).unwrap();
        let known = [CosignatureVerifier::new(&from.keys.witness_key()).unwrap()];
        let known = &known;
        let post = |body: String| async move {
            let answer = add_checkpoint(&to.store, &to.keys, known, &body, morning()).await?;
            let (status, _, body) = answer.parts();
            Ok::<_, vigil_server::store::StoreError>(WitnessReply { status, body })
        };
        submit_all(&from.store, &witness, post, morning()).await.unwrap()
    }

    async fn checkpoint(server: &Server, log: vigil_model::DeviceId) -> (u64, String) {
        let log = Log::find(&mut server.store.read().await.unwrap(), log).await.unwrap().unwrap();
        (log.witnessed_size, log.checkpoint.unwrap())
    }

    async fn note(server: &Server) {
        let mut tx = server.store.begin().await.unwrap();
        let draft = Draft {
            kind: Kind::AUDIT_VERIFY,
            outcome: vigil_audit::Outcome::Success,
            agent: vigil_audit::Agent::Server,
            purpose: vigil_model::PurposeOfUse::Administration,
            patient: None,
            reason: None,
            request: None,
            address: None,
        };
        record(&mut tx, &server.keys, draft, morning()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn two_servers_witness_one_another(on: On) {
        let (first, second) = two(on).await;
        let (mut station, sender) = first.enrol(1).await;
        station.write(100);
        note(&second).await;
        for size in [40, 97, 100] {
            let from = checkpoint_size(&first, station.log).await + 1;
            receive(&first.store, &first.keys, sender, station.batch(from, size), morning()).await.unwrap();
            let done = Submitted { cosigned: 1, ..Submitted::default() };
            assert_eq!(submit(&first, &second).await, done, "at {size} entries");
            let (witnessed, checkpoint) = checkpoint(&first, station.log).await;
            assert_eq!(witnessed, size, "the second witness holds it");
            for witness in [&first.keys, &second.keys] {
                let verifier = CosignatureVerifier::new(&witness.witness_key()).unwrap();
                assert!(verifier.open(checkpoint.as_bytes()).is_ok(), "both have cosigned it");
            }
            let own = CheckpointVerifier::from_key(&station.verifier_key()).unwrap();
            assert_eq!(own.open(checkpoint.as_bytes()).unwrap().size, size, "and it is still the workstation's");
        }
        assert_eq!(submit(&first, &second).await, Submitted::default(), "nothing has grown");
        assert_eq!(submit(&second, &first).await.cosigned, 1, "and the other way round: its own log");
        let verified = vigil_server::audit_log::verify_all(&first.store, &first.keys).await.unwrap();
        assert!(verified.iter().all(|log| log.verification.intact()), "{verified:?}");
    }

    async fn checkpoint_size(server: &Server, log: vigil_model::DeviceId) -> u64 {
        Log::find(&mut server.store.read().await.unwrap(), log).await.unwrap().unwrap().size
    }

    pub(super) async fn a_witness_signs_no_log_that_went_back_or_another_way(on: On) {
        let (first, second) = two(on).await;
        let (mut station, sender) = first.enrol(1).await;
        station.write(50);
        receive(&first.store, &first.keys, sender, station.batch(1, 50), morning()).await.unwrap();
        assert_eq!(submit(&first, &second).await.cosigned, 1);
        let (_, honest) = checkpoint(&first, station.log).await;

        let known = [CosignatureVerifier::new(&first.keys.witness_key()).unwrap()];
        let ask = async |known: &[CosignatureVerifier], body: &str| {
            add_checkpoint(&second.store, &second.keys, known, body, morning()).await.unwrap()
        };
        assert_eq!(ask(&known, &format!("old 0\n\n{honest}")).await, WitnessAnswer::Conflict(50), "it went back");
        assert_eq!(ask(&known, "old 50\n").await, WitnessAnswer::Malformed, "no checkpoint");
        assert_eq!(ask(&known, &format!("old 51\n\n{honest}")).await, WitnessAnswer::Malformed, "less than was known");
        assert_eq!(
            ask(&[], &format!("old 50\n\n{honest}")).await,
            WitnessAnswer::Forbidden,
            "of no server that is known"
        );
        assert!(
            matches!(ask(&known, &format!("old 50\n\n{honest}")).await, WitnessAnswer::Cosigned(_)),
            "the same again"
        );

        // The owner of the first server puts an older copy back, and the workstation is made to go another way.
        let (older, _) = two(on).await;
        let (mut fork, sender) = older.enrol(1).await;
        fork.write(49);
        fork.write_one(Kind::SESSION_END);
        receive(&older.store, &older.keys, sender, fork.batch(1, 50), morning()).await.unwrap();
        assert_eq!(submit(&older, &second).await.contradicted, 1, "another log of the same size");
        fork.write(10);
        receive(&older.store, &older.keys, sender, fork.batch(51, 60), morning()).await.unwrap();
        assert_eq!(submit(&older, &second).await.contradicted, 1, "a longer one that does not begin with it");
        let alarms = Alarm::newest(&mut older.store.read().await.unwrap(), 9).await.unwrap();
        assert_eq!(alarms.first().map(|alarm| alarm.kind), Some(AlarmKind::Witness), "an alarm stands");
    }
}
