//! Certificates of both authorities.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::HOST;

/// One authority.
pub(crate) struct Authority {
    params: CertificateParams,
    key: KeyPair,
    pub(crate) der: CertificateDer<'static>,
    pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2036, 1, 1);
        let certificate = params.self_signed(&key).unwrap();
        Self { params, key, der: certificate.der().clone(), pem: certificate.pem() }
    }

    fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }
}

/// What the fleet trusts.
pub(crate) struct Pki {
    pub(crate) servers: Authority,
    pub(crate) workstations: Authority,
    own: (String, Vec<u8>),
}

/// What a server shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Right,
    UnknownAuthority,
    Expired,
    WrongHost,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let workstations = Authority::new("workstations");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let own = (issue(&workstations, &key, months), key.serialize_der());
        Self { servers: Authority::new("servers"), workstations, own }
    }

    pub(crate) fn anchor(&self) -> Vec<u8> {
        self.servers.der.to_vec()
    }

    /// Chain (PEM) and key (PKCS#8) of the workstation.
    pub(crate) fn workstation(&self) -> (String, Vec<u8>) {
        self.own.clone()
    }

    /// The same, valid for so many hours before the tests begin and after.
    pub(crate) fn short_lived(&self, before: u64, after: u64) -> (String, Vec<u8>) {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        // The tests begin at ten o'clock.
        let at = |hours: u64| date_time_ymd(2026, 11, 29) + Duration::from_secs(hours * 3_600);
        let valid = |params: &mut CertificateParams| {
            params.not_before = at(10 - before);
            params.not_after = at(10 + after);
        };
        (issue(&self.workstations, &key, valid), key.serialize_der())
    }

    /// A certificate for the key of this signing request.
    pub(crate) fn sign(&self, csr: &str) -> String {
        let csr = rcgen::CertificateSigningRequestParams::from_pem(csr).unwrap();
        issue(&self.workstations, &csr.public_key, months)
    }

    /// Certificate and key of the server.
    pub(crate) fn server(&self, shown: Shown) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let stranger;
        let authority = match shown {
            Shown::UnknownAuthority => {
                stranger = Authority::new("strangers");
                &stranger
            }
            Shown::Right | Shown::Expired | Shown::WrongHost => &self.servers,
        };
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let host = if shown == Shown::WrongHost { "other.example" } else { HOST };
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = if shown == Shown::Expired { date_time_ymd(2026, 11, 1) } else { date_time_ymd(2027, 1, 1) };
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &authority.issuer()).unwrap();
        (certificate.der().clone(), PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())))
    }
}

fn months(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2026, 11, 1);
    params.not_after = date_time_ymd(2027, 2, 1);
}

fn issue(authority: &Authority, public: &impl rcgen::PublicKeyData, valid: impl Fn(&mut CertificateParams)) -> String {
    let mut params = CertificateParams::default();
    valid(&mut params);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let certificate = params.signed_by(public, &authority.issuer()).unwrap();
    format!("{}{}", certificate.pem(), authority.pem)
}
