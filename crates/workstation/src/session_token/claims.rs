//! What a token says. Every claim is a text, each has to be there, and there is no other.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use vigil_model::{BootId, DeviceId, Role, SessionId, UserId};

use super::{LIFETIME, Refusal};
use crate::Moment;

const ISSUER: &str = "vigil";

/// The claims of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// `sub`.
    pub(crate) user: UserId,
    /// `aud`.
    pub(crate) device: DeviceId,
    /// `jti`: the session, which has one token at a time.
    pub(crate) session: SessionId,
    /// `role`.
    pub(crate) role: Role,
    /// `scope`: SMART v2, separated by spaces.
    pub(crate) scope: String,
    /// `iat`, `nbf` and `since_boot_ms`.
    pub(crate) issued: Moment,
    /// `exp`.
    pub(crate) expires: DateTime<Utc>,
    /// `boot`; empty where the system does not say.
    pub(crate) boot: Option<BootId>,
    /// `epoch`: how often the keys of the workstation had changed.
    pub(crate) epoch: i64,
}

/// **Do not modify** order or form: tokens are signed over them (`frozen.json`).
#[derive(Serialize)]
struct Written<'c> {
    iss: &'c str,
    sub: String,
    aud: String,
    exp: String,
    nbf: String,
    iat: String,
    jti: String,
    role: &'c str,
    scope: &'c str,
    boot: String,
    since_boot_ms: String,
    epoch: String,
}

const NAMES: [&str; 12] =
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role", "scope", "boot", "since_boot_ms", "epoch"];

impl Claims {
    /// For a token that is made at `now`.
    pub(crate) fn at(
        now: Moment,
        who: (UserId, Role, SessionId),
        place: super::Place,
        scope: String,
        epoch: i64,
    ) -> Self {
        let (user, role, session) = who;
        // As exact as it is written, so that what is read back is the same.
        let millis = |at: DateTime<Utc>| DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at);
        let since_boot = Duration::from_millis(u64::try_from(now.since_boot.as_millis()).unwrap_or(u64::MAX));
        let issued = Moment { utc: millis(now.utc), since_boot };
        let super::Place { device, boot } = place;
        Self { user, device, session, role, scope, issued, expires: issued.utc + LIFETIME, boot, epoch }
    }

    /// The text that is signed.
    pub(super) fn canonical(&self) -> Result<String, Refusal> {
        let time = |at: &DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let written = Written {
            iss: ISSUER,
            sub: self.user.to_string(),
            aud: self.device.to_string(),
            exp: time(&self.expires),
            nbf: time(&self.issued.utc),
            iat: time(&self.issued.utc),
            jti: self.session.to_string(),
            role: self.role.code(),
            scope: &self.scope,
            boot: self.boot.map(|boot| boot.to_string()).unwrap_or_default(),
            since_boot_ms: self.issued.since_boot.as_millis().to_string(),
            epoch: self.epoch.to_string(),
        };
        serde_json::to_string(&written).map_err(|_| Refusal::Json)
    }

    /// Reads claims, and only in the form in which they are written.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let read: Map<String, Value> = serde_json::from_str(text).map_err(|_| Refusal::Json)?;
        if read.keys().any(|name| !NAMES.contains(&name.as_str())) {
            return Err(Refusal::Unknown);
        }
        let of = |name: &'static str| match read.get(name) {
            None => Err(Refusal::Missing(name)),
            Some(Value::String(text)) => Ok(text.as_str()),
            // A time as a number is what other libraries once took for no time at all.
            Some(_) => Err(Refusal::Claim(name)),
        };
        let time = |name: &'static str| {
            let at = DateTime::parse_from_rfc3339(of(name)?).map_err(|_| Refusal::Claim(name))?;
            Ok(at.to_utc())
        };
        if of("iss")? != ISSUER {
            return Err(Refusal::Claim("iss"));
        }
        let issued = time("iat")?;
        if time("nbf")? != issued {
            return Err(Refusal::Claim("nbf"));
        }
        let boot = of("boot")?;
        let since_boot = of("since_boot_ms")?.parse().map_err(|_| Refusal::Claim("since_boot_ms"))?;
        let claims = Self {
            user: UserId::parse(of("sub")?).map_err(|_| Refusal::Claim("sub"))?,
            device: DeviceId::parse(of("aud")?).map_err(|_| Refusal::Claim("aud"))?,
            session: SessionId::parse(of("jti")?).map_err(|_| Refusal::Claim("jti"))?,
            role: Role::from_code(of("role")?).ok_or(Refusal::Claim("role"))?,
            scope: of("scope")?.to_owned(),
            issued: Moment { utc: issued, since_boot: Duration::from_millis(since_boot) },
            expires: time("exp")?,
            boot: if boot.is_empty() { None } else { Some(BootId::parse(boot).ok_or(Refusal::Claim("boot"))?) },
            epoch: of("epoch")?.parse().map_err(|_| Refusal::Claim("epoch"))?,
        };
        if claims.expires != issued + LIFETIME {
            return Err(Refusal::Claim("exp"));
        }
        // One set of claims has one text: nothing is said twice, nothing hides between the words.
        if claims.canonical()? == text { Ok(claims) } else { Err(Refusal::Json) }
    }
}
