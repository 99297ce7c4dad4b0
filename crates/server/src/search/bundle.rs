//! What was found, as FHIR.

use std::collections::HashMap;

use serde_json::{Value, json};
use vigil_audit::{AuditEvent, Beside, audit_event_about};
use vigil_model::{DeviceId, PatientId};

use super::Searcher;
use super::cursor::{Cursor, Position};
use super::parameter::Filter;
use crate::store::{EventRow, StoreError};

/// A page.
pub(super) struct Page {
    pub(super) found: Vec<Found>,
    pub(super) next: Option<Cursor>,
}

/// A row that was found.
pub(super) struct FoundRow {
    pub(super) log: DeviceId,
    pub(super) seq: u64,
    pub(super) position: Position,
    pub(super) row: EventRow,
}

/// One AuditEvent.
pub(super) enum Found {
    /// An entry, for one patient of those that it names.
    Entry {
        log: DeviceId,
        event: Box<AuditEvent>,
        /// The patient of a list, and its place, from 1, where there are several.
        listed: Option<(PatientId, Option<usize>)>,
    },
    /// An entry that the workstation keeps in quarantine.
    Quarantined { log: DeviceId, seq: u64, at: i64 },
}

const CORRUPT: StoreError = StoreError::Corrupt("an audit entry does not read; `vigil-server audit verify` names it");

impl FoundRow {
    /// BALP: one event for each patient that a query named; of those that are asked for, if any are.
    pub(super) fn parts(self, asked: &[Vec<String>]) -> Result<Vec<Found>, StoreError> {
        let Self { log, seq, position: (at, _, _), row } = self;
        let Some(bytes) = row.event else { return Ok(vec![Found::Quarantined { log, seq, at }]) };
        let event = AuditEvent::parse(&bytes).map_err(|_| CORRUPT)?;
        let beside = row.beside.as_deref().map_or_else(|| Ok(Beside::default()), serde_json::from_slice);
        let mut listed: Vec<PatientId> =
            beside.map_err(|_| CORRUPT)?.listed.into_iter().map(|(_, patient)| patient).collect();
        listed.dedup();
        let several = listed.len() > 1;
        let is_asked = |patient: &PatientId| {
            let named = |list: &Vec<String>| list.iter().any(|asked| asked == patient.as_str());
            asked.is_empty() || asked.iter().any(named)
        };
        let parts: Vec<_> = (1..).zip(listed).filter(|(_, patient)| is_asked(patient)).collect();
        let of = |listed| Found::Entry { log, event: Box::new(event.clone()), listed };
        // The entry's own patient stands in every part.
        if parts.is_empty() {
            return Ok(vec![of(None)]);
        }
        Ok(parts.into_iter().map(|(number, patient)| of(Some((patient, several.then_some(number))))).collect())
    }
}

impl Found {
    /// The FHIR id: `<log>.<number>`, and `.<part>` behind it from the second part on.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Entry { log, event, listed: Some((_, Some(part))) } if *part > 1 => {
                format!("{log}.{}.{part}", event.seq)
            }
            Self::Entry { log, event, .. } => format!("{log}.{}", event.seq),
            Self::Quarantined { log, seq, .. } => format!("{log}.{seq}"),
        }
    }

    pub(super) fn json(&self, names: &HashMap<String, String>) -> Result<Value, StoreError> {
        match self {
            Self::Entry { log, event, listed } => {
                let listed = listed.as_ref().map(|(patient, number)| (number.unwrap_or(1), patient));
                let mut json = audit_event_about(event, *log, listed).map_err(|_| CORRUPT)?;
                name_agents(&mut json, names);
                Ok(json)
            }
            Self::Quarantined { log, seq, at } => Ok(quarantined(*log, *seq, *at)),
        }
    }
}

/// What people read stands beside the ids of users.
fn name_agents(event: &mut Value, names: &HashMap<String, String>) {
    for agent in event.get_mut("agent").and_then(Value::as_array_mut).into_iter().flatten() {
        let id = agent.pointer("/who/identifier/value").and_then(Value::as_str);
        let name = id.and_then(|id| id.strip_prefix("urn:uuid:")).and_then(|id| names.get(id));
        if let (Some(name), Some(agent)) = (name.cloned(), agent.as_object_mut()) {
            agent.insert("name".to_owned(), Value::String(name));
        }
    }
}

fn quarantined(log: DeviceId, seq: u64, at: i64) -> Value {
    let recorded = chrono::DateTime::from_timestamp_micros(at).unwrap_or_default();
    let device = json!({ "type": "Device", "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{log}") } });
    json!({
        "resourceType": "AuditEvent",
        "id": format!("{log}.{seq}"),
        "type": {
            "system": "http://dicom.nema.org/resources/ontology/DCM",
            "code": "110113",
            "display": "Security Alert",
        },
        "recorded": recorded.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "outcome": "8",
        "outcomeDesc": "the workstation keeps this entry in quarantine; its hash is in the log",
        "agent": [{ "who": device, "requestor": true }],
        "source": { "observer": device },
    })
}

/// The Bundle. Its total is known where one page holds everything.
pub(super) fn searchset(
    searcher: &Searcher,
    query: &[(String, String)],
    filter: &Filter,
    found: &[Found],
    next: Option<&str>,
    names: &HashMap<String, String>,
) -> Result<Value, StoreError> {
    let mut entries = Vec::with_capacity(found.len());
    for one in found {
        let resource = one.json(names)?;
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
        entries.push(json!({
            "fullUrl": format!("{}/{id}", searcher.base),
            "resource": resource,
            "search": { "mode": "match" },
        }));
    }
    if !filter.unknown.is_empty() {
        entries.push(json!({ "resource": ignored(&filter.unknown), "search": { "mode": "outcome" } }));
    }
    let mut links = vec![json!({ "relation": "self", "url": link(searcher, query, filter.cursor.as_deref()) })];
    links.extend(next.map(|next| json!({ "relation": "next", "url": link(searcher, query, Some(next)) })));
    let mut bundle = serde_json::Map::new();
    bundle.insert("resourceType".to_owned(), json!("Bundle"));
    bundle.insert("type".to_owned(), json!("searchset"));
    if next.is_none() && filter.cursor.is_none() {
        bundle.insert("total".to_owned(), json!(found.len()));
    }
    bundle.insert("link".to_owned(), json!(links));
    // FHIR has no empty arrays.
    if !entries.is_empty() {
        bundle.insert("entry".to_owned(), json!(entries));
    }
    Ok(bundle.into())
}

fn ignored(unknown: &[String]) -> Value {
    let issue = |name: &String| {
        json!({
            "severity": "warning",
            "code": "not-supported",
            "diagnostics": format!("the parameter {name} is not supported and was ignored"),
        })
    };
    json!({ "resourceType": "OperationOutcome", "issue": unknown.iter().map(issue).collect::<Vec<_>>() })
}

fn link(searcher: &Searcher, query: &[(String, String)], cursor: Option<&str>) -> String {
    let pairs = query.iter().filter(|(name, _)| name != "_cursor").map(|(name, value)| (name.as_str(), value.as_str()));
    let pairs: Vec<String> = pairs
        .chain(cursor.map(|cursor| ("_cursor", cursor)))
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    if pairs.is_empty() { searcher.base.clone() } else { format!("{}?{}", searcher.base, pairs.join("&")) }
}

/// Percent-encoding (RFC 3986) of everything that is not unreserved.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
