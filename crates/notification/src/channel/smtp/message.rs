//! The mail itself (RFC 5322): plain ASCII, short lines, one part.
//!
//! `Message-ID` is made of the notice, so that every attempt has the same and a receiver can drop a repeat. `Auto-Submitted` says that a
//! program wrote it, so that no vacation message answers (RFC 3834, 5). All mails of an alarm refer to one id and are shown as one thread.

use chrono::{DateTime, Utc};

use crate::settings::MailAddress;
use crate::{Notice, Severity, words};

/// The mail with the lines ended by CR LF, before it is written out for DATA.
pub(super) fn message(notice: &Notice, from: &MailAddress, to: &[MailAddress], now: DateTime<Utc>) -> String {
    let domain = from.domain();
    // RFC 5322, 2.1.1: one address to a line keeps lines short.
    let to = to.iter().map(MailAddress::as_str).collect::<Vec<_>>().join(",\r\n ");
    let thread = format!("<alarm-{}@{domain}>", notice.incident);
    let mut lines = vec![
        format!("Date: {}", now.to_rfc2822()),
        format!("From: Vigil <{}>", from.as_str()),
        format!("To: {to}"),
        format!("Subject: {}", words::title(notice)),
        format!("Message-ID: <{}@{domain}>", notice.id),
        format!("References: {thread}"),
        "Auto-Submitted: auto-generated".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        "Content-Transfer-Encoding: 7bit".to_owned(),
    ];
    if notice.event.asks() && notice.severity >= Severity::High {
        // RFC 4021, 2.1.54.
        lines.push("Importance: high".to_owned());
    }
    format!("{}\r\n\r\n{}", lines.join("\r\n"), words::page(notice))
}

/// As it goes over the line after DATA: a line that begins with a dot gets another, a dot alone ends it (RFC 5321, 4.5.2).
pub(super) fn dotted(message: &str) -> String {
    let mut out = String::with_capacity(message.len().saturating_add(8));
    for line in message.split_inclusive("\r\n") {
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
    }
    if !message.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::NoticeEvent;
    use crate::notice::tests::notice;

    #[test]
    fn every_attempt_has_the_same_id_and_its_own_date() {
        let of = |now: &str| {
            let address = |text: &str| MailAddress::try_from(text.to_owned()).unwrap();
            let to = [address("privacy@hospital.example"), address("on-call@hospital.example")];
            message(
                &notice(NoticeEvent::Raised, Severity::High),
                &address("vigil@hospital.example"),
                &to,
                now.parse().unwrap(),
            )
        };
        let (first, second) = (of("2026-11-30T02:45:10Z"), of("2026-11-30T03:00:00Z"));
        let id = "\r\nMessage-ID: <01937b1c-8d2e-7a10-8000-000000000123@hospital.example>\r\n";
        assert!(first.contains(id) && second.contains(id), "{first}");
        assert!(first.starts_with("Date: Mon, 30 Nov 2026 02:45:10 +0000\r\n"), "{first}");
        assert!(second.starts_with("Date: Mon, 30 Nov 2026 03:00:00 +0000\r\n"), "{second}");
        assert!(first.is_ascii() && first.split("\r\n").all(|line| line.len() <= 998), "{first}");
        assert!(!first.replace("\r\n", "").contains(['\r', '\n']), "no bare line ends: {first}");
    }

    proptest! {
        #[test]
        fn no_text_ends_the_message_before_its_end(lines in proptest::collection::vec("\\.{0,3}[a-z]{0,3}", 0..8)) {
            let message = lines.join("\r\n");
            let sent = dotted(&message);
            let body = sent.strip_suffix(".\r\n").unwrap();
            prop_assert!(!body.split("\r\n").any(|line| line == "."), "no line is a dot alone: {sent:?}");
            let read = body.split_inclusive("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line)).collect::<String>();
            prop_assert_eq!(read.trim_end(), message.trim_end(), "what a server reads");
        }
    }
}
