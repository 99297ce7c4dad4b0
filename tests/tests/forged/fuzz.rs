//! Every command with what it does not expect: other types, too much, too deep, and words that mean something to somebody else.
//!
//! The same seed makes the same calls. Whatever comes back is a value or an error with a code that repeats nothing of what was sent; nobody
//! is signed out or locked by it, and the program goes on.

use super::call::{Answer, Call, call, must, sign_in};
use super::gate::{Gate, gate_of};
use super::policy::Policy;
use super::vary::Caller;
use super::ward::{self, PATIENTS, Ward};
use anyhow::{Context, Result, ensure};
use oorandom::Rand32;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;
use vigil_tests::command::{self, Command};
use vigil_tests::hospital::Hospital;
use vigil_tests::window::Window;

/// In everything that is sent as words, and in nothing that may come back.
const SENT: &str = "QZXJ7forged";
const SEED: u64 = 4_2026;
/// Of the words, so many in each place.
const WORDS_EACH: usize = 4;
/// How long a call's own words are at most.
const LONGEST_MESSAGE: usize = 1000;

#[tokio::test]
async fn no_call_makes_the_program_panic_hang_or_repeat_what_was_sent() {
    let hospital = ward::hospital().unwrap();
    let (launch, folder) = ward::launch(&hospital).unwrap();
    let window = ward::open(&launch).await.unwrap();
    let mut fuzz = Fuzz::prepare(&window, folder).await.unwrap();
    fuzz.run(&hospital).await.unwrap();
    let (calls, findings) = (fuzz.calls, fuzz.findings);
    window.close().await.unwrap();
    let log = fs::read_to_string(&launch.log).unwrap();
    assert!(calls > 5000, "as many calls as there have to be, and not {calls}");
    assert!(!log.contains("panicked"), "the program panicked:\n{log}");
    assert!(!log.contains(SENT), "the program's log repeats what was sent:\n{log}");
    assert!(findings.is_empty(), "{} of {calls} calls:\n{}", findings.len(), findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

struct Fuzz<'w> {
    window: &'w Window,
    ward: Ward,
    commands: Vec<Command>,
    policy: Policy,
    folder: PathBuf,
    random: Rand32,
    calls: usize,
    findings: Vec<String>,
}

impl<'w> Fuzz<'w> {
    async fn prepare(window: &'w Window, folder: PathBuf) -> Result<Self> {
        let ward = Ward::prepare(window).await?;
        let (commands, policy) = (command::all()?, Policy::read()?);
        Ok(Self { window, ward, commands, policy, folder, random: Rand32::new(SEED), calls: 0, findings: Vec::new() })
    }

    async fn run(&mut self, hospital: &Hospital) -> Result<()> {
        self.every_command("nobody", "signed-out").await?;
        for role in ["physician", "privacy-officer", "administrator"] {
            sign_in(self.window, ward::user_in(role)?).await?;
            self.every_command(role, "unlocked").await?;
        }
        hospital.program.must(&["lock"], &[])?;
        self.window.wait_for("heading", "Locked").await?;
        self.every_command("administrator", "locked").await?;
        // What ends a session comes last, and by what is sent with it.
        self.ending("session_end", "signed-out").await
    }

    async fn every_command(&mut self, who: &str, stage: &str) -> Result<()> {
        for command in self.commands.clone() {
            if matches!(command.name.as_str(), "session_lock" | "session_end") {
                continue;
            }
            let calls = self.calls_of(&command, who)?;
            let answers = call(self.window, &calls).await.with_context(|| format!("{} as {who}", command.name))?;
            self.calls += calls.len();
            for ((_, sent), answer) in calls.iter().zip(&answers) {
                if let Err(finding) = judged(sent, answer) {
                    let sent: String = sent.to_string().chars().take(200).collect();
                    self.findings.push(format!("{} as {who} with {sent}: {finding}", command.name));
                }
            }
            self.goes_on(&command.name, who, stage).await?;
        }
        Ok(())
    }

    /// The same session is still there, as it was, and does what it may.
    async fn goes_on(&self, command: &str, who: &str, stage: &str) -> Result<()> {
        let session = must(self.window, "session_read", json!({})).await?;
        let now = session.get("stage").and_then(Value::as_str).unwrap_or_default();
        ensure!(now == stage, "{command} as {who}: the session was {stage} and is {now}");
        if who == "physician" {
            let chart = must(self.window, "chart_read", json!({ "request": { "patientId": PATIENTS[0].id } })).await?;
            ensure!(
                chart.to_string().to_lowercase().contains(&PATIENTS[0].name.to_lowercase()),
                "after {command} the chart does not open as before"
            );
        }
        Ok(())
    }

    /// A command that ends the session takes its own arguments and no others; with those it does.
    async fn ending(&mut self, command: &str, stage: &str) -> Result<()> {
        let more = json!({ "keepPlace": false, "more": SENT, "__proto__": { "keepPlace": true } });
        let bad = [json!({}), json!({ "request": { "keepPlace": "yes" } }), json!({ "request": more })];
        let calls: Vec<Call> = bad.into_iter().map(|sent| (command.to_owned(), sent)).collect();
        for ((_, sent), answer) in calls.iter().zip(call(self.window, &calls).await?) {
            judged(sent, &answer)?;
            ensure!(answer.code() == "invalid", "{command} was done with {sent}");
        }
        self.calls += calls.len();
        // The page is loaded anew, and the call's own answer may be lost with it.
        let _ = must(self.window, command, json!({ "request": { "keepPlace": false } })).await;
        self.window.wait_for("heading", "Sign in").await?;
        self.goes_on(command, "nobody", stage).await
    }

    fn calls_of(&mut self, command: &Command, who: &str) -> Result<Vec<Call>> {
        let opens_a_dialog = command.name == "import_choose";
        let caller = Caller {
            ward: &self.ward,
            users: &[self.ward.spare()?],
            // A wrong one: nobody is let in, and nobody's own is changed.
            password: SENT,
            folder: &self.folder,
            number: self.calls,
            destruction: 999,
        };
        let well_formed = caller.variants(command)?.into_iter().next().context("no call at all")?.arguments;
        let mut sent = around(&well_formed);
        if command.arguments.is_empty() && !matches!(gate_of(&command.name, &self.policy)?, Gate::Everybody) {
            sent.push(json!({ "request": { "$huge": 5_000_000 } }));
        }
        // Once at its full size.
        let huge = if who == "physician" { 5_000_000 } else { 100_000 };
        let slow = ["password", "current", "username", "recoveryKey", "halfOne", "halfTwo"];
        for place in places(&well_formed) {
            let of_a_password = slow.iter().any(|name| place.ends_with(name));
            let words = if of_a_password { 1 } else { WORDS_EACH };
            sent.extend(other_types().into_iter().map(|value| with(&well_formed, &place, value)));
            sent.push(with(&well_formed, &place, json!({ "$huge": huge })));
            for _ in 0..words {
                let word = self.word();
                sent.push(with(&well_formed, &place, json!(word)));
            }
        }
        if opens_a_dialog {
            sent.retain(|one| !one.get("folder").is_some_and(Value::is_boolean));
        }
        // Well-formed and allowed it opens one too.
        if command.name == "document_choose" {
            sent.retain(|one| *one != well_formed);
        }
        Ok(sent.into_iter().map(|arguments| (command.name.clone(), arguments)).collect())
    }

    fn word(&mut self) -> String {
        let at = self.random.rand_range(0..WORDS.len() as u32) as usize;
        let word = WORDS.get(at).copied().unwrap_or_default();
        // Some are what they are only alone.
        if self.random.rand_range(0..3) == 0 { word.to_owned() } else { format!("{word}{SENT}") }
    }
}

/// What means something to a shell, a database, an index, a browser, a reader, a file system, a spreadsheet or a log.
const WORDS: &[&str] = &[
    "' OR 1=1 --",
    "'; DROP TABLE audit_entry; --",
    "\" OR \"\"=\"",
    "x' UNION SELECT event FROM audit_entry --",
    "%",
    "_",
    "*",
    "a* OR b*",
    "NEAR(a b, 2)",
    "\"unclosed",
    "name:^a",
    "{a b}: c",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "/proc/self/environ/x",
    "file:///etc/passwd",
    "\\\\host\\share\\x",
    "tauri://localhost",
    "javascript:alert(1)",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "=HYPERLINK(\"http://example.org\")",
    "@SUM(1)",
    "line one\nline two",
    "level=ERROR forged\r\n",
    "\u{1b}[31mred",
    "\u{0}",
    "a\u{0}b",
    "\u{7f}\u{85}\u{2028}",
    "\u{202e}dezihtirw",
    "\u{200b}\u{feff}",
    "e\u{301}\u{301}\u{301}\u{301}",
    "patient\u{2024}a",
    "patient\u{ff0e}a",
    "patient-\u{430}",
    "\u{1f9d1}\u{200d}\u{2695}\u{fe0f}",
    "\u{10ffff}",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "null",
    "undefined",
    "NaN",
    "true",
    "-1",
    "0",
    "1e308",
    "18446744073709551616",
    "2026-02-30",
    "9999-12-31",
    "0000-00-00",
    "-271821-04-20",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "${jndi:ldap://example.org/x}",
    "{{7*7}}",
    "%s%n%x",
    "$(reboot)",
    "Condition/",
    "/x",
    "Patient/patient-b",
    " ",
    "",
];

/// Values of every type, and numbers beyond what a field holds.
fn other_types() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(0.5),
        json!(1e308),
        json!(4_294_967_296_u64),
        json!(u64::MAX),
        json!([]),
        json!([SENT]),
        json!({}),
        json!({ "kind": SENT, "__proto__": SENT, "constructor": { "prototype": SENT } }),
        json!({ "$deep": 100 }),
    ]
}

/// Calls that are wrong as a whole.
fn around(well_formed: &Value) -> Vec<Value> {
    let mut sent = vec![
        well_formed.clone(),
        json!({}),
        json!({ "request": null }),
        json!({ "request": SENT }),
        json!({ "REQUEST": {} }),
    ];
    sent.push(json!({ "request": { "$deep": 10_000 } }));
    let mut more = well_formed.as_object().cloned().unwrap_or_default();
    more.insert("more".to_owned(), json!(SENT));
    more.insert("__proto__".to_owned(), json!({ "request": SENT }));
    sent.push(Value::Object(more));
    if let Some(request) = well_formed.get("request").and_then(Value::as_object) {
        let mut more = request.clone();
        more.extend([
            ("constructor".to_owned(), json!(SENT)),
            ("__proto__".to_owned(), json!({ "role": "administrator" })),
        ]);
        sent.push(json!({ "request": more }));
        for member in request.keys() {
            let fewer: Map<_, _> = request
                .iter()
                .filter(|(name, _)| *name != member)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            sent.push(json!({ "request": fewer }));
        }
    }
    sent
}

/// Every place in a call, as a JSON pointer, the arguments themselves among them.
fn places(value: &Value) -> Vec<String> {
    let below = |name: String, value: &Value| {
        let deeper = places(value).into_iter().map(|place| format!("/{name}{place}")).collect::<Vec<_>>();
        [vec![format!("/{name}")], deeper].concat()
    };
    match value {
        Value::Object(members) => members.iter().flat_map(|(name, value)| below(name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().flat_map(|(at, item)| below(at.to_string(), item)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn with(call: &Value, place: &str, value: Value) -> Value {
    let mut call = call.clone();
    if let Some(there) = call.pointer_mut(place) {
        *there = value;
    }
    call
}

fn judged(sent: &Value, answer: &Answer) -> Result<()> {
    match answer {
        Answer::Done(_) => Ok(()),
        Answer::Refused { code, message } => {
            ensure!(!code.is_empty() && !message.is_empty(), "an error without code or words");
            ensure!(message.len() <= LONGEST_MESSAGE, "an error of {} bytes", message.len());
            // The file that could not be written is named to whoever chose it.
            let names_the_file = ["/path", "/request/path"]
                .iter()
                .any(|place| sent.pointer(place).and_then(Value::as_str).is_some_and(|path| message.contains(path)));
            ensure!(names_the_file || !message.contains(SENT), "the error repeats what was sent: {message}");
            let tells =
                PATIENTS.iter().find(|patient| message.contains(patient.name) || message.contains(patient.secret));
            ensure!(tells.is_none(), "the error tells of a patient: {message}");
            Ok(())
        }
        Answer::Unread(words) => {
            ensure!(
                sent.to_string().contains("$deep"),
                "refused before the core, without a code (a command takes its arguments in `Asked`): {words}"
            );
            ensure!(!words.contains(SENT), "the refusal repeats what was sent: {words}");
            Ok(())
        }
    }
}
