//! The policies, parsed once, and their answers.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{LazyLock, Mutex};

use cedar_policy::{Authorizer, Decision, Effect, Entities, PolicyId, PolicySet, Response, Schema};

use crate::DenialReason;
use crate::cedar::{self, Fault};
use crate::question::{Question, Who};

/// The schema.
pub(crate) const SCHEMA: &str = include_str!("../policies/vigil.cedarschema");

/// The policies, by file.
pub(crate) const POLICIES: [(&str, &str); 14] = [
    ("chart.cedar", include_str!("../policies/chart.cedar")),
    ("registration.cedar", include_str!("../policies/registration.cedar")),
    ("print.cedar", include_str!("../policies/print.cedar")),
    ("write.cedar", include_str!("../policies/write.cedar")),
    ("worklist.cedar", include_str!("../policies/worklist.cedar")),
    ("restricted.cedar", include_str!("../policies/restricted.cedar")),
    ("suspended.cedar", include_str!("../policies/suspended.cedar")),
    ("relationship.cedar", include_str!("../policies/relationship.cedar")),
    ("sensitive.cedar", include_str!("../policies/sensitive.cedar")),
    ("fields.cedar", include_str!("../policies/fields.cedar")),
    ("emergency.cedar", include_str!("../policies/emergency.cedar")),
    ("session.cedar", include_str!("../policies/session.cedar")),
    ("administration.cedar", include_str!("../policies/administration.cedar")),
    ("fleet.cedar", include_str!("../policies/fleet.cedar")),
];

/// Answers that are kept: far more than there are questions in a day.
const MOST_KEPT: usize = 8_192;

/// Allowed, or why not.
pub(crate) type Answer = Result<(), DenialReason>;

static ENGINE: LazyLock<Result<Engine, Fault>> = LazyLock::new(|| Engine::new(SCHEMA, &POLICIES));

/// The answer of the policies. If they could not be read, everything is denied.
pub(crate) fn answer(question: &Question) -> Answer {
    match &*ENGINE {
        Ok(engine) => engine.answer(question),
        Err(_) => Err(DenialReason::Evaluation),
    }
}

/// Cedar with one set of policies.
pub(crate) struct Engine {
    authorizer: Authorizer,
    schema: Schema,
    actions: Entities,
    policies: PolicySet,
    /// Those that permit: whether one would, had nothing forbidden it, tells the reason of a denial.
    permits: PolicySet,
    reasons: HashMap<PolicyId, DenialReason>,
    /// The answer depends on the question alone, so that each is asked once.
    kept: Mutex<HashMap<Question, Answer>>,
}

impl Engine {
    /// Reads a schema and policies.
    ///
    /// # Errors
    /// What is wrong, with the file.
    pub(crate) fn new(schema: &str, files: &[(&str, &str)]) -> Result<Self, Fault> {
        let schema = Schema::from_str(schema).map_err(|error| format!("vigil.cedarschema: {error}"))?;
        let (mut policies, mut permits, mut reasons) = (PolicySet::new(), PolicySet::new(), HashMap::new());
        for (file, text) in files {
            let parsed = PolicySet::from_str(text).map_err(|error| format!("{file}: {error}"))?;
            for policy in parsed.policies() {
                let id = policy.annotation("id").ok_or_else(|| format!("{file}: a policy has no @id"))?;
                let policy = policy.new_id(PolicyId::new(id));
                let twice = |error| format!("{file}: {error}");
                policies.add(policy.clone()).map_err(twice)?;
                if policy.effect() == Effect::Permit {
                    permits.add(policy).map_err(twice)?;
                } else {
                    let reason = policy.annotation("reason").and_then(DenialReason::from_code);
                    let reason =
                        reason.ok_or_else(|| format!("{file}: {id} forbids without a @reason that is known"))?;
                    reasons.insert(policy.id().clone(), reason);
                }
            }
        }
        let (authorizer, actions) = (Authorizer::new(), schema.action_entities()?);
        Ok(Self { authorizer, schema, actions, policies, permits, reasons, kept: Mutex::default() })
    }

    /// The answer, from memory where the question was asked before.
    pub(crate) fn answer(&self, question: &Question) -> Answer {
        let known = self.kept.lock().ok().and_then(|kept| kept.get(question).copied());
        known.unwrap_or_else(|| {
            let answer = self.ask(question);
            if let Ok(mut kept) = self.kept.lock() {
                if kept.len() >= MOST_KEPT {
                    kept.clear();
                }
                kept.insert(*question, answer);
            }
            answer
        })
    }

    /// Cedar's own answer. Cedar skips a policy that fails, also one that forbids: any failure is a denial here.
    pub(crate) fn ask(&self, question: &Question) -> Answer {
        let Ok((request, entities)) = cedar::of(question, &self.schema, &self.actions) else {
            return Err(DenialReason::Evaluation);
        };
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        if response.diagnostics().errors().next().is_some() {
            return Err(DenialReason::Evaluation);
        }
        if response.decision() == Decision::Allow {
            return Ok(());
        }
        let permitted = self.authorizer.is_authorized(&request, &self.permits, &entities);
        Err(self.reason(question.who, &response, permitted.decision() == Decision::Allow))
    }

    /// What nothing permits is refused for the want of a permission, whatever else forbids it.
    fn reason(&self, who: Who, response: &Response, permitted: bool) -> DenialReason {
        let forbidden = response.diagnostics().reason().filter_map(|id| self.reasons.get(id)).min();
        match (forbidden, who) {
            (Some(reason), _) if permitted => *reason,
            (_, Who::User(_)) => DenialReason::Role,
            (_, Who::Nobody | Who::Workstation) => DenialReason::NotSignedIn,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vigil_model::{PurposeOfUse, Role};

    use super::*;
    use crate::question::{Patient, Subject};
    use crate::{Interaction, Label, Labels, Posture, Relationship};

    #[test]
    fn every_file_of_policies_is_read() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut there: Vec<String> = files.filter(|name| name.ends_with(".cedar")).collect();
        let mut read: Vec<&str> = POLICIES.iter().map(|(name, _)| *name).collect();
        there.sort_unstable();
        read.sort_unstable();
        assert_eq!(there, read, "a file that nobody reads permits and forbids nothing");
    }

    /// Conditions of a policy that somebody might add, among them some that fail while they are evaluated.
    const CONDITIONS: [&str; 10] = [
        "",
        "when { context.purpose == Purpose::\"BTG\" }",
        "when { principal in Role::\"nurse\" }",
        "unless { principal in [Role::\"physician\", Role::\"administrator\"] }",
        "when { resource has labels && resource.labels.contains(Label::\"R\") }",
        "unless { context.grant }",
        "when { resource.vip }",
        "when { context.section == Section::\"summary\" }",
        "when { context.posture == Posture::\"refused\" } unless { resource.employee }",
        "unless { context.suspended }",
    ];
    const ACTIONS: [&str; 6] = [
        "action",
        "action in Action::\"chart\"",
        "action == Action::\"patient-read\"",
        "action in Action::\"own-sign-in\"",
        "action in Action::\"administration\"",
        "action in Action::\"unattended\"",
    ];
    const RESOURCES: [&str; 3] = ["resource", "resource is Patient", "resource is Workstation"];
    const PRINCIPALS: [&str; 4] =
        ["principal", "principal is User", "principal in Role::\"physician\"", "principal is Nobody"];

    fn engine(more: &[String]) -> Engine {
        let files: Vec<(&str, &str)> =
            POLICIES.into_iter().chain(more.iter().map(|text| ("added.cedar", text.as_str()))).collect();
        Engine::new(SCHEMA, &files).unwrap()
    }

    fn added() -> impl Strategy<Value = Vec<String>> {
        let one = (
            prop::sample::select(&PRINCIPALS[..]),
            prop::sample::select(&ACTIONS[..]),
            prop::sample::select(&RESOURCES[..]),
            prop::sample::select(&CONDITIONS[..]),
        );
        prop::collection::vec(one, 1..4).prop_map(|all| {
            let text = |(at, (principal, action, resource, condition)): (usize, (&str, &str, &str, &str))| {
                format!("@id(\"added-{at}\") @reason(\"role\") forbid ({principal}, {action}, {resource}) {condition};")
            };
            all.into_iter().enumerate().map(text).collect()
        })
    }

    fn question() -> impl Strategy<Value = Question> {
        let who = prop_oneof![
            7 => prop::sample::select(&Role::ALL[..]).prop_map(Who::User),
            1 => Just(Who::Nobody),
            1 => Just(Who::Workstation),
        ];
        let flag = || prop::option::of(any::<bool>());
        let labels = prop::sample::subsequence(&Label::ALL[..], 0..4).prop_map(Labels::from_iter);
        let relationship = prop::option::of(prop::sample::select(&Relationship::ALL[..]));
        let patient = (labels, relationship, flag(), flag())
            .prop_map(|(labels, relationship, vip, employee)| Patient { labels, relationship, vip, employee });
        let interaction = prop::sample::select(Interaction::all().collect::<Vec<_>>());
        let subject = (interaction, prop::option::weighted(0.8, patient)).prop_map(|(interaction, patient)| {
            patient.map_or(Subject::Nobody(interaction), |patient| Subject::Patient(interaction, patient))
        });
        let posture = prop::option::of(prop::sample::select(&Posture::ALL[..]));
        (who, subject, prop::sample::select(&PurposeOfUse::ALL[..]), any::<[bool; 3]>(), posture).prop_map(
            |(who, subject, purpose, [grant, suspended, on_screen], posture)| Question {
                who,
                subject,
                purpose,
                grant,
                posture,
                suspended,
                on_screen,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn another_forbid_never_allows_more(added in added(), questions in prop::collection::vec(question(), 20)) {
            let (before, after) = (engine(&[]), engine(&added));
            for question in questions {
                let (before, after) = (before.ask(&question), after.ask(&question));
                prop_assert!(after.is_err() || before.is_ok(), "{question:?}: {before:?}, with {added:?} {after:?}");
            }
        }

        #[test]
        fn what_is_kept_is_what_cedar_answers(questions in prop::collection::vec(question(), 40)) {
            let Ok(shared) = &*ENGINE else { panic!("the policies are read") };
            for question in questions {
                let fresh = shared.ask(&question);
                prop_assert_eq!(shared.answer(&question), fresh, "first: {:?}", question);
                prop_assert_eq!(shared.answer(&question), fresh, "from memory: {:?}", question);
                prop_assert!(fresh != Err(DenialReason::Evaluation), "no policy fails: {question:?}");
            }
        }
    }

    #[test]
    fn a_policy_that_fails_denies_although_cedar_skips_it() {
        let fails = "@id(\"fails\") @reason(\"role\")
            forbid (principal, action == Action::\"patient-read\", resource is Patient) when { resource.vip };";
        let patient = Patient { labels: Labels::default(), relationship: None, vip: None, employee: None };
        let question = |interaction| Question {
            who: Who::User(Role::Physician),
            subject: Subject::Patient(interaction, patient),
            purpose: PurposeOfUse::Treatment,
            grant: false,
            posture: None,
            suspended: false,
            on_screen: false,
        };
        let engine = engine(&[fails.to_owned()]);
        let (request, entities) =
            cedar::of(&question(Interaction::PatientRead), &engine.schema, &engine.actions).unwrap();
        let bare = engine.authorizer.is_authorized(&request, &engine.policies, &entities);
        assert_eq!(bare.decision(), Decision::Allow, "the trap is real: Cedar alone allows");
        assert_eq!(engine.ask(&question(Interaction::PatientRead)), Err(DenialReason::Evaluation), "it denies here");
        assert_eq!(engine.ask(&question(Interaction::PatientExport)), Ok(()), "and only where it fails");
    }

    #[test]
    fn policies_that_cannot_be_read_are_no_engine() {
        let refused = |text: &str| Engine::new(SCHEMA, &[("made-up.cedar", text)]).err().unwrap().to_string();
        assert!(refused("permit (").starts_with("made-up.cedar"), "no policy at all");
        assert!(refused("permit (principal, action, resource);").contains("@id"), "one without a name");
        let nameless = refused("@id(\"x\") forbid (principal, action, resource);");
        assert!(nameless.contains("@reason"), "one that forbids and does not say why: {nameless}");
        let twice = refused(
            "@id(\"x\") permit (principal, action, resource); @id(\"x\") permit (principal, action, resource);",
        );
        assert!(twice.contains("made-up.cedar"), "two of one name: {twice}");
    }

    #[test]
    fn the_door_forgets_what_it_kept_before_it_grows_without_end() {
        let engine = engine(&[]);
        let mut asked = 0;
        for bits in 0..1_u16 << Label::ALL.len() {
            let labels = Label::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            let labels: Labels = labels.map(|(_, label)| label).collect();
            for vip in [None, Some(true), Some(false)] {
                for employee in [None, Some(true)] {
                    let patient = Patient { labels, relationship: None, vip, employee };
                    let mut kept = engine.kept.lock().unwrap();
                    let question = Question {
                        who: Who::Nobody,
                        subject: Subject::Patient(Interaction::PatientRead, patient),
                        purpose: PurposeOfUse::Treatment,
                        grant: false,
                        posture: None,
                        suspended: false,
                        on_screen: false,
                    };
                    // Cedar is not asked so often: what counts is how many are kept.
                    kept.insert(question, Ok(()));
                    asked += 1;
                }
            }
        }
        assert!(asked > MOST_KEPT, "there are more questions than are kept");
        let question = Question {
            who: Who::Workstation,
            subject: Subject::Nobody(Interaction::WorkstationStart),
            purpose: PurposeOfUse::Administration,
            grant: false,
            posture: None,
            suspended: false,
            on_screen: false,
        };
        assert_eq!(engine.answer(&question), Ok(()), "it still answers");
        assert_eq!(engine.kept.lock().unwrap().len(), 1, "and forgot the rest");
    }
}
