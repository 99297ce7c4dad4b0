//! How workstation and server stand, in words.

use vigil_sync::{Link, SyncState};

use crate::view::{SyncLink, SyncView};
use crate::{AppError, Workstation, clock};

/// A clock that differs by less is none that anybody has to set.
const CLOCK: u64 = 60;

impl Workstation {
    /// How workstation and server stand. It tells of no record and of no user, so that everybody may ask.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn sync_read(&self) -> Result<SyncView, AppError> {
        let Some(vault) = self.vault.get() else { return Ok(alone()) };
        let Some(fleet) = vault.fleet()? else { return Ok(alone()) };
        let (outbox, directory) = (vault.outbox_state()?, vault.fleet_directory()?);
        let lease = directory
            .as_ref()
            .map(|directory| Ok::<_, AppError>((Self::lease_end(vault, directory)?, directory.lease_hours)));
        let lease = lease.transpose()?;
        let lease_over = lease.map(|(end, hours)| self.is_over(vault, end, hours)).transpose()?;
        let said = self.line.engine.get().map(|engine| engine.state().borrow().clone());
        let view = SyncView {
            link: SyncLink::Connecting,
            waiting: count(outbox.entries.saturating_sub(outbox.confirmed)),
            oldest: outbox.oldest.as_ref().map(clock::text),
            last_receipt: outbox.receipt_at.as_ref().map(clock::text),
            urgent: count(outbox.urgent),
            quarantined: count(outbox.quarantined),
            server: Some(fleet.server),
            enrolled_at: time(&fleet.enrolled_at),
            enrolment: Some(fleet.enrolment.to_string()),
            certificate_expires: time(&fleet.certificate.expires),
            directory: count(directory.map_or(0, |directory| directory.version)),
            lease_ends: lease.map(|(end, _)| clock::text(&end)),
            lease_over: lease_over.unwrap_or_default(),
            ..alone()
        };
        Ok(match said {
            Some(said) => with_link(view, &said),
            None => view,
        })
    }
}

/// A workstation of no fleet.
fn alone() -> SyncView {
    SyncView {
        link: SyncLink::NotEnrolled,
        since: None,
        why: None,
        waiting: 0,
        oldest: None,
        last_receipt: None,
        urgent: 0,
        quarantined: 0,
        lost: None,
        clock_ahead: None,
        server: None,
        enrolled_at: None,
        enrolment: None,
        certificate_expires: None,
        directory: 0,
        lease_ends: None,
        lease_over: false,
    }
}

fn with_link(view: SyncView, said: &SyncState) -> SyncView {
    let (link, since, why) = match &said.link {
        // The engine has not looked yet since the workstation joined.
        Link::NotEnrolled | Link::Connecting => (SyncLink::Connecting, None, None),
        Link::Connected => (SyncLink::Connected, None, None),
        Link::Offline { since, why } => (SyncLink::Offline, Some(clock::text(since)), Some(sentence(&why.to_string()))),
        Link::Refused { why } => (SyncLink::Refused, None, Some(sentence(&why.to_string()))),
        Link::Conflict(halt) => (SyncLink::Conflict, None, Some(sentence(&halt.to_string()))),
    };
    SyncView {
        link,
        since,
        why,
        lost: said.lost.map(|(first, last)| format!("{first}-{last}")),
        clock_ahead: said
            .clock_ahead
            .filter(|ahead| ahead.unsigned_abs() >= CLOCK)
            .map(|ahead| i32::try_from(ahead).unwrap_or(if ahead < 0 { i32::MIN } else { i32::MAX })),
        ..view
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn time(text: &str) -> Option<String> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| clock::text(&at.to_utc()))
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
