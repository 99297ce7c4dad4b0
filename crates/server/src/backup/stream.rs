//! A file sealed block by block with AES-256-GCM in the STREAM construction: a block that is changed, moved, left out or cut off is
//! noticed.

use std::io::{self, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32};
use aes_gcm::Aes256Gcm;
use zeroize::Zeroizing;

/// Bytes of plaintext in every block but the last.
const BLOCK: usize = 1 << 20;
const TAG: usize = 16;
/// The part of the nonce that is drawn; the rest counts.
pub(super) const NONCE: usize = 7;

/// Seals what is written; [`SealedWriter::finish`] writes the last block.
pub(super) struct SealedWriter<W> {
    out: W,
    sealer: EncryptorBE32<Aes256Gcm>,
    bound_to: [u8; 32],
    held: Vec<u8>,
}

impl<W: Write> SealedWriter<W> {
    pub(super) fn new(out: W, key: &[u8; 32], nonce: [u8; NONCE], bound_to: [u8; 32]) -> Self {
        let sealer = EncryptorBE32::new(key.into(), &nonce.into());
        Self { out, sealer, bound_to, held: Vec::with_capacity(BLOCK + TAG) }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.sealer.encrypt_last_in_place(&self.bound_to, &mut self.held).map_err(|_| refused())?;
        self.out.write_all(&self.held)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full block is kept until more comes: the last one is sealed as the last.
        if self.held.len() == BLOCK {
            self.sealer.encrypt_next_in_place(&self.bound_to, &mut self.held).map_err(|_| refused())?;
            self.out.write_all(&self.held)?;
            self.held.clear();
        }
        let taken = bytes.len().min(BLOCK - self.held.len());
        self.held.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens what [`SealedWriter`] sealed. An error of the kind `InvalidData` means that it does not authenticate.
pub(super) struct SealedReader<R> {
    input: R,
    opener: Option<DecryptorBE32<Aes256Gcm>>,
    bound_to: [u8; 32],
    /// The next block, still sealed: it is the last one if nothing follows.
    ahead: Vec<u8>,
    open: Zeroizing<Vec<u8>>,
    at: usize,
}

impl<R: Read> SealedReader<R> {
    pub(super) fn new(mut input: R, key: &[u8; 32], nonce: [u8; NONCE], bound_to: [u8; 32]) -> io::Result<Self> {
        let opener = DecryptorBE32::new(key.into(), &nonce.into());
        let ahead = block(&mut input)?;
        Ok(Self { input, opener: Some(opener), bound_to, ahead, open: Zeroizing::default(), at: 0 })
    }

    fn next_block(&mut self) -> io::Result<()> {
        let Some(mut opener) = self.opener.take() else { return Ok(()) };
        let following = block(&mut self.input)?;
        let mut sealed = std::mem::replace(&mut self.ahead, following);
        if self.ahead.is_empty() {
            opener.decrypt_last_in_place(&self.bound_to, &mut sealed).map_err(|_| refused())?;
        } else {
            opener.decrypt_next_in_place(&self.bound_to, &mut sealed).map_err(|_| refused())?;
            self.opener = Some(opener);
        }
        self.open = Zeroizing::new(sealed);
        self.at = 0;
        Ok(())
    }
}

impl<R: Read> Read for SealedReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.open.len() {
            if self.opener.is_none() {
                return Ok(0);
            }
            self.next_block()?;
        }
        let left = self.open.get(self.at..).unwrap_or_default();
        let taken = left.len().min(out.len());
        out.iter_mut().zip(left).for_each(|(to, from)| *to = *from);
        self.at += taken;
        Ok(taken)
    }
}

/// The next sealed block; empty at the end.
fn block(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut block = Vec::with_capacity(BLOCK + TAG);
    input.by_ref().take((BLOCK + TAG) as u64).read_to_end(&mut block)?;
    Ok(block)
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a block does not authenticate")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_comes_back_whatever_its_length() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let text: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            assert_eq!(open(&seal(&text), [9; 32]).unwrap(), text, "{length} bytes");
        }
    }

    #[test]
    fn a_block_that_is_changed_moved_left_out_or_cut_off_is_noticed() {
        let sealed = seal(&vec![5; 2 * BLOCK + 10]);
        let whole = BLOCK + TAG;
        let mut changed = sealed.clone();
        changed[whole + 7] ^= 1;
        let moved = [&sealed[whole..2 * whole], &sealed[..whole], &sealed[2 * whole..]].concat();
        let left_out = [&sealed[..whole], &sealed[2 * whole..]].concat();
        let cut = sealed[..2 * whole].to_vec();
        for (what, bytes) in [("changed", changed), ("moved", moved), ("left out", left_out), ("cut off", cut)] {
            assert!(open(&bytes, [9; 32]).is_err(), "{what}");
        }
        assert!(open(&sealed, [8; 32]).is_err(), "another head");
    }

    fn seal(text: &[u8]) -> Vec<u8> {
        let mut writer = SealedWriter::new(Vec::new(), &[3; 32], [1; NONCE], [9; 32]);
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn open(sealed: &[u8], bound_to: [u8; 32]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        SealedReader::new(sealed, &[3; 32], [1; NONCE], bound_to)?.read_to_end(&mut text)?;
        Ok(text)
    }
}
