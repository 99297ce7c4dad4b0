//! What the tests of this module share.

use serde_json::Value;

use super::reader::Chart;
use super::{Names, Record};

/// A directory that knows nobody.
pub(super) struct NoNames;

impl Names for NoNames {
    fn display(&self, _reference: &str) -> Option<String> {
        None
    }
}

/// A record of the type and id that `json` carries.
pub(super) fn record(json: Value) -> Record {
    let field = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    Record { resource_type: field("resourceType"), id: field("id"), version: 1, json }
}

/// What `build` makes of a chart of these records.
pub(super) fn chart_of<T>(records: &[Record], build: impl Fn(&Chart<'_>) -> T) -> T {
    build(&Chart::new(records, &NoNames, |_| true).0)
}
