//! PN and ON as words (C-CDA on FHIR, mappingGuidance, "CDA name to FHIR name").

use crate::xml::Element;

/// The longest name that is read.
const LONGEST: usize = 300;

/// A person's name in the order in which it is said: prefix, given, family, suffix. A name that has no parts is its text.
pub(crate) fn person(name: &Element) -> String {
    let parts: Vec<String> = ["prefix", "given", "family", "suffix"]
        .into_iter()
        .flat_map(|part| name.all(part))
        .filter(|part| !part.is_null() && part.attribute("qualifier") != "CL")
        .map(|part| part.text(LONGEST))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() { name.text(LONGEST) } else { parts.join(" ") }
}

/// The name of whoever takes part: `assignedPerson`, else the organization, else the device that wrote it.
pub(crate) fn of_role(role: &Element) -> String {
    let person_of = role.at(&["assignedPerson", "name"]).or_else(|| role.at(&["relatedPerson", "name"])).map(person);
    let organization = || {
        let organization = role.child("representedOrganization").or_else(|| role.child("scopingOrganization"))?;
        Some(organization.child("name")?.text(LONGEST))
    };
    let device = || {
        let device = role.child("assignedAuthoringDevice")?;
        let name = device.child("softwareName").or_else(|| device.child("manufacturerModelName"))?;
        Some(name.text(LONGEST))
    };
    let said = |name: &String| !name.is_empty();
    person_of.filter(said).or_else(|| organization().filter(said)).or_else(|| device().filter(said)).unwrap_or_default()
}
