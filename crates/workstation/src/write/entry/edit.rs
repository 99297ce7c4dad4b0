//! An entry that says something else from now on: its words and their code, its day, its detail. What was not typed stays as it is, and so does
//! what came in a form that the screen does not show: it is never flattened to words.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items};

use super::super::draft::{LONGEST_NAME, set, words};
use super::super::problem::{rename, without};
use super::{day_of, detail_of, social};
use crate::AppError;
use crate::view::{EntryEdit, EntryKind, SocialTopic};

/// What becomes another.
pub(super) struct Edit {
    text: String,
    day: String,
    detail: String,
    social: Option<SocialTopic>,
    coding: Option<Value>,
}

impl Edit {
    pub(super) fn parse(
        kind: EntryKind,
        edit: &EntryEdit,
        coding: Option<Value>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let text = words(&edit.text, "the name", LONGEST_NAME)?;
        if text.contains('\n') {
            return Err(AppError::invalid("write what it is on one line"));
        }
        if text.is_empty() && coding.is_some() {
            return Err(AppError::invalid("a code stands beside words; write what it is"));
        }
        let day = if edit.day.trim().is_empty() { String::new() } else { day_of(kind, &edit.day, now)? };
        let detail = words(&edit.detail, detail_of(kind), LONGEST_NAME)?;
        Ok(Self { text, day, detail, social: edit.social, coding })
    }

    pub(super) fn make(&self, kind: EntryKind, entry: &mut Value) -> Result<(), AppError> {
        if !self.text.is_empty() {
            self.name(kind, entry)?;
        }
        if !self.detail.is_empty() {
            detail(kind, entry, &self.detail)?;
        }
        if !self.day.is_empty() {
            dated(kind, entry, &self.day)?;
        }
        match (self.social, self.social.and_then(SocialTopic::finding)) {
            (None, _) => Ok(()),
            (Some(_), Some(finding)) if kind == EntryKind::SocialHistory => {
                if !coding::has_code(at(entry, &["code"]), "http://loinc.org", social::SMOKING_STATUS) {
                    return Err(AppError::invalid("this is no smoking status; write what was found in words"));
                }
                without(entry, "value");
                set(entry, "valueCodeableConcept", finding);
                Ok(())
            }
            (Some(_), _) => Err(AppError::invalid("only a smoking status is chosen from this list")),
        }
    }

    fn name(&self, kind: EntryKind, entry: &mut Value) -> Result<(), AppError> {
        let coding = self.coding.as_ref();
        match kind {
            EntryKind::Medicine if entry.get("medicationReference").is_some() => Err(elsewhere("the medicine")),
            EntryKind::Medicine => rename(entry, "medicationCodeableConcept", &self.text, coding),
            EntryKind::Immunization => rename(entry, "vaccineCode", &self.text, coding),
            EntryKind::Procedure | EntryKind::Flag => rename(entry, "code", &self.text, coding),
            EntryKind::SocialHistory if at(entry, &["code", "coding"]).is_array() && coding.is_none() => {
                Err(AppError::invalid("what is observed has a code, so its name stays; change what was found"))
            }
            EntryKind::SocialHistory => rename(entry, "code", &self.text, coding),
            EntryKind::Goal => rename(entry, "description", &self.text, coding),
            EntryKind::FamilyHistory => rename(one(entry, "condition")?, "code", &self.text, coding),
            EntryKind::Device => {
                let name = json!([{ "name": self.text, "type": "user-friendly-name" }]);
                if items(entry, "deviceName").iter().any(|name| field_of(name, "type") != "user-friendly-name") {
                    return Err(elsewhere("the name"));
                }
                // Written here both say the same.
                if at(entry, &["type"]).get("coding").is_none() {
                    set(entry, "type", json!({ "text": self.text }));
                }
                set(entry, "deviceName", name);
                Ok(())
            }
            EntryKind::Encounter => Err(AppError::invalid("the reason of an encounter stays; write it in a note")),
            EntryKind::CareTeamMember => {
                Err(AppError::invalid("a member becomes nobody else; end this one and add the other"))
            }
        }
    }
}

fn detail(kind: EntryKind, entry: &mut Value, detail: &str) -> Result<(), AppError> {
    match kind {
        EntryKind::Medicine => {
            only_words(items(entry, "dosage"), "text", "the dosage")?;
            set(entry, "dosage", json!([{ "text": detail }]));
        }
        EntryKind::Immunization => set(entry, "lotNumber", json!(detail)),
        EntryKind::Procedure => {
            only_words(items(entry, "bodySite"), "text", "the site")?;
            set(entry, "bodySite", json!([{ "text": detail }]));
        }
        EntryKind::Device if entry.get("udiCarrier").is_some() => {
            return Err(AppError::invalid(
                "the serial number stands in the UDI of this device; mark it as entered in error and add it anew",
            ));
        }
        EntryKind::Device => set(entry, "serialNumber", json!(detail)),
        EntryKind::FamilyHistory => {
            let condition = one(entry, "condition")?;
            without(condition, "onset");
            set(condition, "onsetString", json!(detail));
        }
        EntryKind::SocialHistory => {
            let in_words = entry.as_object().is_some_and(|entry| {
                entry.keys().all(|key| !key.starts_with("value") || key == "valueString")
                    && !entry.contains_key("component")
            });
            if !in_words {
                return Err(elsewhere("the finding"));
            }
            without(entry, "dataAbsentReason");
            set(entry, "valueString", json!(detail));
        }
        EntryKind::CareTeamMember => set(one(entry, "participant")?, "role", json!([{ "text": detail }])),
        EntryKind::Goal | EntryKind::Flag | EntryKind::Encounter => {
            return Err(AppError::invalid("nothing of this kind has such a detail"));
        }
    }
    Ok(())
}

fn dated(kind: EntryKind, entry: &mut Value, day: &str) -> Result<(), AppError> {
    match kind {
        EntryKind::Medicine => starts(entry, "effective", day),
        EntryKind::SocialHistory if entry.get("effectivePeriod").is_some() => starts(entry, "effective", day),
        EntryKind::SocialHistory => moment(entry, "effective", day)?,
        EntryKind::Immunization => moment(entry, "occurrence", day)?,
        EntryKind::Procedure if entry.get("performedPeriod").is_some() => starts(entry, "performed", day),
        EntryKind::Procedure => moment(entry, "performed", day)?,
        EntryKind::Goal => {
            if items(entry, "target").is_empty() {
                set(entry, "target", json!([{}]));
            }
            let target = one(entry, "target")?;
            without(target, "due");
            set(target, "dueDate", json!(day));
        }
        EntryKind::Flag => start(entry, "period", day),
        EntryKind::CareTeamMember => {
            start(entry, "period", day);
            start(one(entry, "participant")?, "period", day);
        }
        EntryKind::Device if entry.get("udiCarrier").is_some() => {
            return Err(AppError::invalid(
                "the day stands in the UDI of this device; mark it as entered in error and add it anew",
            ));
        }
        EntryKind::Device => set(entry, "manufactureDate", json!(day)),
        EntryKind::FamilyHistory | EntryKind::Encounter => {
            return Err(AppError::invalid("the day of an entry of this kind stays as it is"));
        }
    }
    Ok(())
}

/// The start of a period; its end stays.
fn start(entry: &mut Value, period: &str, day: &str) {
    let mut known = entry.get(period).filter(|known| known.is_object()).cloned().unwrap_or_else(|| json!({}));
    set(&mut known, "start", json!(day));
    set(entry, period, known);
}

/// The start of a choice of a moment and a period: a moment stays one.
fn starts(entry: &mut Value, choice: &str, day: &str) {
    if entry.get(format!("{choice}DateTime").as_str()).is_some() {
        set(entry, &format!("{choice}DateTime"), json!(day));
    } else {
        start(entry, &format!("{choice}Period"), day);
    }
}

/// A moment in place of another, or of words.
fn moment(entry: &mut Value, choice: &str, day: &str) -> Result<(), AppError> {
    let (time, words) = (format!("{choice}DateTime"), format!("{choice}String"));
    let is_other = |key: &String| {
        key.strip_prefix(choice).is_some_and(|rest| rest.starts_with(char::is_uppercase))
            && *key != time
            && *key != words
    };
    if entry.as_object().is_some_and(|entry| entry.keys().any(is_other)) {
        return Err(elsewhere("the day"));
    }
    without(entry, choice);
    set(entry, &time, json!(day));
    Ok(())
}

/// The only item of a list.
fn one<'e>(entry: &'e mut Value, list: &str) -> Result<&'e mut Value, AppError> {
    match entry.get_mut(list).and_then(Value::as_array_mut).map(Vec::as_mut_slice) {
        Some([only]) => Ok(only),
        Some(_) | None => Err(elsewhere("what it says")),
    }
}

fn only_words(list: &[Value], element: &str, what: &str) -> Result<(), AppError> {
    let is_words = |item: &Value| item.as_object().is_some_and(|item| item.keys().all(|key| key == element));
    match list {
        [] => Ok(()),
        [one] if is_words(one) => Ok(()),
        _ => Err(elsewhere(what)),
    }
}

fn field_of<'v>(value: &'v Value, name: &str) -> &'v str {
    vigil_model::fhir::field::text(value, name)
}

fn elsewhere(what: &str) -> AppError {
    AppError::invalid(format!(
        "{what} came in a form that would be lost by words; mark the entry as entered in error and add it anew, or let who sent it correct it"
    ))
}
