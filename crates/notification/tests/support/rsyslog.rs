//! rsyslogd as a receiver of syslog over TLS: it takes messages apart itself and writes what it found as JSON.
//!
//! Its queue is "Direct": what it has read is written before it reads on, and thus before it ends a connection. With a queue in memory a
//! receiver ends a connection first; what syslog cannot confirm is said in `channel/syslog.rs`.
//!
//! `gnutlsPriorityString` is needed: what version 8.2302 chooses by itself for `anon` has no cipher suite of TLS 1.3.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tempfile::TempDir;

use super::authority::{Authority, Files};
use super::process::{Process, free_port};

pub(crate) struct Rsyslog {
    pub(crate) port: u16,
    folder: TempDir,
    running: Mutex<Option<Process>>,
}

impl Rsyslog {
    /// `mode`: `anon` lets everybody in, `x509/certvalid` whoever has a certificate of the authority.
    pub(crate) fn start(authority: &Authority, files: &Files, mode: &str) -> Self {
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        let path = folder.path().display();
        let (anchor, certificate, key) = (authority.anchor(), &files.certificate, &files.key);
        let (anchor, certificate, key) = (anchor.display(), certificate.display(), key.display());
        let configuration = format!(
            r#"
global(workDirectory="{path}" maxMessageSize="64k" defaultNetstreamDriver="gtls"
       defaultNetstreamDriverCAFile="{anchor}" defaultNetstreamDriverCertFile="{certificate}" defaultNetstreamDriverKeyFile="{key}")
main_queue(queue.type="Direct")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="{mode}" gnutlsPriorityString="NORMAL")
input(type="imtcp" port="{port}" address="127.0.0.1")
template(name="parsed" type="list" option.jsonf="on") {{
  property(outname="pri" name="pri" format="jsonf")
  property(outname="facility" name="syslogfacility-text" format="jsonf")
  property(outname="severity" name="syslogseverity-text" format="jsonf")
  property(outname="version" name="protocol-version" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="app-name" format="jsonf")
  property(outname="process" name="procid" format="jsonf")
  property(outname="id" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
  property(outname="raw" name="rawmsg" format="jsonf")
}}
action(type="omfile" file="{path}/received" template="parsed")
"#
        );
        std::fs::write(folder.path().join("rsyslog.conf"), configuration).unwrap();
        let receiver = Self { port, folder, running: Mutex::default() };
        receiver.run();
        receiver
    }

    pub(crate) fn run(&self) {
        let (configuration, pid) = (self.folder.path().join("rsyslog.conf"), self.folder.path().join("pid"));
        // One that was killed has left it behind.
        let _ = std::fs::remove_file(&pid);
        let program = ["/usr/sbin/rsyslogd", "rsyslogd"].into_iter().find(|name| Path::new(name).exists());
        let mut command = Command::new(program.unwrap_or("rsyslogd"));
        command.arg("-n").arg("-f").arg(configuration).arg("-i").arg(pid);
        *self.running.lock().unwrap() = Some(Process::until_listening(&command, self.port));
    }

    pub(crate) fn kill(&self) {
        *self.running.lock().unwrap() = None;
    }

    /// What it has written. It writes a line at a time: one that is not whole was cut by killing it.
    pub(crate) fn received(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("received")).unwrap_or_default();
        // Its own messages (that it started) come through the same door.
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|message| message["program"] == "vigil-server").collect()
    }

    /// The settings of a channel to it.
    pub(crate) fn channel(&self, kind: &str, authority: &Authority, caller: Option<&Files>) -> String {
        let caller = caller.map_or_else(String::new, |files| {
            format!("certificate = '{}'\nkey_file = '{}'\n", files.certificate.display(), files.key.display())
        });
        format!(
            "kind = '{kind}'\nname = 'siem'\nlevels = [0]\nhost = 'localhost'\nport = {}\nanchor = '{}'\n{caller}",
            self.port,
            authority.anchor().display()
        )
    }
}

/// The texts of what it has written.
pub(crate) fn texts(receiver: &Rsyslog) -> Vec<String> {
    receiver.received().iter().map(|message| message["text"].as_str().unwrap().trim_start().to_owned()).collect()
}

/// What stands after a key of the extension.
pub(crate) fn cef<'t>(text: &'t str, key: &str) -> &'t str {
    text.split(&format!(" {key}=")).nth(1).unwrap_or_default().split(' ').next().unwrap()
}

/// The details of the alert, unpacked.
pub(crate) fn details(text: &str) -> BTreeMap<String, String> {
    let parts = text.split("<ParticipantObjectDetail type=\"").skip(1);
    let unpack = |part: &str| {
        let (kind, rest) = part.split_once("\" value=\"").unwrap();
        let value = STANDARD.decode(rest.split('"').next().unwrap()).unwrap();
        (kind.to_owned(), String::from_utf8(value).unwrap())
    };
    parts.map(unpack).collect()
}
