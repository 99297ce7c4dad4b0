//! The program in German, in the real window: chosen before the sign-in and for oneself, a chart is opened, vital signs are written, the screen locks.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use std::path::Path;
use vigil_tests::data;
use vigil_tests::hospital::{self, Hospital, PHYSICIAN};
use vigil_tests::window::Window;

const NAME: &str = "ANDERSON, Antony";

/// In both colours: axe, what is cut off, and that the page says that it is German.
async fn look(window: &Window, page: &str, findings: &mut Vec<String>) {
    for colours in ["Dunkel", "Hell"] {
        window.click("button", colours).await.unwrap();
        see(window, &format!("{page}-{}", colours.to_lowercase()), findings).await;
    }
}

async fn see(window: &Window, page: &str, findings: &mut Vec<String>) {
    let language = window.client.execute("return document.documentElement.lang", vec![]).await.unwrap();
    assert_eq!(language, "de", "{page}: a screen reader is told which language it reads");
    window.picture(&format!("german-{page}")).unwrap();
    let found = [window.axe().await.unwrap(), window.cut_off().await.unwrap()].concat();
    findings.extend(found.into_iter().map(|finding| format!("{page}: {finding}")));
}

#[tokio::test]
async fn a_physician_reads_and_writes_a_chart_in_german() {
    let Some(folder) = data::folder("synthea-r4") else { return };
    let hospital = Hospital::new().unwrap();
    let files = hospital::synthea(&folder, 3).unwrap();
    hospital.import(&files.iter().map(AsRef::as_ref).collect::<Vec<&Path>>()).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.wait_for("heading", "Sign in").await.unwrap();
    window.wait_for("field", "Language").await.unwrap().select_by_label("Deutsch").await.unwrap();
    window.wait_for("heading", "Anmelden").await.unwrap();
    see(&window, "sign-in", &mut findings).await;
    window.fill("Benutzername", PHYSICIAN.username).await.unwrap();
    window.fill("Passwort", PHYSICIAN.password).await.unwrap();
    window.click("button", "Anmelden").await.unwrap();
    window.wait_for("button", "Sperren").await.unwrap();
    // For oneself, so that the lock page and the next sign-in are German too.
    window.click("button", "Mein Bildschirm").await.unwrap();
    window.wait_for("field", "Sprache").await.unwrap().select_by_label("English").await.unwrap();
    window.wait_for("field", "Language").await.unwrap().select_by_label("Deutsch").await.unwrap();
    window.wait_for("field", "Sprache").await.unwrap();
    look(&window, "my-screen", &mut findings).await;
    window.click("button", "Start").await.unwrap();
    look(&window, "home", &mut findings).await;
    window.click("button", "Patienten").await.unwrap();
    window.fill("Patient suchen", "anderson antony").await.unwrap();
    window.wait_for("table", "Gefundene Patienten").await.unwrap();
    look(&window, "patients", &mut findings).await;
    window.click("button", &format!("Akte von {NAME}")).await.unwrap();
    window.wait_for_banner(NAME).await.unwrap();
    for section in ["Übersicht", "Zeitachse", "Medik.", "Vital"] {
        window.open_section(section).await.unwrap();
        look(&window, &section.to_lowercase(), &mut findings).await;
    }

    window.fill("Blutdruck", "128/82").await.unwrap();
    window.fill("Temperatur", "98,6").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for("button", &format!("Der Wert stimmt: erfassen für {NAME}")).await.unwrap();
    look(&window, "asked", &mut findings).await;
    window.fill("Temperatur", "36,9").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Gespeichert: ").await.unwrap();
    look(&window, "stored", &mut findings).await;
    window.chord(&[Key::Control.into()], 'l').await.unwrap();
    window.wait_for("heading", "Gesperrt").await.unwrap();
    let source = window.client.source().await.unwrap().to_lowercase();
    assert!(!source.contains("anderson"), "nothing of the patient is left in the locked page");
    see(&window, "locked", &mut findings).await;
    window.fill("Passwort", PHYSICIAN.password).await.unwrap();
    window.click("button", "Entsperren").await.unwrap();
    window.wait_for_banner(NAME).await.unwrap();
    window.click("button", "Abmelden").await.unwrap();
    window.wait_for("field", "User name").await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass in German too:\n{}", findings.join("\n"));
}
