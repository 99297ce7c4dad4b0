//! FHIR HumanName: which one to show and how.

use serde_json::Value;

use super::field::{items, text, texts};

/// The name to show: official, else usual, else the first that is no longer-used or anonymous name, else the first.
pub fn preferred(names: &[Value]) -> Option<&Value> {
    let by_use = |wanted: &str| names.iter().find(|name| text(name, "use") == wanted && !is_past(name));
    by_use("official")
        .or_else(|| by_use("usual"))
        .or_else(|| {
            names.iter().find(|name| !matches!(text(name, "use"), "old" | "anonymous" | "maiden") && !is_past(name))
        })
        .or_else(|| names.first())
}

/// Family, given and title of one name. A name that is only a text is taken whole as the family name: splitting it would be a guess.
pub fn parts(name: &Value) -> (String, String, String) {
    let joined = |key| texts(name, key).collect::<Vec<_>>().join(" ");
    let (family, given, prefix) = (text(name, "family"), joined("given"), joined("prefix"));
    if family.is_empty() && given.is_empty() {
        return (text(name, "text").to_owned(), String::new(), prefix);
    }
    (family.to_owned(), given, prefix)
}

/// `FAMILY, Given (Title)` (NHS CUI PAB-0049 to PAB-0053); `Not known` when there is no name at all.
pub fn banner(family: &str, given: &str, prefix: &str) -> String {
    let mut shown = match (family, given) {
        ("", "") => return "Not known".to_owned(),
        ("", given) => given.to_owned(),
        (family, "") => family.to_uppercase(),
        (family, given) => format!("{}, {given}", family.to_uppercase()),
    };
    let title = prefix.trim_end_matches('.');
    if !title.is_empty() {
        shown.push_str(&format!(" ({title})"));
    }
    shown
}

/// One name as running text, `Dr Jane Smith`: its own text, else its parts; empty when it has none.
pub fn plain(name: &Value) -> String {
    match text(name, "text") {
        "" => {
            let (family, given, prefix) = parts(name);
            let parts = [prefix.as_str(), given.as_str(), family.as_str()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
        own => own.to_owned(),
    }
}

/// How a resource other than a patient is called: its names, its `name`, its `title`.
pub fn of_resource(resource: &Value) -> Option<String> {
    let name = match resource.get("name") {
        Some(Value::String(name)) => name.trim().to_owned(),
        _ => preferred(items(resource, "name")).map(plain).unwrap_or_default(),
    };
    let name = if name.is_empty() { text(resource, "title").to_owned() } else { name };
    if name.is_empty() { None } else { Some(name) }
}

fn is_past(name: &Value) -> bool {
    // Whether a period is over depends on a clock that is not here; a name with an end was closed by its sender.
    name.get("period").is_some_and(|period| !text(period, "end").is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_official_name_wins_over_nickname_and_maiden_name() {
        let names = [
            json!({ "use": "maiden", "family": "Old" }),
            json!({ "use": "nickname", "given": ["Jan"] }),
            json!({ "use": "official", "family": "Smith", "given": ["Jane", "Ann"], "prefix": ["Ms."] }),
        ];
        let (family, given, prefix) = parts(preferred(&names).unwrap());
        assert_eq!(
            banner(&family, &given, &prefix),
            "SMITH, Jane Ann (Ms)",
            "CUI order, family in capitals, title in parentheses"
        );
    }

    #[test]
    fn a_name_that_ended_is_not_shown_when_a_present_one_exists() {
        let names = [
            json!({ "use": "official", "family": "Shaw", "given": ["Amy"], "period": { "end": "2020-07-22" } }),
            json!({ "family": "Baxter", "given": ["Amy"], "period": { "start": "2020-07-22" } }),
        ];
        assert_eq!(parts(preferred(&names).unwrap()).0, "Baxter", "the present name identifies the patient");
    }

    #[test]
    fn a_missing_name_is_said_to_be_missing() {
        assert_eq!(banner("", "", "Mr"), "Not known", "never blank, never a question mark (PAB-0019)");
        assert_eq!(banner("", "Madonna", ""), "Madonna", "a lone given name is shown as it is");
    }
}
