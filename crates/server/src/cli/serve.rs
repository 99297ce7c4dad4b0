//! `vigil-server serve`.

use tokio::signal::unix::{SignalKind, signal};

use crate::http::Stop;
use crate::installation::Installation;
use crate::server::{Bound, Server, origins};

/// Answers until it is told to stop, then finishes what runs.
pub(super) async fn serve(installation: Installation) -> anyhow::Result<()> {
    let bound = Bound::to(&installation.config.listen).await?;
    let [workstations, public, operation] = bound.addresses()?;
    let (url, public_url) = origins(&installation.config, (workstations.port(), public.port()));
    let server = Server::new(installation, url.clone())?;
    let stop = Stop::default();
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        told.say();
    });
    let started = || {
        tracing::info!(%url, %public_url, %operation, "the server answers");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    };
    Ok(server.serve(bound, stop, started).await?)
}
