//! Invented resources, the same in every run.

const FAMILIES: [&str; 12] = [
    "Ander", "Bertil", "Castel", "Dorn", "Eklund", "Farrow", "Gantz", "Hollis", "Ibarra", "Jarvin", "Kessler", "Lindqv",
];
const ENDINGS: [&str; 10] = ["son", "berg", "ini", "ova", "stein", "field", "man", "ez", "wood", "ley"];
const GIVENS: [&str; 16] = [
    "Ada", "Bruno", "Clara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Leon", "Mara",
    "Nils", "Olga", "Piet",
];

/// Patients as NDJSON lines.
pub(crate) fn patients(count: usize) -> Vec<String> {
    (0..count).map(patient).collect()
}

/// Patients, then observations that go round all of them: each next one is another patient's.
pub(crate) fn round_robin(patients: usize, observations: usize) -> Vec<String> {
    let people = (0..patients).map(patient);
    let values = (0..observations).map(|number| observation(number, &format!("p{}", number % patients)));
    people.chain(values).collect()
}

/// The same resources, the observations of one patient after those of another: as exports by type come.
pub(crate) fn chart_by_chart(patients: usize, observations: usize) -> Vec<String> {
    let people = (0..patients).map(patient);
    let of = |patient: usize| {
        let numbers = (patient..observations).step_by(patients);
        numbers.map(move |number| observation(number, &format!("p{patient}")))
    };
    people.chain((0..patients).flat_map(of)).collect()
}

/// Writes lines to a file; its size in bytes. The lines are gone afterwards.
pub(crate) fn write(file: &std::path::Path, lines: Vec<String>) -> u64 {
    std::fs::write(file, lines.join("\n")).unwrap();
    drop(lines);
    std::fs::metadata(file).unwrap().len()
}

/// Whose resource the `position`th line of [`round_robin`] is.
pub(crate) fn owner(position: usize, patients: usize) -> String {
    format!("p{}", position % patients)
}

/// What people type.
pub(crate) fn searches() -> Vec<String> {
    (0..200)
        .map(|number| {
            let (family, given) = name(number * 37);
            match number % 5 {
                0 => family,
                1 => format!("{} {}", given, &family[..4]),
                2 => format!("{}x{}", &family[..3], &family[3..]),
                3 => format!("{:06}", number * 311),
                _ => format!("{} 19{:02}", family, number % 100),
            }
        })
        .collect()
}

fn name(number: usize) -> (String, String) {
    let family =
        format!("{}{}{}", FAMILIES[number % 12], ["", "a", "e", "i"][number / 12 % 4], ENDINGS[number / 48 % 10]);
    (family, GIVENS[number / 7 % 16].to_owned())
}

fn patient(number: usize) -> String {
    let (family, given) = name(number);
    format!(
        r#"{{"resourceType":"Patient","id":"p{number}","identifier":[{{"type":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}}]}},"system":"urn:example:mrn","value":"{number:06}"}}],"name":[{{"use":"official","family":"{family}","given":["{given}"]}}],"gender":"female","birthDate":"19{:02}-{:02}-{:02}","address":[{{"line":["{number} Invented Road"],"city":"Nowhere","postalCode":"00000"}}]}}"#,
        number % 100,
        number % 12 + 1,
        number % 28 + 1,
    )
}

fn observation(number: usize, patient: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"o{number}","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}}]}}],"code":{{"coding":[{{"system":"urn:example:codes","code":"c{}","display":"Invented analyte {}"}}],"text":"Invented analyte {}"}},"subject":{{"reference":"Patient/{patient}"}},"effectiveDateTime":"20{:02}-{:02}-{:02}T08:30:00+00:00","issued":"2026-01-01T08:30:00Z","valueQuantity":{{"value":{}.{},"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}},"referenceRange":[{{"low":{{"value":3,"unit":"mmol/L"}},"high":{{"value":9,"unit":"mmol/L"}}}}]}}"#,
        number % 25,
        number % 25,
        number % 25,
        number % 26,
        number % 12 + 1,
        number % 28 + 1,
        number % 10,
        number % 10,
    )
}
