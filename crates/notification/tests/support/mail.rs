//! aiosmtpd, a mail server, and Python's parser for what it keeps.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::authority::Files;
use super::file;
use super::process::{PYTHON, Process, free_port};

pub(crate) const USERNAME: &str = "vigil";
pub(crate) const PASSWORD: &str = "correct-horse-7-battery";

pub(crate) struct MailServer {
    pub(crate) port: u16,
    pub(crate) store: TempDir,
    settings: Value,
    running: Mutex<Process>,
}

impl MailServer {
    /// `tls` is `implicit` or `starttls`; `more` changes what it does.
    pub(crate) fn start(files: &Files, tls: &str, more: &Value) -> Self {
        let (port, store) = (free_port(), tempfile::tempdir().unwrap());
        let mut settings = json!({
            "port": port, "certificate": files.certificate, "key": files.key, "tls": tls,
            "username": USERNAME, "password": PASSWORD, "store": store.path(),
        });
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        let running = Mutex::new(run(&settings));
        Self { port, store, settings, running }
    }

    /// Kills it and starts it again, without whatever killed it by itself.
    pub(crate) fn restart(&self) {
        let mut running = self.running.lock().unwrap();
        running.kill();
        let mut settings = self.settings.clone();
        settings["die"] = Value::Null;
        *running = run(&settings);
    }

    pub(crate) fn kill(&self) {
        self.running.lock().unwrap().kill();
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(&self) {
        self.running.lock().unwrap().wait();
    }

    /// The settings of a channel to it.
    pub(crate) fn channel(&self, tls: &str, anchor: &Path, password_file: &Path, to: &[&str]) -> String {
        format!(
            "kind = 'smtp'\nname = 'mail'\nlevels = [0]\nhost = 'localhost'\nport = {}\ntls = '{tls}'\nusername = '{USERNAME}'\n\
             password_file = '{}'\nfrom = 'vigil@hospital.example'\nto = {to:?}\nanchor = '{}'",
            self.port,
            password_file.display(),
            anchor.display()
        )
    }

    /// What it has kept, as another program reads it.
    pub(crate) fn mails(&self) -> Vec<Value> {
        let output = Command::new(PYTHON).arg(file("receivers/read_mail.py")).arg(self.store.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Vec<Value>>(&output.stdout).unwrap()
    }

    /// The `Message-ID` of each.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.mails().iter().map(|mail| mail["headers"]["message-id"].as_str().unwrap().to_owned()).collect()
    }
}

fn run(settings: &Value) -> Process {
    let mut command = Command::new(PYTHON);
    command.arg(file("receivers/smtp_server.py")).arg(settings.to_string());
    Process::until_ready(&command)
}
