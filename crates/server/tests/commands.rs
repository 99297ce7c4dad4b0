//! What is typed at the server: the program itself, in a folder of its own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs, reason = "tests")]

#[allow(dead_code, reason = "every test takes what it needs")]
#[path = "support/postgres.rs"]
mod postgres;
#[allow(dead_code, reason = "every test takes what it needs")]
#[path = "support/token.rs"]
mod token;

use std::path::{Path, PathBuf};
use std::process::Command;

struct Typed {
    folder: tempfile::TempDir,
}

impl Typed {
    fn new() -> Self {
        let typed = Self { folder: tempfile::tempdir().unwrap() };
        typed.configure("server.toml", "data", "");
        typed
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a configuration.
    fn configure(&self, name: &str, data: &str, more: &str) {
        let here = "\"127.0.0.1:0\"";
        let listen = format!("[listen]\nworkstations = {here}\npublic = {here}\noperation = {here}\n");
        let text = format!("[server]\nname = \"test.example\"\ndata = {:?}\n{listen}{more}", self.at(data));
        std::fs::write(self.at(name), text).unwrap();
    }

    /// Whether it went well, what it said, and what it complained of.
    fn with(&self, configuration: &str, arguments: &[&str]) -> (bool, String, String) {
        self.said_by(Command::new(env!("CARGO_BIN_EXE_vigil-server")), configuration, arguments)
    }

    /// The same with a variable of the environment.
    fn with_variable(
        &self,
        name: &str,
        value: &Path,
        configuration: &str,
        arguments: &[&str],
    ) -> (bool, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigil-server"));
        command.env(name, value);
        self.said_by(command, configuration, arguments)
    }

    fn said_by(&self, mut command: Command, configuration: &str, arguments: &[&str]) -> (bool, String, String) {
        command.arg("--config").arg(self.at(configuration)).args(arguments).current_dir(self.folder.path());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    fn well(&self, arguments: &[&str]) -> String {
        let (went, said, complaint) = self.with("server.toml", arguments);
        assert!(went, "{arguments:?} did not end well: {complaint}");
        said
    }

    fn refused(&self, arguments: &[&str], words: &str) {
        let (went, _, complaint) = self.with("server.toml", arguments);
        assert!(!went && complaint.contains(words), "{arguments:?}: {complaint}");
        assert!(!complaint.contains("panicked"), "{complaint}");
    }

    /// The server's own log: one AuditEvent to a line.
    fn own_log(&self, name: &str) -> String {
        self.well(&["audit", "export", name]);
        std::fs::read_to_string(self.at(name)).unwrap()
    }
}

#[test]
fn other_systems_teams_and_groups_are_looked_after_and_each_change_is_on_record() {
    let typed = Typed::new();
    let added = typed.well(&["client", "add", "SIEM"]);
    let line = |name: &str| added.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let (id, secret) = (line("client_id:"), line("client_secret:"));
    assert!(typed.well(&["client", "list"]).contains(&format!("{id}  known")));
    typed.well(&["client", "revoke", &id]);
    assert!(typed.well(&["client", "list"]).contains(&format!("{id}  revoked")));
    typed.refused(&["client", "revoke", &id], "`vigil-server client list` shows them");
    typed.refused(&["client", "add", " "], "1 to 64 characters");

    typed.well(&["user", "add", "meyer", "--display-name", "Dr. Meyer", "--role", "physician"]);
    typed.refused(&["team", "put", "Ward 3", "--member", "nobody"], "there is no user named nobody");
    typed.well(&["team", "put", "Ward 3", "--member", "meyer"]);
    assert_eq!(typed.well(&["team", "list"]), "Ward 3  meyer\n");
    typed.well(&["team", "remove", "Ward 3"]);
    assert_eq!(typed.well(&["team", "list"]), "");
    typed.refused(&["team", "remove", "Ward 3"], "there is no team named Ward 3");

    typed.well(&["group", "grant", "meyer", "care-group/icu"]);
    assert!(typed.well(&["group", "list"]).contains("care-group/icu  meyer"));
    typed.well(&["group", "revoke", "meyer", "care-group/icu"]);
    assert!(!typed.well(&["group", "list"]).contains("icu"));
    typed.refused(&["group", "grant", "meyer", "icu"], "break-glass, or care-group/ and a name");

    typed.well(&["key", "rotate", "seal"]);
    typed.well(&["key", "rotate", "device-authority"]);
    typed.well(&["key", "rotate", "group", "break-glass"]);
    let keys = typed.well(&["key", "list"]);
    assert_eq!(keys.matches("retired").count(), 2, "{keys}");

    let log = typed.own_log("log.ndjson");
    for what in
        ["team-put", "team-remove", "group-grant", "group-revoke", "group=care-group/icu logs=0", "key=seal id=2"]
    {
        assert!(log.contains(what), "{what} is not on record");
    }
    assert!(log.matches(&id).count() >= 2, "added and revoked");
    assert!(!log.contains(&secret), "no secret");
    assert!(typed.well(&["audit", "verify"]).contains("intact"));
}

#[test]
fn audit_events_leave_in_three_forms_and_nothing_is_written_over() {
    let typed = Typed::new();
    typed.well(&["client", "add", "SIEM"]);
    let lines = typed.own_log("all.ndjson");
    assert!(lines.lines().count() >= 2);
    for line in lines.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["resourceType"], "AuditEvent");
    }
    typed.well(&["audit", "export", "--format", "bundle", "bundle.json"]);
    let bundle: serde_json::Value = serde_json::from_slice(&std::fs::read(typed.at("bundle.json")).unwrap()).unwrap();
    assert_eq!(bundle["type"], "collection");
    assert_eq!(bundle["entry"].as_array().unwrap().len(), lines.lines().count() + 1, "and the export before it");
    typed.well(&["audit", "export", "--format", "bundle", "--until", "2020", "none.json"]);
    let none: serde_json::Value = serde_json::from_slice(&std::fs::read(typed.at("none.json")).unwrap()).unwrap();
    assert!(none.get("entry").is_none(), "FHIR has no empty arrays: {none}");
    typed.well(&["audit", "export", "--until", "2020", "none.ndjson"]);
    assert_eq!(std::fs::read(typed.at("none.ndjson")).unwrap(), b"");

    let verified = typed.well(&["audit", "verify"]);
    let log = verified.split_whitespace().next().unwrap();
    typed.well(&["audit", "export", "--format", "tiles", "--log", log, "tiles"]);
    assert!(typed.at("tiles/checkpoint").is_file());
    typed.refused(&["audit", "export", "all.ndjson"], "is there already; name another one");
    typed.refused(&["audit", "export", "--format", "tiles", "more"], "name it with --log");
    typed.refused(&["audit", "export", "--from", "yesterday", "more"], "the parameter date");
    typed.refused(&["audit", "export", "--log", "x", "more"], "as `audit verify` shows it");
    assert!(!typed.at("more").exists() && !typed.at("more.partial").exists(), "nothing is left behind");
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |name: &str| std::fs::metadata(typed.at(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("all.ndjson"), mode("bundle.json")), (0o600, 0o600), "nobody else's to read");
}

#[test]
fn a_backup_comes_back_on_another_machine_with_the_master_key_and_not_without() {
    let typed = Typed::new();
    typed.well(&["user", "add", "meyer", "--display-name", "Dr. Meyer", "--role", "physician"]);
    typed.well(&["backup", "backup"]);
    typed.refused(&["backup", "backup"], "is there already; name another one");
    typed.refused(&["restore", "backup"], "is there already");

    typed.configure("other.toml", "other", "");
    let (went, _, complaint) = typed.with("other.toml", &["restore", "backup"]);
    assert!(!went && complaint.contains("use the one that the database was made with"), "{complaint}");
    assert!(!typed.at("other/vigil-server.db").exists());
    std::fs::copy(typed.at("data/master.key"), typed.at("other/master.key")).unwrap();
    let (went, said, complaint) = typed.with("other.toml", &["restore", "backup"]);
    assert!(went && said.contains("every log in it is intact"), "{said}{complaint}");
    let (_, users, _) = typed.with("other.toml", &["user", "list"]);
    assert!(users.contains("meyer"), "{users}");

    let mut changed = std::fs::read(typed.at("backup")).unwrap();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    std::fs::write(typed.at("changed"), changed).unwrap();
    std::fs::remove_file(typed.at("other/vigil-server.db")).unwrap();
    let (went, _, complaint) = typed.with("other.toml", &["restore", "changed"]);
    assert!(!went && complaint.contains("does not open"), "{complaint}");
    assert!(!typed.at("other/vigil-server.db").exists(), "nothing is put in place");
}

#[test]
fn the_master_key_gets_a_successor_and_the_former_one_opens_nothing_any_more() {
    let typed = Typed::new();
    typed.well(&["user", "add", "meyer", "--display-name", "Dr. Meyer", "--role", "physician"]);
    let witness = typed.well(&["witness", "key"]);
    typed.refused(&["key", "rotate", "master", "server.toml"], "the same master key");
    typed.configure("elsewhere.toml", "elsewhere", "");
    typed.refused(&["key", "rotate", "master", "elsewhere.toml"], "another database");
    let key = format!("[custody]\nfile = {:?}\n", typed.at("data/new.key"));
    typed.configure("new.toml", "data", &key);
    typed.well(&["key", "rotate", "master", "new.toml"]);

    let new = |arguments: &[&str]| typed.with("new.toml", arguments);
    assert!(new(&["audit", "verify"]).1.contains("intact"), "the heads are vouched for");
    assert_eq!(new(&["witness", "key"]).1, witness, "the server's own keys are the same");
    assert!(new(&["user", "list"]).1.contains("meyer"));
    let (went, _, complaint) = typed.with("server.toml", &["audit", "verify"]);
    assert!(!went && !complaint.contains("panicked"), "the former key opens nothing: {complaint}");
    assert!(typed.at("data/vigil-server.db.former").is_file(), "and what it opens is kept");
    let (went, _, complaint) = new(&["key", "rotate", "master", "server.toml"]);
    assert!(!went && complaint.contains("move it away"), "{complaint}");
    assert!(new(&["audit", "export", "log.ndjson"]).0);
    assert!(std::fs::read_to_string(typed.at("log.ndjson")).unwrap().contains("key=master"), "on record");
}

#[test]
fn a_fleet_on_postgresql_moves_its_master_key_from_a_file_into_a_token_and_comes_back_from_a_backup() {
    let typed = Typed::new();
    let cluster = postgres::Cluster::shared();
    let database = format!("[database]\nurl = {:?}\n", cluster.database());
    typed.configure("server.toml", "data", &database);
    typed.well(&["user", "add", "meyer", "--display-name", "Dr. Meyer", "--role", "physician"]);
    let witness = typed.well(&["witness", "key"]);
    typed.well(&["backup", "before"]);

    let token = token::Token::new("vigil-server");
    let custody = token.settings(Path::new(token::MODULE), "vigil-server");
    typed.configure("token.toml", "data", &format!("{database}{custody}\n"));
    let with_token = |configuration: &str, arguments: &[&str]| {
        typed.with_variable("SOFTHSM2_CONF", &token.path("softhsm2.conf"), configuration, arguments)
    };
    let (went, said, complaint) = with_token("server.toml", &["key", "rotate", "master", "token.toml"]);
    assert!(went && said.contains("start the server with token.toml"), "{said}{complaint}");
    let (went, said, complaint) = with_token("token.toml", &["audit", "verify"]);
    assert!(went && said.contains("intact"), "{said}{complaint}");
    assert_eq!(with_token("token.toml", &["witness", "key"]).1, witness, "the server's own keys are the same");
    let (went, _, complaint) = typed.with("server.toml", &["audit", "verify"]);
    assert!(!went && !complaint.contains("panicked"), "the file opens nothing any more: {complaint}");

    // A backup of each key, each into an empty database, opens under its own.
    let (went, _, complaint) = with_token("token.toml", &["backup", "after"]);
    assert!(went, "{complaint}");
    for (configuration, backup, custody) in
        [("of-file.toml", "before", ""), ("of-token.toml", "after", custody.as_str())]
    {
        let empty = format!("[database]\nurl = {:?}\n", cluster.database());
        typed.configure(configuration, "data", &format!("{empty}{custody}\n"));
        let (went, said, complaint) = with_token(configuration, &["restore", backup]);
        assert!(went && said.contains("every log in it is intact"), "{configuration}: {said}{complaint}");
        assert!(with_token(configuration, &["user", "list"]).1.contains("meyer"), "{configuration}");
    }
    let (went, _, complaint) = with_token("of-token.toml", &["restore", "after"]);
    assert!(!went && complaint.contains("is not empty"), "nothing is written over: {complaint}");
}

#[test]
fn a_command_that_did_its_work_says_so_however_busy_the_machine_is() {
    let typed = Typed::new();
    typed.well(&["client", "list"]);
    // Threads of the database that outlive the command crash it in about one of fifty.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..12).for_each(|_| drop(typed.well(&["client", "list"]))));
        }
    });
}

#[test]
fn a_configuration_that_names_what_is_not_there_is_said_to_by_key() {
    let typed = Typed::new();
    assert_eq!(typed.well(&["config", "check"]), "the configuration can be used\n");
    let absent: &Path = &typed.at("absent.pem");
    let tls = format!("[tls]\ncertificate = {absent:?}\nkey = {absent:?}\nanchor = {absent:?}\n");
    let hsm = format!("[custody]\nkind = \"pkcs11\"\nmodule = {absent:?}\ntoken = \"t\"\npin_file = {absent:?}\n");
    for (more, words) in [(tls.as_str(), "tls: "), (hsm.as_str(), "custody.module: ")] {
        typed.configure("server.toml", "data", more);
        typed.refused(&["config", "check"], words);
    }
    typed.configure("server.toml", "data", "[retention]\nyears = 9\n");
    typed.refused(&["config", "check"], "server.toml, line 9, column 9: 9 is not allowed here");
}

#[test]
fn rules_decide_when_they_were_tried_and_not_before() {
    let typed = Typed::new();
    let shown = typed.well(&["rule", "show"]);
    let rules = |name: &str, version: u32, from: &str, to: &str| {
        let text = shown.replace("\nversion = 1\n", &format!("\nversion = {version}\n")).replace(from, to);
        std::fs::write(typed.at(name), text).unwrap();
    };
    rules("two.toml", 2, "", "");
    typed.refused(&["rule", "use", "two.toml"], "nobody has tried exactly these rules");
    let table = typed.well(&["rule", "try", "two.toml", "--days", "30"]);
    assert!(table.contains(" entries of 30 days") && table.contains("version 1      version 2"), "{table}");
    assert!(table.contains("of 0 known misuses found"), "{table}");
    assert_eq!(typed.well(&["rule", "use", "two.toml"]), "version 2 decides\n", "on recorded months");

    rules(
        "three.toml",
        3,
        "id = \"account-attacked\"\nkind = \"failed-sign-ins\"\nenabled = true",
        "id = \"account-attacked\"\nkind = \"failed-sign-ins\"\nenabled = false",
    );
    let (went, table, progress) = typed.with(
        "server.toml",
        &["rule", "try", "three.toml", "--simulated", "--users", "60", "--days", "28", "--seed", "2"],
    );
    assert!(went, "{progress}");
    assert!(table.contains("version 3 against 2: ~ account-attacked"), "{table}");
    assert!(table.contains("No longer found: password-guesser"), "what somebody would be blind to: {table}");
    assert!(progress.contains("day 7 of 28\nday 14 of 28\nday 21 of 28\n"), "{progress}");
    rules("other.toml", 3, "most = 8", "most = 9");
    typed.refused(&["rule", "use", "other.toml"], "rule try");
    assert_eq!(typed.well(&["rule", "use", "three.toml"]), "version 3 decides\n", "on invented ones");
    assert_eq!(typed.well(&["rule", "use", "two.toml"]), "version 2 decides\n", "what decided before may at once");
    typed.refused(&["rule", "try", "two.toml", "--users", "60"], "--simulated");
    std::fs::write(typed.at("none.toml"), "version = \n").unwrap();
    typed.refused(&["rule", "try", "none.toml", "--simulated"], "holds no rules");
}
