//! The driving itself, tried on a page that is not ours: it finds, types, presses, sees and fails as it should.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;
use vigil_tests::home::Home;
use vigil_tests::window::{Launch, Window};

#[tokio::test]
async fn a_page_is_found_typed_into_and_seen_by_role_and_name() {
    let browser = PathBuf::from("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser");
    if !browser.is_file() {
        eprintln!("SKIPPED: WebKitGTK's own browser is absent: {}", browser.display());
        return;
    }
    let home = Home::new().unwrap();
    let page = home.path().join("page.html");
    std::fs::write(&page, PAGE).unwrap();
    let window = Window::open(&Launch {
        binary: browser,
        arguments: vec!["--automation".to_owned()],
        environment: home.environment(),
        log: home.path().join("driver.log"),
        size: (1280, 800),
    })
    .await
    .unwrap();
    window.client.goto(&format!("file://{}", page.display())).await.unwrap();

    window.fill("User name", "okafor").await.unwrap();
    window.click("button", "Greet").await.unwrap();
    window.wait_for_words("Good morning okafor").await.unwrap();
    window.chord(&[fantoccini::key::Key::Control.into()], 'y').await.unwrap();
    window.wait_for_words("ctrl+y was pressed").await.unwrap();
    assert!(window.find("button", "Hidden").await.unwrap().is_none(), "a hidden button is not found");
    assert!(window.find("link", "Greet").await.unwrap().is_none(), "a button is not a link");
    let picture = home.path().join("page.png");
    window.screenshot(&picture).unwrap();
    window.client.execute("document.body.replaceChildren()", vec![]).await.unwrap();
    assert!(window.screenshot(&picture).is_err(), "an empty window must not pass as seen");
    window.close().await.unwrap();
}

const PAGE: &str = r#"<!doctype html><title>Try</title><h1>A page of many words, in black on white</h1>
<label for=u>User name</label><input id=u value=old><button onclick="o.textContent='Good morning '+u.value">Greet</button>
<button hidden>Hidden</button><output id=o></output>
<script>addEventListener('keydown', e => { if (e.ctrlKey && e.key === 'y') o.textContent = 'ctrl+y was pressed'; });</script>"#;
