//! Rows of the chart as lines of a paper, in the words that the screen has.

use vigil_print::{Alert, Block, Document, Line, Made, Person, Row, Section, Span, Watermark};
use vigil_vault::Tx;

use super::choice::{Choice, title_of};
use crate::act::Present;
use crate::patient::{known, name};
use crate::view::{AllergyBanner, Flag, FlagsBanner, MedicationRow, ObservationGroup};
use crate::{AppError, Workstation};

/// What a paper says.
#[derive(Default)]
pub(super) struct Content {
    /// Before the text, behind allergies and flags.
    pub(super) alerts: Vec<Alert>,
    pub(super) sections: Vec<Section>,
    /// How many entries could not be read, or stay closed.
    pub(super) unread: usize,
    /// What the role does not see, in words.
    pub(super) closed: Vec<String>,
}

impl Content {
    pub(super) fn section(&mut self, title: &str, blocks: Vec<Block>) {
        let blocks = if blocks.is_empty() { vec![plain("Nothing recorded.")] } else { blocks };
        self.sections.push(Section { title: title.to_owned(), blocks });
    }

    /// What was not shown of a page that was read for this paper.
    pub(super) fn not_shown(&mut self, unread: usize, closed: Vec<String>) {
        self.unread += unread;
        for one in closed {
            if !self.closed.contains(&one) {
                self.closed.push(one);
            }
        }
    }
}

impl Workstation {
    /// The content under whose it is, with allergies and flags before it and what is not shown.
    pub(super) fn document(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        choice: &Choice,
        made: Made,
        content: Content,
    ) -> Result<Document, AppError> {
        let entry = present.unlocked.index.get(&choice.patient).ok_or_else(AppError::no_such_patient)?;
        let banner = self.banner(tx, present, &choice.patient)?;
        let mut alerts = vec![allergies(&banner.allergies), flags(&banner.flags)];
        if content.unread > 0 {
            let (count, are) = (content.unread, if content.unread == 1 { "entry is" } else { "entries are" });
            alerts.push(alert(
                "Not on this paper",
                &format!("{count} {are} specially protected or could not be read. Ask at the chart."),
            ));
        }
        if !content.closed.is_empty() {
            let closed = content.closed.join(", ");
            alerts.push(alert("Not on this paper", &format!("{closed}: hidden from the role of who printed it.")));
        }
        alerts.extend(content.alerts);
        Ok(Document {
            title: title_of(choice.what.kind()).to_owned(),
            language: "en".to_owned(),
            page: choice.page,
            person: Person {
                name: name(entry),
                born: match banner.age.as_str() {
                    "" => known(&banner.birth_date),
                    age => format!("{} ({age})", known(&banner.birth_date)),
                },
                gender: banner.gender,
                number: known(&entry.demographics.mrn),
            },
            made,
            watermark: Watermark { text: choice.watermark().to_owned() },
            alerts,
            sections: content.sections,
            missing: Vec::new(),
        })
    }
}

fn alert(label: &str, text: &str) -> Alert {
    Alert { label: label.to_owned(), text: text.to_owned(), strong: true }
}

/// One of the four states, or that the role does not see them (NHS CUI PAB-0064, PAB-0008): never blank.
pub(super) fn allergies(banner: &AllergyBanner) -> Alert {
    let quiet = |text: &str| Alert { label: "Allergies".to_owned(), text: text.to_owned(), strong: false };
    match banner {
        AllergyBanner::Known { items } if !items.is_empty() => alert("Allergies", &items.join(", ")),
        AllergyBanner::NoKnown => quiet("No known allergies"),
        AllergyBanner::NotRecorded => {
            alert("Allergies", "Not recorded: nobody has asked, or nobody has written it down")
        }
        AllergyBanner::Known { .. } | AllergyBanner::Unavailable => {
            alert("Allergies", "Could not be read. Do not take this for none")
        }
        AllergyBanner::Hidden => quiet("Hidden from the role of who printed this. Do not take this for none"),
    }
}

fn flags(banner: &FlagsBanner) -> Alert {
    let quiet = |text: &str| Alert { label: "Flags".to_owned(), text: text.to_owned(), strong: false };
    match banner {
        FlagsBanner::Unavailable => alert("Flags", "Could not be read. Do not take this for none"),
        FlagsBanner::Hidden => quiet("Hidden from the role of who printed this"),
        FlagsBanner::Read { items, hidden, unread } => {
            let mut said: Vec<String> = items.iter().map(|item| item.text.clone()).collect();
            if *unread > 0 {
                said.push(format!("{unread} could not be read"));
            }
            if *hidden > 0 {
                said.push(format!("{hidden} hidden from the role of who printed this"));
            }
            if said.is_empty() { quiet("None set") } else { alert("Flags", &said.join(", ")) }
        }
    }
}

/// A line of text.
pub(super) fn plain(text: &str) -> Block {
    Block::Text { text: text.to_owned(), struck: false }
}

/// One medicine as the screen draws it: name in full, `DOSE` before the dose, parts that stay whole (NHS CUI MEDi-010, 011, 022, 041, 051).
pub(super) fn medicine(row: &MedicationRow) -> Line {
    let named = match (&row.parts, row.name.as_str()) {
        (Some(parts), _) => parts.ingredient.as_str(),
        (None, "") => "Medicine not named",
        (None, name) => name,
    };
    let structured = !(row.dose.is_empty() && row.route.is_empty() && row.frequency.is_empty());
    let mut spans = vec![Span { text: named.to_owned(), strong: true }];
    let mut add = |text: String, strong: bool| {
        if !text.is_empty() {
            spans.push(Span { text, strong });
        }
    };
    if let Some(parts) = &row.parts {
        add(if parts.brand.is_empty() { String::new() } else { format!("[{}]", parts.brand) }, false);
        add(parts.strength.clone(), false);
        add(parts.form.clone(), false);
        add(parts.amount.clone(), false);
    }
    add(if row.dose.is_empty() { String::new() } else { format!("DOSE {}", row.dose) }, true);
    add(row.route.clone(), false);
    add(row.frequency.clone(), false);
    add(if structured { String::new() } else { row.text.clone() }, false);
    if let Some(parts) = row.parts.as_ref().filter(|parts| !parts.approval.is_empty()) {
        add(format!("approval {}", parts.approval), false);
    }
    let mut detail = Vec::new();
    if !row.reason.is_empty() {
        detail.push(format!("For {}", row.reason));
    }
    if !row.when.iso.is_empty() {
        let by = if row.requester.is_empty() { String::new() } else { format!(" by {}", row.requester) };
        detail.push(format!("Since {}{by}", row.when.text));
    }
    if structured && !row.text.is_empty() {
        detail.push(row.text.clone());
    }
    if !row.note.is_empty() {
        detail.push(row.note.clone());
    }
    Line { spans, detail: detail.join(". "), struck: false }
}

/// Values as a table; what is out of its range in words, for colour does not print.
pub(super) fn observations(groups: &[ObservationGroup]) -> Vec<Block> {
    let row = |group: &ObservationGroup| {
        let in_error = group.status == "entered-in-error";
        let value = if group.unit.is_empty() { group.value.clone() } else { format!("{} {}", group.value, group.unit) };
        let range = if group.range.is_empty() { "Not given".to_owned() } else { group.range.clone() };
        let state = match (in_error, group.status.as_str()) {
            (true, _) => "entered in error",
            (false, "final" | "amended" | "corrected" | "Not known") => flag(group.flag),
            (false, status) => status,
        };
        Row {
            cells: vec![group.name.clone(), value, state.to_owned(), range, group.when.text.clone()],
            strong: !in_error && !matches!(group.flag, Flag::None | Flag::Normal),
            struck: in_error,
        }
    };
    if groups.is_empty() {
        return Vec::new();
    }
    let columns = [("What", 3.0), ("Value", 2.0), ("Flag", 1.2), ("Range", 1.6), ("When", 1.9)];
    vec![Block::Table {
        columns: columns.into_iter().map(|(name, share)| (name.to_owned(), share)).collect(),
        rows: groups.iter().map(row).collect(),
    }]
}

const fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::None => "",
        Flag::Normal => "normal",
        Flag::Abnormal => "abnormal",
        Flag::Low => "low",
        Flag::High => "high",
        Flag::CriticalAbnormal => "critical",
        Flag::CriticalLow => "critically low",
        Flag::CriticalHigh => "critically high",
    }
}

/// Name and value, without those that say nothing.
pub(super) fn facts(rows: &[(&str, &str)]) -> Block {
    let said = rows.iter().filter(|(_, value)| !value.trim().is_empty());
    Block::Facts { rows: said.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() }
}

/// A point of a list: what matters, and what stands behind it.
pub(super) fn point(title: &str, rest: &[&str], detail: &str) -> Line {
    let mut spans = vec![Span { text: title.to_owned(), strong: true }];
    spans.extend(
        rest.iter().filter(|text| !text.is_empty()).map(|text| Span { text: (*text).to_owned(), strong: false }),
    );
    Line { spans, detail: detail.to_owned(), struck: false }
}
