//! Enrolment and the calls of sign-ins, over real TLS.

use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use vigil_audit::TextSigner;
use vigil_model::wire::{Bytes, KeyDeposit, SignInChallengeRequest, SignInProof};
use vigil_sync::client::{Client, Timeouts};
use vigil_sync::enrolment::{Applicant, enrol};
use vigil_sync::{Dial, Distrust, Enrolled, EnrolmentError, Failure, Token};

use crate::support::pki::{Pki, Shown};
use crate::support::server::enrolment::{Enrols, SECRET};
use crate::support::{HOST, Hospital, identity, log, log_key};

#[tokio::test(start_paused = true)]
async fn a_workstation_with_a_token_is_one_of_the_fleet() {
    let hospital = Hospital::new(5);
    let enrolled = apply(&hospital, &SECRET, &hospital.pki).await.ok().unwrap();
    hospital.outbox.show((enrolled.response.certificate.chain, enrolled.key.to_vec()));
    hospital.drain().await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_used_says_what_to_do() {
    let hospital = Hospital::new(0);
    let error = apply(&hospital, &[4; 32], &hospital.pki).await.err().unwrap();
    assert!(matches!(error, EnrolmentError::TokenRefused { .. }), "the token: {error}");
    let said = error.to_string();
    assert!(
        said.contains("vigil.example:8444") && said.contains("vigil-server device token"),
        "where, what to do: {said}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_the_token_does_not_name_gets_no_secret() {
    let hospital = Hospital::new(0);
    let error = apply(&hospital, &SECRET, &Pki::new()).await.err().unwrap();
    let EnrolmentError::Call { why, .. } = error else { panic!("{error}") };
    assert_eq!(why, Failure::Untrusted(Distrust::Issuer), "another anchor");
    hospital.net.show(Shown::WrongHost);
    let error = apply(&hospital, &SECRET, &hospital.pki).await.err().unwrap();
    let EnrolmentError::Call { why, .. } = error else { panic!("{error}") };
    assert_eq!(why, Failure::Untrusted(Distrust::Host), "another host");
    assert_eq!(hospital.server.calls("/v1/enrolment"), 0, "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_used_is_not_kept() {
    let cases = [
        (Enrols::OtherKey, "a certificate"),
        (Enrols::OtherAuthority, "a certificate"),
        (Enrols::NoPem, "a certificate"),
        (Enrols::Witness, "a key for receipts"),
        (Enrols::Directory, "a key for the directory"),
        (Enrols::Seal, "a key for entries"),
        (Enrols::Plain, "an address"),
    ];
    for (how, expected) in cases {
        let hospital = Hospital::new(0);
        hospital.server.enrols(how);
        let error = apply(&hospital, &SECRET, &hospital.pki).await.err().unwrap();
        let EnrolmentError::Answer { what, .. } = error else { panic!("{how:?}: {error}") };
        assert_eq!(what, expected, "{how:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_logs_key_nothing_is_asked() {
    let hospital = Hospital::new(0);
    let dial: Arc<dyn Dial> = hospital.net.clone();
    let token = Token::parse(&token(&SECRET, &hospital.pki)).ok().unwrap();
    let asked = enrol(&token, &applicant("k"), |_, _| None, dial, hospital.clock.clone()).await;
    assert!(matches!(asked, Err(EnrolmentError::Unsigned)), "the vault is closed");
    assert_eq!(hospital.net.dialled(), 0, "nobody was called");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_names_its_audit_entry() {
    let hospital = Hospital::new(0);
    let dial: Arc<dyn Dial> = hospital.net.clone();
    let mut client = Client::of(&identity(&hospital.pki), dial, hospital.clock.clone(), Timeouts::MAIN).unwrap();
    let username = "anna".to_owned();
    let request = SignInChallengeRequest { username: username.clone() };
    let challenge = client.sign_in_challenge(log(), 7, &request).await.unwrap();
    assert_eq!(challenge.memory, 65_536, "how to stretch it");
    let proof = |byte| SignInProof {
        username: username.clone(),
        proof: Bytes(vec![byte; 32]),
        new_proof: None,
        public_key: Bytes(vec![1; 32]),
        emergency_public_key: Bytes(vec![2; 32]),
    };
    assert!(client.sign_in(log(), 8, &proof(1)).await.unwrap().is_some(), "the right password");
    assert_eq!(client.sign_in(log(), 9, &proof(2)).await, Ok(None), "another one");
    client.deposit_keys(log(), 10, &KeyDeposit { key: 1, groups: Vec::new() }).await.unwrap();
    assert_eq!(client.group_keys().await.unwrap()[0].version, 2, "what the server holds");
    let named: Vec<_> = hospital.server.named().into_iter().map(|(_, named)| named).collect();
    let expected = [7, 8, 9, 10].map(|seq| Some(format!("{}.{seq}", log())));
    assert_eq!(named[..4], expected, "each call names its own");
    assert_eq!(hospital.net.dialled(), 1, "over one connection");
}

async fn apply(hospital: &Hospital, secret: &[u8], anchor: &Pki) -> Result<Enrolled, EnrolmentError> {
    let token = Token::parse(&token(secret, anchor))?;
    let signer = TextSigner::new("vigil/a", &log_key()).unwrap();
    let key = TextSigner::vkey("vigil/a", &log_key());
    let sign = move |kind: &str, body: &str| signer.sign(kind, body).ok();
    let dial: Arc<dyn Dial> = hospital.net.clone();
    enrol(&token, &applicant(&key), sign, dial, hospital.clock.clone()).await
}

fn applicant(key: &str) -> Applicant<'_> {
    Applicant { log: log(), verifier_key: key, host: "ward-3", version: "0.1.0" }
}

fn token(secret: &[u8], anchor: &Pki) -> String {
    let (anchor, secret) = (BASE64_STANDARD.encode(anchor.anchor()), BASE64_STANDARD.encode(secret));
    let json = format!(r#"{{"url":"https://{HOST}:8444","anchor":"{anchor}","id":"1","secret":"{secret}"}}"#);
    format!("vigil1.{}", BASE64_URL_SAFE_NO_PAD.encode(json))
}
