//! More charts than usual in the real window: the password again, the suspended account, the emergency, the supervisor, the list.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::path::PathBuf;

use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const PRIVACY_OFFICER: SignIn<'static> = SignIn { username: "weiss", password: "silver-window-63-pears" };

/// One for each patient: three times five charts, five after the password, and one more.
const NAMES: [&str; 21] = [
    "Adler", "Birke", "Cramer", "Dorn", "Eberle", "Fink", "Gruber", "Hummel", "Iltis", "Jaeger", "Kuckuck", "Lerche",
    "Marder", "Nagel", "Otter", "Pfau", "Quast", "Reiher", "Specht", "Taube", "Uhlig",
];

#[tokio::test]
async fn whoever_opens_more_charts_than_usual_is_asked_then_suspended_and_a_supervisor_lifts_it() {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "S. WEISS").unwrap();
    hospital.import(&[patients(&hospital).as_path()]).unwrap();
    let policy = hospital.home.path().join("policy");
    std::fs::create_dir(&policy).unwrap();
    std::fs::write(policy.join("10-ward.json"), r#"{"usualChartsPerHour": 5}"#).unwrap();
    // Exports are charts as well; the window finds them in the log.
    for number in 0..13 {
        export(&hospital, number);
    }
    let launch = hospital.launch(&["--test-policy", policy.to_str().unwrap()]).unwrap();
    let window = Window::open(&launch).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(PHYSICIAN).await.unwrap();
    open(&window, 13, None).await;
    open(&window, 14, None).await;
    ask_for(&window, 15).await;
    window.wait_for("dialog", "Show again that it is you").await.unwrap();
    picture(&window, "step-up");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Cancel").await.unwrap();
    window.wait_for_words("where 5 are usual for you").await.unwrap();
    picture(&window, "step-up-cancelled");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Try again").await.unwrap();
    window.fill("Your password, again", PHYSICIAN.password).await.unwrap();
    window.click("button", "Go on").await.unwrap();
    window.wait_for_banner(&NAMES[15].to_uppercase()).await.unwrap();
    open(&window, 16, None).await;
    open(&window, 17, Some(13)).await;
    open(&window, 18, Some(14)).await;
    open(&window, 19, Some(15)).await;

    ask_for(&window, 20).await;
    window.click("button", &format!("Close {}", NAMES[16].to_uppercase())).await.unwrap();
    window.wait_for("heading", "Account suspended").await.unwrap();
    window.wait_for_words("21 charts were asked for within an hour, where 5 are usual").await.unwrap();
    let words = window.words().await.unwrap().to_lowercase();
    assert!(NAMES.iter().all(|name| !words.contains(&name.to_lowercase())), "nobody is named at the locked screen");
    picture(&window, "suspended");
    findings.extend(window.axe().await.unwrap());

    window.fill("Password", PHYSICIAN.password).await.unwrap();
    window.click("button", "Unlock").await.unwrap();
    window.wait_for("note", "Account suspended").await.unwrap();
    picture(&window, "suspended-inside");
    // The four that were open do not open again, and take their places all the same.
    window.click("button", "Close the chart of").await.unwrap();
    ask_for(&window, 0).await;
    window.wait_for("region", "Emergency access").await.unwrap();
    window.wait_for_words("Your account is suspended on this workstation").await.unwrap();
    picture(&window, "break-glass");
    findings.extend(window.axe().await.unwrap());
    window.click("radio", "Emergency treatment").await.unwrap();
    window.fill("In your own words", "Collapsed in the corridor").await.unwrap();
    window.fill("Your password, again", PHYSICIAN.password).await.unwrap();
    window.click("button", &format!("Open the chart of {}", NAMES[0].to_uppercase())).await.unwrap();
    window.wait_for_banner(&NAMES[0].to_uppercase()).await.unwrap();
    window.wait_for("timer", "Time left").await.unwrap();
    picture(&window, "emergency");
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.wait_for("note", "Suspended accounts").await.unwrap();
    window.click("button", "Show it").await.unwrap();
    window.wait_for("form", "Lift").await.unwrap();
    window.wait_for_words("1 account is suspended").await.unwrap();
    picture(&window, "list");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "list-dark");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Light").await.unwrap();
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PHYSICIAN).await.unwrap();
    window.wait_for("note", "Account suspended").await.unwrap();
    window.click("button", "What now").await.unwrap();
    window.click("button", "A supervisor is here").await.unwrap();
    picture(&window, "supervisor");
    findings.extend(window.axe().await.unwrap());
    window.fill("Supervisor’s user name", PRIVACY_OFFICER.username).await.unwrap();
    window.fill("Why it is lifted", "Vaccination day, as announced").await.unwrap();
    window.fill("Supervisor’s password", PRIVACY_OFFICER.password).await.unwrap();
    window.click("button", "Lift the suspension").await.unwrap();
    window.wait_without_words("suspended on this workstation").await.unwrap();
    window.search_patients(NAMES[20], &NAMES[20].to_uppercase()).await.unwrap();
    window.open_chart(&NAMES[20].to_uppercase()).await.unwrap();
    picture(&window, "lifted");
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Unusual").await.unwrap();
    window.wait_for_words("Vaccination day, as announced").await.unwrap();
    picture(&window, "list-lifted");
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();

    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

fn export(hospital: &Hospital, number: usize) {
    let patient = format!("b{number}");
    let export = ["export", "--as", PHYSICIAN.username, "--password-stdin", "--patient", &patient];
    let export = [export.as_slice(), &["--basis", "individual"]].concat();
    hospital.program.must(&export, &[PHYSICIAN.password, "The patient", "", "asked for it"]).unwrap();
}

/// Asks for a chart on the page Patients.
async fn ask_for(window: &Window, number: usize) {
    let name = NAMES[number].to_uppercase();
    window.search_patients(NAMES[number], &name).await.unwrap();
    window.click("button", &format!("Open the chart of {name}")).await.unwrap();
}

/// Opens a chart, closing another one where four are open.
async fn open(window: &Window, number: usize, instead_of: Option<usize>) {
    ask_for(window, number).await;
    if let Some(other) = instead_of {
        window.click("button", &format!("Close {}", NAMES[other].to_uppercase())).await.unwrap();
    }
    window.wait_for_banner(&NAMES[number].to_uppercase()).await.unwrap();
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("unusual-{name}.png"))).unwrap();
    }
}

/// Invented.
fn patients(hospital: &Hospital) -> PathBuf {
    let entries: Vec<String> = NAMES
        .iter()
        .enumerate()
        .map(|(number, family)| {
            format!(
                r#"{{"resource": {{"resourceType": "Patient", "id": "b{number}", "birthDate": "1958-03-09", "gender": "female",
                    "name": [{{"family": "{family}", "given": ["Vera"]}}]}}}}"#
            )
        })
        .collect();
    let bundle = format!(r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#, entries.join(","));
    let file = hospital.home.path().join("patients.json");
    std::fs::write(&file, bundle).unwrap();
    file
}
