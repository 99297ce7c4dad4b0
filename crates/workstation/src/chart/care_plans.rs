//! Care plans and goals.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::quantity::{format_quantity, format_range};

use super::reader::{Chart, concepts, earliest_known, join, labelled, notes, qualified, title, when};
use super::{Record, plain};
use crate::view::PlainRow;

/// Active first, then newest.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let goals = chart.of("Goal").map(|record| goal(chart, record));
    plain::sorted(plans(chart).chain(goals).collect())
}

/// The care plans that are active.
pub(super) fn active_plans(chart: &Chart<'_>) -> Vec<PlainRow> {
    plain::sorted(plans(chart).filter(|row| row.status == "active").collect())
}

fn plans<'c>(chart: &'c Chart<'_>) -> impl Iterator<Item = PlainRow> + 'c {
    chart.of("CarePlan").map(|record| plan(chart, record))
}

fn plan(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let plan = &record.json;
    let activities = items(plan, "activity").iter().map(|activity| {
        let detail = at(activity, &["detail"]);
        let name = match coding::display(at(detail, &["code"])) {
            "" => match text(detail, "description") {
                "" => chart.name_of(plan, at(activity, &["reference"])),
                description => description.to_owned(),
            },
            name => name.to_owned(),
        };
        qualified(&name, text(detail, "status"))
    });
    let detail = join(
        [
            join(activities, ", "),
            labelled("for", chart.names_of(plan, plan, "addresses")),
            labelled("by", chart.name_of(plan, at(plan, &["author"]))),
            notes(plan, "note"),
        ],
        "; ",
    );
    let categories = concepts(plan, "category");
    let mut row = plain::row(record, "category", earliest_known([period(plan), when(text(plan, "created"))]), detail);
    row.code = coding::code_label(first(plan, "category"));
    row.title = title(plan, [text(plan, "title"), categories.as_str(), text(plan, "description")]);
    row
}

fn goal(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let goal = &record.json;
    let targets = items(goal, "target").iter().map(|target| {
        let amount = [
            format_quantity(at(target, &["detailQuantity"])),
            format_range(at(target, &["detailRange"])),
            coding::display(first(target, "detailCodeableConcept")).to_owned(),
        ];
        let due = labelled("by", format_date(text(target, "dueDate")));
        join([coding::display(at(target, &["measure"])).to_owned(), join(amount, " "), due], " ")
    });
    let detail = join(
        [
            labelled("target", join(targets, ", ")),
            coding::display(at(goal, &["achievementStatus"])).to_owned(),
            labelled("for", chart.names_of(goal, goal, "addresses")),
            labelled("by", chart.name_of(goal, at(goal, &["expressedBy"]))),
            notes(goal, "note"),
        ],
        "; ",
    );
    let mut row = plain::row(
        record,
        "description",
        earliest_known([when(text(goal, "startDate")), when(text(goal, "statusDate"))]),
        detail,
    );
    row.title = format!("Goal {}", row.title);
    if !text(goal, "lifecycleStatus").is_empty() {
        row.status = text(goal, "lifecycleStatus").to_owned();
    }
    row
}

fn period(resource: &Value) -> crate::view::When {
    when(vigil_model::fhir::date::period_start(at(resource, &["period"])))
}
