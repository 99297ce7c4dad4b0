//! `vigil-server alarm`.

use anyhow::bail;
use clap::Subcommand;

use super::say;
use crate::channels::Channels;
use crate::delivery::test_notice;
use crate::installation::Installation;

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the channels that are configured
    Channels,
    /// Send a test message by one channel and wait for what its receiver says
    Test {
        /// The channel, as it is configured
        channel: String,
    },
}

pub(super) async fn obey(installation: &Installation, command: Command) -> anyhow::Result<()> {
    let channels = Channels::of(&installation.config)?;
    match command {
        Command::Channels => channels.names().into_iter().try_for_each(say)?,
        Command::Test { channel: name } => {
            let now = installation.now();
            let (Some(channel), Some(notice)) = (channels.named(&name), test_notice(&channels, now)) else {
                bail!("there is no channel named {name}; `vigil-server alarm channels` lists them");
            };
            match channel.deliver(&notice, now).await {
                Ok(delivered) => {
                    let receipt = delivered.receipt.map(|receipt| format!(" ({receipt})")).unwrap_or_default();
                    say(&format!("{name}: delivered{receipt}"))?;
                }
                Err(error) => bail!("{name}: {}", error.what),
            }
        }
    }
    Ok(())
}
