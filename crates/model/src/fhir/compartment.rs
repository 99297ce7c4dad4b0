//! Which patient a resource belongs to, and the date by which it is ordered in that patient's chart.
//!
//! Membership follows FHIR R4 (4.0.1) `CompartmentDefinition/patient` (hl7.org/fhir/R4/compartmentdefinition-patient.html),
//! its search parameters written as the elements they search. The element that says whom the resource is *about* comes
//! first, so that a parent who reports a child's symptom does not get it into the parent's own chart. Added to it are types
//! that R4 leaves out although they can be about a patient (Device, Task, Contract and the like).

use serde_json::Value;

use crate::{PatientId, ResourceId, ResourceType};

/// Where a resource belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compartment {
    /// In this patient's chart.
    Patient(PatientId),
    /// Wherever the resources are that it speaks of (Provenance, Binary); empty when it does not say of which.
    Through(Vec<(ResourceType, ResourceId)>),
    /// To everybody: Practitioner, Medication, Questionnaire, an Observation about a Device.
    Shared,
    /// To a patient, but the resource does not say to whom in a way that can be followed.
    Unknown,
}

/// Where `resource` belongs. Its references must have been resolved to `Type/id`. Only the elements that [`is_read`] names
/// are looked at.
pub fn compartment(resource_type: &str, resource: &Value) -> Compartment {
    if resource_type == "Patient" {
        return own_id(resource).map_or(Compartment::Unknown, Compartment::Patient);
    }
    if let Some(paths) = about(resource_type) {
        let targets = paths.iter().flat_map(|path| references(resource, path));
        return Compartment::Through(targets.filter_map(|found| parse_reference(found.literal?)).collect());
    }
    let (paths, must_name) = elements(resource_type);
    let mut named = false;
    for path in paths {
        for found in references(resource, path) {
            let target = found.literal.and_then(parse_reference);
            match target {
                Some((kind, id)) if kind.as_str() == "Patient" => {
                    return PatientId::parse(id.as_str()).map_or(Compartment::Unknown, Compartment::Patient);
                }
                // A Group, a Device, a Practitioner: somebody is named, and it is no patient.
                Some(_) => named = true,
                None if found.may_be_patient => return Compartment::Unknown,
                None => {}
            }
        }
    }
    if must_name && !named { Compartment::Unknown } else { Compartment::Shared }
}

/// The clinically relevant date of `resource` as FHIR has it (`2019-06-01`, `2019-06-01T10:30:00+02:00`), else an empty
/// text. It orders the chart roughly; what is shown is read from the resource itself.
pub fn sort_date(resource_type: &str, resource: &Value) -> String {
    dates(resource_type).iter().find_map(|path| text_at(resource, path)).unwrap_or_default().to_owned()
}

/// Reads `Type/id`, with or without `/_history/version`.
pub fn parse_reference(text: &str) -> Option<(ResourceType, ResourceId)> {
    let mut parts = text.split('/');
    let (kind, id) = (parts.next()?, parts.next()?);
    let rest = (parts.next(), parts.next(), parts.next());
    if !matches!(rest, (None, None, None) | (Some("_history"), Some(_), None)) {
        return None;
    }
    Some((ResourceType::parse(kind).ok()?, ResourceId::parse(id).ok()?))
}

/// Whether this module looks at the element `name` of a resource, so that a reader may skip all others.
pub fn is_read(name: &str) -> bool {
    READ.binary_search(&name).is_ok()
}

/// Top-level elements named below, sorted; a test keeps the list in step.
const READ: &[&str] = &[
    "activity",
    "actor",
    "approvalDate",
    "asserter",
    "attester",
    "author",
    "authored",
    "authoredOn",
    "beneficiary",
    "billablePeriod",
    "birthDate",
    "collection",
    "created",
    "createdDateTime",
    "date",
    "dateTime",
    "dateWritten",
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "entity",
    "entry",
    "for",
    "id",
    "identifiedDateTime",
    "identifiedPeriod",
    "individual",
    "issued",
    "link",
    "member",
    "occurredDateTime",
    "occurrenceDateTime",
    "occurrencePeriod",
    "onsetDateTime",
    "onsetPeriod",
    "participant",
    "patient",
    "payee",
    "payor",
    "performedDateTime",
    "performedPeriod",
    "performer",
    "period",
    "planningHorizon",
    "policyHolder",
    "receivedTime",
    "receiver",
    "recipient",
    "recorded",
    "recordedDate",
    "recordedOn",
    "recorder",
    "request",
    "requester",
    "securityContext",
    "sender",
    "sent",
    "servicedDate",
    "source",
    "start",
    "startDate",
    "started",
    "statusDate",
    "subject",
    "subscriber",
    "target",
    "timingDateTime",
    "timingPeriod",
    "whenHandedOver",
    "whenPrepared",
];

/// Types that belong where the resources are that they speak of.
fn about(resource_type: &str) -> Option<&'static [&'static str]> {
    Some(match resource_type {
        "Provenance" | "VerificationResult" => &["target"],
        "Binary" => &["securityContext"],
        "AuditEvent" => &["entity.what"],
        "EnrollmentResponse" | "PaymentNotice" => &["request"],
        _ => return None,
    })
}

/// The elements that put a resource into a patient's compartment, and whether one of them has to name somebody.
fn elements(resource_type: &str) -> (&'static [&'static str], bool) {
    match resource_type {
        "AllergyIntolerance" => (&["patient", "recorder", "asserter"], true),
        "Appointment" => (&["participant.actor"], false),
        "AppointmentResponse" | "Schedule" => (&["actor"], false),
        "Basic" => (&["subject", "author"], false),
        "CarePlan" => (&["subject", "activity.detail.performer"], true),
        "CareTeam" => (&["subject", "participant.member"], false),
        "Claim" | "ExplanationOfBenefit" => (&["patient", "payee.party"], true),
        "Communication" => (&["subject", "sender", "recipient"], false),
        "CommunicationRequest" => (&["subject", "sender", "recipient", "requester"], false),
        "Composition" => (&["subject", "author", "attester.party"], false),
        "Condition" => (&["subject", "asserter"], true),
        "Coverage" => (&["beneficiary", "subscriber", "policyHolder", "payor"], true),
        "DeviceRequest" | "Observation" | "ServiceRequest" => (&["subject", "performer"], true),
        "DocumentManifest" => (&["subject", "author", "recipient"], false),
        "DocumentReference" => (&["subject", "author"], true),
        "Group" => (&["member.entity"], false),
        "Invoice" => (&["subject", "recipient"], false),
        "List" => (&["subject", "source"], false),
        "MedicationAdministration" | "Procedure" => (&["subject", "performer.actor"], true),
        "MedicationDispense" => (&["subject", "receiver"], true),
        "Person" => (&["link.target"], false),
        "QuestionnaireResponse" => (&["subject", "author", "source"], true),
        "RequestGroup" => (&["subject", "participant"], false),
        "ResearchSubject" => (&["individual"], true),
        "AdverseEvent"
        | "ChargeItem"
        | "ClinicalImpression"
        | "DeviceUseStatement"
        | "DiagnosticReport"
        | "Encounter"
        | "Flag"
        | "Goal"
        | "ImagingStudy"
        | "MedicationRequest"
        | "MedicationStatement"
        | "RiskAssessment" => (&["subject"], true),
        "BodyStructure"
        | "ClaimResponse"
        | "CoverageEligibilityRequest"
        | "CoverageEligibilityResponse"
        | "EpisodeOfCare"
        | "FamilyMemberHistory"
        | "Immunization"
        | "ImmunizationEvaluation"
        | "ImmunizationRecommendation"
        | "NutritionOrder"
        | "RelatedPerson"
        | "VisionPrescription" => (&["patient"], true),
        // Not in the definition of R4, or their patient is optional: whoever is named in the usual elements.
        _ => (&["subject", "patient", "beneficiary", "individual", "for"], false),
    }
}

/// Elements that hold the clinically relevant date, the best first.
fn dates(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "Patient" => &["birthDate"],
        "Observation"
        | "DiagnosticReport"
        | "MedicationAdministration"
        | "MedicationStatement"
        | "ClinicalImpression" => &["effectiveDateTime", "effectivePeriod.start", "effectiveInstant", "issued", "date"],
        "Condition" => &["onsetDateTime", "onsetPeriod.start", "recordedDate"],
        "AllergyIntolerance" => &["onsetDateTime", "onsetPeriod.start", "recordedDate"],
        "Procedure" => &["performedDateTime", "performedPeriod.start"],
        "Immunization" | "RiskAssessment" | "ServiceRequest" | "DeviceRequest" | "SupplyRequest" | "SupplyDelivery" => {
            &["occurrenceDateTime", "occurrencePeriod.start", "authoredOn", "recorded"]
        }
        "MedicationRequest" | "Task" | "RequestGroup" => &["authoredOn"],
        "MedicationDispense" => &["whenHandedOver", "whenPrepared"],
        "NutritionOrder" => &["dateTime"],
        "Encounter" | "EpisodeOfCare" | "CarePlan" | "CareTeam" | "Coverage" | "Flag" => &["period.start", "created"],
        "Goal" => &["startDate", "statusDate"],
        "Claim" | "ExplanationOfBenefit" => &["billablePeriod.start", "created"],
        "CoverageEligibilityRequest" | "CoverageEligibilityResponse" => &["servicedDate", "created"],
        "DeviceUseStatement" => &["timingDateTime", "timingPeriod.start", "recordedOn"],
        "DetectedIssue" => &["identifiedDateTime", "identifiedPeriod.start"],
        "ImagingStudy" => &["started"],
        "Media" => &["createdDateTime", "issued"],
        "Specimen" => &["collection.collectedDateTime", "collection.collectedPeriod.start", "receivedTime"],
        "QuestionnaireResponse" => &["authored"],
        "VisionPrescription" => &["dateWritten", "created"],
        "Appointment" => &["start", "created"],
        "Schedule" => &["planningHorizon.start"],
        "Communication" => &["sent"],
        "Provenance" => &["occurredDateTime", "recorded"],
        _ => &["date", "authoredOn", "recorded", "created", "issued", "period.start"],
    }
}

struct Found<'a> {
    literal: Option<&'a str>,
    /// Named by a contained resource, an identifier or an address nobody could resolve: it could be a patient.
    may_be_patient: bool,
}

fn references<'a>(resource: &'a Value, path: &str) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let subject = matches!(path, "subject" | "patient" | "beneficiary" | "individual" | "for");
    each(resource, path, &mut |value| {
        let literal = value.get("reference").and_then(Value::as_str);
        let typed_otherwise = value.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "Patient");
        let names = literal.is_some() || value.get("identifier").is_some();
        found.push(Found { literal, may_be_patient: subject && names && !typed_otherwise });
    });
    found
}

fn text_at<'a>(resource: &'a Value, path: &str) -> Option<&'a str> {
    let mut text = None;
    each(resource, path, &mut |value| text = text.or(value.as_str()));
    text
}

/// Visits the values at `path`; arrays on the way are entered.
fn each<'a>(value: &'a Value, path: &str, visit: &mut impl FnMut(&'a Value)) {
    if let Value::Array(items) = value {
        items.iter().for_each(|item| each(item, path, visit));
    } else if path.is_empty() {
        visit(value);
    } else {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Some(inner) = value.get(head) {
            each(inner, rest, visit);
        }
    }
}

fn own_id(resource: &Value) -> Option<PatientId> {
    PatientId::parse(resource.get("id")?.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patient(id: &str) -> Compartment {
        Compartment::Patient(PatientId::parse(id).unwrap())
    }

    #[test]
    fn what_is_about_a_child_is_not_in_the_reporting_parents_chart() {
        let observation =
            json!({"performer": [{"reference": "Patient/parent"}], "subject": {"reference": "Patient/child"}});
        assert_eq!(
            compartment("Observation", &observation),
            patient("child"),
            "the subject comes before the performer"
        );
    }

    #[test]
    fn every_resource_about_a_patient_is_found_through_its_own_element() {
        for (kind, resource) in [
            ("Patient", json!({"id": "p"})),
            ("Coverage", json!({"beneficiary": {"reference": "Patient/p"}})),
            (
                "Appointment",
                json!({"participant": [{"actor": {"reference": "Location/l"}}, {"actor": {"reference": "Patient/p/_history/2"}}]}),
            ),
            ("Device", json!({"patient": {"reference": "Patient/p"}})),
            ("Task", json!({"for": {"reference": "Patient/p"}})),
            ("ResearchSubject", json!({"individual": {"reference": "Patient/p"}})),
        ] {
            assert_eq!(compartment(kind, &resource), patient("p"), "{kind} is in the chart of p");
        }
    }

    #[test]
    fn what_speaks_of_other_resources_belongs_where_they_are() {
        let provenance = json!({"target": [{"reference": "Condition/c"}]});
        let expected = vec![(ResourceType::parse("Condition").unwrap(), ResourceId::parse("c").unwrap())];
        assert_eq!(
            compartment("Provenance", &provenance),
            Compartment::Through(expected),
            "a Provenance has no patient of its own"
        );
        assert_eq!(compartment("Binary", &json!({})), Compartment::Through(vec![]), "a Binary may name nobody");
    }

    #[test]
    fn a_patient_that_cannot_be_followed_is_unknown_and_never_shared() {
        for subject in [
            json!({"reference": "#p"}),
            json!({"reference": "urn:uuid:0"}),
            json!({"reference": "https://elsewhere.example/fhir/Patient/1"}),
            json!({"identifier": {"value": "1"}}),
        ] {
            let resource = json!({"subject": subject, "performer": [{"reference": "Practitioner/d"}]});
            assert_eq!(
                compartment("Observation", &resource),
                Compartment::Unknown,
                "{resource} must not be readable by all"
            );
        }
        assert_eq!(compartment("Condition", &json!({})), Compartment::Unknown, "a Condition is somebody's");
    }

    #[test]
    fn what_is_nobodys_is_shared() {
        for (kind, resource) in [
            ("Practitioner", json!({"id": "x"})),
            ("Medication", json!({})),
            ("Observation", json!({"subject": {"reference": "Location/ward"}})),
            ("Schedule", json!({"actor": [{"reference": "Practitioner/d"}]})),
        ] {
            assert_eq!(compartment(kind, &resource), Compartment::Shared, "{kind} is nobody's");
        }
    }

    #[test]
    fn the_date_is_when_it_happened_and_not_when_it_was_written_down() {
        let resource = json!({"issued": "2020-02-02T00:00:00Z", "effectivePeriod": {"start": "2020-01-01"}});
        assert_eq!(sort_date("Observation", &resource), "2020-01-01", "the effective time comes first");
        assert_eq!(sort_date("Observation", &json!({"issued": 3})), "", "a number is no date");
    }

    #[test]
    fn the_list_of_elements_is_sorted_and_names_every_element_that_is_read() {
        assert!(READ.is_sorted(), "the list is searched by halves");
        let source = include_str!("compartment.rs");
        let tables = source.split("fn about").nth(1).unwrap().split("struct Found").next().unwrap();
        for path in tables.split('"').skip(1).step_by(2) {
            let head = path.split('.').next().unwrap();
            if head.starts_with(|c: char| c.is_ascii_lowercase()) {
                assert!(is_read(head), "{head} is read but would be skipped");
            }
        }
    }
}
