//! Display names of what a chart refers to: practitioners, organizations, places, medicines.

use std::cell::RefCell;
use std::collections::HashMap;

use vigil_model::{ResourceId, ResourceType, fhir};
use vigil_vault::Tx;

use crate::chart::Names;

/// Looks names up in the vault, each once.
pub(crate) struct SharedNames<'t, 'v> {
    tx: &'t Tx<'v>,
    seen: RefCell<HashMap<String, Option<String>>>,
}

impl<'t, 'v> SharedNames<'t, 'v> {
    pub(crate) fn new(tx: &'t Tx<'v>) -> Self {
        Self { tx, seen: RefCell::default() }
    }

    fn look_up(&self, reference: &str) -> Option<String> {
        let mut parts = reference.split('/');
        let resource_type = ResourceType::parse(parts.next()?).ok()?;
        let id = ResourceId::parse(parts.next()?).ok()?;
        // A name that cannot be opened is shown as the reference that it is, not as a blank.
        let stored = self.tx.shared_resource(&resource_type, &id).ok()??;
        let json: serde_json::Value = serde_json::from_str(&stored.json.ok()?).ok()?;
        fhir::name::of_resource(&json)
    }
}

impl Names for SharedNames<'_, '_> {
    fn display(&self, reference: &str) -> Option<String> {
        if let Some(name) = self.seen.borrow().get(reference) {
            return name.clone();
        }
        let name = self.look_up(reference);
        self.seen.borrow_mut().insert(reference.to_owned(), name.clone());
        name
    }
}
