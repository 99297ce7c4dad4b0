//! What a channel says of its settings, and which notices it serves.

use vigil_notification::{Channel, ChannelError, Notice, NoticeEvent, Severity};

use crate::support::authority::Authority;
use crate::support::{channel, notice};

fn wrong(text: &str) -> ChannelError {
    Channel::new(toml::from_str(text).unwrap()).unwrap_err()
}

#[test]
fn a_key_that_is_wrong_is_named_with_what_to_do() {
    let authority = Authority::new();
    let anchor = authority.anchor();
    let secret = authority.secret("secret", "hunter2");
    let head = format!("name = 'night-sms'\nlevels = [0]\nanchor = '{}'\n", anchor.display());
    let twilio = format!("kind = 'sms-twilio'\n{head}account_sid = 'AC1'\ntoken_file = '{}'\n", secret.display());
    let mail = format!("kind = 'smtp'\n{head}host = 'h.example'\nfrom = 'a@h.example'\n");
    let syslog = format!("kind = 'syslog-cef'\n{head}host = 'h.example'\n");
    let http = format!("kind = 'sms-http'\n{head}url = 'https://h.example/s'\nto = ['+41441234567']\n");
    let body = "body = '{\"a\":\"{to} {text}\"}'\n";
    for (text, key, what) in [
        (format!("{twilio}to = ['+41441234567']"), "from", "either from or messaging_service_sid"),
        (format!("{twilio}from = '+41441234560'\nto = []"), "to", "1 to 20 addresses"),
        (format!("{twilio}from = '+41441234560'\nto = ['+41441234567', '+41441234567']"), "to", "stands there twice"),
        (format!("{mail}to = ['b@h.example']\nusername = 'u'"), "password_file", "needs the file with its password"),
        (format!("{mail}to = ['b@h.example']\npassword_file = '/x'"), "username", "needs the name"),
        (format!("{syslog}certificate = '{}'", anchor.display()), "key_file", "needs its private key"),
        (format!("{syslog}key_file = '{}'", anchor.display()), "certificate", "needs its certificate"),
        (format!("{http}body = '{{}}'"), "body", "stands in none of its strings"),
        (format!("{http}{body}token_header = 'x-key'"), "token_file", "is not named"),
        (format!("{http}{body}headers = {{ host = 'x' }}"), "headers", "host is set by the program"),
        (format!("{http}{body}receipt = 'id'"), "receipt", "no JSON pointer"),
        (format!("{http}{body}token_file = '/nowhere/token'"), "token_file", "/nowhere/token: "),
        (syslog.replace("anchor.pem", "none.pem"), "anchor", "none.pem: "),
        (syslog.replace("anchor.pem", "secret"), "anchor", "no certificate in PEM form"),
    ] {
        let error = wrong(&text);
        assert_eq!((error.channel.as_str(), error.key), ("night-sms", key), "{error}\n{text}");
        assert!(error.what.contains(what), "{error}");
        assert!(error.to_string().starts_with(&format!("channel night-sms: {key}: ")), "{error}");
    }
}

#[test]
fn a_channel_without_an_anchor_trusts_what_the_system_does() {
    let made =
        Channel::new(toml::from_str("kind = 'syslog-cef'\nname = 's'\nlevels = [0]\nhost = 'h.example'").unwrap());
    // A machine may have none: then the error says what to do.
    assert!(made.is_ok() || made.is_err_and(|error| error.what.contains("ca-certificates")), "either way");
}

#[test]
fn a_channel_serves_its_levels_and_hears_the_end_of_what_it_was_told() {
    let authority = Authority::new();
    let of = |levels: &str, minimum: &str| {
        channel(&format!(
            "kind = 'syslog-cef'\nname = 's'\nlevels = {levels}\nminimum_severity = '{minimum}'\nhost = 'h.example'\nanchor = '{}'",
            authority.anchor().display()
        ))
    };
    let told =
        |channel: &Channel, event, level, severity| channel.serves(&Notice { event, level, severity, ..notice(1) });
    let (first, second) = (of("[0]", "low"), of("[1]", "high"));
    let (raised, escalated) = (NoticeEvent::Raised, NoticeEvent::Escalated);
    assert!(told(&first, raised, 0, Severity::Low), "whenever one is raised");
    assert!(!told(&first, escalated, 1, Severity::High), "the next level is for others");
    assert!(!told(&second, raised, 0, Severity::Critical), "they are not told before");
    assert!(told(&second, escalated, 1, Severity::High), "but then");
    assert!(!told(&second, escalated, 1, Severity::Medium), "and not of lesser ones");
    for event in [NoticeEvent::Acknowledged, NoticeEvent::Closed] {
        assert!(told(&first, event, 1, Severity::High), "{event:?}: the first level was told of it");
        assert!(told(&second, event, 1, Severity::High), "{event:?}: so was the second");
        assert!(!told(&second, event, 0, Severity::High), "{event:?}: nobody had told the second");
        assert!(!told(&second, event, 1, Severity::Medium), "{event:?}: nor of lesser ones");
    }
}
