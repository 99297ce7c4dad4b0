//! Syslog over TLS: the header of RFC 5424, the octet counting of RFC 5425, and in it CEF for a SIEM or the audit message of DICOM for an
//! audit record repository (IHE ITI-20).
//!
//! Each message has a connection of its own. After it the server says that nothing follows (`close_notify`) and waits until the receiver
//! ends the connection too: RFC 5425, 4.4, has it answer with a `close_notify`, and whoever has come that far has read what was before it.
//! A receiver that turns us away ends the connection as well, before it has read anything; its system then resets what it did not read, and
//! that is waited for. A connection that breaks, is reset, or is not ended in time, is an error that is tried again, so that a message comes
//! twice rather than never.
//!
//! What syslog cannot confirm: that the receiver has **kept** the message. There is no answer in it; a receiver that is killed between
//! reading and writing loses what it has read, and nobody is told. The proof of an alarm is the audit log, never the SIEM.

mod cef;
mod dicom;

use std::io::ErrorKind;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::client::TlsStream;

use crate::dial::Place;
use crate::failure::KeyError;
use crate::settings::SyslogSettings;
use crate::tls::Tls;
use crate::{Delivered, DeliveryError, Notice};

/// The port of syslog over TLS.
const USUAL: u16 = 6514;
/// security/authorization messages (RFC 5424, 6.2.1): the facility that ITI-20 asks for.
const FACILITY: u8 = 10;
/// APP-NAME.
const PROGRAM: &str = "vigil-server";
/// How long the receiver may take to end the connection.
const END: Duration = Duration::from_secs(10);
/// How long after the end a reset may still come: more than the longest way there and back.
const RESET: Duration = Duration::from_millis(500);
/// As much as a receiver may say, which has nothing to say.
const SAID: usize = 64 * 1024;

/// What the message is written in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Language {
    Cef,
    Dicom,
}

pub(super) struct Syslog {
    place: Place,
    tls: Tls,
    language: Language,
}

impl Syslog {
    pub(super) fn new(settings: &SyslogSettings, language: Language) -> Result<Self, KeyError> {
        let port = settings.port.map_or(USUAL, |port| port.0);
        let place = Place::new(settings.host.as_str(), port);
        let place = place.ok_or_else(|| KeyError::new("host", "this is neither a name nor an address"))?;
        let mut tls = Tls::new(settings.anchor.as_deref())?;
        match (&settings.certificate, &settings.key_file) {
            (Some(certificate), Some(key)) => tls = tls.with_certificate(certificate, key)?,
            (None, None) => {}
            (Some(_), None) => return Err(KeyError::new("key_file", "certificate needs its private key here")),
            (None, Some(_)) => return Err(KeyError::new("certificate", "key_file needs its certificate here")),
        }
        Ok(Self { place, tls, language })
    }

    pub(super) async fn deliver(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        self.place.patiently(self.send(&frame(notice, self.language), now)).await?;
        Ok(Delivered { receipt: None })
    }

    async fn send(&self, frame: &str, now: DateTime<Utc>) -> Result<(), DeliveryError> {
        let stream = self.place.tcp().await?;
        let mut stream = self.place.tls(stream, &self.tls, now).await?;
        stream.write_all(frame.as_bytes()).await.map_err(|error| self.place.failed(&error))?;
        // A close_notify, and the end of what is sent.
        stream.shutdown().await.map_err(|error| self.place.failed(&error))?;
        let unended = |_| {
            let seconds = END.as_secs();
            Err(DeliveryError::transient(format!("{} did not end the connection within {seconds} seconds", self.place)))
        };
        timeout(END, self.ended(&mut stream)).await.unwrap_or_else(unended)
    }

    /// Waits for the end, and whether what was sent is reset after it. Some receivers end TCP without a `close_notify`: what they have read
    /// they have read all the same.
    async fn ended(&self, stream: &mut TlsStream<TcpStream>) -> Result<(), DeliveryError> {
        let mut said = 0_usize;
        let mut buffer = [0_u8; 1024];
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) => break,
                Ok(read) => said = said.saturating_add(read),
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
                // Only now does a server of TLS 1.3 say that it wanted another certificate.
                Err(error) => return Err(self.place.failed(&error)),
            }
            if said > SAID {
                return Err(DeliveryError::permanent(format!("{} talks: it is no receiver of syslog", self.place)));
            }
        }
        sleep(RESET).await;
        match stream.get_ref().0.take_error() {
            Ok(None) => Ok(()),
            Ok(Some(error)) | Err(error) => Err(DeliveryError::transient(format!(
                "{} ended the connection before it had read: {error}",
                self.place
            ))),
        }
    }
}

/// Octet counting: the length in bytes, a space, the message (RFC 5425, 4.3).
fn frame(notice: &Notice, language: Language) -> String {
    let (severity, id, text) = match language {
        Language::Cef => (cef::syslog_severity(notice), "CEF", cef::message(notice)),
        Language::Dicom => (dicom::syslog_severity(notice), dicom::MSGID, dicom::message(notice)),
    };
    let priority = FACILITY.saturating_mul(8).saturating_add(severity);
    // The time of the event, not of the attempt: every attempt sends the same.
    let time = notice.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    // PROCID and STRUCTURED-DATA: none.
    let message = format!("<{priority}>1 {time} {} {PROGRAM} - {id} - {text}", notice.server);
    format!("{} {message}", message.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::tests::notice;
    use crate::{NoticeEvent, Severity};

    #[test]
    fn a_frame_is_counted_in_bytes_and_the_same_for_every_attempt() {
        for language in [Language::Cef, Language::Dicom] {
            let frame = frame(&notice(NoticeEvent::Raised, Severity::High), language);
            let (length, message) = frame.split_once(' ').unwrap();
            assert_eq!(length.parse::<usize>().unwrap(), message.len(), "{frame}");
            assert!(message.is_ascii() && !message.contains('\n'), "no byte order mark is needed: {message}");
        }
    }

    #[test]
    fn the_header_is_that_of_rfc_5424() {
        let frame = |language| frame(&notice(NoticeEvent::Raised, Severity::High), language);
        let cef = frame(Language::Cef);
        let head = "<83>1 2026-11-30T02:45:10.000Z vigil.hospital.example vigil-server - CEF - CEF:0|";
        assert!(cef.contains(head), "{cef}");
        let dicom = frame(Language::Dicom);
        let head = "<84>1 2026-11-30T02:45:10.000Z vigil.hospital.example vigil-server - DICOM+RFC3881 - <?xml";
        assert!(dicom.contains(head), "{dicom}");
    }
}
