//! The operating system.

use chrono::NaiveDate;

use crate::posture::{Check, CheckId, Facts, Installation, ScreenLock};

pub(in crate::posture) fn screen_lock(facts: &Facts, of: &Installation) -> Check {
    let id = CheckId::ScreenLock;
    let idle = format!("the screen locks after {} minutes without input", of.idle_lock_minutes);
    let advice = "run the desktop with systemd-logind and a screen saver that says when it begins";
    match facts.screen_lock {
        Some(ScreenLock { logind: true, screen_saver: true }) => {
            Check::ok(id, format!("{idle}, and at once when logind or the screen saver says so"))
        }
        Some(ScreenLock { logind: true, screen_saver: false }) => {
            Check::warn(id, format!("{idle}, and at once when logind says so; no screen saver answers"), advice)
        }
        Some(ScreenLock { logind: false, screen_saver: true }) => Check::warn(
            id,
            format!("{idle}, and at once when the screen saver says so; logind does not answer"),
            advice,
        ),
        Some(ScreenLock { logind: false, screen_saver: false }) => {
            Check::warn(id, format!("{idle}; neither logind nor a screen saver answers"), advice)
        }
        None => Check::unknown(id, format!("{idle}; no other signal of this system is heard yet"), advice),
    }
}

pub(in crate::posture) fn operating_system(facts: &Facts, today: NaiveDate) -> Check {
    let id = CheckId::OperatingSystem;
    let name = facts.system.name.as_deref().unwrap_or("a system that does not say its name");
    match facts.system.support_ends {
        None => Check::unknown(
            id,
            format!("{name}; it does not say until when it is supported"),
            "look at the vendor's page, and plan the next upgrade",
        ),
        Some(end) if end < today => Check::fail(
            id,
            format!("{name}; its support ended on {}", end.format("%d-%b-%Y")),
            "upgrade to a system that gets security updates",
        ),
        Some(end) => Check::ok(id, format!("{name}; supported until {}", end.format("%d-%b-%Y"))),
    }
}

pub(in crate::posture) fn system_clock(facts: &Facts) -> Check {
    let id = CheckId::SystemClock;
    match facts.clock_synchronized {
        Some(true) => Check::ok(id, "it follows a time server"),
        Some(false) => Check::warn(
            id,
            "it follows no time server",
            "switch time synchronisation on (timedatectl set-ntp true, or chrony)",
        ),
        None => Check::unknown(id, "the system does not say whether it follows a time server", "look at it by hand"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::{CheckState, OperatingSystem};

    #[test]
    fn support_is_what_the_system_says_and_nothing_is_made_up() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let state = |support_ends| {
            let system = OperatingSystem { name: Some("Fedora".to_owned()), support_ends };
            operating_system(&Facts { system, ..Facts::default() }, day("2026-11-25")).state
        };
        assert_eq!(state(Some(day("2026-11-25"))), CheckState::Ok, "the last day counts");
        assert_eq!(state(Some(day("2026-11-24"))), CheckState::Fail);
        assert_eq!(state(None), CheckState::Unknown);
    }

    #[test]
    fn the_idle_lock_is_named_with_whatever_else_locks() {
        let of = Installation {
            custodian: None,
            environment: crate::view::Environment::Live,
            recovery: None,
            idle_lock_minutes: 5,
            today: "2026-11-25".parse().unwrap(),
        };
        let found = |screen_lock| super::screen_lock(&Facts { screen_lock, ..Facts::default() }, &of);
        assert!(found(None).found.contains("after 5 minutes"), "the idle lock needs nobody");
        let state = |logind, screen_saver| found(Some(ScreenLock { logind, screen_saver })).state;
        assert_eq!(
            (state(true, true), state(true, false), state(false, false)),
            (CheckState::Ok, CheckState::Warn, CheckState::Warn)
        );
    }
}
