//! The patient index: built in memory at sign-in and unlock, wiped on lock. Searching needs no plaintext at rest.
//!
//! Names are matched by part, in any order, without accents, and with typing slips; numbers by their beginning; birth
//! dates in the usual notations (see [`birth_date`]).

mod birth_date;
mod duplicates;
mod query;
mod sound;
mod text;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use vigil_model::{Demographics, PatientId};
use zeroize::Zeroize;

use sound::Name;
pub(crate) use text::{fold, words};

/// So many on either side are looked at first.
const NEAR: usize = 4;

/// One patient in the index.
pub(crate) struct Entry {
    pub(crate) patient: PatientId,
    pub(crate) demographics: Demographics,
    /// Why the demographics could not be opened, when they could not: the patient is listed all the same.
    pub(crate) undecodable: bool,
    sound: u64,
    /// Whether another patient has a similar name; known once it was asked.
    has_look_alike: OnceLock<bool>,
}

/// All patients of the workstation, ready to be searched.
pub(crate) struct SearchIndex {
    /// Sorted by name, so that the position is the order of equally good matches.
    entries: Vec<Entry>,
    by_id: HashMap<PatientId, u32>,
    names: Words,
    /// Identifiers, compacted (`text::compact`), sorted, each with its patient.
    identifiers: Vec<(String, u32)>,
    /// `yyyymmdd` with its patient, sorted.
    birth_dates: Vec<(u32, u32)>,
    by_sound: HashMap<u64, Vec<u32>>,
}

/// Distinct name words, sorted, with the patients that have them.
struct Words {
    words: Vec<Word>,
}

struct Word {
    text: String,
    /// Which letters occur: a cheap lower bound for the edit distance.
    letters: u32,
    patients: Vec<u32>,
}

impl SearchIndex {
    /// Builds the index.
    pub(crate) fn build(rows: Vec<(PatientId, Option<Demographics>)>) -> Self {
        let mut entries: Vec<(String, Entry)> = rows
            .into_iter()
            .map(|(patient, demographics)| {
                let undecodable = demographics.is_none();
                let demographics = demographics.unwrap_or_default();
                let order = text::fold(&format!("{} {}", demographics.family, demographics.given));
                let sound = sound::of_name(&demographics.family, &demographics.given);
                (order, Entry { patient, demographics, undecodable, sound, has_look_alike: OnceLock::new() })
            })
            .collect();
        entries.sort_by(|a, b| (a.0.as_str(), &a.1.patient).cmp(&(b.0.as_str(), &b.1.patient)));
        let entries: Vec<Entry> = entries
            .into_iter()
            .map(|(mut order, entry)| {
                order.zeroize();
                entry
            })
            .collect();

        let mut by_id = HashMap::with_capacity(entries.len());
        let mut words: HashMap<String, Vec<u32>> = HashMap::new();
        let mut identifiers = Vec::with_capacity(entries.len());
        let mut birth_dates = Vec::with_capacity(entries.len());
        let mut by_sound: HashMap<u64, Vec<u32>> = HashMap::new();
        for (position, entry) in (0_u32..).zip(&entries) {
            by_id.insert(entry.patient.clone(), position);
            let person = &entry.demographics;
            for name in [&person.family, &person.given].into_iter().chain(&person.other_names) {
                for word in text::words(name) {
                    let patients = words.entry(word).or_default();
                    if patients.last() != Some(&position) {
                        patients.push(position);
                    }
                }
            }
            for identifier in &person.identifiers {
                identifiers.push((text::compact(identifier), position));
            }
            if let Some(date) = birth_date::stored(&person.birth_date) {
                birth_dates.push((date, position));
            }
            if entry.sound != 0 {
                by_sound.entry(entry.sound).or_default().push(position);
            }
        }
        identifiers.sort_unstable();
        identifiers.dedup();
        birth_dates.sort_unstable();
        Self { entries, by_id, names: Words::new(words), identifiers, birth_dates, by_sound }
    }

    /// The same without these patients.
    pub(crate) fn without(&self, gone: &HashSet<PatientId>) -> Self {
        let left = self.entries.iter().filter(|entry| !gone.contains(&entry.patient));
        let row = |entry: &Entry| (entry.patient.clone(), (!entry.undecodable).then(|| entry.demographics.clone()));
        Self::build(left.map(row).collect())
    }

    /// How many patients there are.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// One patient by id.
    pub(crate) fn get(&self, patient: &PatientId) -> Option<&Entry> {
        self.by_id.get(patient).and_then(|position| self.at(*position))
    }

    /// The place of a patient in the order of names.
    pub(crate) fn position(&self, patient: &PatientId) -> Option<u32> {
        self.by_id.get(patient).copied()
    }

    fn at(&self, position: u32) -> Option<&Entry> {
        self.entries.get(position as usize)
    }

    /// Other patients with the same or a similar name: same sound, and at most two slips apart. At most `limit`.
    pub(crate) fn look_alikes<'a>(&'a self, entry: &'a Entry, limit: usize) -> Vec<&'a Entry> {
        let Some(candidates) = self.by_sound.get(&entry.sound) else { return Vec::new() };
        self.alike(entry, candidates).take(limit).collect()
    }

    /// Whether another patient has the same or a similar name.
    pub(crate) fn has_look_alike(&self, entry: &Entry) -> bool {
        *entry.has_look_alike.get_or_init(|| {
            let Some(candidates) = self.by_sound.get(&entry.sound) else { return false };
            // Similar names mostly stand side by side.
            let own = self.position(&entry.patient).unwrap_or_default();
            let near = candidates.partition_point(|position| *position < own).saturating_sub(NEAR);
            let near = candidates.iter().skip(near).take(2 * NEAR + 1);
            self.alike(entry, near).chain(self.alike(entry, candidates)).next().is_some()
        })
    }

    /// Those of the candidates who are somebody else with a similar name.
    fn alike<'a>(
        &'a self,
        entry: &'a Entry,
        candidates: impl IntoIterator<Item = &'a u32>,
    ) -> impl Iterator<Item = &'a Entry> {
        let name = Name::of(&entry.demographics);
        let others = candidates.into_iter().filter_map(|position| self.at(*position));
        others.filter(move |other| other.patient != entry.patient && name.is_similar(&Name::of(&other.demographics)))
    }
}

impl Words {
    fn new(words: HashMap<String, Vec<u32>>) -> Self {
        let mut words: Vec<Word> =
            words.into_iter().map(|(text, patients)| Word { letters: text::letters(&text), text, patients }).collect();
        words.sort_unstable_by(|a, b| a.text.cmp(&b.text));
        Self { words }
    }
}

impl Drop for SearchIndex {
    fn drop(&mut self) {
        // Demographics wipe themselves.
        for word in &mut self.names.words {
            word.text.zeroize();
        }
        for (identifier, _) in &mut self.identifiers {
            identifier.zeroize();
        }
        self.birth_dates.zeroize();
    }
}

#[cfg(test)]
mod tests;
