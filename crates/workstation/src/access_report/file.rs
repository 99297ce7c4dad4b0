//! A patient's own access report: who looked at my record, in words for a patient. And the privacy officer's report as a file.

use std::path::Path;

use serde_json::json;
use vigil_audit::Outcome;
use vigil_model::Section;
use vigil_policy::Interaction;
use vigil_vault::{AccessRecord, ReportFilter, ReportSubject};
use zeroize::Zeroizing;

use super::{Report as Selected, about, on_record, page, patient_of, subject};
use crate::access_flag::Flags;
use crate::chart_read::patient_id;
use crate::csv::Csv;
use crate::pdf::Report;
use crate::view::{AccessReportRow, AccessReportSaveRequest, OwnAccessReportSaveRequest, ReportForm, ReportSavedView};
use crate::{AppError, Workstation, access, clock, private_file};

/// What a file may hold at most: a spreadsheet takes a million rows, and what is written is in memory before.
const MOST_ROWS: usize = 200_000;
/// What a person reads on paper at most: some five hundred pages.
const MOST_ON_PAPER: usize = 20_000;

impl Workstation {
    /// Writes a report as CSV to a new file that only its owner reads, in the order and with the rows that the screen shows. The
    /// audit entry is durable before the file is made.
    ///
    /// # Errors
    /// As [`Self::access_report_read`]; that the report is too long for a file; or that the file could not be written.
    pub fn access_report_save(&self, request: AccessReportSaveRequest) -> Result<ReportSavedView, AppError> {
        let selection = &request.selection;
        let subject = subject(&selection.about)?;
        let (from, until) = (clock::day_start(&selection.from)?, clock::day_end(&selection.until)?);
        let bytes = self.act(Interaction::AccessReportExport, patient_of(&subject), |tx, present| {
            private_file::chosen(Path::new(&request.path))?;
            let up_to = tx.report_size()?;
            let filter = ReportFilter { subject: subject.clone(), from, until, up_to };
            let order = Selected::read(tx, present, selection, &filter)?.order;
            short_enough(order.len(), MOST_ROWS)?;
            let seqs = order.page(selection.descending, 0, MOST_ROWS);
            let users = tx.report_users()?;
            let flags = Flags::read(tx, &present.unlocked.index, &users);
            let rows = page(tx, present, &flags, &subject, &seqs)?;
            on_record(tx, &subject, selection, json!({ "form": "csv", "rows": rows.len() }));
            Ok(Zeroizing::new(csv(&about(&subject, present, &users), &rows)))
        })?;
        private_file::write_new(Path::new(&request.path), &bytes)?;
        Ok(ReportSavedView { path: request.path })
    }

    /// Writes who looked at a patient's record, in words for that patient, to a new file that only its owner reads. The audit
    /// entry is durable before the file is made.
    ///
    /// # Errors
    /// As [`Self::access_report_save`].
    pub fn own_access_report_save(&self, request: OwnAccessReportSaveRequest) -> Result<ReportSavedView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let (from, until) = (clock::day_start(&request.from)?, clock::day_end(&request.until)?);
        let today = clock::day_text(&self.clock.now().utc);
        let organization = self.vault()?.settings()?.organization;
        let bytes = self.act(Interaction::AccessReportExport, Some(&patient), |tx, present| {
            private_file::chosen(Path::new(&request.path))?;
            let up_to = tx.report_size()?;
            let subject = ReportSubject::Patient(patient.clone());
            let filter = ReportFilter { subject: subject.clone(), from, until, up_to };
            let mut seqs = Vec::new();
            tx.report_accesses(&filter, |access| seqs.push(access.seq))?;
            let most = if request.form == ReportForm::Pdf { MOST_ON_PAPER } else { MOST_ROWS };
            short_enough(seqs.len(), most)?;
            let lines: Vec<[String; 4]> =
                tx.report_records(&subject, &seqs)?.iter().map(|record| line(&record.access)).collect();
            tx.detail(json!({
                "report": "the patient's own", "form": request.form, "from": request.from, "until": request.until,
                "rows": lines.len(),
            }));
            let own = Own {
                organization: &organization,
                about: about(&subject, present, &[]),
                period: period(&request.from, &request.until, &today),
                today: &today,
                lines,
            };
            Ok(Zeroizing::new(match request.form {
                ReportForm::Csv => own.csv(),
                ReportForm::Pdf => own.pdf(),
            }))
        })?;
        private_file::write_new(Path::new(&request.path), &bytes)?;
        Ok(ReportSavedView { path: request.path })
    }
}

fn short_enough(rows: usize, most: usize) -> Result<(), AppError> {
    if rows <= most {
        return Ok(());
    }
    Err(AppError::invalid(format!("this report has {rows} rows and a file takes {most}; ask for a shorter period")))
}

fn csv(about: &str, rows: &[AccessReportRow]) -> Vec<u8> {
    let mut csv = Csv::new(&[
        "Report about",
        "When",
        "User",
        "User id",
        "Role",
        "Patient",
        "Patient id",
        "What",
        "Purpose",
        "Purpose of use",
        "Outcome",
        "Flags",
        "Audit entry",
    ]);
    for row in rows {
        let flags: Vec<&str> = row.flags.iter().map(|flag| flag.meaning.as_str()).collect();
        csv.row(&[
            about,
            &row.recorded,
            &row.who,
            row.user_id.as_deref().unwrap_or_default(),
            &row.role,
            &row.patient,
            row.patient_id.as_deref().unwrap_or_default(),
            &row.what,
            &row.purpose,
            &row.purpose_code,
            &row.outcome,
            &flags.join("; "),
            &row.sequence.to_string(),
        ]);
    }
    csv.finish()
}

struct Own<'o> {
    organization: &'o str,
    about: String,
    period: String,
    today: &'o str,
    lines: Vec<[String; 4]>,
}

const COLUMNS: [(&str, f32); 4] = [("When", 1.3), ("Who", 1.7), ("What they did", 3.5), ("Why", 1.5)];

impl Own<'_> {
    fn csv(&self) -> Vec<u8> {
        let mut csv = Csv::new(&COLUMNS.map(|(name, _)| name));
        for line in &self.lines {
            csv.row(line);
        }
        csv.finish()
    }

    fn pdf(self) -> Vec<u8> {
        Report {
            title: "Who looked at my record",
            facts: vec![
                ("Organisation", self.organization.to_owned()),
                ("Patient", self.about),
                ("Period", self.period),
                ("Lines", self.lines.len().to_string()),
            ],
            notes: vec![
                "Each line is one time at which somebody at this workstation opened your record, looked at a part of it, was \
                 shown your name in a list, or was refused. The oldest is first. If a line surprises you, ask the privacy \
                 office of the organisation named above."
                    .to_owned(),
            ],
            columns: &COLUMNS,
            rows: self.lines.into_iter().map(Vec::from).collect(),
            empty: "Nobody looked at your record at this workstation in this period.",
            foot: format!("{}, made on {}", self.organization, self.today),
        }
        .pdf()
    }
}

fn period(from: &str, until: &str, today: &str) -> String {
    let from = if from.is_empty() { "the first entry" } else { from };
    format!("from {from} until {}", if until.is_empty() { today } else { until })
}

/// One access as a patient reads it: when, who, what, why.
fn line(access: &AccessRecord) -> [String; 4] {
    let row = access::row(access);
    let who = if row.role.is_empty() { row.who } else { format!("{} ({})", row.who, row.role) };
    let done = in_plain_words(&access.interaction, access.section);
    let what = match access.outcome {
        Outcome::Success => done,
        Outcome::MinorFailure => format!("Was refused: {done}"),
        Outcome::SeriousFailure => format!("Tried, and it failed: {done}"),
    };
    let why =
        if access.purpose.overrides() { format!("An emergency ({})", row.purpose) } else { sentence(&row.purpose) };
    [row.recorded, who, what, why]
}

/// What was done, as somebody understands it who does not work here.
fn in_plain_words(interaction: &str, section: Option<Section>) -> String {
    match (interaction, section) {
        ("patient-read", _) => "Opened your record".to_owned(),
        ("patient-search", _) => "Was shown your name in a list of patients".to_owned(),
        ("panel-search", _) => "Was shown your name among the patients whom they look after".to_owned(),
        ("ward-search", _) => "Was shown your name in the list of those who are in the house".to_owned(),
        ("appointment-search", _) => "Was shown your name in the schedule of appointments".to_owned(),
        ("claim-search", _) => "Was shown your name in a list of claims".to_owned(),
        ("medication-request-search", _) => "Was shown your name in a list of prescriptions".to_owned(),
        ("patient-create", _) => "Registered you".to_owned(),
        ("patient-update", _) => "Changed your name, birth date, address or the like".to_owned(),
        ("composition-search", _) => "Was shown your name in a list of notes to sign".to_owned(),
        ("section-read", Some(Section::Access)) => "Looked at who had looked at your record".to_owned(),
        ("section-read", Some(section)) => format!("Looked at your {}", part(section)),
        ("resource-read", Some(section)) => format!("Looked at one entry of your {}", part(section)),
        ("resource-create", Some(section)) => format!("Wrote in your {}", part(section)),
        ("task-search", _) => "Was shown your name in a list of amendments to decide".to_owned(),
        ("document-review", _) => "Compared a document from elsewhere with your record".to_owned(),
        ("document-import", _) => "Took entries of a document from elsewhere into your record".to_owned(),
        ("composition-nullify", _) => "Marked a note of somebody else as written in error".to_owned(),
        ("resource-update", Some(section)) => format!("Changed an entry of your {}", part(section)),
        ("patient-export", _) => "Made a copy of your record that left this workstation".to_owned(),
        ("visit-summary-print", _) => "Printed a summary of your visit".to_owned(),
        ("medication-list-print", _) => "Printed the list of your medicines".to_owned(),
        ("composition-print", _) => "Printed a note about you".to_owned(),
        ("patient-label-print", _) => "Printed your wristband or labels with your name".to_owned(),
        ("print-preview", _) => "Looked at a document of yours before printing it".to_owned(),
        ("import-create", _) => "Took in records of yours from another system".to_owned(),
        ("patient-restrict", _) => "Restricted your record".to_owned(),
        ("patient-restriction-lift", _) => "Lifted the restriction of your record".to_owned(),
        ("emergency-access-start", _) => "Opened your restricted record in an emergency, with a reason".to_owned(),
        ("emergency-access-stop", _) => "Closed your restricted record after the emergency".to_owned(),
        ("emergency-access-search", _) => "Reviewed, for privacy, who had opened records in an emergency".to_owned(),
        ("access-report-read" | "access-report-export", _) => {
            "Looked, for privacy, at who had looked at records".to_owned()
        }
        ("disclosure-accounting-read" | "disclosure-accounting-export", _) => {
            "Looked at what had been given to others from your record".to_owned()
        }
        (other, section) => sentence(&access::what(other, section)),
    }
}

/// A part of the record, as a patient says it.
const fn part(section: Section) -> &'static str {
    match section {
        Section::Summary => "summary",
        Section::Timeline => "timeline",
        Section::Problems => "conditions",
        Section::Allergies => "allergies",
        Section::Medications => "medicines",
        Section::Vitals => "vital signs",
        Section::Results => "test results",
        Section::Immunizations => "vaccinations",
        Section::Encounters => "visits",
        Section::Procedures => "procedures",
        Section::Documents => "documents and notes",
        Section::CarePlans => "care plans",
        Section::CareTeam => "care team",
        Section::FamilyHistory => "family history",
        Section::SocialHistory => "social history",
        Section::Devices => "devices",
        Section::Flags => "patient flags",
        Section::Coverage => "insurance and claims",
        Section::Amendments => "requests for amendments",
        Section::Other => "other records",
        Section::Access => "access report",
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_reads_no_word_of_the_log() {
        for section in Section::ALL {
            let read = in_plain_words("section-read", Some(section));
            assert!(read.starts_with("Looked at ") && !read.contains('-'), "{read}");
        }
        assert_eq!(in_plain_words("patient-read", None), "Opened your record");
        assert_eq!(in_plain_words("patient-destruction-request", None), "Asked for the destruction of the record");
    }
}
