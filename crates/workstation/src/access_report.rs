//! The privacy officer's two reports over any period: who looked at a patient, and what a user did.
//!
//! The vault gives the accesses of the period as numbers, in one pass over an index; they are ranked and sorted here, where
//! names are, and one page of them is read from the log itself. Each page is a read of its own, with its own audit entry, which
//! names the patients that it shows.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

mod file;
mod order;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::json;
use vigil_audit::Outcome;
use vigil_model::{PatientId, PurposeOfUse, Section, UserId};
use vigil_policy::Interaction;
use vigil_vault::{AuditWord, IndexedAccess, ReportFilter, ReportRecord, ReportSubject, Tx, UserRecord};

use crate::access::{purpose, row as access_row, what};
use crate::access_flag::Flags;
use crate::act::Present;
use crate::index::{SearchIndex, fold};
use crate::patient::{identity, name};
use crate::view::{
    AccessFlag, AccessReportRequest, AccessReportRow, AccessReportSelection, AccessReportView, ReportAbout,
    ReportColumn, ReportUser,
};
use crate::{AppError, Workstation, clock};
use order::Order;

/// Rows of a page.
const PAGE: usize = 500;

impl Workstation {
    /// One page of a report.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a selection that does not do; a denial; or that the audit entry could not be written.
    pub fn access_report_read(&self, request: AccessReportRequest) -> Result<AccessReportView, AppError> {
        let selection = &request.selection;
        let subject = subject(&selection.about)?;
        let mut filter = ReportFilter {
            subject: subject.clone(),
            from: clock::day_start(&selection.from)?,
            until: clock::day_end(&selection.until)?,
            up_to: 0,
        };
        self.act(Interaction::AccessReportRead, patient_of(&subject), |tx, present| {
            let size = tx.report_size()?;
            filter.up_to = request.up_to.map_or(size, |up_to| u64::from(up_to).min(size));
            let report = Report::read(tx, present, selection, &filter)?;
            let (total, flagged) = (report.order.len(), report.flagged);
            let offset = usize::try_from(request.offset).unwrap_or(usize::MAX);
            let seqs = report.order.page(selection.descending, offset, PAGE);
            let users = tx.report_users()?;
            let flags = Flags::read(tx, &present.unlocked.index, &users);
            let rows = page(tx, present, &flags, &subject, &seqs)?;
            on_record(tx, &subject, selection, json!({ "offset": request.offset, "rows": rows.len() }));
            Ok(AccessReportView {
                about: about(&subject, present, &users),
                rows,
                offset: request.offset,
                total: u32::try_from(total).unwrap_or(u32::MAX),
                flagged,
                up_to: u32::try_from(filter.up_to).unwrap_or(u32::MAX),
            })
        })
    }

    /// The users that a report can be about, by name, closed accounts among them.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written.
    pub fn access_report_users(&self) -> Result<Vec<ReportUser>, AppError> {
        self.act(Interaction::AccessReportRead, None, |tx, _| {
            tx.detail(json!({ "list": "users" }));
            let mut users = tx.report_users()?;
            users.sort_by_cached_key(|user| fold(&user.display_name));
            Ok(users
                .into_iter()
                .map(|user| ReportUser {
                    user_id: user.id.to_string(),
                    role: role_words(user.role.code()),
                    who: user.display_name,
                    disabled: user.disabled,
                })
                .collect())
        })
    }
}

/// The accesses of a period, in order, and how many of all carry a flag.
struct Report {
    order: Order,
    flagged: u32,
}

impl Report {
    fn read(
        tx: &Tx<'_>,
        present: &Present,
        selection: &AccessReportSelection,
        filter: &ReportFilter,
    ) -> Result<Self, AppError> {
        let users = tx.report_users()?;
        let mut ranking = Ranking {
            words: tx.audit_words()?,
            names: users.iter().map(|user| (user.id, user.display_name.as_str())).collect(),
            index: &present.unlocked.index,
            flags: Flags::read(tx, &present.unlocked.index, &users),
            subject: &filter.subject,
            patients: HashMap::new(),
            pairs: HashMap::new(),
        };
        let mut report = Self { order: Order::default(), flagged: 0 };
        let mut failed = None;
        tx.report_accesses(filter, |access| {
            if failed.is_none()
                && let Err(error) = ranking.take(tx, &access, selection, &mut report)
            {
                failed = Some(error);
            }
        })?;
        failed.map_or(Ok(report), Err)
    }
}

/// What ranks need, each thing looked up once.
struct Ranking<'r> {
    words: HashMap<AuditWord, String>,
    names: HashMap<UserId, &'r str>,
    index: &'r SearchIndex,
    flags: Flags<'r>,
    subject: &'r ReportSubject,
    patients: HashMap<u32, PatientId>,
    /// The flags of a user with a patient, one bit each.
    pairs: HashMap<(AuditWord, u32), u64>,
}

impl Ranking<'_> {
    fn take(
        &mut self,
        tx: &Tx<'_>,
        access: &IndexedAccess,
        selection: &AccessReportSelection,
        report: &mut Report,
    ) -> Result<(), AppError> {
        let flags = self.flags_of(tx, access)?;
        report.flagged = report.flagged.saturating_add(u32::from(flags != 0));
        if selection.flagged_only && flags == 0 {
            return Ok(());
        }
        let seq = u32::try_from(access.seq).unwrap_or(u32::MAX);
        let order = &mut report.order;
        let word = |number: AuditWord| self.words.get(&number).map_or("", String::as_str);
        match selection.sort {
            ReportColumn::Recorded => order.push_ranked(access.at.cast_unsigned() ^ (1 << 63), seq),
            ReportColumn::Entry => order.push_ranked(access.seq, seq),
            ReportColumn::Flags => order.push_ranked(flags, seq),
            ReportColumn::Patient => {
                let index = self.index;
                let place = self.patient(tx, access.patient)?.and_then(|patient| index.position(patient));
                order.push_ranked(place.map_or(0, |place| u64::from(place) + 1), seq);
            }
            ReportColumn::Who => order.push_grouped(access.user.into(), seq, || {
                let user = UserId::parse(word(access.user)).ok();
                user.and_then(|user| self.names.get(&user)).map(|name| fold(name)).unwrap_or_default()
            }),
            ReportColumn::Role => order.push_grouped(access.role.into(), seq, || role_words(word(access.role))),
            ReportColumn::What => {
                let key = u64::from(access.interaction) << 32 | u64::from(access.section);
                order.push_grouped(key, seq, || {
                    let section = Section::ALL.into_iter().find(|section| section.code() == word(access.section));
                    done(self.subject, word(access.interaction), section)
                });
            }
            ReportColumn::Purpose => order.push_grouped(access.purpose.into(), seq, || {
                PurposeOfUse::from_code(word(access.purpose)).map_or("", purpose).to_owned()
            }),
            ReportColumn::Outcome => order.push_grouped(access.outcome.into(), seq, || {
                Outcome::from_code(access.outcome).map_or("", outcome).to_owned()
            }),
        }
        Ok(())
    }

    fn flags_of(&mut self, tx: &Tx<'_>, access: &IndexedAccess) -> Result<u64, AppError> {
        if let Some(flags) = self.pairs.get(&(access.user, access.patient)) {
            return Ok(*flags);
        }
        let user = self.words.get(&access.user).and_then(|id| UserId::parse(id).ok());
        let patient = match self.subject {
            ReportSubject::Patient(patient) => Some(patient.clone()),
            ReportSubject::User(_) => self.patient(tx, access.patient)?.cloned(),
        };
        let found = patient.map(|patient| self.flags.of(user, &patient)).unwrap_or_default();
        let bits = found.iter().map(|flag| bit(flag.kind)).fold(0, |all, one| all | one);
        self.pairs.insert((access.user, access.patient), bits);
        Ok(bits)
    }

    fn patient(&mut self, tx: &Tx<'_>, number: u32) -> Result<Option<&PatientId>, AppError> {
        if number == 0 {
            return Ok(None);
        }
        Ok(Some(match self.patients.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(tx.report_patient(number)?),
        }))
    }
}

/// The rows of these entries; whoever is named in them is named in the audit entry as well.
fn page(
    tx: &mut Tx<'_>,
    present: &Present,
    flags: &Flags<'_>,
    subject: &ReportSubject,
    seqs: &[u64],
) -> Result<Vec<AccessReportRow>, AppError> {
    let records = tx.report_records(subject, seqs)?;
    let index = &present.unlocked.index;
    if let ReportSubject::User(_) = subject {
        let named = records.iter().filter_map(|record| record.patient.clone());
        tx.listed(named.filter(|patient| index.get(patient).is_some()).collect::<std::collections::BTreeSet<_>>());
    }
    Ok(records.into_iter().map(|record| row(record, index, flags, subject)).collect())
}

fn row(record: ReportRecord, index: &SearchIndex, flags: &Flags<'_>, subject: &ReportSubject) -> AccessReportRow {
    let ReportRecord { access, patient, named } = record;
    let line = access_row(&access);
    let flags = match (subject, &patient) {
        (ReportSubject::Patient(patient), _) | (ReportSubject::User(_), Some(patient)) => {
            flags.of(access.user, patient)
        }
        (ReportSubject::User(_), None) => Vec::new(),
    };
    AccessReportRow {
        sequence: line.sequence,
        recorded: line.recorded,
        who: line.who,
        user_id: access.user.map(|user| user.to_string()),
        role: line.role,
        patient: match &patient {
            Some(patient) => index.get(patient).map_or_else(|| "Not in the directory".to_owned(), name),
            None if named == 1 => "1 patient of a list".to_owned(),
            None if named > 1 => format!("{named} patients of a list"),
            None => String::new(),
        },
        patient_id: patient.map(|patient| patient.to_string()),
        what: done(subject, &access.interaction, access.section),
        purpose: line.purpose,
        purpose_code: access.purpose.code().to_owned(),
        emergency: access.purpose.overrides(),
        outcome: outcome(access.outcome).to_owned(),
        flags,
    }
}

/// What was done, in words; where the report is not about one patient, a list is a list of several.
fn done(subject: &ReportSubject, interaction: &str, section: Option<Section>) -> String {
    match (subject, interaction) {
        (ReportSubject::User(_), "patient-search") => "searched or listed patients".to_owned(),
        (ReportSubject::User(_), "panel-search") => "listed the own patients".to_owned(),
        (ReportSubject::User(_), "ward-search") => "listed who is in the house".to_owned(),
        (ReportSubject::User(_), "appointment-search") => "listed the schedule".to_owned(),
        (ReportSubject::User(_), "claim-search") => "listed claims".to_owned(),
        (ReportSubject::User(_), "medication-request-search") => "listed prescriptions".to_owned(),
        (ReportSubject::User(_), "task-search") => "listed the amendments to decide".to_owned(),
        (ReportSubject::User(_), "composition-search") => "listed the notes to sign".to_owned(),
        _ => what(interaction, section),
    }
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "done",
        Outcome::MinorFailure => "refused",
        Outcome::SeriousFailure => "failed",
    }
}

const fn bit(flag: AccessFlag) -> u64 {
    match flag {
        AccessFlag::SameName => 8,
        AccessFlag::SameAddress => 4,
        AccessFlag::CoWorker => 2,
        AccessFlag::Vip => 1,
    }
}

fn role_words(code: &str) -> String {
    code.replace('-', " ")
}

fn subject(about: &ReportAbout) -> Result<ReportSubject, AppError> {
    Ok(match about {
        ReportAbout::Patient { patient_id } => ReportSubject::Patient(crate::chart_read::patient_id(patient_id)?),
        ReportAbout::User { user_id } => {
            let user = UserId::parse(user_id);
            ReportSubject::User(
                user.map_err(|_| AppError::invalid("this is no user's id; choose the user from the list"))?,
            )
        }
    })
}

const fn patient_of(subject: &ReportSubject) -> Option<&PatientId> {
    match subject {
        ReportSubject::Patient(patient) => Some(patient),
        ReportSubject::User(_) => None,
    }
}

/// Whom the report is about, as its heading says it.
fn about(subject: &ReportSubject, present: &Present, users: &[UserRecord]) -> String {
    match subject {
        ReportSubject::Patient(patient) => present
            .unlocked
            .index
            .get(patient)
            .map_or_else(|| format!("Patient {patient}, not in the directory"), identity),
        ReportSubject::User(user) => users.iter().find(|known| known.id == *user).map_or_else(
            || "unknown user".to_owned(),
            |user| format!("{}, {}", user.display_name, role_words(user.role.code())),
        ),
    }
}

/// What the audit entry says of a report.
fn on_record(tx: &mut Tx<'_>, subject: &ReportSubject, selection: &AccessReportSelection, part: serde_json::Value) {
    if let ReportSubject::User(user) = subject {
        tx.report_about_user(*user);
    }
    tx.detail(json!({
        "from": selection.from,
        "until": selection.until,
        "flagged only": selection.flagged_only,
        "sort": selection.sort,
        "descending": selection.descending,
        "part": part,
    }));
}
