//! Who may be the same person as somebody who is about to be registered.

use std::sync::OnceLock;

use vigil_model::{Demographics, PatientId};

use super::{Entry, SearchIndex, birth_date, sound, text};
use crate::view::DuplicateReason;

impl SearchIndex {
    /// Those who may be the same person, the likeliest first; at most `limit`.
    pub(crate) fn duplicates(
        &self,
        patient: &PatientId,
        person: &Demographics,
        limit: usize,
    ) -> Vec<(&Entry, DuplicateReason)> {
        let mut found: Vec<(u32, DuplicateReason)> = Vec::new();
        for identifier in &person.identifiers {
            let wanted = text::compact(identifier);
            let first = self.identifiers.partition_point(|(known, _)| *known < wanted);
            let same = self.identifiers.iter().skip(first).take_while(|(known, _)| *known == wanted);
            found.extend(same.map(|(_, position)| (*position, DuplicateReason::SameNumber)));
        }
        let born = birth_date::stored(&person.birth_date);
        let family = text::fold(&person.family);
        if let Some(born) = born {
            let first = self.birth_dates.partition_point(|(date, _)| *date < born);
            let same_day = self.birth_dates.iter().skip(first).take_while(|(date, _)| *date == born);
            let same_family = same_day.filter(|(_, position)| {
                self.at(*position).is_some_and(|other| text::fold(&other.demographics.family) == family)
            });
            found.extend(same_family.map(|(_, position)| (*position, DuplicateReason::SameFamilyNameAndBirthDate)));
        }
        let entry = entry_of(patient, person);
        if let Some(candidates) = self.by_sound.get(&entry.sound).filter(|_| entry.sound != 0) {
            let alike: Vec<u32> =
                self.alike(&entry, candidates).filter_map(|other| self.position(&other.patient)).collect();
            for position in alike {
                let other = self.at(position).and_then(|other| birth_date::stored(&other.demographics.birth_date));
                let reason = match (born, other) {
                    (Some(born), Some(other)) if born == other => DuplicateReason::SimilarNameSameBirthDate,
                    // Somebody of another day is another person, unless it is the year, or nobody knows it.
                    (Some(born), Some(other)) if born / 10_000 != other / 10_000 => continue,
                    _ => DuplicateReason::SimilarName,
                };
                found.push((position, reason));
            }
        }
        found.sort_by_key(|(position, reason)| (*position, *reason));
        found.dedup_by_key(|(position, _)| *position);
        found.sort_by_key(|(position, reason)| (*reason, *position));
        found.into_iter().take(limit).filter_map(|(position, why)| Some((self.at(position)?, why))).collect()
    }

    /// The same with a patient as they are now.
    pub(crate) fn with(&self, patient: &PatientId, demographics: Demographics) -> Self {
        let others = self.entries.iter().filter(|entry| entry.patient != *patient);
        let row = |entry: &Entry| (entry.patient.clone(), (!entry.undecodable).then(|| entry.demographics.clone()));
        Self::build(others.map(row).chain([(patient.clone(), Some(demographics))]).collect())
    }
}

/// Somebody who is not in the index.
fn entry_of(patient: &PatientId, person: &Demographics) -> Entry {
    Entry {
        patient: patient.clone(),
        demographics: person.clone(),
        undecodable: false,
        sound: sound::of_name(&person.family, &person.given),
        has_look_alike: OnceLock::new(),
    }
}
