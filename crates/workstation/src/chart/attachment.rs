//! FHIR Attachment: whether its text can be shown here, and the text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use vigil_model::fhir::field::text;

use super::markup;

/// Standard base64; missing padding is forgiven.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How a content type is turned into text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Markup,
}

/// Whether [`read`] will find text, judged without decoding.
pub(super) fn is_readable(attachment: &Value) -> bool {
    form(attachment).is_some() && !text(attachment, "data").is_empty()
}

/// Whether it is XML that lies in the chart: a document with sections, as far as can be told without opening it.
pub(crate) fn may_have_sections(attachment: &Value) -> bool {
    let is_xml = matches!(
        essence(attachment).as_str(),
        "text/xml" | "application/xml" | "application/cda+xml" | "application/hl7-cda+xml"
    );
    is_xml && (!text(attachment, "data").is_empty() || text(attachment, "url").starts_with("Binary/"))
}

/// The text of an attachment, or why there is none.
pub(super) fn read(attachment: &Value) -> Result<String, String> {
    let (data, url) = (text(attachment, "data"), text(attachment, "url"));
    let Some(form) = form(attachment) else {
        let content_type = match text(attachment, "contentType") {
            "" => "without a stated type".to_owned(),
            content_type => format!("of type {content_type}"),
        };
        return Err(format!(
            "A document {content_type} cannot be shown here as text. Open it in the system it came from."
        ));
    };
    if data.is_empty() {
        return Err(match url {
            "" => "The document has no content.".to_owned(),
            _ => "The content lies outside this chart and was not part of the import. Open it in the system it came from.".to_owned(),
        });
    }
    let packed: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = BASE64
        .decode(packed)
        .map_err(|_| "The content is damaged: it is no base64. Import it again from its source.".to_owned())?;
    let decoded = decode(bytes, text(attachment, "contentType"));
    Ok(match form {
        Form::Plain => without_controls(&decoded),
        Form::Markup => without_controls(&markup::to_text(&decoded)),
    })
}

/// Its type, without parameters.
fn essence(attachment: &Value) -> String {
    text(attachment, "contentType").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn form(attachment: &Value) -> Option<Form> {
    match essence(attachment).as_str() {
        "text/plain" | "text/markdown" => Some(Form::Plain),
        "text/html" | "application/xhtml+xml" => Some(Form::Markup),
        _ => None,
    }
}

/// UTF-8, or Latin 1 where the sender says so. Bytes that are neither are marked, not dropped.
fn decode(bytes: Vec<u8>, content_type: &str) -> String {
    let content_type = content_type.to_ascii_lowercase();
    if content_type.contains("iso-8859-1") || content_type.contains("latin1") {
        return bytes.into_iter().map(char::from).collect();
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => format!(
            "[Some characters could not be read and are marked �.]\n{}",
            String::from_utf8_lossy(error.as_bytes())
        ),
    }
}

/// Line ends unified, other control characters removed: they could hide or reorder what a clinician reads.
fn without_controls(text: &str) -> String {
    let bidirectional = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .chars()
        .filter(|letter| matches!(letter, '\n' | '\t') || !(letter.is_control() || bidirectional(*letter)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_text_and_html_are_read() {
        let plain = json!({ "contentType": "text/plain; charset=utf-8", "data": "SGVsbG8g\n w6Q=" });
        assert_eq!(read(&plain), Ok("Hello ä".to_owned()), "blanks inside base64 are allowed by FHIR");
        let html = json!({ "contentType": "text/html", "data": BASE64.encode("<p>Rest</p><script>x()</script>") });
        assert_eq!(read(&html), Ok("Rest".to_owned()), "markup is reduced to text");
    }

    #[test]
    fn what_cannot_be_shown_says_why() {
        for (attachment, reason) in [
            (json!({ "contentType": "application/pdf", "data": "JVBERi0=" }), "application/pdf"),
            (json!({ "contentType": "text/plain", "url": "Binary/1" }), "outside this chart"),
            (json!({ "contentType": "text/plain", "data": "%%%" }), "damaged"),
            (json!({ "contentType": "text/plain" }), "no content"),
        ] {
            assert!(read(&attachment).is_err_and(|why| why.contains(reason)), "the reason names {reason}");
        }
    }

    #[test]
    fn control_characters_cannot_reorder_a_note() {
        let note = json!({ "contentType": "text/plain", "data": BASE64.encode("a\u{202e}b\u{1b}[2Jc\r\nd") });
        assert_eq!(read(&note), Ok("ab[2Jc\nd".to_owned()), "only text and line ends are left");
    }
}
