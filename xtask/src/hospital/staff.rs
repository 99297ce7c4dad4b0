//! The house itself: organizations, places and practitioners, written as one collection bundle.

use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{hl7, reference};

/// The base of the absolute addresses in the bundle, under a name that belongs to nobody (RFC 2606).
const BASE: &str = "https://hospital.example/fhir";

/// (prefix, given, family, suffix, specialty in words)
const PRACTITIONERS: [(&str, &str, &str, &str, &str); 14] = [
    ("Dr.", "Adaeze", "Okafor", "MD", "Family medicine"),
    ("Dr.", "Tobias", "Hartnell", "MD", "Family medicine"),
    ("Dr.", "Priyanka", "Nairobi", "MD", "Internal medicine"),
    ("Dr.", "Étienne", "Delacourt", "MD", "Internal medicine"),
    ("Dr.", "Solveig", "Brandtsen", "MD", "Pediatrics"),
    ("Dr.", "Marcus", "Adebayo-Finch", "MD", "Pediatrics"),
    ("Dr.", "Renata", "Quiroga", "MD", "Cardiology"),
    ("Dr.", "Hiroshi", "Tanabe-Wells", "MD", "Nephrology"),
    ("Dr.", "Gwendolyn", "Starling", "MD", "Emergency medicine"),
    ("Dr.", "Callum", "Abernethy", "MD", "Emergency medicine"),
    ("Dr.", "Yasmin", "Farouk-Hale", "MD", "Surgery"),
    ("Dr.", "Leopold", "Varga", "MD", "Pulmonology"),
    ("", "Constance", "Mbeki-Rowe", "RN", "Nursing"),
    ("", "Sanna", "Virtanen", "RN", "Nursing"),
];

const LOCATIONS: [(&str, &str); 5] = [
    ("Alder Clinic, room 3", "clinic"),
    ("Alder Clinic, children's rooms", "clinic"),
    ("Emergency department", "hospital"),
    ("Ward 4 East", "hospital"),
    ("Day surgery", "hospital"),
];

/// One practitioner, as the charts refer to them.
pub(super) struct Practitioner {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) specialty: &'static str,
}

pub(super) struct Staff {
    pub(super) hospital: String,
    pub(super) laboratory: String,
    pub(super) payer: String,
    pub(super) practitioners: Vec<Practitioner>,
    locations: Vec<(String, &'static str)>,
    resources: Vec<Value>,
}

impl Staff {
    pub(super) fn new(chance: &mut Chance) -> Self {
        let (hospital, clinic, laboratory, payer) = (chance.id(), chance.id(), chance.id(), chance.id());
        let mut resources = vec![
            organization(&hospital, "Alder Valley General Hospital", "prov", None),
            organization(&clinic, "Alder Clinic", "prov", Some(&hospital)),
            organization(&laboratory, "Alder Valley Laboratory", "prov", Some(&hospital)),
            organization(&payer, "Evergreen Mutual Health Plan", "pay", None),
        ];
        let mut locations = Vec::new();
        for (name, of) in LOCATIONS {
            let id = chance.id();
            let owner = if of == "clinic" { &clinic } else { &hospital };
            resources.push(json!({
                "resourceType": "Location", "id": id, "status": "active", "name": name, "mode": "instance",
                "managingOrganization": reference("Organization", owner),
            }));
            locations.push((id, name));
        }
        let mut practitioners = Vec::new();
        for (number, (prefix, given, family, suffix, specialty)) in PRACTITIONERS.into_iter().enumerate() {
            let id = chance.id();
            let mut name = json!({ "use": "official", "family": family, "given": [given], "suffix": [suffix] });
            if let Some(name) = name.as_object_mut().filter(|_| !prefix.is_empty()) {
                name.insert("prefix".to_owned(), json!([prefix]));
            }
            resources.push(json!({
                "resourceType": "Practitioner", "id": id, "active": true,
                "identifier": [{ "system": "https://hospital.example/staff", "value": format!("S{:04}", 1001 + number) }],
                "name": [name],
            }));
            resources.push(json!({
                "resourceType": "PractitionerRole", "id": chance.id(), "active": true,
                "practitioner": reference("Practitioner", &id),
                "organization": reference("Organization", if number < 6 { &clinic } else { &hospital }),
                "specialty": [{ "text": specialty }],
            }));
            let name =
                [prefix, given, family].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            practitioners.push(Practitioner { id, name: format!("{name}, {suffix}"), specialty });
        }
        Self { hospital, laboratory, payer, practitioners, locations, resources }
    }

    /// The house and its roster.
    pub(super) fn bundle(&self, shifts: &[Value]) -> Value {
        let entries: Vec<Value> = self.resources.iter().chain(shifts).map(entry).collect();
        json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
    }

    /// Somebody of this specialty, or of the nearest that the house has.
    pub(super) fn of(&self, specialty: &str, chance: &mut Chance) -> &Practitioner {
        let able = || self.practitioners.iter().filter(|who| who.specialty == specialty);
        let last = i64::try_from(able().count()).unwrap_or(0) - 1;
        let at = usize::try_from(chance.whole(0, last.max(0))).unwrap_or(0);
        able().nth(at).unwrap_or_else(|| chance.pick(&self.practitioners))
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&Practitioner> {
        self.practitioners.iter().find(|who| who.id == id)
    }

    pub(super) fn location(&self, name: &str) -> Option<&str> {
        self.locations.iter().find(|(_, known)| known.contains(name)).map(|(id, _)| id.as_str())
    }
}

fn organization(id: &str, name: &str, kind: &str, part_of: Option<&str>) -> Value {
    let mut value = json!({
        "resourceType": "Organization", "id": id, "active": true,
        "type": [hl7("organization-type", kind)], "name": name,
    });
    if let (Some(parent), Some(fields)) = (part_of, value.as_object_mut()) {
        fields.insert("partOf".to_owned(), reference("Organization", parent));
    }
    value
}

fn entry(resource: &Value) -> Value {
    let field = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    json!({ "fullUrl": format!("{BASE}/{}/{}", field("resourceType"), field("id")), "resource": resource })
}
