//! Second factors on the command line.

use vigil_workstation::Workstation;
use vigil_workstation::view::{FactorCreateRequest, FactorProof, SessionCreateRequest};

use super::{Passwords, open, say};
use crate::options::Options;

/// Six digits are a code, anything else a recovery code; an empty line is nothing.
pub(super) fn proof_of(line: &str) -> Option<FactorProof> {
    let code = line.trim().to_owned();
    if code.is_empty() {
        None
    } else if code.chars().filter(|letter| !letter.is_whitespace()).all(|letter| letter.is_ascii_digit()) {
        Some(FactorProof::Code { code })
    } else {
        Some(FactorProof::RecoveryCode { code })
    }
}

/// Sets up an authenticator for a user who has no second factor yet.
pub(super) fn enrol(options: &Options, user: &str, password_stdin: bool) -> anyhow::Result<()> {
    let mut lines = Passwords::new(password_stdin);
    let workstation = open(options, Box::new(|_| {}))?;
    let password = lines.next(&format!("Password of {user}"))?;
    let request = SessionCreateRequest { username: user.to_owned(), password, proof: None, despite_refusal: None };
    workstation.session_create(request)?;
    set_up(&workstation, user, &mut lines)?;
    Ok(workstation.close()?)
}

/// The same for whoever is signed in or on the way in; shows the secret, takes the first code, shows the recovery codes.
pub(super) fn set_up(workstation: &Workstation, user: &str, lines: &mut Passwords) -> anyhow::Result<()> {
    let offer = workstation.totp_offer()?;
    say(&format!("Secret for the authenticator app: {}", offer.text))?;
    let made = workstation.factor_create(FactorCreateRequest { code: lines.next("The code that it shows now")? })?;
    say(&format!("{user} has a second factor. Recovery codes, each for one use; they are not shown again:"))?;
    made.codes.iter().try_for_each(|code| say(&format!("  {code}")))
}
