//! A tar archive (POSIX.1-2001 ustar) in memory, with the digests of its files.

use sha2::{Digest as _, Sha256};

pub(super) struct Package {
    archive: tar::Builder<Vec<u8>>,
    folder: String,
    /// Seconds since 1970: of every file.
    made: u64,
    sums: Vec<(String, String)>,
}

impl Package {
    /// An archive with one folder.
    pub(super) fn new(folder: &str, made: i64) -> Self {
        let made = u64::try_from(made).unwrap_or_default();
        Self { archive: tar::Builder::new(Vec::new()), folder: folder.to_owned(), made, sums: Vec::new() }
    }

    /// Adds a file.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(self.made);
        self.archive.append_data(&mut header, format!("{}/{name}", self.folder), bytes)?;
        self.sums.push((name.to_owned(), hex::encode(Sha256::digest(bytes))));
        Ok(())
    }

    /// The digests of the files so far, as `sha256sum` writes and reads them.
    pub(super) fn sums(&self) -> String {
        self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
    }

    /// The whole archive.
    pub(super) fn finish(self) -> std::io::Result<Vec<u8>> {
        self.archive.into_inner()
    }
}
