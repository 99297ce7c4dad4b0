//! Which message demands a lock.

use std::collections::HashMap;

use zbus::Message;
use zbus::zvariant::OwnedValue;

/// The screen savers of the desktops, all with the one signal `ActiveChanged(b)`.
pub(crate) const SAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

/// Whether this signal demands a lock for the session at `own`. Where the own session is not known, that of any session does: a lock too
/// many costs a password. A signal whose content cannot be read is taken as meant.
pub(super) fn is_demand(message: &Message, own: Option<&str>) -> bool {
    let header = message.header();
    let (Some(interface), Some(member)) = (header.interface(), header.member()) else { return false };
    let ours = own.is_none_or(|own| header.path().is_some_and(|path| path.as_str() == own));
    match (interface.as_str(), member.as_str()) {
        // org.freedesktop.login1(5): before suspend and hibernate; false after waking up.
        ("org.freedesktop.login1.Manager", "PrepareForSleep") => message.body().deserialize::<bool>().unwrap_or(true),
        ("org.freedesktop.login1.Session", "Lock") => ours,
        (saver, "ActiveChanged") if SAVERS.contains(&saver) => message.body().deserialize::<bool>().unwrap_or(true),
        ("org.freedesktop.DBus.Properties", "PropertiesChanged") => {
            type Changed = (String, HashMap<String, OwnedValue>, Vec<String>);
            let Ok((of, changed, _)) = message.body().deserialize::<Changed>() else { return true };
            let became = |name: &str, value: bool| {
                changed.get(name).is_some_and(|found| bool::try_from(found).is_ok_and(|found| found == value))
            };
            match of.as_str() {
                "org.freedesktop.login1.Session" => ours && (became("Active", false) || became("LockedHint", true)),
                "org.freedesktop.UPower" => became("LidIsClosed", true),
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::Value;

    use super::*;

    const OWN: &str = "/org/freedesktop/login1/session/_32";
    const OTHER: &str = "/org/freedesktop/login1/session/_33";

    #[test]
    fn a_lock_counts_for_the_own_session_and_for_any_where_that_is_not_known() {
        let lock = |path| signal(path, "org.freedesktop.login1.Session", "Lock", &());
        assert!(is_demand(&lock(OWN), Some(OWN)), "ours");
        assert!(!is_demand(&lock(OTHER), Some(OWN)), "somebody else's");
        assert!(is_demand(&lock(OTHER), None), "nobody knows whose");
    }

    #[test]
    fn going_to_sleep_counts_and_waking_up_does_not() {
        let sleep = |going: bool| {
            signal("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", &going)
        };
        assert!(is_demand(&sleep(true), Some(OWN)) && !is_demand(&sleep(false), Some(OWN)));
    }

    #[test]
    fn a_screen_saver_counts_when_it_begins() {
        for saver in SAVERS {
            let active = |on: bool| signal("/org/saver", saver, "ActiveChanged", &on);
            assert!(is_demand(&active(true), Some(OWN)) && !is_demand(&active(false), Some(OWN)), "{saver}");
        }
        assert!(!is_demand(&signal("/org/saver", "org.example.Saver", "ActiveChanged", &true), None), "a stranger");
    }

    #[test]
    fn another_session_in_front_and_a_closed_lid_count() {
        let changed = |path, of: &str, name: &str, value: bool| {
            let changed = HashMap::from([(name, Value::from(value))]);
            let body = (of, changed, Vec::<&str>::new());
            signal(path, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body)
        };
        let session = "org.freedesktop.login1.Session";
        assert!(is_demand(&changed(OWN, session, "Active", false), Some(OWN)), "another one in front");
        assert!(!is_demand(&changed(OWN, session, "Active", true), Some(OWN)), "back again");
        assert!(!is_demand(&changed(OTHER, session, "Active", false), Some(OWN)), "somebody else's");
        assert!(is_demand(&changed(OWN, session, "LockedHint", true), Some(OWN)), "the desktop is locked");
        let lid = |closed| changed("/org/freedesktop/UPower", "org.freedesktop.UPower", "LidIsClosed", closed);
        assert!(is_demand(&lid(true), Some(OWN)) && !is_demand(&lid(false), Some(OWN)), "the lid");
    }

    fn signal<B: serde::Serialize + zbus::zvariant::DynamicType>(
        path: &str,
        of: &str,
        name: &str,
        body: &B,
    ) -> Message {
        Message::signal(path, of, name).unwrap().build(body).unwrap()
    }
}
