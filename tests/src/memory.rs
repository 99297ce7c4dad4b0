//! Searches the memory of running processes for words that must not be in it.
//!
//! It sees UTF-8 and UTF-16 in the byte order of the machine, exactly as written: the forms in which Rust, GTK and the web view hold text.
//! Only pages that hold something are read, so a reserved but unused range costs nothing.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

/// What is read at once.
const CHUNK: usize = 1 << 20;
const PAGE: u64 = 4096;

/// Words to look for.
pub struct Words {
    needles: Vec<Needle>,
    /// The needles that begin with these two bytes.
    starts: Vec<Vec<usize>>,
    longest: usize,
}

struct Needle {
    word: String,
    encoding: &'static str,
    bytes: Vec<u8>,
}

/// A word that was found in a process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The process's name.
    pub process: String,
    /// The word.
    pub word: String,
    /// How it is written there.
    pub encoding: &'static str,
    /// What stands around the first of them, with dots for what is no letter.
    pub around: String,
    /// How often.
    pub times: usize,
}

impl Words {
    /// Prepares the search. A word of fewer than six characters would be found by chance, so it is refused.
    pub fn new(words: &[&str]) -> Result<Self> {
        let mut needles = Vec::new();
        for word in words {
            anyhow::ensure!(word.chars().count() >= 6, "the word `{word}` is too short to prove anything");
            let wide = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            needles.push(Needle { word: (*word).to_owned(), encoding: "utf-8", bytes: word.as_bytes().to_vec() });
            needles.push(Needle { word: (*word).to_owned(), encoding: "utf-16le", bytes: wide });
        }
        let mut starts = vec![Vec::new(); 1 << 16];
        for (at, needle) in needles.iter().enumerate() {
            if let [first, second, ..] = needle.bytes.as_slice()
                && let Some(start) = starts.get_mut(usize::from(u16::from_le_bytes([*first, *second])))
            {
                start.push(at);
            }
        }
        let longest = needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or_default();
        Ok(Self { needles, starts, longest })
    }

    /// Where each word begins in these bytes.
    fn in_bytes<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, &'a Needle)> {
        bytes.windows(2).enumerate().flat_map(move |(at, pair)| {
            let key = match pair {
                [first, second] => usize::from(u16::from_le_bytes([*first, *second])),
                _ => 0,
            };
            let candidates = self.starts.get(key).map_or(&[][..], Vec::as_slice);
            candidates.iter().filter_map(move |index| {
                let needle = self.needles.get(*index)?;
                bytes.get(at..)?.starts_with(&needle.bytes).then_some((at, needle))
            })
        })
    }

    /// Looks through everything that a process holds in memory.
    ///
    /// # Errors
    /// When the process is gone, or this user may not read it.
    pub fn in_process(&self, process: &Process) -> Result<Vec<Found>> {
        let mut found: BTreeMap<(String, &'static str), (usize, String)> = BTreeMap::new();
        each_range(process, self.longest, |bytes| {
            for (place, needle) in self.in_bytes(bytes) {
                let context = place.saturating_sub(32)..(place + needle.bytes.len() + 48).min(bytes.len());
                let around = || (0, printable(bytes.get(context).unwrap_or_default()));
                found.entry((needle.word.clone(), needle.encoding)).or_insert_with(around).0 += 1;
            }
        })?;
        let named = found.into_iter().map(|((word, encoding), (times, around))| Found {
            process: process.name.clone(),
            word,
            encoding,
            around,
            times,
        });
        Ok(named.collect())
    }
}

/// Shows everything that a process holds in memory, in runs of at most 1 MiB that share `overlap - 1` bytes with the one before, so that
/// nothing of that length is cut in two.
///
/// # Errors
/// When the process is gone, or this user may not read it.
pub fn each_range(process: &Process, overlap: usize, mut show: impl FnMut(&[u8])) -> Result<()> {
    let folder = PathBuf::from(format!("/proc/{}", process.pid));
    let open = |name: &str| {
        File::open(folder.join(name)).with_context(|| format!("the {name} of {} cannot be read", process.name))
    };
    let (memory, present) = (open("mem")?, open("pagemap")?);
    let maps = fs::read_to_string(folder.join("maps")).context("the mappings cannot be read")?;
    let mut buffer = vec![0; CHUNK];
    for mapping in maps.lines().filter_map(Mapping::parse) {
        for (mut at, end) in mapping.filled(&present)? {
            while at < end {
                let wanted = usize::try_from(end - at).map_or(CHUNK, |left| left.min(CHUNK));
                let window = buffer.get_mut(..wanted).context("the buffer is too small")?;
                let Ok(read) = memory.read_at(window, at) else {
                    // A page that was taken away meanwhile.
                    at += PAGE;
                    continue;
                };
                show(window.get(..read).unwrap_or_default());
                let read = u64::try_from(read)?;
                let shared = u64::try_from(overlap.saturating_sub(1))?;
                at += if at + read >= end { read.max(1) } else { read.saturating_sub(shared).max(1) };
            }
        }
    }
    Ok(())
}

/// A running process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its name, at most 15 characters.
    pub name: String,
}

/// Every process below this one, itself included.
///
/// # Errors
/// When the list of processes cannot be read.
pub fn below(root: u32) -> Result<Vec<Process>> {
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc").context("the processes cannot be listed")? {
        let path = entry?.path();
        let Some(pid) = path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()) else { continue };
        let Some((name, parent)) = fs::read_to_string(path.join("stat")).ok().and_then(|stat| name_and_parent(&stat))
        else {
            continue;
        };
        all.push((Process { pid, name }, parent));
    }
    let mut below = vec![root];
    let mut seen = 0;
    while let Some(parent) = below.get(seen).copied() {
        seen += 1;
        below.extend(all.iter().filter(|(_, of)| *of == parent).map(|(process, _)| process.pid));
    }
    Ok(all.into_iter().map(|(process, _)| process).filter(|process| below.contains(&process.pid)).collect())
}

fn name_and_parent(stat: &str) -> Option<(String, u32)> {
    let (before, after) = stat.rsplit_once(')')?;
    let name = before.split_once('(')?.1.to_owned();
    let mut fields = after.split_whitespace();
    // A process that ended and was not waited for has no memory.
    if fields.next()? == "Z" {
        return None;
    }
    Some((name, fields.next()?.parse().ok()?))
}

struct Mapping {
    start: u64,
    end: u64,
}

impl Mapping {
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split_whitespace();
        let (start, end) = fields.next()?.split_once('-')?;
        let readable = fields.next()?.starts_with('r');
        let name = fields.nth(3).unwrap_or_default();
        // Belongs to the kernel.
        if !readable || name.starts_with("[v") {
            return None;
        }
        Some(Self { start: u64::from_str_radix(start, 16).ok()?, end: u64::from_str_radix(end, 16).ok()? })
    }

    /// The runs of pages that are in memory or swapped out (Documentation/admin-guide/mm/pagemap.rst of the kernel: bits 63 and 62).
    fn filled(&self, present: &File) -> Result<Vec<(u64, u64)>> {
        const ENTRIES: u64 = 65_536;
        let mut runs: Vec<(u64, u64)> = Vec::new();
        let mut page = self.start / PAGE;
        let last = self.end / PAGE;
        let mut buffer = vec![0; usize::try_from(ENTRIES * 8)?];
        while page < last {
            let wanted = usize::try_from((last - page).min(ENTRIES) * 8)?;
            let window = buffer.get_mut(..wanted).context("the buffer is too small")?;
            let read = present.read_at(window, page * 8).context("the page map cannot be read")?;
            if read == 0 {
                break;
            }
            for entry in window.get(..read).unwrap_or_default().chunks_exact(8) {
                let filled = entry.last().is_some_and(|high| high & 0xc0 != 0);
                if filled {
                    match runs.last_mut().filter(|(_, end)| *end == page * PAGE) {
                        Some((_, end)) => *end += PAGE,
                        None => runs.push((page * PAGE, (page + 1) * PAGE)),
                    }
                }
                page += 1;
            }
        }
        Ok(runs)
    }
}

fn printable(bytes: &[u8]) -> String {
    bytes
        .iter()
        .filter(|byte| **byte != 0)
        .map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_another_process_is_found_and_another_word_is_not() {
        use std::io::{BufRead, BufReader};
        use std::process::{Command, Stdio};
        let word = "cormorant-lantern";
        // A shell keeps its variables in memory.
        let mut shell = Command::new("sh")
            .args(["-c", "kept=$1; echo ready; read end", "sh", word])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let process = Process { pid: shell.id(), name: "sh".to_owned() };
        let found = Words::new(&[word, "absent-lantern"]).unwrap().in_process(&process).unwrap();
        drop(shell.stdin.take());
        shell.wait().unwrap();
        assert_eq!(found.len(), 1, "the word is there as UTF-8, and the other nowhere: {found:?}");
    }

    #[test]
    fn each_encoding_is_found_where_it_begins() {
        let words = Words::new(&["Zażółć gęślą"]).unwrap();
        let mut bytes = vec![7; 100];
        bytes.extend("Zażółć gęślą".as_bytes());
        bytes.extend("Zażółć gęślą".encode_utf16().flat_map(u16::to_le_bytes));
        let found: Vec<_> = words.in_bytes(&bytes).map(|(at, needle)| (at, needle.encoding)).collect();
        assert_eq!(found, [(100, "utf-8"), (100 + "Zażółć gęślą".len(), "utf-16le")]);
    }
}
