//! Sections: what they are by template and LOINC code, their narrative, their entries.
//!
//! Templates and codes: C-CDA R2.1, volume 2, "Section-Level Templates"; HL7/CDA-ccda. Templates have the same root in R1.1; those whose
//! entries are required end in `.1`.

use std::collections::HashMap;

use crate::data::time::Zone;
use crate::entries;
use crate::entry::{Context, Entry, Found, LeftOut};
use crate::narrative::{self, Block};
use crate::xml::Element;

/// A section of a document.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its title, else what its code is called.
    pub title: String,
    /// Its LOINC code; empty where it has none.
    pub code: String,
    /// How deep it stands in others: 0 is a section of the document itself.
    pub depth: u32,
    /// What it says to people.
    pub narrative: Vec<Block>,
    /// What can be taken.
    pub entries: Vec<Entry>,
    /// What stays in the document.
    pub left: Vec<LeftOut>,
    /// Who wrote it, where that is not who wrote the document.
    pub authors: Vec<String>,
}

/// What the entries of a section are read as where they do not say it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Problems,
    Allergies,
    Medications,
    Immunizations,
    Procedures,
    Results,
    Vitals,
    Social,
    Encounters,
    Family,
    Plan,
    Equipment,
    Functional,
    Mental,
    Notes,
    Other,
}

/// Sections by the last numbers of their template below 2.16.840.1.113883.10.20.22.2 and by their LOINC codes.
const KINDS: [(Kind, &[&str], &[&str]); 15] = [
    (
        Kind::Problems,
        &["5", "5.1", "20", "24", "35", "36", "43", "58"],
        &["11450-4", "11348-0", "11535-2", "46241-6", "10219-4", "10218-6", "75310-3"],
    ),
    (Kind::Allergies, &["6", "6.1"], &["48765-2"]),
    (
        Kind::Medications,
        &["1", "1.1", "11", "11.1", "38", "44"],
        &["10160-0", "10183-2", "75311-1", "42346-7", "29549-3"],
    ),
    (Kind::Immunizations, &["2", "2.1"], &["11369-6"]),
    (Kind::Procedures, &["7", "7.1"], &["47519-4"]),
    (Kind::Results, &["3", "3.1"], &["30954-2"]),
    (Kind::Vitals, &["4", "4.1"], &["8716-3"]),
    (Kind::Social, &["17"], &["29762-2"]),
    (Kind::Encounters, &["22", "22.1"], &["46240-8"]),
    (Kind::Family, &["15"], &["10157-6"]),
    (Kind::Plan, &["10", "60"], &["18776-5", "61146-7"]),
    (Kind::Equipment, &["23"], &["46264-8"]),
    (Kind::Functional, &["14"], &["47420-5"]),
    (Kind::Mental, &["56"], &["10190-7"]),
    (Kind::Notes, &["65"], &["11488-4", "18842-5", "34117-2", "11506-3", "28570-0", "34746-8"]),
];
const ARC: &str = "2.16.840.1.113883.10.20.22.2.";

impl Kind {
    fn of(section: &Element) -> Self {
        let templates: Vec<&str> =
            section.all("templateId").filter_map(|template| template.attribute("root").strip_prefix(ARC)).collect();
        let code = section.value_of("code", "code");
        let by_template = KINDS.iter().find(|(_, numbers, _)| numbers.iter().any(|number| templates.contains(number)));
        let by_code = || KINDS.iter().find(|(_, _, codes)| codes.contains(&code));
        by_template.or_else(by_code).map_or(Self::Other, |(kind, _, _)| *kind)
    }
}

/// Reads the sections below `around` (a body or a section), those in sections behind the one that they stand in.
pub(crate) fn read<'d>(
    around: &'d Element,
    depth: u32,
    zone: &Zone,
    all: &HashMap<&'d str, &'d Element>,
    sections: &mut Vec<Section>,
) {
    for section in around.all("component").filter_map(|component| component.child("section")) {
        sections.push(one(section, depth, zone, all));
        read(section, depth + 1, zone, all, sections);
    }
}

fn one(section: &Element, depth: u32, zone: &Zone, all: &HashMap<&str, &Element>) -> Section {
    let kind = Kind::of(section);
    let code = section.value_of("code", "code");
    let text = section.child("text");
    let mut own = HashMap::new();
    if let Some(text) = text {
        narrative::targets(text, &mut own);
    }
    let context = Context { zone, own: &own, all, section: code };
    let mut found = Found::default();
    for entry in section.all("entry") {
        entries::read(entry, kind, &context, &mut found);
    }
    let title = section.child("title").map(|title| title.text(300)).filter(|title| !title.is_empty());
    // Its code alone would say nothing to anybody.
    let named = || section.child("code").map(|code| code.attribute("displayName").to_owned());
    Section {
        title: title
            .or_else(named)
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| "Section without a title".to_owned()),
        code: code.to_owned(),
        depth,
        narrative: text.map(narrative::blocks).unwrap_or_default(),
        entries: found.entries,
        left: found.left,
        authors: section.all("author").filter_map(crate::entry::author_name).collect(),
    }
}
