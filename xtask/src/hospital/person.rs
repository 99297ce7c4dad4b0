//! One invented person: who they are, before anything happens to them.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{HL7, hl7, moment, reference, years};
use super::growth::Body;
use super::names::{LOOK_ALIKES, LookAlike, NAMES, STREETS, TOWNS};
use super::staff::Staff;

/// Places in the list of patients that are kept for cases which every demo must have.
const RESTRICTED: std::ops::Range<usize> = 14..18;
const INFANTS: std::ops::Range<usize> = 18..21;
const VERY_OLD: std::ops::Range<usize> = 21..23;
const DECEASED: std::ops::Range<usize> = 23..27;

pub(super) struct Person {
    pub(super) id: String,
    pub(super) female: bool,
    /// FHIR's administrative gender; differs from the body's sex for a few.
    pub(super) gender: &'static str,
    pub(super) birth: NaiveDate,
    pub(super) death: Option<NaiveDate>,
    /// The day before the files are made, or the day of death.
    pub(super) end: NaiveDate,
    pub(super) given: Vec<String>,
    pub(super) family: String,
    pub(super) body: Body,
    pub(super) smoker: bool,
    prefix: Option<&'static str>,
    suffix: Option<&'static str>,
    former_family: Option<String>,
    nickname: Option<String>,
    language: (&'static str, &'static str),
    married: bool,
    restricted: bool,
    number: usize,
}

impl Person {
    pub(super) fn draw(number: usize, today: NaiveDate, chance: &mut Chance) -> Self {
        let last = today - Duration::days(1);
        let fixed = LOOK_ALIKES.get(number);
        let birth = fixed.and_then(|who| birth_of(who, last)).unwrap_or_else(|| birth(number, last, chance));
        let old = (last - birth).num_days() as f64 / 365.25;
        let dies = DECEASED.contains(&number) || (number >= DECEASED.end && chance.happens((old - 60.0) * 0.004));
        let death = dies.then(|| last - Duration::days(chance.whole(30, 1400).min((last - birth).num_days() / 3)));
        let names = chance.pick(&NAMES);
        let female = fixed.map_or_else(|| chance.happens(0.52), |who| who.female);
        let given_names = if female { names.women } else { names.men };
        let mut given = vec![(*chance.pick(given_names)).to_owned()];
        if chance.happens(0.3) {
            let second = (*chance.pick(given_names)).to_owned();
            given.extend(Some(second).filter(|second| !given.contains(second)));
        }
        let mut family = (*chance.pick(names.families)).to_owned();
        if let Some(who) = fixed {
            given = who.given.iter().map(|name| (*name).to_owned()).collect();
            who.family.clone_into(&mut family);
        }
        let married = old > 24.0 && chance.happens(0.55);
        let former_family =
            (married && female && chance.happens(0.5)).then(|| (*chance.pick(names.families)).to_owned());
        Self {
            id: chance.id(),
            female,
            gender: gender(number, female, chance),
            birth,
            death,
            end: death.unwrap_or(last),
            prefix: prefix(female, old, chance),
            suffix: fixed.and_then(|who| who.suffix),
            former_family: former_family.filter(|former| *former != family),
            nickname: given.first().filter(|_| chance.happens(0.08)).map(|name| name.chars().take(3).collect()),
            given,
            family,
            body: Body {
                female,
                stature: 1.0 + chance.noise().clamp(-2.5, 2.5) * 0.035,
                heaviness: 1.0 + chance.noise().clamp(-2.0, 2.0) * 0.09,
                index_at_18: chance.between(19.0, 27.0),
                index_per_year: chance.between(-0.01, 0.2),
            },
            smoker: old > 17.0 && chance.happens(0.2),
            language: if chance.happens(0.75) { ("en-US", "English") } else { names.language },
            married,
            restricted: RESTRICTED.contains(&number),
            number,
        }
    }

    /// A practitioner who sees this person for everything ordinary; the same one every time.
    pub(super) fn family_doctor(&self, staff: &Staff, chance: &mut Chance) -> String {
        let specialty = match (self.end - self.birth).num_days() / 365 {
            0..18 => "Pediatrics",
            18..60 => "Family medicine",
            _ => "Internal medicine",
        };
        staff.of(specialty, chance).id.clone()
    }

    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.given.join(" "), self.family)
    }

    pub(super) fn resource(&self, hospital: &str, general_practitioner: &str, chance: &mut Chance) -> Value {
        let (town, state) = *chance.pick(&TOWNS);
        let mut value = json!({ "resourceType": "Patient", "id": self.id, "meta": self.meta() });
        let Some(fields) = value.as_object_mut() else { return value };
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        set(
            "identifier",
            json!([{ "use": "usual", "type": {
            "coding": [{ "system": format!("{HL7}/v2-0203"), "code": "MR", "display": "Medical Record Number" }],
            "text": "Medical Record Number" },
            "system": "https://hospital.example/mrn", "value": self.medical_record_number(),
            "assigner": { "display": "Alder Valley General Hospital" } }]),
        );
        set("active", json!(true));
        set("name", Value::Array(self.names()));
        set(
            "telecom",
            json!([
            { "system": "phone", "value": format!("+1-202-555-01{:02}", chance.whole(0, 99)), "use": "home" }]),
        );
        set("gender", json!(self.gender));
        set("birthDate", json!(self.birth.to_string()));
        match self.death {
            Some(_) if self.number.is_multiple_of(3) => set("deceasedBoolean", json!(true)),
            Some(day) => set("deceasedDateTime", json!(moment(day, chance.whole(0, 1439)))),
            None => None,
        };
        set(
            "address",
            json!([{ "use": "home",
            "line": [format!("{} {}", chance.whole(1, 980), chance.pick(&STREETS))],
            "city": town, "state": state, "postalCode": format!("{:05}", chance.whole(501, 99_950)), "country": "US" }]),
        );
        set("maritalStatus", hl7("v3-MaritalStatus", if self.married { "M" } else { "S" }));
        set(
            "communication",
            json!([{ "language": { "coding": [
            { "system": "urn:ietf:bcp:47", "code": self.language.0, "display": self.language.1 }],
            "text": self.language.1 }, "preferred": true }]),
        );
        set("generalPractitioner", json!([reference("Practitioner", general_practitioner)]));
        set("managingOrganization", reference("Organization", hospital));
        value
    }

    fn medical_record_number(&self) -> String {
        format!("{:07}", 4_100_013 + self.number * 7)
    }

    /// The tag says that nobody must take these people for real ones.
    fn meta(&self) -> Value {
        let tag = json!([{ "system": "https://hospital.example/tags", "code": "demo", "display": "Invented patient" }]);
        if self.restricted {
            // HL7 v3 Confidentiality, R = restricted.
            json!({ "security": [{ "system": format!("{HL7}/v3-Confidentiality"), "code": "R",
                "display": "restricted" }], "tag": tag })
        } else {
            json!({ "tag": tag })
        }
    }

    fn names(&self) -> Vec<Value> {
        let mut official = json!({ "use": "official", "family": self.family, "given": self.given });
        if let Some(fields) = official.as_object_mut() {
            fields.extend(self.prefix.map(|prefix| ("prefix".to_owned(), json!([prefix]))));
            fields.extend(self.suffix.map(|suffix| ("suffix".to_owned(), json!([suffix]))));
        }
        let mut names = vec![official];
        names.extend(
            self.former_family.as_ref().map(|former| json!({ "use": "maiden", "family": former, "given": self.given })),
        );
        names.extend(self.nickname.as_ref().map(|short| json!({ "use": "nickname", "given": [short] })));
        names
    }
}

fn birth_of(who: &LookAlike, last: NaiveDate) -> Option<NaiveDate> {
    let (year, month, day) = who.birth;
    NaiveDate::from_ymd_opt(year, month, day).filter(|birth| *birth < last)
}

fn birth(number: usize, last: NaiveDate, chance: &mut Chance) -> NaiveDate {
    let days = if INFANTS.contains(&number) {
        chance.whole(6, 330)
    } else if VERY_OLD.contains(&number) {
        chance.whole(98 * 365, 103 * 365)
    } else if DECEASED.contains(&number) {
        chance.whole(66 * 365, 92 * 365)
    } else if chance.happens(0.18) {
        chance.whole(120, 18 * 365)
    } else {
        // Hospitals see more of the old: the larger of two draws.
        chance.whole(18 * 365, 94 * 365).max(chance.whole(18 * 365, 84 * 365))
    };
    let day = last - Duration::days(days);
    day.max(last - years(104.0))
}

fn gender(number: usize, female: bool, chance: &mut Chance) -> &'static str {
    let other = number > DECEASED.end && chance.happens(0.015);
    match (other, female) {
        (true, true) => "other",
        (true, false) => "unknown",
        (false, true) => "female",
        (false, false) => "male",
    }
}

fn prefix(female: bool, old: f64, chance: &mut Chance) -> Option<&'static str> {
    if old < 18.0 || !chance.happens(0.6) {
        return None;
    }
    Some(if chance.happens(0.07) {
        if chance.happens(0.5) { "Dr." } else { "Prof." }
    } else if female {
        *chance.pick(&["Mrs.", "Ms.", "Ms."])
    } else {
        "Mr."
    })
}
