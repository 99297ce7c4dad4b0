//! What an error of a library means.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError};

use super::dial::ProxyRefused;
use crate::{Distrust, Failure};

/// What went wrong on the way to the server.
pub(super) fn in_dialling(error: &io::Error) -> Failure {
    let refused = error.get_ref().and_then(|error| error.downcast_ref::<ProxyRefused>());
    refused.map_or(Failure::Unreachable, |ProxyRefused(status)| Failure::Proxy(*status))
}

/// What went wrong while TLS was set up.
pub(super) fn in_handshake(error: &io::Error) -> Failure {
    match of_tls(error) {
        Some(tls) => of_rustls(tls),
        None if error.kind() == io::ErrorKind::TimedOut => Failure::TimedOut,
        None => Failure::Cut,
    }
}

/// What went wrong with a request or its answer.
pub(super) fn in_exchange(error: &hyper::Error) -> Failure {
    if error.is_parse() || error.is_parse_too_large() {
        return Failure::Malformed;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<io::Error>().and_then(of_tls) {
            // Once TLS stands, broken records are a broken line; what the server says of the certificate is not.
            let refused = matches!(tls, rustls::Error::AlertReceived(alert) if is_about_us(*alert));
            return if refused { Failure::Identity } else { Failure::Cut };
        }
        cause = error.source();
    }
    Failure::Cut
}

fn of_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn of_rustls(error: &rustls::Error) -> Failure {
    if let rustls::Error::AlertReceived(alert) = error
        && is_about_us(*alert)
    {
        return Failure::Identity;
    }
    let rustls::Error::InvalidCertificate(certificate) = error else { return Failure::Untrusted(Distrust::Protocol) };
    let host =
        matches!(certificate, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. });
    let time = matches!(
        certificate,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    );
    Failure::Untrusted(match (host, time) {
        (true, _) => Distrust::Host,
        (_, true) => Distrust::Time,
        (false, false) => Distrust::Issuer,
    })
}

/// Whether the server's alert speaks of the certificate that this workstation showed.
const fn is_about_us(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateRequired
    )
}
