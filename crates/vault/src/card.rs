//! Smart cards (PIV and others) behind PKCS#11 as a second factor: the key on the card signs a challenge after the PIN.
//!
//! What counts is the public key that was registered at enrolment, as with SSH: no chain of certificates is looked at, and
//! what ends a card's life before its certificate's time is its removal here.

mod key;
mod reader;

pub use key::CardKey;
pub use reader::CardReader;

/// Why the card did not answer, for the person in front of the reader.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// No reader, or no card in it.
    #[error("no card is in the reader; insert your card and try again")]
    NoCard,
    /// The card has none of the keys that were registered.
    #[error("this is not a card that was registered for this user; insert the right one")]
    OtherCard,
    /// The card has no certificate with a key that can be used.
    #[error("this card holds no certificate with an RSA key of 2048 bits or more, or an EC key on P-256 or P-384")]
    NoUsableKey,
    /// The certificate is not valid yet, or no longer.
    #[error("the certificate on this card is not valid now; ask for a new card")]
    NotValidNow,
    /// The PIN was refused.
    #[error("the card refused the PIN{}", .0.words())]
    WrongPin(TriesLeft),
    /// The PIN is locked.
    #[error("the PIN of this card is locked after too many wrong ones; whoever issued the card unlocks it")]
    PinLocked,
    /// It did not answer in time.
    #[error("the card does not answer (5 seconds were waited for); take it out, insert it again and try again")]
    Silent,
    /// The library of the reader, or the card, failed.
    #[error("the card could not be used ({0}); insert it again, and ask IT if it persists")]
    Failed(String),
}

/// What a card says about how many more wrong PINs it takes: PKCS#11 has flags for it, and no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriesLeft {
    /// It says nothing.
    Unsaid,
    /// Fewer than there were.
    Fewer,
    /// One.
    One,
}

impl TriesLeft {
    const fn words(self) -> &'static str {
        match self {
            Self::Unsaid => "; type it again",
            Self::Fewer => "; it says that fewer tries are left. Type it again with care",
            Self::One => "; one more wrong PIN locks it",
        }
    }
}
