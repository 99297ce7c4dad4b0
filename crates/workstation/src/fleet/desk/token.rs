//! What the server's desk is opened with. It crosses to no screen and is wiped with the keys of the session.

use std::sync::Mutex;
use std::time::Duration;

use vigil_model::Moment;
use zeroize::Zeroizing;

use crate::{AppError, lock_of};

/// As the server has it: after this nobody asks it in vain. Counted by time since boot.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// The token, while there is one.
#[derive(Default)]
pub(crate) struct DeskToken(Mutex<Option<Held>>);

struct Held {
    token: Zeroizing<String>,
    until: Duration,
}

impl DeskToken {
    /// Keeps what the server gave just now.
    pub(super) fn put(&self, token: String, now: Moment) -> Result<(), AppError> {
        let token = Zeroizing::new(token);
        *lock_of(&self.0)? = Some(Held { token, until: now.since_boot + LIFETIME });
        Ok(())
    }

    /// The token, if it still holds.
    pub(super) fn get(&self, now: Moment) -> Result<Option<Zeroizing<String>>, AppError> {
        let mut held = lock_of(&self.0)?;
        if held.as_ref().is_some_and(|held| now.since_boot >= held.until) {
            *held = None;
        }
        Ok(held.as_ref().map(|held| held.token.clone()))
    }

    /// The server does not take it any more.
    pub(super) fn forget(&self) {
        if let Ok(mut held) = self.0.lock() {
            *held = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_for_a_quarter_of_an_hour_or_until_the_server_refuses_it() {
        let at = |seconds| Moment { utc: chrono::DateTime::UNIX_EPOCH, since_boot: Duration::from_secs(seconds) };
        let held = DeskToken::default();
        assert!(held.get(at(0)).unwrap().is_none(), "nobody has opened the desk");
        held.put("vdt1.x".to_owned(), at(100)).unwrap();
        assert_eq!(held.get(at(100 + 899)).unwrap().unwrap().as_str(), "vdt1.x", "14:59");
        assert!(held.get(at(100 + 900)).unwrap().is_none(), "15:00");
        held.put("vdt1.y".to_owned(), at(2000)).unwrap();
        held.forget();
        assert!(held.get(at(2001)).unwrap().is_none(), "refused");
    }
}
