//! Output on paper in the real window, through a real CUPS to a printer on the network; and nothing of it stays anywhere.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use serde_json::json;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use vigil_tests::cups::Cups;
use vigil_tests::hospital::{FRONT_DESK, Hospital, PHYSICIAN};
use vigil_tests::leak::Markers;
use vigil_tests::window::Window;

const WHOSE: &str = "ŻQVORTMARK, Ülfriedplant";
const NUMBER: &str = "MRKR-77415-QX";
const PROBLEM: &str = "Plantmark syndrome #read(\"/etc/passwd\") of $7$";
const MEDICINE: &str = "Plantmarkamide 5 mg tablet";

fn words(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut stdin, pdf) = (child.stdin.take().unwrap(), pdf.to_vec());
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    // The watermark is turned, and so each of its letters is a word.
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// For whoever looks at the pages.
fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        fs::write(PathBuf::from(folder).join(format!("{name}.pdf")), pdf).unwrap();
    }
}

#[tokio::test]
async fn papers_are_looked_at_printed_and_saved_and_nothing_of_them_stays() {
    let (hospital, cups) = (Hospital::new().unwrap(), Cups::start().unwrap());
    let outside = tempfile::tempdir().unwrap();
    let bundle = outside.path().join("bundle.json");
    fs::write(&bundle, patient().to_string()).unwrap();
    hospital.import(&[&bundle]).unwrap();
    cups.serve(hospital.home.path()).unwrap();
    let saved = outside.path().join("saved");
    fs::create_dir(&saved).unwrap();
    let markers =
        Markers::new(&["Żqvortmark", "Ülfriedplant", NUMBER, "Plantmark syndrome", "Plantmarkamide"]).unwrap();
    let clean = |when: &str| {
        for folder in [hospital.home.path(), cups.folder()] {
            let search = markers.in_folder(folder).unwrap();
            assert!(search.leaks.is_empty(), "{when}: {:?}", search.leaks);
        }
    };

    let launch = hospital.launch(&["--test-save-to", saved.to_str().unwrap()]).unwrap();
    let window = Window::open(&launch).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("Ülfriedplant", "ŻQVORTMARK").await.unwrap();
    window.open_chart("ŻQVORTMARK").await.unwrap();
    window.chord(&[Key::Alt.into()], 'p').await.unwrap();
    window.wait_for("button", &format!("Print visit summary of {WHOSE}")).await.unwrap();
    window.click("button", "Show how it will look").await.unwrap();
    window.wait_for("img", "page 1 of").await.unwrap();
    window.look("printing-visit-summary", &mut findings).await.unwrap();
    clean("while a page is looked at");

    window.click("radio", "Medication list").await.unwrap();
    window.click("button", &format!("Print medication list of {WHOSE}")).await.unwrap();
    window.wait_for_words("handed to the printer Ward-3; on record").await.unwrap();
    window.look("printing-printed", &mut findings).await.unwrap();
    let paper = cups.printed().unwrap();
    keep("medication-list", &paper);
    let text = words(&paper);
    for wanted in [WHOSE, "Plantmarkamide", NUMBER, "For the patient", "Dr A. OKAFOR, physician", "Page 1 of 1"] {
        assert!(text.contains(wanted), "{wanted}:\n{text}");
    }
    cups.wait_until_forgotten().unwrap();
    clean("after the job is over");

    // Somebody else gets it: who and why, or nothing leaves.
    window.click("radio", "Visit summary").await.unwrap();
    window.click("radio", "Somebody else").await.unwrap();
    window.click("radio", "PDF file").await.unwrap();
    window.fill("Who", "City court").await.unwrap();
    window.wait_for("field", "On what ground").await.unwrap().select_by_label("Required by law").await.unwrap();
    window.click("button", &format!("Save visit summary of {WHOSE}")).await.unwrap();
    window.wait_for_words("Say what they get it for").await.unwrap();
    window.look("printing-what-for", &mut findings).await.unwrap();
    window.fill("What for", "Order 12").await.unwrap();
    window.click("button", &format!("Save visit summary of {WHOSE}")).await.unwrap();
    window.wait_for_words("for you alone to read; on record").await.unwrap();
    let file = saved.join("visit-summary.pdf");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "its owner's alone");
    let paper = fs::read(&file).unwrap();
    keep("visit-summary", &paper);
    let text = words(&paper);
    for wanted in ["For City court", "D I S C L O S E D C O P Y", PROBLEM] {
        assert!(text.contains(wanted), "{wanted}:\n{text}");
    }
    window.lock(WHOSE).await.unwrap();
    clean("while the screen is locked");
    window.close().await.unwrap();
    clean("after the window was closed");

    // The front desk prints who somebody is, and nothing of what they have.
    let window = Window::open(&launch).await.unwrap();
    window.sign_in(FRONT_DESK).await.unwrap();
    window.search_patients("Ülfriedplant", "ŻQVORTMARK").await.unwrap();
    window.open_chart("ŻQVORTMARK").await.unwrap();
    window.click("button", "Print").await.unwrap();
    window.wait_for("button", &format!("Print wristband of {WHOSE}")).await.unwrap();
    window.click("button", "Show how it will look").await.unwrap();
    window.wait_for("img", "page 1 of 1").await.unwrap();
    window.look("printing-wristband", &mut findings).await.unwrap();
    window.click("button", &format!("Print wristband of {WHOSE}")).await.unwrap();
    let paper = cups.printed().unwrap();
    keep("wristband", &paper);
    let text = words(&paper);
    assert!(text.contains(NUMBER) && text.contains("13-Jul-1931") && !text.contains("Plantmarkamide"), "{text}");
    window.click("radio", "Labels").await.unwrap();
    window.click("button", "Show how it will look").await.unwrap();
    window.wait_for("img", "page 1 of 1").await.unwrap();
    window.look("printing-labels", &mut findings).await.unwrap();
    window.click("button", &format!("Print labels of {WHOSE}")).await.unwrap();
    let paper = cups.printed().unwrap();
    keep("labels", &paper);
    assert_eq!(words(&paper).matches(NUMBER).count(), 24, "a sheet of them");
    cups.wait_until_forgotten().unwrap();
    window.close().await.unwrap();
    clean("after it all");
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

fn patient() -> serde_json::Value {
    let subject = json!({ "reference": "Patient/print-marker" });
    let active = json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }] });
    json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": {
            "resourceType": "Patient", "id": "print-marker", "birthDate": "1931-07-13", "gender": "female",
            "name": [{ "use": "official", "family": "Żqvortmark", "given": ["Ülfriedplant"] }],
            "identifier": [{
                "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
                "system": "urn:oid:2.16.840.1.113883.19.5", "value": NUMBER,
            }],
        } },
        { "resource": {
            "resourceType": "Condition", "id": "print-problem", "subject": subject, "clinicalStatus": active,
            "code": { "text": PROBLEM },
        } },
        { "resource": {
            "resourceType": "MedicationStatement", "id": "print-medicine", "subject": subject, "status": "active",
            "medicationCodeableConcept": { "text": MEDICINE }, "effectiveDateTime": "2026-01-02",
            "dosage": [{ "text": "1 tablet once a day" }],
        } },
    ] })
}
