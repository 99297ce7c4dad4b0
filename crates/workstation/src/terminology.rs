//! Code systems at this workstation: what was imported, searching it, and making a code that somebody chose into a Coding (ADR 24).
//!
//! The concepts of a release are nobody's health. They lie in a file of their own; the vault knows the digest of it, so that another file
//! in its place is refused. It is read when somebody first searches, and not at the start.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

mod import;
mod kept;

use std::sync::Arc;

use serde_json::{Value, json};
use vigil_terminology::{CodeSystem, Concept, Index};
use vigil_vault::TerminologyRecord;

pub use self::import::{TerminologyImport, TerminologyProgress};
pub(crate) use self::kept::Kept;
use self::kept::Loaded;
use crate::view::{
    CodeChoice, CodedKind, ConceptRow, TerminologySearchRequest, TerminologySearchView, TerminologyState,
    TerminologyView,
};
use crate::{AppError, Workstation, clock};

/// So many rows a search shows.
const ROWS: usize = 20;

/// The substances that allergies are to, among the term types of RxNorm (hl7.org/fhir/us/daf ValueSet daf-core-substance-rxnorm).
const SUBSTANCES: &[&str] = &["IN", "PIN", "MIN", "BN"];

impl CodedKind {
    /// The code systems that are searched for it, each with what of it counts; nothing named is everything. The semantic tags are those that
    /// displays of SNOMED CT have in Synthea's records.
    const fn systems(self) -> &'static [(CodeSystem, &'static [&'static str])] {
        match self {
            Self::Problem => {
                &[(CodeSystem::Icd10Cm, &[]), (CodeSystem::Snomed, &["disorder", "finding", "situation", "event"])]
            }
            Self::Allergy => {
                &[(CodeSystem::RxNorm, SUBSTANCES), (CodeSystem::Snomed, &["substance", "product", "organism"])]
            }
            Self::Medicine => &[(CodeSystem::RxNorm, &[]), (CodeSystem::Snomed, &["product"])],
            Self::Immunization => &[(CodeSystem::Cvx, &[])],
            Self::Procedure => &[(CodeSystem::Snomed, &["procedure", "regime/therapy"])],
            Self::Observation => &[(CodeSystem::Loinc, &[])],
        }
    }
}

impl Workstation {
    /// Finds codes for what somebody types. It is about no record, leaves no entry and is told to no log.
    ///
    /// # Errors
    /// That nobody is signed in, or that the screen is locked; that is on record.
    pub fn terminology_search(&self, request: TerminologySearchRequest) -> Result<TerminologySearchView, AppError> {
        self.lock_if_idle(self.clock.now());
        self.refusing("terminology_search", || self.present().map(drop))?;
        let records = self.vault()?.terminologies()?;
        let mut found: Vec<std::vec::IntoIter<ConceptRow>> = Vec::new();
        let mut systems = Vec::new();
        for (system, kinds) in request.kind.systems() {
            let (loaded, view) = self.looked(*system, &records)?;
            if let Some(index) = loaded.index() {
                let concepts = index.search(&request.text, kinds, ROWS);
                found.push(concepts.into_iter().map(|concept| row(index, concept)).collect::<Vec<_>>().into_iter());
            }
            systems.push(view);
        }
        Ok(TerminologySearchView { rows: in_turn(found), systems })
    }

    /// What there is of every code system.
    ///
    /// # Errors
    /// As [`Self::terminology_search`].
    pub fn terminology_list(&self) -> Result<Vec<TerminologyView>, AppError> {
        self.refusing("terminology_list", || self.present().map(drop))?;
        let records = self.vault()?.terminologies()?;
        CodeSystem::ALL.into_iter().map(|system| Ok(self.looked(system, &records)?.1)).collect()
    }

    /// The Coding of a code that somebody chose for something of this kind. The code has to be in the release that is loaded here: whatever
    /// the screen says, nothing else is written as a code.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a code that is not, and for a code system that nothing is loaded of.
    pub(crate) fn coding(&self, kind: CodedKind, choice: Option<&CodeChoice>) -> Result<Option<Value>, AppError> {
        let Some(choice) = choice else { return Ok(None) };
        let known = CodeSystem::from_code(&choice.system);
        let (system, kinds) = kind
            .systems()
            .iter()
            .find(|(system, _)| Some(*system) == known)
            .ok_or_else(|| AppError::invalid("this cannot be coded with that code system; write it in words"))?;
        let (loaded, view) = self.looked(*system, &self.vault()?.terminologies()?)?;
        let Some(index) = loaded.index() else {
            return Err(AppError::invalid(format!("{}; until then it is written in words", view.words)));
        };
        let concept = index.find(&choice.code).filter(|concept| kinds.is_empty() || kinds.contains(&&*concept.kind));
        let concept = concept.ok_or_else(|| {
            AppError::invalid(format!(
                "the code that was chosen is not in {} {}; choose it again, or write it in words",
                view.name, view.release
            ))
        })?;
        Ok(Some(json!({
            "system": system.uri(),
            "version": system.coding_version(&index.release.release),
            "code": concept.code,
            "display": concept.display,
            "userSelected": true,
        })))
    }

    fn looked(&self, system: CodeSystem, records: &[TerminologyRecord]) -> Result<(Loaded, TerminologyView), AppError> {
        let record = records.iter().find(|record| record.system == system.code());
        let loaded = self.terminologies.loaded(&self.data, system, record)?;
        let view = view(system, &loaded, record);
        Ok((loaded, view))
    }
}

fn row(index: &Arc<Index>, concept: Concept) -> ConceptRow {
    let system = index.release.system;
    ConceptRow {
        system: system.code().to_owned(),
        system_name: system.name().to_owned(),
        release: index.release.release.clone(),
        code: concept.code,
        display: concept.display,
        kind: concept.kind,
    }
}

/// The best of each code system in turn, so that none of them pushes the others out.
fn in_turn(mut found: Vec<std::vec::IntoIter<ConceptRow>>) -> Vec<ConceptRow> {
    let mut rows = Vec::new();
    while rows.len() < ROWS {
        let before = rows.len();
        for of_one in &mut found {
            rows.extend(of_one.next());
        }
        if rows.len() == before {
            break;
        }
    }
    rows.truncate(ROWS);
    rows
}

fn view(system: CodeSystem, loaded: &Loaded, record: Option<&TerminologyRecord>) -> TerminologyView {
    let name = system.name();
    let again = format!("an administrator imports it with `vigil terminology import {}`", system.code());
    let of = |release: &str, concepts: u64, source: &str, state: TerminologyState, words: String| TerminologyView {
        system: system.code().to_owned(),
        name: name.to_owned(),
        state,
        release: release.to_owned(),
        concepts: u32::try_from(concepts).unwrap_or(u32::MAX),
        source: source.to_owned(),
        imported: record.map(|record| clock::text(&record.at)).unwrap_or_default(),
        words,
    };
    match (loaded, record) {
        (Loaded::Imported(index), _) => {
            let release = &index.release;
            let words = format!("{name} {}", release.release);
            of(&release.release, release.concepts, &release.source, TerminologyState::Imported, words)
        }
        (Loaded::Common(index), _) => {
            let release = &index.release;
            let words = format!("{name} {}, common entries", release.release);
            of(&release.release, release.concepts, &release.source, TerminologyState::Common, words)
        }
        (Loaded::Nothing, _) => of("", 0, "", TerminologyState::NotLoaded, format!("{name} is not loaded; {again}")),
        (Loaded::Refused(why), record) => {
            let (release, source) = record.map_or(("", ""), |record| (record.release.as_str(), record.source.as_str()));
            let words = format!("{name} {release} is not used, for {why}; {again} anew");
            of(release, record.map_or(0, |record| record.concepts), source, TerminologyState::Refused, words)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(system: &str, count: usize) -> std::vec::IntoIter<ConceptRow> {
        let row = |number: usize| ConceptRow {
            system: system.to_owned(),
            system_name: String::new(),
            release: String::new(),
            code: number.to_string(),
            display: String::new(),
            kind: String::new(),
        };
        (0..count).map(row).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn no_code_system_pushes_another_out() {
        let of = |found: Vec<ConceptRow>, system: &str| found.iter().filter(|row| row.system == system).count();
        let both = in_turn(vec![rows("a", 30), rows("b", 30)]);
        assert_eq!((of(both.clone(), "a"), of(both.clone(), "b")), (10, 10), "half of the rows each");
        assert_eq!((both[0].system.as_str(), both[1].system.as_str()), ("a", "b"), "the best of each first");
        let one = in_turn(vec![rows("a", 3), rows("b", 30)]);
        assert_eq!((of(one.clone(), "a"), of(one, "b")), (3, 17), "and what one leaves the other takes");
        assert!(in_turn(Vec::new()).is_empty(), "or nothing");
    }
}
