//! Laboratory results of a visit: what is ordered depends on the problems, what comes out on their course.

use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::code::{Code, HL7, age, number, quantity, reference, round};
use super::laboratory as lab;
use super::laboratory::{Analyte, Range};
use super::person::Person;
use super::problem::{Course, Problem, since};
use super::staff::Staff;
use super::visit::{Kind, Visit};

/// Where this person's values lie when nothing is wrong, each 0 to 1 of the normal range.
pub(super) struct Constitution {
    salt: f64,
    blood: f64,
    cells: f64,
    fat: f64,
    liver: f64,
    kidney: f64,
    sugar: f64,
    thyroid: f64,
}

impl Constitution {
    pub(super) fn draw(chance: &mut Chance) -> Self {
        let mut draw = || chance.between(0.25, 0.75);
        Self {
            salt: draw(),
            blood: draw(),
            cells: draw(),
            fat: draw(),
            liver: draw(),
            kidney: draw(),
            sugar: draw(),
            thyroid: draw(),
        }
    }
}

/// One panel or single test: its code, if it is reported as a panel, and its values.
struct Order {
    panel: Option<Code>,
    values: Vec<(Analyte, f64)>,
}

/// One line of a result, as the notes quote it.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) text: String,
    pub(super) flag: &'static str,
}

pub(super) struct Results {
    pub(super) resources: Vec<Value>,
    pub(super) lines: Vec<Line>,
}

pub(super) fn of_visit(
    visit: &Visit,
    person: &Person,
    constitution: &Constitution,
    courses: &[Course],
    staff: &Staff,
    chance: &mut Chance,
) -> Results {
    let mut results = Results { resources: Vec::new(), lines: Vec::new() };
    for order in orders(visit, person, constitution, courses, chance) {
        let mut members = Vec::new();
        for (analyte, value) in &order.values {
            let id = chance.id();
            let (resource, line) = observation(&id, analyte, *value, visit, person, staff);
            results.resources.push(resource);
            results.lines.push(line);
            members.push(reference("Observation", &id));
        }
        if let Some(panel) = order.panel {
            results.resources.push(report(&panel, &members, visit, person, staff, chance));
        }
    }
    results
}

fn orders(visit: &Visit, person: &Person, own: &Constitution, courses: &[Course], chance: &mut Chance) -> Vec<Order> {
    let years_old = age(person.birth, visit.day);
    let has = |problem: Problem| since(courses, problem, visit.day).is_some();
    if visit.kind == Kind::WellChild {
        let due = years_old > 0.9 && chance.happens(0.15);
        return if due { vec![blood_count(visit, person, own, courses, chance)] } else { Vec::new() };
    }
    let sick = matches!(visit.kind, Kind::Emergency | Kind::Admission);
    let followed = visit.kind == Kind::FollowUp;
    let checked = visit.kind == Kind::CheckUp && years_old >= 30.0;
    let mut orders = Vec::new();
    if sick || (checked && chance.happens(0.7)) || (followed && chance.happens(0.75)) {
        orders.push(chemistry(visit, person, own, courses, chance));
    }
    if sick || has(Problem::Anemia) || (checked && chance.happens(0.6)) || (followed && chance.happens(0.3)) {
        orders.push(blood_count(visit, person, own, courses, chance));
    }
    if (checked && chance.happens(0.6)) || (followed && has(Problem::Hyperlipidemia) && chance.happens(0.4)) {
        orders.push(lipids(visit, own, courses, chance));
    }
    let single = |analyte: Analyte, value: f64| Order { panel: None, values: vec![(analyte, value)] };
    if has(Problem::Diabetes) || (has(Problem::Prediabetes) && checked) {
        orders.push(single(lab::A1C, a1c(visit, own, courses, chance)));
        if followed && chance.happens(0.4) {
            let leak =
                if has(Problem::KidneyDisease) { chance.between(60.0, 340.0) } else { chance.between(4.0, 40.0) };
            orders.push(single(lab::ALBUMIN_IN_URINE, leak));
        }
    }
    if let Some(years) = since(courses, Problem::Hypothyroidism, visit.day) {
        let treated = lab_inside((0.8, 3.8), own.thyroid) + chance.noise() * 0.5;
        orders.push(single(lab::THYROTROPIN, (treated + 9.0 / (1.0 + 8.0 * years)).max(0.05)));
    }
    if has(Problem::AtrialFibrillation) {
        let bleeds = if chance.happens(0.05) { 2.3 } else { 0.0 };
        orders.push(single(lab::INR, (2.45 + chance.noise() * 0.4 + bleeds).max(1.1)));
    }
    if has(Problem::HeartFailure) && (sick || chance.happens(0.4)) {
        let acute = if sick { chance.between(2.0, 5.0) } else { 1.0 };
        orders.push(single(lab::NT_PROBNP, chance.between(380.0, 1500.0) * acute));
    }
    orders
}

fn lab_inside((low, high): (f64, f64), at: f64) -> f64 {
    low + (high - low) * at
}

fn filtration(visit: &Visit, person: &Person, own: &Constitution, courses: &[Course], chance: &mut Chance) -> f64 {
    let ageing = (age(person.birth, visit.day) - 40.0).max(0.0) * 0.45;
    let healthy = (lab_inside((92.0, 116.0), own.kidney) - ageing).max(63.0);
    // Stage 3 is 30 to 59 (K/DOQI): it is found below 60 and falls slowly.
    let value = since(courses, Problem::KidneyDisease, visit.day)
        .map_or(healthy, |years| (lab_inside((50.0, 58.0), own.kidney) - years * 1.7).max(31.0));
    (value + chance.noise() * 2.0).max(18.0)
}

fn chemistry(visit: &Visit, person: &Person, own: &Constitution, courses: &[Course], chance: &mut Chance) -> Order {
    let has = |problem: Problem| since(courses, problem, visit.day).is_some();
    let filtration = filtration(visit, person, own, courses, chance);
    let leaky = (70.0 - filtration).max(0.0);
    let sick = matches!(visit.kind, Kind::Emergency | Kind::Admission);
    let swollen = sick && has(Problem::HeartFailure);
    let potassium_swing = match (sick && (has(Problem::KidneyDisease) || swollen), chance.happens(0.45)) {
        (true, true) => chance.pick(&[2.0, -1.8, 1.2, -1.7]),
        _ => &0.0,
    };
    let sodium = lab_inside((137.0, 143.0), own.salt) + chance.noise() * 1.3 - if swollen { 5.0 } else { 0.0 };
    let sodium = if swollen && chance.happens(0.06) { 117.0 } else { sodium };
    let creatinine = if person.female { 70.0 } else { 88.0 } / filtration + chance.noise() * 0.02;
    let glucose = 92.0 + (a1c(visit, own, courses, chance) - 5.4) * 30.0 + chance.noise() * 9.0;
    let mut values = vec![
        (lab::GLUCOSE, glucose.max(58.0)),
        (lab::UREA, lab_inside((9.0, 16.0), own.kidney) + leaky * 0.6 + chance.noise() * 1.5),
        (lab::CREATININE, creatinine.max(0.35)),
        (lab::FILTRATION, filtration),
        (lab::SODIUM, sodium),
        (lab::POTASSIUM, lab_inside((3.8, 4.7), own.salt) + leaky * 0.015 + potassium_swing + chance.noise() * 0.18),
        (lab::CHLORIDE, lab_inside((98.0, 104.0), own.salt) + chance.noise() * 1.2),
        (lab::BICARBONATE, lab_inside((23.5, 27.5), own.cells) - leaky * 0.06 + chance.noise() * 0.8),
        (lab::CALCIUM, lab_inside((8.9, 10.0), own.cells) - leaky * 0.01 + chance.noise() * 0.15),
    ];
    if !sick && chance.happens(0.6) {
        return Order { panel: Some(lab::BASIC_PANEL), values };
    }
    let fatty = if has(Problem::Obesity) { 14.0 } else { 0.0 };
    values.extend([
        (lab::PROTEIN, lab_inside((6.6, 7.8), own.liver) + chance.noise() * 0.15),
        (lab::ALBUMIN, lab_inside((3.9, 4.8), own.liver) - if sick { 0.6 } else { 0.0 } + chance.noise() * 0.1),
        (lab::BILIRUBIN, (lab_inside((0.4, 1.2), own.liver) + chance.noise() * 0.1).max(0.2)),
        (lab::PHOSPHATASE, lab_inside((52.0, 110.0), own.liver) + chance.noise() * 6.0),
        (lab::ALT, (lab_inside((11.0, 30.0), own.liver) + fatty + chance.noise() * 4.0).max(6.0)),
        (lab::AST, (lab_inside((14.0, 28.0), own.liver) + fatty * 0.6 + chance.noise() * 3.0).max(8.0)),
    ]);
    Order { panel: Some(lab::FULL_PANEL), values }
}

fn a1c(visit: &Visit, own: &Constitution, courses: &[Course], chance: &mut Chance) -> f64 {
    let base = lab_inside((5.0, 5.6), own.sugar);
    let value = if let Some(years) = since(courses, Problem::Diabetes, visit.day) {
        lab_inside((6.3, 7.8), own.sugar) + 2.6 / (1.0 + 4.0 * years) + years * 0.03
    } else if since(courses, Problem::Prediabetes, visit.day).is_some() {
        lab_inside((5.7, 6.4), own.sugar)
    } else {
        base
    };
    value + chance.noise() * 0.12
}

fn blood_count(visit: &Visit, person: &Person, own: &Constitution, courses: &[Course], chance: &mut Chance) -> Order {
    let usual = if person.female { (12.6, 15.0) } else { (14.2, 17.0) };
    let years_old = age(person.birth, visit.day);
    let usual = if years_old < 12.0 { (11.6, 13.8) } else { usual };
    let short = since(courses, Problem::Anemia, visit.day).map_or(0.0, |years| 3.6 / (1.0 + 3.0 * years));
    let renal = since(courses, Problem::KidneyDisease, visit.day).map_or(0.0, |years| (years * 0.2).min(1.6));
    let lost = if short > 2.0 && visit.kind == Kind::Emergency { 2.6 } else { 0.0 };
    let hemoglobin = (lab_inside(usual, own.blood) - short - renal - lost + chance.noise() * 0.25).max(6.2);
    let volume = lab_inside((84.0, 93.0), own.cells) - short * 3.4 + chance.noise() * 0.7;
    let hematocrit = hemoglobin * 2.95 + chance.noise() * 0.4;
    let infected = matches!(visit.reason, Some(Problem::Appendicitis | Problem::Copd | Problem::Bronchitis));
    let white = if infected { chance.between(9.5, 17.5) } else { lab_inside((5.0, 9.0), own.cells) };
    Order {
        panel: Some(lab::BLOOD_COUNT),
        values: vec![
            (lab::LEUKOCYTES, (white + chance.noise() * 0.6).max(2.6)),
            (lab::ERYTHROCYTES, hematocrit * 10.0 / volume),
            (lab::HEMOGLOBIN, hemoglobin),
            (lab::HEMATOCRIT, hematocrit),
            (lab::CELL_VOLUME, volume),
            (lab::PLATELETS, lab_inside((180.0, 360.0), own.cells) + short * 25.0 + chance.noise() * 16.0),
        ],
    }
}

fn lipids(visit: &Visit, own: &Constitution, courses: &[Course], chance: &mut Chance) -> Order {
    let high =
        since(courses, Problem::Hyperlipidemia, visit.day).map_or(0.0, |years| 14.0 + 52.0 / (1.0 + 4.0 * years));
    let ldl = lab_inside((74.0, 128.0), own.fat) + high + chance.noise() * 7.0;
    let hdl = lab_inside((66.0, 37.0), own.fat) + chance.noise() * 3.0;
    let triglycerides = (lab_inside((68.0, 165.0), own.fat) + high * 0.9 + chance.noise() * 15.0).max(38.0);
    Order {
        panel: Some(lab::LIPID_PANEL),
        values: vec![
            (lab::CHOLESTEROL, ldl + hdl + triglycerides * 0.2),
            (lab::TRIGLYCERIDES, triglycerides),
            (lab::LDL, ldl),
            (lab::HDL, hdl),
        ],
    }
}

fn observation(
    id: &str,
    analyte: &Analyte,
    value: f64,
    visit: &Visit,
    person: &Person,
    staff: &Staff,
) -> (Value, Line) {
    let value = round(value, analyte.decimals);
    let written = number(value, analyte.decimals);
    let mut concept = analyte.code.concept();
    if let Some(fields) = concept.as_object_mut() {
        fields.insert("text".to_owned(), json!(analyte.name));
    }
    let mut resource = json!({
        "resourceType": "Observation", "id": id, "status": "final",
        "category": [{ "coding": [{ "system": format!("{HL7}/observation-category"), "code": "laboratory",
            "display": "Laboratory" }] }],
        "code": concept,
        "subject": { "reference": format!("Patient/{}", person.id) },
        "encounter": visit.reference(),
        "effectiveDateTime": visit.at(15),
        "issued": visit.at(180),
        "performer": [reference("Organization", &staff.laboratory)],
        "valueQuantity": quantity(&written, analyte.unit, analyte.unit),
    });
    let mut flag = "";
    if let Some(range) = analyte.range(person.gender, age(person.birth, visit.day)) {
        let (code, display) = analyte.interpretation(value, range);
        flag = if code == "N" { "" } else { code };
        if let Some(fields) = resource.as_object_mut() {
            fields.insert(
                "interpretation".to_owned(),
                json!([{ "coding": [{
                "system": format!("{HL7}/v3-ObservationInterpretation"), "code": code, "display": display }],
                "text": display }]),
            );
            fields.insert("referenceRange".to_owned(), json!([reference_range(analyte, range)]));
        }
    }
    (resource, Line { name: analyte.name, text: format!("{written} {}", analyte.unit), flag })
}

fn reference_range(analyte: &Analyte, (low, high): Range) -> Value {
    let mut fields = Map::new();
    let end = |value: f64| quantity(&number(value, analyte.decimals), analyte.unit, analyte.unit);
    fields.extend(low.map(|low| ("low".to_owned(), end(low))));
    fields.extend(high.map(|high| ("high".to_owned(), end(high))));
    if analyte.code.code == lab::INR.code.code {
        fields.insert("text".to_owned(), json!("Aim under warfarin for atrial fibrillation"));
    }
    Value::Object(fields)
}

fn report(
    panel: &Code,
    members: &[Value],
    visit: &Visit,
    person: &Person,
    staff: &Staff,
    chance: &mut Chance,
) -> Value {
    json!({
        "resourceType": "DiagnosticReport", "id": chance.id(), "status": "final",
        "category": [{ "coding": [{ "system": format!("{HL7}/v2-0074"), "code": "LAB", "display": "Laboratory" }] }],
        "code": panel.concept(),
        "subject": { "reference": format!("Patient/{}", person.id) },
        "encounter": visit.reference(),
        "effectiveDateTime": visit.at(15),
        "issued": visit.at(180),
        "performer": [reference("Organization", &staff.laboratory)],
        "result": members,
    })
}
