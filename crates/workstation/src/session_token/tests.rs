use chrono::TimeDelta;
use serde_json::{Value, json};
use vigil_model::{Role, UserId};

use super::*;

const DEVICE: &str = "01900000-0000-7000-8000-00000000000d";
const BOOT: &str = "01900000-0000-7000-8000-000000000b00";
const SESSION: &str = "01900000-0000-7000-8000-000000000002";

fn place() -> Place {
    Place { device: DeviceId::parse(DEVICE).unwrap(), boot: BootId::parse(BOOT) }
}

fn session() -> SessionId {
    SessionId::parse(SESSION).unwrap()
}

fn at(seconds: i64) -> Moment {
    let start: chrono::DateTime<chrono::Utc> = "2026-11-21T10:42:00Z".parse().unwrap();
    Moment {
        utc: start + TimeDelta::seconds(seconds),
        since_boot: Duration::from_secs(u64::try_from(1000 + seconds).unwrap()),
    }
}

fn claims() -> Claims {
    let user = UserId::parse("01900000-0000-7000-8000-000000000001").unwrap();
    Claims::at(at(0), (user, Role::Nurse, session()), place(), "user/Patient.rs patient/*.rs".to_owned(), 1)
}

/// Signs whatever it is given, as somebody would who has the key.
fn signed(key: &TokenKey, payload: &str, footer: Option<&[u8]>, assertion: &str) -> Sensitive<String> {
    Sensitive::new(PublicToken::sign(&key.secret, payload.as_bytes(), footer, Some(assertion.as_bytes())).unwrap())
}

fn refusal(key: &TokenKey, text: Sensitive<String>) -> Refusal {
    key.admit(text, place(), at(1)).unwrap_err()
}

/// With one claim changed, or taken away.
fn with(name: &str, value: Option<Value>) -> String {
    let mut read: serde_json::Map<String, Value> = serde_json::from_str(&claims().canonical().unwrap()).unwrap();
    match value {
        Some(value) => drop(read.insert(name.to_owned(), value)),
        None => drop(read.remove(name)),
    }
    serde_json::to_string(&read).unwrap()
}

#[test]
fn a_token_says_what_was_signed_for_15_minutes() {
    let key = TokenKey::make().unwrap();
    let token = key.issue(&claims(), place(), at(0)).unwrap();
    assert!(token.text().starts_with("v4.public."), "in the form that others know");
    assert_eq!(format!("{token:?}"), "SessionToken([sensitive])", "and no log has it");
    assert_eq!(token.claims(session(), place(), at(899)), Ok(&claims()), "14:59");
    assert_eq!(token.claims(session(), place(), at(900)), Err(Refusal::Expired), "15:00");
    assert!(!token.is_renewable(at(59)) && token.is_renewable(at(60)), "activity renews it after a minute");
    let other = SessionId::parse("01900000-0000-7000-8000-000000000003").unwrap();
    assert_eq!(token.claims(other, place(), at(1)), Err(Refusal::Session), "in its own session alone");
}

#[test]
fn both_clocks_have_to_agree() {
    let key = TokenKey::make().unwrap();
    let token = key.issue(&claims(), place(), at(0)).unwrap();
    let moved = |wall: i64, boot: u64| {
        let since_boot = Duration::from_secs(1000 + boot);
        Moment { utc: at(0).utc + TimeDelta::seconds(wall), since_boot }
    };
    let ask = |now| token.claims(session(), place(), now).map(drop);
    assert_eq!(ask(moved(160, 100)), Ok(()), "a minute apart, as a time server may set it");
    assert_eq!(ask(moved(161, 100)), Err(Refusal::Clock), "set forward");
    assert_eq!(ask(moved(40, 100)), Ok(()), "a minute the other way");
    assert_eq!(ask(moved(39, 100)), Err(Refusal::Clock), "set back");
    assert_eq!(ask(moved(-86_400, 100)), Err(Refusal::Clock), "by a day");
    assert_eq!(ask(moved(365 * 86_400, 100)), Err(Refusal::Clock), "forward by a year");
    let earlier = Moment { utc: at(0).utc, since_boot: Duration::from_secs(999) };
    assert_eq!(ask(earlier), Err(Refusal::NotYet), "time since boot never runs back");
}

#[test]
fn each_thing_that_is_wrong_has_its_own_reason() {
    let key = TokenKey::make().unwrap();
    let assertion = place().assertion();
    let sign = |payload: &str| signed(&key, payload, None, &assertion);
    let right = claims().canonical().unwrap();
    assert!(key.admit(sign(&right), place(), at(1)).is_ok(), "made by hand, it is one");

    for name in ["exp", "nbf", "iat", "since_boot_ms", "epoch"] {
        assert_eq!(
            refusal(&key, sign(&with(name, Some(json!(1_795_000_000))))),
            Refusal::Claim(name),
            "{name} as a number"
        );
        assert_eq!(refusal(&key, sign(&with(name, Some(json!("soon"))))), Refusal::Claim(name), "{name} in words");
    }
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role", "scope", "boot", "since_boot_ms", "epoch"] {
        assert_eq!(refusal(&key, sign(&with(name, None))), Refusal::Missing(name), "no {name}");
        assert_eq!(refusal(&key, sign(&with(name, Some(Value::Null)))), Refusal::Claim(name), "an empty {name}");
    }
    assert_eq!(refusal(&key, sign(&with("admin", Some(json!("true"))))), Refusal::Unknown, "one claim more");
    assert_eq!(refusal(&key, sign(&with("role", Some(json!("surgeon"))))), Refusal::Claim("role"), "no role");
    assert_eq!(refusal(&key, sign(&with("iss", Some(json!("else"))))), Refusal::Claim("iss"), "of somebody else");
    assert_eq!(
        refusal(&key, sign(&with("exp", Some(json!("2027-11-21T10:57:00.000Z"))))),
        Refusal::Claim("exp"),
        "a year"
    );
    let elsewhere = "01900000-0000-7000-8000-0000000000ff";
    assert_eq!(refusal(&key, sign(&with("aud", Some(json!(elsewhere))))), Refusal::Device, "another device");
    assert_eq!(refusal(&key, sign(&with("boot", Some(json!(elsewhere))))), Refusal::Boot, "another boot");
    assert_eq!(refusal(&key, sign(&right.replacen(':', ": ", 1))), Refusal::Json, "another spelling");
    let twice = right.replacen("\"role\":\"nurse\"", "\"role\":\"administrator\",\"role\":\"nurse\"", 1);
    assert_eq!(refusal(&key, sign(&twice)), Refusal::Json, "a claim that is said twice");
    assert_eq!(refusal(&key, sign("[]")), Refusal::Json, "no object");

    assert_eq!(refusal(&key, signed(&key, &right, Some(b"kid"), &assertion)), Refusal::Footer, "a footer");
    assert_eq!(
        refusal(&key, signed(&key, &right, None, &format!("{elsewhere}|{BOOT}"))),
        Refusal::Signature,
        "replayed from another device"
    );
    assert_eq!(
        refusal(&key, signed(&TokenKey::make().unwrap(), &right, None, &assertion)),
        Refusal::Signature,
        "another key"
    );
    let text = sign(&right);
    for header in ["v2.public.", "v3.public.", "v4.local.", "v4.publik.", "none.", ""] {
        let text = format!("{header}{}", text.expose().trim_start_matches("v4.public."));
        assert_eq!(refusal(&key, Sensitive::new(text)), Refusal::Header, "{header:?}");
    }
    let changed = text.expose().replacen("eyJ", "eyK", 1);
    assert_eq!(refusal(&key, Sensitive::new(changed)), Refusal::Signature, "one letter");
    for form in ["v4.public.", "v4.public", "v4.public.!!!!", "v4.public.AAAA"] {
        assert_eq!(refusal(&key, Sensitive::new(form.to_owned())), Refusal::Form, "{form:?}");
    }
}

/// Made by another implementation; the file says by which and how.
#[test]
fn another_implementation_writes_the_same_bytes() {
    let frozen: Value = serde_json::from_str(include_str!("frozen.json")).unwrap();
    let bytes = |name: &str| hex(frozen[name].as_str().unwrap());
    let key = TokenKey {
        secret: AsymmetricSecretKey::from(&[bytes("seed"), bytes("public")].concat()).unwrap(),
        public: AsymmetricPublicKey::from(&bytes("public")).unwrap(),
    };
    assert_eq!(claims().canonical().unwrap(), frozen["payload"].as_str().unwrap(), "the claims");
    assert_eq!(place().assertion(), frozen["implicit_assertion"].as_str().unwrap(), "what is signed beside them");
    let issued = key.issue(&claims(), place(), at(0)).unwrap();
    assert_eq!(issued.text(), frozen["token"].as_str().unwrap(), "the token");
    let read = key.admit(Sensitive::new(frozen["token"].as_str().unwrap().to_owned()), place(), at(1)).unwrap();
    assert_eq!(read.claims, claims(), "and reads it back");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
