//! Time-based one-time codes (RFC 6238): SHA-1, six digits, half-minutes. Other parameters are silently ignored by many
//! authenticator apps, and HMAC does not rest on the collisions that SHA-1 has (RFC 4226, appendix B.2).

use std::fmt::Write as _;

use totp_rs::{Builder, Totp};
use vigil_model::{Moment, Sensitive};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::key::random;

/// Seconds of a step.
const STEP: u64 = 30;
/// 160 bits, as RFC 4226 recommends.
const BYTES: usize = 20;

/// The secret that an authenticator shares with this workstation. Wiped when dropped.
pub struct TotpSecret(Zeroizing<[u8; BYTES]>);

impl TotpSecret {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn make() -> Result<Self, VaultError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret for typing: base 32 (RFC 4648) in groups of four.
    pub fn grouped_text(&self) -> Zeroizing<String> {
        let plain = self.text();
        let mut text = Zeroizing::new(String::with_capacity(plain.len() + plain.len() / 4));
        for (at, letter) in plain.chars().enumerate() {
            if at > 0 && at.is_multiple_of(4) {
                text.push(' ');
            }
            text.push(letter);
        }
        text
    }

    /// The secret as authenticator apps scan it (the Key Uri Format of Google Authenticator).
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account) = (encoded(issuer), encoded(account));
        Zeroizing::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.text().as_str()))
    }

    /// The step whose code this is: the one of now, or one beside it for clocks that differ; none up to `used`.
    pub(crate) fn step_of(&self, code: &Sensitive<String>, at: Moment, used: Option<u64>) -> Option<u64> {
        let now = step_at(at)?;
        // EXPOSE: the typed code is compared; people type it in two groups.
        let typed: Zeroizing<String> =
            Zeroizing::new(code.expose().chars().filter(|letter| !letter.is_whitespace()).collect());
        if typed.len() != 6 || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let totp = self.totp()?;
        let steps = [now.checked_sub(1), Some(now), now.checked_add(1)];
        let later = |step: &u64| used.is_none_or(|used| *step > used);
        steps.into_iter().flatten().filter(later).find(|step| totp.check(&typed, step.saturating_mul(STEP)).is_some())
    }

    fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.totp().map(|totp| totp.secret().to_base32()).unwrap_or_default())
    }

    fn totp(&self) -> Option<Totp> {
        // Only the step itself: which ones are looked at is decided above.
        Builder::new().with_secret(totp_rs::Secret::new_stack(*self.0)).with_skew(0).build().ok()
    }
}

/// The half-minute of a moment; none before 1970.
fn step_at(at: Moment) -> Option<u64> {
    u64::try_from(at.utc.timestamp()).ok().map(|seconds| seconds / STEP)
}

/// Percent-encoded (RFC 3986), unreserved characters as they are.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// RFC 6238, appendix B, for SHA-1; of its eight digits the last six.
    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(secret.step_of(&typed(code), at(seconds), None), Some(seconds.unsigned_abs() / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_one_step_late_and_no_further() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        // The code of step 1, which is seconds 30 to 59.
        let takes = |seconds| secret.step_of(&typed("287082"), at(seconds), None).is_some();
        assert_eq!([takes(0), takes(29), takes(59), takes(89)], [true; 4], "from step 0 to the end of step 2");
        assert!(!takes(90), "step 3 is too late");
        assert!(
            secret.step_of(&typed("081804"), at(1_111_111_109 - 60), None).is_none(),
            "two steps early is too early"
        );
    }

    #[test]
    fn a_step_up_to_the_last_used_one_is_not_taken_again() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let after = |used| secret.step_of(&typed("287082"), at(59), Some(used));
        assert_eq!(after(0), Some(1), "a later one is");
        assert_eq!(after(1), None, "the same is not");
        assert_eq!(after(7), None, "nor an earlier one, whatever the clock says");
    }

    #[test]
    fn a_code_is_typed_with_a_space_or_without_and_is_six_digits() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let takes = |text: &str| secret.step_of(&typed(text), at(59), None).is_some();
        assert!(takes("287 082") && takes(" 287082 "), "as apps show it");
        for bad in ["", "28708", "2870822", "94287082", "28708a", "٢٨٧٠٨٢", "-87082"] {
            assert!(!takes(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_secret_is_read_by_other_peoples_apps() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(secret.grouped_text().as_str(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", "base 32 in groups");
        assert_eq!(
            secret.uri("Vigil St. Elsewhere", "a.okafor").as_str(),
            "otpauth://totp/Vigil%20St.%20Elsewhere:a.okafor?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Vigil%20St.%20Elsewhere",
            "Key Uri Format"
        );
    }

    fn typed(code: &str) -> Sensitive<String> {
        Sensitive::new(code.to_owned())
    }

    fn at(seconds: i64) -> Moment {
        Moment { utc: chrono::DateTime::from_timestamp(seconds, 0).unwrap(), since_boot: Duration::ZERO }
    }
}
