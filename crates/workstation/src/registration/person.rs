//! Who a patient is, as it is typed and as FHIR has it (FHIR R4 Patient). Pure.
//!
//! Administrative gender: FHIR R4 `administrative-gender`. The record number is the identifier of type MR (HL7 v2 table 0203).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::date::FhirTime;
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::name;

use crate::view::{Gender, PersonFields};
use crate::{AppError, clock};

/// So many characters has a field at most.
const LONGEST: usize = 120;
/// Nobody who lives was born before.
const EARLIEST_YEAR: i32 = 1880;

/// What was typed, looked at.
pub(super) struct Person {
    family: String,
    given: Vec<String>,
    birth_date: String,
    gender: Option<Gender>,
    phone: String,
    street: String,
    city: String,
    state: String,
    postal_code: String,
    country: String,
}

impl Gender {
    const ALL: [Self; 4] = [Self::Female, Self::Male, Self::Other, Self::Unknown];

    /// The code of FHIR.
    const fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

impl Person {
    pub(super) fn parse(fields: &PersonFields, now: DateTime<Utc>) -> Result<Self, AppError> {
        let family = line(&fields.family, "the family name")?;
        let given = line(&fields.given, "the given names")?;
        if family.is_empty() {
            return Err(AppError::invalid("write the family name; where a person has one name alone, write it there"));
        }
        line(&fields.mrn, "the record number")?;
        Ok(Self {
            family,
            given: given.split_whitespace().map(str::to_owned).collect(),
            birth_date: birth_date(&fields.birth_date, now)?,
            gender: fields.gender,
            phone: line(&fields.phone, "the telephone number")?,
            street: line(&fields.street, "the street")?,
            city: line(&fields.city, "the city")?,
            state: line(&fields.state, "the state")?,
            postal_code: line(&fields.postal_code, "the postal code")?,
            country: line(&fields.country, "the country")?,
        })
    }

    /// A new Patient.
    pub(super) fn elements(&self, id: &str, mrn: &str, now: DateTime<Utc>) -> Value {
        let mut patient = json!({ "resourceType": "Patient", "id": id, "active": true });
        if !mrn.is_empty() {
            let kind =
                json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] });
            put(&mut patient, "identifier", json!([{ "use": "usual", "type": kind, "value": mrn }]));
        }
        self.change(&mut patient);
        meta(&mut patient, 1, now);
        patient
    }

    /// Puts what was typed in the place of what a form shows; everything else stays.
    pub(super) fn change(&self, patient: &mut Value) {
        self.change_name(patient);
        or_none(patient, "birthDate", &self.birth_date);
        or_none(patient, "gender", self.gender.map_or("", Gender::code));
        self.change_phone(patient);
        self.change_address(patient);
    }

    fn change_name(&self, patient: &mut Value) {
        let names = items(patient, "name");
        let shown = name::preferred(names).and_then(|shown| names.iter().position(|name| std::ptr::eq(name, shown)));
        let was = shown.and_then(|at| names.get(at)).map(name::parts).unwrap_or_default();
        if (was.0.as_str(), was.1.as_str()) == (self.family.as_str(), self.given.join(" ").as_str()) {
            return;
        }
        let make = |name: &mut Value| {
            put(name, "family", json!(self.family));
            match self.given.is_empty() {
                true => take(name, "given"),
                false => put(name, "given", json!(self.given)),
            }
            // It said the name as it was.
            take(name, "text");
        };
        match shown.and_then(|at| element_mut(patient, "name", at)) {
            Some(name) => make(name),
            None => {
                let mut name = json!({ "use": "official" });
                make(&mut name);
                append(patient, "name", name);
            }
        }
    }

    fn change_phone(&self, patient: &mut Value) {
        let place = items(patient, "telecom").iter().position(|telecom| text(telecom, "system") == "phone");
        match (place.and_then(|at| element_mut(patient, "telecom", at)), self.phone.is_empty()) {
            (Some(telecom), false) => put(telecom, "value", json!(self.phone)),
            (Some(_), true) => remove(patient, "telecom", place.unwrap_or_default()),
            (None, false) => append(patient, "telecom", json!({ "system": "phone", "value": self.phone })),
            (None, true) => {}
        }
    }

    fn change_address(&self, patient: &mut Value) {
        let typed = [&self.street, &self.city, &self.state, &self.postal_code, &self.country];
        let has = !items(patient, "address").is_empty();
        if typed.iter().all(|field| field.is_empty()) {
            if has {
                remove(patient, "address", 0);
            }
            return;
        }
        if !has {
            append(patient, "address", json!({ "use": "home" }));
        }
        let Some(address) = element_mut(patient, "address", 0) else { return };
        let before = address.clone();
        if street(address) != self.street {
            match self.street.is_empty() {
                true => take(address, "line"),
                false => put(address, "line", json!([self.street])),
            }
        }
        or_none(address, "city", &self.city);
        or_none(address, "state", &self.state);
        or_none(address, "postalCode", &self.postal_code);
        or_none(address, "country", &self.country);
        if *address != before {
            take(address, "text");
        }
    }
}

/// What a form shows of a Patient.
pub(super) fn fields(patient: &Value) -> PersonFields {
    let (family, given, _) = name::preferred(items(patient, "name")).map(name::parts).unwrap_or_default();
    let phone = items(patient, "telecom").iter().find(|telecom| text(telecom, "system") == "phone");
    let address = items(patient, "address").first().unwrap_or(&Value::Null);
    let gender = text(patient, "gender");
    PersonFields {
        family,
        given,
        birth_date: text(patient, "birthDate").to_owned(),
        gender: Gender::ALL.into_iter().find(|one| one.code() == gender),
        phone: phone.map(|phone| text(phone, "value")).unwrap_or_default().to_owned(),
        street: street(address),
        city: text(address, "city").to_owned(),
        state: text(address, "state").to_owned(),
        postal_code: text(address, "postalCode").to_owned(),
        country: text(address, "country").to_owned(),
        mrn: vigil_model::fhir::demographics(patient).mrn.clone(),
    }
}

/// Which version it is and since when.
pub(super) fn meta(patient: &mut Value, version: u32, now: DateTime<Utc>) {
    let mut meta = at(patient, &["meta"]).clone();
    if !meta.is_object() {
        meta = json!({});
    }
    put(&mut meta, "versionId", json!(version.to_string()));
    put(&mut meta, "lastUpdated", json!(clock::fhir_text(&now)));
    put(patient, "meta", meta);
}

fn street(address: &Value) -> String {
    vigil_model::fhir::field::texts(address, "line").collect::<Vec<_>>().join(", ")
}

fn line(typed: &str, what: &str) -> Result<String, AppError> {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if typed.chars().count() > LONGEST || typed.chars().any(char::is_control) {
        return Err(AppError::invalid(format!("{what} has at most {LONGEST} characters, in one line")));
    }
    Ok(typed)
}

/// A birth date as far as it is known; may be empty.
fn birth_date(typed: &str, now: DateTime<Utc>) -> Result<String, AppError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let wrong =
        || AppError::invalid("a birth date is written like 1961-02-03, or as far as it is known: 1961-02, 1961");
    let date = FhirTime::parse(typed).filter(|_| !typed.contains('T')).ok_or_else(wrong)?;
    if date.first_day() > clock::day(&now) {
        return Err(AppError::invalid("this birth date is still to come"));
    }
    if chrono::Datelike::year(&date.first_day()) < EARLIEST_YEAR {
        return Err(AppError::invalid("look at the year of the birth date"));
    }
    Ok(typed.to_owned())
}

fn put(value: &mut Value, element: &str, new: Value) {
    if let Some(elements) = value.as_object_mut() {
        elements.insert(element.to_owned(), new);
    }
}

fn take(value: &mut Value, element: &str) {
    if let Some(elements) = value.as_object_mut() {
        elements.remove(element);
    }
}

fn or_none(value: &mut Value, element: &str, new: &str) {
    match new {
        "" => take(value, element),
        new => put(value, element, json!(new)),
    }
}

fn element_mut<'v>(value: &'v mut Value, list: &str, at: usize) -> Option<&'v mut Value> {
    value.get_mut(list)?.as_array_mut()?.get_mut(at)
}

fn append(value: &mut Value, list: &str, element: Value) {
    match value.get_mut(list).and_then(Value::as_array_mut) {
        Some(elements) => elements.push(element),
        None => put(value, list, json!([element])),
    }
}

/// Takes one element out of a list, and the list with the last one: FHIR has no empty lists.
fn remove(value: &mut Value, list: &str, at: usize) {
    if let Some(elements) = value.get_mut(list).and_then(Value::as_array_mut)
        && at < elements.len()
    {
        elements.remove(at);
    }
    if items(value, list).is_empty() {
        take(value, list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn typed() -> PersonFields {
        PersonFields {
            family: " Waldstein ".to_owned(),
            given: "Ana  Maria".to_owned(),
            birth_date: "1961-02-03".to_owned(),
            gender: Some(Gender::Female),
            phone: "555 0100".to_owned(),
            street: "1 Elm St".to_owned(),
            city: "Ann Arbor".to_owned(),
            state: "MI".to_owned(),
            postal_code: "48103".to_owned(),
            country: "US".to_owned(),
            mrn: "4711".to_owned(),
        }
    }

    #[test]
    fn a_new_patient_is_what_was_typed() {
        let patient = Person::parse(&typed(), now()).unwrap().elements("p", "4711", now());
        assert_eq!(patient["name"], json!([{ "use": "official", "family": "Waldstein", "given": ["Ana", "Maria"] }]));
        let read = fields(&patient);
        let expected = PersonFields { family: "Waldstein".to_owned(), given: "Ana Maria".to_owned(), ..typed() };
        assert_eq!(read, expected, "and is read again as such");
        assert_eq!(patient["meta"]["versionId"], "1", "the first version");
    }

    #[test]
    fn what_a_form_does_not_show_stays() {
        let mut patient = json!({
            "name": [{ "use": "maiden", "family": "Old" }, { "use": "official", "family": "Waldstein", "given": ["Ana"], "prefix": ["Dr"], "text": "Dr Ana" }],
            "telecom": [{ "system": "email", "value": "a@b.example" }, { "system": "phone", "value": "1", "use": "mobile" }],
            "address": [{ "line": ["1 Elm St", "Apt 2"], "city": "X", "district": "Y" }, { "city": "Second" }],
            "extension": [{ "url": "u" }],
        });
        let same = fields(&patient);
        let before = patient.clone();
        Person::parse(&same, now()).unwrap().change(&mut patient);
        assert_eq!(patient, before, "what was read and sent back changes nothing");
        let moved = PersonFields {
            family: "Morgenrot".to_owned(),
            street: "2 Oak St".to_owned(),
            phone: String::new(),
            ..same
        };
        Person::parse(&moved, now()).unwrap().change(&mut patient);
        assert_eq!(patient["name"][0]["family"], "Old", "another name");
        assert_eq!(patient["name"][1]["prefix"], json!(["Dr"]), "a title");
        assert!(patient["name"][1].get("text").is_none(), "but not the text that said the former name");
        assert_eq!(
            patient["telecom"],
            json!([{ "system": "email", "value": "a@b.example" }]),
            "other ways to reach them"
        );
        assert_eq!(
            (&patient["address"][0]["line"], &patient["address"][0]["district"]),
            (&json!(["2 Oak St"]), &json!("Y"))
        );
        assert_eq!(patient["extension"], json!([{ "url": "u" }]), "and what nobody here knows");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refused = |fields: PersonFields| Person::parse(&fields, now()).map(drop).is_err();
        assert!(refused(PersonFields { family: " ".to_owned(), ..typed() }), "no name");
        for date in ["tomorrow", "2099-01-01", "1561-02-03", "1961-02-30"] {
            assert!(refused(PersonFields { birth_date: date.to_owned(), ..typed() }), "{date}");
        }
        assert!(refused(PersonFields { city: "x".repeat(LONGEST + 1), ..typed() }), "too long");
    }
}
