//! The header of a document: who it is about, who wrote it, what it is (C-CDA R2.1, US Realm Header).

use crate::data::time::Zone;
use crate::data::{id, name, oid};
use crate::xml::Element;

/// Words of a header are this long at most.
const LONGEST: usize = 500;

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Its id as one URI, `urn:oid:1.2.3#TT988`; empty where it has none.
    pub id: String,
    /// The id that all its versions have; empty where it has none.
    pub set_id: String,
    /// Which version it is; empty where that is not said.
    pub version: String,
    /// Its own title.
    pub title: String,
    /// Its type: the LOINC code.
    pub type_code: String,
    /// Its type in words.
    pub type_name: String,
    /// When it was written, as FHIR writes it.
    pub written: String,
    /// Who wrote it, by name.
    pub authors: Vec<String>,
    /// Who keeps the original.
    pub custodian: String,
    /// The code of its confidentiality (HL7 v3 Confidentiality); empty where that is not said.
    pub confidentiality: String,
    /// What it documents: begin and end, as FHIR writes them.
    pub period: (String, String),
    /// Who it is about.
    pub patient: Person,
    /// Whether it is about more than one person; then only the first is read.
    pub several_patients: bool,
}

/// A patient as a document names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Names, the legal one first: family names and given names of each.
    pub names: Vec<(String, Vec<String>)>,
    /// The birth date as FHIR writes it, as far as it is known.
    pub born: String,
    /// FHIR's administrative gender; empty where that is not said.
    pub sex: String,
    /// Identifiers.
    pub ids: Vec<PersonId>,
    /// Addresses, each on one line.
    pub addresses: Vec<String>,
}

/// An identifier of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonId {
    /// Who gives it out, as a URI.
    pub system: String,
    /// The identifier.
    pub value: String,
}

pub(crate) fn read(root: &Element) -> (Header, Zone) {
    let zone = Zone::of(root.value_of("effectiveTime", "value"));
    let text = |path: &[&str]| root.at(path).map(|element| element.text(LONGEST)).unwrap_or_default();
    let code = root.child("code");
    let mut authors: Vec<String> = root.all("author").filter_map(crate::entry::author_name).collect();
    authors.dedup();
    let custodian = ["custodian", "assignedCustodian", "representedCustodianOrganization", "name"];
    let service = root.at(&["documentationOf", "serviceEvent", "effectiveTime"]);
    let end =
        |read: fn(&Zone, &Element) -> Option<String>| service.and_then(|time| read(&zone, time)).unwrap_or_default();
    let role = root.at(&["recordTarget", "patientRole"]);
    let header = Header {
        id: root.child("id").and_then(id::uri).unwrap_or_default(),
        set_id: root.child("setId").and_then(id::uri).unwrap_or_default(),
        version: root.value_of("versionNumber", "value").to_owned(),
        title: text(&["title"]),
        type_code: code.map_or("", |code| code.attribute("code")).to_owned(),
        type_name: code.map_or("", |code| code.attribute("displayName")).to_owned(),
        written: zone.date_time(root.value_of("effectiveTime", "value")).unwrap_or_default(),
        authors,
        custodian: text(&custodian),
        confidentiality: root.value_of("confidentialityCode", "code").to_owned(),
        period: (end(Zone::low), end(Zone::high)),
        patient: role.map(|role| person(role, &zone)).unwrap_or_default(),
        several_patients: root.all("recordTarget").count() > 1,
    };
    (header, zone)
}

fn person(role: &Element, zone: &Zone) -> Person {
    let patient = role.child("patient");
    let mut names: Vec<(&str, (String, Vec<String>))> = patient
        .iter()
        .flat_map(|patient| patient.all("name"))
        .filter(|name| !name.is_null())
        .map(|name| (name.attribute("use"), divided(name)))
        .filter(|(_, (family, given))| !family.is_empty() || !given.is_empty())
        .collect();
    names.sort_by_key(|(usage, _)| usize::from(!usage.split_whitespace().any(|usage| usage == "L")));
    let born = patient.map_or("", |patient| patient.value_of("birthTime", "value"));
    let born = zone.date_time(born).map(|born| born.get(..born.len().min(10)).unwrap_or_default().to_owned());
    // ConceptMap CF-AdministrativeGender of C-CDA on FHIR.
    let sex = match patient.map_or("", |patient| patient.value_of("administrativeGenderCode", "code")) {
        "F" => "female",
        "M" => "male",
        "UN" => "other",
        _ => "",
    };
    Person {
        names: names.into_iter().map(|(_, name)| name).collect(),
        born: born.unwrap_or_default(),
        sex: sex.to_owned(),
        ids: role.all("id").filter_map(person_id).collect(),
        addresses: role
            .all("addr")
            .filter(|address| !address.is_null())
            .map(|address| address.text(LONGEST))
            .filter(|address| !address.is_empty())
            .collect(),
    }
}

fn divided(name: &Element) -> (String, Vec<String>) {
    let parts = |part: &str| -> Vec<String> {
        name.all(part)
            .filter(|part| !part.is_null())
            .map(|part| part.text(LONGEST))
            .filter(|part| !part.is_empty())
            .collect()
    };
    let (family, given) = (parts("family").join(" "), parts("given"));
    if family.is_empty() && given.is_empty() {
        // A name without parts: its last word is the family name, as people write names where C-CDA is written.
        let whole = name::person(name);
        return match whole.rsplit_once(' ') {
            Some((given, family)) => (family.to_owned(), given.split(' ').map(str::to_owned).collect()),
            None => (whole, Vec::new()),
        };
    }
    (family, given)
}

fn person_id(id: &Element) -> Option<PersonId> {
    let (root, extension) = (id.attribute("root"), id.attribute("extension"));
    match (root, extension) {
        ("", _) => None,
        (root, "") => Some(PersonId { system: "urn:ietf:rfc:3986".to_owned(), value: oid::urn(root) }),
        (root, extension) => Some(PersonId { system: oid::identifier_system(root), value: extension.to_owned() }),
    }
}
