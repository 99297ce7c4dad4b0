//! Reading a chart: every page, series, document and resource is one authorized, audited transaction.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;

use chrono::{DateTime, Datelike as _, Utc};
use serde_json::{Value, json};
use vigil_model::{PatientId, ResourceId, ResourceType, Section, fhir};
use vigil_policy::{
    FieldGroup, Interaction, Projection, is_allowed, is_closed_in_emergency, sections_of, sections_written_by,
};
use vigil_vault::{DestroyedResource, Stored, Tx, wipe_stack};

use crate::act::Present;
use crate::chart::{self, Record, Subject};
use crate::names::SharedNames;
use crate::ranges::House;
use crate::view::{
    ChartReadRequest, ChartView, DocumentView, ResourceReadRequest, ResourceView, SectionContent, SectionReadRequest,
    SectionTab, SectionView, SeriesReadRequest, SeriesView, UndecodableRow,
};
use crate::write::{colleagues_of, document_parts, draft_rows, note_choices, note_view, templates_of};
use crate::{AppError, ErrorCode, Workstation, clock};

/// Up to so many records are read to count the rows of a section while its chart opens: about 5 ms.
const MOST_TO_COUNT: u32 = 500;
/// From so many records on, a second core parses half of them: about 2 ms.
const WORTH_SHARING: usize = 512;
/// What stands in the place of a note that an emergency does not open.
pub(crate) const WITHHELD: &str =
    "specially protected; it stays closed in an emergency too, ask the author or the privacy officer";

impl Workstation {
    /// Opens a chart: banner and tabs.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::Restricted`] for a restricted record; [`ErrorCode::NotFound`].
    pub fn chart_read(&self, request: ChartReadRequest) -> Result<ChartView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let view = self.act(Interaction::PatientRead, Some(&patient), |tx, present| {
            let sections = sections_of(present.role);
            let counts = tx.resource_counts(&patient)?;
            let last_opened = tx.last_opened(present.user, 500)?;
            let tabs = sections
                .iter()
                .map(|section| {
                    let count = match chart::tab_count(*section, &counts) {
                        None => self.count_by_reading(tx, present, &patient, *section, &counts)?,
                        known => known,
                    };
                    Ok(SectionTab { section: *section, count })
                })
                .collect::<Result<_, AppError>>()?;
            let hidden = Section::ALL
                .into_iter()
                .filter(|section| !sections.contains(section))
                .map(|section| section.code().replace('-', " "))
                .collect();
            Ok(ChartView {
                banner: self.banner(tx, present, &patient)?,
                tabs,
                hidden,
                last_opened: last_opened
                    .into_iter()
                    .find(|(opened, _)| *opened == patient)
                    .map(|(_, at)| clock::text(&at)),
                emergency: self.emergency_view(present.session, &patient),
                written: sections_written_by(present.role).to_vec(),
            })
        })?;
        self.present()?.unlocked.screen.opened(patient);
        Ok(view)
    }

    /// Reads one section.
    ///
    /// # Errors
    /// As [`Self::chart_read`].
    pub fn section_read(&self, request: SectionReadRequest) -> Result<SectionView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let section = request.section;
        if section == Section::Access {
            return self.access_read(&patient);
        }
        // Before the transaction: a file may have to be read for it.
        let house = if judges(section) { Some(self.house()?) } else { None };
        self.act(Interaction::SectionRead(section), Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            let mut view = self.page(tx, present, &patient, section, house.as_ref(), |_| true)?;
            let writes = sections_written_by(present.role).contains(&section);
            if let SectionContent::Documents { drafts, templates, .. } = &mut view.content
                && writes
            {
                (*drafts, *templates) = (draft_rows(tx)?, templates_of(present.role));
            }
            if let SectionContent::Encounters { colleagues, .. } | SectionContent::CareTeam { colleagues, .. } =
                &mut view.content
                && writes
            {
                *colleagues = colleagues_of(tx, present)?;
            }
            if let SectionContent::Amendments { notes, decides, .. } = &mut view.content {
                if sections_of(present.role).contains(&Section::Documents) {
                    *notes = note_choices(self, tx, present, &patient)?;
                }
                let mut asked = self.request(present, Interaction::ResourceUpdate(section), Some(&patient));
                asked.facts.on_screen = true;
                *decides = is_allowed(&asked);
            }
            // In an emergency nothing waits: the access may end before the second part is asked for.
            view.left = if present.emergency { 0 } else { present.unlocked.tail.keep(&patient, &mut view.content) };
            Ok(view)
        })
    }

    /// A section as this role sees it, all of it, of the records that are `meant`. What cannot be read, is withheld or was destroyed is told
    /// beside the rows, meant or not. Values are judged by the ranges of the `house`, which whoever asks has read before the transaction.
    pub(crate) fn page(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        patient: &PatientId,
        section: Section,
        house: Option<&House>,
        meant: impl Fn(&Record) -> bool,
    ) -> Result<SectionView, AppError> {
        let stored = if section == Section::Other {
            let mut rest = Vec::new();
            tx.all_resources(patient, |stored| rest.push(stored))?;
            rest
        } else {
            tx.resources(patient, section.resource_types())?
        };
        let in_error = self.notes_in_error(tx, patient, &stored)?;
        let (mut records, mut undecodable) = records(stored);
        for record in &mut records {
            in_error.tell(&record.resource_type, &record.id, &mut record.json);
        }
        undecodable.extend(destroyed(tx, patient, section)?);
        let mut records = self.withheld(present, records, &mut undecodable);
        records.retain(meant);
        let closed = projected(present, &mut records);
        let subject = if judges(section) {
            subject(tx, patient)?.of_house(house.and_then(House::ranges))
        } else {
            Subject::default()
        };
        let mut view = chart::section(section, &records, &subject, &SharedNames::new(tx));
        undecodable.append(&mut view.undecodable);
        let now = self.clock.now().utc;
        if let (SectionContent::Vitals { unloaded, .. } | SectionContent::Results { unloaded, .. }, Some(house)) =
            (&mut view.content, house)
        {
            *unloaded = house.words();
        }
        if let SectionContent::Devices { rows } = &mut view.content {
            for row in rows {
                let device = records.iter().find(|record| record.resource_type == "Device" && record.id == row.id);
                row.facts = device.map(|device| chart::device_facts(&device.json, now.year())).unwrap_or_default();
            }
        }
        if let SectionContent::CareTeam { rows, .. } = &mut view.content {
            chart::tell_who_left(rows, now);
        }
        Ok(SectionView { content: view.content, undecodable, left: 0, closed })
    }

    /// Reads all values of one kind of observation.
    ///
    /// # Errors
    /// As [`Self::chart_read`].
    pub fn observation_series_read(&self, request: SeriesReadRequest) -> Result<SeriesView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        // A vital sign is a result to those who read results only; either section shows the same series.
        let section = self.first_allowed(&[Section::Results, Section::Vitals])?;
        let house = self.house()?.ranges();
        self.act(Interaction::ResourceRead(section), Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            tx.detail(json!({ "series": request.key }));
            let (records, mut undecodable) = records(tx.resources(&patient, &["Observation"])?);
            let records = self.withheld(present, records, &mut undecodable);
            chart::series(&records, &subject(tx, &patient)?.of_house(house), &request.key).ok_or_else(|| {
                AppError::new(ErrorCode::NotFound, "there are no values of this kind any more; go back to the list")
            })
        })
    }

    /// Reads one document's text.
    ///
    /// # Errors
    /// As [`Self::chart_read`].
    pub fn document_read(&self, request: ResourceReadRequest) -> Result<DocumentView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        self.act(Interaction::ResourceRead(Section::Documents), Some(&patient), |tx, present| {
            let stored = one(tx, present, &patient, &request)?;
            let (records, mut undecodable) = records(vec![stored]);
            let records = self.withheld(present, records, &mut undecodable);
            match (records.first(), undecodable.first()) {
                (Some(record), _) => {
                    let note = note_view(self, tx, present, &patient, &record.id)?;
                    let view = DocumentView { note, ..chart::document(record, &SharedNames::new(tx)) };
                    Ok(match document_parts(tx, &patient, &record.json)? {
                        Some(Ok(parts)) => DocumentView { parts, text: String::new(), unreadable: None, ..view },
                        Some(Err(why)) => DocumentView { unreadable: Some(why), ..view },
                        None => view,
                    })
                }
                (None, Some(row)) if row.reason == WITHHELD => Err(AppError::new(ErrorCode::Restricted, WITHHELD)),
                (None, Some(row)) => Err(AppError::new(ErrorCode::Internal, row.reason.clone())),
                (None, None) => Err(AppError::new(ErrorCode::NotFound, "there is no such document any more")),
            }
        })
    }

    /// Reads one resource as it is stored.
    ///
    /// # Errors
    /// As [`Self::chart_read`].
    pub fn resource_read(&self, request: ResourceReadRequest) -> Result<ResourceView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let section = self.first_allowed(sections_showing(&request.resource_type))?;
        self.act(Interaction::ResourceRead(section), Some(&patient), |tx, present| {
            let stored = one(tx, present, &patient, &request)?;
            let version = stored.version;
            let no_json = |_| AppError::new(ErrorCode::Internal, "the stored text is no JSON");
            let text = match &stored.json {
                Ok(text) => text,
                Err(undecodable) => return Err(AppError::new(ErrorCode::Internal, undecodable.to_string())),
            };
            let json = fhir::json::read(text).map_err(no_json)?;
            if self.is_withheld(present, &request.resource_type, &json) {
                return Err(AppError::new(ErrorCode::Restricted, WITHHELD));
            }
            let (projection, mut closed) = (Projection::of(present.role), BTreeSet::new());
            let json = fhir::json::pretty_of(text, |json| closed = projection.project(json)).map_err(no_json)?;
            let closed = closed.into_iter().map(field_group).collect();
            Ok(ResourceView { resource_type: request.resource_type, id: request.id, version, json, closed })
        })
    }

    /// Counts the rows of a section that does not tell by its types, unless reading it would keep the chart from opening at once.
    fn count_by_reading(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        patient: &PatientId,
        section: Section,
        counts: &[(ResourceType, u32)],
    ) -> Result<Option<u32>, AppError> {
        let types = section.resource_types();
        let stored = counts.iter().filter(|(counted, _)| types.contains(&counted.as_str())).map(|(_, count)| *count);
        if !matches!(
            section,
            Section::Vitals
                | Section::Results
                | Section::SocialHistory
                | Section::CareTeam
                | Section::Documents
                | Section::Medications
                | Section::Amendments
        ) || stored.fold(0, u32::saturating_add) > MOST_TO_COUNT
        {
            return Ok(None);
        }
        let (records, mut undecodable) = records(tx.resources(patient, types)?);
        let records = self.withheld(present, records, &mut undecodable);
        let unread = u32::try_from(undecodable.len()).unwrap_or(u32::MAX);
        let count = chart::tab_count_by_reading(section, &records);
        Ok(count.map(|count| count.saturating_add(unread)))
    }

    /// Takes out what stays closed in an emergency; each is a row that says so.
    pub(crate) fn withheld(
        &self,
        present: &Present,
        records: Vec<Record>,
        closed: &mut Vec<UndecodableRow>,
    ) -> Vec<Record> {
        let (out, kept): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|record| self.is_withheld(present, &record.resource_type, &record.json));
        closed.extend(out.into_iter().map(|record| UndecodableRow {
            resource_type: record.resource_type,
            id: record.id,
            reason: WITHHELD.to_owned(),
        }));
        kept
    }

    pub(crate) fn is_withheld(&self, present: &Present, resource_type: &str, json: &Value) -> bool {
        let policy_opens = self.policy.break_glass_opens_protected_notes == Some(true);
        present.emergency
            && !policy_opens
            && is_closed_in_emergency(present.role, resource_type, fhir::sensitivity(json))
    }

    /// The first of `sections` that the user's role reads; the first at all when none is, so that the policy says no.
    pub(crate) fn first_allowed(&self, sections: &[Section]) -> Result<Section, AppError> {
        let allowed = self.present().map(|present| sections_of(present.role)).unwrap_or_default();
        let section = sections.iter().find(|section| allowed.contains(section)).or_else(|| sections.first());
        section.copied().ok_or_else(AppError::stopped)
    }
}

/// The sections that show a resource type; [`Section::Other`] shows what no section does.
pub(crate) fn sections_showing(resource_type: &str) -> &'static [Section] {
    use Section::{
        Allergies, CarePlans, CareTeam, Coverage, Devices, Documents, Encounters, FamilyHistory, Flags, Immunizations,
        Medications, Other, Problems, Procedures, Results, SocialHistory, Vitals,
    };
    match resource_type {
        "Condition" => &[Problems],
        "AllergyIntolerance" => &[Allergies],
        "Observation" => &[Results, Vitals, SocialHistory],
        "DiagnosticReport" => &[Results, Documents],
        other => [
            (&[Medications] as &[Section], Medications),
            (&[Results], Results),
            (&[Immunizations], Immunizations),
            (&[Encounters], Encounters),
            (&[Procedures], Procedures),
            (&[Documents], Documents),
            (&[CarePlans], CarePlans),
            (&[CareTeam], CareTeam),
            (&[FamilyHistory], FamilyHistory),
            (&[Devices], Devices),
            (&[Flags], Flags),
            (&[Coverage], Coverage),
        ]
        .into_iter()
        .find(|(_, section)| section.resource_types().contains(&other))
        .map_or(&[Other], |(sections, _)| sections),
    }
}

/// Parses what the vault gave, a large section on two cores; what does not open or parse becomes a row of its own.
pub(crate) fn records(stored: Vec<Stored>) -> (Vec<Record>, Vec<UndecodableRow>) {
    if stored.len() < WORTH_SHARING {
        return parsed(&stored);
    }
    let (first, second) = stored.split_at(stored.len() / 2);
    thread::scope(|scope| {
        let elsewhere = thread::Builder::new().spawn_scoped(scope, || {
            let records = parsed(second);
            wipe_stack();
            records
        });
        let (mut records, mut undecodable) = parsed(first);
        let rest = match elsewhere {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => parsed(second),
        };
        records.extend(rest.0);
        undecodable.extend(rest.1);
        (records, undecodable)
    })
}

fn parsed(stored: &[Stored]) -> (Vec<Record>, Vec<UndecodableRow>) {
    let mut records = Vec::with_capacity(stored.len());
    let mut undecodable = Vec::new();
    for resource in stored {
        let parsed = match &resource.json {
            Ok(text) => fhir::json::read(text).map_err(|_| "the stored text is no JSON".to_owned()),
            Err(reason) => Err(reason.to_string()),
        };
        let (resource_type, id) = (resource.resource_type.to_string(), resource.id.to_string());
        match parsed {
            Ok(json) => records.push(Record { resource_type, id, version: resource.version, json }),
            Err(reason) => undecodable.push(UndecodableRow { resource_type, id, reason }),
        }
    }
    (records, undecodable)
}

/// Takes out of each record what the role does not see; what that was, in words.
pub(crate) fn projected(present: &Present, records: &mut [Record]) -> Vec<String> {
    let projection = Projection::of(present.role);
    let mut taken = BTreeSet::new();
    for record in records {
        let named = record.json.get("code").is_some();
        taken.extend(projection.project(&mut record.json));
        if record.resource_type == "Flag" && named && record.json.get("code").is_none() {
            chart::say_hidden_flag(&mut record.json);
        }
    }
    taken.into_iter().map(field_group).collect()
}

/// A group of elements in words.
pub(crate) fn field_group(group: FieldGroup) -> String {
    match group {
        FieldGroup::Administrative => "administrative details",
        FieldGroup::Diagnosis => "reasons, diagnoses and services",
        FieldGroup::Precaution => "precautions",
        FieldGroup::Clinical => "clinical details",
        FieldGroup::Narrative => "notes",
    }
    .to_owned()
}

/// Whether a section compares values with the ranges for this patient.
const fn judges(section: Section) -> bool {
    matches!(section, Section::Summary | Section::Vitals | Section::Results)
}

/// Whose chart it is, for reference ranges by sex and age. A Patient that cannot be read settles nothing.
pub(crate) fn subject(tx: &Tx<'_>, patient: &PatientId) -> Result<Subject, AppError> {
    let (own, _) = records(tx.resources(patient, &["Patient"])?);
    let own = own.iter().find(|record| record.id == patient.to_string());
    Ok(own.map(|record| Subject::of(&record.json)).unwrap_or_default())
}

pub(crate) fn one(
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    request: &ResourceReadRequest,
) -> Result<Stored, AppError> {
    must_exist(tx, present, patient)?;
    let resource_type = ResourceType::parse(&request.resource_type).map_err(|e| AppError::invalid(e.to_string()))?;
    let id = ResourceId::parse(&request.id).map_err(|e| AppError::invalid(e.to_string()))?;
    if let Some(stored) = tx.resource(patient, &resource_type, &id)? {
        return Ok(stored);
    }
    let gone = tx
        .destroyed_resources(patient)?
        .into_iter()
        .find(|gone| gone.name.resource_type == resource_type && gone.name.id == id);
    Err(AppError::new(
        ErrorCode::NotFound,
        match gone {
            Some(gone) => destroyed_on(&gone.at),
            None => "there is no such entry in this chart; go back to the list".to_owned(),
        },
    ))
}

/// What was destroyed by itself is a row that says so: care could rest on knowing that something is missing.
fn destroyed(tx: &Tx<'_>, patient: &PatientId, section: Section) -> Result<Vec<UndecodableRow>, AppError> {
    let mut gone = tx.destroyed_resources(patient)?;
    gone.retain(|one| {
        let kind = one.name.resource_type.as_str();
        section.resource_types().contains(&kind) || sections_showing(kind).contains(&section)
    });
    let row = |one: DestroyedResource| UndecodableRow {
        resource_type: one.name.resource_type.to_string(),
        id: one.name.id.to_string(),
        reason: destroyed_on(&one.at),
    };
    Ok(gone.into_iter().map(row).collect())
}

fn destroyed_on(at: &DateTime<Utc>) -> String {
    format!("this entry was destroyed for good on {}, as two persons decided", clock::text(at))
}

pub(crate) fn must_exist(tx: &Tx<'_>, present: &Present, patient: &PatientId) -> Result<(), AppError> {
    if let Some(at) = tx.destroyed_at(patient)? {
        return Err(AppError::destroyed(&at));
    }
    present.unlocked.index.get(patient).map(|_| ()).ok_or_else(AppError::no_such_patient)
}

pub(crate) fn patient_id(text: &str) -> Result<PatientId, AppError> {
    PatientId::parse(text).map_err(|error| AppError::invalid(error.to_string()))
}
