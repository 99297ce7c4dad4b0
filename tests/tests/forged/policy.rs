//! Who may do what: the compliance officer's matrix, as the policies themselves are tested against it.

use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::fs;
use vigil_tests::data;

/// What is asked, on which page, of which kind of record.
type Row = (String, String, String);

/// Every row about a workstation that knows nothing of treatment relationships, without an emergency.
pub(crate) struct Policy {
    /// The roles, in the order of the columns.
    pub(crate) roles: Vec<String>,
    cells: HashMap<Row, Vec<String>>,
}

impl Policy {
    /// Reads the matrix.
    pub(crate) fn read() -> Result<Self> {
        let (mut roles, mut cells) = (Vec::new(), HashMap::new());
        for file in fs::read_dir(data::root().join("crates/policy/tests/matrix"))? {
            let text = fs::read_to_string(file?.path())?;
            let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
            let header = lines.next().context("a matrix without a header")?;
            let [.., nobody, workstation] = header.as_slice() else { bail!("a matrix without columns") };
            anyhow::ensure!(nobody == "nobody" && workstation == "workstation", "the matrix has other columns");
            roles = header.iter().skip(6).take_while(|role| *role != "nobody").cloned().collect();
            for line in lines {
                let [interaction, page, record, relationship, purpose, posture, answers @ ..] = line.as_slice() else {
                    continue;
                };
                if matches!(relationship.as_str(), "unknown" | "-") && purpose == "ordinary" && posture == "-" {
                    cells.insert((interaction.clone(), page.clone(), record.clone()), answers.to_vec());
                }
            }
        }
        Ok(Self { roles, cells })
    }

    /// Whether there is a row about this.
    pub(crate) fn knows(&self, interaction: &str) -> bool {
        self.cells.keys().any(|(known, ..)| known == interaction)
    }

    /// `allow`, or why a user in this role may not.
    pub(crate) fn answer(&self, interaction: &str, page: &str, restricted: bool, role: &str) -> Result<&str> {
        let record = if restricted { "restricted" } else { "normal" };
        let row = |record: &str| self.cells.get(&(interaction.to_owned(), page.to_owned(), record.to_owned()));
        let cells = row(record).or_else(|| row("-")).with_context(|| format!("no row for {interaction}, {page}"))?;
        let column = self.roles.iter().position(|known| known == role).with_context(|| format!("no role {role}"))?;
        cells.get(column).map(String::as_str).context("a row is too short")
    }
}
