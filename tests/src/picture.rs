//! Pictures of the display: made from its memory, and told from a blank one.

use crate::xvfb::Part;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashSet;
use std::io::Cursor;
use std::ops::Range;

/// The display's memory (an X window dump of 32 bits a pixel) as PNG.
pub fn from_display(dump: &[u8]) -> Result<Vec<u8>> {
    let field = |index: usize| -> Result<usize> {
        let bytes = dump.get(index * 4..index * 4 + 4).context("the window dump is cut short")?;
        Ok(usize::try_from(u32::from_be_bytes(bytes.try_into()?))?)
    };
    let (header, width, height) = (field(0)?, field(4)?, field(5)?);
    let (bits, line, colours) = (field(11)?, field(12)?, field(19)?);
    ensure!(field(1)? == 7 && bits == 32 && line >= width * 4, "the window dump has another form than 32 bits a pixel");
    let pixels = dump.get(header + colours * 12..).context("the window dump is cut short")?;
    let mut rgb = Vec::with_capacity(width * height * 3);
    for line in pixels.chunks_exact(line).take(height) {
        for pixel in line.chunks_exact(4).take(width) {
            // Xvfb keeps blue, green, red and a spare byte.
            rgb.extend(pixel.iter().take(3).rev());
        }
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(out)
}

/// Where in the display's memory every third line of a part stands.
pub fn lines_of_display(dump: &[u8], part: &Part) -> Result<Vec<Range<u64>>> {
    let field = |index: usize| -> Result<usize> {
        let bytes = dump.get(index * 4..index * 4 + 4).context("the window dump is cut short")?;
        Ok(usize::try_from(u32::from_be_bytes(bytes.try_into()?))?)
    };
    let (line, start) = (field(12)?, field(0)? + field(19)? * 12);
    let of_line =
        |number: usize| Ok(at(start + number * line + part.left * 4)?..at(start + number * line + part.right * 4)?);
    (part.top..part.bottom).step_by(3).map(of_line).collect()
}

fn at(place: usize) -> Result<u64> {
    Ok(u64::try_from(place)?)
}

/// Refuses a picture whose middle has fewer colours than a page with words on it has.
///
/// The edges do not count: the window manager draws a title there also when the program draws nothing.
/// Smoothed text alone has dozens of shades; a window that was not drawn has one, or a few when only its frame was drawn.
pub fn refuse_blank(picture: &[u8]) -> Result<()> {
    let colours = colours(picture)?;
    if colours < LEAST_COLOURS {
        bail!("the picture is blank: it has {colours} colours, and a page with words has at least {LEAST_COLOURS}");
    }
    Ok(())
}

const LEAST_COLOURS: usize = 16;

fn colours(picture: &[u8]) -> Result<usize> {
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().context("the picture is no PNG")?;
    let mut pixels = vec![0; reader.output_buffer_size().context("the picture is too large")?];
    let frame = reader.next_frame(&mut pixels).context("the picture is cut short")?;
    let shown = pixels.get(..frame.buffer_size()).context("the picture is cut short")?;
    let (width, height) = (usize::try_from(frame.width)?, usize::try_from(frame.height)?);
    let lines = shown.chunks_exact(frame.line_size).take(height - height / 20).skip(height / 8);
    let mut seen = HashSet::new();
    for line in lines {
        let pixels = line.chunks_exact(frame.color_type.samples());
        seen.extend(pixels.take(width - width / 8).skip(width / 8));
    }
    Ok(seen.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_is_blank() {
        let grey = vec![0x80; 40 * 40 * 3];
        assert!(refuse_blank(&encoded(&grey)).is_err(), "a window that was not drawn must not pass as seen");
    }

    #[test]
    fn many_colours_are_not_blank() {
        let ramp = (0..40_u16 * 40 * 3).map(|n| u8::try_from(n % 251).unwrap()).collect::<Vec<_>>();
        assert!(refuse_blank(&encoded(&ramp)).is_ok(), "a drawn page passes");
    }

    fn encoded(pixels: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 40, 40);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        out
    }
}
