//! Mail: handed to a server that takes submissions (RFC 6409), over TLS that begins at once (RFC 8314) or by STARTTLS (RFC 3207), and
//! never without.
//!
//! The protocol is written out here, in `smtp/session.rs`: the client library that others use builds its TLS with versions that are not
//! spoken here. A message is one transaction for all recipients. A server that takes it for some of them has it for those: the others are
//! tried again alone.

mod message;
mod reply;
mod session;

use chrono::{DateTime, Utc};

use super::recipients;
use crate::dial::Place;
use crate::failure::KeyError;
use crate::memo::Memo;
use crate::secret::Secret;
use crate::settings::{MailAddress, SmtpSettings, SmtpTls};
use crate::tls::Tls;
use crate::{Delivered, DeliveryError, HostName, Notice};
use session::Session;

pub(super) struct Smtp {
    place: Place,
    tls: Tls,
    begin: SmtpTls,
    login: Option<Login>,
    from: MailAddress,
    to: Vec<MailAddress>,
    memo: Memo,
}

struct Login {
    username: String,
    password: Secret,
}

impl Smtp {
    pub(super) fn new(settings: SmtpSettings) -> Result<Self, KeyError> {
        recipients(&settings.to)?;
        let usual = match settings.tls {
            SmtpTls::Implicit => 465,
            SmtpTls::StartTls => 587,
        };
        let port = settings.port.map_or(usual, |port| port.0);
        let place = Place::new(settings.host.as_str(), port);
        Ok(Self {
            place: place.ok_or_else(|| KeyError::new("host", "this is neither a name nor an address"))?,
            tls: Tls::new(settings.anchor.as_deref())?,
            begin: settings.tls,
            login: login(settings.username, settings.password_file.as_deref())?,
            from: settings.from,
            to: settings.to,
            memo: Memo::default(),
        })
    }

    pub(super) async fn deliver(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        self.place.patiently(self.submit(notice, now)).await
    }

    async fn submit(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        let open = self.to.iter().filter(|to| !self.memo.has(notice.id, to.as_str())).collect::<Vec<_>>();
        if open.is_empty() {
            return Ok(Delivered { receipt: None });
        }
        let mut session = self.greeted(&hello(&notice.server), now).await?;
        if let Some(login) = &self.login {
            // EXPOSE: the server knows us by it; TLS stands.
            session.log_in(&login.username, login.password.expose()).await?;
        }
        session.from(&self.from).await?;
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for to in open {
            match session.to(to).await {
                Ok(()) => taken.push(to),
                Err(session::Fault::Said(error)) => refused.push(error),
                Err(session::Fault::Broken(error)) => return Err(error),
            }
        }
        let mut receipt = None;
        if !taken.is_empty() {
            receipt = session.message(&message::message(notice, &self.from, &self.to, now)).await?;
            taken.iter().for_each(|to| self.memo.note(notice.id, to.as_str()));
        }
        session.quit().await;
        match together(refused, self.to.len()) {
            None => Ok(Delivered { receipt }),
            Some(error) => Err(error),
        }
    }

    async fn greeted(&self, hello: &str, now: DateTime<Utc>) -> Result<Session<'_>, DeliveryError> {
        let stream = self.place.tcp().await?;
        match self.begin {
            SmtpTls::Implicit => {
                let stream = self.place.tls(stream, &self.tls, now).await?;
                let mut session = Session::new(&self.place, Box::new(stream));
                session.greeting().await?;
                session.hello(hello).await?;
                Ok(session)
            }
            SmtpTls::StartTls => {
                let stream = session::start_tls(&self.place, stream, hello).await?;
                let stream = self.place.tls(stream, &self.tls, now).await?;
                let mut session = Session::new(&self.place, Box::new(stream));
                // What was said before TLS counts for nothing (RFC 3207, 4.2).
                session.hello(hello).await?;
                Ok(session)
            }
        }
    }
}

fn login(username: Option<String>, file: Option<&std::path::Path>) -> Result<Option<Login>, KeyError> {
    match (username, file) {
        (None, None) => Ok(None),
        (Some(username), Some(file)) => {
            if username.is_empty() || username.len() > 255 || username.chars().any(char::is_control) {
                return Err(KeyError::new("username", "this is no name to log in with"));
            }
            Ok(Some(Login { username, password: Secret::read("password_file", file)? }))
        }
        (Some(_), None) => Err(KeyError::new("password_file", "username needs the file with its password here")),
        (None, Some(_)) => Err(KeyError::new("username", "password_file needs the name that it is for here")),
    }
}

/// What EHLO says who calls: a name, or an address in brackets (RFC 5321, 4.1.3).
fn hello(server: &HostName) -> String {
    match server.address() {
        None => server.to_string(),
        Some(address) if address.is_ipv4() => format!("[{address}]"),
        Some(address) => format!("[IPv6:{address}]"),
    }
}

/// Several refusals as one: it is tried again as long as one of them may heal.
fn together(refused: Vec<DeliveryError>, of: usize) -> Option<DeliveryError> {
    let (count, transient) = (refused.len(), refused.iter().any(|error| error.transient));
    let first = refused.into_iter().find(|error| error.transient == transient)?;
    Some(DeliveryError { what: format!("{} ({count} of {of} recipients)", first.what), ..first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_a_name_or_an_address_in_brackets() {
        let of = |text: &str| hello(&text.parse().unwrap());
        assert_eq!(of("vigil.hospital.example"), "vigil.hospital.example", "a name");
        assert_eq!(of("10.0.0.1"), "[10.0.0.1]", "an address");
        assert_eq!(of("2001:db8::1"), "[IPv6:2001:db8::1]", "a long one");
    }
}
