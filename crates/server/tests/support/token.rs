//! A PKCS#11 token of SoftHSM2.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const PIN: &str = "4711-user-pin";
pub(crate) const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// A token in a folder of its own.
pub(crate) struct Token {
    folder: tempfile::TempDir,
}

impl Token {
    pub(crate) fn new(label: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = Self { folder };
        fs::create_dir(token.path("tokens")).unwrap();
        let settings = format!("directories.tokendir = {}\n", token.path("tokens").display());
        fs::write(token.path("softhsm2.conf"), settings).unwrap();
        token.write_pin(PIN);
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", label, "--so-pin", "4711-so-pin", "--pin", PIN])
            .env("SOFTHSM2_CONF", token.path("softhsm2.conf"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        token
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write_pin(&self, pin: &str) {
        fs::write(self.path("pin"), format!("{pin}\n")).unwrap();
        fs::set_permissions(self.path("pin"), fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub(crate) fn settings(&self, module: &Path, label: &str) -> String {
        let pin = self.path("pin");
        format!("[custody]\nkind = \"pkcs11\"\nmodule = {module:?}\ntoken = {label:?}\npin_file = {pin:?}")
    }
}
