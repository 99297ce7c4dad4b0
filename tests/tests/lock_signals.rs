//! What the system says locks the real program: on buses of its own, with services that say what those of a real system say.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashMap;
use std::time::Instant;
use vigil_tests::bus::Bus;
use vigil_tests::clock::TestClock;
use vigil_tests::desk::Desk;
use vigil_tests::hospital::{Hospital, PHYSICIAN};
use vigil_tests::services::SESSION;
use zbus::zvariant::Value;

const OTHER: &str = "/org/freedesktop/login1/session/_32";

#[test]
fn sleep_a_lock_another_session_a_lid_and_a_screen_saver_lock_the_screen() {
    let hospital = Hospital::new().unwrap();
    let (system, session) = (Bus::start().unwrap(), Bus::start().unwrap());
    let logind = system.service("org.freedesktop.login1").unwrap();
    let power = system.service("org.freedesktop.UPower").unwrap();
    let saver = session.service("org.gnome.ScreenSaver").unwrap();
    let mut launch = hospital.launch(&[]).unwrap();
    launch.environment.push(("DBUS_SYSTEM_BUS_ADDRESS", system.address().into()));
    launch.environment.push(("DBUS_SESSION_BUS_ADDRESS", session.address().into()));
    let desk = Desk::open(&launch).unwrap();
    sign_in(&desk);
    for (bus, signal) in [(&system, "org.freedesktop.UPower"), (&session, "org.xfce.ScreenSaver")] {
        desk.wait_until("a listener", || Ok(bus.is_listened_to(signal)?.then_some(()))).unwrap();
    }

    let manager = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
    let properties = "org.freedesktop.DBus.Properties";
    let one = "org.freedesktop.login1.Session";
    let became = |of: &'static str, name: &'static str, value: bool| {
        (of, HashMap::from([(name, Value::from(value))]), Vec::<String>::new())
    };
    // None of these is a reason.
    logind.say(OTHER, one, "Lock", &()).unwrap();
    logind.say(manager.0, manager.1, "PrepareForSleep", &false).unwrap();
    logind.say(SESSION, properties, "PropertiesChanged", &became(one, "Active", true)).unwrap();
    saver.say("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", &false).unwrap();
    let drawn_by = desk.web_process().unwrap();

    lock_and_unlock(&desk, "sleep", || logind.say(manager.0, manager.1, "PrepareForSleep", &true).unwrap());
    assert_ne!(desk.web_process().unwrap(), drawn_by, "locked once");
    lock_and_unlock(&desk, "the session's lock", || logind.say(SESSION, one, "Lock", &()).unwrap());
    lock_and_unlock(&desk, "another session in front", || {
        logind.say(SESSION, properties, "PropertiesChanged", &became(one, "Active", false)).unwrap();
    });
    lock_and_unlock(&desk, "a closed lid", || {
        let closed = became("org.freedesktop.UPower", "LidIsClosed", true);
        power.say("/org/freedesktop/UPower", properties, "PropertiesChanged", &closed).unwrap();
    });
    lock_and_unlock(&desk, "a screen saver", || {
        saver.say("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", &true).unwrap();
    });
}

#[test]
fn a_stopped_program_is_locked_when_it_goes_on_after_twenty_minutes_also_without_a_bus() {
    let hospital = Hospital::new().unwrap();
    let clock = TestClock::new(hospital.home.path()).unwrap();
    let desk = Desk::open(&hospital.launch(&["--test-clock", clock.file().to_str().unwrap()]).unwrap()).unwrap();
    sign_in(&desk);
    let drawn_by = desk.web_process().unwrap();
    let program = rustix::process::Pid::from_raw(desk.pid().cast_signed()).unwrap();
    rustix::process::kill_process(program, rustix::process::Signal::STOP).unwrap();
    clock.ahead(std::time::Duration::from_secs(20 * 60)).unwrap();
    rustix::process::kill_process(program, rustix::process::Signal::CONT).unwrap();
    // Input that comes at once must not save it.
    desk.move_pointer().unwrap();
    desk.wait_for_another(&drawn_by).unwrap();
}

fn sign_in(desk: &Desk) {
    desk.write(PHYSICIAN.username).unwrap();
    desk.press("Tab").unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Opened by you lately").unwrap();
    desk.wait_for_word("Dr A. OKAFOR").unwrap();
}

/// The page's process ends with the lock. How long that took is said and not judged: this machine does other work too.
fn lock_and_unlock(desk: &Desk, why: &str, signal: impl Fn()) {
    let drawn_by = desk.web_process().unwrap();
    let started = Instant::now();
    signal();
    desk.wait_until(why, || Ok((!desk.processes()?.contains(&drawn_by)).then_some(()))).unwrap();
    eprintln!("{why}: locked after {} ms", started.elapsed().as_millis());
    desk.wait_for_another(&drawn_by).unwrap();
    desk.wait_for_page().unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.wait_for_word(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Search patients and commands").unwrap();
    desk.wait_for_page().unwrap();
}
