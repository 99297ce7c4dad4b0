//! The directory as workstations get it: signed.

mod change;

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use vigil_model::wire::{Directory, SignedDirectory};

use crate::clock::rfc3339;
use crate::http::Outcome;
use crate::server::Server;
use crate::store::directory::{teams, users};
use crate::store::{Device, DirectorySettings};

pub(crate) use change::{BREAK_GLASS, CARE_GROUP, LANES, MEMORY, PASSES};
pub use change::{
    ChangeError, Changed, NewUser, add_user, disable, grant, put_team, remove_team, reset_password, revoke,
    rotate_group, set_role,
};

/// What the first line of the note says.
const KIND: &str = "vigil/directory";

/// The newest version that was signed.
#[derive(Default)]
pub(crate) struct Signed(Mutex<Option<(u64, Arc<SignedDirectory>)>>);

impl Signed {
    /// Version and directory.
    ///
    /// # Errors
    /// [`Outcome`]
    pub(crate) async fn read(&self, server: &Server) -> Result<(u64, Arc<SignedDirectory>), Outcome> {
        let mut tx = server.store().read().await?;
        let settings = DirectorySettings::read(&mut tx).await?;
        let signed = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = signed.filter(|(version, _)| *version == settings.version) {
            return Ok(known);
        }
        let terms = &server.config().directory;
        let directory = Directory {
            version: settings.version,
            signed: rfc3339(server.clock().now()),
            lease_hours: terms.lease_hours,
            policy: terms.policy.clone(),
            users: users(&mut tx).await?,
            teams: teams(&mut tx).await?,
            revoked: Device::revoked(&mut tx).await?,
        };
        let directory = serde_json::to_string(&directory).map_err(|_| Outcome::FAULT)?;
        // A note has a longest length; a directory has none.
        let body = format!("{} {}", settings.version, hex::encode(Sha256::digest(directory.as_bytes())));
        let note = server.installation().keyring.directory.sign(KIND, &body).map_err(|_| Outcome::FAULT)?;
        let signed = Arc::new(SignedDirectory { note, directory });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((settings.version, Arc::clone(&signed)));
        Ok((settings.version, signed))
    }
}
