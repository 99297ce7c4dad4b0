//! The demo: a hospital of invented patients, one user per role, a central server, and the window, or the tour where there is no display.

mod guide;

use crate::central_server::CentralServer;
use crate::step::Steps;
use crate::{hospital, project, screen, system};
use anyhow::{Context, Result, bail, ensure};
use guide::Guide;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ORGANIZATION: &str = "Alder Valley General Hospital";
const ADMINISTRATOR: &str = "admin";

/// Everybody who can sign in: user name, role, display name. The first is the administrator.
const USERS: [(&str, &str, &str); 7] = [
    (ADMINISTRATOR, "administrator", "M. ADEYEMI"),
    ("okafor", "physician", "Dr A. OKAFOR"),
    ("virtanen", "nurse", "S. VIRTANEN"),
    ("mbeki", "pharmacist", "T. MBEKI"),
    ("lindqvist", "front-desk", "K. LINDQVIST"),
    ("haddad", "billing", "R. HADDAD"),
    ("takahashi", "privacy-officer", "Y. TAKAHASHI"),
];

/// `cargo xtask demo [--patients N]`
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let patients = match arguments {
        [] => hospital::PATIENTS,
        [option, number] if option == "--patients" => number.parse().context("--patients takes a whole number")?,
        _ => bail!("demo takes nothing but --patients N"),
    };
    let shown = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    let need = if shown { system::Need::Build } else { system::Need::Everything };
    let mut steps = Steps::new();
    steps.take("System packages", || system::install(need))?;
    steps.take("The screen", screen::build)?;
    steps.take("The program", || project::build("vigil"))?;
    steps.take("The central server", || project::build("vigil-server"))?;
    let demo = steps.take("The demo hospital", || Demo::make(patients))?;
    if shown {
        steps.summary();
        demo.print_sign_ins();
        return demo.open_window();
    }
    steps.take("The tour through the real window", || demo.tour())?;
    steps.summary();
    demo.print_sign_ins();
    println!("\nEvery step was seen; the pictures are in {}", demo.folder.display());
    Ok(())
}

/// A made demo hospital.
pub(crate) struct Demo {
    folder: PathBuf,
    data: PathBuf,
    passwords: Vec<String>,
    guide: Guide,
    server: CentralServer,
}

impl Demo {
    /// Makes the hospital afresh in target/demo.
    pub(crate) fn make(patients: usize) -> Result<Self> {
        let folder = project::target().join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("could not clear {}", folder.display()))?;
        }
        let (data, files) = (folder.join("data"), folder.join("fhir"));
        let summary = hospital::generate(1, patients, chrono::Local::now().date_naive(), &files)?;
        println!("{} invented patients written as FHIR R4 to {}", summary.patients, files.display());
        let passwords = USERS.iter().map(|_| passphrase()).collect::<Result<Vec<_>>>()?;
        let server = CentralServer::in_folder(&folder.join("server"), "")?;
        let demo = Self { folder, data, passwords, guide: Guide::read(&files)?, server };
        let administrator = demo.password(ADMINISTRATOR)?;
        for (username, role, name) in USERS {
            if username == ADMINISTRATOR {
                let setup = ["setup", "--organization", ORGANIZATION, "--username", username, "--display-name", name];
                let kind =
                    ["--environment", "demo", "--custodian", "software", "--no-recovery-key", "--password-stdin"];
                demo.vigil(&[setup.as_slice(), kind.as_slice()].concat(), &[administrator])?;
            } else {
                let create = ["user", "create", "--as", ADMINISTRATOR, "--password-stdin", "--username", username];
                let who = ["--display-name", name, "--role", role];
                let passwords = [administrator, demo.password(username)?];
                demo.vigil(&[create.as_slice(), who.as_slice()].concat(), &passwords)?;
            }
        }
        let files =
            summary.files.iter().map(|file| file.to_str().context("the path of the target folder is not UTF-8"));
        let files = files.collect::<Result<Vec<_>>>()?;
        let import = ["import", "--as", ADMINISTRATOR, "--password-stdin"];
        demo.vigil(&[import.as_slice(), files.as_slice()].concat(), &[administrator])?;
        for (username, family) in [("okafor", guide::PHYSICIAN), ("virtanen", guide::NURSE)] {
            let practitioner = guide::practitioner(&demo.folder.join("fhir"), family)?;
            let link =
                ["user", "update", "--as", ADMINISTRATOR, "--username", username, "--practitioner", &practitioner];
            demo.vigil(&[link.as_slice(), &["--password-stdin"]].concat(), &[administrator])?;
        }
        demo.vigil(&["audit", "verify"], &[])?;
        demo.enrol()?;
        Ok(demo)
    }

    /// The workstation, which was set up alone, becomes one of the server's fleet.
    fn enrol(&self) -> Result<()> {
        let running = self.server.start()?;
        let token = self.folder.join("enrolment-token");
        self.server.token(&token)?;
        let file = token.to_str().context("the path of the target folder is not UTF-8")?;
        let enrol = ["enrol", "--token-file", file, "--as", ADMINISTRATOR, "--password-stdin"];
        self.vigil(&enrol, &[self.password(ADMINISTRATOR)?])?;
        drop(running);
        Ok(fs::remove_file(token)?)
    }

    /// Walks through the main job in the real window and saves a picture of each step.
    pub(crate) fn tour(&self) -> Result<()> {
        project::build("vigil-tests")?;
        let (username, _, _) = USERS.get(1).context("there is no physician")?;
        let mut child = Command::new(project::built("tour"))
            .arg("--binary")
            .arg(project::built("vigil"))
            .arg("--out")
            .arg(&self.folder)
            .args(["--user", username, "--search", &self.guide.typed, "--patient", &self.guide.shown])
            .args(["--value", guide::VALUE, "--server"])
            .arg(project::built("vigil-server"))
            .arg("--server-config")
            .arg(self.server.config())
            .args(["--server-operation", &self.server.operation().to_string(), "main-job", "--", "--data"])
            .arg(&self.data)
            .stdin(Stdio::piped())
            .spawn()
            .context("could not start the tour")?;
        if let Some(mut stdin) = child.stdin.take() {
            writeln!(stdin, "{}", self.password(username)?)?;
        }
        let status = child.wait()?;
        ensure!(status.success(), "a step of the tour was not seen; see {}", self.folder.join("window.log").display());
        Ok(())
    }

    fn open_window(&self) -> Result<()> {
        let _running = self.server.start()?;
        println!("\nThe window is opening. The data is in {}", self.data.display());
        println!("The central server runs with it; its configuration is {}", self.server.config().display());
        project::run_with(Command::new(project::built("vigil")).arg("--data").arg(&self.data))
    }

    fn print_sign_ins(&self) {
        println!("\n{:<18}{:<12}password, made for this demo alone", "role", "user");
        for ((username, role, _), password) in USERS.iter().zip(&self.passwords) {
            println!("{role:<18}{username:<12}{password}");
        }
    }

    fn password(&self, username: &str) -> Result<&str> {
        let at = USERS.iter().position(|(name, _, _)| *name == username);
        at.and_then(|at| self.passwords.get(at)).map(String::as_str).context("this user has no password")
    }

    fn vigil(&self, arguments: &[&str], input: &[&str]) -> Result<()> {
        let mut child = Command::new(project::built("vigil"))
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .context("could not start vigil")?;
        if let Some(mut stdin) = child.stdin.take()
            && !input.is_empty()
        {
            writeln!(stdin, "{}", input.join("\n"))?;
        }
        let status = child.wait()?;
        let command =
            arguments.iter().take_while(|word| !word.starts_with("--")).copied().collect::<Vec<_>>().join(" ");
        ensure!(status.success(), "`vigil {command}` ended with {status}");
        Ok(())
    }
}

/// Four words and a number from the system's random source: easy to type, and no default.
fn passphrase() -> Result<String> {
    const WORDS: [&str; 32] = [
        "amber", "anchor", "birch", "bridge", "canal", "cedar", "cloud", "copper", "coral", "delta", "ember", "fern",
        "garnet", "harbor", "hazel", "island", "jasper", "kettle", "lantern", "maple", "meadow", "north", "olive",
        "pebble", "quartz", "river", "saddle", "timber", "velvet", "willow", "window", "zephyr",
    ];
    let mut random = [0_u8; 6];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut random)).context("no random source")?;
    let [a, b, c, d, high, low] = random;
    let word = |byte: u8| WORDS.get(usize::from(byte) % WORDS.len()).copied().unwrap_or("amber");
    let number = 10 + u16::from_be_bytes([high, low]) % 90;
    Ok(format!("{}-{}-{}-{}-{number}", word(a), word(b), word(c), word(d)))
}

/// One line of an NDJSON file after the other.
fn lines(file: &Path) -> Result<Vec<serde_json::Value>> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    text.lines().map(|line| serde_json::from_str(line).context("a line is no JSON")).collect()
}
