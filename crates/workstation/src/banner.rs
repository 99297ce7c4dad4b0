//! The banner of a chart: who it is, allergies and flags. It is read with the chart, in the transaction of its entry.

use serde_json::Value;
use vigil_model::{PatientId, Role, Section, fhir};
use vigil_policy::{Projection, sections_of};
use vigil_vault::Tx;

use crate::act::Present;
use crate::chart::{self, Record};
use crate::chart_read::{must_exist, records};
use crate::patient::{known, name};
use crate::view::{AllergyBanner, BannerView, FlagsBanner};
use crate::{AppError, Workstation};

/// Look-alikes that the banner names.
const MOST_LOOK_ALIKES: usize = 3;

impl Workstation {
    pub(crate) fn banner(&self, tx: &Tx<'_>, present: &Present, patient: &PatientId) -> Result<BannerView, AppError> {
        let index = &present.unlocked.index;
        must_exist(tx, present, patient)?;
        let entry = index.get(patient).ok_or_else(AppError::no_such_patient)?;
        let person = &entry.demographics;
        let now = self.clock.now().utc;
        let deceased_on = chrono::DateTime::parse_from_rfc3339(&format!(
            "{}T00:00:00Z",
            person.deceased.get(..10).unwrap_or_default()
        ));
        let age_at = deceased_on.map_or(now, |date| date.to_utc());
        let look_alikes = index.look_alikes(entry, MOST_LOOK_ALIKES);
        Ok(BannerView {
            patient_id: patient.to_string(),
            name: name(entry),
            birth_date: fhir::format_date(&person.birth_date),
            age: fhir::age(&person.birth_date, &age_at),
            gender: known(&person.gender),
            mrn: known(&person.mrn),
            deceased: match person.deceased.as_str() {
                "" => None,
                "true" => Some("date not known".to_owned()),
                date => Some(fhir::format_date(date.get(..10).unwrap_or(date))),
            },
            allergies: allergies(tx, present, patient),
            flags: self.flags(tx, present, patient),
            restricted: person.restricted,
            look_alikes: look_alikes
                .into_iter()
                .map(|other| format!("{} {}", name(other), fhir::format_date(&other.demographics.birth_date)))
                .collect(),
        })
    }

    /// The patient flags of the banner: what this role does not see, and what nobody can read, is counted.
    fn flags(&self, tx: &Tx<'_>, present: &Present, patient: &PatientId) -> FlagsBanner {
        if !sections_of(present.role).contains(&Section::Flags) {
            return FlagsBanner::Hidden;
        }
        let Ok(stored) = tx.resources(patient, Section::Flags.resource_types()) else {
            return FlagsBanner::Unavailable;
        };
        let (records, unread) = records(stored);
        let mut closed = Vec::new();
        let records = self.withheld(present, records, &mut closed);
        flags_of(present.role, records, closed.len(), unread.len())
    }
}

/// The flags that stand among `records`; `hidden` and `unread` are those that are known to be no more than that.
fn flags_of(role: Role, records: Vec<Record>, mut hidden: usize, mut unread: usize) -> FlagsBanner {
    let projection = Projection::of(role);
    let mut items = Vec::new();
    for mut record in records {
        if chart::unreadable(&record).is_some() {
            unread += 1;
        } else if chart::is_active_flag(&record.json) {
            let (item, named) = (chart::flag_item(&record.json), record.json.get("code").is_some());
            projection.project(&mut record.json);
            if named && record.json.get("code").is_none() { hidden += 1 } else { items.push(item) }
        }
    }
    items.sort();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    FlagsBanner::Read { items, hidden: count(hidden), unread: count(unread) }
}

/// The allergies of the banner: hidden from roles that do not read them, unavailable when they cannot be read.
fn allergies(tx: &Tx<'_>, present: &Present, patient: &PatientId) -> AllergyBanner {
    if !sections_of(present.role).contains(&Section::Allergies) {
        return AllergyBanner::Hidden;
    }
    let Ok(stored) = tx.resources(patient, Section::Allergies.resource_types()) else {
        return AllergyBanner::Unavailable;
    };
    let (mut records, undecodable) = records(stored);
    // An allergy that cannot be read is counted beside those that can: neither hides the other.
    records.extend(undecodable.into_iter().map(|row| Record {
        resource_type: row.resource_type,
        id: row.id,
        version: 0,
        json: Value::Null,
    }));
    chart::allergy_banner(&records)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::view::{FlagItem, FlagSign};

    fn flag(json: Value) -> Record {
        Record { resource_type: "Flag".to_owned(), id: "f".to_owned(), version: 1, json }
    }

    fn of(category: &str, status: &str) -> Record {
        let system = "http://terminology.hl7.org/CodeSystem/flag-category";
        flag(json!({ "resourceType": "Flag", "status": status, "code": { "text": category },
            "category": [{ "coding": [{ "system": system, "code": category }] }] }))
    }

    #[test]
    fn no_flag_is_left_out_without_being_counted() {
        let records = || {
            vec![of("safety", "active"), of("advance-directive", "active"), of("contact", "inactive"), flag(json!(7))]
        };
        let item = |sign, text: &str| FlagItem { sign, text: text.to_owned() };
        let safety = item(FlagSign::Safety, "safety");
        assert_eq!(
            flags_of(Role::Nurse, records(), 0, 1),
            FlagsBanner::Read {
                items: vec![item(FlagSign::AdvanceDirective, "advance-directive"), safety.clone()],
                hidden: 0,
                unread: 2
            },
            "what stands, the most pressing first, and what nobody can read"
        );
        assert_eq!(
            flags_of(Role::FrontDesk, records(), 1, 0),
            FlagsBanner::Read { items: vec![safety], hidden: 2, unread: 1 },
            "what the front desk does not see is counted, and so is what stays closed"
        );
    }
}
