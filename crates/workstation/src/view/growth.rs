//! What a child's growth shows against the standards.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::When;

/// A measure of a child against the growth standards, each by itself.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrowthView {
    /// `Weight for age`.
    pub measure: String,
    /// The unit of the curves and points: `kg`, `cm`, `kg/m²`.
    pub unit: String,
    /// `girls` or `boys`; empty when it is not known.
    pub sex: String,
    /// The standards that have a table for some of these ages; empty when nothing is assessed.
    pub standards: Vec<GrowthStandard>,
    /// Why nothing is assessed, in words; empty when something is.
    pub not_assessed: String,
}

/// The curves of one standard and the child's values among them.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrowthStandard {
    /// `WHO`, `CDC`.
    pub name: String,
    /// The tables that were used, and from where they were read.
    pub sources: Vec<String>,
    /// The ages in months at which the curves have their values, rising.
    // For the exporter a float may be null (NaN); these are finite numbers.
    #[specta(type = Vec<i32>)]
    pub months: Vec<f64>,
    /// One line for each percentile that the standard's charts draw, lowest first.
    pub curves: Vec<GrowthCurve>,
    /// The child's values that this standard covers, oldest first.
    pub points: Vec<GrowthPoint>,
    /// How many values are left out and why, in words; empty when none is.
    pub left_out: String,
}

/// One line of a growth chart.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrowthCurve {
    /// The percentile as a number: `3`, `50`.
    pub percentile: String,
    /// One value for each month; none where the standard has no table.
    pub values: Vec<Option<f64>>,
}

/// One value of the child.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrowthPoint {
    /// The resource's id.
    pub id: String,
    /// When it was measured.
    pub when: When,
    /// How old the child was: `5d`, `3w 2d`, `14m 2d`, `3y 4m`.
    pub age: String,
    /// The age in months.
    // See `GrowthStandard::months`.
    #[specta(type = i32)]
    pub months: f64,
    /// The value in the unit of the chart.
    #[specta(type = i32)]
    pub value: f64,
    /// The value as text.
    pub text: String,
    /// How many percent of children are below: `42`, `0.4`, `below 0.1`, `above 99.9`.
    pub percentile: String,
    /// Standard deviations from the median: `-1.23`.
    pub z: String,
}
