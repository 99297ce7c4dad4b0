//! Disclosures: what left this workstation about a patient, to whom and on what ground (45 CFR 164.528).

use serde::{Deserialize, Serialize};

/// On what ground protected health information is disclosed: the words of 45 CFR 164.528(a)(1) for what need not be accounted
/// for, and for the rest those of 164.512.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum DisclosureBasis {
    /// To carry out treatment.
    Treatment,
    /// To carry out payment.
    Payment,
    /// To carry out health care operations.
    Operations,
    /// To the patient, about the patient.
    Individual,
    /// Pursuant to the patient's authorization (164.508).
    Authorization,
    /// Required by law, or ordered by a court or an authority.
    RequiredByLaw,
    /// Public health.
    PublicHealth,
    /// Research.
    Research,
    /// Something else; the purpose says what.
    Other,
}

impl DisclosureBasis {
    /// Every ground, in the order of lists.
    pub const ALL: [Self; 9] = [
        Self::Treatment,
        Self::Payment,
        Self::Operations,
        Self::Individual,
        Self::Authorization,
        Self::RequiredByLaw,
        Self::PublicHealth,
        Self::Research,
        Self::Other,
    ];

    /// The code that the audit log carries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Payment => "payment",
            Self::Operations => "operations",
            Self::Individual => "individual",
            Self::Authorization => "authorization",
            Self::RequiredByLaw => "required-by-law",
            Self::PublicHealth => "public-health",
            Self::Research => "research",
            Self::Other => "other",
        }
    }

    /// The ground with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }

    /// Whether an accounting has to name it: 164.528(a)(1) excepts (i) treatment, payment and operations, (ii) disclosures to
    /// the individual, and (iv) those pursuant to an authorization.
    pub const fn is_accountable(self) -> bool {
        match self {
            Self::Treatment | Self::Payment | Self::Operations | Self::Individual | Self::Authorization => false,
            Self::RequiredByLaw | Self::PublicHealth | Self::Research | Self::Other => true,
        }
    }
}

/// What is said of a disclosure when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// On what ground.
    pub basis: DisclosureBasis,
    /// Who receives it.
    pub recipient: String,
    /// Where they are; empty when not known.
    pub address: String,
    /// What for, in words that tell the patient the ground.
    pub purpose: String,
    /// What is disclosed, in brief.
    pub description: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accounting_names_what_the_rule_does_not_except() {
        let accountable: Vec<_> = DisclosureBasis::ALL.into_iter().filter(|basis| basis.is_accountable()).collect();
        let expected = [
            DisclosureBasis::RequiredByLaw,
            DisclosureBasis::PublicHealth,
            DisclosureBasis::Research,
            DisclosureBasis::Other,
        ];
        assert_eq!(accountable, expected, "45 CFR 164.528(a)(1)(i), (ii) and (iv) except the others");
        for basis in DisclosureBasis::ALL {
            assert_eq!(DisclosureBasis::from_code(basis.code()), Some(basis), "the log is read again");
        }
    }
}
