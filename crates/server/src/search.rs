//! FHIR R4 search on `AuditEvent` by the parameters of IHE ITI-81 (Retrieve ATNA Audit Event).
//!
//! Every search and every read is an entry in the server's own log, in the transaction that reads.

mod bundle;
mod cursor;
mod date;
mod export;
mod parameter;
mod statement;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;
use vigil_audit::{Agent, Kind, Outcome};
use vigil_model::{DeviceId, PatientId, PurposeOfUse};

use crate::Keys;
use crate::audit_log::{Draft, kind, record};
use crate::store::{Store, StoreError, Tx, directory};
use bundle::{Found, Page, searchset};
use cursor::Cursor;
use parameter::Filter;

pub use export::{ExportForm, export};

pub(crate) use parameter::{MOST, PARAMETERS};

/// Who searches.
#[derive(Clone, Debug)]
pub struct Searcher {
    /// As the record names it.
    pub agent: Agent,
    /// The network address that it calls from.
    pub address: Option<String>,
    /// The request, where entries of one share an id.
    pub request: Option<Uuid>,
    /// Whether it refuses to have a parameter ignored (`Prefer: handling=strict`).
    pub strict: bool,
    /// The only log that it may look into; `None`: every log.
    pub log: Option<DeviceId>,
    /// Where it called, without the query: what links begin with, such as `https://vigil.example:8444/fhir/AuditEvent`.
    pub base: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A parameter has another form, or is unknown to a caller that asks for strictness. In words, without values.
    #[error("{0}")]
    Parameter(String),
    /// The place where the search was to go on is not of this server, this caller and these parameters.
    #[error("the link to this page is not valid here; search anew")]
    Cursor,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One page of what is found, newest first, as a `searchset` Bundle.
///
/// # Errors
/// [`SearchError`]
pub async fn search(
    store: &Store,
    keys: &Keys,
    searcher: &Searcher,
    query: &[(String, String)],
    now: DateTime<Utc>,
) -> Result<Value, SearchError> {
    let filter = Filter::parse(query)?.within(searcher.log);
    if searcher.strict
        && let Some(unknown) = filter.unknown.first()
    {
        return Err(SearchError::Parameter(format!("the parameter {unknown} is not supported")));
    }
    let cursor = filter.cursor.as_deref().map(|text| Cursor::open(text, keys.cursor(), searcher, query)).transpose()?;
    let mut tx = store.begin().await?;
    let names = directory::display_names(&mut tx).await?;
    let page = page(&mut tx, &filter, cursor).await?;
    record_search(&mut tx, keys, searcher, &filter, page.found.len(), now).await?;
    tx.commit().await?;
    let next = page.next.map(|next| next.seal(keys.cursor(), searcher, query));
    Ok(searchset(searcher, query, &filter, &page.found, next.as_deref(), &names)?)
}

/// One audit event by its id (`<log>.<number>`); `None` where there is none.
///
/// # Errors
/// [`SearchError`]
pub async fn read(
    store: &Store,
    keys: &Keys,
    searcher: &Searcher,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Option<Value>, SearchError> {
    let filter = Filter::parse(&[("_id".to_owned(), id.to_owned()), ("_count".to_owned(), "1".to_owned())])?;
    let filter = filter.within(searcher.log);
    let mut tx = store.begin().await?;
    let names = directory::display_names(&mut tx).await?;
    let found = page(&mut tx, &filter, None).await?.found.into_iter().next();
    let draft = draft(searcher, kind::AUDIT_EVENT_READ, Some(format!("found={}", u8::from(found.is_some()))));
    record(&mut tx, keys, draft, now).await?;
    tx.commit().await?;
    Ok(found.map(|found| found.json(&names)).transpose()?)
}

/// More than the ids that one parameter names.
const NAMED: u32 = 21;

/// The rows of a page, as far as they fill it.
async fn page(tx: &mut Tx, filter: &Filter, cursor: Option<Cursor>) -> Result<Page, StoreError> {
    let count = usize::try_from(filter.count).unwrap_or(usize::MAX);
    let mut found: Vec<Found> = Vec::new();
    let skip = cursor.map_or(0, |cursor| cursor.part);
    // Of a row that is named by a part that it does not have nothing is shown: as many as can be named are read.
    for row in statement::rows(tx, filter, cursor, filter.count.saturating_add(1).max(NAMED)).await? {
        let position = row.position;
        let skip = if cursor.is_some_and(|cursor| cursor.is_at(position)) { skip } else { 0 };
        let is_asked = |one: &Found| filter.ids.iter().all(|ids| ids.contains(&one.id()));
        let parts = row.parts(&filter.patients)?.into_iter().filter(is_asked);
        for (part, one) in (0_u32..).zip(parts).skip(usize::try_from(skip).unwrap_or(0)) {
            if found.len() == count {
                return Ok(Page { found, next: Some(Cursor { part, ..Cursor::at(position) }) });
            }
            found.push(one);
        }
    }
    Ok(Page { found, next: None })
}

/// BALP asks for one entry for each patient that a query named.
async fn record_search(
    tx: &mut Tx,
    keys: &Keys,
    searcher: &Searcher,
    filter: &Filter,
    found: usize,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let reason = format!("parameters={} found={found}", filter.names.join(","));
    let named = filter.patients.iter().flatten().filter_map(|patient| PatientId::parse(patient).ok()).map(Some);
    let mut named: Vec<Option<PatientId>> = named.collect();
    if named.is_empty() {
        named.push(None);
    }
    for patient in named {
        let draft = Draft { patient, ..draft(searcher, kind::AUDIT_EVENT_SEARCH, Some(reason.clone())) };
        record(tx, keys, draft, now).await?;
    }
    Ok(())
}

fn draft(searcher: &Searcher, kind: Kind, reason: Option<String>) -> Draft {
    Draft {
        kind,
        outcome: Outcome::Success,
        agent: searcher.agent,
        purpose: PurposeOfUse::Administration,
        patient: None,
        reason,
        request: searcher.request,
        address: searcher.address.clone(),
    }
}
