//! The signed evidence of an incident, as a new file.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use vigil_policy::Interaction;
use vigil_sync::client::Timeouts;
use zeroize::Zeroizing;

use crate::view::{IncidentExportRequest, ReportSavedView};
use crate::{AppError, Workstation, private_file};

/// The server gathers entries and proofs before it answers.
const GATHERING: Timeouts =
    Timeouts { connect: Duration::from_secs(3), read: Duration::from_secs(60), total: Duration::from_secs(120) };

impl Workstation {
    /// Writes the evidence of an incident, as the server signed it, to a new file that only its owner reads.
    ///
    /// # Errors
    /// As [`Self::incident_read`]; or that the file could not be written: what is there already is never written over.
    pub fn incident_export(&self, request: IncidentExportRequest) -> Result<ReportSavedView, AppError> {
        self.asked(Interaction::IncidentExport)?;
        private_file::chosen(Path::new(&request.path))?;
        let about = json!({ "incident": request.id });
        let gathered =
            self.at_the_desk_within(GATHERING, Interaction::IncidentExport, about, async |client, call| {
                client.desk_evidence(call, u64::from(request.id)).await
            })?;
        let bytes = Zeroizing::new(gathered);
        private_file::write_new(Path::new(&request.path), &bytes)?;
        Ok(ReportSavedView { path: request.path })
    }
}
