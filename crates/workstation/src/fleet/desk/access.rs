//! Who looked at whom on any workstation: a search over the entries of every log, a page at a time.

use std::collections::{BTreeSet, HashMap};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::SecondsFormat;
use serde_json::{Value, json};
use vigil_audit::AuditEvent;
use vigil_model::wire::{FleetDevice, IncidentEvent, Person};
use vigil_model::{DeviceId, PatientId, UserId};
use vigil_policy::Interaction;

use super::activity::length;
use super::incident::Reader;
use crate::view::{FleetAccessAbout, FleetAccessSearchRequest, FleetAccessView};
use crate::{AppError, Workstation, clock};

/// Entries of a page.
const PAGE: u32 = 100;
/// DICOM 110127, Emergency Override Started: the subtype of an emergency access that begins.
const EMERGENCY: &str = "110127";
/// Where the canonical bytes of an entry stand in its AuditEvent.
const ENTRY: &str = "urn:vigil:audit-entry";
/// What an AuditEvent without them is: one more patient of a list that was shown.
const LISTED: &str = "patient-search";

impl Workstation {
    /// Finds entries of every workstation, newest first: what a user did, who looked at a patient, or emergency accesses.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::Invalid`] for an id that is none; [`crate::ErrorCode::ReauthenticationNeeded`];
    /// [`crate::ErrorCode::ServerOutOfReach`].
    pub fn fleet_access_search(&self, request: FleetAccessSearchRequest) -> Result<FleetAccessView, AppError> {
        let now = self.clock.now().utc;
        let moment = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut query = vec![
            ("date", format!("ge{}", moment(now - length(request.period)))),
            ("_count", PAGE.to_string()),
            ("_sort", "-date".to_owned()),
        ];
        match &request.about {
            FleetAccessAbout::Everybody => {}
            FleetAccessAbout::User { user_id } => {
                let user = UserId::parse(user_id);
                let user =
                    user.map_err(|_| AppError::invalid("this is no user's id; choose somebody from the list"))?;
                query.push(("agent", user.to_string()));
            }
            FleetAccessAbout::Patient { patient_id } => {
                let patient = PatientId::parse(patient_id);
                let patient =
                    patient.map_err(|_| AppError::invalid("this is no patient's id; find the patient first"))?;
                query.push(("patient", format!("Patient/{patient}")));
            }
        }
        query.extend(request.emergencies.then(|| ("subtype", EMERGENCY.to_owned())));
        // The server lets a page go on for the same search alone: what "until now" is was said with the first page.
        let query = match request.after {
            None => query,
            Some(after) => continued(&after)?,
        };
        let about = json!({ "about": kind(&request.about), "emergencies": request.emergencies });
        let (devices, bundle) = self.at_the_desk(Interaction::FleetAccessSearch, about, async |client, call| {
            let devices = match client.desk_devices(call).await? {
                Ok(devices) => devices,
                Err(refusal) => return Ok(Err(refusal)),
            };
            Ok(client.desk_search(call, &query).await?.map(|bundle| (devices, bundle)))
        })?;
        let people = self.people()?;
        let found = events(&bundle, &devices, &people);
        let patients: BTreeSet<PatientId> = found.iter().filter_map(|event| event.patient.clone()).collect();
        let names = self.patient_names(None, &patients)?;
        let reader = Reader { user: self.present()?.user, now, names: &names };
        Ok(FleetAccessView {
            rows: found.iter().map(|event| reader.event(event)).collect(),
            next: next(&bundle),
            as_of: clock::text(&now),
        })
    }

    /// What the directory calls its users, those too who are out of it.
    fn people(&self) -> Result<HashMap<UserId, String>, AppError> {
        let users = self.vault()?.fleet_directory()?.map(|directory| directory.users).unwrap_or_default();
        Ok(users.into_iter().map(|user| (user.id, user.display_name)).collect())
    }
}

const fn kind(about: &FleetAccessAbout) -> &'static str {
    match about {
        FleetAccessAbout::Everybody => "everybody",
        FleetAccessAbout::User { .. } => "user",
        FleetAccessAbout::Patient { .. } => "patient",
    }
}

/// The parameters of the `next` link, which are the search as it began and where it goes on.
fn next(bundle: &Value) -> Option<String> {
    let links = bundle.get("link")?.as_array()?;
    let next = links.iter().find(|link| link.get("relation").and_then(Value::as_str) == Some("next"))?;
    let (_, query) = next.get("url")?.as_str()?.split_once('?')?;
    Some(query.to_owned())
}

/// The same as parameters again. What the screen sends back is another search at worst, and the server says no to one that it did not make.
fn continued(query: &str) -> Result<Vec<(&'static str, String)>, AppError> {
    const KNOWN: [&str; 7] = ["date", "_count", "_sort", "agent", "patient", "subtype", "_cursor"];
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let pairs: Option<Vec<_>> =
        pairs.into_iter().map(|(name, value)| Some((*KNOWN.iter().find(|known| **known == name)?, value))).collect();
    pairs
        .filter(|pairs| !pairs.is_empty())
        .ok_or_else(|| AppError::invalid("this page of the search does not go on; look anew from the newest entries"))
}

/// The AuditEvents of a page as the entries that they are made of.
fn events(bundle: &Value, devices: &[FleetDevice], people: &HashMap<UserId, String>) -> Vec<IncidentEvent> {
    let hosts: HashMap<DeviceId, &str> =
        devices.iter().rev().map(|device| (device.log, device.host.as_str())).collect();
    let entries = bundle.get("entry").and_then(Value::as_array).into_iter().flatten();
    entries
        .filter_map(|entry| event(entry.get("resource")?))
        .map(|mut event| {
            event.host = hosts.get(&event.log).map(|host| (*host).to_owned()).unwrap_or_default();
            if let Some(user) = &mut event.user {
                user.name = people.get(&user.id).cloned().unwrap_or_default();
            }
            event
        })
        .collect()
}

/// `None`: it is no AuditEvent of ours.
fn event(resource: &Value) -> Option<IncidentEvent> {
    let text = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if text("/resourceType") != "AuditEvent" {
        return None;
    }
    let (log, rest) = text("/id").split_once('.')?;
    let entry = canonical(resource);
    let said = entry.as_ref().and_then(|entry| entry.reason.as_deref()).unwrap_or_default();
    Some(IncidentEvent {
        log: DeviceId::parse(log).ok()?,
        seq: rest.split('.').next()?.parse().ok()?,
        at: text("/recorded").to_owned(),
        interaction: entry.as_ref().map_or(LISTED, |entry| entry.interaction.as_str()).to_owned(),
        outcome: text("/outcome").to_owned(),
        purpose: text("/purposeOfEvent/0/coding/0/code").to_owned(),
        user: text("/agent/0/who/identifier/value")
            .strip_prefix("urn:uuid:")
            .filter(|_| resource.pointer("/agent/0/altId").is_some())
            .and_then(|id| UserId::parse(id).ok())
            .map(|id| Person { id, name: String::new() }),
        patient: patient(resource),
        host: String::new(),
        basis: said.split(' ').find_map(|word| word.strip_prefix("basis=")).map(str::to_owned),
    })
}

fn canonical(resource: &Value) -> Option<AuditEvent> {
    let extensions = resource.get("extension")?.as_array()?;
    let entry = extensions.iter().find(|one| one.get("url").and_then(Value::as_str) == Some(ENTRY))?;
    let bytes = BASE64_STANDARD.decode(entry.get("valueBase64Binary")?.as_str()?).ok()?;
    AuditEvent::parse(&bytes).ok()
}

/// BALP: the entity whose role is 1, the patient.
fn patient(resource: &Value) -> Option<PatientId> {
    let entities = resource.get("entity")?.as_array()?;
    let is_patient = |one: &&Value| one.pointer("/role/code").and_then(Value::as_str) == Some("1");
    let reference = entities.iter().find(is_patient)?.pointer("/what/reference")?.as_str()?;
    PatientId::parse(reference.strip_prefix("Patient/")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_as_the_server_said_and_takes_no_other_parameter() {
        let link = "https://server/v1/desk/AuditEvent?date=ge2026-11-21T10%3A00%3A00Z&_count=100&_cursor=abc";
        let bundle = json!({ "link": [{ "relation": "self", "url": "x?y" }, { "relation": "next", "url": link }] });
        let after = next(&bundle).unwrap();
        let again = continued(&after).unwrap();
        assert_eq!(again[0], ("date", "ge2026-11-21T10:00:00Z".to_owned()));
        assert_eq!(again[2], ("_cursor", "abc".to_owned()));
        assert_eq!(next(&json!({ "link": [] })), None, "the last page");
        for bad in ["", "_cursor=a&source=b", "nonsense"] {
            assert!(continued(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_no_entry_is_left_out_and_one_more_of_a_list_is_told_as_such() {
        let log = "01990000-0000-7000-8000-00000000c0de";
        let listed = json!({
            "resourceType": "AuditEvent", "id": format!("{log}.7.2"), "recorded": "2026-11-21T10:00:00Z", "outcome": "0",
            "entity": [{ "role": { "code": "1" }, "what": { "reference": "Patient/p1" } }],
        });
        let bundle =
            json!({ "entry": [{ "resource": listed }, { "resource": { "resourceType": "OperationOutcome" } }, {}] });
        let found = events(&bundle, &[], &HashMap::new());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].seq, found[0].interaction.as_str()), (7, LISTED));
        assert_eq!(found[0].patient.as_ref().map(PatientId::as_str), Some("p1"));
    }
}
