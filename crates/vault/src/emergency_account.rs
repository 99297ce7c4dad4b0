//! The emergency account: sealed credentials for the day when nobody can sign in.
//!
//! Its password is two halves on two papers, held by two persons. Each half has 96 random bits, so that one of them says
//! nothing of the other.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use vigil_model::{Sensitive, UserId};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::crockford;
use crate::key::random;

const SECRET: usize = 12;
const CHECK: usize = 3;
const BYTES: usize = SECRET + CHECK;

/// Which of the two papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfNumber {
    /// The first.
    One,
    /// The second.
    Two,
}

impl HalfNumber {
    const fn byte(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// One half, in hand. Wiped when dropped; never stored.
pub struct EmergencyHalf {
    number: HalfNumber,
    secret: Zeroizing<[u8; SECRET]>,
}

/// What somebody typed is not this half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmergencyHalfError {
    /// Too short, too long, or with a letter that there never is.
    #[error("a half has 6 groups of 4 letters and digits; compare with the paper, group by group")]
    NotAHalf,
    /// The check sum does not fit: mistyped, or the other paper.
    #[error("this half is mistyped, or it is the other paper; compare with the paper, group by group")]
    Mistyped,
}

impl EmergencyHalf {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn make(number: HalfNumber) -> Result<Self, VaultError> {
        Ok(Self { number, secret: Zeroizing::new(random()?) })
    }

    /// Reads what was typed: without regard to case, spaces and hyphens; O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`EmergencyHalfError`]
    pub fn parse(number: HalfNumber, text: &str) -> Result<Self, EmergencyHalfError> {
        let bytes = crockford::bytes::<BYTES>(text).ok_or(EmergencyHalfError::NotAHalf)?;
        let (secret, check) = bytes.split_first_chunk::<SECRET>().ok_or(EmergencyHalfError::NotAHalf)?;
        let half = Self { number, secret: Zeroizing::new(*secret) };
        if half.check() == check { Ok(half) } else { Err(EmergencyHalfError::Mistyped) }
    }

    /// The half for paper: six groups of four with hyphens between.
    pub fn text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; BYTES]);
        let all = self.secret.iter().copied().chain(self.check());
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        crockford::letters(bytes.as_slice())
    }

    /// **Do not modify**: papers carry it.
    fn check(&self) -> [u8; CHECK] {
        let digest = Sha256::new()
            .chain_update(b"vigil/emergency-half/v1")
            .chain_update([self.number.byte()])
            .chain_update(self.secret.as_slice())
            .finalize();
        digest.first_chunk().copied().unwrap_or_default()
    }
}

/// The password that two halves make together.
pub fn emergency_password(one: &EmergencyHalf, two: &EmergencyHalf) -> Sensitive<String> {
    let mut password = String::with_capacity(2 * (BYTES * 2));
    password.push_str(&one.text());
    password.push(' ');
    password.push_str(&two.text());
    Sensitive::new(password)
}

/// How the emergency account stands. Nothing of its halves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyAccount {
    /// The user that it is.
    pub user: UserId,
    /// When its halves were made.
    pub sealed_at: DateTime<Utc>,
    /// By which administrator.
    pub sealed_by: UserId,
    /// Who holds the first half and who the second, as the administrator wrote.
    pub holders: [String; 2],
    /// When it was first used since; from then on it has to be sealed anew.
    pub opened_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_read_again_as_people_type_it_and_never_taken_for_the_other() {
        let half = EmergencyHalf::make(HalfNumber::One).unwrap();
        let typed = half.text().to_lowercase().replace('-', " ").replace('0', "o");
        assert_eq!(EmergencyHalf::parse(HalfNumber::One, &typed).unwrap().secret, half.secret);
        let as_other = EmergencyHalf::parse(HalfNumber::Two, &typed).err();
        assert_eq!(as_other, Some(EmergencyHalfError::Mistyped), "the paper of the other person");
        assert_eq!(EmergencyHalf::parse(HalfNumber::One, "ABCD").err(), Some(EmergencyHalfError::NotAHalf));
    }

    #[test]
    fn frozen_half() {
        let half = EmergencyHalf { number: HalfNumber::One, secret: Zeroizing::new([7; SECRET]) };
        assert_eq!(half.text().as_str(), FROZEN, "papers lie in safes");
    }

    const FROZEN: &str = "0W3G-E1R7-0W3G-E1R7-0W3G-QZDE";
}
