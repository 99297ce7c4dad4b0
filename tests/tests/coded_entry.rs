//! Coded entry in the real window: a release is imported by the command line, a problem gets a code by keys alone, words stay possible, and a
//! release that was altered is refused and said so. The release is an excerpt made by hand in the format of the order file.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs;

use fantoccini::key::Key;
use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN, ana};
use vigil_tests::window::Window;

const ORDER: &str = "\
00001 J45     0 Asthma                                                       Asthma
00002 J4520   1 Mild intermittent asthma, uncomplicated                      Mild intermittent asthma, uncomplicated
00003 J45909  1 Unspecified asthma, uncomplicated                            Unspecified asthma, uncomplicated
00004 L309    1 Dermatitis, unspecified                                      Dermatitis, unspecified
";

/// What the command line says of the code systems.
fn list(hospital: &Hospital) -> String {
    let list = ["terminology", "list", "--as", ADMINISTRATOR.username, "--password-stdin"];
    hospital.program.must(&list, &[ADMINISTRATOR.password]).unwrap()
}

/// What the list of codes looks like, in both colours: it closes when another part of the page is clicked.
async fn look_at_codes(window: &Window, name: &str, typed: &str, first: &str, findings: &mut Vec<String>) {
    for colours in ["Dark", "Light"] {
        window.click("button", colours).await.unwrap();
        window.fill("Problem", typed).await.unwrap();
        window.wait_for_words(first).await.unwrap();
        window.press(&[Key::Down.into()]).await.unwrap();
        window.picture(&format!("{name}-{}", colours.to_lowercase())).unwrap();
        let axe = window.axe().await.unwrap();
        findings.extend(axe.into_iter().map(|finding| format!("{name}, {colours}: {finding}")));
    }
}

#[tokio::test]
async fn a_code_is_chosen_by_keys_alone_words_stay_possible_and_an_altered_release_is_refused() {
    let hospital = Hospital::new().unwrap();
    hospital.record(&[ana("first", "Waldstein")]).unwrap();
    let file = hospital.home.path().join("icd10cm_order_2026.txt");
    fs::write(&file, ORDER).unwrap();
    let import = ["terminology", "import", "icd-10-cm", file.to_str().unwrap()];
    let import = [&import[..], &["--as", ADMINISTRATOR.username, "--password-stdin"]].concat();
    let said = hospital.program.must(&import, &[ADMINISTRATOR.password]).unwrap();
    assert!(said.contains("ICD-10-CM 2026 is imported: 3 concepts"), "headers are no concepts: {said}");
    let listed = list(&hospital);
    assert!(listed.contains("icd10cm_order_2026.txt") && listed.contains("SNOMED CT is not loaded"), "{listed}");

    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();

    // A problem with its code, by keys alone.
    window.open_section("Problems").await.unwrap();
    look_at_codes(&window, "coded-entry-codes", "asthma unspec", "J45.909 ICD-10-CM", &mut findings).await;
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Coded as J45.909 ICD-10-CM 2026: Unspecified asthma, uncomplicated.").await.unwrap();
    window.look("coded-entry-chosen", &mut findings).await.unwrap();
    window.wait_for("field", "Problem").await.unwrap().click().await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Unspecified asthma, uncomplicated").await.unwrap();
    window.click("row", "Unspecified asthma").await.unwrap();
    window.wait_for_words("J45.909 ICD-10-CM").await.unwrap();

    // Words alone, although codes are offered; and a code that is dropped with its words.
    window.fill("Problem", "asthma").await.unwrap();
    window.wait_for_words("J45.20 ICD-10-CM").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: asthma").await.unwrap();
    window.fill("Problem", "dermat").await.unwrap();
    window.wait_for_words("L30.9 ICD-10-CM").await.unwrap();
    window.press(&[Key::Down.into(), Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Coded as L30.9").await.unwrap();
    window.type_text(" of both hands").await.unwrap();
    window.wait_for_words("kept as words: not coded").await.unwrap();
    window.press(&[Key::Escape.into(), Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Dermatitis, unspecified of both hands").await.unwrap();
    window.click("row", "Dermatitis").await.unwrap();
    window.wait_for_words("Not coded").await.unwrap();
    window.look("coded-entry-stored", &mut findings).await.unwrap();

    // A common entry that comes with the program; a code that is chosen outlives a lock.
    window.open_section("Imms").await.unwrap();
    window.fill("Vaccine", "measles mumps").await.unwrap();
    window.wait_for_words("03 CVX").await.unwrap();
    window.press(&[Key::Down.into(), Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Coded as 03 CVX").await.unwrap();
    window.lock("WALDSTEIN, Ana").await.unwrap();
    let search = serde_json::json!({ "kind": "problem", "text": "asthma" });
    assert_eq!(window.forged("terminology_search", search).await.unwrap(), "locked", "nobody searches over a lock");
    window.unlock(PHYSICIAN).await.unwrap();
    window.wait_for_words("Coded as 03 CVX").await.unwrap();
    window.wait_for("field", "Vaccine").await.unwrap().click().await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: MMR").await.unwrap();

    // What is not loaded is said, and a release that was altered beside the program is not used.
    window.open_section("Procedures").await.unwrap();
    window.fill("Procedure", "appendectomy").await.unwrap();
    window.wait_for_words("SNOMED CT is not loaded").await.unwrap();
    window.picture("coded-entry-not-loaded").unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: appendectomy").await.unwrap();
    let kept = fs::read_dir(hospital.home.data().join("terminology")).unwrap().next().unwrap().unwrap().path();
    let altered = fs::read_to_string(&kept).unwrap().replace("Unspecified asthma", "Unspecified eczema");
    fs::write(&kept, altered).unwrap();
    window.open_section("Problems").await.unwrap();
    window.fill("Problem", "eczema").await.unwrap();
    window.wait_for_words("ICD-10-CM 2026 is not used, for it was altered or cut off").await.unwrap();
    window.picture("coded-entry-altered").unwrap();
    window.close().await.unwrap();
    assert!(list(&hospital).contains("is not used"), "the command line says so too");
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
    let log = fs::read_to_string(hospital.home.path().join("window.log")).unwrap_or_default();
    assert!(!log.contains("dermat") && !log.contains("appendectomy"), "what is typed is in no log");
}
