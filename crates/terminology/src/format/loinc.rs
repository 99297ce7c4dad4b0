//! LOINC (`Loinc.csv`): values separated by commas, in quotation marks, with the names of the columns in the first line; a value may go on over
//! several lines. Taken are LOINC_NUM, LONG_COMMON_NAME, STATUS, SHORTNAME and VersionLastChanged, by their names.
//!
//! Columns and statuses: LOINC Users' Guide, table structure, as hipaaspace.com/Documentation/Databases/LOINC.html has it: ACTIVE is for use at
//! will; TRIAL, DISCOURAGED and DEPRECATED are left out.

use crate::Concept;
use crate::lines::LONGEST;

#[derive(Default)]
pub(crate) struct Loinc {
    columns: Option<Columns>,
    /// A record that goes on in the next line.
    open: String,
    newest: Option<(u32, u32)>,
}

struct Columns {
    code: usize,
    name: usize,
    status: usize,
    short: Option<usize>,
    changed: Option<usize>,
}

impl Columns {
    fn of(names: &[String]) -> Option<Self> {
        let at = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        Some(Self {
            code: at("LOINC_NUM")?,
            name: at("LONG_COMMON_NAME")?,
            status: at("STATUS")?,
            short: at("SHORTNAME"),
            changed: at("VersionLastChanged"),
        })
    }
}

impl Loinc {
    pub(super) fn line(&mut self, line: &str) -> Result<Option<Concept>, String> {
        if !self.open.is_empty() {
            self.open.push('\n');
        }
        self.open.push_str(line);
        if self.open.len() > LONGEST {
            return Err(format!("a record that ends here has more than {LONGEST} bytes"));
        }
        let Some(fields) = fields(&self.open)? else { return Ok(None) };
        let blank = self.open.trim().is_empty();
        self.open.clear();
        let Some(columns) = &self.columns else {
            let missing = || "it does not name the columns LOINC_NUM, LONG_COMMON_NAME and STATUS".to_owned();
            self.columns = Some(Columns::of(&fields).ok_or_else(missing)?);
            return Ok(None);
        };
        if blank {
            return Ok(None);
        }
        let field = |at: usize| {
            fields.get(at).map(String::as_str).ok_or("it has fewer fields than the first line has names".to_owned())
        };
        if let Some(changed) = columns.changed {
            self.newest = self.newest.max(version(field(changed)?));
        }
        let code = field(columns.code)?;
        if !code.split_once('-').is_some_and(|(number, check)| digits(number) && check.len() == 1 && digits(check)) {
            return Err("it does not have a LOINC number like 2345-7 in its place".to_owned());
        }
        if field(columns.status)? != "ACTIVE" {
            return Ok(None);
        }
        let short = columns.short.map(field).transpose()?.unwrap_or_default();
        Concept::new(code, field(columns.name)?, "", short).map(Some)
    }

    pub(super) fn end(&self) -> Result<(), String> {
        if self.open.is_empty() {
            Ok(())
        } else {
            Err("the file ends within quotation marks; it is cut off".to_owned())
        }
    }

    /// The newest version in which a record changed: every version changes some.
    pub(super) fn release(&self) -> Option<String> {
        self.newest.map(|(major, minor)| format!("{major}.{minor:02}"))
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    // 2.7 came after 2.66: it is 2.70.
    let minor = if minor.len() == 1 { format!("{minor}0") } else { minor.to_owned() };
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The values of a record; `None` while a quotation mark is open.
fn fields(record: &str) -> Result<Option<Vec<String>>, String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = record.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(field) = fields.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => {
                quoted = false;
                if characters.peek().is_some_and(|next| *next != ',') {
                    return Err("a quotation mark ends a value that goes on behind it".to_owned());
                }
            }
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    Ok((!quoted).then_some(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#""LOINC_NUM","COMPONENT","STATUS","SHORTNAME","LONG_COMMON_NAME","VersionLastChanged""#;

    fn read(text: &str) -> Result<(Vec<Concept>, Option<String>), String> {
        let mut loinc = Loinc::default();
        let all = text.lines().map(|line| loinc.line(line)).collect::<Result<Vec<_>, _>>()?;
        loinc.end()?;
        Ok((all.into_iter().flatten().collect(), loinc.release()))
    }

    #[test]
    fn values_with_commas_quotation_marks_and_line_breaks_are_one_value_each() {
        let text = format!(
            "{HEADER}\n\"2345-7\",\"Glucose\",\"ACTIVE\",\"Glucose SerPl-mCnc\",\"Glucose [Mass/volume] in Serum, \"\"or\"\" Plasma\",\"2.73\"\n\
             \"8302-2\",\"Body\nheight\",\"ACTIVE\",\"\",\"Body height\",\"2.7\"\n\"1-8\",\"x\",\"DEPRECATED\",\"\",\"x\",\"2.5\""
        );
        let (found, release) = read(&text).unwrap();
        assert_eq!(found.len(), 2, "the deprecated one is left out");
        assert_eq!(found[0].display, "Glucose [Mass/volume] in Serum, \"or\" Plasma", "as it is meant");
        assert_eq!(found[1].code, "8302-2", "a record over two lines");
        assert_eq!(release.as_deref(), Some("2.73"), "the newest version");
    }

    #[test]
    fn what_is_cut_off_or_another_table_is_refused() {
        assert!(read(&format!("{HEADER}\n\"2345-7\",\"Gluc")).is_err(), "it ends within a value");
        assert!(read("\"PartNumber\",\"PartName\"\n\"LP1\",\"x\"").is_err(), "another table");
        assert!(read(&format!("{HEADER}\n\"2345-7\",\"x\"")).is_err(), "too few values");
        assert!(read(&format!("{HEADER}\n\"MTHU1\",\"x\",\"ACTIVE\",\"\",\"x\",\"2.5\"")).is_err(), "no LOINC number");
    }
}
