//! The accounting of disclosures (45 CFR 164.528): what left this workstation about a patient in six years, to whom, when,
//! what and what for.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::path::Path;

use chrono::{DateTime, Months, Utc};
use serde_json::json;
use vigil_model::{Disclosure, DisclosureBasis, PatientId};
use vigil_policy::Interaction;
use vigil_vault::{DisclosureRecord, ReportFilter, ReportSubject, Tx};
use zeroize::Zeroizing;

use crate::act::Present;
use crate::chart_read::patient_id;
use crate::csv::Csv;
use crate::patient::identity;
use crate::pdf::Report;
use crate::view::{
    DisclosureAccountingReadRequest, DisclosureAccountingSaveRequest, DisclosureAccountingView, DisclosureRow,
    PatientExportRequest, ReportForm, ReportSavedView,
};
use crate::{AppError, Workstation, access, clock, private_file};

/// How far back an accounting goes: six years before the date on which it is asked for (164.528(a)(1)).
const BACK: Months = Months::new(72);
/// A name and an address are a few lines, a purpose a few sentences.
const LONGEST_NAME: usize = 200;
const LONGEST_PURPOSE: usize = 500;

impl Workstation {
    /// What was disclosed about a patient, newest first.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written.
    pub fn disclosure_accounting_read(
        &self,
        request: DisclosureAccountingReadRequest,
    ) -> Result<DisclosureAccountingView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let now = self.clock.now().utc;
        self.act(Interaction::DisclosureAccountingRead, Some(&patient), |tx, present| {
            accounting(tx, present, &patient, now)
        })
    }

    /// Writes it to a new file that only its owner reads. The audit entry is durable before the file is made.
    ///
    /// # Errors
    /// As [`Self::disclosure_accounting_read`], or that the file could not be written.
    pub fn disclosure_accounting_save(
        &self,
        request: DisclosureAccountingSaveRequest,
    ) -> Result<ReportSavedView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let now = self.clock.now().utc;
        let organization = self.vault()?.settings()?.organization;
        let bytes = self.act(Interaction::DisclosureAccountingExport, Some(&patient), |tx, present| {
            private_file::chosen(Path::new(&request.path))?;
            let view = accounting(tx, present, &patient, now)?;
            tx.detail(json!({ "form": request.form, "rows": view.rows.len() }));
            Ok(Zeroizing::new(match request.form {
                ReportForm::Csv => csv(&view),
                ReportForm::Pdf => pdf(&view, &organization),
            }))
        })?;
        private_file::write_new(Path::new(&request.path), &bytes)?;
        Ok(ReportSavedView { path: request.path })
    }
}

/// What is said of an export before it is made.
pub(crate) fn checked(request: &PatientExportRequest) -> Result<Disclosure, AppError> {
    said(request.basis, &request.recipient, &request.address, &request.purpose)
}

/// The same of whatever leaves.
pub(crate) fn said(
    basis: DisclosureBasis,
    recipient: &str,
    address: &str,
    purpose: &str,
) -> Result<Disclosure, AppError> {
    let text = |text: &str, most: usize, what: &str| {
        let text = text.trim().to_owned();
        if text.chars().count() > most || text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(AppError::invalid(format!("{what} has at most {most} characters")));
        }
        Ok(text)
    };
    let needed = |text: String, what: &str| {
        if text.is_empty() { Err(AppError::invalid(format!("say {what}: it is kept for six years"))) } else { Ok(text) }
    };
    Ok(Disclosure {
        basis,
        recipient: needed(text(recipient, LONGEST_NAME, "the name of who receives it")?, "who receives it")?,
        address: text(address, LONGEST_NAME, "the address")?,
        purpose: needed(text(purpose, LONGEST_PURPOSE, "the purpose")?, "what it is for")?,
        description: String::new(),
    })
}

fn accounting(
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    now: DateTime<Utc>,
) -> Result<DisclosureAccountingView, AppError> {
    let up_to = tx.report_size()?;
    let from = now.checked_sub_months(BACK);
    let filter = ReportFilter { subject: ReportSubject::Patient(patient.clone()), from, until: None, up_to };
    let mut rows: Vec<DisclosureRow> = tx.disclosures(&filter)?.iter().map(row).collect();
    rows.reverse();
    Ok(DisclosureAccountingView {
        about: present
            .unlocked
            .index
            .get(patient)
            .map_or_else(|| format!("Patient {patient}, not in the directory"), identity),
        from: from.map(|from| clock::day_text(&from)).unwrap_or_default(),
        until: clock::day_text(&now),
        rows,
    })
}

fn row(record: &DisclosureRecord) -> DisclosureRow {
    let line = access::row(&record.access);
    let (disclosure, unreadable) = match &record.disclosure {
        Some(Ok(disclosure)) => (Some(disclosure), None),
        Some(Err(reason)) => (None, Some(format!("Not readable: {reason}"))),
        None => (None, Some("Not recorded: this version of Vigil did not ask".to_owned())),
    };
    let text = |of: fn(&Disclosure) -> &str| {
        disclosure.map(|disclosure| of(disclosure).to_owned()).or_else(|| unreadable.clone()).unwrap_or_default()
    };
    DisclosureRow {
        sequence: line.sequence,
        recorded: line.recorded,
        who: line.who,
        recipient: text(|disclosure| &disclosure.recipient),
        address: disclosure.map(|disclosure| disclosure.address.clone()).unwrap_or_default(),
        description: text(|disclosure| &disclosure.description),
        purpose: text(|disclosure| &disclosure.purpose),
        basis: disclosure.map(|disclosure| disclosure.basis),
        accountable: disclosure.is_none_or(|disclosure| disclosure.basis.is_accountable()),
    }
}

/// The ground in words, as the law has it.
const fn basis(basis: DisclosureBasis) -> &'static str {
    match basis {
        DisclosureBasis::Treatment => "treatment",
        DisclosureBasis::Payment => "payment",
        DisclosureBasis::Operations => "health care operations",
        DisclosureBasis::Individual => "to the patient",
        DisclosureBasis::Authorization => "the patient's authorization",
        DisclosureBasis::RequiredByLaw => "required by law",
        DisclosureBasis::PublicHealth => "public health",
        DisclosureBasis::Research => "research",
        DisclosureBasis::Other => "other",
    }
}

fn csv(view: &DisclosureAccountingView) -> Vec<u8> {
    let mut csv = Csv::new(&[
        "Date",
        "Received by",
        "Address",
        "What was disclosed",
        "Purpose",
        "Ground",
        "Accounting required",
        "Disclosed by",
        "Audit entry",
    ]);
    for row in &view.rows {
        csv.row(&[
            row.recorded.as_str(),
            &row.recipient,
            &row.address,
            &row.description,
            &row.purpose,
            row.basis.map_or("not recorded", basis),
            if row.accountable { "yes" } else { "no" },
            &row.who,
            &row.sequence.to_string(),
        ]);
    }
    csv.finish()
}

fn pdf(view: &DisclosureAccountingView, organization: &str) -> Vec<u8> {
    let line = |row: &DisclosureRow| {
        let to =
            if row.address.is_empty() { row.recipient.clone() } else { format!("{}\n{}", row.recipient, row.address) };
        let ground = row.basis.map_or("not recorded", basis);
        vec![
            row.recorded.clone(),
            to,
            row.description.clone(),
            row.purpose.clone(),
            ground.to_owned(),
            row.sequence.to_string(),
        ]
    };
    Report {
        title: "Accounting of disclosures",
        facts: vec![
            ("Organisation", organization.to_owned()),
            ("Patient", view.about.clone()),
            ("Period", format!("{} to {}", view.from, view.until)),
            ("Disclosures", view.rows.len().to_string()),
        ],
        notes: vec![
            "Disclosures of protected health information from this workstation in the six years before the date above \
             (45 CFR 164.528). Disclosures for treatment, payment and health care operations, to the patient, and under the \
             patient's authorization need not be accounted for; they are listed all the same, with their ground."
                .to_owned(),
        ],
        columns: &[("Date", 1.3), ("Received by", 2.0), ("What was disclosed", 2.0), ("Purpose", 2.4), ("Ground", 1.3), ("Entry", 0.6)],
        rows: view.rows.iter().map(line).collect(),
        empty: "Nothing was disclosed from this workstation in this period.",
        foot: format!("{organization}, made on {}", view.until),
    }
    .pdf()
}
