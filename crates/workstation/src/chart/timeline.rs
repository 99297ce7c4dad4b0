//! Everything by date.

use vigil_model::Section;

use super::reader::{Chart, earliest_known, join, seconds};
use super::{Record, documents, encounters, immunizations, medications, problems, procedures, reports};
use crate::view::{PlainRow, TimelineRow};

/// Newest first; what has no date last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<TimelineRow> {
    let types = Section::Timeline.resource_types();
    let mut rows: Vec<TimelineRow> = chart
        .all()
        .filter(|record| types.contains(&record.resource_type.as_str()))
        .map(|record| row(chart, record))
        .collect();
    rows.sort_by_cached_key(|row| std::cmp::Reverse(seconds(&row.when)));
    rows
}

fn row(chart: &Chart<'_>, record: &Record) -> TimelineRow {
    match record.resource_type.as_str() {
        "Encounter" => {
            let row = encounters::row(chart, record);
            let detail = join([row.class, row.reason, row.practitioner, row.place, row.status], ", ");
            TimelineRow { when: row.start, kind: "Encounter".to_owned(), title: row.kind, detail, ..blank(record) }
        }
        "Condition" => {
            let row = problems::row(record);
            let when = earliest_known([row.onset, problems::recorded(&record.json)]);
            let detail = join([row.clinical_status, row.verification_status, row.severity], ", ");
            TimelineRow { when, kind: "Problem".to_owned(), title: row.name, detail, ..blank(record) }
        }
        "DocumentReference" => {
            let title = documents::document_title(&record.json);
            let detail = super::reader::status(&record.json);
            TimelineRow {
                when: documents::dated(&record.json),
                kind: "Document".to_owned(),
                title,
                detail,
                ..blank(record)
            }
        }
        "MedicationRequest" => {
            let when = medications::row(chart, record).when;
            let (title, detail) = medications::summary(chart, record);
            TimelineRow { when, kind: "Medication".to_owned(), title, detail, ..blank(record) }
        }
        "Procedure" => plain(record, "Procedure", procedures::row(chart, record)),
        "Immunization" => plain(record, "Immunization", immunizations::row(chart, record)),
        "ImagingStudy" => plain(record, "Imaging", reports::study(chart, record)),
        _ => plain(record, "Report", reports::report(chart, record)),
    }
}

fn plain(record: &Record, kind: &str, row: PlainRow) -> TimelineRow {
    let detail = join([row.status, row.detail], ", ");
    TimelineRow { when: row.when, kind: kind.to_owned(), title: row.title, detail, ..blank(record) }
}

fn blank(record: &Record) -> TimelineRow {
    TimelineRow {
        resource_type: record.resource_type.clone(),
        id: record.id.clone(),
        when: super::reader::when(""),
        kind: String::new(),
        title: String::new(),
        detail: String::new(),
    }
}
