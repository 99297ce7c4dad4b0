//! Disclosures: exports and papers of a patient, as the audit log has them, with who received them and what for.

use serde_json::Value;
use vigil_audit::{Kind, Outcome};
use vigil_model::Disclosure;
use vigil_policy::Interaction;

use super::access::open_detail;
use crate::{DisclosureRecord, ReportFilter, Tx, Undecodable, VaultError};

const ACCOUNTINGS: &[Interaction] = &[Interaction::DisclosureAccountingRead, Interaction::DisclosureAccountingExport];

/// What takes something of a record out of the workstation.
pub(super) const LEAVES: [Interaction; 5] = [
    Interaction::PatientExport,
    Interaction::VisitSummaryPrint,
    Interaction::MedicationListPrint,
    Interaction::CompositionPrint,
    Interaction::PatientLabelPrint,
];
/// The same as the log names it.
const IN_THE_LOG: [Kind; 5] = [
    Kind::PATIENT_EXPORT,
    Kind::VISIT_SUMMARY_PRINT,
    Kind::MEDICATION_LIST_PRINT,
    Kind::COMPOSITION_PRINT,
    Kind::PATIENT_LABEL_PRINT,
];
/// Of a paper: what it is, beside the disclosure.
const OUTPUT: &str = "output";

impl Tx<'_> {
    /// Says what this transaction puts on paper, and to whom it goes where it leaves the house. It lies under the directory key, as
    /// [`Self::disclose`] has it.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but that of a paper.
    pub fn put_on_paper(&mut self, output: Value, disclosure: Option<&Disclosure>) -> Result<(), VaultError> {
        self.may(&LEAVES)?;
        let no_json = |_| VaultError::Invalid("the disclosure has no JSON form");
        let mut said = match disclosure {
            Some(disclosure) => serde_json::to_value(disclosure).map_err(no_json)?,
            None => Value::Object(serde_json::Map::new()),
        };
        if let Some(said) = said.as_object_mut() {
            said.insert(OUTPUT.to_owned(), output);
        }
        self.detail(said);
        Ok(())
    }

    /// Says of this transaction's export who receives it and what for. It lies under the directory key: an accounting is due
    /// from somebody who holds no key of the record.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but that of an export.
    pub fn disclose(&mut self, disclosure: &Disclosure) -> Result<(), VaultError> {
        self.may(&[Interaction::PatientExport])?;
        let said =
            serde_json::to_value(disclosure).map_err(|_| VaultError::Invalid("the disclosure has no JSON form"))?;
        self.detail(said);
        Ok(())
    }

    /// What was disclosed about the permit's patient, oldest first. `filter` is about that patient.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but that of an accounting, or for another patient; or the database fails.
    pub fn disclosures(&self, filter: &ReportFilter) -> Result<Vec<DisclosureRecord>, VaultError> {
        self.may(ACCOUNTINGS)?;
        let words = self.audit_words()?;
        let exported =
            |word: u32| words.get(&word).is_some_and(|word| IN_THE_LOG.iter().any(|kind| word == kind.interaction));
        let mut seqs = Vec::new();
        self.report_accesses(filter, |access| {
            if exported(access.interaction) && access.outcome == Outcome::Success.code() {
                seqs.push(access.seq);
            }
        })?;
        let mut disclosures = Vec::new();
        for record in self.report_records(&filter.subject, &seqs)? {
            let said = open_detail(self, record.access.seq)?;
            // What was printed for care in the house was disclosed to nobody.
            if said.as_ref().is_ok_and(|said| said.get(OUTPUT).is_some() && said.get("recipient").is_none()) {
                continue;
            }
            let disclosure = match said {
                // Exports of versions that did not ask have nothing beside them.
                Err(Undecodable::Destroyed) => None,
                said => Some(said.and_then(|said| serde_json::from_value(said).map_err(|_| Undecodable::Malformed))),
            };
            disclosures.push(DisclosureRecord { access: record.access, disclosure });
        }
        Ok(disclosures)
    }
}
