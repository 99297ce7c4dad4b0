//! Disclosures: exports of a patient, as the audit log has them, with who received them and what for.

use vigil_audit::{Kind, Outcome};
use vigil_model::Disclosure;
use vigil_policy::Interaction;

use super::access::open_detail;
use crate::{DisclosureRecord, ReportFilter, Tx, Undecodable, VaultError};

const ACCOUNTINGS: &[Interaction] = &[Interaction::DisclosureAccountingRead, Interaction::DisclosureAccountingExport];

impl Tx<'_> {
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
        let exported = |word: u32| words.get(&word).is_some_and(|word| word == Kind::PATIENT_EXPORT.interaction);
        let mut seqs = Vec::new();
        self.report_accesses(filter, |access| {
            if exported(access.interaction) && access.outcome == Outcome::Success.code() {
                seqs.push(access.seq);
            }
        })?;
        let records = self.report_records(&filter.subject, &seqs)?;
        records
            .into_iter()
            .map(|record| {
                let said = open_detail(self, record.access.seq)?;
                let disclosure = match said {
                    // Exports of versions that did not ask have nothing beside them.
                    Err(Undecodable::Destroyed) => None,
                    said => {
                        Some(said.and_then(|said| serde_json::from_value(said).map_err(|_| Undecodable::Malformed)))
                    }
                };
                Ok(DisclosureRecord { access: record.access, disclosure })
            })
            .collect()
    }
}
