//! Notes that stay closed even when the glass is broken.

use vigil_model::{PurposeOfUse, Role};

use crate::Labels;
use crate::engine;
use crate::question::{Question, Subject, Who};

/// Whether a resource with these sensitivity labels stays closed to `role` in an emergency, unless the organisation's policy
/// says otherwise: `policies/sensitive.cedar`.
///
/// `labels` are codes of HL7 v3 ActCode `InformationSensitivityPolicy` from `meta.security`.
pub fn is_closed_in_emergency<'a>(role: Role, resource_type: &str, labels: impl IntoIterator<Item = &'a str>) -> bool {
    let note = matches!(resource_type, "DocumentReference" | "Composition" | "ClinicalImpression" | "Communication");
    let question = Question {
        who: Who::User(role),
        subject: Subject::Record { labels: Labels::of_codes(labels), note },
        purpose: PurposeOfUse::EmergencyTreatment,
        grant: true,
        posture: None,
        suspended: false,
        on_screen: false,
    };
    engine::answer(&question).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psychotherapy_and_counselling_notes_stay_closed_and_what_treatment_needs_does_not() {
        let closed = |resource_type, labels: &[&'static str]| {
            is_closed_in_emergency(Role::Physician, resource_type, labels.iter().copied())
        };
        assert!(closed("DocumentReference", &["PSYTHPN"]), "a psychotherapy note");
        assert!(closed("Observation", &["BH", "PSYTHPN"]), "in whatever resource");
        assert!(closed("DocumentReference", &["SUD"]), "a counselling note");
        assert!(!closed("MedicationRequest", &["SUD"]), "methadone interacts");
        assert!(!closed("DocumentReference", &["HIV"]), "what the emergency was declared for");
        assert!(!closed("DocumentReference", &[]), "nothing said");
    }
}
