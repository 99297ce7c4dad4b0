//! What is copied from the window does not stay: both selections of the desktop (the clipboard, and the one of the middle button) are
//! cleared 30 seconds after our window filled them, and when the screen locks, the user signs out or the program ends.
//!
//! The web view fills them; this only watches. What another program has put there since is left alone. A clipboard manager that keeps
//! copies of its own cannot be reached from here.

#[cfg(target_os = "linux")]
use std::cell::Cell;
#[cfg(target_os = "linux")]
use std::time::Duration;

/// How long what was copied stays.
#[cfg(target_os = "linux")]
const STAYS: Duration = Duration::from_secs(30);

/// Since when each of the two selections holds something of ours, in time since boot. On the main thread.
#[cfg(target_os = "linux")]
#[derive(Default)]
struct Copies(Cell<[Option<Duration>; 2]>);

#[cfg(target_os = "linux")]
impl Copies {
    fn note(&self, selection: usize, since: Option<Duration>) {
        let mut copies = self.0.get();
        if let Some(copy) = copies.get_mut(selection) {
            *copy = since;
        }
        self.0.set(copies);
    }

    /// Which of them have been there long enough; they are not asked for again. Time that runs backwards is over too.
    fn take_due(&self, now: Duration) -> [bool; 2] {
        let mut copies = self.0.get();
        let is_over = |since: &mut Duration| now.checked_sub(*since).is_none_or(|age| age >= STAYS);
        let due = copies.each_mut().map(|copy| copy.take_if(is_over).is_some());
        self.0.set(copies);
        due
    }

    fn is_empty(&self) -> bool {
        self.0.get() == [None; 2]
    }
}

#[cfg(target_os = "linux")]
pub(crate) use of_gtk::{clear, watch};

#[cfg(target_os = "linux")]
mod of_gtk {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::sync::Arc;
    use std::time::Duration;

    use gtk::gdk::{
        Atom, ChangeData, PropMode, SELECTION_CLIPBOARD, SELECTION_PRIMARY, WindowType, property_change,
        property_delete, selection_owner_get,
    };
    use gtk::glib::{ControlFlow, timeout_add_local};
    use gtk::prelude::{ObjectExt as _, WidgetExt as _};
    use tauri::AppHandle;
    use vigil_workstation::Clock;

    use super::Copies;

    const SELECTIONS: [Atom; 2] = [SELECTION_CLIPBOARD, SELECTION_PRIMARY];
    /// How often the time is looked at, while there is something to clear and only then.
    const TICK: Duration = Duration::from_secs(1);

    struct Watch {
        copies: Copies,
        clock: Arc<dyn Clock>,
        looks: Cell<bool>,
    }

    /// Notes when our window fills a selection, and clears it in time. On the main thread, once the window is made.
    pub(crate) fn watch(clock: Arc<dyn Clock>) {
        let watch = Rc::new(Watch { copies: Copies::default(), clock, looks: Cell::new(false) });
        for (at, selection) in SELECTIONS.into_iter().enumerate() {
            let watch = Rc::clone(&watch);
            gtk::Clipboard::get(&selection).connect_local("owner-change", false, move |_| {
                let since = is_ours(&selection).then(|| watch.clock.now().since_boot);
                watch.copies.note(at, since);
                if since.is_some() && !watch.looks.replace(true) {
                    let watch = Rc::clone(&watch);
                    timeout_add_local(TICK, move || watch.look());
                }
                None
            });
        }
    }

    impl Watch {
        fn look(&self) -> ControlFlow {
            clear_these(self.copies.take_due(self.clock.now().since_boot));
            if self.copies.is_empty() {
                self.looks.set(false);
                return ControlFlow::Break;
            }
            ControlFlow::Continue
        }
    }

    /// Clears everything of ours, at once.
    pub(crate) fn clear(app: &AppHandle) -> tauri::Result<()> {
        app.run_on_main_thread(|| clear_these([true; 2]))
    }

    fn clear_these(which: [bool; 2]) {
        let mut cleared = false;
        for (selection, wanted) in SELECTIONS.iter().zip(which) {
            if wanted && is_ours(selection) {
                gtk::Clipboard::get(selection).clear();
                cleared = true;
            }
        }
        if cleared {
            rinse();
        }
    }

    /// Whether a window of this process owns the selection. GDK knows the windows of others too that owned it before.
    fn is_ours(selection: &Atom) -> bool {
        selection_owner_get(selection).is_some_and(|owner| owner.window_type() != WindowType::Foreign)
    }

    /// What another program was given went through the buffer of the connection to the display, which nobody wipes: other words take its
    /// place there. The buffer holds 16 KiB (Xlib) or less; a property of our own window is written often enough to fill it.
    fn rinse() {
        let property = Atom::intern("VIGIL_RINSE");
        let kind = Atom::intern("STRING");
        let zeros = [0; 4096];
        for window in gtk::Window::list_toplevels().iter().filter_map(|toplevel| toplevel.window()) {
            for _ in 0..16 {
                property_change(&window, &property, &kind, 8, PropMode::Replace, ChangeData::UChars(&zeros));
            }
            property_delete(&window, &property);
        }
    }
}

/// Elsewhere what was copied stays.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_clock: std::sync::Arc<dyn vigil_workstation::Clock>) {
    tracing::warn!("what is copied from the window is not cleared on this system");
}

/// Elsewhere nothing is cleared.
#[cfg(not(target_os = "linux"))]
pub(crate) fn clear(_app: &tauri::AppHandle) -> tauri::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn each_selection_is_due_30_seconds_after_it_was_filled_last_and_once() {
        let copies = Copies::default();
        assert_eq!(copies.take_due(at(100)), [false; 2], "nothing was copied");
        copies.note(0, Some(at(100)));
        copies.note(1, Some(at(110)));
        assert_eq!(copies.take_due(at(129)), [false; 2], "not yet");
        assert_eq!(copies.take_due(at(130)), [true, false], "the first alone");
        copies.note(1, Some(at(130)));
        assert_eq!(
            copies.take_due(at(140)),
            [false; 2],
            "the first is not asked for again, and the second was filled anew"
        );
        copies.note(1, None);
        assert_eq!(copies.take_due(at(500)), [false; 2], "another program has it now");
    }

    #[test]
    fn time_that_runs_backwards_clears() {
        let copies = Copies::default();
        copies.note(0, Some(at(100)));
        assert_eq!(copies.take_due(at(99)), [true, false], "nobody knows how long it has been there");
    }
}
