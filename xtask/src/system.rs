//! The Debian packages that building, driving and packaging need; only those that are missing are installed.

use crate::project;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// What the packages are wanted for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// To compile the program.
    Build,
    /// Also to drive the window and to test.
    Everything,
    /// Also what the program is measured beside.
    Peers,
    /// Also what the server is attacked with.
    Attackers,
}

impl Need {
    /// Whether a package that is wanted for `of` is wanted for this.
    fn covers(self, of: Self) -> bool {
        of == self || of <= self && of <= Self::Everything
    }
}

/// Each package with the reason for it.
const PACKAGES: [(&str, Need, &str); 39] = [
    ("build-essential", Need::Build, "the linker and the C compiler for SQLCipher"),
    ("pkg-config", Need::Build, "finds the libraries below"),
    ("libwebkit2gtk-4.1-dev", Need::Build, "the web view"),
    ("libgtk-3-dev", Need::Build, "the window"),
    ("libssl-dev", Need::Build, "cryptography for SQLCipher"),
    ("libdbus-1-dev", Need::Build, "the session bus"),
    ("libtss2-dev", Need::Build, "the TPM as custodian of the device key"),
    ("libpcsclite-dev", Need::Build, "card readers: a card that is taken out locks the screen"),
    ("librsvg2-dev", Need::Build, "icons in the package"),
    ("xvfb", Need::Everything, "a display where there is none"),
    ("openbox", Need::Everything, "a window manager, without which nothing has the focus"),
    ("webkit2gtk-driver", Need::Everything, "drives the real window"),
    ("xdotool", Need::Everything, "real pointer movement for the idle lock"),
    ("xclip", Need::Everything, "another program that looks at the clipboard, and fills it"),
    ("dbus-x11", Need::Everything, "a private bus for the keystore tests"),
    ("gnome-keyring", Need::Everything, "the Secret Service for the keystore tests"),
    ("libsecret-tools", Need::Everything, "looks into the Secret Service from outside"),
    ("swtpm", Need::Everything, "a TPM 2.0 for the custodian tests"),
    ("tpm2-tools", Need::Everything, "looks into that TPM from outside"),
    ("pcscd", Need::Everything, "the service of the card readers"),
    ("vsmartcard-vpcd", Need::Everything, "a card reader whose card a test puts in and takes out"),
    ("strace", Need::Everything, "records where a session writes"),
    ("softhsm2", Need::Everything, "a PKCS#11 token for the tests of custodian and smart cards"),
    ("openssl", Need::Everything, "certificates for the smart cards of the tests"),
    ("postgresql", Need::Everything, "the database of a fleet, for the tests of the server"),
    ("python3-aiosmtpd", Need::Everything, "a mail server that takes what is told of alarms"),
    ("rsyslog", Need::Everything, "a receiver of syslog"),
    ("rsyslog-gnutls", Need::Everything, "TLS for the last"),
    ("libxml2-utils", Need::Everything, "holds audit messages against the schema of DICOM"),
    ("poppler-utils", Need::Everything, "reads what stands on paper"),
    ("cups-daemon", Need::Everything, "a print server of the tests' own"),
    ("cups-client", Need::Everything, "the programs that a workstation prints with"),
    ("desktop-file-utils", Need::Everything, "checks the menu entry of the package"),
    ("python3-venv", Need::Everything, "pymerkle, which recomputes the root of the audit log"),
    ("golang-go", Need::Everything, "the compiler for the next"),
    ("golang-golang-x-mod-dev", Need::Everything, "the checksum database of Go, which checks the audit log"),
    ("chromium", Need::Peers, "the window that ours is measured beside"),
    ("wapiti", Need::Attackers, "injections into the server's parameters"),
    ("sslscan", Need::Attackers, "which versions of TLS the server speaks"),
];

/// Installs what is missing, as root or through `sudo -n`; never asks a question.
pub(crate) fn install(need: Need) -> Result<()> {
    let wanted = PACKAGES.iter().filter(|(_, of, _)| need.covers(*of));
    if !project::exists("apt-get") || !project::exists("dpkg-query") {
        println!("This is no Debian. Whatever these packages are called here has to be there:");
        wanted.for_each(|(package, _, why)| println!("  {package:<24} {why}"));
        return Ok(());
    }
    let missing: Vec<_> = wanted.filter(|(package, _, _)| !is_installed(package)).collect();
    if missing.is_empty() {
        println!("All system packages are there.");
        return Ok(());
    }
    println!("Installing:");
    missing.iter().for_each(|(package, _, why)| println!("  {package:<24} {why}"));
    let names: Vec<_> = missing.iter().map(|(package, _, _)| *package).collect();
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], names.as_slice()].concat())
        .with_context(|| format!("install these by hand and try again: {}", names.join(" ")))
}

/// Whether this process may install packages.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// Runs apt-get without questions.
pub(crate) fn apt(arguments: &[&str]) -> Result<()> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else if project::exists("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    } else {
        bail!("this needs root or sudo");
    };
    project::run_with(command.args(arguments).arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .output()
        .is_ok_and(|answer| answer.stdout == b"installed")
}
