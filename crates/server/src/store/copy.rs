//! Rows in the binary form of PostgreSQL's COPY.

use sqlx::PgConnection;

/// Rows to be copied.
pub(super) struct CopyRows {
    bytes: Vec<u8>,
    empty: bool,
}

impl CopyRows {
    pub(super) fn new(length: usize) -> Self {
        let mut bytes = Vec::with_capacity(length + 32);
        // Signature, no flags, no extension.
        bytes.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
        bytes.extend_from_slice(&[0; 8]);
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

    pub(super) async fn send(mut self, connection: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
        if self.empty {
            return Ok(());
        }
        self.bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        let mut copy = connection.copy_in_raw(statement).await?;
        copy.send(self.bytes).await?;
        copy.finish().await.map(drop)
    }
}
