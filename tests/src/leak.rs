//! Searches files for words that must not be in them, in the encodings in which they could hide.
//!
//! It sees plain and accent-free spellings in any ASCII case, in UTF-8, UTF-16 in both byte orders, base64 at each of the three
//! alignments, hexadecimal, percent-encoding and JSON escapes. It does not look into compressed streams.

use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words to look for.
pub struct Markers {
    needles: Vec<Needle>,
    search: AhoCorasick,
}

/// A place where a word was found.
#[derive(Debug)]
pub struct Leak {
    /// The file.
    pub file: PathBuf,
    /// The word.
    pub marker: String,
    /// How it was written there.
    pub encoding: &'static str,
    /// Where it begins.
    pub offset: usize,
}

struct Needle {
    marker: String,
    encoding: &'static str,
    exact: Vec<u8>,
}

impl Markers {
    /// Prepares the search. A word shorter than six characters would be found by chance, so it is refused.
    pub fn new<S: AsRef<str>>(markers: &[S]) -> Result<Self> {
        let mut needles = Vec::new();
        for marker in markers {
            let marker = marker.as_ref();
            anyhow::ensure!(marker.chars().count() >= 6, "the marker `{marker}` is too short to prove anything");
            for spelling in spellings(marker) {
                for (encoding, exact) in encodings(&spelling) {
                    needles.push(Needle { marker: marker.to_owned(), encoding, exact });
                }
            }
        }
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(needles.iter().map(|needle| &needle.exact))
            .context("could not prepare the search")?;
        Ok(Self { needles, search })
    }

    /// Looks through one run of bytes; every word and encoding is named once.
    pub fn in_bytes(&self, file: &Path, bytes: &[u8]) -> Vec<Leak> {
        let mut named = BTreeSet::new();
        let mut leaks = Vec::new();
        for found in self.search.find_overlapping_iter(bytes) {
            let Some(needle) = self.needles.get(found.pattern().as_usize()) else { continue };
            // In base64 the case is part of the value: "abcd" and "ABCD" are different bytes.
            let cased = needle.encoding == "base64";
            if cased && bytes.get(found.start()..found.end()) != Some(needle.exact.as_slice()) {
                continue;
            }
            if named.insert((needle.marker.as_str(), needle.encoding)) {
                leaks.push(Leak {
                    file: file.to_path_buf(),
                    marker: needle.marker.clone(),
                    encoding: needle.encoding,
                    offset: found.start(),
                });
            }
        }
        leaks
    }

    /// Looks through every file under a folder, and through the files' names.
    pub fn in_folder(&self, folder: &Path) -> Result<Search> {
        let mut search = Search::default();
        let mut open = vec![folder.to_path_buf()];
        while let Some(place) = open.pop() {
            for entry in fs::read_dir(&place).with_context(|| format!("could not list {}", place.display()))? {
                let path = entry?.path();
                let kind = fs::symlink_metadata(&path)?.file_type();
                if let Some(name) = path.file_name() {
                    search.leaks.extend(self.in_bytes(&path, name.as_encoded_bytes()));
                }
                if kind.is_dir() {
                    open.push(path);
                } else if kind.is_file() {
                    let bytes = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
                    search.bytes += bytes.len();
                    search.leaks.extend(self.in_bytes(&path, &bytes));
                    search.files.push(path);
                }
            }
        }
        Ok(search)
    }
}

/// What was looked at and what was found.
#[derive(Default)]
pub struct Search {
    /// Every file that was read.
    pub files: Vec<PathBuf>,
    /// How many bytes were read.
    pub bytes: usize,
    /// What was found.
    pub leaks: Vec<Leak>,
}

fn spellings(marker: &str) -> BTreeSet<String> {
    let plain = marker.nfd().filter(|letter| !is_combining_mark(*letter)).collect::<String>();
    let mut all = BTreeSet::new();
    for form in [marker.to_owned(), marker.nfd().collect(), plain] {
        all.insert(form.to_lowercase());
        all.insert(form.to_uppercase());
        all.insert(form);
    }
    all
}

fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = text.as_bytes();
    let mut all = vec![
        ("utf-8", bytes.to_vec()),
        ("utf-16le", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("utf-16be", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("hexadecimal", hex::encode(bytes).into_bytes()),
        ("percent-encoding", bytes.iter().flat_map(|byte| format!("%{byte:02x}").into_bytes()).collect()),
    ];
    let partly = bytes.iter().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
        _ => format!("%{byte:02x}"),
    });
    let partly = partly.collect::<String>().into_bytes();
    if partly != bytes {
        all.push(("percent-encoding", partly));
    }
    if !text.is_ascii() {
        let mut escaped = String::new();
        for unit in text.encode_utf16() {
            match u8::try_from(unit) {
                Ok(ascii) if ascii.is_ascii() => escaped.push(char::from(ascii)),
                _ => escaped.push_str(&format!("\\u{unit:04x}")),
            }
        }
        all.push(("json escapes", escaped.into_bytes()));
    }
    all.extend((0..3).map(|lead| ("base64", base64_at(bytes, lead))));
    all
}

/// The base64 characters that depend on `bytes` alone when `lead` unknown bytes stand before them and anything may follow.
fn base64_at(bytes: &[u8], lead: usize) -> Vec<u8> {
    let mut padded = vec![0; lead];
    padded.extend_from_slice(bytes);
    let text = STANDARD_NO_PAD.encode(&padded).into_bytes();
    let first = (lead * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    text.get(first..last).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE;

    const MARKER: &str = "Żółwiewska-Quill";

    #[test]
    fn a_planted_word_is_found_in_every_encoding() {
        let planted: [(&str, Vec<u8>); 12] = [
            ("plain", MARKER.into()),
            ("lower case", MARKER.to_lowercase().into()),
            ("without accents", "ZOŁWIEWSKA-QUILL".into()),
            ("utf-16le", MARKER.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("utf-16be", MARKER.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ("hexadecimal", hex::encode_upper(MARKER).into()),
            ("percent", "%C5%BB%C3%B3%C5%82wiewska-Quill".into()),
            ("json escapes", "\\u017B\\u00f3\\u0142wiewska-Quill".into()),
            ("base64", STANDARD_NO_PAD.encode(MARKER).into()),
            ("base64 after one byte", STANDARD_NO_PAD.encode(format!("x{MARKER} and more")).into()),
            ("base64 after two bytes", STANDARD_NO_PAD.encode(format!("xy{MARKER} and more")).into()),
            ("base64 for addresses", URL_SAFE.encode(format!("{{\"family\":\"{MARKER}\"}}")).into()),
        ];
        let markers = Markers::new(&[MARKER]).unwrap();
        for (how, bytes) in planted {
            let mut file = vec![0xA5; 1000];
            file.extend(bytes);
            file.extend([0x5A; 1000]);
            assert!(
                !markers.in_bytes(Path::new("f"), &file).is_empty(),
                "a leak must be seen when it is written as {how}"
            );
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let markers = Markers::new(&[MARKER]).unwrap();
        let noise = (0..200_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect::<Vec<_>>();
        assert!(markers.in_bytes(Path::new("f"), &noise).is_empty(), "noise must not be called a leak");
    }

    #[test]
    fn a_planted_file_and_a_planted_file_name_are_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("inner/cache"), MARKER.to_uppercase()).unwrap();
        fs::write(folder.path().join(format!("{MARKER}.txt")), "nothing").unwrap();
        let search = Markers::new(&[MARKER]).unwrap().in_folder(folder.path()).unwrap();
        assert_eq!(search.files.len(), 2, "every file is read");
        assert!(search.leaks.iter().any(|leak| leak.file.ends_with("inner/cache")), "the content is searched");
        assert!(search.leaks.iter().any(|leak| leak.file.extension().is_some()), "the name is searched");
    }

    #[test]
    fn a_short_word_is_refused() {
        assert!(Markers::new(&["abc"]).is_err(), "three letters are found anywhere by chance");
    }
}
