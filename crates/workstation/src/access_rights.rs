//! The access-rights report: one row for each user, with what the account is, what it holds and what the policies allow it.

use std::cmp::Ordering;
use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::json;
use vigil_model::{PatientId, Role, SessionId, UserId};
use vigil_policy::{Interaction, Principal, Request, is_allowed, sections_of};
use vigil_vault::RightsRecord;
use zeroize::Zeroizing;

use crate::act::purpose_of;
use crate::csv::Csv;
use crate::pdf::Report;
use crate::session::session_request;
use crate::user::unused_days;
use crate::view::{
    AccessRightsRow, AccessRightsSaveRequest, AccessRightsSelection, AccessRightsView, ReportForm, ReportSavedView,
    RightsColumn,
};
use crate::{AppError, Workstation, clock, private_file};

/// A row, and the times that its texts stand for.
struct Line {
    row: AccessRightsRow,
    last_sign_in: Option<DateTime<Utc>>,
    last_use: Option<DateTime<Utc>>,
    changed: Option<DateTime<Utc>>,
}

impl Workstation {
    /// What every user may do here, in the order that is asked for. Reading it is an entry.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn access_rights_read(&self, request: AccessRightsSelection) -> Result<AccessRightsView, AppError> {
        let now = self.clock.now().utc;
        self.act(Interaction::AccessRightsRead, None, |tx, _| {
            let rows = sorted(tx.access_rights()?, request, now);
            let common = IN_COMMON.iter().map(|interaction| words(*interaction)).collect();
            Ok(AccessRightsView { rows, common })
        })
    }

    /// Writes the same to a new file that only its owner reads. The entry is durable before the file is made.
    ///
    /// # Errors
    /// As [`Self::access_rights_read`]; or that the file could not be written.
    pub fn access_rights_save(&self, request: AccessRightsSaveRequest) -> Result<ReportSavedView, AppError> {
        let now = self.clock.now().utc;
        let organization = self.vault()?.settings()?.organization;
        let bytes = self.act(Interaction::AccessRightsExport, None, |tx, _| {
            private_file::chosen(Path::new(&request.path))?;
            let rows = sorted(tx.access_rights()?, request.selection, now);
            tx.detail(json!({ "report": "access rights", "form": request.form, "rows": rows.len() }));
            Ok(Zeroizing::new(match request.form {
                ReportForm::Csv => csv(&rows),
                ReportForm::Pdf => pdf(&rows, &organization, &clock::day_text(&now)),
            }))
        })?;
        private_file::write_new(Path::new(&request.path), &bytes)?;
        Ok(ReportSavedView { path: request.path })
    }
}

fn sorted(rights: Vec<RightsRecord>, request: AccessRightsSelection, now: DateTime<Utc>) -> Vec<AccessRightsRow> {
    let mut lines: Vec<Line> = rights.into_iter().map(|rights| line(rights, now)).collect();
    lines.sort_by(|a, b| {
        let order = compare(request.sort, a, b);
        if request.descending { order.reverse() } else { order }
    });
    lines.into_iter().map(|line| line.row).collect()
}

fn compare(column: RightsColumn, left: &Line, right: &Line) -> Ordering {
    let (a, b) = (&left.row, &right.row);
    match column {
        RightsColumn::Who => a.who.cmp(&b.who),
        RightsColumn::Role => a.role.cmp(&b.role),
        RightsColumn::Teams => a.teams.cmp(&b.teams),
        RightsColumn::Practitioner => a.practitioner.cmp(&b.practitioner),
        RightsColumn::State => a.state.cmp(&b.state),
        RightsColumn::Factors => a.factors.len().cmp(&b.factors.len()),
        RightsColumn::LastSignIn => left.last_sign_in.cmp(&right.last_sign_in),
        RightsColumn::LastUse => left.last_use.cmp(&right.last_use),
        RightsColumn::Keys => a.keys.cmp(&b.keys),
        RightsColumn::Pages => a.pages.len().cmp(&b.pages.len()),
        RightsColumn::Actions => a.actions.len().cmp(&b.actions.len()),
        RightsColumn::Changed => left.changed.cmp(&right.changed),
    }
}

fn line(rights: RightsRecord, now: DateTime<Utc>) -> Line {
    let RightsRecord { user, teams, factors, last_use, keys, changed } = rights;
    let unused = unused_days(&user, last_use, now);
    let state = match (&teams, user.disabled) {
        (None, _) => "changed outside Vigil".to_owned(),
        (Some(_), true) => "closed".to_owned(),
        (Some(_), false) => "open".to_owned(),
    };
    let row = AccessRightsRow {
        user_id: user.id.to_string(),
        who: user.display_name.clone(),
        username: user.username.clone(),
        role: user.role.code().replace('-', " "),
        teams: teams.unwrap_or_default(),
        practitioner: user.practitioner.clone().unwrap_or_default(),
        state,
        factors: factors.iter().map(|factor| factor.kind.into()).collect(),
        last_sign_in: user.last_sign_in.as_ref().map(clock::text),
        last_use: last_use.as_ref().map(clock::text),
        unused_days: unused,
        keys,
        pages: sections_of(user.role).to_vec(),
        actions: allowed(user.role).filter(|one| !IN_COMMON.contains(one)).map(words).collect(),
        changed: changed.as_ref().map(|entry| clock::text(&entry.at)),
        changed_by: changed.as_ref().map(|entry| crate::access::row(entry).who),
    };
    Line { row, last_sign_in: user.last_sign_in, last_use, changed: changed.map(|entry| entry.at) }
}

/// What every role may do: it says nothing of any of them.
static IN_COMMON: LazyLock<Vec<Interaction>> =
    LazyLock::new(|| allowed(Role::ALL[0]).filter(|one| Role::ALL.iter().all(|role| may(*role, *one))).collect());

/// What the policies and scopes allow a role about an ordinary record, page by page left out: those are the pages.
fn allowed(role: Role) -> impl Iterator<Item = Interaction> {
    Interaction::all().filter(move |one| one.section().is_none() && may(role, *one))
}

fn may(role: Role, interaction: Interaction) -> bool {
    let nobody = uuid::Uuid::nil();
    let principal = Principal::User { id: UserId::from_uuid(nobody), role, session: SessionId::from_uuid(nobody) };
    // A glass is broken on a restricted record alone.
    let restricted = interaction == Interaction::EmergencyAccessStart;
    let patient = if interaction.is_about_a_patient() { PatientId::parse("any").ok() } else { None };
    let purpose = purpose_of(role, interaction);
    is_allowed(&Request { patient, restricted, purpose, ..session_request(interaction, principal) })
}

fn words(interaction: Interaction) -> String {
    interaction.code().replace('-', " ")
}

const COLUMNS: [(&str, f32); 9] = [
    ("User", 1.6),
    ("Role", 1.0),
    ("Teams and practitioner", 1.6),
    ("Account", 0.9),
    ("Second factors", 0.9),
    ("Last sign-in, last use", 1.3),
    ("Group keys", 1.3),
    ("Pages and actions", 3.0),
    ("Rights changed", 1.2),
];

fn csv(rows: &[AccessRightsRow]) -> Vec<u8> {
    let mut csv = Csv::new(&[
        "User",
        "User name",
        "User id",
        "Role",
        "Teams",
        "Practitioner",
        "Account",
        "Second factors",
        "Last sign-in",
        "Last use",
        "Unused days",
        "Group keys",
        "Pages",
        "Actions",
        "Rights changed",
        "Changed by",
    ]);
    for row in rows {
        csv.row(&[
            row.who.as_str(),
            &row.username,
            &row.user_id,
            &row.role,
            &row.teams.join("; "),
            &row.practitioner,
            &row.state,
            &factors(row),
            row.last_sign_in.as_deref().unwrap_or("never"),
            row.last_use.as_deref().unwrap_or("never"),
            &row.unused_days.map(|days| days.to_string()).unwrap_or_default(),
            &row.keys.join("; "),
            &pages(row),
            &row.actions.join("; "),
            row.changed.as_deref().unwrap_or_default(),
            row.changed_by.as_deref().unwrap_or_default(),
        ]);
    }
    csv.finish()
}

fn pdf(rows: &[AccessRightsRow], organization: &str, today: &str) -> Vec<u8> {
    let cells = |row: &AccessRightsRow| {
        let seen = |at: &Option<String>| at.clone().unwrap_or_else(|| "never".to_owned());
        let unused = row.unused_days.map(|days| format!("; unused for {days} days")).unwrap_or_default();
        let changed = row.changed.as_ref().zip(row.changed_by.as_ref());
        vec![
            format!("{} ({})", row.who, row.username),
            row.role.clone(),
            [row.teams.join(", "), row.practitioner.clone()].join(" "),
            format!("{}{unused}", row.state),
            factors(row),
            format!("{}, {}", seen(&row.last_sign_in), seen(&row.last_use)),
            row.keys.join(", "),
            format!("Pages: {}. Actions: {}.", pages(row), row.actions.join(", ")),
            changed.map(|(at, by)| format!("{at} by {by}")).unwrap_or_default(),
        ]
    };
    Report {
        title: "Access rights",
        facts: vec![
            ("Organisation", organization.to_owned()),
            ("As of", today.to_owned()),
            ("Users", rows.len().to_string()),
        ],
        notes: vec![
            "What each user of this workstation may do, as the access policies decide it for the role. What every role may do is \
             left out. Which record opens depends on the record and on how the user stands to the patient as well."
                .to_owned(),
        ],
        columns: &COLUMNS,
        rows: rows.iter().map(cells).collect(),
        empty: "This workstation has no users.",
        foot: format!("{organization}, made on {today}"),
    }
    .pdf()
}

fn factors(row: &AccessRightsRow) -> String {
    if row.factors.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<&str> = row.factors.iter().map(|kind| kind.words()).collect();
    words.join("; ")
}

fn pages(row: &AccessRightsRow) -> String {
    if row.pages.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<String> = row.pages.iter().map(|page| page.code().replace('-', " ")).collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_may_do_is_what_the_policies_say() {
        let of = |role| allowed(role).filter(|one| !IN_COMMON.contains(one)).collect::<Vec<_>>();
        assert!(of(Role::Physician).contains(&Interaction::EmergencyAccessStart), "breaks the glass");
        assert!(of(Role::Physician).contains(&Interaction::PatientExport), "exports");
        assert!(!of(Role::Nurse).contains(&Interaction::PatientExport), "which a nurse does not");
        assert!(of(Role::Administrator).contains(&Interaction::UserUpdate), "changes users");
        assert!(!of(Role::Administrator).contains(&Interaction::PatientSearch), "and finds no patient");
        assert!(IN_COMMON.contains(&Interaction::SessionCreate), "everybody signs in");
    }
}
