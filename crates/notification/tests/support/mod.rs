//! What the tests stand on, those of the server too: certificates, notices, receivers, and an outbox that tries again.

pub(crate) mod authority;
pub(crate) mod gateway;
pub(crate) mod mail;
pub(crate) mod pagerduty;
pub(crate) mod process;
pub(crate) mod rsyslog;
pub(crate) mod sms_gateway;
pub(crate) mod twilio;
pub(crate) mod webhook;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use uuid::Uuid;
use vigil_notification::{Channel, ChannelSettings, Delivered, Notice, NoticeEvent, Severity, SubjectKind};

/// The id of a patient, put where none may be told.
pub(crate) const PLANTED: Uuid = Uuid::from_u128(0x0199_dead_beef_7bad_8bad_c0ff_ee00_0001);

/// When the tests happen. Certificates are judged by it, and not by the clock of the machine.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-30T03:00:00Z".parse().unwrap()
}

/// A notice about a patient, whose id somebody has put into it.
pub(crate) fn notice(number: u64) -> Notice {
    Notice {
        id: Uuid::from_u128(0x0193_7b1c_0000_7000_8000_0000_0000_0000 + u128::from(number)),
        incident: 1_000 + number,
        event: NoticeEvent::Raised,
        severity: Severity::High,
        rule: "unusual-volume".parse().unwrap(),
        opened: "2026-11-30T02:40:09Z".parse().unwrap(),
        at: "2026-11-30T02:45:10Z".parse().unwrap(),
        level: 0,
        hospital: "st-anna".parse().unwrap(),
        server: "vigil.hospital.example".parse().unwrap(),
        suspended: false,
        subject_kind: SubjectKind::Patient,
        subject: Some(PLANTED),
    }
}

/// Every form that a notice can have, one of each.
pub(crate) fn all_forms() -> Vec<Notice> {
    let mut all = Vec::new();
    let events = [NoticeEvent::Raised, NoticeEvent::Escalated, NoticeEvent::Acknowledged, NoticeEvent::Closed];
    let kinds = [SubjectKind::User, SubjectKind::Device, SubjectKind::Log, SubjectKind::Patient];
    for event in events {
        for severity in Severity::ALL {
            for subject_kind in kinds {
                let told = matches!(subject_kind, SubjectKind::User | SubjectKind::Device);
                let subject = Some(if told { Uuid::from_u128(7) } else { PLANTED });
                let number = u64::try_from(all.len()).unwrap();
                let level = u8::from(event == NoticeEvent::Escalated);
                let suspended = number.is_multiple_of(2);
                all.push(Notice { event, severity, subject_kind, subject, level, suspended, ..notice(number) });
            }
        }
    }
    all
}

/// A channel of settings as they are written.
pub(crate) fn channel(text: &str) -> Channel {
    let settings = toml::from_str::<ChannelSettings>(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Channel::new(settings).unwrap()
}

/// A file of this crate's tests.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../notification/tests").join(name)
}

/// Delivers each notice in its turn and tries again until it is delivered, as the server does, but without its patience. How many
/// attempts it took.
pub(crate) async fn drain(channel: &Channel, notices: &[Notice]) -> usize {
    let began = Instant::now();
    let mut attempts = 0;
    for notice in notices {
        loop {
            attempts += 1;
            match channel.deliver(notice, now()).await {
                Ok(Delivered { .. }) => break,
                Err(error) => assert!(error.transient, "a receiver that is away comes back: {error}"),
            }
            assert!(began.elapsed() < Duration::from_secs(180), "it never ends");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
    attempts
}

/// Holds what a receiver has against what was sent: nothing is missing, nothing was invented, and of what is there more than once the id
/// says so. How many repeats there were.
pub(crate) fn count(sent: &[Notice], received: &[String], key: impl Fn(&Notice) -> String) -> usize {
    let wanted = sent.iter().map(key).collect::<HashSet<_>>();
    let found = received.iter().cloned().collect::<HashSet<_>>();
    assert_eq!(wanted.len(), sent.len(), "every notice has an id of its own");
    let missing = wanted.difference(&found).collect::<Vec<_>>();
    assert!(missing.is_empty(), "{} of {} are lost: {missing:?}", missing.len(), sent.len());
    let invented = found.difference(&wanted).collect::<Vec<_>>();
    assert!(invented.is_empty(), "nobody sent {invented:?}");
    received.len() - found.len()
}

/// No message says which patient it is about.
pub(crate) fn assert_no_phi(message: &str) {
    let planted = [PLANTED.to_string(), PLANTED.simple().to_string(), "Patient/".to_owned(), "MRN".to_owned()];
    assert_without(message, &planted.iter().map(String::as_str).collect::<Vec<_>>());
}

/// None of these stands in a message: neither plainly, nor in the base64 that some formats wrap words in.
pub(crate) fn assert_without(message: &str, traces: &[&str]) {
    let mut texts = vec![message.to_owned()];
    for word in message.split(|found: char| !(found.is_ascii_alphanumeric() || "+/=".contains(found))) {
        let decoded = STANDARD.decode(word).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        texts.extend(decoded);
    }
    for text in texts {
        for trace in traces {
            assert!(!text.to_ascii_lowercase().contains(&trace.to_ascii_lowercase()), "{trace} stands in {message}");
        }
    }
}
