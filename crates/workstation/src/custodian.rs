//! Which custodian keeps the device root of a data folder: chosen once, written beside the data, never changed silently.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use vigil_vault::{Custodian, SoftwareCustodian};

use crate::{AppError, CustodianChoice, Moment, new_uuid};

/// The file that names the custodian. It holds no secret: a wrong name opens nothing.
const FILE: &str = "custodian.json";
/// Where the software custodian keeps its root.
const SOFTWARE_ROOT: &str = "device.root";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Named {
    kind: Kind,
    /// The name under which a keystore keeps the root of this installation.
    installation: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    OsKeystore,
    Software,
}

/// The custodian of a folder that is set up.
pub(crate) fn of(data: &Path) -> Result<Arc<dyn Custodian>, AppError> {
    let path = data.join(FILE);
    let unreadable = |reason: String| {
        AppError::unusable(format!("{}: {reason}; restore the data folder from its backup", path.display()))
    };
    let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
    let named: Named = serde_json::from_str(&text).map_err(|_| unreadable("not what Vigil wrote".to_owned()))?;
    custodian(data, &named)
}

/// Chooses the custodian of a new folder.
pub(crate) fn choose(data: &Path, choice: CustodianChoice, at: Moment) -> Result<Arc<dyn Custodian>, AppError> {
    let kind = match choice {
        CustodianChoice::OsKeystore => Kind::OsKeystore,
        CustodianChoice::Software => Kind::Software,
    };
    let named = Named { kind, installation: new_uuid(at).to_string() };
    let custodian = custodian(data, &named)?;
    let unwritable = |error: std::io::Error| AppError::unusable(format!("{}: {error}", data.join(FILE).display()));
    fs::create_dir_all(data).map_err(unwritable)?;
    let text = serde_json::to_string(&named).map_err(|_| AppError::stopped())?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(data.join(FILE)).and_then(|mut file| file.write_all(text.as_bytes())).map_err(unwritable)?;
    Ok(custodian)
}

fn custodian(data: &Path, named: &Named) -> Result<Arc<dyn Custodian>, AppError> {
    match named.kind {
        Kind::Software => Ok(Arc::new(SoftwareCustodian::at(&data.join(SOFTWARE_ROOT)))),
        #[cfg(target_os = "linux")]
        Kind::OsKeystore => Ok(Arc::new(vigil_vault::SecretServiceCustodian::of(&named.installation))),
        #[cfg(not(target_os = "linux"))]
        Kind::OsKeystore => Err(AppError::unusable(
            "this build has no custodian for this system's keystore yet; only demonstrations run here (--custodian software)",
        )),
    }
}
