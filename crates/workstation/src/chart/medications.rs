//! Medicines: requests, statements, administrations and dispenses.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::reference::{self, Target};

use super::Record;
use super::dosage::{self, Line};
use super::reader::{
    Chart, concepts, earliest_known, is_error, join, labelled, notes, qualified, sort_rows, status, title, when,
    when_choice,
};
use super::{product, tall_man};
use crate::view::{MedicationRow, When};

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// The types that are medicines taken or ordered; a Medication alone only says what one of them is.
const TYPES: [&str; 4] = ["MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"];

/// Active first, then newest; mistakes last. A Medication that nothing here refers to has a row of its own, so that it is not out of sight.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<MedicationRow> {
    let mut rows: Vec<MedicationRow> =
        TYPES.into_iter().flat_map(|kind| chart.of(kind)).map(|record| row(chart, record)).collect();
    let referred: Vec<&str> =
        TYPES.into_iter().flat_map(|kind| chart.of(kind)).filter_map(|record| medication_id(&record.json)).collect();
    rows.extend(
        chart
            .of("Medication")
            .filter(|record| !referred.contains(&record.id.as_str()))
            .map(|record| row(chart, record)),
    );
    sort_rows(&mut rows, urgency, |row| &row.when);
    rows
}

/// One medicine.
pub(super) fn row(chart: &Chart<'_>, record: &Record) -> MedicationRow {
    let resource = &record.json;
    let concept = concept(chart, resource);
    let line = line(resource);
    let status = status(resource);
    let forbidden = resource.get("doNotPerform") == Some(&Value::Bool(true));
    let name = name(chart, resource, concept);
    MedicationRow {
        resource_type: record.resource_type.clone(),
        id: record.id.clone(),
        version: record.version,
        parts: if is_of_rxnorm(concept) { product::parts(&name) } else { None },
        name,
        code: coding::code_label(concept),
        dose: line.dose,
        route: line.route,
        frequency: line.frequency,
        text: join([line.text, amount(resource)], "; "),
        active: !forbidden && is_active(&record.resource_type, &status),
        status: if forbidden { format!("do not give ({status})") } else { status },
        intent: text(resource, "intent").to_owned(),
        when: when_given(resource),
        requester: requester(chart, resource),
        reason: join([chart.reasons(resource), concepts(resource, "statusReason")], "; "),
        note: notes(resource, "note"),
    }
}

/// The coded medicine: in the resource, contained in it, or a Medication of this chart; JSON null when it is only named.
fn concept<'v>(chart: &'v Chart<'_>, resource: &'v Value) -> &'v Value {
    let own = first(resource, "medicationCodeableConcept");
    if !own.is_null() {
        return own;
    }
    let target = chart.resolve(resource, at(resource, &["medicationReference"]));
    at(target.unwrap_or(resource), &["code"])
}

fn name(chart: &Chart<'_>, resource: &Value, concept: &Value) -> String {
    let referred = match coding::display(concept) {
        "" => referred_name(chart, resource),
        display => display.to_owned(),
    };
    tall_man::apply(&title(resource, [referred.as_str()]))
}

fn is_of_rxnorm(concept: &Value) -> bool {
    items(concept, "coding").iter().any(|coding| text(coding, "system") == RXNORM)
}

fn referred_name(chart: &Chart<'_>, resource: &Value) -> String {
    let reference = at(resource, &["medicationReference"]);
    let ingredient =
        items(resource, "ingredient").iter().map(|item| coding::display(first(item, "itemCodeableConcept")));
    join(std::iter::once(chart.name_of(resource, reference).as_str()).chain(ingredient), " + ")
}

fn medication_id(resource: &Value) -> Option<&str> {
    match reference::parse(text(at(resource, &["medicationReference"]), "reference")) {
        Target::Resource { resource_type: "Medication", id } => Some(id),
        Target::Resource { .. } | Target::Contained(_) | Target::Other(_) => None,
    }
}

/// `dosageInstruction` of orders and dispenses, `dosage` of statements, the single `dosage` of an administration.
fn line(resource: &Value) -> Line {
    let administered = at(resource, &["dosage"]);
    if administered.get("dose").is_some()
        || administered.get("rateQuantity").is_some()
        || administered.get("rateRatio").is_some()
    {
        let given = serde_json::json!({
            "text": administered.get("text"), "route": administered.get("route"), "site": administered.get("site"),
            "doseAndRate": [{ "doseQuantity": administered.get("dose"), "rateQuantity": administered.get("rateQuantity"), "rateRatio": administered.get("rateRatio") }]
        });
        return dosage::line(&[given]);
    }
    match items(resource, "dosageInstruction") {
        [] => dosage::line(items(resource, "dosage")),
        instructions => dosage::line(instructions),
    }
}

/// What was dispensed.
fn amount(resource: &Value) -> String {
    labelled("dispensed", dosage::quantity(at(resource, &["quantity"])))
}

fn is_active(resource_type: &str, status: &str) -> bool {
    match resource_type {
        "MedicationRequest" | "MedicationStatement" => status == "active",
        "MedicationAdministration" => status == "in-progress",
        _ => false,
    }
}

fn urgency(row: &MedicationRow) -> u8 {
    match (row.active, row.status.as_str()) {
        (true, _) => 0,
        (false, forbidden) if forbidden.starts_with("do not give (active") => 0,
        (false, "on-hold" | "intended" | "draft" | "preparation" | "in-progress") => 1,
        (false, status) if is_error(status) => 3,
        (false, _) => 2,
    }
}

fn when_given(resource: &Value) -> When {
    let moments = ["authoredOn", "whenHandedOver", "whenPrepared", "dateAsserted"].map(|key| when(text(resource, key)));
    let [ordered, handed_over, prepared, asserted] = moments;
    earliest_known([ordered, when_choice(resource, "effective"), handed_over, prepared, asserted])
}

fn requester(chart: &Chart<'_>, resource: &Value) -> String {
    let by = ["requester", "informationSource"].map(|key| chart.name_of(resource, at(resource, &[key])));
    let performers = items(resource, "performer").iter().map(|performer| match performer.get("actor") {
        Some(actor) => chart.name_of(resource, actor),
        None => chart.name_of(resource, performer),
    });
    let named: Vec<String> = by.into_iter().chain(performers).filter(|name| !name.is_empty()).take(1).collect();
    let reported = resource.get("reportedBoolean") == Some(&Value::Bool(true));
    qualified(&join(named, ", "), if reported { "reported" } else { "" })
}

/// The medicine in one text, for lists of another kind.
pub(super) fn summary(chart: &Chart<'_>, record: &Record) -> (String, String) {
    let row = row(chart, record);
    let name = row.parts.as_ref().map_or(row.name, product::in_words);
    (name, join([row.dose, row.route, row.frequency, row.text], " "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{chart_of, record};
    use super::*;

    #[test]
    fn a_referenced_and_a_contained_medication_give_the_name() {
        let records = [
            record(json!({ "resourceType": "Medication", "id": "m", "code": { "text": "hydralazine 25 mg tablet" } })),
            record(json!({ "resourceType": "Medication", "id": "alone", "code": { "text": "aspirin" } })),
            record(
                json!({ "resourceType": "MedicationRequest", "id": "a", "status": "active", "authoredOn": "2026-01-02", "medicationReference": { "reference": "Medication/m" } }),
            ),
            record(
                json!({ "resourceType": "MedicationRequest", "id": "b", "status": "active", "authoredOn": "2026-01-01",
                "contained": [{ "resourceType": "Medication", "id": "in", "code": { "text": "metformin" } }], "medicationReference": { "reference": "#in" } }),
            ),
        ];
        let names: Vec<_> = chart_of(&records, rows).into_iter().map(|row| row.name).collect();
        assert_eq!(
            names,
            ["hydrALAZINE 25 mg tablet", "metFORMIN", "aspirin"],
            "resolved, Tall Man applied, an unused Medication kept in sight"
        );
    }

    #[test]
    fn an_order_not_to_give_is_never_an_active_medicine() {
        let order = record(
            json!({ "resourceType": "MedicationRequest", "id": "a", "status": "active", "doNotPerform": true, "medicationCodeableConcept": { "text": "codeine" } }),
        );
        let rows = chart_of(&[order], rows);
        assert_eq!(
            (rows[0].active, rows[0].status.as_str()),
            (false, "do not give (active)"),
            "the prohibition stands in the status"
        );
    }

    #[test]
    fn a_medicine_without_a_name_says_so() {
        let rows = chart_of(&[record(json!({ "resourceType": "MedicationStatement", "id": "a" }))], rows);
        assert_eq!((rows[0].name.as_str(), rows[0].status.as_str()), ("Not known", "Not known"), "never blank");
    }
}
