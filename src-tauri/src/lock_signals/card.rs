//! A smart card that is taken out of its reader locks the screen, where the managed policy says so (PC/SC).
//!
//! It needs nobody to have signed in with that card. A reader that is unplugged, or a service that ends, takes its cards
//! with it: then the screen locks as well.

use std::collections::HashSet;
use std::ffi::{CStr, CString};
use std::thread;
use std::time::Duration;

use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};

use super::lock;
use crate::commands::Handle;

/// How long after the service was gone the next one is looked for.
const PAUSE: Duration = Duration::from_secs(2);
/// A wait for the service ends this often, so that one that hangs is noticed.
const LOOK_UP: Duration = Duration::from_secs(30);

/// Watches the readers whose names hold `of` for as long as the program runs.
pub(crate) fn watch(handle: &Handle, of: &str) {
    let (handle, of) = (handle.clone(), of.to_owned());
    let watching = thread::Builder::new().name("card readers".to_owned()).spawn(move || {
        let mut present = HashSet::new();
        loop {
            if let Err(error) = listen(&of, &mut present, || lock(&handle)) {
                tracing::debug!(%error, "no word of the card readers");
            }
            if !present.is_empty() {
                present.clear();
                lock(&handle);
            }
            thread::sleep(PAUSE);
        }
    });
    if let Err(error) = watching {
        tracing::error!(%error, "a card that is taken out does not lock the screen");
    }
}

/// Until the service breaks off. `present` holds the readers that have a card.
fn listen(of: &str, present: &mut HashSet<CString>, gone: impl Fn()) -> Result<(), Error> {
    let context = Context::establish(Scope::User)?;
    let mut readers = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    loop {
        let names = match context.list_readers_owned() {
            Ok(names) => names,
            Err(Error::NoReadersAvailable) => Vec::new(),
            Err(error) => return Err(error),
        };
        readers
            .retain(|reader| reader.name() == PNP_NOTIFICATION() || names.iter().any(|name| **name == *reader.name()));
        for name in names.iter().filter(|name| name.to_string_lossy().contains(of)) {
            if readers.iter().all(|reader| reader.name() != name.as_c_str()) {
                readers.push(ReaderState::new(name.clone(), State::UNAWARE));
            }
        }
        let unplugged = present.iter().any(|name| readers.iter().all(|reader| reader.name() != name.as_c_str()));
        if unplugged {
            present.retain(|name| readers.iter().any(|reader| reader.name() == name.as_c_str()));
            gone();
        }
        for reader in &mut readers {
            reader.sync_current_state();
        }
        match context.get_status_change(LOOK_UP, &mut readers) {
            Ok(()) | Err(Error::UnknownReader) => {}
            Err(Error::Timeout) => continue,
            Err(error) => return Err(error),
        }
        for reader in readers.iter().filter(|reader| reader.name() != PNP_NOTIFICATION()) {
            if taken_out(reader.name(), reader.event_state(), present) {
                gone();
            }
        }
    }
}

/// Takes in what a reader says; whether its card is gone.
fn taken_out(name: &CStr, state: State, present: &mut HashSet<CString>) -> bool {
    if state.contains(State::PRESENT) {
        present.insert(name.to_owned());
        false
    } else {
        present.remove(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_card_that_was_there_can_be_taken_out_and_only_once() {
        let mut present = HashSet::new();
        let reader = c"Reader 00 00";
        assert!(!taken_out(reader, State::EMPTY, &mut present), "an empty reader");
        assert!(!taken_out(reader, State::PRESENT | State::CHANGED, &mut present), "a card comes");
        assert!(!taken_out(c"Reader 01 00", State::EMPTY, &mut present), "another reader is empty");
        assert!(taken_out(reader, State::EMPTY | State::CHANGED, &mut present), "it is taken out");
        assert!(!taken_out(reader, State::EMPTY, &mut present), "and stays out");
        taken_out(reader, State::PRESENT, &mut present);
        assert!(taken_out(reader, State::UNAVAILABLE, &mut present), "a reader that fails took its card along");
    }
}
