//! The configuration: what is wrong is named with its place, and what to write instead.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;

use vigil_server::config::{Config, KEYS};

const KEY: &str = "other.example/witness+dd4cfd56+BD8LvJuP7+QgyUqiIUeoc/FcoKlPVtF5jn8tCe8BNYFo";

fn refused(text: &str) -> String {
    match Config::parse(text, Path::new("/etc/vigil/vigil-server.toml")) {
        Ok(_) => panic!("it is accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

fn with(variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vigil-server.toml");
    std::fs::write(&file, "[server]\nname = \"vigil.example\"\n").unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(Some(&file), variables).map_err(|error| error.to_string())
}

#[test]
fn every_kind_of_mistake_is_named_with_its_line() {
    let cases = [
        ("[server]\nname = \"vigil\n", 2, "string"),
        ("[server]\nname = \"a\"\nname = \"b\"\n", 3, "duplicate key"),
        ("[servre]\n", 1, "servre is no key; did you mean server?"),
        ("\n[limits]\nconnectoins = 100\n", 3, "connectoins is no key; did you mean connections?"),
        ("[server]\ndata = 7\n", 2, "expected"),
        ("[limits]\nconnections = \"many\"\n", 2, "expected"),
        ("[limits]\n\nconnections = 5\n", 3, "5 is not allowed here: a number from 16 to 100000"),
        ("[retention]\nyears = 9\n", 2, "9 is not allowed here: a number from 10 to 100"),
        ("[server]\ndata = \"here\"\n", 2, "no whole path"),
        ("[server]\nname = \"two words\"\n", 2, "no name"),
        ("[server]\nnames = [\"ok\", \"not ok\"]\n", 2, "no host name"),
        ("[server]\nurl = \"http://vigil.example\"\n", 2, "no origin"),
        ("[database]\nurl = \"mysql://root:secret@host/x\"\n", 2, "this is no database"),
        ("[listen]\npublic = \"8444\"\n", 2, "no address with a port"),
        ("[listen]\npublic = \"[::]:8444\"\noperation = \"0.0.0.0:9464\"\n", 3, "operation_beyond_loopback"),
        ("[tls]\n\nkey = \"/a\"\n", 3, "belong together"),
        ("[custody]\nkind = \"cloud\"\n", 2, "unknown variant"),
        ("[custody]\nkind = \"pkcs11\"\n", 2, "needs custody.module and custody.token"),
        ("[custody]\nmodule = \"/m\"\ntoken = \"t\"\nkind = \"pkcs11\"\n", 4, "needs custody.pin_file"),
        ("[witness]\nurl = \"https://witness.example\"\n", 2, "no address such as"),
        ("[witness]\nurl = \"https://user@witness.example/add-checkpoint\"\n", 2, "no address such as"),
        ("[witness]\nkey = \"nonsense\"\n", 2, "no key of a witness"),
        ("[witness]\nservers = [\"nonsense\"]\n", 2, "no key of a witness"),
        ("[witness]\nanchor = \"/a\"\nurl = \"https://w.example/add-checkpoint\"\n", 2, "belong together"),
        ("[log]\nform = \"xml\"\n", 2, "unknown variant"),
    ];
    for (text, line, words) in cases {
        let error = refused(text);
        let place = format!("/etc/vigil/vigil-server.toml, line {line}, column ");
        assert!(error.starts_with(&place) && error.contains(words), "{text}\n{error}");
        assert!(!error.contains("secret"), "a password is not repeated: {error}");
    }
}

#[test]
fn a_mistake_in_the_environment_is_named_with_its_variable() {
    for (variable, value, words) in [
        ("VIGIL_SERVER_LISTEN_PUBLIK", "x", "did you mean VIGIL_SERVER_LISTEN_PUBLIC?"),
        ("VIGIL_SERVER_LISTEN_PUBLIC", "x", "no address with a port"),
        ("VIGIL_SERVER_LISTEN_OPERATION", "0.0.0.0:1", "operation_beyond_loopback"),
        ("VIGIL_SERVER_RETENTION_YEARS", "9", "from 10 to 100"),
        ("VIGIL_SERVER_RETENTION_YEARS", "10\nyears = 1", "expected"),
        ("VIGIL_SERVER_TLS_ANCHOR", "/a", "belong together"),
    ] {
        let error = with(&[(variable, value)]).unwrap_err();
        assert!(error.starts_with(&format!("the variable {variable}: ")) && error.contains(words), "{error}");
    }
}

#[test]
fn the_environment_wins_over_the_file_and_what_neither_says_has_a_default() {
    let config = with(&[("VIGIL_SERVER_SERVER_NAMES", "a.example, b.example"), ("PATH", "/bin")]).unwrap();
    assert_eq!((config.name.as_str(), config.names.join(" ").as_str()), ("vigil.example", "a.example b.example"));
    assert_eq!((config.retention_years, config.listen.public.port()), (10, 8444));
    assert_eq!(config.archive, Path::new("/var/lib/vigil-server/archive"));
    assert_eq!(with(&[("VIGIL_SERVER_SERVER_NAME", "other")]).unwrap().name, "other");
}

#[test]
fn a_file_that_is_named_and_is_not_there_is_said_and_the_default_one_may_be_missing() {
    let error = Config::load(Some(Path::new("/no/such/file")), []).unwrap_err().to_string();
    assert!(error.starts_with("/no/such/file: "), "{error}");
}

#[test]
fn every_key_is_in_the_sample_and_the_sample_can_be_used_as_it_is_and_with_everything_in_it() {
    let sample = include_str!("../../../../deploy/server/vigil-server.toml");
    Config::parse(sample, Path::new("sample")).unwrap();
    // What is commented out stands as `#key = value`; words stand after `# `.
    let everything: String = sample
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned() + "\n")
        .collect();
    let config = Config::parse(&everything, Path::new("sample")).unwrap_or_else(|error| panic!("{error}"));
    assert!(config.tls.is_some() && config.witness.is_some() && config.witnessed == [KEY]);
    for (section, key, _) in KEYS {
        let of_section = everything.split_once(&format!("[{section}]")).unwrap_or_else(|| panic!("no [{section}]")).1;
        let of_section = of_section.split("\n[").next().unwrap();
        assert!(of_section.lines().any(|line| line.starts_with(&format!("{key} ="))), "{section}.{key} is missing");
    }
}
