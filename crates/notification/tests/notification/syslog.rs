//! Syslog over TLS, with rsyslog as the receiver; the audit message is held against DICOM's schema by xmllint.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;
use vigil_notification::{Channel, Notice, SubjectKind};

use crate::support::authority::{Authority, Shown};
use crate::support::process::{PYTHON, Process, free_port};
use crate::support::rsyslog::{Rsyslog, cef, details, texts};
use crate::support::{all_forms, assert_no_phi, channel, count, drain, file, notice, now};

#[tokio::test]
async fn rsyslog_takes_the_header_apart_as_rfc_5424_has_it() {
    let authority = Authority::new();
    let receiver = Rsyslog::start(&authority, &authority.receiver(Shown::Right), "anon");
    for (kind, id, severity, pri) in
        [("syslog-cef", "CEF", "err", "83"), ("syslog-dicom", "DICOM+RFC3881", "warning", "84")]
    {
        channel(&receiver.channel(kind, &authority, None)).deliver(&notice(1), now()).await.unwrap();
        let received = receiver.received();
        let message = received.last().unwrap();
        let found = |key: &str| message[key].as_str().unwrap();
        assert_eq!(found("pri"), pri, "{message}");
        assert_eq!((found("facility"), found("severity")), ("authpriv", severity), "{message}");
        assert_eq!(found("version"), "1", "{message}");
        assert_eq!(found("time"), "2026-11-30T02:45:10.000Z", "{message}");
        assert_eq!(found("host"), "vigil.hospital.example", "{message}");
        assert_eq!(
            (found("program"), found("process"), found("id"), found("data")),
            ("vigil-server", "-", id, "-"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_siem_gets_every_form_and_none_says_which_patient() {
    let authority = Authority::new();
    let receiver = Rsyslog::start(&authority, &authority.receiver(Shown::Right), "anon");
    let all = all_forms();
    at_once(&channel(&receiver.channel("syslog-cef", &authority, None)), &all).await;
    let texts = texts(&receiver);
    assert_eq!(texts.len(), all.len(), "every form");
    for text in &texts {
        assert!(text.starts_with("CEF:0|Vigil|vigil-server|"), "{text}");
        assert_no_phi(text);
    }
    let user = Notice { subject_kind: SubjectKind::User, subject: Some(Uuid::from_u128(7)), ..notice(900) };
    channel(&receiver.channel("syslog-cef", &authority, None)).deliver(&user, now()).await.unwrap();
    let text = self::texts(&receiver).pop().unwrap();
    assert_eq!(cef(&text, "suid"), Uuid::from_u128(7).to_string(), "a user is told by the opaque id: {text}");
}

/// Each waits for the end of its connection: one after the other they would take a minute.
async fn at_once(channel: &Channel, notices: &[Notice]) {
    let all = notices.iter().map(|notice| channel.deliver(notice, now()));
    for delivered in futures_util::future::join_all(all).await {
        delivered.unwrap();
    }
}

#[tokio::test]
async fn every_audit_message_is_one_by_the_schema_of_dicom() {
    let authority = Authority::new();
    let receiver = Rsyslog::start(&authority, &authority.receiver(Shown::Right), "anon");
    let all = all_forms();
    at_once(&channel(&receiver.channel("syslog-dicom", &authority, None)), &all).await;
    let texts = texts(&receiver);
    assert_eq!(texts.len(), all.len(), "every form");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("xmllint");
    command.arg("--noout").arg("--nonet").arg("--relaxng").arg(file("fixtures/dicom-audit-message.rng"));
    for (number, text) in texts.iter().enumerate() {
        assert_no_phi(text);
        let path = folder.path().join(format!("{number}.xml"));
        std::fs::write(&path, text).unwrap();
        command.arg(path);
    }
    let output = command.output().expect("xmllint is there: `cargo xtask setup` installs what tests need");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", texts[0]);
    assert_eq!(said.matches(" validates").count(), texts.len(), "{said}");
    let raised = texts.iter().find(|text| details(text)["Event"] == "raised").unwrap();
    assert!(
        raised.contains(r#"<EventID csd-code="110113" codeSystemName="DCM" originalText="Security Alert"/>"#),
        "{raised}"
    );
    assert!(details(raised)["Alert Description"].starts_with("Vigil: "), "A.5.3.11 asks for it: {raised}");
}

/// The schema is no sieve: what it must refuse, it does.
#[test]
fn the_schema_refuses_what_is_no_audit_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.xml");
    std::fs::write(&path, "<AuditMessage><EventIdentification EventActionCode='E'/></AuditMessage>").unwrap();
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--relaxng"])
        .arg(file("fixtures/dicom-audit-message.rng"))
        .arg(path)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// SIGKILL, in the middle of whatever it does: what is said to be delivered is there.
#[tokio::test]
async fn a_receiver_that_is_killed_again_and_again_loses_nothing() {
    for kind in ["syslog-cef", "syslog-dicom"] {
        let authority = Authority::new();
        let receiver = Rsyslog::start(&authority, &authority.receiver(Shown::Right), "anon");
        let channel = channel(&receiver.channel(kind, &authority, None));
        let sent = (1..=24).map(notice).collect::<Vec<_>>();
        let kills = async {
            for round in 0_u64..5 {
                tokio::time::sleep(Duration::from_millis(310 + round * 170)).await;
                receiver.kill();
                tokio::time::sleep(Duration::from_millis(150)).await;
                std::thread::scope(|scope| scope.spawn(|| receiver.run()).join().unwrap());
            }
        };
        // Several at a time, as the server does with several alarms.
        let parts = sent.chunks(6).map(|part| drain(&channel, part));
        let (attempts, ()) = tokio::join!(futures_util::future::join_all(parts), kills);
        let attempts = attempts.into_iter().sum::<usize>();
        assert!(attempts > sent.len(), "it was away: {attempts} attempts");
        let id = |text: &String| match kind {
            "syslog-cef" => cef(text, "externalId").to_owned(),
            _ => details(text)["Notice"].clone(),
        };
        let received = texts(&receiver).iter().map(id).collect::<Vec<_>>();
        let repeats = count(&sent, &received, |notice| notice.id.to_string());
        let mut same: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (id, message) in received.into_iter().zip(receiver.received()) {
            same.entry(id).or_default().push(message["raw"].clone());
        }
        let alike = same.values().all(|all| all.windows(2).all(|pair| pair[0] == pair[1]));
        assert!(alike, "a repeat is the same, byte for byte");
        println!("{kind}: {} messages in {attempts} attempts, {repeats} of them twice", sent.len());
    }
}

/// A receiver that wants a certificate says so after the handshake of TLS 1.3, when the message is already on its way, or ends the
/// connection without a word: neither may pass for a delivery.
#[tokio::test]
async fn a_receiver_that_turns_us_away_has_nothing() {
    let authority = Authority::new();
    let receiver = Rsyslog::start(&authority, &authority.receiver(Shown::Right), "x509/certvalid");
    let stranger = channel(&receiver.channel("syslog-cef", &authority, None));
    for attempt in 1..=5 {
        let error = stranger.deliver(&notice(attempt), now()).await.unwrap_err();
        assert!(error.transient, "IT has to give us a certificate, and the message waits: {error}");
    }
    assert!(receiver.received().is_empty(), "and nothing arrived");
    let known = channel(&receiver.channel("syslog-cef", &authority, Some(&authority.caller())));
    known.deliver(&notice(1), now()).await.unwrap();
    assert_eq!(receiver.received().len(), 1, "with a certificate it does");
}

/// The end of the connection comes before the message could be read: what its system sends back for it says so.
#[tokio::test]
async fn a_receiver_that_leaves_before_it_has_read_has_nothing() {
    let authority = Authority::new();
    let (files, port) = (authority.receiver(Shown::Right), free_port());
    let mut command = Command::new(PYTHON);
    command.arg(file("receivers/leaves_early.py")).arg(files.certificate).arg(files.key).arg(port.to_string());
    let _receiver = Process::until_ready(&command);
    let text = format!(
        "kind = 'syslog-cef'\nname = 'siem'\nlevels = [0]\nhost = '127.0.0.1'\nport = {port}\nanchor = '{}'",
        authority.anchor().display()
    );
    let channel = channel(&text);
    for attempt in 1..=5 {
        let error = channel.deliver(&notice(attempt), now()).await.unwrap_err();
        assert!(error.transient, "attempt {attempt}: {error}");
    }
}

/// One that hangs (SIGSTOP would do it) takes what is written into its system's buffers, and never ends the connection.
#[tokio::test]
async fn a_receiver_that_never_ends_the_connection_confirms_nothing() {
    let authority = Authority::new();
    let files = authority.receiver(Shown::Right);
    let port = free_port();
    // It reads its input while nobody writes to it, and keeps the connection.
    let mut command = Command::new(PYTHON);
    let program = "import socket, ssl, sys, time\n\
                   context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\n\
                   context.load_cert_chain(sys.argv[1], sys.argv[2])\n\
                   listener = socket.create_server(('127.0.0.1', int(sys.argv[3])))\n\
                   print('ready', flush=True)\n\
                   kept = [context.wrap_socket(listener.accept()[0], server_side=True)]\n\
                   time.sleep(600)";
    command.args(["-c", program]).arg(&files.certificate).arg(&files.key).arg(port.to_string());
    let _receiver = Process::until_ready(&command);
    let text = format!(
        "kind = 'syslog-cef'\nname = 'siem'\nlevels = [0]\nhost = '127.0.0.1'\nport = {port}\nanchor = '{}'",
        authority.anchor().display()
    );
    let error = channel(&text).deliver(&notice(1), now()).await.unwrap_err();
    assert!(error.transient && error.what.ends_with("did not end the connection within 10 seconds"), "{error}");
}
