//! What typst sees: one template, the fonts of this crate and the paper as data. No file, no package, no network, no clock.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Str, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::fonts::FONTS;

pub(crate) struct Sheltered {
    library: LazyHash<Library>,
    template: Source,
}

impl Sheltered {
    /// A world in which `template` finds `paper`, as JSON, under `sys.inputs.paper`.
    pub(crate) fn new(template: &str, paper: &str) -> Self {
        let inputs: Dict = [(Str::from("paper"), Value::Str(Str::from(paper)))].into_iter().collect();
        Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            template: Source::detached(template),
        }
    }
}

impl World for Sheltered {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use typst_layout::PagedDocument;

    use super::*;

    #[test]
    fn there_is_nothing_else_in_it() {
        for template in [
            "#read(\"/etc/passwd\")",
            "#read(\"main.typ\")",
            "#include \"other.typ\"",
            "#image(\"/etc/passwd\")",
            "#import \"@preview/tablex:0.0.8\": *",
            "#datetime.today().display()",
        ] {
            let world = Sheltered::new(template, "{}");
            assert!(typst::compile::<PagedDocument>(&world).output.is_err(), "{template} finds something");
        }
        assert!(
            typst::compile::<PagedDocument>(&Sheltered::new("#sys.inputs.paper", "{}")).output.is_ok(),
            "but the paper"
        );
    }
}
