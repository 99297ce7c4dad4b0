//! Entries on their way to the server, and its receipts.

use ed25519_dalek::SigningKey;
use vigil_audit::{
    AuditEvent, CheckpointVerifier, Cosigner, EntryOpener, Frontier, TextSigner, leaf_hash, seal_key_pair,
};
use vigil_model::wire::{Batch, Bytes, Certificate, EnrolmentResponse, Entry, Receipt, SealKey};
use vigil_model::{DeviceId, Role};
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Fleet, OutboxState, VaultError};

use crate::hospital::{Hospital, at, permit, pid, refuse, request};

const ENROLMENT: &str = "01900000-0000-7000-8000-00000000000e";

/// A server as the protocol asks for one.
pub(crate) struct Server {
    opener: EntryOpener,
    seal: SealKey,
    witness: SigningKey,
}

impl Server {
    pub(crate) fn new(seed: u8) -> Self {
        let (opener, public) = seal_key_pair(&[seed; 32]);
        let seal = SealKey { id: u32::from(seed), public: Bytes(public.to_bytes().to_vec()) };
        Self { opener, seal, witness: SigningKey::from_bytes(&[seed; 32]) }
    }

    pub(crate) fn enrol(&self, hospital: &Hospital) {
        let response = EnrolmentResponse {
            enrolment: DeviceId::parse(ENROLMENT).unwrap(),
            certificate: Certificate { chain: "chain".to_owned(), expires: at(9).utc.to_rfc3339() },
            server: "https://vigil.example:8443".to_owned(),
            witness_key: self.cosigner().vkey(),
            directory_key: TextSigner::vkey("vigil/directory", &self.witness),
            seal_key: self.seal.clone(),
            next: 1,
            clock_ahead: 0,
        };
        let fleet = Fleet::new(&response, "https://vigil.example:8444", b"anchor", at(5).utc);
        let joins = permit(&hospital.admin, Interaction::FleetJoin, None);
        hospital.vault.transaction(joins, None, at(5), |tx| tx.fleet_join(fleet, b"private key")).unwrap();
    }

    fn cosigner(&self) -> Cosigner {
        Cosigner::new("vigil.example", &self.witness).unwrap()
    }

    /// The entries of a batch that begins at the first one, in the clear, and the receipt over them.
    fn take(&self, hospital: &Hospital, batch: &Batch) -> (Vec<AuditEvent>, Receipt) {
        let verifier = CheckpointVerifier::from_key(&hospital.vault.log_verifier_key()).unwrap();
        let (mut frontier, mut events) = (Frontier::default(), Vec::new());
        for (seq, entry) in (batch.from..).zip(&batch.entries) {
            let Entry::Sealed { context, nonce, sealed } = entry else { panic!("entry {seq} is not sealed") };
            let context = &batch.contexts[*context as usize];
            let opener = self.opener.context(context.encapsulated.as_ref(), hospital.vault.device_id()).unwrap();
            let opened = opener.open(seq, *nonce, sealed.as_ref()).unwrap();
            frontier.append(&opened.event).unwrap();
            events.push(AuditEvent::parse(&opened.event).unwrap());
        }
        let signed = verifier.open(batch.checkpoint.as_bytes()).unwrap();
        assert_eq!((signed.size, signed.root), (frontier.size(), frontier.root().unwrap()), "the checkpoint fits");
        (events, self.receipt(batch.checkpoint.as_bytes(), frontier.size()))
    }

    fn receipt(&self, note: &[u8], size: u64) -> Receipt {
        let cosigned = self.cosigner().cosign(note, 1_795_910_400).unwrap();
        Receipt {
            next: size + 1,
            known: 0,
            checkpoint: Some(String::from_utf8(cosigned).unwrap()),
            directory: 0,
            time: String::new(),
        }
    }
}

fn state(hospital: &Hospital) -> OutboxState {
    hospital.vault.outbox_state().unwrap()
}

#[test]
fn what_was_written_before_and_after_the_enrolment_reaches_the_server_and_the_receipt_empties_the_outbox() {
    let hospital = Hospital::with_patients();
    let server = Server::new(3);
    let before = hospital.vault.audit_entries().unwrap();
    assert_eq!(outbox_rows(&hospital), 0, "without a server nothing waits");
    server.enrol(&hospital);
    hospital.vault.transaction(refuse(), None, at(6), |_| Ok::<(), VaultError>(())).unwrap();
    assert_eq!(outbox_rows(&hospital), 2, "the enrolment itself and what came after are sealed as they are written");

    let batch = hospital.vault.outbox_batch(1, 1_000, usize::MAX).unwrap().unwrap();
    let (events, receipt) = server.take(&hospital, &batch);
    assert_eq!(events.len() as u64, before + 2, "everything from the first entry on");
    assert_eq!(events.last().unwrap().interaction, "session-refuse", "in order");
    let origin = events.last().unwrap().origin.as_ref().unwrap();
    assert!(origin.client.starts_with("Vigil/"), "an entry says which program wrote it: {}", origin.client);
    let times: Vec<_> = events.iter().map(|event| event.origin.as_ref().unwrap().hlc).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "the hybrid time only goes on");

    hospital.vault.outbox_receipt(&receipt, at(7)).unwrap();
    let after = state(&hospital);
    assert_eq!((after.entries, after.confirmed), (before + 2, before + 2), "all is confirmed");
    assert_eq!(outbox_rows(&hospital), 0, "and nothing waits");
    assert_eq!(hospital.vault.audit_entries().unwrap(), before + 2, "the log keeps every entry");
    assert_eq!(hospital.vault.outbox_batch(before + 3, 1_000, usize::MAX).unwrap(), None, "there is no more");
}

#[test]
fn a_receipt_that_somebody_else_made_deletes_nothing() {
    let hospital = Hospital::with_patients();
    let (server, stranger) = (Server::new(3), Server::new(4));
    server.enrol(&hospital);
    hospital.vault.transaction(refuse(), None, at(6), |_| Ok::<(), VaultError>(())).unwrap();
    let waiting = outbox_rows(&hospital);
    let batch = hospital.vault.outbox_batch(1, 1_000, usize::MAX).unwrap().unwrap();
    let size = batch.entries.len() as u64;

    let forged = |receipt: &Receipt, why: &str| {
        let refused = hospital.vault.outbox_receipt(receipt, at(7));
        assert!(matches!(refused, Err(VaultError::Forged(_))), "{why}: {refused:?}");
        assert_eq!(outbox_rows(&hospital), waiting, "{why}: nothing is deleted");
    };
    forged(&stranger.receipt(batch.checkpoint.as_bytes(), size), "cosigned by another server");
    let bare =
        Receipt { checkpoint: Some(batch.checkpoint.clone()), ..server.receipt(batch.checkpoint.as_bytes(), size) };
    forged(&bare, "without a cosignature");
    let other = Hospital::with_patients();
    server.enrol(&other);
    let elsewhere = other.vault.outbox_batch(1, 1_000, usize::MAX).unwrap().unwrap();
    forged(&server.receipt(elsewhere.checkpoint.as_bytes(), 1), "about another log");
    hospital.vault.outbox_receipt(&server.receipt(batch.checkpoint.as_bytes(), size), at(7)).unwrap();
    assert_eq!(outbox_rows(&hospital), 0, "the server's own is taken");
}

#[test]
fn a_batch_ends_where_it_is_told_to() {
    let hospital = Hospital::with_patients();
    let server = Server::new(3);
    server.enrol(&hospital);
    let batch = hospital.vault.outbox_batch(1, 3, usize::MAX).unwrap().unwrap();
    assert_eq!(batch.entries.len(), 3, "as many as are asked for");
    server.take(&hospital, &batch);
    let one = hospital.vault.outbox_batch(2, 1_000, 1).unwrap().unwrap();
    assert_eq!((one.from, one.entries.len()), (2, 1), "one always fits, or nothing would ever be sent");
}

#[test]
fn an_entry_in_quarantine_goes_as_its_hash_and_the_rest_flows_on() {
    let hospital = Hospital::with_patients();
    let server = Server::new(3);
    server.enrol(&hospital);
    let leaf = {
        let bytes: Vec<u8> =
            hospital.raw().query_row("SELECT event FROM audit_entry WHERE seq = 2", [], |row| row.get(0)).unwrap();
        leaf_hash(&bytes)
    };
    let permit = authorize(request(Principal::Workstation, Interaction::OutboxQuarantine, None)).unwrap();
    hospital.vault.transaction(permit, None, at(8), |tx| tx.outbox_quarantine(2, "it does not open")).unwrap();
    let batch = hospital.vault.outbox_batch(1, 1_000, usize::MAX).unwrap().unwrap();
    assert_eq!(batch.entries[1], Entry::Quarantined { leaf: Bytes(leaf.to_vec()) }, "its hash in its place");
    assert!(matches!(batch.entries[2], Entry::Sealed { .. }), "the next one as ever");
    assert_eq!((state(&hospital).quarantined, state(&hospital).urgent), (1, 1), "and that is an alarm");
    assert!(hospital.vault.audit_verify().unwrap().intact(), "the log itself is whole");
}

#[test]
fn a_broken_glass_does_not_wait_for_its_turn() {
    let hospital = Hospital::with_patients();
    let server = Server::new(3);
    server.enrol(&hospital);
    assert_eq!(hospital.vault.outbox_urgent(10).unwrap(), None, "an enrolment is no alarm");
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let reading = permit(&user, Interaction::PatientRead, Some("open"));
    let failed = hospital.vault.transaction(reading, Some(&keys), at(8), |tx| {
        tx.resource_counts(&pid("open"))?;
        Err::<(), _>(VaultError::Invalid("on purpose"))
    });
    assert!(failed.is_err(), "it fails");
    let alerts = hospital.vault.outbox_urgent(10).unwrap().unwrap();
    let (seq, entry) = &alerts.entries[0];
    assert_eq!(*seq, hospital.vault.audit_entries().unwrap(), "the newest entry");
    let Entry::Sealed { context, nonce, sealed } = entry else { panic!("it is sealed") };
    let context = alerts.contexts[*context as usize].encapsulated.as_ref();
    let opener = server.opener.context(context, hospital.vault.device_id()).unwrap();
    let event = AuditEvent::parse(&opener.open(*seq, *nonce, sealed.as_ref()).unwrap().event).unwrap();
    assert_eq!((event.interaction.as_str(), event.outcome.code()), ("patient-read", 8), "and says what it is");
    let quarantine = authorize(request(Principal::Workstation, Interaction::OutboxQuarantine, None)).unwrap();
    let failing = hospital.vault.audit_entries().unwrap();
    hospital
        .vault
        .transaction(quarantine, None, at(9), |tx| tx.outbox_quarantine(failing, "it does not open"))
        .unwrap();
    let left = hospital.vault.outbox_urgent(10).unwrap().unwrap();
    let numbers: Vec<u64> = left.entries.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, [failing + 1], "one in quarantine stays behind, and that it does is the alarm now");
    hospital.vault.outbox_urgent_delivered(&numbers).unwrap();
    assert_eq!(hospital.vault.outbox_urgent(10).unwrap(), None, "once is enough");
    let batch = hospital.vault.outbox_batch(*seq, 1, usize::MAX).unwrap();
    assert!(batch.is_some(), "and it goes again in its turn");
}

#[test]
fn a_list_names_its_patients_to_the_server_by_their_ids() {
    let hospital = Hospital::with_patients();
    let server = Server::new(3);
    server.enrol(&hospital);
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let search = permit(&user, Interaction::PatientSearch, None);
    hospital
        .vault
        .transaction(search, Some(&keys), at(8), |tx| {
            tx.listed([pid("open"), pid("closed")]);
            Ok::<(), VaultError>(())
        })
        .unwrap();
    let seq = hospital.vault.audit_entries().unwrap();
    let batch = hospital.vault.outbox_batch(seq, 1, usize::MAX).unwrap().unwrap();
    let Entry::Sealed { nonce, sealed, .. } = &batch.entries[0] else { panic!("it is sealed") };
    let opener = server.opener.context(batch.contexts[0].encapsulated.as_ref(), hospital.vault.device_id()).unwrap();
    let opened = opener.open(seq, *nonce, sealed.as_ref()).unwrap();
    let names: Vec<_> = opened.beside.listed.iter().map(|(_, patient)| patient.as_str()).collect();
    assert_eq!(names, ["open", "closed"], "the numbers are this workstation's own");
}

#[test]
fn a_server_that_somebody_wrote_into_the_file_is_refused_and_nothing_is_sealed_to_it() {
    let mut hospital = Hospital::with_patients();
    Server::new(3).enrol(&hospital);
    let changed = hospital
        .raw()
        .execute(
            "UPDATE fleet SET record = CAST(replace(CAST(record AS TEXT), 'vigil.example', 'thief.example') AS BLOB)",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1, "the thief has the database key");
    hospital.reopened();
    assert!(matches!(hospital.vault.fleet_identity(), Err(VaultError::Tampered("fleet"))), "it is not called");
    let (waiting, entries) = (outbox_rows(&hospital), hospital.vault.audit_entries().unwrap());
    hospital.vault.transaction(refuse(), None, at(6), |_| Ok::<(), VaultError>(())).unwrap();
    assert_eq!(hospital.vault.audit_entries().unwrap(), entries + 1, "care goes on, and is on record");
    assert_eq!(outbox_rows(&hospital), waiting, "and no entry is sealed to it");
    assert!(hospital.vault.outbox_batch(entries + 1, 1, usize::MAX).is_err(), "later neither");
}

#[test]
fn the_key_of_the_certificate_is_sealed_and_comes_back() {
    let mut hospital = Hospital::with_patients();
    Server::new(3).enrol(&hospital);
    hospital.reopened();
    let identity = hospital.vault.fleet_identity().unwrap().unwrap();
    assert_eq!(identity.key.as_slice(), b"private key", "after a restart");
    assert_eq!(identity.fleet.enrolment.to_string(), ENROLMENT, "whose it is");
    let record: Vec<u8> = hospital.raw().query_row("SELECT record FROM fleet", [], |row| row.get(0)).unwrap();
    assert!(!record.windows(11).any(|bytes| bytes == b"private key"), "not in the clear");
    let next = Certificate { chain: "next".to_owned(), expires: at(99).utc.to_rfc3339() };
    hospital.vault.fleet_certificate(&next, b"next key").unwrap();
    let identity = hospital.vault.fleet_identity().unwrap().unwrap();
    assert_eq!((identity.key.as_slice(), identity.fleet.certificate), (b"next key".as_slice(), next), "renewed");
}

#[test]
fn a_log_that_was_put_back_is_not_signed_for_the_server() {
    let mut hospital = Hospital::with_patients();
    Server::new(3).enrol(&hospital);
    hospital.vault.checkpoint(at(8)).unwrap();
    hospital.settle();
    let copy = std::fs::read(hospital.data().join("vigil.db")).unwrap();
    hospital.vault.transaction(refuse(), None, at(9), |_| Ok::<(), VaultError>(())).unwrap();
    hospital.vault.checkpoint(at(9)).unwrap();
    hospital.settle();
    let placeholder = Hospital::new();
    let vault = std::mem::replace(&mut hospital.vault, placeholder.vault);
    drop(vault);
    std::fs::write(hospital.data().join("vigil.db"), copy).unwrap();
    for beside in ["vigil.db-wal", "vigil.db-shm"] {
        let _ = std::fs::remove_file(hospital.data().join(beside));
    }
    hospital.reopened();
    let refused = hospital.vault.outbox_batch(1, 10, usize::MAX);
    assert!(matches!(refused, Err(VaultError::Tampered(_))), "it would vouch for an older copy: {refused:?}");
}

fn outbox_rows(hospital: &Hospital) -> u64 {
    hospital.raw().query_row("SELECT count(*) FROM outbox", [], |row| row.get(0)).unwrap()
}
