//! Identity bands and labels.
//!
//! A band has the four identifiers of NHS Information Standard DSCN 04/2009 and no other: family name in upper case before the first name,
//! birth date as DD-Mmm-YYYY, and the number. That there is an allergy or a flag that protects is said, and never which ("the band should not
//! contain details of the meaning of the alert", Specifications for a standard patient identification band, Australian Commission on Safety
//! and Quality in Health Care, 1.5): others read a band too.

use vigil_model::{PatientId, fhir};
use vigil_print::{Alert, Band, Label, Labels, Made, Sheet, Size};

use crate::AppError;
use crate::act::Present;
use crate::index::Entry;
use crate::patient::name;
use crate::view::{AllergyBanner, BannerView, FlagSign, FlagsBanner};

pub(super) fn band(
    present: &Present,
    banner: &BannerView,
    patient: &PatientId,
    page: Size,
    made: Made,
) -> Result<Band, AppError> {
    let entry = identified(present, patient)?;
    let person = &entry.demographics;
    let unknown = |text: &str| if text.is_empty() { "Unknown".to_owned() } else { text.to_owned() };
    let mut alerts = vec![allergy(&banner.allergies)];
    alerts.extend(precaution(&banner.flags));
    Ok(Band {
        page,
        family: unknown(&person.family.to_uppercase()),
        given: unknown(&person.given),
        born: born(entry),
        number: person.mrn.clone(),
        alerts,
        made,
    })
}

pub(super) fn labels(
    present: &Present,
    patient: &PatientId,
    sheet: Sheet,
    (count, skip): (usize, usize),
    made: Made,
) -> Result<Labels, AppError> {
    let entry = identified(present, patient)?;
    let label = Label { name: name(entry), born: born(entry), number: entry.demographics.mrn.clone() };
    Ok(Labels { sheet, count, skip, label, made })
}

/// Somebody whom a band or label can name.
fn identified<'p>(present: &'p Present, patient: &PatientId) -> Result<&'p Entry, AppError> {
    let entry = present.unlocked.index.get(patient).ok_or_else(AppError::no_such_patient)?;
    if entry.undecodable {
        return Err(AppError::invalid("the name of this patient cannot be read, so nothing can be labelled with it"));
    }
    if entry.demographics.mrn.is_empty() {
        return Err(AppError::invalid(
            "this patient has no medical record number; give one under \"Change who this is\" first",
        ));
    }
    Ok(entry)
}

fn born(entry: &Entry) -> String {
    match fhir::format_date(&entry.demographics.birth_date) {
        day if day.is_empty() => "Unknown".to_owned(),
        day => day,
    }
}

fn warning(label: &str, text: &str) -> Alert {
    Alert { label: label.to_owned(), text: text.to_owned(), strong: true }
}

fn remark(label: &str, text: &str) -> Alert {
    Alert { label: label.to_owned(), text: text.to_owned(), strong: false }
}

fn allergy(banner: &AllergyBanner) -> Alert {
    match banner {
        AllergyBanner::Known { .. } => warning("ALLERGY", "see chart"),
        AllergyBanner::NoKnown => remark("No known allergies", "when printed"),
        AllergyBanner::NotRecorded => remark("Allergies", "not recorded: ask"),
        AllergyBanner::Unavailable | AllergyBanner::Hidden => remark("Allergies", "see chart"),
    }
}

/// Flags that protect: safety, isolation, what somebody wants or does not want done.
fn precaution(banner: &FlagsBanner) -> Option<Alert> {
    match banner {
        FlagsBanner::Read { items, hidden, unread } => {
            let protects =
                |sign: FlagSign| matches!(sign, FlagSign::AdvanceDirective | FlagSign::Contact | FlagSign::Safety);
            let stands = items.iter().any(|item| protects(item.sign)) || *hidden > 0 || *unread > 0;
            stands.then(|| warning("ALERT", "see chart"))
        }
        FlagsBanner::Unavailable | FlagsBanner::Hidden => Some(remark("Alerts", "see chart")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::FlagItem;

    #[test]
    fn a_band_says_that_there_is_an_alert_and_never_which() {
        let known = AllergyBanner::Known { items: vec!["penicillin (anaphylaxis)".to_owned()] };
        let said = |banner: &AllergyBanner| {
            let alert = allergy(banner);
            (format!("{} {}", alert.label, alert.text), alert.strong)
        };
        assert_eq!(said(&known), ("ALLERGY see chart".to_owned(), true));
        for (banner, words) in [
            (AllergyBanner::NoKnown, "No known allergies when printed"),
            (AllergyBanner::NotRecorded, "Allergies not recorded: ask"),
            (AllergyBanner::Unavailable, "Allergies see chart"),
            (AllergyBanner::Hidden, "Allergies see chart"),
        ] {
            assert_eq!(
                said(&banner),
                (words.to_owned(), false),
                "none of them says that there is none but the one that knows"
            );
        }
        let read = |sign: Option<FlagSign>, hidden, unread| {
            let items = sign.into_iter().map(|sign| FlagItem { sign, text: "HIV positive".to_owned() }).collect();
            precaution(&FlagsBanner::Read { items, hidden, unread })
                .map(|alert| format!("{} {}", alert.label, alert.text))
        };
        let alert = Some("ALERT see chart".to_owned());
        assert_eq!(read(Some(FlagSign::Safety), 0, 0), alert);
        assert_eq!(read(None, 1, 0), alert, "one that whoever prints does not see protects all the same");
        assert_eq!(read(None, 0, 1), alert, "and so may one that nobody can read");
        assert_eq!(read(Some(FlagSign::Other), 0, 0), None, "what is no precaution is nothing for a wrist");
    }
}
