//! What a decision costs, beside Cedar's own call with everything made ready for it; and what a list of patients costs.

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, RestrictedExpression as Value, Schema,
};
use vigil_model::{PurposeOfUse, Role, Section, SessionId, UserId};
use vigil_policy::{Facts, Interaction, Label, Labels, Principal, Relationship, Request, authorize, is_allowed};
use vigil_vault::VaultError;
use vigil_workstation::PatientId;

use super::append::{now, vault};
use super::report::Report;
use super::{ROUNDS, timed};

/// Calls that are timed together: one alone is shorter than the clock can tell.
const TOGETHER: u32 = 100;
const PATIENTS: usize = 1_000;

pub(crate) fn measure(folder: &Path, report: &mut Report) {
    let bare = Bare::new();
    assert!(bare.decide(), "a nurse reads allergies");
    let each = |time: Duration| time / TOGETHER;
    let (mut floors, mut known, mut new) = (Vec::new(), Vec::new(), Vec::new());
    let mut unasked = unasked().into_iter();
    for _ in 0..ROUNDS * 20 {
        floors.push(each(timed(|| (0..TOGETHER).all(|_| bare.decide()))));
        let requests: Vec<_> = (0..TOGETHER).map(|_| request(Facts::default())).collect();
        known.push(each(timed(|| requests.into_iter().for_each(|request| drop(black_box(authorize(request)))))));
        let requests: Vec<_> = unasked.by_ref().take(20).collect();
        new.push(timed(|| requests.into_iter().for_each(|request| drop(black_box(authorize(request))))) / 20);
    }
    let floor = "bare Cedar call, all made ready";
    report.ratio("authorize, a question that was asked before", floor, &known, &floors, "");
    report.ratio("authorize, a question that is new", floor, &new, &floors, "");

    let vault = vault(&folder.join("decisions"));
    let mut acts = Vec::new();
    for _ in 0..ROUNDS * 200 {
        let request = request(Facts::default());
        acts.push(timed(|| {
            let permit = authorize(request).unwrap();
            vault.transaction(permit, None, now(), |_| Ok::<_, VaultError>(())).unwrap();
        }));
        vault.checkpoint_when_due(now()).unwrap();
    }
    report.percentiles("authorize + durable audit", &acts, "p50 <= 1 ms");

    let patients = patients();
    let (mut lists, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 4 {
        floors.push(timed(|| (0..PATIENTS).all(|_| bare.decide())));
        lists.push(timed(|| patients.iter().filter(|request| is_allowed(request)).count()));
    }
    report.ratio("1,000 patients filtered by policy", "1,000 bare Cedar calls", &lists, &floors, "<= 10 ms");
}

fn request(facts: Facts) -> Request {
    Request {
        principal: Principal::User {
            id: UserId::from_uuid(uuid::Uuid::nil()),
            role: Role::Nurse,
            session: SessionId::from_uuid(uuid::Uuid::nil()),
        },
        interaction: Interaction::SectionRead(Section::Allergies),
        patient: PatientId::parse("p0").ok(),
        restricted: false,
        purpose: PurposeOfUse::Treatment,
        facts,
    }
}

/// Each with other labels, so that none was asked before.
fn unasked() -> Vec<Request> {
    let labels = |bits: u32| Label::ALL.into_iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
    (1..1 << Label::ALL.len())
        .map(|bits| {
            request(Facts { labels: labels(bits).map(|(_, label)| label).collect::<Labels>(), ..Facts::default() })
        })
        .collect()
}

/// A hospital's patients: a few restricted, a few VIPs and employees, more or less known relationships.
fn patients() -> Vec<Request> {
    (0..PATIENTS)
        .map(|at| Request {
            interaction: Interaction::PatientRead,
            patient: PatientId::parse(&format!("p{at}")).ok(),
            restricted: at % 17 == 0,
            ..request(Facts {
                relationship: Relationship::ALL.get(at % 10).copied(),
                vip: (at % 50 == 0).then_some(true),
                employee: Some(at % 30 == 0),
                ..Facts::default()
            })
        })
        .collect()
}

/// Cedar with the same policies, one request and its entities.
struct Bare {
    authorizer: Authorizer,
    policies: PolicySet,
    request: cedar_policy::Request,
    entities: Entities,
}

impl Bare {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/policies");
        let read = |file: &Path| std::fs::read_to_string(file).unwrap();
        let schema = Schema::from_str(&read(&folder.join("vigil.cedarschema"))).unwrap();
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let cedar = files.filter(|file| file.extension().is_some_and(|extension| extension == "cedar"));
        let policies = PolicySet::from_str(&cedar.map(|file| read(&file)).collect::<String>()).unwrap();
        let uid = |text: &str| EntityUid::from_str(text).unwrap();
        let one = |text: &str| Value::new_entity_uid(uid(text));
        let context = [
            ("purpose".to_owned(), one("Purpose::\"TREAT\"")),
            ("grant".to_owned(), Value::new_bool(false)),
            ("suspended".to_owned(), Value::new_bool(false)),
            ("section".to_owned(), one("Section::\"allergies\"")),
        ];
        let request = cedar_policy::Request::new(
            uid("User::\"asked\""),
            uid("Action::\"section-read\""),
            uid("Patient::\"asked\""),
            Context::from_pairs(context).unwrap(),
            Some(&schema),
        );
        let user = Entity::new_no_attrs(uid("User::\"asked\""), HashSet::from([uid("Role::\"nurse\"")]));
        let labels = HashMap::from([("labels".to_owned(), Value::new_set([]))]);
        let patient = Entity::new(uid("Patient::\"asked\""), labels, HashSet::new()).unwrap();
        let entities = schema.action_entities().unwrap().add_entities([user, patient], Some(&schema)).unwrap();
        Self { authorizer: Authorizer::new(), policies, request: request.unwrap(), entities }
    }

    fn decide(&self) -> bool {
        self.authorizer.is_authorized(&self.request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}
