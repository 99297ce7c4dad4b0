//! `vigil enrol`.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use vigil_workstation::view::FleetJoinRequest;

use super::{Passwords, open, say, sign_in};
use crate::options::Options;

/// Nothing longer is a token.
const LONGEST: u64 = 64 * 1024;

/// Joins the fleet of the server that made the token.
pub(super) fn run(
    options: &Options,
    token_file: &Path,
    user: Option<&str>,
    password_stdin: bool,
    organization: Option<&str>,
) -> anyhow::Result<()> {
    let mut token = String::new();
    std::fs::File::open(token_file)
        .and_then(|file| file.take(LONGEST).read_to_string(&mut token))
        .with_context(|| format!("{} could not be read", token_file.display()))?;
    let (workstation, joined) = match user {
        Some(user) => {
            let workstation = sign_in(options, user, &mut Passwords::new(password_stdin), Box::new(|_| {}))?;
            let joined = workstation.fleet_join(FleetJoinRequest { token })?;
            (workstation, joined)
        }
        None => {
            let workstation = open(options, Box::new(|_| {}))?;
            let joined = workstation.fleet_join_unattended(&token, organization)?;
            (workstation, joined)
        }
    };
    workstation.close()?;
    let server = joined.server.unwrap_or_default();
    say(&format!(
        "this workstation is one of the fleet of {server}; the server lists it as {}",
        joined.enrolment.unwrap_or_default()
    ))?;
    if let Some(ahead) = joined.clock_ahead {
        say(&format!("its clock is {ahead} seconds ahead of the server's; set it"))?;
    }
    say("its audit log is pushed while Vigil runs; the one-time token is used up")
}
