//! A second factor in the real window: set up by reading the secret, asked for at the next sign-in, forced where the policy
//! says so; and on the command line.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN};
use vigil_tests::window::Window;

#[tokio::test]
async fn a_physician_sets_up_an_authenticator_and_signs_in_with_its_code() {
    let hospital = Hospital::new().unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(PHYSICIAN).await.unwrap();
    window.click("button", "My sign-in").await.unwrap();
    window.wait_for_words("None yet").await.unwrap();
    window.click("button", "Set up an authenticator app").await.unwrap();
    let app = App::scan(&secret(&window).await);
    picture(&window, "set-up");
    findings.extend(window.axe().await.unwrap());
    window.fill("Code", &app.code(0)).await.unwrap();
    window.click("button", "Confirm the code").await.unwrap();
    window.wait_for("region", "Recovery codes").await.unwrap();
    picture(&window, "recovery-codes");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "I have written them down").await.unwrap();
    window.wait_for_words("10 of your recovery codes are left").await.unwrap();
    window.click("button", "Dark").await.unwrap();
    picture(&window, "my-sign-in-dark");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Light").await.unwrap();
    window.click("button", "Sign out").await.unwrap();

    window.wait_for("heading", "Sign in").await.unwrap();
    window.fill("User name", PHYSICIAN.username).await.unwrap();
    window.fill("Password", PHYSICIAN.password).await.unwrap();
    window.click("button", "Sign in").await.unwrap();
    window.wait_for("heading", "Sign in: second factor").await.unwrap();
    picture(&window, "asked");
    findings.extend(window.axe().await.unwrap());
    window.fill("Code", "000000").await.unwrap();
    window.click("button", "Sign in").await.unwrap();
    window.wait_for_words("second factor is wrong").await.unwrap();
    // The code of the next half-minute is one that was surely not used.
    window.fill("Code", &app.code(1)).await.unwrap();
    window.click("button", "Sign in").await.unwrap();
    window.wait_for("button", "Lock").await.unwrap();
    // Within the session's hours a lock asks for the password alone.
    window.lock("Nobody, Nobody").await.unwrap();
    window.unlock(PHYSICIAN).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "all of it is on record");
}

#[tokio::test]
async fn where_the_policy_asks_for_it_the_way_in_leads_through_setting_it_up() {
    let hospital = Hospital::new().unwrap();
    let folder = hospital.home.path().join("policy");
    std::fs::create_dir_all(&folder).unwrap();
    let keys = r#"{"secondFactorForSignIn": true, "secondFactorForAdministration": true}"#;
    std::fs::write(folder.join("10-sign-in.json"), keys).unwrap();
    let policy = ["--test-policy", folder.to_str().unwrap()];
    let window = Window::open(&hospital.launch(&policy).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.wait_for("heading", "Sign in").await.unwrap();
    window.fill("User name", ADMINISTRATOR.username).await.unwrap();
    window.fill("Password", ADMINISTRATOR.password).await.unwrap();
    window.click("button", "Go on").await.unwrap();
    window.wait_for("heading", "Sign in: second factor").await.unwrap();
    window.click("button", "I have not set one up yet").await.unwrap();
    window.wait_for("heading", "Set up your second factor").await.unwrap();
    let app = App::scan(&secret(&window).await);
    picture(&window, "forced");
    findings.extend(window.axe().await.unwrap());
    window.fill("Code", &app.code(0)).await.unwrap();
    window.click("button", "Confirm the code").await.unwrap();
    window.wait_for("region", "Recovery codes").await.unwrap();
    picture(&window, "forced-codes");
    findings.extend(window.axe().await.unwrap());
    let codes = window.words().await.unwrap();
    window.click("button", "I have written them down, go on").await.unwrap();
    window.wait_for("button", "Lock").await.unwrap();
    window.click("button", "Users").await.unwrap();
    window.wait_for_words("authenticator app").await.unwrap();
    picture(&window, "users");
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));

    // The command line takes the second factor on the line after the password.
    let create = ["user", "create", "--as", ADMINISTRATOR.username, "--username", "lind", "--display-name", "E. LIND"];
    let create = [create.as_slice(), &["--role", "nurse", "--password-stdin"], &policy].concat();
    let new = "orange-ladder-28-swans";
    let refused = hospital.program.run(&create, &[ADMINISTRATOR.password, "", new]).unwrap();
    assert!(!refused.success && refused.err.contains("second factor is wrong"), "{}", refused.err);
    let recovery = recovery_codes(&codes);
    hospital.program.must(&create, &[ADMINISTRATOR.password, &recovery[0], new]).unwrap();
    let again = hospital.program.run(&create, &[ADMINISTRATOR.password, &recovery[0], new]).unwrap();
    assert!(!again.success, "a recovery code opens once, whichever process used it");
}

/// The secret as the page shows it for typing.
async fn secret(window: &Window) -> String {
    window.wait_for("img", "QR code").await.unwrap();
    let found =
        window.client.execute("return document.querySelector('[data-secret]').textContent", vec![]).await.unwrap();
    found.as_str().unwrap().to_owned()
}

/// `K7QF2-9XMRD`, wherever they stand in the words of the page.
fn recovery_codes(words: &str) -> Vec<String> {
    let is_code = |word: &str| {
        word.len() == 11
            && word.as_bytes().get(5) == Some(&b'-')
            && word.chars().filter(char::is_ascii_alphanumeric).count() == 10
    };
    words.split_whitespace().filter(|word| is_code(word)).map(str::to_owned).collect()
}

/// An authenticator app, as somebody else makes them.
struct App(totp_rs::Totp);

impl App {
    fn scan(text: &str) -> Self {
        let plain: String = text.chars().filter(|letter| *letter != ' ').collect();
        let secret = totp_rs::Secret::try_from_base32(plain).unwrap();
        Self(totp_rs::Builder::new().with_secret(secret).build().unwrap())
    }

    /// The code of so many half-minutes later.
    fn code(&self, steps: u64) -> String {
        let now: Duration = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        self.0.generate(now.as_secs() + 30 * steps).to_string()
    }
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("factor-{name}.png"))).unwrap();
    }
}
