//! Why a file is not read. No fault repeats what stands in the file.

use thiserror::Error;

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// More than [`crate::LARGEST`].
    #[error("the file is larger than {} MB; no clinical document is that long", crate::LARGEST / (1024 * 1024))]
    TooLarge,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The bytes are not what the file says they are.
    #[error("the file is not in the character encoding that it names ({0}); ask for it again from where it came")]
    Encoding(String),
    /// No XML, or broken off.
    #[error(
        "the file is no well-formed XML: it breaks off or is damaged near byte {at}; ask for it again from where it came"
    )]
    Malformed {
        /// Where reading stopped.
        at: u64,
    },
    /// A document type declaration, which could bring entities and files from elsewhere.
    #[error("the file has a document type declaration, which no C-CDA document has; it is not read")]
    Dtd,
    /// An entity that XML does not have by itself.
    #[error("the file uses an entity that it cannot define (near byte {at}); it is not read")]
    Entity {
        /// Where it stands.
        at: u64,
    },
    /// Deeper, wider or longer than a document is.
    #[error("the file is not built like a document ({0}); it is not read")]
    Bounds(&'static str),
    /// XML, and something else.
    #[error("the file is XML, but no C-CDA document: its outermost element is not ClinicalDocument of HL7 v3")]
    OtherRoot,
    /// Whoever waits has had enough.
    #[error("reading was stopped")]
    Stopped,
}
