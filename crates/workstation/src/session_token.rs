//! Session tokens: PASETO v4.public over who is signed in, in which role, at which device, until when (ADR 17).
//!
//! The token is the authority: a use case takes user, role and session from the claims of a token that verified, and nothing
//! else. What was verified is kept beside its bytes, in a type that only the verification makes, so that the signature is
//! checked once for each token; what depends on the time is checked at every use.

mod claims;

use std::time::Duration;

use pasetors::keys::{AsymmetricKeyPair, AsymmetricPublicKey, AsymmetricSecretKey, Generate as _};
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};
use pasetors::{Public, version4};
use vigil_model::{BootId, DeviceId, Sensitive, SessionId};

pub(crate) use self::claims::Claims;
use crate::Moment;

/// How long a token is good for.
pub(crate) const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// After how long activity renews it.
pub(crate) const RENEWED_AFTER: Duration = Duration::from_secs(60);
/// How often the account is looked at, so that a closed account and another role take effect within a minute.
pub(crate) const LOOKED_AFTER: Duration = Duration::from_secs(30);
/// By how much the wall clock may move against the time since boot.
const CLOCKS_APART: Duration = Duration::from_secs(60);

/// The pair of keys that signs and verifies: made by the program for itself, stored nowhere, gone with it.
pub(crate) struct TokenKey {
    secret: AsymmetricSecretKey<V4>,
    public: AsymmetricPublicKey<V4>,
}

/// Where a token is good.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) device: DeviceId,
    pub(crate) boot: Option<BootId>,
}

/// A token that verified, and what it says. Only [`TokenKey::admit`] makes one.
pub(crate) struct SessionToken {
    text: Sensitive<String>,
    claims: Claims,
    /// Time since boot at which the account was looked at.
    looked: Duration,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it is no v4.public token")]
    Header,
    #[error("it has a footer")]
    Footer,
    #[error("it is cut off or no base64")]
    Form,
    #[error("its signature is not one of this program, device and boot")]
    Signature,
    #[error("its claims are no JSON object in canonical form")]
    Json,
    #[error("it lacks the claim {0}")]
    Missing(&'static str),
    #[error("it has a claim that is not known")]
    Unknown,
    #[error("its claim {0} is not written as it should be")]
    Claim(&'static str),
    #[error("it is for another device")]
    Device,
    #[error("it is for another boot")]
    Boot,
    #[error("it is for another session")]
    Session,
    #[error("it is not good yet")]
    NotYet,
    #[error("its time is over")]
    Expired,
    #[error("the clock was changed since it was made")]
    Clock,
}

impl Refusal {
    /// The word in the audit log. **Do not modify**.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Header => "token-header",
            Self::Footer => "token-footer",
            Self::Form => "token-form",
            Self::Signature => "token-signature",
            Self::Json => "token-json",
            Self::Missing(_) => "token-claim-missing",
            Self::Unknown => "token-claim-unknown",
            Self::Claim(_) => "token-claim",
            Self::Device => "token-device",
            Self::Boot => "token-boot",
            Self::Session => "token-session",
            Self::NotYet => "token-not-yet",
            Self::Expired => "token-expired",
            Self::Clock => "clock-changed",
        }
    }

    /// What the lock page says.
    pub(crate) const fn notice(self) -> &'static str {
        match self {
            Self::Clock => "the clock of this workstation was changed, so the screen locked; unlock it to go on",
            Self::Expired => "nothing was done here for 15 minutes, so the screen locked; unlock it to go on",
            Self::Header
            | Self::Footer
            | Self::Form
            | Self::Signature
            | Self::Json
            | Self::Missing(_)
            | Self::Unknown
            | Self::Claim(_)
            | Self::Device
            | Self::Boot
            | Self::Session
            | Self::NotYet => "the session could not be verified any more, so the screen locked; unlock it to go on",
        }
    }
}

impl TokenKey {
    /// A new pair. `None`: the operating system gives no random bytes.
    pub(crate) fn make() -> Option<Self> {
        let AsymmetricKeyPair { public, secret } = AsymmetricKeyPair::<V4>::generate().ok()?;
        Some(Self { secret, public })
    }

    /// Makes a token over these claims and reads it back: what a session goes by is what was verified.
    pub(crate) fn issue(&self, claims: &Claims, place: Place, now: Moment) -> Result<SessionToken, Refusal> {
        let payload = claims.canonical()?;
        let text = PublicToken::sign(&self.secret, payload.as_bytes(), None, Some(place.assertion().as_bytes()))
            .map_err(|_| Refusal::Form)?;
        self.admit(Sensitive::new(text), place, now)
    }

    /// Verifies a token: its form, its signature over this device and this boot, its claims, its time.
    pub(crate) fn admit(&self, text: Sensitive<String>, place: Place, now: Moment) -> Result<SessionToken, Refusal> {
        // EXPOSE: it is read here and never leaves.
        let parts: Vec<&str> = text.expose().split('.').collect();
        if parts.get(..2) != Some(&["v4", "public"]) {
            return Err(Refusal::Header);
        }
        if parts.len() > 3 {
            return Err(Refusal::Footer);
        }
        let untrusted: UntrustedToken<Public, V4> =
            UntrustedToken::try_from(text.expose().as_str()).map_err(|_| Refusal::Form)?;
        let trusted = version4::PublicToken::verify(&self.public, &untrusted, None, Some(place.assertion().as_bytes()))
            .map_err(|_| Refusal::Signature)?;
        let claims = Claims::parse(trusted.payload())?;
        let token = SessionToken { text, claims, looked: now.since_boot };
        token.valid(place, now)?;
        Ok(token)
    }
}

impl Place {
    /// What is signed beside the token and is not in it. **Do not modify** without a new version of the claims.
    fn assertion(self) -> String {
        format!("{}|{}", self.device, self.boot.map(|boot| boot.to_string()).unwrap_or_default())
    }
}

impl SessionToken {
    /// What it says, if it is good here and now, and for this session.
    ///
    /// # Errors
    /// The [`Refusal`].
    pub(crate) fn claims(&self, session: SessionId, place: Place, now: Moment) -> Result<&Claims, Refusal> {
        self.valid(place, now)?;
        if self.claims.session == session { Ok(&self.claims) } else { Err(Refusal::Session) }
    }

    /// Both clocks have to say that it is good: the wall clock can be set, and the time since boot says nothing to others.
    fn valid(&self, place: Place, now: Moment) -> Result<(), Refusal> {
        let Claims { device, boot, issued, expires, .. } = &self.claims;
        if *device != place.device {
            return Err(Refusal::Device);
        }
        if *boot != place.boot {
            return Err(Refusal::Boot);
        }
        let age = now.since_boot.checked_sub(issued.since_boot).ok_or(Refusal::NotYet)?;
        let by_wall = (now.utc - issued.utc).to_std();
        let apart = match by_wall {
            Ok(by_wall) => by_wall.abs_diff(age),
            Err(_) => (issued.utc - now.utc).to_std().unwrap_or(Duration::MAX).saturating_add(age),
        };
        if apart > CLOCKS_APART {
            return Err(Refusal::Clock);
        }
        if age >= LIFETIME || now.utc >= *expires {
            return Err(Refusal::Expired);
        }
        Ok(())
    }

    /// Time since boot at which it was made.
    pub(crate) const fn issued(&self) -> Duration {
        self.claims.issued.since_boot
    }

    /// Whether activity now renews it.
    pub(crate) fn is_renewable(&self, now: Moment) -> bool {
        now.since_boot.saturating_sub(self.issued()) >= RENEWED_AFTER
    }

    /// Whether nobody was active for so long that the look every second has let it become old.
    pub(crate) fn is_late(&self, now: Moment) -> bool {
        now.since_boot.saturating_sub(self.issued()) >= 2 * RENEWED_AFTER
    }

    /// Whether it is time to look at the account again.
    pub(crate) fn is_to_be_looked_after(&self, now: Moment) -> bool {
        now.since_boot.saturating_sub(self.looked) >= LOOKED_AFTER
    }

    /// The account was looked at and is as the token says.
    pub(crate) const fn looked(&mut self, now: Moment) {
        self.looked = now.since_boot;
    }

    #[cfg(test)]
    fn text(&self) -> &str {
        self.text.expose()
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionToken({:?})", self.text)
    }
}

#[cfg(test)]
mod tests;
