//! The command line for people who install and check Vigil. Every command that touches a record signs in first.

mod backup;
mod enrol;
mod factor;
mod keys;
mod patient;
mod ranges;
mod recovery;
mod terminology;
mod user;

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use vigil_workstation::view::{
    AdministratorCreateRequest, Environment, FactorVerifyRequest, ImportProgress, ImportReport, ImportStartRequest,
    PatientExportRequest, SessionCreateRequest, Stage, UserCreateRequest, UserDisableRequest,
};
use vigil_workstation::{
    AppError, Clock, CustodianChoice, CustodianName, DisclosureBasis, Event, ExportForm, IdleLock, ManagedPolicy,
    PolicyOwner, Role, RotationProgress, Setup, Workstation,
};

use crate::clock::SystemClock;
use crate::doctor;
use crate::options::{
    AccountOptions, AuditCommand, Command, CustodianOption, EnvironmentOption, ExportFormat, ExportOptions,
    FactorCommand, Options, UserCommand,
};
use crate::platform::ThisComputer;

/// Runs one command to its end.
pub(crate) fn run(options: &Options, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Setup { organization, username, display_name, password_stdin, recovery_out, no_recovery_key } => {
            let workstation = open(options, Box::new(|_| {}))?;
            let mut lines = Passwords::new(*password_stdin);
            let session = workstation.administrator_create(AdministratorCreateRequest {
                organization: organization.clone(),
                username: username.clone(),
                display_name: display_name.clone(),
                password: lines.next("Password of the first administrator")?,
            })?;
            let custody = workstation.custody();
            say(&format!("{organization} is set up; {username} is its first administrator"))?;
            say(&format!("Device key: {}", custody.custodian))?;
            custody.passed_over.iter().try_for_each(|reason| say(&format!("  passed over: {reason}")))?;
            if session.stage == Stage::FactorEnrolment && (recovery_out.is_some() || *no_recovery_key) {
                // Nothing may be done here before the second factor is set up, the recovery key not either.
                factor::set_up(&workstation, username, &mut lines)?;
                workstation.session_enter()?;
            }
            match recovery_out {
                Some(file) => recovery::make(&workstation, None, Some(file), &mut lines)?,
                None if *no_recovery_key => recovery::decline(&workstation)?,
                None => say(
                    "There is no recovery key yet: it is made at the administrator's next sign-in, or by `vigil recovery make`",
                )?,
            }
            Ok(workstation.close()?)
        }
        Command::Recovery(command) => recovery::run(options, command),
        Command::Recover { username, password_stdin } => recovery::recover(options, username, *password_stdin),
        Command::Backup { user, password_stdin, out } => backup::back_up(options, user, *password_stdin, out),
        Command::Restore { file, user, recovery_key: _, password_stdin, accept_rollback } => {
            backup::restore(options, file, user.as_deref(), *password_stdin, *accept_rollback)
        }
        Command::User(UserCommand::Create { administrator, username, display_name, role, password_stdin }) => {
            let role = Role::from_code(role).with_context(|| format!("there is no role {role}; see --help"))?;
            let mut passwords = Passwords::new(*password_stdin);
            let workstation = sign_in(options, administrator, &mut passwords, Box::new(|_| {}))?;
            let user = workstation.user_create(UserCreateRequest {
                username: username.clone(),
                display_name: display_name.clone(),
                role,
                password: passwords.next("Password of the new user")?,
            })?;
            workstation.close()?;
            say(&format!("{} can sign in as {}", user.display_name, user.username))
        }
        Command::User(UserCommand::List { administrator, password_stdin, json }) => {
            user::list(options, administrator, *password_stdin, *json)
        }
        Command::User(UserCommand::Rights { user, password_stdin, out }) => {
            user::rights(options, user, *password_stdin, out.as_deref())
        }
        Command::User(UserCommand::Update(update)) => user::update(options, update),
        Command::User(UserCommand::Disable(account)) => {
            let (workstation, id) = account_of(options, account)?;
            let user = workstation.user_disable(UserDisableRequest { id })?;
            workstation.key_reseal_run(&mut show_reseal)?;
            workstation.close()?;
            say(&format!("the account of {} is closed; the keys that it held are replaced", user.username))
        }
        Command::User(UserCommand::Enable(account)) => {
            let (workstation, id) = account_of(options, account)?;
            let user = workstation.user_enable(UserDisableRequest { id })?;
            workstation.close()?;
            say(&format!("{} can sign in again", user.username))
        }
        Command::User(command) => recovery::passwords(options, command),
        Command::Factor(FactorCommand::Enrol { user, password_stdin }) => factor::enrol(options, user, *password_stdin),
        Command::Keys(command) => keys::run(options, command),
        Command::Patient(command) => patient::run(options, command),
        Command::Terminology(command) => terminology::run(options, command),
        Command::Ranges(command) => ranges::run(options, command),
        Command::Import { user, password_stdin, paths } => import(options, user, *password_stdin, paths),
        Command::Export(export) => {
            let ExportOptions { user, password_stdin, patient, format, basis } = export;
            let basis =
                DisclosureBasis::from_code(basis).with_context(|| format!("there is no ground {basis}; see --help"))?;
            let mut lines = Passwords::new(*password_stdin);
            let workstation = sign_in(options, user, &mut lines, Box::new(|_| {}))?;
            let form = match format {
                ExportFormat::Bundle => ExportForm::Bundle,
                ExportFormat::Ndjson => ExportForm::Ndjson,
                ExportFormat::Summary => ExportForm::Summary,
            };
            let text = workstation.patient_export(PatientExportRequest {
                patient_id: patient.clone(),
                form,
                basis,
                // Not arguments: every program on the computer may read those, and a recipient tells of the patient.
                recipient: lines.visible("The person or organisation that receives it")?,
                address: lines.visible("Their address, or an empty line")?,
                purpose: lines.visible("What for, in words that tell the patient")?,
            })?;
            io::stdout().write_all(&text).context("the export could not be written")?;
            Ok(workstation.close()?)
        }
        Command::Enrol { token_file, user, password_stdin, organization } => {
            enrol::run(options, token_file, user.as_deref(), *password_stdin, organization.as_deref())
        }
        Command::Lock => lock(),
        Command::Doctor { json, quick } => doctor::run(options, *json, *quick),
        Command::Audit(AuditCommand::Verify) => verify(options),
        Command::Audit(AuditCommand::Export { user, password_stdin, tiles }) => {
            let workstation = sign_in(options, user, &mut Passwords::new(*password_stdin), Box::new(|_| {}))?;
            let written = match tiles {
                Some(folder) => workstation.audit_tiles(folder)?,
                None => workstation.audit_export(&mut io::stdout().lock())?,
            };
            workstation.close()?;
            complain(&anyhow::anyhow!("{written} entries written"));
            Ok(())
        }
    }
}

/// The workstation with its administrator signed in, and the id of the account that is meant.
fn account_of(options: &Options, account: &AccountOptions) -> anyhow::Result<(Arc<Workstation>, String)> {
    let mut passwords = Passwords::new(account.password_stdin);
    let workstation = sign_in(options, &account.administrator, &mut passwords, Box::new(|_| {}))?;
    let id = workstation.user_named(&account.username)?.id;
    Ok((workstation, id))
}

/// Tells how far sealing anew has come; it is not stopped from here.
fn show_reseal(progress: RotationProgress) -> bool {
    // A progress line that cannot be shown stops nothing.
    let _ = write!(io::stderr(), "\rsealed anew: {} of {}      ", progress.done, progress.total);
    true
}

/// Opens the workstation that the options name.
fn open(options: &Options, notify: Box<dyn Fn(Event) + Send + Sync>) -> Result<Arc<Workstation>, AppError> {
    Ok(Arc::new(Workstation::open(setup(options, notify)?)?))
}

/// What the options say about the workstation.
pub(crate) fn setup(options: &Options, notify: Box<dyn Fn(Event) + Send + Sync>) -> Result<Setup, AppError> {
    setup_under(options, policy(options)?, notify)
}

/// The same under this policy.
pub(crate) fn setup_under(
    options: &Options,
    policy: ManagedPolicy,
    notify: Box<dyn Fn(Event) + Send + Sync>,
) -> Result<Setup, AppError> {
    Ok(Setup {
        data: options.data().map_err(|error| AppError::unusable(error.to_string()))?,
        custodian: match options.custodian {
            CustodianOption::Auto => CustodianChoice::Auto,
            CustodianOption::Tpm => CustodianChoice::Named(CustodianName::Tpm),
            CustodianOption::Pkcs11 => CustodianChoice::Named(CustodianName::Pkcs11),
            CustodianOption::OsKeystore => CustodianChoice::Named(CustodianName::OsKeystore),
            CustodianOption::Software => CustodianChoice::Named(CustodianName::Software),
        },
        state: dirs::state_dir().map(|folder| folder.join("vigil")),
        environment: match options.environment {
            EnvironmentOption::Live => Environment::Live,
            EnvironmentOption::Demo => Environment::Demo,
            EnvironmentOption::Training => Environment::Training,
        },
        policy,
        idle_lock: IdleLock::after_minutes(options.idle_lock_minutes),
        platform: Arc::new(ThisComputer),
        clock: clock(options),
        notify,
    })
}

/// Where the organisation's files lie. Neither the command line nor the environment of a release build can name another
/// place: whoever starts the program must not be able to loosen what IT prescribes.
const MANAGED_POLICY: &str = "/etc/vigil/policies/managed";

/// What the organisation prescribes.
#[cfg(debug_assertions)]
pub(crate) fn policy(options: &Options) -> Result<ManagedPolicy, AppError> {
    match &options.test_policy {
        Some(folder) => ManagedPolicy::read(folder, PolicyOwner::Anyone),
        None => ManagedPolicy::read(Path::new(MANAGED_POLICY), PolicyOwner::Root),
    }
}

/// What the organisation prescribes.
#[cfg(not(debug_assertions))]
pub(crate) fn policy(_options: &Options) -> Result<ManagedPolicy, AppError> {
    ManagedPolicy::read(Path::new(MANAGED_POLICY), PolicyOwner::Root)
}

#[cfg(debug_assertions)]
pub(crate) fn clock(options: &Options) -> Arc<dyn Clock> {
    match &options.test_clock {
        Some(file) => Arc::new(crate::clock::MovedClock(file.clone())),
        None => Arc::new(SystemClock),
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn clock(_options: &Options) -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn sign_in(
    options: &Options,
    user: &str,
    passwords: &mut Passwords,
    notify: Box<dyn Fn(Event) + Send + Sync>,
) -> anyhow::Result<Arc<Workstation>> {
    let workstation = open(options, notify)?;
    let password = passwords.next(&format!("Password of {user}"))?;
    sign_in_with(&workstation, user, password, passwords)?;
    Ok(workstation)
}

/// Signs in with a password that is at hand; a second factor, where one is asked for, is the next line.
fn sign_in_with(workstation: &Workstation, user: &str, password: String, lines: &mut Passwords) -> anyhow::Result<()> {
    let second = |lines: &mut Passwords| lines.next(&format!("Second factor of {user}, or a recovery code"));
    let asked = workstation.session_read()?.factor_at_sign_in;
    let proof = if asked { factor::proof_of(&second(lines)?) } else { None };
    let request = SessionCreateRequest { username: user.to_owned(), password, proof, despite_refusal: None };
    let mut stage = workstation.session_create(request)?.stage;
    if stage == Stage::FactorAsked
        && let Some(proof) = factor::proof_of(&second(lines)?)
    {
        stage = workstation.factor_verify(FactorVerifyRequest { proof })?.stage;
    }
    if stage != Stage::Unlocked {
        bail!(
            "{user} is not signed in: a second factor has to be set up first. Sign in at the window once, or run `vigil factor \
             enrol --as {user}`"
        );
    }
    Ok(())
}

fn import(options: &Options, user: &str, password_stdin: bool, paths: &[PathBuf]) -> anyhow::Result<()> {
    let paths = paths
        .iter()
        .map(|path| std::path::absolute(path).map(|path| path.to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()
        .context("a path could not be read")?;
    let workstation = sign_in(
        options,
        user,
        &mut Passwords::new(password_stdin),
        Box::new(|event| {
            if let Event::ImportProgressed(progress) = event {
                // A progress line that cannot be shown stops no import.
                let _ = show_progress(&progress);
            }
        }),
    )?;
    let report = workstation.import_run(ImportStartRequest { paths })?;
    workstation.close()?;
    show_report(&report)?;
    if report.cancelled || report.failed {
        bail!("the import did not reach its end; what was stored stays, so run it again")
    } else {
        Ok(())
    }
}

fn show_progress(progress: &ImportProgress) -> io::Result<()> {
    let left = progress.seconds_left.map(|seconds| format!(", about {seconds} s left")).unwrap_or_default();
    write!(
        io::stderr(),
        "\r{}: {} of {} files, {} of {} resources{left}      ",
        progress.phase,
        progress.files_done,
        progress.files_total,
        progress.resources_done,
        progress.resources_total,
    )
}

fn show_report(report: &ImportReport) -> anyhow::Result<()> {
    complain(&anyhow::anyhow!(""));
    let mut out = io::stdout().lock();
    writeln!(out, "{:<28}{:>9}{:>9}{:>11}{:>9}", "type", "created", "updated", "unchanged", "refused")?;
    for count in &report.types {
        let name = &count.resource_type;
        writeln!(out, "{name:<28}{:>9}{:>9}{:>11}{:>9}", count.created, count.updated, count.unchanged, count.refused)?;
    }
    writeln!(out, "{} patients in {} files", report.patients, report.files)?;
    for problem in &report.problems {
        writeln!(out, "{} {}: {}", problem.file, problem.place, problem.reason)?;
    }
    Ok(())
}

fn verify(options: &Options) -> anyhow::Result<()> {
    let found = Workstation::audit_verify_unopened(setup(options, Box::new(|_| {}))?)?;
    if !found.intact {
        bail!("the audit log is not what was written:\n  {}", found.findings.join("\n  "));
    }
    say(&format!("the audit log is intact: {} entries, Merkle root {}", found.entries, found.root))
}

#[cfg(target_os = "linux")]
fn lock() -> anyhow::Result<()> {
    let locked = crate::door::lock_all()?;
    say(&format!("{locked} window(s) locked"))
}

#[cfg(not(target_os = "linux"))]
fn lock() -> anyhow::Result<()> {
    bail!("a window is reached from outside on Linux only; lock it by hand")
}

/// Says why a command failed.
pub(crate) fn complain(error: &anyhow::Error) {
    // There is nowhere left to say that standard error is closed.
    let _ = writeln!(io::stderr(), "{error:#}");
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{text}").context("standard output is closed")
}

/// Where passwords come from: standard input line by line, or the terminal.
struct Passwords {
    from_stdin: bool,
}

impl Passwords {
    const fn new(from_stdin: bool) -> Self {
        Self { from_stdin }
    }

    /// The same where the line may be missing.
    fn next_if_any(&mut self, prompt: &str) -> anyhow::Result<Option<String>> {
        if !self.from_stdin {
            return self.next(prompt).map(Some);
        }
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).context("standard input could not be read")?;
        Ok((read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn next(&mut self, prompt: &str) -> anyhow::Result<String> {
        if !self.from_stdin {
            return rpassword::prompt_password(format!("{prompt}: "))
                .context("no password could be asked for; use --password-stdin");
        }
        Self::line(prompt)
    }

    /// The next line where it is no secret: whoever types it sees it.
    fn visible(&mut self, prompt: &str) -> anyhow::Result<String> {
        if !self.from_stdin {
            write!(io::stderr(), "{prompt}: ").context("nothing could be asked for")?;
        }
        Self::line(prompt)
    }

    fn line(prompt: &str) -> anyhow::Result<String> {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).context("standard input could not be read")?;
        if read == 0 {
            bail!("standard input ended before: {prompt}");
        }
        Ok(line.trim_end_matches(['\n', '\r']).to_owned())
    }
}
