//! What is shipped beside the program speaks of the program as it is.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;

const RULES: &str = include_str!("../../../deploy/server/vigil-server.rules.yaml");
const UNIT: &str = include_str!("../../../deploy/server/vigil-server.service");
const GUIDE: &str = include_str!("../../../docs/deployment/server.md");

/// The metrics that the program counts: what stands in `counter!`, `gauge!` and `histogram!`.
fn metrics(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            metrics(&entry.path(), into);
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for macro_name in ["counter!(\"", "gauge!(\"", "histogram!(\""] {
            into.extend(text.split(macro_name).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
    }
}

fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("vigil_")).collect()
}

#[test]
fn every_metric_that_an_alert_or_the_guide_names_is_counted() {
    let mut counted = BTreeSet::new();
    metrics(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut counted);
    assert!(counted.len() > 15, "{counted:?}");
    assert!(named(RULES).len() > 10);
    for name in named(RULES).into_iter().chain(named(GUIDE)) {
        let of_histogram = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| name.strip_suffix(suffix));
        assert!(counted.contains(name) || of_histogram.is_some_and(|name| counted.contains(name)), "{name}");
    }
}

#[test]
fn every_command_that_the_unit_and_the_guide_name_is_there() {
    let commands = [UNIT, GUIDE, RULES].into_iter().flat_map(|text| text.split("vigil-server ").skip(1));
    let words = |rest: &str| {
        let words = rest.split(|letter: char| !(letter.is_ascii_lowercase() || letter == '-'));
        words.take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut tried = BTreeSet::new();
    for words in commands.map(words) {
        tried.insert(words);
    }
    let known = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vigil-server"));
        command.args(arguments).arg("--help").output().unwrap().status.success()
    };
    assert!(!known(&["no-such-command"]), "what is not there is told from what is");
    let commands = ["backup", "config", "device", "serve", "client", "key", "audit", "restore", "migrate", "witness"];
    for words in tried.iter().filter(|words| commands.contains(&words[0].as_str())) {
        let of_two = ["config", "device", "client", "key", "audit", "witness"].contains(&words[0].as_str());
        let asked: Vec<&str> = words.iter().map(String::as_str).take(if of_two { 2 } else { 1 }).collect();
        assert!(known(&asked), "{asked:?}");
    }
    assert!(tried.iter().any(|words| words[0] == "backup"), "{tried:?}");
}

#[test]
fn the_sample_of_channels_can_be_used_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let sample = include_str!("../../../deploy/server/channels.toml");
    let text = sample.replace("/etc/vigil/", &format!("{}/", folder.path().display()));
    for secret in ["mail.password", "twilio.token", "sms.token"] {
        std::fs::write(folder.path().join(secret), "a secret of thirty-two characters\n").unwrap();
    }
    std::fs::write(folder.path().join("pagerduty.key"), "0123456789abcdef0123456789abcdef\n").unwrap();
    std::fs::write(folder.path().join("webhook.secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let file = folder.path().join("channels.toml");
    std::fs::write(&file, &text).unwrap();
    let channels = vigil_server::channels::Channels::read(&file, "vigil", "vigil.example").unwrap();
    assert_eq!(channels.names(), ["privacy-office", "on-call", "gateway", "pagerduty", "ticketing", "siem", "arr"]);
    std::fs::write(&file, text.replace("name = \"arr\"", "name = \"siem\"")).unwrap();
    let twice = vigil_server::channels::Channels::read(&file, "vigil", "vigil.example").err().unwrap();
    assert!(twice.to_string().contains("two channels are called siem"), "{twice}");
    std::fs::write(&file, text.replace("kind = \"smtp\"", "kind = \"pigeon\"")).unwrap();
    let unknown = vigil_server::channels::Channels::read(&file, "vigil", "vigil.example").err().unwrap();
    assert!(unknown.to_string().contains("pigeon"), "{unknown}");
}
