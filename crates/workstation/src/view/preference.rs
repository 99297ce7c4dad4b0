//! How a user likes the screen.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::Section;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Colours {
    /// As the desktop has it.
    #[default]
    System,
    /// Dark letters.
    Light,
    /// Light letters.
    Dark,
}

/// What a user has chosen, on every page and at every sign-in here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreferencesView {
    /// Light or dark.
    pub colours: Colours,
    /// How large everything is, in percent: 80 to 200 in steps of ten.
    pub zoom_percent: u16,
    /// The language of the screen as a BCP 47 tag; empty: that of the workstation.
    pub language: String,
    /// The sections that stand first in every chart, in this order. The first of them is what a chart opens with.
    pub first_sections: Vec<Section>,
}

impl Default for PreferencesView {
    fn default() -> Self {
        Self { colours: Colours::default(), zoom_percent: 100, language: String::new(), first_sections: Vec::new() }
    }
}
