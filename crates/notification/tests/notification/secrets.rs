//! Nothing that is printed, logged or told to people shows a secret, whatever the other side says about it.

use vigil_notification::{Channel, ChannelSettings};

use crate::support::authority::{Authority, Shown};
use crate::support::channel;
use crate::support::gateway::{Gateway, Then};
use crate::support::{notice, now};

const SECRETS: [&str; 3] =
    ["hunter2-hunter2-hunter2", "whsec_aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVy", "query-hunter2"];

fn assert_silent(text: &str) {
    for secret in SECRETS.into_iter().chain(["hunter2", "aHVudGVy"]) {
        assert!(!text.contains(secret), "{secret} stands in {text}");
    }
}

/// One of every kind that has a secret, to this address.
fn all(authority: &Authority, url: &str, port: u16) -> Vec<String> {
    let token = authority.secret("hidden", SECRETS[0]);
    let key = authority.secret("key", SECRETS[1]);
    let (token, key, anchor) = (token.display(), key.display(), authority.anchor());
    let head = format!("name = 'c'\nlevels = [0]\nanchor = '{}'\n", anchor.display());
    vec![
        format!("kind = 'webhook'\n{head}url = '{url}?k={}'\nsecret_file = '{key}'", SECRETS[2]),
        format!("kind = 'pagerduty'\n{head}url = '{url}'\ntoken_file = '{token}'"),
        format!(
            "kind = 'sms-http'\n{head}url = '{url}?k={}'\ntoken_file = '{token}'\nto = ['+41441234567']\n\
             body = '{{\"to\":\"{{to}}\",\"text\":\"{{text}}\"}}'",
            SECRETS[2]
        ),
        format!(
            "kind = 'sms-twilio'\n{head}url = '{url}'\naccount_sid = 'AC1'\ntoken_file = '{token}'\nfrom = '+41441234560'\n\
             to = ['+41441234567']"
        ),
        format!(
            "kind = 'smtp'\n{head}host = 'localhost'\nport = {port}\nusername = 'vigil'\npassword_file = '{token}'\n\
             from = 'vigil@hospital.example'\nto = ['privacy@hospital.example']"
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_error_shows_a_secret() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), |_| (200, String::new()));
    let url = gateway.url("/x");
    let port = url.split([':', '/']).nth(4).unwrap().parse().unwrap();
    for text in all(&authority, &url, port) {
        let channel = channel(&text);
        assert_silent(&format!("{channel:?}"));
        assert_silent(&format!("{:?}", toml::from_str::<ChannelSettings>(&text).unwrap()));
        if text.contains("smtp") {
            // A gateway is no mail server: what one says of a password is in `smtp.rs`.
            continue;
        }
        // It says everything back that it was sent, secrets too.
        for status in [401, 403, 404, 422, 500, 302] {
            gateway.then(Then::Refuse(status, vec![("location", "https://hunter2.example/".to_owned())]));
            let error = channel.deliver(&notice(1), now()).await.unwrap_err();
            assert_silent(&format!("{error} {error:?}"));
        }
        let receipt = channel.deliver(&notice(2), now()).await;
        assert_silent(&format!("{receipt:?}"));
    }
    gateway.kill();
    for text in all(&authority, &url, port) {
        let error = channel(&text).deliver(&notice(1), now()).await.unwrap_err();
        assert!(error.transient, "nobody is there: {error}");
        assert_silent(&format!("{error} {error:?}"));
    }
}

#[test]
fn no_setting_that_is_wrong_shows_a_secret() {
    let authority = Authority::new();
    let short = authority.secret("hidden", SECRETS[0]);
    let wrong = format!(
        "kind = 'webhook'\nname = 'c'\nlevels = [0]\nurl = 'https://h.example/x'\nsecret_file = '{}'\nanchor = '{}'",
        short.display(),
        authority.anchor().display()
    );
    let error = Channel::new(toml::from_str(&wrong).unwrap()).unwrap_err();
    assert_eq!((error.channel.as_str(), error.key), ("c", "secret_file"), "{error}");
    assert_silent(&format!("{error} {error:?}"));
    let key = authority.receiver(Shown::Right).key;
    let text = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, text.replace("PRIVATE", "SECRET")).unwrap();
    let wrong = format!(
        "kind = 'syslog-cef'\nname = 'c'\nlevels = [0]\nhost = 'h.example'\ncertificate = '{}'\nkey_file = '{}'\nanchor = '{}'",
        authority.receiver(Shown::Expired).certificate.display(),
        key.display(),
        authority.anchor().display()
    );
    let error = Channel::new(toml::from_str(&wrong).unwrap()).unwrap_err();
    assert_eq!(error.key, "key_file", "{error}");
    let line = text.lines().nth(1).unwrap();
    assert!(!error.to_string().contains(line), "{error}");
}
