//! Which custodian keeps the device root of a data folder: chosen once, written beside the data, never changed silently.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use vigil_vault::{Custodian, CustodianError, CustodianKind, Pkcs11Custodian, SoftwareCustodian};

use crate::view::Environment;
use crate::{AppError, CustodyPolicy, Moment, new_uuid};

/// The file that names the custodian. It holds no secret: a wrong name opens nothing.
const FILE: &str = "custodian.json";
/// Where the software custodian of a demonstration keeps its root.
const SOFTWARE_ROOT: &str = "device.root";
/// The custodians by the names that the command line and the managed policy use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CustodianName {
    /// A TPM 2.0 (Linux).
    Tpm,
    /// The PKCS#11 token that the managed policy names.
    Pkcs11,
    /// The operating system's keystore.
    OsKeystore,
    /// A file: for demonstrations and tests; always shown as weak.
    Software,
}

impl CustodianName {
    const fn kind(self) -> CustodianKind {
        match self {
            Self::Tpm => CustodianKind::Tpm,
            Self::Pkcs11 => CustodianKind::Pkcs11,
            Self::OsKeystore => CustodianKind::OsKeystore,
            Self::Software => CustodianKind::Software,
        }
    }
}

/// Who keeps the device key of a new workstation. An existing one says so itself, and nothing changes it silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustodianChoice {
    /// The first of the managed policy's order that answers; never the software custodian.
    Auto,
    /// This one and no other.
    Named(CustodianName),
}

impl CustodianChoice {
    /// What people read before the workstation is set up.
    pub(crate) const fn display(self) -> &'static str {
        match self {
            Self::Auto => "chosen at set-up",
            Self::Named(name) => name.kind().display(),
        }
    }

    /// Whether it protects nothing by itself.
    pub(crate) const fn is_weak(self) -> bool {
        matches!(self, Self::Named(CustodianName::Software))
    }
}

/// Who keeps the device key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custody {
    /// In words: `TPM`, `PKCS#11 token`, `OS keystore`, `software`.
    pub custodian: &'static str,
    /// Who would have come earlier in the order, and why each was passed over.
    pub passed_over: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Named {
    kind: CustodianName,
    /// The name under which a keystore, token or folder keeps the root of this installation.
    installation: String,
    /// Where the software custodian keeps its root.
    #[serde(default, skip_serializing_if = "RootPlace::is_beside")]
    root: RootPlace,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RootPlace {
    /// In the data folder: demonstrations, which are thrown away with it.
    #[default]
    Beside,
    /// In the user's state folder: a copy of the data folder does not hold it, and an older copy is noticed.
    State,
}

impl RootPlace {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    const fn is_beside(&self) -> bool {
        matches!(self, Self::Beside)
    }
}

/// What was chosen.
pub(crate) struct Chosen {
    pub(crate) custodian: Arc<dyn Custodian>,
    pub(crate) passed_over: Vec<String>,
}

/// The custodians that this workstation can reach.
pub(crate) struct Custodians<'a> {
    pub(crate) data: &'a Path,
    pub(crate) state: Option<&'a Path>,
    pub(crate) policy: &'a CustodyPolicy,
}

impl Custodians<'_> {
    /// The custodian of a folder that is set up.
    pub(crate) fn of_installation(&self) -> Result<Arc<dyn Custodian>, AppError> {
        let path = self.data.join(FILE);
        let unreadable = |reason: String| {
            AppError::unusable(format!("{}: {reason}; restore the data folder from its backup", path.display()))
        };
        let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        let named: Named = serde_json::from_str(&text).map_err(|_| unreadable("not what Vigil wrote".to_owned()))?;
        self.reach(&named)
    }

    /// Chooses the custodian of a new folder: the one that was named, or the first of the order that does its work.
    pub(crate) fn choose(
        &self,
        choice: CustodianChoice,
        environment: Environment,
        at: Moment,
    ) -> Result<Chosen, AppError> {
        let order = match choice {
            CustodianChoice::Auto => self.policy.order(),
            CustodianChoice::Named(name) if self.policy.allows(name) => vec![name],
            CustodianChoice::Named(name) => {
                return Err(AppError::unusable(format!(
                    "the managed policy does not allow the custodian {}; see its key custodians",
                    name.kind().display()
                )));
            }
        };
        let root = match (environment, self.state) {
            (Environment::Live | Environment::Training, Some(_)) => RootPlace::State,
            _ => RootPlace::Beside,
        };
        let installation = new_uuid(at).to_string();
        make_folder(self.data)?;
        let mut passed_over = Vec::new();
        for kind in order {
            let root = if kind == CustodianName::Software { root } else { RootPlace::Beside };
            let named = Named { kind, installation: installation.clone(), root };
            let tried = self.reach(&named).map_err(|error| error.message).and_then(|custodian| {
                try_out(&*custodian).map_err(|error| error.to_string())?;
                Ok(custodian)
            });
            match tried {
                Ok(custodian) => {
                    self.write(&named)?;
                    return Ok(Chosen { custodian, passed_over });
                }
                Err(reason) => {
                    tracing::warn!(custodian = kind.kind().code(), reason, "a custodian was passed over");
                    passed_over.push(reason);
                }
            }
        }
        Err(AppError::unusable(format!(
            "nobody can keep the device key: {}. Put one of them in order and try again; a demonstration without \
             protection takes --custodian software",
            if passed_over.is_empty() { "the managed policy allows nobody".to_owned() } else { passed_over.join("; ") }
        )))
    }

    fn reach(&self, named: &Named) -> Result<Arc<dyn Custodian>, AppError> {
        match named.kind {
            CustodianName::Software => Ok(Arc::new(SoftwareCustodian::at(&self.software_root(named)?))),
            CustodianName::Pkcs11 => match self.policy.token()? {
                Some(place) => Ok(Arc::new(Pkcs11Custodian::of(&place, &named.installation))),
                None => Err(AppError::unusable(
                    "the PKCS#11 token is not configured (managed policy pkcs11Module, pkcs11Token, pkcs11PinFile)",
                )),
            },
            #[cfg(target_os = "linux")]
            CustodianName::Tpm => {
                // The blob of its key, which that TPM alone can load.
                let key = self.data.join(format!("{}.tpm", named.installation));
                Ok(Arc::new(vigil_vault::TpmCustodian::of(self.policy.tcti(), &key)))
            }
            #[cfg(not(target_os = "linux"))]
            CustodianName::Tpm => Err(AppError::unusable("the TPM is a custodian on Linux only")),
            CustodianName::OsKeystore => Ok(Arc::new(vigil_vault::OsKeystoreCustodian::of(&named.installation))),
        }
    }

    fn software_root(&self, named: &Named) -> Result<PathBuf, AppError> {
        match (named.root, self.state) {
            (RootPlace::Beside, _) => Ok(self.data.join(SOFTWARE_ROOT)),
            (RootPlace::State, Some(state)) => {
                make_folder(state)?;
                Ok(state.join(format!("{}.root", named.installation)))
            }
            (RootPlace::State, None) => Err(AppError::unusable("this user has no state folder; see XDG_STATE_HOME")),
        }
    }

    fn write(&self, named: &Named) -> Result<(), AppError> {
        let path = self.data.join(FILE);
        let text = serde_json::to_string(named).map_err(|_| AppError::stopped())?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| AppError::unusable(format!("{}: {error}", path.display())))
    }
}

/// Whether the custodian does all that will be asked of it. It makes its root, which the installation then uses.
fn try_out(custodian: &dyn Custodian) -> Result<(), CustodianError> {
    let purpose = "vigil/probe/v1";
    let sealed = custodian.seal(purpose, b"probe")?;
    custodian.open(purpose, &sealed)?;
    custodian.hmac(b"probe")?;
    custodian.mark().map(drop)
}

fn make_folder(path: &Path) -> Result<(), AppError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| AppError::unusable(format!("{}: {error}", path.display())))
}
