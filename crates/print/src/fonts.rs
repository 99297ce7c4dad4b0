//! The fonts that come with the crate (SIL Open Font License 1.1, see `fonts`): Inter, which the screen has too, and Noto Sans for the
//! scripts that Inter lacks.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The families, in the order in which a letter is looked for. The templates name the same.
pub(crate) const FAMILIES: [&str; 5] =
    ["Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai"];

const FILES: [&[u8]; 10] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-Bold.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Bold.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Bold.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-Bold.ttf"),
    include_bytes!("../fonts/NotoSansThai-Regular.ttf"),
    include_bytes!("../fonts/NotoSansThai-Bold.ttf"),
];

/// What typst may choose from.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
}

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all: Vec<Font> = FILES.into_iter().filter_map(|file| Font::new(Bytes::new(file), 0)).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

impl Fonts {
    /// Whether one of them draws this letter.
    pub(crate) fn draw(&self, letter: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_is_read_and_is_of_a_family_that_the_templates_name() {
        assert_eq!(FONTS.all.len(), FILES.len(), "a font that is not read would leave letters undrawn");
        for font in &FONTS.all {
            assert!(FAMILIES.contains(&font.info().family.as_str()), "{}", font.info().family);
        }
        for family in FAMILIES {
            let of: Vec<_> = FONTS.all.iter().filter(|font| font.info().family == family).collect();
            assert_eq!(of.len(), 2, "{family} in regular and bold");
        }
    }
}
