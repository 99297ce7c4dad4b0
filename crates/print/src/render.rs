//! From a paper to bytes.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;

use rayon::ThreadPoolBuilder;
use serde_json::{Value, json};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_svg::SvgOptions;

use crate::document::{Made, Paper};
use crate::fonts::FAMILIES;
use crate::world::Sheltered;
use crate::{barcode, legible};

/// Why there is no paper. None of these holds a word of it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PrintError {
    /// A band or label cuts nothing off, so that it is not made.
    #[error("the name or number does not fit; choose a larger size")]
    DoesNotFit,
    /// On a band or label nothing may be missing.
    #[error("the fonts have no letter for {0}, and nothing may be missing here; write it by hand")]
    Missing(String),
    /// The number has characters that a barcode does not have, or too many.
    #[error("the number cannot be written as a barcode")]
    Barcode,
    /// The template and the paper do not go together.
    #[error("the paper could not be set ({0})")]
    Typesetting(String),
}

/// A paper.
pub struct Printed {
    /// The file: PDF 1.7, tagged, PDF/UA-1.
    pub pdf: Vec<u8>,
    /// How many pages.
    pub pages: usize,
    /// The first pages as SVG, as many as were asked for: all text in them is drawn.
    pub pictures: Vec<String>,
    /// Letters that the fonts lack, `U+75C5`; the paper says so too.
    pub missing: Vec<String>,
}

/// Sets `paper`, with pictures of its first `pictures` pages, on a thread of its own that wipes its stack. No other thread sees a word: typst
/// shares its work among the threads that it is given, and those of a common pool would keep what they saw.
///
/// # Errors
/// [`PrintError`].
pub fn render(paper: &Paper, pictures: usize) -> Result<Printed, PrintError> {
    let no_thread = || PrintError::Typesetting("there is no thread for it".to_owned());
    let work = || {
        let alone = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        let printed = match alone {
            Ok(alone) => alone.install(|| set(paper, pictures)),
            Err(_) => Err(no_thread()),
        };
        // typst keeps what it has set for the next time; nobody here wants it again.
        comemo::evict(0);
        wipe_stack();
        printed
    };
    thread::scope(|scope| {
        let working = thread::Builder::new().name("paper".to_owned()).stack_size(STACK).spawn_scoped(scope, work);
        working.map_err(|_| no_thread())?.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// typst sets what stands within what by calling itself.
const STACK: usize = 8 << 20;

/// Overwrites what the calls before it used of this thread's stack, which the system keeps for the next thread.
#[inline(never)]
fn wipe_stack() {
    let mut used = [0_u8; STACK - (1 << 20)];
    std::hint::black_box(&mut used);
}

fn set(paper: &Paper, pictures: usize) -> Result<Printed, PrintError> {
    let (template, mut data, made) = prepared(paper)?;
    let mut missing = BTreeSet::new();
    legible::make(&mut data, &mut missing);
    let missing: Vec<String> = missing.into_iter().map(legible::code_point).collect();
    match (paper, data.get_mut("missing")) {
        (Paper::Document(_), Some(said)) => *said = json!(missing),
        _ if !missing.is_empty() => return Err(PrintError::Missing(missing.join(", "))),
        _ => {}
    }
    if let Some(data) = data.as_object_mut() {
        data.insert("fonts".to_owned(), json!(FAMILIES));
    }
    let world = Sheltered::new(template, &data.to_string());
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|faults| {
        // A message of typst's may quote what it could not set; ours are told by their first words alone.
        let does_not_fit = faults.iter().any(|fault| fault.message.contains(DOES_NOT_FIT));
        if does_not_fit { PrintError::DoesNotFit } else { PrintError::Typesetting(kinds(faults.len())) }
    })?;
    let (year, month, day, hour, minute, second) = made.utc;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Vigil".into())),
        timestamp: Datetime::from_ymd_hms(year, month, day, hour, minute, second).map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|_| PrintError::Typesetting("PDF/UA-1 is not known".to_owned()))?,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|faults| PrintError::Typesetting(kinds(faults.len())))?;
    let pages = document.pages();
    let svg = SvgOptions { render_bleed: false, pretty: false };
    Ok(Printed {
        pdf,
        pages: pages.len(),
        pictures: pages.iter().take(pictures).map(|page| typst_svg::svg(page, &svg)).collect(),
        missing,
    })
}

/// What the templates say where something does not fit.
const DOES_NOT_FIT: &str = "does-not-fit";

fn kinds(count: usize) -> String {
    format!("{count} faults")
}

/// The template and its data.
fn prepared(paper: &Paper) -> Result<(&'static str, Value, &Made), PrintError> {
    let wrong = |_| PrintError::Typesetting("it has no JSON form".to_owned());
    Ok(match paper {
        Paper::Document(document) => {
            (include_str!("../templates/document.typ"), serde_json::to_value(document).map_err(wrong)?, &document.made)
        }
        Paper::Band(band) => {
            let mut data = serde_json::to_value(band).map_err(wrong)?;
            if let Some(data) = data.as_object_mut() {
                data.insert("code".to_owned(), barcode::qr(&band.number)?);
            }
            (include_str!("../templates/band.typ"), data, &band.made)
        }
        Paper::Labels(labels) => {
            let mut data = serde_json::to_value(labels).map_err(wrong)?;
            if let Some(data) = data.as_object_mut() {
                data.insert("code".to_owned(), barcode::code_128(&labels.label.number)?);
            }
            (include_str!("../templates/labels.typ"), data, &labels.made)
        }
    })
}
