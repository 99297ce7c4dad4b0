//! From a filter to SQL. What a caller wrote is bound, never spelled out.

use sqlx::AssertSqlSafe;
use vigil_model::DeviceId;

use super::bundle::FoundRow;
use super::cursor::Cursor;
use super::parameter::Filter;
use crate::store::sql::{Tx, Value};
use crate::store::{StoreError, event};

/// The conditions of a statement and the values of its places.
#[derive(Default)]
struct Conditions {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn list<T: Into<Value>>(&mut self, values: impl IntoIterator<Item = T>) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        places.join(", ")
    }

    fn any(&mut self, alternatives: &[String]) {
        let none = "FALSE".to_owned();
        self.conditions.push(if alternatives.is_empty() { none } else { format!("({})", alternatives.join(" OR ")) });
    }

    /// One of these values in this column.
    fn one_of(&mut self, column: &str, lists: &[Vec<String>]) {
        for list in lists {
            let places = self.list(list.iter().map(String::as_str));
            self.conditions.push(format!("{column} IN ({places})"));
        }
    }
}

/// The rows of a page, newest first.
pub(super) async fn rows(
    tx: &mut Tx,
    filter: &Filter,
    cursor: Option<Cursor>,
    count: u32,
) -> Result<Vec<FoundRow>, StoreError> {
    let (sql, values) = statement(filter, cursor, count);
    let rows = tx.all("searching the audit log", AssertSqlSafe(sql), &values).await?;
    let read = |row: &crate::store::sql::Row| {
        let (seq, _, stored) = event::read(row)?;
        let log = row.text(21)?;
        let log = DeviceId::parse(&log).map_err(|_| StoreError::Corrupt("the id of a log is none"))?;
        let position = (stored.at, row.int(0)?, row.int(1)?);
        Ok(FoundRow { log, seq, position, row: stored })
    };
    rows.iter().map(read).collect()
}

fn statement(filter: &Filter, cursor: Option<Cursor>, count: u32) -> (String, Vec<Value>) {
    let mut with = Conditions::default();
    // The first list of patients leads, through its index; of the table that leads, time and place are bounded.
    let (leading, from) = match filter.patients.split_first() {
        Some((patients, _)) => {
            let places = with.list(patients.iter().map(String::as_str));
            let distinct = if patients.len() > 1 { "DISTINCT " } else { "" };
            let table =
                format!("(SELECT {distinct}at, log, seq FROM audit_event_patient WHERE patient IN ({places})) p");
            ("p", format!("{table} JOIN audit_event e ON e.log = p.log AND e.seq = p.seq AND e.at = p.at"))
        }
        None => ("e", "audit_event e".to_owned()),
    };
    for patients in filter.patients.iter().skip(1) {
        let places = with.list(patients.iter().map(String::as_str));
        with.conditions.push(format!(
            "EXISTS (SELECT 1 FROM audit_event_patient q WHERE q.patient IN ({places}) AND q.at = e.at AND q.log = e.log AND q.seq = e.seq)"
        ));
    }
    for (bound, sign) in [(filter.from, ">="), (filter.below, "<")] {
        if let Some(bound) = bound {
            let place = with.bind(bound);
            with.conditions.push(format!("{leading}.at {sign} {place}"));
        }
    }
    if let Some(cursor) = cursor {
        let places = with.list([cursor.at, cursor.log, cursor.seq]);
        with.conditions.push(format!("({leading}.at, {leading}.log, {leading}.seq) <= ({places})"));
    }
    for list in &filter.agent {
        let ids = with.list(list.iter().map(String::as_str));
        let alternatives = [format!("e.user_id IN ({ids})"), format!("l.id IN ({ids})")];
        with.any(&alternatives);
    }
    for list in &filter.user {
        let ids = with.list(list.iter().map(String::as_str));
        let alternatives = [format!("e.user_id IN ({ids})"), format!("e.session IN ({ids})")];
        with.any(&alternatives);
    }
    for list in &filter.address {
        // FHIR: a text begins with what is asked for, in whatever case.
        let alternatives: Vec<String> = list
            .iter()
            .map(|text| format!("LOWER(e.address) LIKE {} ESCAPE '\\'", with.bind(beginning(text))))
            .collect();
        with.any(&alternatives);
    }
    for list in &filter.entity_roles {
        let known = list.iter().filter_map(|role| entity_role(role)).map(str::to_owned).collect::<Vec<_>>();
        with.any(&known);
    }
    with.one_of("l.id", &filter.source);
    with.one_of("e.type", &filter.r#type);
    with.one_of("e.subtype", &filter.subtype);
    with.one_of("e.action", &filter.action);
    for list in &filter.outcome {
        let places = with.list(list.iter().filter_map(|outcome| outcome.parse::<i64>().ok()));
        with.conditions.push(format!("e.outcome IN ({places})"));
    }
    for list in &filter.ids {
        let mut alternatives = Vec::new();
        for (log, seq) in list.iter().filter_map(|id| event_id(id)) {
            let (log, seq) = (with.bind(log), with.bind(seq));
            alternatives.push(format!("(l.id = {log} AND e.seq = {seq})"));
        }
        with.any(&alternatives);
    }
    let conditions = if with.conditions.is_empty() { "TRUE".to_owned() } else { with.conditions.join(" AND ") };
    let columns =
        event::COLUMNS.split(", ").map(|column| format!("e.{}", column.trim())).collect::<Vec<_>>().join(", ");
    let count = with.bind(count);
    let sql = format!(
        "SELECT {columns}, l.id FROM {from} JOIN audit_log l ON l.key = e.log WHERE {conditions} \
         ORDER BY {leading}.at DESC, {leading}.log DESC, {leading}.seq DESC LIMIT {count}"
    );
    (sql, with.values)
}

/// The entities of an entry by their role (FHIR `object-role`), as the FHIR form gives them.
fn entity_role(role: &str) -> Option<&'static str> {
    match role {
        "1" => {
            Some("EXISTS (SELECT 1 FROM audit_event_patient q WHERE q.at = e.at AND q.log = e.log AND q.seq = e.seq)")
        }
        "4" => Some("e.patient IS NOT NULL AND e.section IS NULL"),
        "13" => Some("e.reason LIKE '%keys=%'"),
        "24" => Some("e.section IS NOT NULL"),
        _ => None,
    }
}

/// `<log>.<number>`, and perhaps `.<part>`.
fn event_id(id: &str) -> Option<(String, i64)> {
    let mut parts = id.split('.');
    let log = DeviceId::parse(parts.next()?).ok()?.to_string();
    Some((log, parts.next()?.parse().ok()?))
}

fn beginning(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_writes_is_bound_and_not_spelled_out() {
        let evil = "x'; DROP TABLE audit_event; --";
        let names =
            ["address", "agent", "user", "patient", "entity-role", "source", "type", "subtype", "action", "_id"];
        for name in names {
            let query = [(name.to_owned(), evil.to_owned())];
            let (sql, _) = statement(&Filter::parse(&query).unwrap(), None, 50);
            assert!(!sql.to_lowercase().contains("drop"), "{name}: {sql}");
        }
    }

    #[test]
    fn a_search_goes_on_by_key_and_not_by_offset() {
        let query = [("patient".to_owned(), "p-1".to_owned())];
        let (sql, _) = statement(&Filter::parse(&query).unwrap(), Some(Cursor::at((1, 2, 3))), 50);
        assert!(sql.contains("(p.at, p.log, p.seq) <= ($2, $3, $4)") && !sql.contains("OFFSET"), "{sql}");
    }
}
