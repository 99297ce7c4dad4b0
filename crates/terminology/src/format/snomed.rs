//! The Global Patient Set of SNOMED CT: a tab-separated file with the columns ConceptID, Active, FSN and USPreferredTerm, named in its first
//! line (docs.snomed.org, GPS implementation guide, Global Patient Set Content).
//!
//! What it is stands in parentheses at the end of the fully specified name, the semantic tag. Concepts that are inactive are left out: nobody
//! codes with them any more.

use crate::Concept;

#[derive(Default)]
pub(crate) struct Snomed {
    columns: Option<Columns>,
}

#[derive(Clone, Copy)]
struct Columns {
    id: usize,
    active: usize,
    full: usize,
    preferred: usize,
}

impl Columns {
    fn of(line: &str) -> Option<Self> {
        let squeezed = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let names: Vec<String> = line.split('\t').map(squeezed).collect();
        let at = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
        Some(Self {
            id: at(&["conceptid"])?,
            active: at(&["active"])?,
            full: at(&["fsn"])?,
            preferred: at(&["uspreferredterm", "preferredterm"])?,
        })
    }
}

impl Snomed {
    pub(super) fn line(&mut self, line: &str) -> Result<Option<Concept>, String> {
        let Some(columns) = self.columns else {
            let columns = Columns::of(line);
            self.columns = Some(columns.ok_or_else(|| {
                "it does not name the columns ConceptID, Active, FSN and USPreferredTerm between tabs".to_owned()
            })?);
            return Ok(None);
        };
        if line.trim().is_empty() {
            return Ok(None);
        }
        let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
        let field = |at: usize| fields.get(at).copied().ok_or("it has fewer fields than the first line has names");
        let (id, full) = (field(columns.id)?, field(columns.full)?);
        if !(6..=18).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("it has no identifier of SNOMED CT, which is a number of 6 to 18 digits".to_owned());
        }
        match field(columns.active)?.to_ascii_lowercase().as_str() {
            "1" | "active" | "true" => {}
            "0" | "inactive" | "false" => return Ok(None),
            _ => return Err("it says neither that the concept is active nor that it is not".to_owned()),
        }
        Concept::new(id, field(columns.preferred)?, tag(full), "").map(Some)
    }
}

/// `disorder` of `Myocardial infarction (disorder)`.
fn tag(full: &str) -> &str {
    let inner = full.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    inner.map_or("", |(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "ConceptID\tActive\tFSN\tUSPreferredTerm";

    fn read(lines: &[&str]) -> Result<Vec<Concept>, String> {
        let mut snomed = Snomed::default();
        let all = lines.iter().map(|line| snomed.line(line)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().flatten().collect())
    }

    #[test]
    fn an_active_concept_has_its_preferred_term_and_its_tag() {
        let found = read(&[
            HEADER,
            "22298006\t1\tMyocardial infarction (disorder)\tMyocardial infarction",
            "80146002\tActive\tExcision of appendix (procedure)\tAppendectomy",
            "73211010\t0\tDiabetes (disorder)\tDiabetes",
        ])
        .unwrap();
        let found: Vec<_> = found.iter().map(|concept| (concept.display.as_str(), concept.kind.as_str())).collect();
        assert_eq!(
            found,
            [("Myocardial infarction", "disorder"), ("Appendectomy", "procedure")],
            "and no inactive one"
        );
    }

    #[test]
    fn a_file_without_its_names_and_a_line_without_an_identifier_are_refused() {
        assert!(read(&["22298006\t1\tMyocardial infarction (disorder)\tMyocardial infarction"]).is_err(), "no names");
        for line in ["abc\t1\tx (finding)\tx", "22298006\tperhaps\tx (finding)\tx", "22298006\t1"] {
            assert!(read(&[HEADER, line]).is_err(), "{line:?}");
        }
    }
}
