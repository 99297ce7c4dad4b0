//! Barcodes as rows of dark and light: the number alone, so that a scanner types it and nothing else can be read from it.

use barcoders::sym::code128::Code128;
use qrcodegen::{QrCode, QrCodeEcc};
use serde_json::{Value, json};

use crate::PrintError;

/// The modules of a code as grey values, 0 is dark, with their quiet zone: what typst draws as an image.
fn pixels(rows: &[Vec<bool>], quiet: usize) -> Value {
    let width = rows.first().map_or(0, Vec::len) + 2 * quiet;
    let tall = if rows.len() > 1 { quiet } else { 0 };
    let light = |count: usize| std::iter::repeat_n(255_u8, count);
    let mut bytes: Vec<u8> = light(width * tall).collect();
    for row in rows {
        bytes.extend(light(quiet));
        bytes.extend(row.iter().map(|dark| if *dark { 0 } else { 255 }));
        bytes.extend(light(quiet));
    }
    bytes.extend(light(width * tall));
    json!({ "width": width, "height": rows.len() + 2 * tall, "pixels": bytes })
}

/// A QR code (ISO/IEC 18004), level Q: a band is bent, wet and rubbed. Its quiet zone is four modules wide.
pub(crate) fn qr(text: &str) -> Result<Value, PrintError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Quartile).map_err(|_| PrintError::Barcode)?;
    let row = |y| (0..code.size()).map(|x| code.get_module(x, y)).collect();
    Ok(pixels(&(0..code.size()).map(row).collect::<Vec<_>>(), 4))
}

/// A Code 128 (ISO/IEC 15417) in character set B, as high as it is drawn. Its quiet zone is ten modules wide.
pub(crate) fn code_128(text: &str) -> Result<Value, PrintError> {
    // Set B has the printable ASCII characters; what else barcoders understands is a command to it.
    if text.is_empty() || !text.chars().all(|letter| matches!(letter, ' '..='~')) {
        return Err(PrintError::Barcode);
    }
    let code = Code128::new(format!("\u{181}{text}")).map_err(|_| PrintError::Barcode)?;
    let bars = code.encode().into_iter().map(|bar| bar == 1).collect();
    Ok(pixels(&[bars], 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_no_scanner_could_type_makes_no_barcode() {
        for text in ["", "Łx", "a\u{106}1", "1\n"] {
            assert!(matches!(code_128(text), Err(PrintError::Barcode)), "{text:?}");
        }
        let bars = code_128("004217").unwrap();
        // 11 modules a character: start, six, check; 13 of the stop (ISO/IEC 15417); and the quiet zones.
        assert_eq!(bars["width"], json!(8 * 11 + 13 + 20));
    }
}
