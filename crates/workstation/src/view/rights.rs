//! The access-rights report: what each user may do.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::Section;

use super::ReportForm;
use crate::FactorKind;

/// A column by which the report is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum RightsColumn {
    /// By name.
    Who,
    /// By role.
    Role,
    /// By teams.
    Teams,
    /// By practitioner.
    Practitioner,
    /// Open, closed.
    State,
    /// By how many second factors.
    Factors,
    /// By the last sign-in; never comes first.
    LastSignIn,
    /// By the last use; never comes first.
    LastUse,
    /// By group keys.
    Keys,
    /// By how many pages of a chart.
    Pages,
    /// By how many actions.
    Actions,
    /// By when the rights were changed last.
    Changed,
}

/// In which order.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessRightsSelection {
    /// By which column.
    pub sort: RightsColumn,
    /// From the end.
    pub descending: bool,
}

/// The report as a file.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessRightsSaveRequest {
    /// In which order.
    pub selection: AccessRightsSelection,
    /// CSV or PDF.
    pub form: ReportForm,
    /// Where to.
    pub path: String,
}

/// The report.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessRightsView {
    /// One for each user.
    pub rows: Vec<AccessRightsRow>,
    /// What every role may do, so that no row says it.
    pub common: Vec<String>,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccessRightsRow {
    /// The id.
    pub user_id: String,
    /// `Dr A. OKAFOR`.
    pub who: String,
    /// What they type to sign in.
    pub username: String,
    /// The role in words.
    pub role: String,
    /// The teams by name.
    pub teams: Vec<String>,
    /// Who the user is in the charts; empty: not linked.
    pub practitioner: String,
    /// `open`, `closed`, `changed outside Vigil`.
    pub state: String,
    /// The second factors.
    pub factors: Vec<FactorKind>,
    /// The last sign-in.
    pub last_sign_in: Option<String>,
    /// The newest thing that the audit log says the user did.
    pub last_use: Option<String>,
    /// Nobody used the open account for so many days, if these are 90 or more.
    pub unused_days: Option<u32>,
    /// The group keys that are held: id and version.
    pub keys: Vec<String>,
    /// The pages of a chart that the policies open to the role.
    pub pages: Vec<Section>,
    /// What else they allow it, but for what every role may do.
    pub actions: Vec<String>,
    /// When the rights were changed last; `None`: before that was noted.
    pub changed: Option<String>,
    /// By whom.
    pub changed_by: Option<String>,
}
