//! The answers of a mail server (RFC 5321, 4.2): a code of three digits on every line, a hyphen after it on all but the last.

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The longest answer, in bytes.
const MOST: usize = 64 * 1024;

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    /// Whether an extension stands in the answer to EHLO, and its parameters.
    pub(super) fn extension(&self, name: &str) -> Option<Vec<String>> {
        self.lines.iter().skip(1).find_map(|line| {
            let mut words = line.split_ascii_whitespace();
            let found = words.next().filter(|found| found.eq_ignore_ascii_case(name));
            found.map(|_| words.map(str::to_ascii_uppercase).collect())
        })
    }

    /// The code, and the enhanced status code (RFC 3463) where there is one. The words are left out: they may quote what was sent.
    pub(super) fn said(&self) -> String {
        let enhanced =
            self.lines.first().and_then(|line| line.split_ascii_whitespace().next()).filter(|word| is_enhanced(word));
        enhanced.map_or_else(|| self.code.to_string(), |enhanced| format!("{} {enhanced}", self.code))
    }
}

fn is_enhanced(word: &str) -> bool {
    let parts = word.split('.').collect::<Vec<_>>();
    parts.len() == 3
        && parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum ReplyError {
    Io(std::io::Error),
    Ended,
    TooLong,
    Malformed,
}

/// Reads answers, and keeps what came after them.
#[derive(Default)]
pub(super) struct Replies {
    kept: Vec<u8>,
}

impl Replies {
    /// The next answer.
    pub(super) async fn next(&mut self, stream: &mut (impl AsyncRead + Unpin + ?Sized)) -> Result<Reply, ReplyError> {
        loop {
            if let Some((reply, length)) = parse(&self.kept)? {
                self.kept.drain(..length);
                return Ok(reply);
            }
            if self.kept.len() > MOST {
                return Err(ReplyError::TooLong);
            }
            let mut buffer = [0_u8; 1024];
            let read = stream.read(&mut buffer).await.map_err(ReplyError::Io)?;
            if read == 0 {
                return Err(ReplyError::Ended);
            }
            self.kept.extend_from_slice(buffer.get(..read).unwrap_or_default());
        }
    }

    /// Whether the server has said more than it was asked.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

/// The first answer and its length, if it is whole.
fn parse(bytes: &[u8]) -> Result<Option<(Reply, usize)>, ReplyError> {
    let (mut lines, mut length, mut code) = (Vec::new(), 0_usize, None);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(content) = line.strip_suffix(b"\n") else { return Ok(None) };
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        length = length.saturating_add(line.len());
        let (number, rest) = content.split_at_checked(3).ok_or(ReplyError::Malformed)?;
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        let number = number.filter(|number| (200..600).contains(number)).ok_or(ReplyError::Malformed)?;
        if *code.get_or_insert(number) != number {
            return Err(ReplyError::Malformed);
        }
        lines.push(String::from_utf8_lossy(rest.get(1..).unwrap_or_default()).into_owned());
        match rest.first() {
            Some(b'-') => {}
            Some(b' ') | None => return Ok(Some((Reply { code: number, lines }, length))),
            Some(_) => return Err(ReplyError::Malformed),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_several_lines_is_one() {
        let text = b"250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN login\r\n221 bye\r\n";
        let (reply, length) = parse(text).unwrap().unwrap();
        assert_eq!((reply.code, length), (250, text.len() - 9), "up to the next");
        assert_eq!(reply.extension("starttls"), Some(vec![]), "one without parameters");
        assert_eq!(reply.extension("AUTH"), Some(vec!["PLAIN".to_owned(), "LOGIN".to_owned()]), "one with some");
        assert_eq!(reply.extension("mail.example"), None, "the greeting is none");
        assert!(parse(&text[..40]).unwrap().is_none(), "not whole yet");
    }

    #[test]
    fn the_words_of_a_server_are_not_repeated() {
        let said = |text: &str| parse(text.as_bytes()).unwrap().unwrap().0.said();
        assert_eq!(said("550 5.1.1 <jane.roe@h>: unknown\r\n"), "550 5.1.1", "the codes");
        assert_eq!(said("550 no jane.roe here\r\n"), "550", "the code");
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for bad in ["HTTP/1.1 200 OK\r\n", "99 x\r\n", "250x\r\n", "250-a\r\n251 b\r\n", "\r\n"] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
