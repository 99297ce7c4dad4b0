//! QR codes, as the window and the paper draw them: from modules, so that no image and no address holds the secret.

use qrcodegen::{QrCode, QrCodeEcc};

use crate::AppError;

/// One text per row, `1` is dark, without the quiet zone. Level Q: paper is folded, stained and copied.
pub(crate) fn rows(text: &str) -> Result<Vec<String>, AppError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Quartile)
        .map_err(|_| AppError::unusable("the QR code could not be drawn; type the text instead"))?;
    let size = code.size();
    let row = |y| (0..size).map(|x| if code.get_module(x, y) { '1' } else { '0' }).collect();
    Ok((0..size).map(row).collect())
}
