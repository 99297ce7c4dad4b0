//! Reducing HTML and XHTML to text. Nothing is executed, fetched or kept as markup: what comes out is shown as plain text only.

/// Elements whose content is no text for people.
const SILENT: [&str; 6] = ["script", "style", "head", "template", "iframe", "object"];
/// Elements that begin a line of their own.
const BLOCKS: [&str; 21] = [
    "p",
    "div",
    "br",
    "tr",
    "table",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "header",
    "footer",
    "pre",
    "blockquote",
    "dt",
    "dd",
];

/// The readable text of `markup`: lines for blocks, `- ` for list items, ` | ` between table cells.
pub(super) fn to_text(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        push_text(&mut text, before);
        rest = match read_tag(tag) {
            Some((name, after)) if SILENT.contains(&name.as_str()) => after_element(&name, after),
            Some((name, after)) => {
                begin(&mut text, &name);
                after
            }
            // A lone `<` is text: "Na < 120" must not swallow the rest of a note.
            None => {
                text.push('<');
                tag.get(1..).unwrap_or_default()
            }
        };
    }
    push_text(&mut text, rest);
    tidy(&text)
}

/// The lower-case name of the tag that `text` begins with (`/p` for an end tag, `!` for comments and the like) and what follows it.
fn read_tag(text: &str) -> Option<(String, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(("!".to_owned(), comment.split_once("-->").map_or("", |(_, after)| after)));
    }
    let inner = text.get(1..)?;
    if !inner.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    let end = tag_end(inner)?;
    let (tag, after) = inner.split_at(end);
    let name: String = tag
        .char_indices()
        .take_while(|(index, letter)| {
            letter.is_ascii_alphanumeric() || (*index == 0 && matches!(letter, '/' | '!' | '?'))
        })
        .map(|(_, letter)| letter.to_ascii_lowercase())
        .collect();
    Some((name, after.get(1..).unwrap_or_default()))
}

/// Where the tag's `>` stands, quoted attributes passed over.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (index, letter) in inner.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(index),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    // A quote that never closes: fall back to the first `>`.
    inner.find('>')
}

fn after_element<'a>(name: &str, rest: &'a str) -> &'a str {
    let mut from = 0;
    while let Some(found) = rest.get(from..).and_then(|tail| tail.find("</")) {
        let start = from + found + 2;
        let tail = rest.get(start..).unwrap_or_default();
        if tail.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name)) {
            return tail.split_once('>').map_or("", |(_, after)| after);
        }
        from = start;
    }
    // Never closed, as in `<script/>` or a cut-off file: what follows is shown rather than lost.
    rest
}

fn begin(text: &mut String, tag: &str) {
    let name = tag.trim_start_matches('/');
    match name {
        "li" if !tag.starts_with('/') => text.push_str("\n- "),
        "td" | "th" if !tag.starts_with('/') && !text.is_empty() && !text.ends_with('\n') => text.push_str(" | "),
        _ if BLOCKS.contains(&name) => text.push('\n'),
        _ => {}
    }
}

fn push_text(text: &mut String, mut raw: &str) {
    while let Some(start) = raw.find('&') {
        let (before, entity) = raw.split_at(start);
        text.push_str(before);
        match decode_entity(entity) {
            Some((letter, after)) => {
                text.push(letter);
                raw = after;
            }
            None => {
                text.push('&');
                raw = entity.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(raw);
}

fn decode_entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.get(1..)?.split_once(';')?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "deg" => '°',
        "micro" => 'µ',
        "plusmn" => '±',
        "ndash" => '–',
        "mdash" => '—',
        "le" => '≤',
        "ge" => '≥',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter })?
        }
    };
    Some((letter, after))
}

/// Blanks collapsed, at most one empty line in a row, a leading cell separator dropped.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines() {
        let start = tidied.len();
        for word in line.split_whitespace() {
            if tidied.len() > start {
                tidied.push(' ');
            }
            tidied.push_str(word);
        }
        let is_blank = tidied.len() == start;
        if !(is_blank && blank) {
            tidied.push('\n');
        }
        blank = is_blank;
    }
    tidied.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_becomes_lines_items_and_cells() {
        let html = "<div><h1>Plan</h1><ul><li>Rest</li><li>Ice &amp; tea</li></ul><table><tr><td>Na</td><td>140</td></tr></table></div>";
        assert_eq!(to_text(html), "Plan\n\n- Rest\n- Ice & tea\n\nNa | 140", "structure survives as text");
    }

    #[test]
    fn scripts_styles_and_handlers_leave_nothing() {
        let html = "a<script>alert('x')</script><style>b{}</style><img src=x onerror=\"alert(1)\"><!-- secret -->c";
        assert_eq!(to_text(html), "ac", "only what people read is left");
    }

    #[test]
    fn a_comparison_in_a_note_is_no_tag() {
        assert_eq!(to_text("Na < 120 and K > 5"), "Na < 120 and K > 5", "a lone sign is text");
        assert_eq!(to_text("AT&T 5 &#177; 1 &bogus;"), "AT&T 5 ± 1 &bogus;", "only real entities are decoded");
        assert_eq!(to_text("<script>lost"), "lost", "a script that never ends does not swallow the note");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reduction_panic(text in "(<|>|/|!|-|&|;|#|x|\"|'|script|li|td|é| |\n){0,60}|.{0,60}") {
            let _ = to_text(&text);
        }
    }
}
