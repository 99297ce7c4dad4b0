//! The IDOR matrix: every command with every id that it takes, of other patients and users, for every role, in every state of the session.
//!
//! `target/idor/calls.csv` has a row for each call, `target/idor/matrix.md` one for each command.

use super::call::{Answer, Call, call, must, sign_in};
use super::database;
use super::gate::{Gate, answer, gate_of};
use super::policy::Policy;
use super::vary::{Caller, Named, Variant};
use super::ward::{self, DUE, PATIENTS, Ward};
use anyhow::{Context, Result, bail, ensure};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use vigil_tests::command::{self, Command};
use vigil_tests::hospital::Hospital;
use vigil_tests::program::target_folder;
use vigil_tests::window::Window;

#[tokio::test]
async fn no_call_reaches_what_is_another_patients_or_is_let_past_the_policies() {
    let hospital = ward::hospital().unwrap();
    let (launch, folder) = ward::launch(&hospital).unwrap();
    let window = ward::open(&launch).await.unwrap();
    let mut attack = Attack::prepare(&hospital, &window, folder).await.unwrap();
    attack.run().await.unwrap();
    attack.look_into_files().unwrap();
    let (rows, findings) = (attack.rows, attack.findings);
    window.close().await.unwrap();
    write(&rows).unwrap();
    assert!(rows.len() > 2000, "the matrix is as large as it has to be, and not {} calls", rows.len());
    assert!(findings.is_empty(), "{} calls that should not be:\n{}", findings.len(), findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

/// FHIR R4 `AuditEvent.outcome`, minor failure: it was refused.
const REFUSED: u64 = 4;

/// In which state the calls are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Nobody,
    Unlocked,
    Locked,
    PasswordDue,
}

impl State {
    /// The code of a refusal for the state's sake.
    const fn code(self) -> &'static str {
        match self {
            Self::Nobody => "not-signed-in",
            Self::Unlocked => "",
            Self::Locked => "locked",
            Self::PasswordDue => "password-due",
        }
    }
}

/// One call and what came of it.
struct Row {
    command: String,
    names: String,
    state: State,
    role: String,
    policy: String,
    came: String,
    entries: Option<u64>,
}

struct Attack<'a> {
    hospital: &'a Hospital,
    window: &'a Window,
    ward: Ward,
    policy: Policy,
    commands: Vec<Command>,
    log: Connection,
    folder: PathBuf,
    rows: Vec<Row>,
    findings: Vec<String>,
}

impl<'a> Attack<'a> {
    async fn prepare(hospital: &'a Hospital, window: &'a Window, folder: PathBuf) -> Result<Self> {
        let ward = Ward::prepare(window).await?;
        let (policy, commands, log) = (Policy::read()?, command::all()?, database::open(hospital)?);
        let (rows, findings) = (Vec::new(), Vec::new());
        Ok(Self { hospital, window, ward, policy, commands, log, folder, rows, findings })
    }

    async fn run(&mut self) -> Result<()> {
        self.ask_for_a_destruction().await?;
        self.all(State::Nobody, "nobody", "").await?;
        let who = DUE;
        must(
            self.window,
            "session_create",
            json!({ "request": { "username": who.username, "password": who.password } }),
        )
        .await?;
        self.all(State::PasswordDue, "physician", who.password).await?;
        // The privacy officer last, who may withdraw the request for a destruction.
        for role in self.policy.roles.clone().into_iter().rev() {
            let who = ward::user_in(&role)?;
            sign_in(self.window, who).await?;
            self.all(State::Unlocked, &role, who.password).await?;
            ensure!(self.stage().await? == "unlocked", "the calls as {role} changed who is signed in");
            self.hospital.program.must(&["lock"], &[])?;
            self.window.wait_for("heading", "Locked").await?;
            self.all(State::Locked, &role, who.password).await?;
            ensure!(self.stage().await? == "locked", "the calls as {role} opened the lock");
        }
        Ok(())
    }

    async fn stage(&self) -> Result<String> {
        let session = must(self.window, "session_read", json!({})).await?;
        Ok(session.get("stage").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// A privacy officer asks for the destruction of an entry of the second patient: the first request.
    async fn ask_for_a_destruction(&self) -> Result<()> {
        sign_in(self.window, ward::user_in("privacy-officer")?).await?;
        let resource = format!("Condition/{}", ward::child_id(&PATIENTS[1], "Condition"));
        let request = json!({
            "patientId": PATIENTS[1].id, "resource": resource, "reason": "legal-order", "words": "Order of the court, file 12",
        });
        let number = must(self.window, "patient_destruction_request", json!({ "request": request })).await?;
        ensure!(number == 1, "the first request has the number {number}");
        // The page is loaded anew, and the call's own answer may be lost with it.
        let _ = must(self.window, "session_end", json!({ "request": { "keepPlace": false } })).await;
        self.window.wait_for("heading", "Sign in").await.map(drop)
    }

    /// Every command in this state.
    async fn all(&mut self, state: State, role: &str, password: &str) -> Result<()> {
        for command in self.commands.clone() {
            let gate = gate_of(&command.name, &self.policy)?;
            if gate == Gate::Everybody && command.name != "session_read" {
                continue;
            }
            let (mut refused, mut others) = (Vec::new(), Vec::new());
            for variant in self.variants(&command, role, password)? {
                let restricted = variant.patients().iter().any(|at| PATIENTS[*at].restricted);
                let policy = answer(
                    &self.policy,
                    &command,
                    gate,
                    &variant.arguments,
                    restricted,
                    role_or_first(&self.policy, role),
                )?;
                let wanted = wanted(&command, gate, state, &policy);
                if spared(&command, &variant, state, role, &policy) {
                    continue;
                }
                let kind = if wanted.is_empty() { &mut others } else { &mut refused };
                kind.push((variant, policy, wanted));
            }
            for (expected, calls) in [(true, refused), (false, others)] {
                self.made(&command, state, role, expected, calls).await?;
            }
        }
        Ok(())
    }

    fn variants(&self, command: &Command, role: &str, password: &str) -> Result<Vec<Variant>> {
        let own = ward::user_in(role).ok().and_then(|who| self.ward.users.get(who.username));
        let mut users = vec![self.ward.spare()?];
        users.extend(own.map(String::as_str));
        if role != "administrator" {
            users.extend(self.ward.users.values().map(String::as_str));
        }
        let (ward, folder) = (&self.ward, self.folder.as_path());
        let number = self.rows.len();
        Caller { ward, users: &users, password, folder, number, destruction: 1 }.variants(command)
    }

    async fn made(
        &mut self,
        command: &Command,
        state: State,
        role: &str,
        expected: bool,
        calls: Vec<(Variant, String, String)>,
    ) -> Result<()> {
        if calls.is_empty() {
            return Ok(());
        }
        let before = self.entries()?;
        let list: Vec<Call> =
            calls.iter().map(|(variant, ..)| (command.name.clone(), variant.arguments.clone())).collect();
        let answers = call(self.window, &list).await?;
        // What is allowed leaves entries of its own; of refusals there is one for each.
        let entries = self.refusals_since(before)?;
        if expected && entries != list.len() as u64 {
            let who = format!("{} by {role} while {state:?}", command.name);
            self.findings.push(format!("{who}: {} refusals left {entries} entries", list.len()));
        }
        for ((variant, policy, wanted), answer) in calls.into_iter().zip(answers) {
            let names = words(&variant);
            let came = came(&answer);
            let own = ward::user_in(role).ok().and_then(|who| self.ward.users.get(who.username));
            let judged =
                judged(&variant, &wanted, &answer).and_then(|()| not_alone(command, &variant, role, own, &answer));
            if let Err(finding) = judged {
                self.findings
                    .push(format!("{} of {names} by {role} while {state:?}: {finding} ({came})", command.name));
            }
            let entries = expected.then(|| entries / list.len() as u64);
            let command = command.name.clone();
            self.rows.push(Row { command, names, state, role: role.to_owned(), policy, came, entries });
        }
        Ok(())
    }

    fn entries(&self) -> Result<u64> {
        Ok(self.log.query_row("SELECT max(seq) FROM audit_entry", [], |row| row.get(0))?)
    }

    /// The entries of what was refused.
    fn refusals_since(&self, before: u64) -> Result<u64> {
        let mut statement = self.log.prepare("SELECT event FROM audit_entry WHERE seq > ?1")?;
        let events = statement.query_map([before], |row| row.get::<_, Vec<u8>>(0))?;
        let mut refusals = 0;
        for event in events {
            let event: Value = serde_json::from_slice(&event?)?;
            refusals +=
                u64::from(event.get("outcome").and_then(Value::as_u64).context("an event without outcome")? == REFUSED);
        }
        Ok(refusals)
    }

    /// Reports that were written tell nothing of a chart's content.
    fn look_into_files(&mut self) -> Result<()> {
        for file in fs::read_dir(&self.folder)? {
            let file = file?.path();
            let text = String::from_utf8_lossy(&fs::read(&file)?).to_lowercase();
            let told = PATIENTS.iter().filter(|patient| text.contains(&patient.secret.to_lowercase()));
            self.findings.extend(told.map(|patient| format!("{} tells of {}", file.display(), patient.id)));
        }
        Ok(())
    }
}

/// A role that nobody has in this state is asked about as the first.
fn role_or_first<'p>(policy: &'p Policy, role: &'p str) -> &'p str {
    if policy.roles.iter().any(|known| known == role) {
        role
    } else {
        policy.roles.first().map_or(role, String::as_str)
    }
}

/// The code with which a call has to be refused; empty where it may be allowed.
fn wanted(command: &Command, gate: Gate, state: State, policy: &str) -> String {
    let by_state = match (gate, state) {
        (Gate::Never(code), _) => {
            return if matches!(code, "invalid" | "not-found") { String::new() } else { code.to_owned() };
        }
        (Gate::Everybody, _) => return String::new(),
        (Gate::Own, State::PasswordDue) | (Gate::AtTheScreen, State::PasswordDue | State::Locked) => "",
        // The one thing that may be done then.
        (_, State::PasswordDue) if command.name == "user_password_change" => "",
        (_, state) => state.code(),
    };
    match (state, policy) {
        (State::Unlocked, "allow") => String::new(),
        // Nobody can come back to what never began.
        (State::Unlocked, "not-restricted") if command.name == "emergency_access_resume" => String::new(),
        (State::Unlocked, "restricted" | "no-relationship" | "protected") => "restricted".to_owned(),
        (State::Unlocked, _) => "forbidden".to_owned(),
        _ => by_state.to_owned(),
    }
}

/// What is not called, because it is right and would end the attack.
fn spared(command: &Command, variant: &Variant, state: State, role: &str, policy: &str) -> bool {
    let allowed = state == State::Unlocked && policy == "allow";
    match command.name.as_str() {
        // It opens a dialog of the desktop.
        "import_choose" | "document_choose" => allowed,
        // An administrator may, as the second person, for the right patient.
        "patient_destruction_approve" | "patient_destruction_withdraw" => {
            allowed && role == "administrator" && !variant.is_crossed()
        }
        _ => false,
    }
}

fn judged(variant: &Variant, wanted: &str, answer: &Answer) -> Result<()> {
    if let Answer::Unread(words) = answer {
        bail!("refused before the core, without a code: {words}");
    }
    if !wanted.is_empty() && answer.code() != wanted {
        bail!("had to be refused as {wanted}");
    }
    if variant.is_crossed() && answer.code().is_empty() {
        bail!("what belongs to another patient was given");
    }
    let (named, text) = (variant.patients(), answer.text().to_lowercase());
    for (at, patient) in PATIENTS.iter().enumerate() {
        let (name, secret) =
            (text.contains(&patient.name.to_lowercase()), text.contains(&patient.secret.to_lowercase()));
        // A list of patients has names; no list has content, and nobody has broken the glass.
        if secret && (patient.restricted || !named.contains(&at)) || name && !named.is_empty() && !named.contains(&at) {
            bail!("tells of {}", patient.id);
        }
    }
    Ok(())
}

/// Nobody changes their own rights, and nobody agrees to what they asked for themselves.
fn not_alone(command: &Command, variant: &Variant, role: &str, own: Option<&String>, answer: &Answer) -> Result<()> {
    let administers = command.name.starts_with("user_") || command.name.starts_with("team_");
    let names_own = own.is_some_and(|own| variant.names.contains(&Named::User(own.clone())));
    let asked_for_it = role == "privacy-officer" && command.name == "patient_destruction_approve";
    let done = matches!(answer, Answer::Done(_));
    ensure!(!done || !(administers && names_own || asked_for_it), "one person alone did what takes two");
    Ok(())
}

fn came(answer: &Answer) -> String {
    match answer {
        Answer::Done(_) => "allowed".to_owned(),
        Answer::Refused { code, message } if matches!(code.as_str(), "invalid" | "not-found" | "internal") => {
            format!("{code}: {message}")
        }
        Answer::Refused { code, .. } => code.clone(),
        Answer::Unread(_) => "unread".to_owned(),
    }
}

fn words(variant: &Variant) -> String {
    let one = |named: &Named| match named {
        Named::Patient(at) => PATIENTS[*at].id.to_owned(),
        Named::ChildOf(at) => format!("what is {}'s", PATIENTS[*at].id),
        Named::User(id) => format!("user {id}"),
        Named::Number(number) => format!("number {number}"),
    };
    let section = variant.arguments.pointer("/request/section").and_then(Value::as_str).map(str::to_owned);
    let kind = variant.arguments.pointer("/request/resourceType").and_then(Value::as_str).map(str::to_owned);
    let all: Vec<String> = variant.names.iter().map(one).chain(section).chain(kind).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(" + ") }
}

/// Leaves the matrix for people.
fn write(rows: &[Row]) -> Result<()> {
    let folder = target_folder().join("idor");
    fs::create_dir_all(&folder)?;
    let mut csv = "command,what is named,state,role,policy,what came,audit entries\n".to_owned();
    let mut summary: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows {
        let entries = row.entries.map_or_else(String::new, |entries| entries.to_string());
        let came = row.came.replace('"', "'");
        writeln!(
            csv,
            "{},{},{:?},{},{},\"{came}\",{entries}",
            row.command, row.names, row.state, row.role, row.policy
        )?;
        let short = row.came.split(':').next().unwrap_or_default();
        let what = if row.state == State::Unlocked {
            format!("{}: {short}", row.role)
        } else {
            format!("{:?}: {short}", row.state)
        };
        *summary.entry(&row.command).or_default().entry(what).or_default() += 1;
    }
    fs::write(folder.join("calls.csv"), csv)?;
    let mut page = "# Every command with the ids of others\n\nHow many calls came out how; `allowed` is what the policies allow \
                    (crates/policy/tests/matrix) and names nothing of another patient. Each call is a row of calls.csv.\n\n\
                    | command | calls |\n|---|---|\n"
        .to_owned();
    for (command, outcomes) in summary {
        let outcomes: Vec<String> = outcomes.iter().map(|(what, count)| format!("{what} {count}")).collect();
        writeln!(page, "| {command} | {} |", outcomes.join("; "))?;
    }
    Ok(fs::write(folder.join("matrix.md"), page)?)
}
