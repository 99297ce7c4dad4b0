//! FHIR Dosage in words: dose, route and frequency for a medication line (NHS CUI MEDi rules: `per` instead of `/`, space before units, no trailing zero,
//! nothing abbreviated).

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_period;
use vigil_model::fhir::field::{at, first, items, text, texts};
use vigil_model::fhir::quantity::{format_dose_number, number, unit};

use super::reader::{join, labelled};

/// The parts of a medication line.
#[derive(Default)]
pub(super) struct Line {
    pub(super) dose: String,
    pub(super) route: String,
    pub(super) frequency: String,
    pub(super) text: String,
}

/// One instruction gives its parts; several give one text, because parts of different instructions must not be mixed up.
pub(super) fn line(dosages: &[Value]) -> Line {
    match dosages {
        [] => Line::default(),
        [only] => Line {
            dose: dose(only),
            route: join(
                [coding::display(at(only, &["route"])), &labelled("at", coding::display(at(only, &["site"])))],
                " ",
            ),
            frequency: frequency(only),
            text: join([text(only, "text"), text(only, "patientInstruction")], "; "),
        },
        several => Line { text: join(several.iter().map(in_words), "; then "), ..Line::default() },
    }
}

/// One instruction as one text.
fn in_words(dosage: &Value) -> String {
    let structured = join([&dose(dosage), coding::display(at(dosage, &["route"])), &frequency(dosage)], " ");
    let own = join([text(dosage, "text"), text(dosage, "patientInstruction")], "; ");
    match (own.is_empty(), structured.is_empty()) {
        (false, false) => format!("{own} ({structured})"),
        _ => own + &structured,
    }
}

/// `500 mg`, `1 to 2 tablet`, `100 mL per hr`.
fn dose(dosage: &Value) -> String {
    let of_one = |dose: &Value| {
        let amount = match quantity(first(dose, "doseQuantity")) {
            empty if empty.is_empty() => range(first(dose, "doseRange")),
            amount => amount,
        };
        let rate =
            [quantity(first(dose, "rateQuantity")), range(first(dose, "rateRange")), ratio(first(dose, "rateRatio"))];
        join([amount, labelled("at", join(rate, ", "))], " ")
    };
    let doses = join(items(dosage, "doseAndRate").iter().map(of_one), " or ");
    let most = items(dosage, "maxDosePerPeriod").iter().map(ratio).find(|most| !most.is_empty()).unwrap_or_default();
    join([doses, labelled("at most", most)], ", ")
}

/// A quantity of a dose; also used for strengths and amounts dispensed.
pub(super) fn quantity(quantity: &Value) -> String {
    let value = quantity.get("value").map(format_dose_number).unwrap_or_default();
    if value.is_empty() {
        return value;
    }
    let comparator = match text(quantity, "comparator") {
        "<" => "less than ",
        "<=" => "at most ",
        ">" => "more than ",
        ">=" => "at least ",
        _ => "",
    };
    join([format!("{comparator}{value}"), spelled(&unit(quantity))], " ")
}

fn range(range: &Value) -> String {
    let (low, high) = (at(range, &["low"]), at(range, &["high"]));
    match (quantity(low), quantity(high)) {
        (low, high) if low.is_empty() => labelled("at most", high),
        (low, high) if high.is_empty() => labelled("at least", low),
        (_, upper) if unit(low) == unit(high) || unit(low).is_empty() => {
            format!("{} to {upper}", low.get("value").map(format_dose_number).unwrap_or_default())
        }
        (low, high) => format!("{low} to {high}"),
    }
}

fn ratio(ratio: &Value) -> String {
    let (above, below) = (quantity(at(ratio, &["numerator"])), at(ratio, &["denominator"]));
    let period = if number(at(below, &["value"])) == Some(1.0) { spelled(&unit(below)) } else { quantity(below) };
    join([above, labelled("per", period)], " ")
}

/// `mg/mL` as `mg per mL` (MEDi-045).
fn spelled(unit: &str) -> String {
    unit.replace('/', " per ").trim().to_owned()
}

fn frequency(dosage: &Value) -> String {
    let timing = at(dosage, &["timing"]);
    let repeat = at(timing, &["repeat"]);
    let named = coding::display(at(timing, &["code"]));
    let parts = [
        repeated(repeat),
        join(texts(repeat, "when").map(event), ", "),
        labelled("on", join(texts(repeat, "dayOfWeek").map(weekday), ", ")),
        labelled("at", join(texts(repeat, "timeOfDay").map(clock), ", ")),
        bounds(repeat),
    ];
    let spelled_out = join(parts, " ");
    let frequency = if spelled_out.is_empty() { named.to_owned() } else { spelled_out };
    join([frequency, as_needed(dosage)], " ")
}

/// `2 times per day`, `1 time every 8 hours`, `3 to 4 times per day`.
fn repeated(repeat: &Value) -> String {
    let value =
        |key: &str| repeat.get(key).filter(|value| number(value).is_some()).map(format_dose_number).unwrap_or_default();
    let up_to = |low: String, high: String| {
        if high.is_empty() {
            low
        } else if low.is_empty() {
            high
        } else {
            format!("{low} to {high}")
        }
    };
    let times = match up_to(value("frequency"), value("frequencyMax")) {
        empty if empty.is_empty() => String::new(),
        one if one == "1" => "1 time".to_owned(),
        many => format!("{many} times"),
    };
    let period = up_to(value("period"), value("periodMax"));
    let every = match (period.as_str(), text(repeat, "periodUnit")) {
        ("", _) | (_, "") => String::new(),
        ("1", unit) => format!("per {}", time_unit(unit, false)),
        (period, unit) => format!("every {period} {}", time_unit(unit, true)),
    };
    join([times, every], " ")
}

fn bounds(repeat: &Value) -> String {
    let period = at(repeat, &["boundsPeriod"]);
    let length = first(repeat, "boundsDuration");
    let duration = length.get("value").map(format_dose_number).unwrap_or_default();
    let unit = match text(length, "code") {
        "" => text(length, "unit").to_owned(),
        code => time_unit(code, duration != "1").to_owned(),
    };
    let count = repeat.get("count").map(format_dose_number).unwrap_or_default();
    let in_all = if count.is_empty() { count } else { format!("{count} in all") };
    join([labelled("for", join([duration, unit], " ")), format_period(period), in_all], ", ")
}

fn as_needed(dosage: &Value) -> String {
    let reason = coding::display(first(dosage, "asNeededCodeableConcept"));
    match (reason, dosage.get("asNeededBoolean")) {
        ("", Some(Value::Bool(true))) => "as needed".to_owned(),
        ("", _) => String::new(),
        (reason, _) => format!("as needed for {reason}"),
    }
}

/// FHIR R4 value set UnitsOfTime (UCUM codes); anything else is shown as it is.
fn time_unit(code: &str, plural: bool) -> &str {
    match (code, plural) {
        ("s", false) => "second",
        ("s", true) => "seconds",
        ("min", false) => "minute",
        ("min", true) => "minutes",
        ("h", false) => "hour",
        ("h", true) => "hours",
        ("d", false) => "day",
        ("d", true) => "days",
        ("wk", false) => "week",
        ("wk", true) => "weeks",
        ("mo", false) => "month",
        ("mo", true) => "months",
        ("a", false) => "year",
        ("a", true) => "years",
        (other, _) => other,
    }
}

/// FHIR R4 value set EventTiming (hl7.org/fhir/r4/valueset-event-timing.html), most of whose definitions were read there;
/// ACV, MORN, AFT, EVE and NIGHT follow the codes' own abbreviations. Others are shown as they are.
fn event(code: &str) -> &str {
    match code {
        "HS" => "before sleep",
        "WAKE" => "after waking",
        "C" => "with meals",
        "CM" => "with breakfast",
        "CD" => "with lunch",
        "CV" => "with dinner",
        "AC" => "before meals",
        "ACM" => "before breakfast",
        "ACD" => "before lunch",
        "ACV" => "before dinner",
        "MORN" => "in the morning",
        "AFT" => "in the afternoon",
        "EVE" => "in the evening",
        "NIGHT" => "at night",
        other => other,
    }
}

fn weekday(code: &str) -> &str {
    match code {
        "mon" => "Monday",
        "tue" => "Tuesday",
        "wed" => "Wednesday",
        "thu" => "Thursday",
        "fri" => "Friday",
        "sat" => "Saturday",
        "sun" => "Sunday",
        other => other,
    }
}

/// `08:00` for `08:00:00`.
fn clock(time: &str) -> &str {
    time.strip_suffix(":00").filter(|short| short.len() == 5).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_structured_dosage_reads_as_a_line() {
        let line = line(&[json!({
            "timing": { "repeat": { "frequency": 2, "period": 1.0, "periodUnit": "d", "boundsDuration": { "value": 7, "code": "d" } } },
            "route": { "text": "oral" },
            "asNeededCodeableConcept": { "text": "pain" },
            "doseAndRate": [{ "doseQuantity": { "value": 1000.0, "unit": "mg" } }]
        })]);
        assert_eq!(
            (line.dose.as_str(), line.route.as_str()),
            ("1,000 mg", "oral"),
            "no trailing zero, comma at thousands"
        );
        assert_eq!(line.frequency, "2 times per day for 7 days as needed for pain", "nothing abbreviated");
    }

    #[test]
    fn ranges_rates_and_intervals_are_spelled_out() {
        let range = line(&[
            json!({ "doseAndRate": [{ "doseRange": { "low": { "value": 1, "unit": "tablet" }, "high": { "value": 2, "unit": "tablet" } } }],
            "timing": { "repeat": { "frequency": 1, "period": 8, "periodUnit": "h", "timeOfDay": ["08:00:00"], "when": ["HS"] } } }),
        ]);
        assert_eq!(
            (range.dose.as_str(), range.frequency.as_str()),
            ("1 to 2 tablet", "1 time every 8 hours before sleep at 08:00"),
            "in words"
        );
        let rate = line(&[json!({ "doseAndRate": [{ "rateQuantity": { "value": 0.5, "unit": "mL/h" } }] })]);
        assert_eq!(rate.dose, "at 0.5 mL per h", "per instead of a slash");
    }

    #[test]
    fn two_instructions_are_never_mixed() {
        let line = line(&[json!({ "text": "2 tablets at once" }), json!({ "text": "1 tablet daily" })]);
        assert_eq!(line.dose, "", "no part stands for both");
        assert_eq!(line.text, "2 tablets at once; then 1 tablet daily", "both stand as they were written");
    }
}
