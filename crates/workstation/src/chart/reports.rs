//! Diagnostic reports, imaging studies and specimens: what stands under the results.

use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::quantity::format_number;

use super::reader::{Chart, concepts, earliest_known, join, labelled, qualified, sort_rows, title, when, when_choice};
use super::{Record, documents, plain};
use crate::view::PlainRow;

/// Newest first; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let reports = chart.of("DiagnosticReport").map(|record| report(chart, record));
    let studies = chart.of("ImagingStudy").map(|record| study(chart, record));
    let specimens = chart.of("Specimen").map(|record| specimen(chart, record));
    let mut rows: Vec<PlainRow> = reports.chain(studies).chain(specimens).collect();
    sort_rows(&mut rows, |row| u8::from(row.status == "entered-in-error"), |row| &row.when);
    rows
}

/// One report.
pub(super) fn report(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let report = &record.json;
    let results = items(report, "result").len();
    let detail = join(
        [
            text(report, "conclusion").to_owned(),
            concepts(report, "conclusionCode"),
            match results {
                0 => String::new(),
                1 => "1 result".to_owned(),
                many => format!("{many} results"),
            },
            concepts(report, "category"),
            labelled("by", chart.names_of(report, report, "performer")),
            labelled("with a document", documents::first_content_type(report)),
        ],
        ", ",
    );
    plain::row(record, "code", documents::dated(report), detail)
}

/// One imaging study.
pub(super) fn study(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let study = &record.json;
    let of_series = |key: &str| {
        let mut names: Vec<&str> =
            items(study, "series").iter().map(|series| coding::coding_display(at(series, &[key]))).collect();
        names.dedup();
        join(names, ", ")
    };
    let (modality, site) = (of_series("modality"), of_series("bodySite"));
    let count = |key: &str, name: &str| labelled(name, study.get(key).map(format_number).unwrap_or_default());
    let detail = join(
        [
            site.clone(),
            labelled("for", chart.reasons(study)),
            count("numberOfSeries", "series"),
            count("numberOfInstances", "images"),
            labelled("interpreted by", chart.names_of(study, study, "interpreter")),
        ],
        ", ",
    );
    let mut row = plain::row(record, "procedureCode", when(text(study, "started")), detail);
    let procedure = concepts(study, "procedureCode");
    row.code = coding::code_label(first(study, "procedureCode"));
    row.title = title(
        study,
        [procedure.as_str(), text(study, "description"), qualified(&modality, &site).as_str(), "Imaging study"],
    );
    row
}

/// One specimen.
fn specimen(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let specimen = &record.json;
    let collection = at(specimen, &["collection"]);
    let detail = join(
        [
            labelled("condition", concepts(specimen, "condition")),
            labelled("from", coding::display(at(collection, &["bodySite"]))),
            labelled("by", chart.name_of(specimen, at(collection, &["collector"]))),
            labelled("accession", text(at(specimen, &["accessionIdentifier"]), "value")),
        ],
        ", ",
    );
    let at_time = earliest_known([when_choice(collection, "collected"), when(text(specimen, "receivedTime"))]);
    let mut row = plain::row(record, "type", at_time, detail);
    row.title = format!("Specimen {}", row.title);
    row
}
