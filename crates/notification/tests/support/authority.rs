//! Certificates, as files: a receiver of another make reads them too.

use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    PKCS_ECDSA_P256_SHA256, date_time_ymd,
};
use tempfile::TempDir;

/// One authority, and the folder that its files are in.
pub(crate) struct Authority {
    params: CertificateParams,
    key: KeyPair,
    pub(crate) folder: TempDir,
}

/// Certificate and key, both PEM.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Right,
    Expired,
    WrongName,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "an authority of tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2040, 1, 1));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("anchor.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { params, key, folder }
    }

    /// The file of those who are trusted.
    pub(crate) fn anchor(&self) -> PathBuf {
        self.folder.path().join("anchor.pem")
    }

    /// A certificate for a receiver on this machine.
    pub(crate) fn receiver(&self, shown: Shown) -> Files {
        let names = match shown {
            Shown::Right | Shown::Expired => vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            Shown::WrongName => vec!["elsewhere.example".to_owned()],
        };
        let until = if shown == Shown::Expired { date_time_ymd(2026, 11, 1) } else { date_time_ymd(2040, 1, 1) };
        self.issue(&format!("{shown:?}"), names, until, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// A certificate that a caller shows.
    pub(crate) fn caller(&self) -> Files {
        let names = vec!["vigil.hospital.example".to_owned()];
        self.issue("caller", names, date_time_ymd(2040, 1, 1), ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn issue(
        &self,
        name: &str,
        names: Vec<String>,
        until: time::OffsetDateTime,
        usage: ExtendedKeyUsagePurpose,
    ) -> Files {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), until);
        params.extended_key_usages = vec![usage];
        let certificate = params.signed_by(&key, &Issuer::from_params(&self.params, &self.key)).unwrap();
        let files = Files {
            certificate: self.folder.path().join(format!("{name}.pem")),
            key: self.folder.path().join(format!("{name}.key")),
        };
        std::fs::write(&files.certificate, certificate.pem()).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        files
    }

    /// A file with a secret in it.
    pub(crate) fn secret(&self, name: &str, secret: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, format!("{secret}\n")).unwrap();
        file
    }
}
