//! Patient flags in the real window: set by keys, in the banner of every section, ended, and what the front desk sees of them when it opens an
//! encounter.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use vigil_tests::hospital::{FRONT_DESK, Hospital, SignIn, ana};
use vigil_tests::window::Window;

const NURSE: SignIn<'static> = SignIn { username: "silva", password: "green-lantern-58-boats" };
const WHOSE: &str = "WALDSTEIN, Ana";

fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("nurse", NURSE, "R. SILVA").unwrap();
    hospital.record(&[ana("first", "Waldstein")]).unwrap();
    hospital
}

async fn open_chart(window: &Window, who: SignIn<'_>) {
    window.sign_in(who).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();
}

/// What the banner says, once it says `words`.
async fn banner(window: &Window, words: &str) -> String {
    let mut said = String::new();
    for _ in 0..80 {
        if let Some(banner) = window.find("region", "Patient").await.unwrap() {
            // The page may draw the banner anew between the look and the reading.
            said = banner.text().await.unwrap_or_default();
        }
        if said.contains(words) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(said.contains(words), "the banner never said {words}");
    said
}

#[tokio::test]
async fn a_nurse_sets_flags_by_keys_and_everybody_sees_what_is_theirs_to_see() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    open_chart(&window, NURSE).await;
    banner(&window, "No flags set").await;
    window.open_section("Flags").await.unwrap();

    // N, the first letters of the flag, Enter two fields on.
    let mut keys = window.press(&['n']).await.unwrap();
    window.type_text("Fall").await.unwrap();
    keys += window.press(&[Key::Tab.into(), Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Fall risk").await.unwrap();
    assert!(keys <= 4, "fall risk takes {keys} keys besides its name");
    window.wait_for("field", "Flag").await.unwrap().select_by_label("Isolation: airborne").await.unwrap();
    window.fill("In words", "door closed").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: Airborne isolation, door closed").await.unwrap();
    window.wait_for("field", "Flag").await.unwrap().select_by_label("Code status").await.unwrap();
    window.fill("In words", "Do not resuscitate").await.unwrap();
    window.click("button", &format!("Set this flag for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Do not resuscitate").await.unwrap();
    window.look("flags-set", &mut findings).await.unwrap();

    // In sight wherever one goes.
    for section in ["Summary", "Timeline", "Problems", "Meds", "Encounters", "Access"] {
        window.open_section(section).await.unwrap();
        let said = banner(&window, "Fall risk").await;
        assert!(
            said.contains("Airborne isolation, door closed") && said.contains("Do not resuscitate"),
            "{section}: every flag stands in the banner"
        );
    }
    window.look("flags-elsewhere", &mut findings).await.unwrap();

    window.open_section("Flags").await.unwrap();
    window.click("row", "Airborne isolation").await.unwrap();
    window.click("button", "End").await.unwrap();
    window.fill("Why it ends", "three clear samples").await.unwrap();
    window.look("flags-ending", &mut findings).await.unwrap();
    window.click("button", &format!("End this flag for {WHOSE}")).await.unwrap();
    window.wait_for_words("three clear samples").await.unwrap();
    window.click("button", "Show its history").await.unwrap();
    window.wait_for("region", "History").await.unwrap();
    window.wait_for_words("R. SILVA").await.unwrap();
    let said = banner(&window, "Fall risk").await;
    assert!(!said.contains("Airborne"), "what is over stands no more");
    window.look("flags-history", &mut findings).await.unwrap();
    window.close().await.unwrap();

    // The front desk knows who may fall, and that there is more.
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    open_chart(&window, FRONT_DESK).await;
    let said = banner(&window, "1 flag hidden from your role").await;
    assert!(said.contains("Fall risk") && !said.contains("resuscitate"), "what protects, and no code status");
    window.open_section("Flags").await.unwrap();
    window.wait_for("row", "Hidden from your role").await.unwrap();
    assert!(window.find("form", "Set a flag").await.unwrap().is_none(), "and sets none");
    window.look("flags-front-desk", &mut findings).await.unwrap();

    // And receives whoever comes.
    window.open_section("Encounters").await.unwrap();
    window.press(&['n']).await.unwrap();
    window.type_text("Emer").await.unwrap();
    window.press(&[Key::Tab.into()]).await.unwrap();
    window.type_text("Chest pain").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Stored: emergency opened").await.unwrap();
    window.wait_for("row", "emergency").await.unwrap();
    window.click("row", "emergency").await.unwrap();
    window.click("button", "Close").await.unwrap();
    window.look("flags-encounter-closing", &mut findings).await.unwrap();
    window.click("button", &format!("Close this encounter for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Ended").await.unwrap();
    window.look("flags-encounter-closed", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
