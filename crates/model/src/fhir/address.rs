//! FHIR `Address`, as far as two of them can be compared.

use serde_json::Value;

use super::field::{items, text, texts};

/// What an address is compared by: its lines and its postal code, else its city, in small letters and digits alone. `None`
/// for a former one and for one without a line or without either of the two: half a country lives in a town.
pub fn key(address: &Value) -> Option<String> {
    if text(address, "use") == "old" {
        return None;
    }
    let lines: String = texts(address, "line").flat_map(plain).collect();
    let area: String = [text(address, "postalCode"), text(address, "city")]
        .into_iter()
        .map(|part| plain(part).collect::<String>())
        .find(|part| !part.is_empty())?;
    (!lines.is_empty()).then(|| format!("{lines}|{area}"))
}

/// The addresses of a Patient or a Practitioner, each once.
pub fn keys(resource: &Value) -> Vec<String> {
    let mut keys: Vec<String> = items(resource, "address").iter().filter_map(key).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_address_is_the_same_however_it_is_typed() {
        let one = json!({ "line": ["12 Mill Lane", "Flat 3"], "city": "Leeds", "postalCode": "LS1 4AP" });
        let two = json!({ "line": ["12, mill lane, flat 3"], "postalCode": "ls14ap" });
        assert_eq!(key(&one), key(&two));
        assert_ne!(
            key(&one),
            key(&json!({ "line": ["12 Mill Lane", "Flat 4"], "postalCode": "LS1 4AP" })),
            "a neighbour"
        );
    }

    #[test]
    fn a_former_one_and_half_of_one_are_compared_with_nothing() {
        for nothing in [
            json!({ "use": "old", "line": ["12 Mill Lane"], "postalCode": "LS1 4AP" }),
            json!({ "city": "Leeds" }),
            json!({ "line": ["12 Mill Lane"] }),
            json!({ "line": "", "postalCode": 7 }),
        ] {
            assert_eq!(key(&nothing), None, "{nothing}");
        }
    }
}
