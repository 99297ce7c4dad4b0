//! The compact sets of common entries that come with the program. `tables/NOTICE.md` says where they come from.

use crate::CodeSystem;

const ICD_10_CM: &str = include_str!("../tables/icd-10-cm-common.txt");
const CVX: &str = include_str!("../tables/cvx-common.txt");

/// The common entries of this code system, in the form in which releases are kept; `None` where none come with the program.
pub const fn shipped(system: CodeSystem) -> Option<&'static str> {
    match system {
        CodeSystem::Icd10Cm => Some(ICD_10_CM),
        CodeSystem::Cvx => Some(CVX),
        CodeSystem::Loinc | CodeSystem::RxNorm | CodeSystem::Snomed => None,
    }
}
