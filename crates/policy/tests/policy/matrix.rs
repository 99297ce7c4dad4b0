//! `tests/matrix/*.csv`: what each role gets, cell by cell. Complete: every interaction has every row that it needs.
//!
//! Columns: what is asked, about which page, of which record, how the user stands to the patient, what for; then one column
//! for each who asks, with `allow` or the reason of the refusal. `ordinary` purpose is what the role works for; `emergency` is
//! an open emergency access (break-glass); `no-grant` claims an emergency without one. With `suspended-` before it the account
//! of the user is suspended on this workstation; with `off-screen-` before it the chart on the screen is another patient's.

use std::collections::BTreeMap;
use std::path::Path;

use vigil_model::{PatientId, PurposeOfUse, Role, Section, SessionId, UserId};
use vigil_policy::{
    Facts, Interaction, Label, Posture, Principal, Relationship, Request, authorize, is_closed_in_emergency,
    may_break_the_glass,
};

/// The row's key: interaction, page, record, relationship, purpose, posture.
type Key = [String; 6];

const HEADER: [&str; 6] = ["interaction", "page", "record", "relationship", "purpose", "posture"];

#[test]
fn the_matrix_is_what_the_policies_answer_and_it_is_complete() {
    let rows = rows();
    let mut wrong = Vec::new();
    for (key, cells) in &rows {
        let found = answers(key);
        for (who, (said, found)) in columns().iter().zip(cells.iter().zip(&found)) {
            if said != found {
                wrong.push(format!("{} / {who}: the matrix says {said}, the policies say {found}", key.join(",")));
            }
        }
    }
    assert!(wrong.is_empty(), "policies and matrix differ:\n{}", wrong.join("\n"));
    let missing: Vec<String> =
        needed().into_iter().filter(|key| !rows.contains_key(key)).map(|key| line(&key)).collect();
    assert!(
        missing.is_empty(),
        "the matrix has no row for {} cases. If each answer is as it should be, add these to a file of tests/matrix:\n{}",
        missing.len(),
        missing.join("\n")
    );
    assert!(rows.len() >= needed().len(), "nothing was read");
}

/// Every row that the matrix needs.
fn needed() -> Vec<Key> {
    let mut needed = Vec::new();
    for interaction in Interaction::all() {
        let page = interaction.section().map_or("-", Section::code);
        let key = |record: &str, relationship: &str, purpose: &str, posture: &str| {
            [interaction.code(), page, record, relationship, purpose, posture].map(str::to_owned)
        };
        if !interaction.is_about_a_patient() {
            needed.push(key("-", "-", "ordinary", "-"));
            if matches!(
                interaction,
                Interaction::DirectoryRead | Interaction::PatientSearch | Interaction::UserSuspensionLift
            ) {
                needed.push(key("-", "-", "suspended-ordinary", "-"));
            }
            if interaction == Interaction::SessionCreate {
                needed.push(key("-", "-", "suspended-ordinary", "-"));
                for posture in ["met", "refused"] {
                    needed.push(key("-", "-", "ordinary", posture));
                    needed.push(key("-", "-", "no-grant", posture));
                }
            }
            continue;
        }
        for record in ["normal", "restricted"] {
            for relationship in ["unknown", "care-team", "none"] {
                for purpose in ["ordinary", "emergency"] {
                    needed.push(key(record, relationship, purpose, "-"));
                }
            }
        }
        for record in ["normal", "restricted"] {
            for purpose in ["suspended-ordinary", "suspended-emergency"] {
                needed.push(key(record, "care-team", purpose, "-"));
            }
        }
        let writes = matches!(
            interaction,
            Interaction::ResourceCreate(_) | Interaction::ResourceUpdate(_) | Interaction::DocumentImport(_)
        );
        let leaves = matches!(
            interaction,
            Interaction::VisitSummaryPrint
                | Interaction::MedicationListPrint
                | Interaction::CompositionPrint
                | Interaction::PatientLabelPrint
                | Interaction::PrintPreview
        );
        let looks = matches!(
            interaction,
            Interaction::PatientUpdate | Interaction::CompositionNullify | Interaction::DocumentReview
        );
        if writes || leaves || looks {
            for purpose in ["off-screen-ordinary", "off-screen-emergency"] {
                needed.push(key("normal", "care-team", purpose, "-"));
            }
        }
        // One page stands for all: the policies about VIPs and employees except the access report alone. Nobody writes a summary.
        if matches!(interaction.section(), None | Some(Section::Summary | Section::Access))
            || (writes && interaction.section() == Some(Section::Allergies))
        {
            needed.push(key("not-named", "-", "ordinary", "-"));
            needed.push(key("restricted", "unknown", "no-grant", "-"));
            needed.push(key("normal", "care-team", "suspended-no-grant", "-"));
            for record in ["vip", "employee"] {
                for relationship in ["unknown", "encounter", "appointment", "none"] {
                    for purpose in ["ordinary", "emergency"] {
                        needed.push(key(record, relationship, purpose, "-"));
                    }
                }
            }
        }
    }
    needed
}

/// A whole row as the policies answer now, to be read before it is added.
fn line(key: &Key) -> String {
    [key.as_slice(), &answers(key)].concat().join(",")
}

fn columns() -> Vec<String> {
    Role::ALL.iter().map(|role| role.code()).chain(["nobody", "workstation"]).map(str::to_owned).collect()
}

fn answers(key: &Key) -> Vec<String> {
    let id = UserId::from_uuid(uuid::Uuid::nil());
    let session = SessionId::from_uuid(uuid::Uuid::nil());
    let users = Role::ALL.map(|role| Principal::User { id, role, session });
    users.into_iter().chain([Principal::Anonymous, Principal::Workstation]).map(|who| answer(key, who)).collect()
}

fn answer([interaction, page, record, relationship, purpose, posture]: &Key, principal: Principal) -> String {
    let named = |one: &Interaction| one.code() == interaction && one.section().map_or("-", Section::code) == page;
    let interaction = Interaction::all().find(named).unwrap_or_else(|| panic!("there is no {interaction} of {page}"));
    let (suspended, purpose) = match purpose.strip_prefix("suspended-") {
        Some(purpose) => (true, purpose),
        None => (false, purpose.as_str()),
    };
    let (on_screen, purpose) = match purpose.strip_prefix("off-screen-") {
        Some(purpose) => (false, purpose),
        None => (true, purpose),
    };
    let facts = Facts {
        suspended,
        on_screen,
        grant: purpose == "emergency",
        relationship: match relationship.as_str() {
            "unknown" | "-" => None,
            code => Some(Relationship::ALL.into_iter().find(|one| one.code() == code).unwrap()),
        },
        vip: (record == "vip").then_some(true),
        employee: (record == "employee").then_some(true),
        posture: Posture::ALL.into_iter().find(|one| one.code() == posture),
        ..Facts::default()
    };
    let request = Request {
        interaction,
        patient: if matches!(record.as_str(), "-" | "not-named") { None } else { PatientId::parse("p1").ok() },
        restricted: record == "restricted",
        purpose: match purpose {
            "ordinary" => ordinary(&principal),
            "emergency" => PurposeOfUse::BreakTheGlass,
            "no-grant" => PurposeOfUse::EmergencyTreatment,
            other => panic!("{other} is no purpose of the matrix"),
        },
        principal,
        facts,
    };
    authorize(request).map_or_else(|denial| denial.reason.code().to_owned(), |_permit| "allow".to_owned())
}

/// What a role works for.
fn ordinary(principal: &Principal) -> PurposeOfUse {
    match principal {
        Principal::User { role: Role::Physician | Role::Nurse | Role::Pharmacist, .. } => PurposeOfUse::Treatment,
        Principal::User { role: Role::FrontDesk, .. } => PurposeOfUse::Operations,
        Principal::User { role: Role::Billing, .. } => PurposeOfUse::Payment,
        Principal::User { role: Role::PrivacyOfficer, .. } => PurposeOfUse::Compliance,
        Principal::User { role: Role::Administrator, .. } | Principal::Anonymous | Principal::Workstation => {
            PurposeOfUse::Administration
        }
    }
}

fn rows() -> BTreeMap<Key, Vec<String>> {
    let mut rows = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.split(',').map(str::trim)));
        let header: Vec<String> = lines.next().unwrap().1.map(str::to_owned).collect();
        let expected: Vec<String> = HEADER.map(str::to_owned).into_iter().chain(columns()).collect();
        assert_eq!(header, expected, "{}: the first line names the columns", file.display());
        for (at, cells) in lines {
            let cells: Vec<String> = cells.map(str::to_owned).collect();
            assert_eq!(cells.len(), expected.len(), "{}:{at}: so many cells in each row", file.display());
            let (key, cells) = cells.split_at(HEADER.len());
            let key: Key = key.to_vec().try_into().unwrap();
            let twice = rows.insert(key, cells.to_vec());
            assert!(twice.is_none(), "{}:{at}: this row was there before", file.display());
        }
    }
    rows
}

/// `tests/labels.csv`: what an emergency opens of a record with this label, for those who may break the glass.
#[test]
fn every_label_has_its_rows_and_they_are_what_the_policies_answer() {
    let roles = Role::ALL.into_iter().filter(|role| may_break_the_glass(*role));
    let roles: Vec<Role> = roles.collect();
    let row = |label: Label, resource_type: &str| {
        let closed = roles.iter().map(|role| is_closed_in_emergency(*role, resource_type, [label.code()]));
        let cells = closed.map(|closed| if closed { "protected" } else { "allow" });
        [label.code(), resource_type].into_iter().chain(cells).collect::<Vec<_>>().join(",")
    };
    let needed = Label::ALL
        .into_iter()
        .flat_map(|label| ["DocumentReference", "MedicationRequest"].map(|resource_type| row(label, resource_type)));
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/labels.csv")).unwrap();
    let header = ["label", "resource"].into_iter().chain(roles.iter().map(|role| role.code()));
    assert_eq!(text.lines().next().map(str::to_owned), Some(header.collect::<Vec<_>>().join(",")), "the columns");
    let said: Vec<&str> = text.lines().skip(1).collect();
    let needed: Vec<String> = needed.collect();
    assert_eq!(said, needed, "if each answer is as it should be:\n{}", needed.join("\n"));
}
