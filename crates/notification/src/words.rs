//! The words of all messages. They say that there is an alarm, of which rule and how grave, and where to look; never about whom.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::{Notice, NoticeEvent, SubjectKind};

/// The end of whatever asks somebody to do something.
const LOOK: &str = "Open the privacy desk.";

/// What it is about, for the subject of a mail: `Vigil: high alarm 123 (unusual-volume)`.
pub(crate) fn title(notice: &Notice) -> String {
    let lead = match notice.event {
        NoticeEvent::Raised => String::new(),
        NoticeEvent::Escalated => format!("level {}, ", notice.level),
        NoticeEvent::Acknowledged | NoticeEvent::Closed => format!("{}, ", notice.event.as_str()),
    };
    format!("Vigil: {lead}{} alarm {} ({})", notice.severity.as_str(), notice.incident, notice.rule)
}

/// All of it in one short message of characters that every telephone has: at most 160, so that it is one SMS and not two.
pub(crate) fn line(notice: &Notice) -> String {
    let alarm = format!("Vigil: {} alarm {} ({})", notice.severity.as_str(), notice.incident, notice.rule);
    let suspended = if notice.suspended { " Access is suspended." } else { "" };
    match notice.event {
        NoticeEvent::Raised => format!("{alarm}.{suspended} {LOOK}"),
        NoticeEvent::Escalated => format!("{alarm} is unanswered: level {}.{suspended} {LOOK}", notice.level),
        NoticeEvent::Acknowledged => format!("{alarm} is acknowledged."),
        NoticeEvent::Closed => format!("{alarm} is closed."),
    }
}

/// A page for a mail: lines of at most 78 characters, ended by CR LF.
pub(crate) fn page(notice: &Notice) -> String {
    let mut page = format!("{}\r\n\r\n", line(notice));
    let mut row = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = write!(page, "{name:<10}{value}\r\n");
    };
    row("Alarm", &notice.incident.to_string());
    row("Severity", notice.severity.as_str());
    row("Rule", notice.rule.as_str());
    row("About", about(notice.subject_kind));
    row("State", notice.event.as_str());
    row("Level", &notice.level.to_string());
    row("Opened", &minute(notice.opened));
    row("Told", &minute(notice.at));
    row("System", notice.hospital.as_str());
    page.push_str(
        "\r\nThis message names nobody. What happened, and to whose chart, is in the\r\nprivacy desk alone.\r\n",
    );
    page
}

const fn about(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::User => "what a user did",
        SubjectKind::Device => "a workstation",
        SubjectKind::Log => "an audit log",
        SubjectKind::Patient => "accesses to a chart",
    }
}

fn minute(time: DateTime<Utc>) -> String {
    time.format("%d-%b-%Y %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;
    use crate::notice::tests::notice;

    const EVENTS: [NoticeEvent; 4] =
        [NoticeEvent::Raised, NoticeEvent::Escalated, NoticeEvent::Acknowledged, NoticeEvent::Closed];

    #[test]
    fn a_person_reads_what_to_do() {
        let notice = notice(NoticeEvent::Raised, Severity::High);
        assert_eq!(line(&notice), "Vigil: high alarm 123 (unusual-volume). Open the privacy desk.", "an SMS");
        assert_eq!(title(&notice), "Vigil: high alarm 123 (unusual-volume)", "a subject");
    }

    #[test]
    fn the_longest_message_is_one_sms_and_every_character_is_plain() {
        for event in EVENTS {
            let mut longest = notice(event, Severity::Critical);
            longest.rule = "a".repeat(40).parse().unwrap();
            longest.incident = u64::MAX;
            longest.level = u8::MAX;
            longest.suspended = true;
            let text = line(&longest);
            assert!(text.len() <= 160, "{} characters: {text}", text.len());
            assert!(text.bytes().all(|byte| (b' '..=b'z').contains(&byte)), "{text}");
            for line in page(&longest).split("\r\n") {
                // The first line is the SMS: a mail may have lines of 998 (RFC 5322, 2.1.1) and should have 78.
                assert!(line.len() <= 160 && line.is_ascii(), "{line}");
            }
        }
    }

    #[test]
    fn nothing_says_whom_it_is_about() {
        for event in EVENTS {
            let notice = notice(event, Severity::High);
            let id = notice.subject.unwrap().to_string();
            for text in [line(&notice), title(&notice), page(&notice)] {
                assert!(!text.contains(&id), "people are told no ids: {text}");
            }
        }
    }
}
