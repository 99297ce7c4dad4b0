//! A conversation with a mail server (RFC 5321), command by command.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::message::dotted;
use super::reply::{Replies, Reply, ReplyError};
use crate::DeliveryError;
use crate::dial::{Place, Stream};
use crate::http;
use crate::settings::MailAddress;

/// For the farewell, on which nothing depends.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(2);

/// Why a command came to nothing.
pub(super) enum Fault {
    /// The server said no, and the conversation goes on.
    Said(DeliveryError),
    /// There is no conversation any more.
    Broken(DeliveryError),
}

impl From<Fault> for DeliveryError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Said(error) | Fault::Broken(error) => error,
        }
    }
}

/// A conversation over TLS.
pub(super) struct Session<'p> {
    place: &'p Place,
    stream: Box<dyn Stream>,
    replies: Replies,
    /// What the server says that it can.
    able: Option<Reply>,
}

impl<'p> Session<'p> {
    pub(super) fn new(place: &'p Place, stream: Box<dyn Stream>) -> Self {
        Self { place, stream, replies: Replies::default(), able: None }
    }

    pub(super) async fn greeting(&mut self) -> Result<(), Fault> {
        let reply = next(self.place, &mut self.replies, &mut *self.stream).await?;
        wanted(self.place, "the greeting", &reply, 220)
    }

    pub(super) async fn hello(&mut self, name: &str) -> Result<(), Fault> {
        let reply = self.ask("EHLO", &format!("EHLO {name}")).await?;
        wanted(self.place, "EHLO", &reply, 250)?;
        self.able = Some(reply);
        Ok(())
    }

    /// PLAIN (RFC 4616) where the server has it, or else LOGIN, which some have alone.
    pub(super) async fn log_in(&mut self, username: &str, password: &str) -> Result<(), Fault> {
        let ways = self.able.as_ref().and_then(|able| able.extension("AUTH")).unwrap_or_default();
        let has = |way: &str| ways.iter().any(|found| found == way);
        let coded = |text: &str| Zeroizing::new(STANDARD.encode(text));
        if has("PLAIN") {
            let pair = Zeroizing::new(format!("\0{username}\0{password}"));
            let command = Zeroizing::new(format!("AUTH PLAIN {}", *coded(&pair)));
            return self.done("AUTH", &command, 235).await;
        }
        if has("LOGIN") {
            self.done("AUTH", "AUTH LOGIN", 334).await?;
            self.done("AUTH", &coded(username), 334).await?;
            return self.done("AUTH", &coded(password), 235).await;
        }
        let what = format!("{} offers neither AUTH PLAIN nor AUTH LOGIN", self.place);
        Err(Fault::Said(DeliveryError::permanent(what)))
    }

    pub(super) async fn from(&mut self, address: &MailAddress) -> Result<(), Fault> {
        self.done("MAIL FROM", &format!("MAIL FROM:<{}>", address.as_str()), 250).await
    }

    pub(super) async fn to(&mut self, address: &MailAddress) -> Result<(), Fault> {
        let reply = self.ask("RCPT TO", &format!("RCPT TO:<{}>", address.as_str())).await?;
        // 251: it will forward.
        if reply.code == 251 { Ok(()) } else { wanted(self.place, "RCPT TO", &reply, 250) }
    }

    /// Hands the message over. From the good answer on, the server has it.
    pub(super) async fn message(&mut self, message: &str) -> Result<Option<String>, Fault> {
        self.done("DATA", "DATA", 354).await?;
        send(self.place, &mut *self.stream, dotted(message).as_bytes()).await?;
        let reply = next(self.place, &mut self.replies, &mut *self.stream).await?;
        wanted(self.place, "the message", &reply, 250)?;
        Ok(queued(&reply))
    }

    /// Says goodbye; whether it is heard does not matter.
    pub(super) async fn quit(&mut self) {
        let farewell = async {
            let heard = self.ask("QUIT", "QUIT").await.is_ok();
            heard && self.stream.shutdown().await.is_ok()
        };
        // The message is delivered: nothing can be lost here.
        let _ = timeout(FAREWELL, farewell).await;
    }

    async fn done(&mut self, name: &str, command: &str, code: u16) -> Result<(), Fault> {
        let reply = self.ask(name, command).await?;
        wanted(self.place, name, &reply, code)
    }

    async fn ask(&mut self, name: &str, command: &str) -> Result<Reply, Fault> {
        ask(self.place, &mut self.replies, &mut *self.stream, name, command).await
    }
}

/// The few words before TLS. Nothing of them is believed: neither that the server cannot, which ends it, nor what it says beside its answer,
/// which an attacker could have put there to be read as if it came through TLS.
pub(super) async fn start_tls(place: &Place, mut stream: TcpStream, hello: &str) -> Result<TcpStream, DeliveryError> {
    let mut replies = Replies::default();
    let greeting = next(place, &mut replies, &mut stream).await?;
    wanted(place, "the greeting", &greeting, 220)?;
    let able = ask(place, &mut replies, &mut stream, "EHLO", &format!("EHLO {hello}")).await?;
    wanted(place, "EHLO", &able, 250)?;
    if able.extension("STARTTLS").is_none() {
        return Err(DeliveryError::permanent(format!("{place} offers no STARTTLS, and mail is not sent in the clear")));
    }
    let reply = ask(place, &mut replies, &mut stream, "STARTTLS", "STARTTLS").await?;
    wanted(place, "STARTTLS", &reply, 220)?;
    if !replies.is_empty() {
        return Err(DeliveryError::transient(format!("{place} spoke between STARTTLS and TLS")));
    }
    Ok(stream)
}

async fn ask<S: Stream + ?Sized>(
    place: &Place,
    replies: &mut Replies,
    stream: &mut S,
    name: &str,
    command: &str,
) -> Result<Reply, Fault> {
    // All that stands in commands was parsed; a line end in one would be another command.
    if command.contains(['\r', '\n', '\0']) {
        return Err(Fault::Said(DeliveryError::permanent(format!(
            "{name} cannot be said to {place} with these settings"
        ))));
    }
    let line = Zeroizing::new(format!("{command}\r\n"));
    send(place, stream, line.as_bytes()).await?;
    next(place, replies, stream).await
}

async fn send(place: &Place, stream: &mut (impl AsyncWrite + Unpin + ?Sized), bytes: &[u8]) -> Result<(), Fault> {
    let broken = |error| Fault::Broken(place.failed(&error));
    stream.write_all(bytes).await.map_err(broken)?;
    stream.flush().await.map_err(broken)
}

async fn next<S: Stream + ?Sized>(place: &Place, replies: &mut Replies, stream: &mut S) -> Result<Reply, Fault> {
    let broken = |what: &str| DeliveryError::transient(format!("{place} {what}"));
    replies.next(stream).await.map_err(|error| {
        Fault::Broken(match error {
            ReplyError::Io(error) => place.failed(&error),
            ReplyError::Ended => broken("ended the connection"),
            ReplyError::TooLong => broken("talks without an end"),
            ReplyError::Malformed => broken("does not answer as a mail server does"),
        })
    })
}

/// 4yz is tried again, 5yz is not (RFC 5321, 4.2.1).
fn wanted(place: &Place, name: &str, reply: &Reply, code: u16) -> Result<(), Fault> {
    if reply.code == code {
        return Ok(());
    }
    let what = format!("{place} answered {} to {name}", reply.said());
    // 421 ends the conversation, whatever it answers.
    let fault = if reply.code == 421 { Fault::Broken } else { Fault::Said };
    Err(fault(if reply.code >= 500 { DeliveryError::permanent(what) } else { DeliveryError::transient(what) }))
}

/// The id in the queue, where the server names one as Postfix does (`queued as 4Xyz`) or Exchange (`Queued mail for delivery` has none).
fn queued(reply: &Reply) -> Option<String> {
    let words = reply.lines.first()?.rsplit_once("queued as ")?.1;
    http::receipt(words.split_ascii_whitespace().next()?)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncBufReadExt as _, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// Begins with a server that says these things, one after each command.
    async fn begin(says: &'static [&'static str]) -> Result<TcpStream, DeliveryError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let place = Place::new("127.0.0.1", listener.local_addr().unwrap().port()).unwrap();
        let server = async {
            let mut stream = BufReader::new(listener.accept().await.unwrap().0);
            for (turn, words) in says.iter().enumerate() {
                if turn > 0 {
                    stream.read_line(&mut String::new()).await.unwrap();
                }
                stream.get_mut().write_all(words.as_bytes()).await.unwrap();
            }
            // It stays until the other has gone.
            let _ = stream.read_line(&mut String::new()).await;
        };
        let client = async { start_tls(&place, place.tcp().await?, "vigil.hospital.example").await };
        tokio::select! {
            biased;
            begun = client => begun,
            () = server => panic!("the server went first"),
        }
    }

    #[tokio::test]
    async fn tls_begins_after_a_plain_yes_and_not_otherwise() {
        const ABLE: &str = "250-mail.example\r\n250 STARTTLS\r\n";
        assert!(begin(&["220 mail.example\r\n", ABLE, "220 go ahead\r\n"]).await.is_ok(), "yes");
        let unable = begin(&["220 mail.example\r\n", "250 mail.example\r\n"]).await.unwrap_err();
        assert!(!unable.transient && unable.what.contains("offers no STARTTLS"), "{unable}");
        // What an attacker adds would be read as the first words through TLS (the command injection of CVE-2011-0411).
        let added = begin(&["220 mail.example\r\n", ABLE, "220 go ahead\r\n250 AUTH PLAIN\r\n"]).await.unwrap_err();
        assert!(added.what.contains("spoke between STARTTLS and TLS"), "{added}");
        let later = begin(&["220 mail.example\r\n", ABLE, "454 4.7.0 not now\r\n"]).await.unwrap_err();
        assert!(later.transient && later.what.ends_with("answered 454 4.7.0 to STARTTLS"), "{later}");
    }
}
