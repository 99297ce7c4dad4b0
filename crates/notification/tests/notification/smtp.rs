//! Mail, with aiosmtpd as the server.

use std::process::Command;
use std::time::Duration;

use serde_json::json;
use vigil_notification::Notice;

use crate::support::authority::{Authority, Shown};
use crate::support::mail::{MailServer, PASSWORD};
use crate::support::process::{Process, free_port};
use crate::support::{all_forms, assert_no_phi, channel, count, drain, notice, now};

const TO: &[&str] = &["privacy@hospital.example"];

fn message_id(notice: &Notice) -> String {
    format!("<{}@hospital.example>", notice.id)
}

#[tokio::test]
async fn a_mail_is_read_by_another_program_as_it_was_meant() {
    let authority = Authority::new();
    let (files, password) = (authority.receiver(Shown::Right), authority.secret("password", PASSWORD));
    for tls in ["implicit", "starttls"] {
        let server = MailServer::start(&files, tls, &json!({}));
        let to = &["privacy@hospital.example", "on-call@hospital.example"];
        let channel = channel(&server.channel(tls, &authority.anchor(), &password, to));
        let delivered = channel.deliver(&notice(1), now()).await.unwrap();
        assert!(delivered.receipt.is_some_and(|id| id.ends_with(".1")), "the id in its queue");
        let mails = server.mails();
        let mail = &mails[0];
        assert_eq!(mail["defects"], json!([]), "{mail}");
        assert_eq!(mail["envelope"]["tls"], true, "{tls}");
        assert_eq!(mail["envelope"]["user"], "vigil", "after a login");
        assert_eq!(mail["envelope"]["from"], "vigil@hospital.example", "the sender");
        assert_eq!(mail["envelope"]["to"], json!(to), "everybody, in one transaction");
        assert_eq!(mail["to"], json!(to), "as they stand in the head");
        assert_eq!(mail["headers"]["subject"], "Vigil: high alarm 1001 (unusual-volume)", "the subject");
        assert_eq!(mail["headers"]["message-id"], message_id(&notice(1)), "what repeats are known by");
        assert_eq!(mail["headers"]["auto-submitted"], "auto-generated", "RFC 3834");
        assert_eq!(mail["date"], json!(1_796_007_600.0), "the time that was passed in");
        assert_eq!(mail["type"], "text/plain", "plain text");
        let body = mail["body"].as_str().unwrap();
        let first = body.lines().next();
        assert_eq!(first, Some("Vigil: high alarm 1001 (unusual-volume). Open the privacy desk."), "{body}");
    }
}

#[tokio::test]
async fn no_mail_says_which_patient() {
    let authority = Authority::new();
    let server = MailServer::start(&authority.receiver(Shown::Right), "implicit", &json!({}));
    let password = authority.secret("password", PASSWORD);
    let channel = channel(&server.channel("implicit", &authority.anchor(), &password, TO));
    let all = all_forms();
    drain(&channel, &all).await;
    let mails = server.mails();
    assert_eq!(mails.len(), all.len(), "every form");
    mails.iter().for_each(|mail| assert_no_phi(mail["raw"].as_str().unwrap()));
}

#[tokio::test]
async fn a_server_that_is_killed_again_and_again_loses_nothing() {
    let authority = Authority::new();
    let server = MailServer::start(&authority.receiver(Shown::Right), "implicit", &json!({}));
    let password = authority.secret("password", PASSWORD);
    let channel = channel(&server.channel("implicit", &authority.anchor(), &password, TO));
    let sent = (1..=40).map(notice).collect::<Vec<_>>();
    let kills = async {
        for round in 0_u64..4 {
            tokio::time::sleep(Duration::from_millis(90 + round * 41)).await;
            server.kill();
            tokio::time::sleep(Duration::from_millis(120)).await;
            std::thread::scope(|scope| scope.spawn(|| server.restart()).join().unwrap());
        }
    };
    let (attempts, ()) = tokio::join!(drain(&channel, &sent), kills);
    assert!(attempts > sent.len(), "it was away: {attempts} attempts");
    let repeats = count(&sent, &server.ids(), message_id);
    println!("{} mails in {attempts} attempts, {repeats} of them twice", sent.len());
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_comes_twice_with_one_id() {
    let authority = Authority::new();
    let files = authority.receiver(Shown::Right);
    let password = authority.secret("password", PASSWORD);
    for (die, repeats) in [("before", 0), ("after", 1)] {
        let server = MailServer::start(&files, "implicit", &json!({ "die": die, "die_at": 2 }));
        let channel = channel(&server.channel("implicit", &authority.anchor(), &password, TO));
        let sent = (1..=3).map(notice).collect::<Vec<_>>();
        channel.deliver(&sent[0], now()).await.unwrap();
        let lost = channel.deliver(&sent[1], now()).await.unwrap_err();
        assert!(lost.transient, "nobody knows whether it arrived: {lost}");
        server.wait();
        server.restart();
        drain(&channel, &sent[1..]).await;
        assert_eq!(count(&sent, &server.ids(), message_id), repeats, "died {die}");
    }
}

#[tokio::test]
async fn whoever_has_a_mail_is_not_sent_it_again_for_the_sake_of_others() {
    let authority = Authority::new();
    let server = MailServer::start(&authority.receiver(Shown::Right), "starttls", &json!({}));
    let password = authority.secret("password", PASSWORD);
    let to = &["privacy@hospital.example", "busy@hospital.example", "unknown@hospital.example"];
    let channel = channel(&server.channel("starttls", &authority.anchor(), &password, to));
    let first = channel.deliver(&notice(1), now()).await.unwrap_err();
    assert!(first.transient, "one of them may be there later");
    assert_eq!(
        first.what,
        format!("localhost:{} answered 451 4.3.2 to RCPT TO (2 of 3 recipients)", server.port),
        "who said what, and of how many"
    );
    std::fs::write(server.store.path().join("free"), "").unwrap();
    let second = channel.deliver(&notice(1), now()).await.unwrap_err();
    assert!(!second.transient, "the other never will: {second}");
    assert!(second.what.ends_with("answered 550 5.1.1 to RCPT TO (1 of 3 recipients)"), "{second}");
    let third = channel.deliver(&notice(1), now()).await.unwrap_err();
    assert!(!third.transient, "{third}");
    let taken = server.mails().iter().map(|mail| mail["envelope"]["to"].clone()).collect::<Vec<_>>();
    assert_eq!(taken, [json!(["privacy@hospital.example"]), json!(["busy@hospital.example"])], "each once");
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_or_with_another_password() {
    let authority = Authority::new();
    let files = authority.receiver(Shown::Right);
    let plain = MailServer::start(&files, "starttls", &json!({ "plain": true }));
    let password = authority.secret("password", PASSWORD);
    let refused = channel(&plain.channel("starttls", &authority.anchor(), &password, TO));
    let refused = refused.deliver(&notice(1), now()).await.unwrap_err();
    assert!(!refused.transient && refused.what.contains("offers no STARTTLS"), "{refused}");
    let server = MailServer::start(&files, "implicit", &json!({}));
    let wrong = authority.secret("wrong", "battery-7-horse-correct");
    let denied = channel(&server.channel("implicit", &authority.anchor(), &wrong, TO));
    let denied = denied.deliver(&notice(1), now()).await.unwrap_err();
    assert!(!denied.transient, "{denied}");
    assert_eq!(
        denied.what,
        format!("localhost:{} answered 535 5.7.8 to AUTH", server.port),
        "and nothing of the password"
    );
    assert!(plain.ids().is_empty() && server.ids().is_empty(), "neither has a mail");
}

/// `openssl s_server` answers every line with itself reversed: as good as any that does not speak the protocol.
#[tokio::test]
async fn a_server_that_is_none_is_no_reason_to_give_up() {
    let authority = Authority::new();
    let files = authority.receiver(Shown::Right);
    let port = free_port();
    let mut command = Command::new("openssl");
    command.args(["s_server", "-quiet", "-www", "-accept", &format!("127.0.0.1:{port}")]);
    command.arg("-cert").arg(&files.certificate).arg("-key").arg(&files.key);
    let _server = Process::until_listening(&command, port);
    let password = authority.secret("password", PASSWORD);
    let text = format!(
        "kind = 'smtp'\nname = 'mail'\nlevels = [0]\nhost = 'localhost'\nport = {port}\nusername = 'vigil'\npassword_file = '{}'\n\
         from = 'vigil@hospital.example'\nto = {TO:?}\nanchor = '{}'",
        password.display(),
        authority.anchor().display()
    );
    let channel = channel(&text);
    let error =
        tokio::time::timeout(Duration::from_secs(40), channel.deliver(&notice(1), now())).await.unwrap().unwrap_err();
    assert!(error.transient, "{error}");
}
