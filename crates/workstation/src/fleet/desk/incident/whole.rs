//! An incident with everything that belongs to it.

use vigil_model::PurposeOfUse;
use vigil_model::wire::{BreachAssessment, DeliveryState, Incident, IncidentEvent, IncidentStep};

use super::super::names::or_id;
use super::super::time::{ServerTime, day_words, small};
use super::row::{Reader, person};
use crate::access::{purpose, what};
use crate::view::{
    AffectedPatient, BreachAssessmentView, DeskPerson, IncidentDelivery, IncidentEventRow, IncidentStepView,
    IncidentView,
};

impl Reader<'_> {
    pub(super) fn whole(&self, of: Incident, assignable: Vec<DeskPerson>) -> IncidentView {
        let seen = |patient| of.events.iter().filter(|event| event.patient.as_ref() == Some(patient)).count();
        IncidentView {
            row: self.row(&of.summary),
            opened_epoch: ServerTime::of(&of.summary.opened).epoch(),
            events: of.events.iter().map(|event| self.event(event)).collect(),
            patients: of
                .patients
                .iter()
                .map(|patient| AffectedPatient {
                    patient_id: patient.to_string(),
                    patient: self.names.get(patient).map(|named| named.identity.clone()),
                    events: u32::try_from(seen(patient)).unwrap_or(u32::MAX),
                })
                .collect(),
            history: of.history.into_iter().map(step).collect(),
            assessment: of.assessment.map(assessment),
            deliveries: of.deliveries.into_iter().map(delivery).collect(),
            assignable,
        }
    }

    pub(in crate::fleet::desk) fn event(&self, of: &IncidentEvent) -> IncidentEventRow {
        let at = ServerTime::of(&of.at);
        IncidentEventRow {
            log: of.log.to_string(),
            sequence: small(of.seq),
            at: at.exact(),
            epoch_seconds: at.epoch(),
            who: of.user.as_ref().map(|user| person(user).who),
            what: what(&of.interaction, None),
            outcome: outcome(&of.outcome).to_owned(),
            purpose: PurposeOfUse::from_code(&of.purpose)
                .map_or_else(|| of.purpose.clone(), |known| purpose(known).to_owned()),
            patient_id: of.patient.as_ref().map(ToString::to_string),
            patient: of.patient.as_ref().and_then(|id| self.names.get(id)).map(|named| named.name.clone()),
            host: if of.host.is_empty() { of.log.to_string() } else { of.host.clone() },
            basis: of.basis.clone(),
        }
    }
}

/// FHIR `AuditEvent.outcome`.
fn outcome(code: &str) -> &str {
    match code {
        "0" => "done",
        "4" => "refused",
        "8" | "12" => "failed",
        other => other,
    }
}

fn step(of: IncidentStep) -> IncidentStepView {
    IncidentStepView {
        at: ServerTime::of(&of.at).exact(),
        by: of.by.map(|by| or_id(by.name, by.id)),
        what: of.what,
        words: of.words,
    }
}

fn assessment(of: BreachAssessment) -> BreachAssessmentView {
    BreachAssessmentView {
        nature: of.nature,
        recipient: of.recipient,
        acquired: of.acquired,
        mitigated: of.mitigated,
        breach: of.breach,
        discovered: day_words(&of.discovered),
        discovered_day: of.discovered,
        by: of.by.map(|by| or_id(by.name, by.id)),
        at: of.at.as_deref().map(|at| ServerTime::of(at).words()),
    }
}

fn delivery(of: DeliveryState) -> IncidentDelivery {
    IncidentDelivery {
        channel: of.channel,
        event: of.event,
        state: of.state,
        attempts: small(of.attempts),
        at: ServerTime::of(&of.at).words(),
        error: of.error,
    }
}
