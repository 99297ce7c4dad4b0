//! The command line.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// An electronic health record for shared hospital workstations. Without a command it opens its window.
#[derive(Clone, Parser)]
#[command(name = "vigil", version, max_term_width = 100)]
pub(crate) struct Options {
    /// The data folder [default: the user's data folder for `vigil`]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Who keeps the device key of a new workstation
    #[arg(long, global = true, value_enum, default_value_t = CustodianOption::Auto)]
    pub(crate) custodian: CustodianOption,

    /// Which kind of installation a new workstation is
    #[arg(long, global = true, value_enum, default_value_t = EnvironmentOption::Live)]
    pub(crate) environment: EnvironmentOption,

    /// Lock after so many minutes without input; more than 15 is 15
    #[arg(long, global = true, value_name = "MINUTES", default_value_t = 15)]
    pub(crate) idle_lock_minutes: u32,

    /// Milliseconds in this file are added to both clocks, read again at every look (debug builds only)
    #[cfg(debug_assertions)]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) test_clock: Option<PathBuf>,

    /// Read the managed policy from this folder instead, whoever owns it (debug builds only)
    #[cfg(debug_assertions)]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) test_policy: Option<PathBuf>,

    /// Answer every save dialog with a file of the suggested name in this folder (debug builds only)
    #[cfg(debug_assertions)]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) test_save_to: Option<PathBuf>,

    /// Leave the process open to debuggers of the same user (debug builds only)
    #[cfg(debug_assertions)]
    #[arg(long, global = true)]
    test_open_to_others: bool,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Commands for people who install and check it. Passwords come from standard input, one a line, or are asked for.
#[derive(Clone, Subcommand)]
pub(crate) enum Command {
    /// Set this workstation up: the hospital and its first administrator
    Setup {
        /// The hospital's name
        #[arg(long)]
        organization: String,
        /// The first administrator's user name
        #[arg(long)]
        username: String,
        /// The first administrator's name
        #[arg(long)]
        display_name: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Make the organisation recovery key, write its paper (PDF) to this new file, and ask for two groups of it
        #[arg(long, value_name = "FILE", conflicts_with = "no_recovery_key")]
        recovery_out: Option<PathBuf>,
        /// Go on without an organisation recovery key: if the device key is lost, so is the data; on record
        #[arg(long)]
        no_recovery_key: bool,
    },
    /// The organisation recovery key
    #[command(subcommand)]
    Recovery(RecoveryCommand),
    /// Open a workstation whose device key is lost: standard input carries the recovery key, then a new password
    Recover {
        /// The administrator who gets the new password
        #[arg(long)]
        username: String,
        /// Read recovery key and password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Write an encrypted backup to a new file, also while the window is open
    Backup {
        /// The administrator who writes it
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// The new file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Verify a backup and put it in the place of the data; what was there is put aside
    #[command(group(clap::ArgGroup::new("authority").required(true)))]
    Restore {
        /// The backup
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The administrator who restores; standard input carries the password
        #[arg(long = "as", value_name = "USER", group = "authority")]
        user: Option<String>,
        /// Restore with the organisation recovery key, also on another device; standard input carries the key
        #[arg(long, group = "authority")]
        recovery_key: bool,
        /// Read password or recovery key from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Restore a backup that is older than what is here; what was done since is lost
        #[arg(long)]
        accept_rollback: bool,
    },
    /// Users of this workstation
    #[command(subcommand)]
    User(UserCommand),
    /// Second factors
    #[command(subcommand)]
    Factor(FactorCommand),
    /// Import FHIR R4: transaction, batch, collection and searchset bundles, NDJSON, single resources, folders of those
    Import {
        /// The administrator who imports
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Code systems: importing their official release files, and what there is of each
    #[command(subcommand)]
    Terminology(TerminologyCommand),
    /// The ranges of this hospital: plausible, normal and critical values
    #[command(subcommand)]
    Ranges(RangesCommand),
    /// Write one patient's record as FHIR R4 to standard output: a disclosure, on record with who receives it and what for
    Export(ExportOptions),
    /// Make this workstation one of a central server's fleet; its whole audit log is pushed there. Without users yet, the token is authority
    /// enough; else an administrator does it
    Enrol {
        /// The file with the one-time token that `vigil-server device token` printed
        #[arg(long, value_name = "FILE")]
        token_file: PathBuf,
        /// The administrator who enrols a workstation that has users
        #[arg(long = "as", value_name = "USER")]
        user: Option<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// The hospital's name, for a workstation that is not set up yet
        #[arg(long, value_name = "NAME", conflicts_with = "user")]
        organization: Option<String>,
    },
    /// Lock every open window of this user at once, as a badge reader or a script of IT does; ends with 1 when there is none
    Lock,
    /// Look at this workstation and at what protects it, also when it does not open; ends with 0, 1 (something to look at) or 2
    Doctor {
        /// Write JSON
        #[arg(long)]
        json: bool,
        /// Do not check every page of the database
        #[arg(long)]
        quick: bool,
    },
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The keys: their states and ages, replacing them, and who used them
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Destroying a patient's keys, and with them the record: one administrator or privacy officer asks, another one agrees
    #[command(subcommand)]
    Patient(PatientCommand),
}

/// Commands about the ranges of this hospital.
#[derive(Clone, Subcommand)]
pub(crate) enum RangesCommand {
    /// Read a CSV file in place of the ranges before. Its first line names the columns: loinc, unit, sex, age_from, age_to, possible_low,
    /// possible_high, reference_low, reference_high, critical_low, critical_high, source
    Import {
        /// The administrator who imports
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Say whether they are loaded
    List {
        /// Who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Commands about code systems.
#[derive(Clone, Subcommand)]
pub(crate) enum TerminologyCommand {
    /// Read an official release file in place of the release before: the order file of ICD-10-CM, Loinc.csv, RXNCONSO.RRF, cvx.txt, or the
    /// tab-separated file of the SNOMED CT Global Patient Set
    Import {
        /// The administrator who imports
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Which release it is, where neither the file nor its name says so: 2026, 2.81, 11032025, 20260101
        #[arg(long, value_name = "RELEASE")]
        release: Option<String>,
        /// icd-10-cm, loinc, rxnorm, cvx, snomed-gps
        #[arg(value_name = "SYSTEM")]
        system: String,
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Say what there is of each code system
    List {
        /// Who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// A patient's record that leaves this workstation, and what the accounting of disclosures (45 CFR 164.528) says of it. After the
/// password (and second factor) come three lines: who receives it, their address (may be empty), and what for.
#[derive(Clone, Args)]
pub(crate) struct ExportOptions {
    /// Who exports
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: String,
    /// Read the password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// The patient's FHIR id
    #[arg(long, value_name = "ID")]
    pub(crate) patient: String,
    /// How
    #[arg(long, value_enum, default_value_t = ExportFormat::Bundle)]
    pub(crate) format: ExportFormat,
    /// On what ground: treatment, payment, operations, individual (the patient), authorization, required-by-law, public-health,
    /// research, other
    #[arg(long, value_name = "CODE")]
    pub(crate) basis: String,
}

/// Commands about the destruction of a patient's record.
#[derive(Clone, Subcommand)]
#[expect(clippy::enum_variant_names, reason = "other commands about patients follow")]
pub(crate) enum PatientCommand {
    /// Ask for it; the answer names the number of the request. Nothing is destroyed before another person agrees. After the
    /// password (and second factor) comes a line that says why, in words that stay on record
    DestroyRequest {
        /// The administrator or privacy officer who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// The patient's FHIR id
        #[arg(long, value_name = "ID")]
        patient: String,
        /// One entry of the record alone, such as DocumentReference/d1; else the whole record
        #[arg(long, value_name = "TYPE/ID")]
        resource: Option<String>,
        /// Why: patient-request, legal-order, retention-over, entered-in-error, other
        #[arg(long, value_name = "CODE")]
        reason: String,
    },
    /// Agree to a request of somebody else: destroys the record for good
    DestroyApprove(DecideOptions),
    /// Withdraw a request that waits
    DestroyWithdraw(DecideOptions),
    /// List every request and what became of it
    DestroyList {
        /// The administrator or privacy officer who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// A request that is decided.
#[derive(Clone, Args)]
pub(crate) struct DecideOptions {
    /// The administrator or privacy officer who decides
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: String,
    /// Read the password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// The number of the request
    #[arg(long, value_name = "NUMBER")]
    pub(crate) request: u32,
    /// The patient's FHIR id once more, so that nobody decides about the wrong one
    #[arg(long, value_name = "ID")]
    pub(crate) patient: String,
}

/// Commands about keys.
#[derive(Clone, Subcommand)]
pub(crate) enum KeysCommand {
    /// List every key with its version, age, state, custodian and next rotation; nothing secret
    Status {
        /// The administrator or privacy officer who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Patient keys one by one
        #[arg(long)]
        each_patient: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Replace a key and seal anew what hangs on it; cut off, it goes on with the next call or at an administrator's sign-in
    Rotate {
        /// database, authority, directory, care-group/general, break-glass or patient; `resume`: only go on
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        /// The administrator who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Read the key access log: who used which key, about whom and what for; on record itself
    Log {
        /// The administrator or privacy officer who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Of the user with this id only
        #[arg(long, value_name = "ID", default_value = "")]
        of: String,
        /// About the patient with this FHIR id only
        #[arg(long, value_name = "ID", default_value = "")]
        patient: String,
        /// From the beginning of this day on (2026-11-21)
        #[arg(long, value_name = "DAY", default_value = "")]
        from: String,
        /// Until the end of this day
        #[arg(long, value_name = "DAY", default_value = "")]
        until: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Commands about users.
#[derive(Clone, Subcommand)]
pub(crate) enum UserCommand {
    /// Make a user; standard input carries the administrator's password, then the new user's
    Create {
        /// The administrator who makes the user
        #[arg(long = "as", value_name = "USER")]
        administrator: String,
        /// The new user's name to sign in with
        #[arg(long)]
        username: String,
        /// The new user's name
        #[arg(long)]
        display_name: String,
        /// The new user's role: physician, nurse, pharmacist, front-desk, billing, privacy-officer, administrator
        #[arg(long)]
        role: String,
        /// Read the passwords from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give another user a password for the next sign-in; standard input carries the administrator's, then the new one
    ResetPassword {
        /// The administrator
        #[arg(long = "as", value_name = "USER")]
        administrator: String,
        /// The user who gets it
        #[arg(long)]
        username: String,
        /// Read the passwords from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Choose another password of one's own; standard input carries the old one, then the new one
    ChangePassword {
        /// Whose
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the passwords from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give an administrator a new password with the recovery key; standard input carries the key, then the password
    RecoverPassword {
        /// The administrator
        #[arg(long)]
        username: String,
        /// Read recovery key and password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the users: role, teams, practitioner, last sign-in and last use
    List {
        /// The administrator who asks
        #[arg(long = "as", value_name = "USER")]
        administrator: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what each user may do: role, teams, account, last use, group keys, pages, actions; on record itself
    Rights {
        /// The administrator or privacy officer who asks
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Write the report to this new file, as CSV or (by its ending) as PDF; else it is shown as JSON
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Change another user; what is not named stays as it is
    Update(UpdateOptions),
    /// Close an account: its session ends, it signs in no more, and the keys that it held are replaced
    Disable(AccountOptions),
    /// Open a closed account with the password that it had and the keys of today
    Enable(AccountOptions),
}

/// What another user is to become.
#[derive(Clone, Args)]
pub(crate) struct UpdateOptions {
    #[command(flatten)]
    pub(crate) account: AccountOptions,
    /// The user's name
    #[arg(long)]
    pub(crate) display_name: Option<String>,
    /// The role: physician, nurse, pharmacist, front-desk, billing, privacy-officer, administrator. The session ends, keys
    /// that the new role does not hold are replaced
    #[arg(long)]
    pub(crate) role: Option<String>,
    /// Who the user is in the charts: Practitioner/abc or Practitioner?identifier=system|value; an empty one unlinks
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) practitioner: Option<String>,
    /// A team to be in, by name; said once for each. They are all the teams that the user is in then
    #[arg(long, value_name = "NAME", conflicts_with = "no_team")]
    pub(crate) team: Vec<String>,
    /// Take the user out of every team
    #[arg(long)]
    pub(crate) no_team: bool,
}

/// An account that is closed or opened.
#[derive(Clone, Args)]
pub(crate) struct AccountOptions {
    /// The administrator who does it
    #[arg(long = "as", value_name = "USER")]
    pub(crate) administrator: String,
    /// Whose account
    #[arg(long)]
    pub(crate) username: String,
    /// Read the administrator's password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// Commands about the organisation recovery key.
#[derive(Clone, Subcommand)]
pub(crate) enum RecoveryCommand {
    /// Make one and ask for two groups of it; a key that was there before ends then
    Make {
        /// The administrator who makes it
        #[arg(long = "as", value_name = "USER")]
        administrator: String,
        /// Read the password and the two groups from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Write the paper as PDF to this new file; without it the key is shown here, once
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Go on without one; on record
    Decline {
        /// The administrator who decides so
        #[arg(long = "as", value_name = "USER")]
        administrator: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Say whether there is one, its name and its date
    Status,
}

/// Commands about the audit log.
#[derive(Clone, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check every entry, the Merkle tree, its checkpoints and the custodian's mark; exit 1 if anything is wrong
    Verify,
    /// Write the log as FHIR AuditEvent NDJSON (IHE BALP) to standard output; names no patient but by id
    Export {
        /// The administrator or privacy officer who exports
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Instead: make this folder and write the log into it as C2SP tlog-tiles, with its checkpoint and the key that signed it, for
        /// tools of other people
        #[arg(long, value_name = "FOLDER")]
        tiles: Option<PathBuf>,
    },
}

/// Who keeps the device key.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CustodianOption {
    /// The first that answers, in the order of the managed policy: TPM, PKCS#11 token, operating system's keystore
    Auto,
    /// The TPM 2.0 of this computer
    Tpm,
    /// The PKCS#11 token that the managed policy names
    Pkcs11,
    /// The operating system's keystore
    OsKeystore,
    /// A file: demonstrations and tests only
    Software,
}

/// Commands about second factors.
#[derive(Clone, Subcommand)]
pub(crate) enum FactorCommand {
    /// Set up an authenticator app for a user who has no second factor: shows its secret and asks for a first code
    Enrol {
        /// The user
        #[arg(long = "as", value_name = "USER")]
        user: String,
        /// Read the password, then the code, from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Kinds of installations.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvironmentOption {
    /// Real patients
    Live,
    /// Invented patients
    Demo,
    /// For learning
    Training,
}

/// Forms of an export.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One Bundle of type collection
    Bundle,
    /// One resource a line
    Ndjson,
    /// A patient summary as a FHIR document: what is current
    Summary,
}

impl Options {
    /// Whether other programs of this user may attach to the process: only where a debug build was asked for it.
    pub(crate) const fn open_to_others(&self) -> bool {
        #[cfg(debug_assertions)]
        {
            self.test_open_to_others
        }
        #[cfg(not(debug_assertions))]
        {
            false
        }
    }

    /// The data folder: the one that was named, else the user's.
    pub(crate) fn data(&self) -> anyhow::Result<PathBuf> {
        match &self.data {
            Some(named) => std::path::absolute(named).with_context(|| format!("{} is no path", named.display())),
            None => {
                Ok(dirs::data_local_dir().context("this user has no data folder; name one with --data")?.join("vigil"))
            }
        }
    }
}
