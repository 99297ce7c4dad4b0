//! Patient flags: "prospective warnings of potential issues when providing care to the patient" (FHIR R4 Flag).

use serde_json::{Value, json};
use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, items, text};

use super::reader::{Chart, concepts, join, labelled, noted, title, when};
use super::{Record, plain};
use crate::view::{FlagItem, FlagSign, PlainRow};

/// FHIR R4 code system flag-category.
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/flag-category";

/// Active first, then newest.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    plain::sorted(chart.of("Flag").map(|record| row(chart, record)).collect())
}

fn row(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let flag = &record.json;
    let period = at(flag, &["period"]);
    let detail = join(
        [
            concepts(flag, "category"),
            labelled("until", format_date(text(period, "end"))),
            labelled("by", chart.name_of(flag, at(flag, &["author"]))),
            noted(flag),
        ],
        ", ",
    );
    PlainRow { title: called(flag), ..plain::row(record, "code", when(text(period, "start")), detail) }
}

fn called(flag: &Value) -> String {
    title(flag, [coding::display(at(flag, &["code"]))])
}

/// Whether it stands. What does not say so is taken to stand: a warning too many is the smaller mistake.
pub(crate) fn is_active(flag: &Value) -> bool {
    !matches!(text(flag, "status"), "inactive" | "entered-in-error")
}

/// What the banner says of it.
pub(crate) fn banner_item(flag: &Value) -> FlagItem {
    let is = |code: &str| items(flag, "category").iter().any(|category| coding::has_code(category, CATEGORY, code));
    let sign = [
        (FlagSign::AdvanceDirective, "advance-directive"),
        (FlagSign::Contact, "contact"),
        (FlagSign::Safety, "safety"),
    ];
    let sign = sign.into_iter().find(|(_, code)| is(code)).map_or(FlagSign::Other, |(sign, _)| sign);
    FlagItem { sign, text: called(flag) }
}

/// In place of words that a role does not see, that there are some.
pub(crate) fn say_hidden(flag: &mut Value) {
    if let Some(elements) = flag.as_object_mut() {
        elements.insert("code".to_owned(), json!({ "text": "Hidden from your role" }));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{chart_of, record};
    use super::*;

    fn flag(category: &str, status: &str) -> Value {
        json!({ "resourceType": "Flag", "id": category, "status": status, "code": { "text": "Words" },
            "category": [{ "coding": [{ "system": CATEGORY, "code": category }] }], "period": { "start": "2026-11-01" },
            "author": { "display": "E. OKAFOR" } })
    }

    #[test]
    fn a_flag_stands_unless_it_says_that_it_does_not() {
        assert!(is_active(&flag("safety", "active")) && is_active(&flag("safety", "")), "a status nobody gave");
        assert!(!is_active(&flag("safety", "inactive")) && !is_active(&flag("safety", "entered-in-error")));
    }

    #[test]
    fn its_category_gives_it_a_sign_and_what_has_none_is_shown_all_the_same() {
        let sign = |category| banner_item(&flag(category, "active")).sign;
        assert_eq!(
            ["advance-directive", "contact", "safety", "behavioral"].map(sign),
            [FlagSign::AdvanceDirective, FlagSign::Contact, FlagSign::Safety, FlagSign::Other]
        );
        let bare = json!({ "resourceType": "Flag", "id": "f" });
        assert_eq!(banner_item(&bare), FlagItem { sign: FlagSign::Other, text: "Not known".to_owned() }, "never blank");
    }

    #[test]
    fn what_stands_comes_first_and_says_since_when_and_by_whom() {
        let rows = chart_of(&[record(flag("contact", "inactive")), record(flag("safety", "active"))], rows);
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["safety", "contact"]);
        assert_eq!((rows[0].when.text.as_str(), rows[0].detail.as_str()), ("01-Nov-2026", "safety, by E. OKAFOR"));
    }
}
