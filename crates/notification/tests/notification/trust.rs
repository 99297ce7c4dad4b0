//! Whom a channel believes: certificates are judged by authority, name and the time that was passed in, and nothing older than TLS 1.3 is
//! spoken.

use std::process::Command;

use chrono::TimeDelta;

use crate::support::authority::{Authority, Files, Shown};
use crate::support::gateway::Gateway;
use crate::support::process::{Process, free_port};
use crate::support::{channel, notice, now};

fn settings(anchor: &Authority, url: &str) -> String {
    let secret = anchor.secret("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBBBBBBBBBBA=");
    format!(
        "kind = 'webhook'\nname = 'h'\nlevels = [0]\nurl = '{url}'\nsecret_file = '{}'\nanchor = '{}'",
        secret.display(),
        anchor.anchor().display()
    )
}

fn gateway(files: &Files) -> Gateway {
    Gateway::start(Some(files), |_| (200, String::new()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_believed_without_a_good_certificate() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    for (files, why) in [
        (theirs.receiver(Shown::Right), "not from an authority that is trusted here"),
        (ours.receiver(Shown::Expired), "has run out"),
        (ours.receiver(Shown::WrongName), "is for another name"),
    ] {
        let gateway = gateway(&files);
        let error = channel(&settings(&ours, &gateway.url("/"))).deliver(&notice(1), now()).await.unwrap_err();
        assert!(error.transient, "it can be renewed, and the message waits: {error}");
        assert!(error.what.contains(why), "{error}");
        assert!(gateway.calls().is_empty(), "nothing was told");
    }
    let gateway = gateway(&ours.receiver(Shown::Expired));
    let before = now() - TimeDelta::days(60);
    channel(&settings(&ours, &gateway.url("/"))).deliver(&notice(1), before).await.unwrap();
    assert_eq!(gateway.calls().len(), 1, "when it was valid, it was valid");
}

#[tokio::test]
async fn whoever_speaks_nothing_newer_than_tls_1_2_is_told_apart() {
    let authority = Authority::new();
    let files = authority.receiver(Shown::Right);
    let port = free_port();
    let mut command = Command::new("openssl");
    command.args(["s_server", "-quiet", "-www", "-tls1_2", "-accept", &format!("127.0.0.1:{port}")]);
    command.arg("-cert").arg(&files.certificate).arg("-key").arg(&files.key);
    let _server = Process::until_listening(&command, port);
    let url = format!("https://127.0.0.1:{port}/");
    let error = channel(&settings(&authority, &url)).deliver(&notice(1), now()).await.unwrap_err();
    assert!(!error.transient, "somebody has to mend it: {error}");
    assert!(error.what.contains("TLS 1.3 is spoken here, and nothing older"), "{error}");
}
