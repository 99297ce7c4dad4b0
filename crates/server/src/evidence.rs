//! The evidence of an incident, as one file that an outside auditor checks without this program.
//!
//! A tar archive: the incident, its entries byte for byte with a C2SP tlog-proof each, the cosigned checkpoint that each proof ends in, the
//! public keys, `SHA256SUMS` over all of it, and that list once more as a C2SP signed note. `verify.py` needs Python alone; `README.txt`
//! says what it does and what it cannot know.

mod package;

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use vigil_audit::{Outcome as Went, inclusion_proof};
use vigil_model::DeviceId;

use crate::http::Outcome;
use crate::incident::{IncidentError, Officer};
use crate::installation::Installation;
use crate::kind;
use crate::store::incident::{IncidentRow, put_step};
use crate::store::{Log, StoreError, Tx, event};
use package::Package;

/// The most entries of a package.
const MOST: u32 = 5_000;
/// The first line of the signed list of files.
const KIND: &str = "vigil/evidence";

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The incident.
    #[error(transparent)]
    Incident(#[from] IncidentError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The archive.
    #[error("the archive could not be written: {0}")]
    Archive(#[from] std::io::Error),
    /// JSON, or the signature.
    #[error("{0} has no form")]
    Form(&'static str),
}

impl From<EvidenceError> for Outcome {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Incident(error) => error.into(),
            EvidenceError::Store(error) => error.into(),
            EvidenceError::Archive(_) | EvidenceError::Form(_) => {
                tracing::error!(%error, "a package of evidence could not be made");
                Self::FAULT
            }
        }
    }
}

/// The package of an incident. That it was taken, and by whom, is on record before it leaves.
///
/// # Errors
/// [`EvidenceError`]; nothing leaves then.
pub async fn evidence(installation: &Installation, officer: Officer, id: u64) -> Result<Vec<u8>, EvidenceError> {
    if !officer.decides() {
        return Err(IncidentError::Role.into());
    }
    let now = installation.now();
    let mut tx = installation.store.begin().await?;
    let incident = crate::incident::read(installation, &mut tx, officer, id).await?;
    let row = IncidentRow::read(&mut tx, id).await?.ok_or(IncidentError::NoIncident)?;
    let mut package = Package::new(&format!("vigil-incident-{id}"), now.timestamp());
    let json = serde_json::to_vec_pretty(&incident).map_err(|_| EvidenceError::Form("an incident"))?;
    package.add("incident.json", &json)?;
    let patients: Vec<String> = row.patients(&mut tx).await?.iter().map(ToString::to_string).collect();
    package.add("affected-patients.csv", format!("patient\n{}\n", patients.join("\n")).as_bytes())?;

    let mut of: BTreeMap<DeviceId, Vec<u64>> = BTreeMap::new();
    for (log, seq) in row.evidence(&mut tx, MOST).await? {
        of.entry(log).or_default().push(seq);
    }
    let mut proved = 0_usize;
    for (log, mut seqs) in of {
        seqs.sort_unstable();
        proved += entries(&mut tx, &mut package, log, &seqs).await?;
    }
    package.add("witness-vkey", installation.keyring.keys.witness_key().as_bytes())?;
    package.add("evidence-vkey", installation.keyring.evidence_key.as_bytes())?;
    package.add("README.txt", include_bytes!("evidence/README.txt"))?;
    package.add("verify.py", include_bytes!("evidence/verify.py"))?;
    let sums = package.sums();
    let signed = installation.keyring.evidence.sign(KIND, sums.trim_end());
    package.add("SHA256SUMS", sums.as_bytes())?;
    package.add("SHA256SUMS.note", signed.map_err(|_| EvidenceError::Form("the signature"))?.as_bytes())?;

    put_step(&mut tx, id, now.timestamp_micros(), officer.user(), "evidence-exported", None).await?;
    let reason = format!("incident={id} entries={proved} patients={}", patients.len());
    installation.record(&mut tx, kind::EVIDENCE_EXPORT, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(package.finish()?)
}

/// The entries of one log with their proofs; how many.
async fn entries(tx: &mut Tx, package: &mut Package, id: DeviceId, seqs: &[u64]) -> Result<usize, EvidenceError> {
    let Some(log) = Log::find(tx, id).await? else { return Ok(0) };
    let Some(checkpoint) = log.checkpoint.clone() else { return Ok(0) };
    let folder = format!("logs/{id}");
    package.add(&format!("{folder}/vkey"), log.verifier_key.as_bytes())?;
    package.add(&format!("{folder}/checkpoint"), checkpoint.as_bytes())?;
    let mut proved = 0;
    for seq in seqs {
        let Some(row) = event::of(tx, id, *seq).await? else { continue };
        // An entry in quarantine has no bytes; its hash alone is in the tree.
        let Some(bytes) = row.event else { continue };
        let size = log.checkpoint_size;
        let proof = log.with_hashes(tx, |hashes_of| inclusion_proof(size, *seq, hashes_of)).await?;
        let Some(proof) = proof else { continue };
        package.add(&format!("{folder}/entries/{seq}"), &bytes)?;
        package.add(&format!("{folder}/proofs/{seq}.tlog-proof"), tlog_proof(*seq, &proof, &checkpoint).as_bytes())?;
        proved += 1;
    }
    Ok(proved)
}

/// C2SP tlog-proof: the index from 0, the hashes of the inclusion proof, an empty line, the checkpoint.
fn tlog_proof(seq: u64, proof: &[[u8; 32]], checkpoint: &str) -> String {
    let hashes: String = proof.iter().map(|hash| format!("{}\n", BASE64_STANDARD.encode(hash))).collect();
    format!("c2sp.org/tlog-proof@v1\nindex {}\n{hashes}\n{checkpoint}", seq.saturating_sub(1))
}
