//! Coverage, claims and what was paid.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::{format_period, period_start};
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::fhir::quantity::format_money;

use super::reader::{Chart, earliest_known, join, labelled, qualified, sort_rows, title, when};
use super::{Record, plain};
use crate::view::PlainRow;

/// Coverage and accounts first, then claims and answers, each newest first.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let coverages = chart.of("Coverage").map(|record| coverage(chart, record));
    let accounts = chart.of("Account").map(|record| account(chart, record));
    let claims = ["Claim", "ClaimResponse", "ExplanationOfBenefit"]
        .into_iter()
        .flat_map(|kind| chart.of(kind))
        .map(|record| claim(chart, record));
    let mut rows: Vec<PlainRow> = coverages.chain(accounts).chain(claims).collect();
    sort_rows(&mut rows, urgency, |row| &row.when);
    rows
}

fn urgency(row: &PlainRow) -> u8 {
    let kind = match row.resource_type.as_str() {
        "Coverage" => 0,
        "Account" => 1,
        _ => 2,
    };
    if row.status == "entered-in-error" { 3 } else { kind }
}

fn coverage(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let coverage = &record.json;
    let payors = chart.names_of(coverage, coverage, "payor");
    let kind = coding::display(at(coverage, &["type"]));
    let classes = items(coverage, "class").iter().map(|class| {
        let name = if text(class, "name").is_empty() { text(class, "value") } else { text(class, "name") };
        join([coding::display(at(class, &["type"])), name], " ")
    });
    let period = at(coverage, &["period"]);
    let detail = join(
        [
            labelled("member", text(coverage, "subscriberId")),
            labelled("relationship", coding::display(at(coverage, &["relationship"]))),
            join(classes, ", "),
            format_period(period),
        ],
        ", ",
    );
    let mut row = plain::row(record, "type", when(period_start(period)), detail);
    row.title = title(coverage, [qualified(&payors, kind).as_str()]);
    row
}

fn account(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let account = &record.json;
    let detail = join(
        [text(account, "description").to_owned(), labelled("by", chart.name_of(account, at(account, &["owner"])))],
        ", ",
    );
    let mut row = plain::row(record, "type", when(period_start(at(account, &["servicePeriod"]))), detail);
    row.title = title(account, [text(account, "name"), coding::display(at(account, &["type"])), "Account"]);
    row
}

fn claim(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let claim = &record.json;
    let noun = match record.resource_type.as_str() {
        "Claim" => "Claim",
        "ClaimResponse" => "Answer to a claim",
        _ => "Explanation of benefit",
    };
    let services = items(claim, "item")
        .iter()
        .map(|item| coding::display(at(item, &["productOrService"])))
        .filter(|name| !name.is_empty());
    let services: Vec<&str> = services.collect();
    let more = services.len().saturating_sub(3);
    let named = join(services.iter().take(3), ", ");
    let detail = join(
        [
            if more > 0 { format!("{named} and {more} more") } else { named },
            totals(claim),
            labelled("paid", format_money(at(claim, &["payment", "amount"]))),
            text(claim, "outcome").to_owned(),
            text(claim, "disposition").to_owned(),
            labelled("by", chart.name_of(claim, at(claim, &["provider"]))),
            labelled("insurer", chart.name_of(claim, at(claim, &["insurer"]))),
        ],
        ", ",
    );
    let at_time = earliest_known([when(period_start(at(claim, &["billablePeriod"]))), when(text(claim, "created"))]);
    let mut row = plain::row(record, "type", at_time, detail);
    row.title = qualified(noun, coding::display(at(claim, &["type"])));
    row
}

/// `total 984.10 USD`: one amount on a claim, one per category on an answer.
fn totals(claim: &Value) -> String {
    let total = first(claim, "total");
    if total.get("amount").is_none() {
        return labelled("total", format_money(total));
    }
    let each = items(claim, "total").iter().map(|total| {
        let amount = format_money(at(total, &["amount"]));
        if amount.is_empty() {
            amount
        } else {
            join([coding::display(at(total, &["category"])).to_owned(), amount], " ")
        }
    });
    labelled("total", join(each, ", "))
}
