//! One-time tokens: `vigil1.` and base64url of JSON.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::Deserialize;
use vigil_model::wire::Bytes;
use zeroize::Zeroizing;

use crate::client::is_origin;

const PREFIX: &str = "vigil1.";
const LONGEST: usize = 16 * 1024;

/// Why a token is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// It does not begin as tokens do.
    #[error("an enrolment token begins with vigil1. and is one line; copy all of it from vigil-server device token")]
    Form,
    /// A part is missing.
    #[error("this enrolment token is incomplete or was changed; copy all of it from vigil-server device token")]
    Incomplete,
    /// The address in it is none.
    #[error(
        "the address in this enrolment token is no https address; set the server's public address and make a new token"
    )]
    Address,
}

/// A token: where to enrol, whom to trust, and the secret that speaks for the workstation once.
pub struct Token(Inner);

#[derive(Deserialize)]
struct Inner {
    url: String,
    anchor: Bytes,
    id: serde_json::Value,
    secret: Bytes,
}

impl Token {
    /// Reads one; space around it and line breaks within it are how mail programs break it.
    ///
    /// # Errors
    /// [`InvalidToken`]
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        if text.len() > LONGEST {
            return Err(InvalidToken::Form);
        }
        let text: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        let coded = text.strip_prefix(PREFIX).ok_or(InvalidToken::Form)?;
        let json = BASE64_URL_SAFE_NO_PAD.decode(coded).map(Zeroizing::new).map_err(|_| InvalidToken::Incomplete)?;
        let inner: Inner = serde_json::from_slice(&json).map_err(|_| InvalidToken::Incomplete)?;
        if inner.anchor.0.is_empty() || inner.secret.0.is_empty() || inner.id.is_null() {
            return Err(InvalidToken::Incomplete);
        }
        if !is_origin(&inner.url) {
            return Err(InvalidToken::Address);
        }
        Ok(Self(inner))
    }

    /// Where to enrol.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The trust anchor, DER.
    pub fn anchor(&self) -> &[u8] {
        self.0.anchor.as_ref()
    }

    pub(super) const fn secret(&self) -> &Bytes {
        &self.0.secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(json: &str) -> String {
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(json))
    }

    const GOOD: &str = r#"{"url":"https://vigil.example:8444","anchor":"AQID","id":"7","secret":"BAUG"}"#;

    #[test]
    fn a_token_that_a_mail_program_broke_is_still_one() {
        let text = token(GOOD);
        let broken = format!("  {}\r\n {}\n", &text[..20], &text[20..]);
        let read = Token::parse(&broken).ok().unwrap();
        assert_eq!((read.url(), read.anchor()), ("https://vigil.example:8444", [1, 2, 3].as_slice()), "all of it");
    }

    #[test]
    fn a_token_that_is_none_says_what_to_do() {
        let why = |text: &str| Token::parse(text).err().unwrap();
        assert_eq!(why("hello"), InvalidToken::Form, "no token");
        let text = token(GOOD);
        assert_eq!(why(&text[..text.len() - 4]), InvalidToken::Incomplete, "its end was not copied");
        assert_eq!(why(&token(&GOOD.replace("https", "http"))), InvalidToken::Address, "not over TLS");
        assert_eq!(why(&token(&GOOD.replace("BAUG", ""))), InvalidToken::Incomplete, "no secret");
    }
}
