//! A small hospital for journeys: made through the command line as an administrator would.

use crate::home::Home;
use crate::program::{self, Answer, Program};
use crate::window::Launch;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A vault with users and, when asked, patients, in a home of its own.
pub struct Hospital {
    /// Where everything lies.
    pub home: Home,
    /// The program's command line on this vault.
    pub program: Program,
}

/// One user's sign-in.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// What is typed.
    pub username: &'a str,
    /// What nobody else knows.
    pub password: &'a str,
}

/// The administrator.
pub const ADMINISTRATOR: SignIn<'static> = SignIn { username: "admin", password: "plain-harbour-44-lamps" };
/// A physician.
pub const PHYSICIAN: SignIn<'static> = SignIn { username: "okafor", password: "quiet-meadow-17-owls" };
/// Someone who sees no clinical section.
pub const FRONT_DESK: SignIn<'static> = SignIn { username: "lindqvist", password: "brown-kettle-90-steps" };

impl Hospital {
    /// A home and the program, and nothing set up yet.
    pub fn bare() -> Result<Self> {
        let home = Home::new()?;
        let program = Program::in_home(&home)?;
        Ok(Self { home, program })
    }

    /// The vault, the administrator, a physician and a front desk user; without a recovery key.
    pub fn new() -> Result<Self> {
        let home = Home::new()?;
        let program = Program::in_home(&home)?;
        program.must(
            &[
                "setup",
                "--organization",
                "Harbour Test Hospital",
                "--environment",
                "demo",
                "--username",
                ADMINISTRATOR.username,
                "--display-name",
                "M. ADEYEMI",
                "--custodian",
                "software",
                "--no-recovery-key",
                "--password-stdin",
            ],
            &[ADMINISTRATOR.password],
        )?;
        let hospital = Self { home, program };
        hospital.user("physician", PHYSICIAN, "Dr A. OKAFOR")?;
        hospital.user("front-desk", FRONT_DESK, "K. LINDQVIST")?;
        Ok(hospital)
    }

    /// Makes a user.
    pub fn user(&self, role: &str, sign_in: SignIn<'_>, display_name: &str) -> Result<()> {
        self.program.must(
            &[
                "user",
                "create",
                "--as",
                ADMINISTRATOR.username,
                "--username",
                sign_in.username,
                "--display-name",
                display_name,
                "--role",
                role,
                "--password-stdin",
            ],
            &[ADMINISTRATOR.password, sign_in.password],
        )?;
        Ok(())
    }

    /// Says who of the charts a user is: `Practitioner/d1`.
    pub fn link(&self, who: SignIn<'_>, practitioner: &str) -> Result<()> {
        let update = ["user", "update", "--as", ADMINISTRATOR.username, "--username", who.username];
        let update = [&update[..], &["--practitioner", practitioner, "--password-stdin"]].concat();
        self.program.must(&update, &[ADMINISTRATOR.password]).map(drop)
    }

    /// How its window is started.
    pub fn launch(&self, arguments: &[&str]) -> Result<Launch> {
        let data = self.home.data();
        let mut all = vec!["--data".to_owned(), data.to_str().context("the path is not UTF-8")?.to_owned()];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        Ok(Launch {
            binary: program::binary()?,
            arguments: all,
            environment: self.home.environment(),
            log: self.home.path().join("window.log"),
            size: (1280, 800),
        })
    }

    /// Starts the window once more, on the display of the first one.
    pub fn second_start(&self, display: &str) -> Result<Answer> {
        self.program.run_on(display)
    }

    /// Imports these resources.
    ///
    /// # Errors
    /// When the program cannot be run or takes them not.
    pub fn record(&self, resources: &[Value]) -> Result<()> {
        let entries: Vec<Value> = resources.iter().map(|resource| json!({ "resource": resource })).collect();
        let file = self.home.path().join("record.json");
        fs::write(&file, json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string())?;
        self.import(&[&file]).map(drop)
    }

    /// Imports files or folders as the administrator and returns the summary.
    pub fn import(&self, paths: &[&Path]) -> Result<String> {
        let paths =
            paths.iter().map(|path| path.to_str().context("the path is not UTF-8")).collect::<Result<Vec<_>>>()?;
        let mut arguments = vec!["import", "--as", ADMINISTRATOR.username, "--password-stdin"];
        arguments.extend(paths);
        self.program.must(&arguments, &[ADMINISTRATOR.password])
    }
}

/// The hospital and practitioner bundles of the Synthea data and its first `patients` patient bundles, in the order of their names.
pub fn synthea(folder: &Path, patients: usize) -> Result<Vec<PathBuf>> {
    let mut files = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect::<Vec<_>>();
    files.sort();
    let (mut chosen, people): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("hospitalInformation") || name.starts_with("practitionerInformation"))
    });
    chosen.extend(people.into_iter().take(patients));
    Ok(chosen)
}

/// A woman of this family name, born 03-Feb-1961, as a FHIR Patient.
pub fn ana(id: &str, family: &str) -> Value {
    json!({ "resourceType": "Patient", "id": id, "name": [{ "family": family, "given": ["Ana"] }],
        "birthDate": "1961-02-03", "gender": "female" })
}
