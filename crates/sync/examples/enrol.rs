//! Enrols an invented workstation, for tools of other people that call the server as one: `enrol TOKEN FOLDER`.
//!
//! Writes `chain.pem`, `key.pem` and `anchor.pem` into the folder, and the id of its log to the standard output.
#![allow(clippy::print_stdout, reason = "an example talks to whoever started it")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::SigningKey;
use vigil_audit::TextSigner;
use vigil_model::{DeviceId, Moment};
use vigil_sync::enrolment::{Applicant, enrol};
use vigil_sync::{Direct, Token};

/// Nobody else has it: every run has a server of its own.
const LOG: &str = "01900000-0000-7000-8000-00000000da57";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(token), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("enrol TOKEN FOLDER".into());
    };
    let token = Token::parse(&std::fs::read_to_string(token)?)?;
    let (log, key) = (DeviceId::parse(LOG)?, SigningKey::from_bytes(&[7; 32]));
    let name = format!("vigil/{log}");
    let verifier_key = TextSigner::vkey(&name, &key);
    let applicant = Applicant { log, verifier_key: &verifier_key, host: "invented", version: "0.0.0" };
    let sign = |kind: &str, body: &str| TextSigner::new(&name, &key).ok()?.sign(kind, body).ok();
    let clock = || Moment { utc: chrono::Utc::now(), since_boot: std::time::Duration::ZERO };
    let enrolled = enrol(&token, &applicant, sign, Arc::new(Direct), Arc::new(clock)).await?;
    let folder = Path::new(&folder);
    std::fs::write(folder.join("chain.pem"), enrolled.response.certificate.chain)?;
    std::fs::write(folder.join("key.pem"), pem("PRIVATE KEY", &enrolled.key))?;
    std::fs::write(folder.join("anchor.pem"), pem("CERTIFICATE", token.anchor()))?;
    println!("{log}");
    Ok(())
}

fn pem(what: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}
