//! Rows of a log, page by page.

use futures_util::{Stream, StreamExt as _, stream};
use sqlx::AssertSqlSafe;

use crate::intake::on_a_thread;
use crate::store::sql::values;
use crate::store::{CopiedEvents, EventRow, Log, Store, StoreError, event};

/// One row of a log as it is stored.
pub(crate) struct StoredRow {
    pub(crate) seq: u64,
    pub(crate) hashes: Vec<u8>,
    /// `None`: retention let the entry go, and its hashes stay.
    pub(crate) row: Option<EventRow>,
}

/// Rows of a page.
pub(super) const PAGE: u64 = 4_096;
/// Pages that are read at once.
const AT_ONCE: usize = 3;

/// A page as it was read.
pub(super) enum Page {
    /// Of PostgreSQL, every row there.
    Copied(CopiedEvents),
    /// Of the embedded database, and where some rows are not there or are not as they were.
    Rows(Vec<StoredRow>),
}

/// The first `size` entries of a log, in order, some pages ahead. `judge` looks at each page on a thread of its own; where it finds nothing
/// in one that was copied, it is shown the rows, of which some may be hashes alone.
pub(super) fn pages<T: Send + 'static>(
    store: &Store,
    log: &Log,
    size: u64,
    judge: impl Fn(Page) -> Option<T> + Clone + Send + 'static,
) -> impl Stream<Item = Result<Option<T>, StoreError>> {
    let (store, key) = (store.clone(), log.key);
    let ranges = (0..size.div_ceil(PAGE)).map(move |page| (page * PAGE + 1, ((page + 1) * PAGE).min(size)));
    stream::iter(ranges)
        .map(move |(from, to)| {
            let (store, judge) = (store.clone(), judge.clone());
            let reading = tokio::spawn(async move {
                let copied = event::copy_out(&mut store.read().await?, key, from, to).await?;
                if let Some(copied) = copied {
                    let judge = judge.clone();
                    let judged = on_a_thread(move || judge(Page::Copied(copied))).await?;
                    if judged.is_some() {
                        return Ok(judged);
                    }
                }
                let rows = read(&store, key, from, to).await?;
                on_a_thread(move || judge(Page::Rows(rows))).await
            });
            async move { reading.await.map_err(|_| StoreError::CutOff)? }
        })
        .buffered(AT_ONCE)
}

/// The rows of a log between two numbers, in order.
pub(crate) async fn read(store: &Store, log: i64, from: u64, to: u64) -> Result<Vec<StoredRow>, StoreError> {
    const DOING: &str = "reading a log";
    let mut tx = store.read().await?;
    let sql =
        format!("SELECT {} FROM audit_event WHERE log = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq", event::COLUMNS);
    let mut rows = Vec::new();
    tx.each(DOING, AssertSqlSafe(sql), &values![log, from, to], |row| {
        let (seq, hashes, row) = event::read(&row)?;
        rows.push(StoredRow { seq, hashes, row: Some(row) });
        Ok(())
    })
    .await?;
    if rows.len() as u64 <= to.saturating_sub(from) {
        let sql = "SELECT seq, hashes FROM audit_leaf WHERE log = $1 AND seq BETWEEN $2 AND $3";
        for row in tx.all(DOING, sql, &values![log, from, to]).await? {
            rows.push(StoredRow { seq: row.uint(0)?, hashes: row.bytes(1)?, row: None });
        }
        rows.sort_by_key(|row| row.seq);
    }
    Ok(rows)
}
