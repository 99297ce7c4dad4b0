//! Rows in the binary form of PostgreSQL's COPY.

use futures_util::TryStreamExt as _;
use sqlx::PgConnection;

/// Signature, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Stands where the next row would.
const END: [u8; 2] = (-1_i16).to_be_bytes();

/// Rows to be copied.
pub(super) struct CopyRows {
    bytes: Vec<u8>,
    empty: bool,
}

impl CopyRows {
    pub(super) fn new(length: usize) -> Self {
        let mut bytes = Vec::with_capacity(length + 32);
        bytes.extend_from_slice(HEADER);
        Self { bytes, empty: true }
    }

    /// Begins a row of so many fields.
    pub(super) fn row(&mut self, width: usize) {
        self.empty = false;
        self.bytes.extend_from_slice(&i16::try_from(width).unwrap_or(i16::MAX).to_be_bytes());
    }

    pub(super) fn int(&mut self, value: i64) {
        self.bytes(&value.to_be_bytes());
    }

    /// Text and bytes have one form.
    pub(super) fn bytes(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(&i32::try_from(value.len()).unwrap_or(i32::MAX).to_be_bytes());
        self.bytes.extend_from_slice(value);
    }

    pub(super) fn optional(&mut self, value: Option<&[u8]>) {
        match value {
            Some(value) => self.bytes(value),
            None => self.bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }

    /// The last row, as it will be sent, of rows that [`CopyRows::clear`] emptied before it.
    pub(super) fn only_row(&self) -> &[u8] {
        self.bytes.get(HEADER.len()..).unwrap_or_default()
    }

    /// Forgets every row and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.empty = true;
        self.bytes.truncate(HEADER.len());
    }

    pub(super) async fn send(mut self, connection: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
        if self.empty {
            return Ok(());
        }
        self.bytes.extend_from_slice(&END);
        let mut copy = connection.copy_in_raw(statement).await?;
        copy.send(self.bytes).await?;
        copy.finish().await.map(drop)
    }
}

/// What `query` copies out, in one piece.
pub(super) async fn copy_out(connection: &mut PgConnection, query: &str) -> Result<Vec<u8>, sqlx::Error> {
    let mut stream = connection.copy_out_raw(&format!("COPY ({query}) TO STDOUT (FORMAT binary)")).await?;
    let mut bytes = Vec::new();
    while let Some(part) = stream.try_next().await? {
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// A row that was copied out.
pub(super) struct CopiedRow<'a, const WIDTH: usize> {
    /// All of it, as [`CopyRows`] writes it.
    pub(super) bytes: &'a [u8],
    /// Its fields; `None` is NULL.
    pub(super) fields: [Option<&'a [u8]>; WIDTH],
}

/// The rows of what was copied out; `None` unless each has `WIDTH` fields and all are there.
pub(super) fn rows<const WIDTH: usize>(copied: &[u8]) -> Option<Vec<CopiedRow<'_, WIDTH>>> {
    let mut left = copied.strip_prefix(HEADER)?;
    let mut rows = Vec::new();
    while left != END {
        let begins = left;
        let width = i16::from_be_bytes(take(&mut left)?);
        if usize::try_from(width).ok()? != WIDTH {
            return None;
        }
        let mut fields = [None; WIDTH];
        for field in &mut fields {
            let length = i32::from_be_bytes(take(&mut left)?);
            if length >= 0 {
                let (value, rest) = left.split_at_checked(usize::try_from(length).ok()?)?;
                (*field, left) = (Some(value), rest);
            }
        }
        rows.push(CopiedRow { bytes: begins.get(..begins.len() - left.len())?, fields });
    }
    Some(rows)
}

fn take<const N: usize>(left: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = left.split_first_chunk()?;
    *left = rest;
    Some(*taken)
}
