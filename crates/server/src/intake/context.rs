//! The keys of sealing contexts, derived once and kept for a while.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use vigil_audit::{ContextOpener, UnsealError};
use vigil_model::DeviceId;
use vigil_model::wire::Context;

use crate::Keys;

/// Workstations have one context for each start; so many are kept.
const KEPT: usize = 4_096;

type Name = (DeviceId, u32, Vec<u8>);

/// The contexts that were used last.
#[derive(Default)]
pub(crate) struct ContextCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    openers: HashMap<Name, ContextOpener>,
    oldest_first: VecDeque<Name>,
}

impl ContextCache {
    /// What opens the entries of this context.
    pub(crate) fn opener(&self, keys: &Keys, log: DeviceId, context: &Context) -> Result<ContextOpener, UnsealError> {
        let name = (log, context.key, context.encapsulated.0.clone());
        if let Some(known) = self.0.lock().ok().and_then(|kept| kept.openers.get(&name).cloned()) {
            return Ok(known);
        }
        let opener = keys.opener(context.key).ok_or(UnsealError::Key)?.context(&context.encapsulated.0, log)?;
        if let Ok(mut kept) = self.0.lock() {
            kept.keep(name, opener.clone());
        }
        Ok(opener)
    }
}

impl Kept {
    fn keep(&mut self, name: Name, opener: ContextOpener) {
        if self.openers.insert(name.clone(), opener).is_none() {
            self.oldest_first.push_back(name);
        }
        while self.oldest_first.len() > KEPT
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.openers.remove(&oldest);
        }
    }
}
