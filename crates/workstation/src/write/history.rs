//! The versions of one resource: who wrote each and when, what it changed, and an earlier one as the newest again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use vigil_model::{ResourceType, Section, fhir};
use vigil_policy::{Interaction, Projection};
use vigil_vault::ResourceVersion;

use super::draft::Draft;
use super::{OBSERVATION, Place, resource_id, store};
use crate::chart_read::{WITHHELD, field_group, must_exist, patient_id, sections_showing};
use crate::view::{
    ElementChange, EntryKind, HistoryView, ResourceReadRequest, ResourceRestoreRequest, VersionView, WrittenView,
};
use crate::{AppError, ErrorCode, Workstation, chart, clock};

impl Workstation {
    /// Reads the versions of one resource, newest first, with what each changed.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::NotFound`]; [`ErrorCode::Restricted`] for what stays closed in an emergency.
    pub fn resource_history_read(&self, request: ResourceReadRequest) -> Result<HistoryView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let section = self.first_allowed(sections_showing(&request.resource_type))?;
        let kind = ResourceType::parse(&request.resource_type).map_err(|error| AppError::invalid(error.to_string()))?;
        let id = resource_id(&request.id)?;
        self.act(Interaction::ResourceRead(section), Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            tx.detail(json!({ "history": format!("{kind}/{id}") }));
            let versions = tx.resource_versions(&patient, &kind, &id)?;
            if versions.is_empty() {
                return Err(AppError::new(
                    ErrorCode::NotFound,
                    "there is no such entry in this chart; go back to the list",
                ));
            }
            let (projection, mut closed) = (Projection::of(present.role), BTreeSet::new());
            let mut read: Vec<Result<Value, String>> = Vec::with_capacity(versions.len());
            for version in &versions {
                let mut json = readable(version);
                if let Ok(json) = &mut json {
                    if self.is_withheld(present, &request.resource_type, json) {
                        return Err(AppError::new(ErrorCode::Restricted, WITHHELD));
                    }
                    closed.extend(projection.project(json));
                }
                read.push(json);
            }
            let views = versions.iter().enumerate().map(|(at, version)| view(version, at, &versions, &read)).collect();
            Ok(HistoryView { versions: views, closed: closed.into_iter().map(field_group).collect() })
        })
    }

    /// Stores an earlier version again, as the newest.
    ///
    /// # Errors
    /// [`ErrorCode::VersionConflict`]; [`ErrorCode::OtherPatient`]; [`ErrorCode::Invalid`] for a version that is not there, the
    /// newest itself, and one that cannot be read; a denial, also of what nobody writes here.
    pub fn resource_restore(&self, request: ResourceRestoreRequest) -> Result<WrittenView, AppError> {
        let section = match request.resource_type.as_str() {
            "Condition" => Section::Problems,
            "AllergyIntolerance" => Section::Allergies,
            OBSERVATION if request.section == Some(Section::SocialHistory) => Section::SocialHistory,
            OBSERVATION => Section::Vitals,
            // Where there is no kind nobody writes.
            other => EntryKind::of_type(other).map_or(Section::Other, EntryKind::section),
        };
        let place = Place::new(&request.patient_id, &request.chart_on_screen, section)?;
        let (now, id) = (self.clock.now().utc, resource_id(&request.id)?);
        let kind = ResourceType::parse(&request.resource_type).map_err(|error| AppError::invalid(error.to_string()))?;
        self.writing(Interaction::ResourceUpdate(section), &place, |tx, present, _| {
            let stored = self.read_to_change(tx, present, &place.patient, kind.as_str(), &id)?;
            let versions = tx.resource_versions(&place.patient, &kind, &id)?;
            let earlier = versions.iter().find(|version| version.version == request.restore);
            let earlier = earlier.filter(|version| version.version != stored.version).ok_or_else(|| {
                AppError::invalid("there is no earlier version with this number; read the history again")
            })?;
            let json = readable(earlier).map_err(AppError::invalid)?;
            let (belongs, what): (fn(&Value) -> bool, _) = if section == Section::SocialHistory {
                (chart::is_social_history, "social history")
            } else {
                (chart::is_vital_sign, "vital sign")
            };
            if kind.as_str() == OBSERVATION && !(belongs(&json) && belongs(&stored.json)) {
                return Err(AppError::invalid(format!("this is no {what}; who sent it corrects it")));
            }
            if section == Section::CareTeam {
                self.gains_nothing(tx, present, &stored.json, &json)?;
            }
            let text = earlier.json.as_deref().map_err(|reason| AppError::invalid(reason.to_string()))?;
            let draft = Draft::in_place_of(kind.as_str(), &stored, request.version, text, now, |_| Ok(()))?;
            let noted = store(tx, &place.patient, vec![draft])?;
            Ok((WrittenView { lines: vec![format!("Version {} restored", request.restore)] }, noted))
        })
        .map(|written| self.noted(&place.patient, written))
    }
}

fn readable(version: &ResourceVersion) -> Result<Value, String> {
    let text = version.json.as_deref().map_err(ToString::to_string)?;
    fhir::json::read(text).map_err(|_| "the stored text is no JSON".to_owned())
}

fn view(
    version: &ResourceVersion,
    at: usize,
    versions: &[ResourceVersion],
    read: &[Result<Value, String>],
) -> VersionView {
    let json = read.get(at).map(Result::as_ref);
    let before = read.get(at.saturating_add(1)).map(Result::as_ref);
    let changes = match (before, json) {
        (Some(Ok(before)), Some(Ok(after))) => differences(before, after),
        _ => Vec::new(),
    };
    let (who, role, when) = match &version.written {
        Some(written) => (
            written.user_display.clone().unwrap_or_else(|| "Unknown user".to_owned()),
            written.role.map(|role| role.code().replace('-', " ")).unwrap_or_default(),
            Some(written.at),
        ),
        // The version before it says when it was replaced.
        None => {
            let earlier = versions.get(at.saturating_add(1));
            ("An import".to_owned(), String::new(), earlier.and_then(|earlier| earlier.replaced_at))
        }
    };
    VersionView {
        version: version.version,
        at: when.map_or_else(|| "Not known".to_owned(), |at| clock::text(&at)),
        who,
        role,
        changes,
        unreadable: json.and_then(Result::err).cloned(),
    }
}

/// What differs between two versions, element by element. Who holds a version and when it was stored is no difference.
fn differences(before: &Value, after: &Value) -> Vec<ElementChange> {
    let (mut left, mut right) = (BTreeMap::new(), BTreeMap::new());
    flatten("", before, &mut left);
    flatten("", after, &mut right);
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    names
        .into_iter()
        .filter(|name| !matches!(name.as_str(), "meta.versionId" | "meta.lastUpdated"))
        .map(|name| ElementChange {
            element: name.clone(),
            before: left.get(name).cloned().unwrap_or_default(),
            after: right.get(name).cloned().unwrap_or_default(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn flatten(path: &str, value: &Value, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, member, out);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| flatten(&format!("{path}[{at}]"), item, out));
        }
        Value::String(text) => _ = out.insert(path.to_owned(), text.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) => _ = out.insert(path.to_owned(), value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_by_its_element_and_nothing_else_is() {
        let before = json!({ "meta": { "versionId": "1" }, "status": "final", "note": [{ "text": "a" }], "onset": 3 });
        let after = json!({ "meta": { "versionId": "2" }, "status": "entered-in-error", "note": [{ "text": "a" }, { "text": "b" }] });
        let change = |element: &str, before: &str, after: &str| ElementChange {
            element: element.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        let found = differences(&before, &after);
        let expected =
            [change("note[1].text", "", "b"), change("onset", "3", ""), change("status", "final", "entered-in-error")];
        assert_eq!(found, expected, "added, gone, changed; the version's own number is none of them");
        assert!(differences(&after, &after).is_empty(), "the same is no difference");
    }
}
