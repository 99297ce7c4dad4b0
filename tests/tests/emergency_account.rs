//! The emergency account in the real window: sealed on two papers, opened by two persons, and told of until it is sealed anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs;
use vigil_tests::hospital::{ADMINISTRATOR, Hospital};
use vigil_tests::window::Window;

const INVENTED: &str = r#"{"resourceType": "Patient", "id": "castellanos", "birthDate": "1971-06-23", "gender": "male",
    "name": [{"family": "Castellanos", "given": ["Bruno"]}]}"#;

#[tokio::test]
async fn two_papers_open_it_on_the_day_when_nobody_can_sign_in() {
    let hospital = Hospital::new().unwrap();
    let file = hospital.home.path().join("patient.json");
    fs::write(&file, INVENTED).unwrap();
    hospital.import(&[&file]).unwrap();
    let saved = hospital.home.path().join("saved");
    fs::create_dir_all(&saved).unwrap();
    let window = Window::open(&hospital.launch(&["--test-save-to", saved.to_str().unwrap()]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.click("button", "Backup").await.unwrap();
    window.click("button", "Seal an emergency account").await.unwrap();
    window.fill("Holder of the first half", "Ward 4 East, charge nurse").await.unwrap();
    window.fill("Holder of the second half", "Pharmacy, night").await.unwrap();
    window.click("button", "Make two halves").await.unwrap();
    for half in [1, 2] {
        window.click("button", "Save the paper as PDF").await.unwrap();
        let file = saved.join(format!("vigil-emergency-half-{half}.pdf"));
        window.wait_until("the paper", async |_: &Window| Ok(file.exists().then_some(()))).await.unwrap();
        // The page says so before the next one is asked for.
        window.wait_for("button", "Save the paper again").await.unwrap();
    }
    let halves = [1, 2].map(|half| printed(&fs::read(saved.join(format!("vigil-emergency-half-{half}.pdf"))).unwrap()));
    window.wait_without_words("not saved yet").await.unwrap();
    window.picture("emergency-account-halves").unwrap();
    findings.extend(window.axe().await.unwrap());
    let source = window.client.source().await.unwrap();
    assert!(halves.iter().all(|half| !source.contains(half.as_str())), "no half is ever on the page");
    let labels = "return [...document.querySelectorAll('label')].map((one) => one.textContent).filter((text) => / of half /.test(text))";
    let labels = window.client.execute(labels, vec![]).await.unwrap();
    for label in labels.as_array().unwrap().iter().map(|label| label.as_str().unwrap()) {
        let numbers: Vec<usize> = label.split(' ').filter_map(|word| word.parse().ok()).collect();
        let group = halves[numbers[1] - 1].split('-').nth(numbers[0] - 1).unwrap();
        window.fill(label, &group.to_lowercase()).await.unwrap();
    }
    window.click("button", "Both papers are safe").await.unwrap();
    window.wait_for_words("Held by Ward 4 East, charge nurse and Pharmacy, night").await.unwrap();
    window.picture("emergency-account-sealed").unwrap();
    window.click("button", "Sign out").await.unwrap();

    window.click("button", "Nobody can sign in?").await.unwrap();
    window.fill("First half", &halves[0]).await.unwrap();
    window.fill("Second half", &halves[1]).await.unwrap();
    window.fill("Who you are, both of you", "J. Doe and M. Roe").await.unwrap();
    window.fill("In your own words", "The directory is down and the ward is full.").await.unwrap();
    window.picture("emergency-account-door").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Raise the alarm").await.unwrap();
    window.wait_for_words("You use the emergency account").await.unwrap();
    window.search_patients("castellanos", "CASTELLANOS").await.unwrap();
    window.open_chart("CASTELLANOS").await.unwrap();
    window.picture("emergency-account-open").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.lock("CASTELLANOS").await.unwrap();
    window.fill("Both halves, the first paper first", &halves.join(" ")).await.unwrap();
    window.click("button", "Unlock").await.unwrap();
    window.wait_for_banner("CASTELLANOS").await.unwrap();
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.wait_for_words("The emergency account was used on").await.unwrap();
    window.click("button", "Seal it").await.unwrap();
    window.wait_for_words("Its halves are known to whoever used it").await.unwrap();
    window.click("button", "Dark").await.unwrap();
    window.picture("emergency-account-used").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

/// The groups of a paper: its only text in that font, two groups a line.
fn printed(pdf: &[u8]) -> String {
    let text = String::from_utf8_lossy(pdf);
    let lines = text.split("/F3 17 Tf").skip(1);
    let groups = lines.filter_map(|line| Some(line.split_once('(')?.1.split_once(')')?.0.to_owned()));
    groups.collect::<Vec<_>>().join("-")
}
