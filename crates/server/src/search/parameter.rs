//! The parameters of a search: those of ITI-81 and of the FHIR R4 resource that it names.

use vigil_model::DeviceId;

use super::SearchError;
use super::date::bounds;

/// Entries of a page, unless the caller says otherwise; and the most.
const COUNT: u32 = 50;
pub(crate) const MOST: u32 = 500;
/// Values of one parameter, and patients of a query: each is an entry of its own in the server's log.
const VALUES: usize = 20;

/// What a search may ask for: name, FHIR search type, and what it finds. A result parameter (`_count`, `_sort`, `_format`) finds nothing.
pub(crate) const PARAMETERS: [(&str, &str, &str); 18] = [
    ("_id", "token", "The id of the AuditEvent"),
    ("date", "date", "When it was recorded; twice for a span"),
    ("address", "string", "The network address that it came from, from its beginning"),
    ("agent", "reference", "The user, system or workstation that acted, by its UUID"),
    ("agent.identifier", "token", "The same by identifier"),
    ("user", "token", "The user that acted, or the session"),
    ("altid", "token", "The user that acted, or the session"),
    ("patient", "reference", "The patient whose record it names"),
    ("patient.identifier", "token", "The same by identifier"),
    ("entity", "reference", "The patient whose record it names"),
    ("entity.identifier", "token", "The same by identifier"),
    ("entity-role", "token", "What role the object played: 1, 4, 13 or 24"),
    ("source", "reference", "The workstation or server whose log it stands in"),
    ("source.identifier", "token", "The same by identifier"),
    ("type", "token", "The kind of event"),
    ("subtype", "token", "The kind of event, closer"),
    ("action", "token", "C, R, U, D or E"),
    ("outcome", "token", "How it went: 0, 4, 8 or 12"),
];

/// What is asked for. Every list is "any of"; the lists of one field are "and".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) from: Option<i64>,
    pub(super) below: Option<i64>,
    pub(super) address: Vec<Vec<String>>,
    /// A user, device or client, or the workstation itself, by its UUID.
    pub(super) agent: Vec<Vec<String>>,
    /// One who acted, or its session (`altId`).
    pub(super) user: Vec<Vec<String>>,
    pub(super) patients: Vec<Vec<String>>,
    pub(super) entity_roles: Vec<Vec<String>>,
    pub(super) source: Vec<Vec<String>>,
    pub(super) r#type: Vec<Vec<String>>,
    pub(super) subtype: Vec<Vec<String>>,
    pub(super) action: Vec<Vec<String>>,
    pub(super) outcome: Vec<Vec<String>>,
    pub(super) ids: Vec<Vec<String>>,
    pub(super) count: u32,
    pub(super) cursor: Option<String>,
    /// The parameters that were used, by name.
    pub(super) names: Vec<String>,
    /// Those that were not understood.
    pub(super) unknown: Vec<String>,
}

impl Filter {
    /// Reads a query.
    pub(super) fn parse(query: &[(String, String)]) -> Result<Self, SearchError> {
        let mut filter = Self { count: COUNT, ..Self::default() };
        for (name, value) in query {
            if filter.take(name, value)? {
                if !filter.names.contains(name) && name != "_cursor" {
                    filter.names.push(name.clone());
                }
            } else if !filter.unknown.contains(name) {
                filter.unknown.push(shown(name));
            }
        }
        Ok(filter)
    }

    /// Nothing but what stands in this log, whatever was asked for.
    pub(super) fn within(mut self, log: Option<DeviceId>) -> Self {
        self.source.extend(log.map(|log| vec![log.to_string()]));
        self
    }

    /// Whether the parameter is understood.
    fn take(&mut self, name: &str, value: &str) -> Result<bool, SearchError> {
        let of_another_form =
            || SearchError::Parameter(format!("the parameter {} has a value of another form", shown(name)));
        // No id, code or time has one, and a database may not take it.
        if value.contains(char::is_control) {
            return Err(of_another_form());
        }
        let tokens = || values(value, name, |token| token.rsplit('|').next().unwrap_or(token).to_owned());
        let ids = || values(value, name, |token| uuid_of(token.rsplit('|').next().unwrap_or(token)));
        match name {
            "date" => {
                let bounds = bounds(value).ok_or_else(of_another_form)?;
                self.from = self.from.max(bounds.from);
                self.below = [self.below, bounds.below].into_iter().flatten().min();
            }
            "address" => self.address.push(values(value, name, str::to_lowercase)?),
            "agent" | "agent.identifier" => self.agent.push(ids()?),
            "user" | "altid" => self.user.push(ids()?),
            "patient" | "patient.identifier" | "entity" | "entity.identifier" => {
                self.patients.push(values(value, name, patient)?)
            }
            "entity-role" => self.entity_roles.push(tokens()?),
            "source" | "source.identifier" => self.source.push(ids()?),
            "type" => self.r#type.push(tokens()?),
            "subtype" => self.subtype.push(tokens()?),
            "action" => self.action.push(tokens()?),
            "outcome" => {
                let outcomes = tokens()?;
                if outcomes.iter().any(|outcome| outcome.parse::<u8>().is_err()) {
                    return Err(of_another_form());
                }
                self.outcome.push(outcomes);
            }
            "_id" => self.ids.push(values(value, name, str::to_owned)?),
            "_count" => self.count = value.parse::<u32>().map_err(|_| of_another_form())?.clamp(1, MOST),
            "_cursor" => self.cursor = Some(value.to_owned()),
            "_sort" if value == "-date" => {}
            "_format" if matches!(value, "json" | "application/json" | "application/fhir+json") => {}
            _ => return Ok(false),
        }
        if self.patients.iter().map(Vec::len).sum::<usize>() > VALUES {
            return Err(SearchError::Parameter(format!("a search names {VALUES} patients at most")));
        }
        Ok(true)
    }
}

/// The values between commas.
fn values(text: &str, name: &str, read: impl Fn(&str) -> String) -> Result<Vec<String>, SearchError> {
    let values: Vec<String> = text.split(',').filter(|value| !value.is_empty()).map(read).collect();
    if values.is_empty() || values.len() > VALUES {
        return Err(SearchError::Parameter(format!("the parameter {name} has 1 to {VALUES} values")));
    }
    Ok(values)
}

/// The UUID in `urn:uuid:...`, `Device/...` or alone, in its usual form.
fn uuid_of(token: &str) -> String {
    let last = token.rsplit(['/', ':']).next().unwrap_or(token);
    last.to_lowercase()
}

/// The id in `Patient/p-1`, `urn:oid:...|p-1` or alone.
fn patient(token: &str) -> String {
    let last = token.rsplit('|').next().unwrap_or(token);
    last.rsplit('/').next().unwrap_or(last).to_owned()
}

/// What a stranger wrote is shown in part, and without what could be taken for markup.
fn shown(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-:".contains(*letter)).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &[(&str, &str)]) -> Result<Filter, SearchError> {
        let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Filter::parse(&query)
    }

    #[test]
    fn both_bounds_of_a_date_and_every_form_of_an_id_are_understood() {
        let filter = parse(&[
            ("date", "ge2026-11"),
            ("date", "lt2026-12"),
            ("patient.identifier", "urn:oid:1.2.3|p-1,Patient/p-2"),
            ("agent", "urn:uuid:01900000-0000-7000-8000-00000000000A"),
            ("outcome", "4,8"),
        ])
        .unwrap();
        assert!(filter.from < filter.below, "{filter:?}");
        assert_eq!(filter.patients, [["p-1", "p-2"]]);
        assert_eq!(filter.agent, [["01900000-0000-7000-8000-00000000000a"]]);
        assert_eq!(filter.outcome, [["4", "8"]]);
    }

    #[test]
    fn what_is_unknown_is_named_and_what_has_another_form_is_refused() {
        assert_eq!(parse(&[("colour", "red"), ("_count", "10000")]).unwrap().unknown, ["colour"]);
        assert_eq!(parse(&[("_count", "10000")]).unwrap().count, MOST, "no page is longer");
        assert!(parse(&[("date", "yesterday")]).is_err());
        assert!(parse(&[("outcome", "bad")]).is_err());
        assert!(parse(&[("patient", ",")]).is_err());
        assert!(parse(&[("patient", "p\0")]).is_err(), "no database takes it");
        let many = vec!["p"; VALUES + 1].join(",");
        assert!(parse(&[("patient", &many)]).is_err(), "each is an entry in the log");
    }

    #[test]
    fn every_parameter_that_is_told_of_is_understood() {
        for (name, kind, _) in PARAMETERS {
            let value = match (kind, name) {
                ("date", _) => "2026-11-29",
                (_, "outcome") => "0",
                _ => "1",
            };
            assert!(parse(&[(name, value)]).unwrap().unknown.is_empty(), "{name}");
        }
    }

    #[test]
    fn whoever_may_look_into_one_log_asks_for_it_whatever_else_is_asked_for() {
        let (own, other) = ("01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002");
        let filter = parse(&[("source", other)]).unwrap().within(DeviceId::parse(own).ok());
        assert_eq!(filter.source, [[other], [own]], "both: nothing is in two logs");
    }
}
