//! Enrolment, and answers to it that nobody may take.

use ed25519_dalek::SigningKey;
use hyper::Response;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use vigil_audit::{TextSigner, TextVerifier};
use vigil_model::wire::{Bytes, EnrolmentRequest};

use super::super::pki::Pki;
use super::super::{HOST, log};
use super::drip::Drip;
use super::{Server, good, plain};

/// The secret of the one token that holds.
pub(crate) const SECRET: [u8; 32] = [3; 32];

/// How an enrolment is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Enrols {
    /// Well.
    #[default]
    Right,
    /// With the certificate of somebody else.
    OtherKey,
    /// With a certificate of another authority than the one that comes with it.
    OtherAuthority,
    /// With a certificate for servers.
    NoPem,
    /// With a key that is none of a witness.
    Witness,
    /// With a key that signs no directory.
    Directory,
    /// With a key that nothing can be sealed to.
    Seal,
    /// With an address without TLS.
    Plain,
}

pub(super) fn answer(server: &Server, body: &[u8]) -> Response<Drip> {
    let request: EnrolmentRequest = serde_json::from_slice(body).unwrap();
    let proof = TextVerifier::new(&request.verifier_key).unwrap().open("vigil/enrolment", &request.proof).unwrap();
    let digest = hex::encode(Sha256::digest(request.csr.as_bytes()));
    assert_eq!(proof.body(), format!("{}\n{digest}", log()), "the log's key vouches for the request");
    if request.secret.0 != SECRET {
        return plain(401, Vec::new());
    }
    let how = server.state().enrols;
    let wrong = |flaw: Enrols| how == flaw;
    let mut chain = server.pki.sign(&request.csr);
    match how {
        Enrols::OtherKey => chain = server.pki.workstation().0,
        Enrols::OtherAuthority => {
            let own =
                chain.find("-----BEGIN").map(|_| chain.split_inclusive("-----END CERTIFICATE-----\n").next().unwrap());
            chain = format!("{}{}", own.unwrap(), stranger());
        }
        Enrols::NoPem => chain = "certificate".to_owned(),
        _ => {}
    }
    let key = SigningKey::from_bytes(&[4; 32]);
    let text_key = TextSigner::vkey("vigil/directory", &key);
    good(&json!({
        "enrolment": "01900000-0000-7000-8000-0000000000ff",
        "certificate": { "chain": chain, "expires": "2027-02-01T00:00:00Z" },
        "server": if wrong(Enrols::Plain) { format!("http://{HOST}:8443") } else { format!("https://{HOST}:8443") },
        "witness_key": if wrong(Enrols::Witness) { text_key.clone() } else { server.witness_key() },
        "directory_key": if wrong(Enrols::Directory) { server.witness_key() } else { text_key },
        "seal_key": { "id": 1, "public": Bytes(if wrong(Enrols::Seal) { vec![1; 31] } else { server.public.to_vec() }) },
        "next": 1,
        "clock_ahead": 0,
    }))
}

/// The certificate of an authority that signed nothing here.
fn stranger() -> String {
    let (chain, _) = Pki::new().workstation();
    chain.split_inclusive("-----END CERTIFICATE-----\n").nth(1).unwrap().to_owned()
}
