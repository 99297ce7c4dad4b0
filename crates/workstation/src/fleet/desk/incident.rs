//! Incidents: the list, one with everything that belongs to it, and what is done about it.

mod row;
mod whole;

use std::collections::BTreeSet;

use serde_json::json;
use vigil_model::UserId;
use vigil_model::wire::{
    BreachAssessment, Incident, IncidentAct, IncidentFinding, IncidentList, IncidentState, IncidentSubject,
};
use vigil_policy::Interaction;

use super::time::small;
use crate::view::{
    CaseDecision, CaseFinding, IncidentDecideRequest, IncidentListView, IncidentReadRequest, IncidentSearchRequest,
    IncidentStage, IncidentStep, IncidentUpdateRequest, IncidentView,
};
use crate::{AppError, Workstation};
pub(super) use row::Reader;

impl Workstation {
    /// Lists the incidents of the fleet. An administrator sees no patients: the server leaves them out.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::ReauthenticationNeeded`] while the desk is not open; [`crate::ErrorCode::ServerOutOfReach`].
    pub fn incident_search(&self, request: IncidentSearchRequest) -> Result<IncidentListView, AppError> {
        let state = request.stage.map(|stage| match stage {
            IncidentStage::Open => IncidentState::Open,
            IncidentStage::Acknowledged => IncidentState::Acknowledged,
            IncidentStage::Closed => IncidentState::Closed,
        });
        let about = json!({ "stage": request.stage });
        let list = self.at_the_desk(Interaction::IncidentSearch, about, async |client, call| {
            client.desk_incidents(call, state).await
        })?;
        self.list_view(&list)
    }

    /// Reads one incident.
    ///
    /// # Errors
    /// As [`Self::incident_search`]; [`crate::ErrorCode::NotFound`].
    pub fn incident_read(&self, request: IncidentReadRequest) -> Result<IncidentView, AppError> {
        let (id, about) = (u64::from(request.id), json!({ "incident": request.id }));
        let incident = self
            .at_the_desk(Interaction::IncidentRead, about, async |client, call| client.desk_incident(call, id).await)?;
        self.incident_view(incident)
    }

    /// Acknowledges or escalates an incident, or suspends its account on every workstation and lets it go. Nobody does that in a case about
    /// themselves.
    ///
    /// # Errors
    /// As [`Self::incident_read`]; [`crate::ErrorCode::Forbidden`] in one's own case; [`crate::ErrorCode::VersionConflict`] where it does not fit
    /// how the incident stands by now; [`crate::ErrorCode::Invalid`] for words that are missing or too long.
    pub fn incident_update(&self, request: IncidentUpdateRequest) -> Result<IncidentView, AppError> {
        let words = request.words;
        let act = match request.step {
            IncidentStep::Acknowledge => IncidentAct::Acknowledge,
            IncidentStep::Escalate => IncidentAct::Escalate { words },
            IncidentStep::Suspend => IncidentAct::Suspend { words },
            IncidentStep::LiftSuspension => IncidentAct::LiftSuspension { words },
        };
        self.incident_act(Interaction::IncidentUpdate, request.id, &act)
    }

    /// Works on a case: a privacy officer's.
    ///
    /// # Errors
    /// As [`Self::incident_update`].
    pub fn incident_decide(&self, request: IncidentDecideRequest) -> Result<IncidentView, AppError> {
        self.asked(Interaction::IncidentDecide)?;
        let act = match request.decision {
            CaseDecision::Assign { user_id } => {
                let to = UserId::parse(&user_id);
                let to = to.map_err(|_| AppError::invalid("this is no user's id; choose somebody from the list"))?;
                IncidentAct::Assign { to }
            }
            CaseDecision::Comment { words } => IncidentAct::Comment { words },
            CaseDecision::Assess { assessment: typed } => IncidentAct::Assess {
                assessment: BreachAssessment {
                    nature: typed.nature,
                    recipient: typed.recipient,
                    acquired: typed.acquired,
                    mitigated: typed.mitigated,
                    breach: typed.breach,
                    discovered: typed.discovered,
                    by: None,
                    at: None,
                },
            },
            CaseDecision::Close { finding, words } => IncidentAct::Close { finding: sent(finding), words },
            CaseDecision::Reopen { words } => IncidentAct::Reopen { words },
        };
        self.incident_act(Interaction::IncidentDecide, request.id, &act)
    }

    fn incident_act(&self, interaction: Interaction, id: u32, act: &IncidentAct) -> Result<IncidentView, AppError> {
        let about = json!({ "incident": id, "act": word(act) });
        let incident = self.at_the_desk(interaction, about, async |client, call| {
            client.desk_incident_act(call, u64::from(id), act).await
        })?;
        self.incident_view(incident)
    }

    fn list_view(&self, list: &IncidentList) -> Result<IncidentListView, AppError> {
        let subjects = list.incidents.iter().filter_map(|one| match &one.subject {
            IncidentSubject::Patient { id } => Some(id.clone()),
            IncidentSubject::User { .. } | IncidentSubject::Workstation { .. } | IncidentSubject::Server => None,
        });
        let names = self.patient_names(None, &subjects.collect())?;
        let reader = Reader { user: self.present()?.user, now: self.clock.now().utc, names: &names };
        let [open, acknowledged, closed] = list.counts.map(small);
        let rows = list.incidents.iter().map(|one| reader.row(one)).collect();
        Ok(IncidentListView { rows, open, acknowledged, closed })
    }

    fn incident_view(&self, incident: Incident) -> Result<IncidentView, AppError> {
        let id = small(incident.summary.id);
        let mut patients: BTreeSet<_> = incident.patients.iter().cloned().collect();
        patients.extend(incident.events.iter().filter_map(|event| event.patient.clone()));
        if let IncidentSubject::Patient { id } = &incident.summary.subject {
            patients.insert(id.clone());
        }
        let names = self.patient_names(Some(id), &patients)?;
        let reader = Reader { user: self.present()?.user, now: self.clock.now().utc, names: &names };
        let assignable = self.assignable()?;
        Ok(reader.whole(incident, assignable))
    }
}

/// The word of an act, for the entry.
const fn word(act: &IncidentAct) -> &'static str {
    match act {
        IncidentAct::Acknowledge => "acknowledge",
        IncidentAct::Assign { .. } => "assign",
        IncidentAct::Comment { .. } => "comment",
        IncidentAct::Escalate { .. } => "escalate",
        IncidentAct::Assess { .. } => "assess",
        IncidentAct::Suspend { .. } => "suspend",
        IncidentAct::LiftSuspension { .. } => "lift-suspension",
        IncidentAct::Close { .. } => "close",
        IncidentAct::Reopen { .. } => "reopen",
    }
}

const fn sent(finding: CaseFinding) -> IncidentFinding {
    match finding {
        CaseFinding::Appropriate => IncidentFinding::Appropriate,
        CaseFinding::Mistake => IncidentFinding::Mistake,
        CaseFinding::Inappropriate => IncidentFinding::Inappropriate,
        CaseFinding::Attack => IncidentFinding::Attack,
        CaseFinding::Technical => IncidentFinding::Technical,
    }
}
