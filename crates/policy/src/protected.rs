//! Notes that stay closed even when the glass is broken.

/// Whether a resource with these sensitivity labels stays closed in an emergency, unless the organisation's policy says
/// otherwise: psychotherapy notes (45 CFR 164.501), and notes of substance use counselling (42 CFR Part 2).
///
/// `labels` are codes of HL7 v3 ActCode `InformationSensitivityPolicy` from `meta.security`. A substance use label closes
/// notes only: a medicine or an allergy that carries one may decide over life in an emergency.
pub fn is_closed_in_emergency<'a>(resource_type: &str, labels: impl IntoIterator<Item = &'a str>) -> bool {
    let is_note = matches!(resource_type, "DocumentReference" | "Composition" | "ClinicalImpression" | "Communication");
    labels.into_iter().any(|label| match label {
        "PSYTHPN" => true,
        "SUD" | "ETH" | "ETHUD" | "OPIOIDUD" => is_note,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psychotherapy_and_counselling_notes_stay_closed_and_what_treatment_needs_does_not() {
        assert!(is_closed_in_emergency("DocumentReference", ["PSYTHPN"]), "a psychotherapy note");
        assert!(is_closed_in_emergency("Observation", ["BH", "PSYTHPN"]), "in whatever resource");
        assert!(is_closed_in_emergency("DocumentReference", ["SUD"]), "a counselling note");
        assert!(!is_closed_in_emergency("MedicationRequest", ["SUD"]), "methadone interacts");
        assert!(!is_closed_in_emergency("DocumentReference", ["HIV"]), "what the emergency was declared for");
        assert!(!is_closed_in_emergency("DocumentReference", []), "nothing said");
    }
}
