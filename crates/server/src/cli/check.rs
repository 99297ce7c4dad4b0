//! `vigil-server config check`.

use anyhow::{Context as _, bail};

use super::say;
use crate::ca::{certificates, from_files};
use crate::config::{Config, Custody};
use crate::installation::database_url;

/// Looks at what the configuration names, too. Nothing is opened or made.
pub(super) fn check(config: &Config) -> anyhow::Result<()> {
    database_url(config).context("database.url")?;
    if let Some(files) = &config.tls {
        from_files(files).context("tls")?;
    }
    if let Some(witness) = &config.witness {
        certificates(&witness.anchor).context("witness.anchor")?;
    }
    if let Custody::Pkcs11 { module, token: _, pin_file } = &config.custody {
        for (key, file) in [("custody.module", module), ("custody.pin_file", pin_file)] {
            if !file.is_file() {
                bail!("{key}: there is no file {}", file.display());
            }
        }
    }
    Ok(say("the configuration can be used")?)
}
