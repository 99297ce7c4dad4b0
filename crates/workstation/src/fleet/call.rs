//! One question to the server, while somebody waits for the answer.

use std::sync::Arc;
use std::time::Duration;

use vigil_model::DeviceId;
use vigil_sync::client::{Client, Timeouts};
use vigil_sync::{Failure, Link};
use vigil_vault::Vault;

use super::outbox::identity_of;
use crate::{AppError, Workstation};

/// Somebody stands at the screen: a server that does not answer soon counts as out of reach.
pub(super) const WAITING: Timeouts =
    Timeouts { connect: Duration::from_secs(3), read: Duration::from_secs(8), total: Duration::from_secs(10) };

/// What became of a question.
pub(super) enum Answer<T> {
    /// The server answered.
    Said(T),
    /// It did not, or its answer cannot be used.
    None(Failure),
}

impl Workstation {
    /// Asks the server of this workstation's fleet. Blocks, so that it must not be called on a thread of the runtime.
    ///
    /// # Errors
    /// When the vault cannot be read. A workstation of no fleet gets [`Failure::Unusable`] for an answer.
    pub(super) fn ask<T>(
        &self,
        vault: &Vault,
        call: impl AsyncFnOnce(&mut Client, DeviceId) -> Result<T, Failure>,
    ) -> Result<Answer<T>, AppError> {
        self.ask_within(WAITING, vault, call)
    }

    /// The same for an answer that may take longer.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(super) fn ask_within<T>(
        &self,
        timeouts: Timeouts,
        vault: &Vault,
        call: impl AsyncFnOnce(&mut Client, DeviceId) -> Result<T, Failure>,
    ) -> Result<Answer<T>, AppError> {
        let Some(identity) = vault.fleet_identity()? else { return Ok(Answer::None(Failure::Unusable)) };
        let identity = identity_of(vault, identity);
        let clock = Arc::clone(&self.clock);
        let answer = match Client::of(&identity, self.dial(), Arc::new(move || clock.now()), timeouts) {
            Ok(mut client) => self.line.runtime()?.block_on(async { call(&mut client, identity.log).await }),
            Err(failure) => Err(failure),
        };
        Ok(match answer {
            Ok(said) => Answer::Said(said),
            Err(failure) => {
                tracing::warn!(%failure, "the server was asked and did not answer");
                Answer::None(failure)
            }
        })
    }

    /// Whether it is worth while to ask. Where no engine runs nobody knows before.
    pub(super) fn is_in_reach(&self) -> bool {
        self.line.engine.get().is_none_or(|engine| match engine.state().borrow().link {
            Link::NotEnrolled | Link::Connecting | Link::Connected | Link::Conflict(_) => true,
            Link::Offline { .. } | Link::Refused { .. } => false,
        })
    }
}
