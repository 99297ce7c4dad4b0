//! Reads an SPDX licence expression.

/// Whether what an expression asks for can be met with these licences alone. `A / B`, the old spelling, means `A OR B`.
pub(crate) fn allowed(expression: &str, licences: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = any(&mut rest, licences);
    met && rest.is_empty()
}

fn any(words: &mut &[&str], licences: &[String]) -> bool {
    let mut met = all(words, licences);
    while take(words, "OR") {
        met |= all(words, licences);
    }
    met
}

fn all(words: &mut &[&str], licences: &[String]) -> bool {
    let mut met = one(words, licences);
    while take(words, "AND") {
        met &= one(words, licences);
    }
    met
}

fn one(words: &mut &[&str], licences: &[String]) -> bool {
    if take(words, "(") {
        let met = any(words, licences);
        return take(words, ")") && met;
    }
    let Some((name, rest)) = words.split_first() else { return false };
    *words = rest;
    let mut name = (*name).to_owned();
    if take(words, "WITH")
        && let Some((exception, rest)) = words.split_first()
    {
        *words = rest;
        name = format!("{name} WITH {exception}");
    }
    licences.contains(&name)
}

fn take(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == word => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_only_by_what_it_asks_for() {
        let licences = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        for (expression, met) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("", false),
            ("GPL-3.0-only OR MIT", true),
            ("GPL-3.0-only AND MIT", false),
            ("Unlicense/MIT", true),
            ("(MIT OR GPL-3.0-only) AND Apache-2.0", true),
            ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH Classpath-exception-2.0", false),
            ("MIT Apache-2.0", false),
        ] {
            assert_eq!(allowed(expression, &licences), met, "`{expression}` is read wrongly");
        }
    }
}
