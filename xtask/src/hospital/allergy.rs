//! Allergies and intolerances, and the record that there are none.
//!
//! Drugs and reactions: Synthea module `allergies/drug_allergy_incidence.json` (its codes, reactions and severities).
//! Food and environment: Synthea bulk export sample and US Core 9.0.0 examples.
//! "No known allergy": International Patient Summary 2.0.0, example AllergyIntolerance eumfh-39-07-1.

use chrono::Duration;
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{Code, age, hl7, reference, rxnorm, sct};
use super::person::Person;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agent {
    Penicillin,
    Aspirin,
    Ibuprofen,
    Sulfonamide,
    Cephalexin,
    Peanut,
    Shellfish,
    Egg,
    TreeNut,
    Fish,
    Latex,
    BeeVenom,
    TreePollen,
    DustMite,
    Dander,
}

const WHEAL: Code = sct("247472004", "Wheal (finding)");
const RASH: Code = sct("271807003", "Eruption of skin (disorder)");
const ANGIOEDEMA: Code = sct("402387002", "Allergic angioedema (disorder)");
const ANAPHYLAXIS: Code = sct("39579001", "Anaphylaxis (disorder)");
const DYSPNEA: Code = sct("267036007", "Dyspnea (finding)");
const ITCHING: Code = sct("418290006", "Itching (finding)");
const VOMITING: Code = sct("300359004", "Finding of vomiting (finding)");
const RHINITIS: Code = sct("878820003", "Rhinoconjunctivitis (disorder)");
const BELLY: Code = sct("21522001", "Abdominal pain (finding)");

const DRUGS: [Agent; 5] = [Agent::Penicillin, Agent::Aspirin, Agent::Ibuprofen, Agent::Sulfonamide, Agent::Cephalexin];
const FOODS: [Agent; 5] = [Agent::Peanut, Agent::Shellfish, Agent::Egg, Agent::TreeNut, Agent::Fish];
const SURROUNDINGS: [Agent; 5] = [Agent::Latex, Agent::BeeVenom, Agent::TreePollen, Agent::DustMite, Agent::Dander];

type Reaction = (Code, &'static str);

impl Agent {
    const fn code(self) -> Code {
        match self {
            Self::Penicillin => rxnorm("7984", "Penicillin V"),
            Self::Aspirin => rxnorm("1191", "Aspirin"),
            Self::Ibuprofen => rxnorm("5640", "Ibuprofen"),
            Self::Sulfonamide => rxnorm("10831", "Sulfamethoxazole / Trimethoprim"),
            Self::Cephalexin => rxnorm("2231", "Cephalexin"),
            Self::Peanut => sct("762952008", "Peanuts"),
            Self::Shellfish => sct("300913006", "Shellfish allergy"),
            Self::Egg => sct("102263004", "Eggs (edible) (substance)"),
            Self::TreeNut => sct("442571000124108", "Tree nut (substance)"),
            Self::Fish => sct("417532002", "Allergy to fish"),
            Self::Latex => sct("111088007", "Latex (substance)"),
            Self::BeeVenom => sct("288328004", "Bee venom (substance)"),
            Self::TreePollen => sct("782576004", "Tree pollen (substance)"),
            Self::DustMite => sct("260147004", "House dust mite (organism)"),
            Self::Dander => sct("264287008", "Animal dander (substance)"),
        }
    }

    const fn reactions(self) -> &'static [Reaction] {
        match self {
            Self::Penicillin => &[(WHEAL, "mild"), (RASH, "mild"), (ANGIOEDEMA, "mild"), (ANAPHYLAXIS, "severe")],
            Self::Aspirin => &[(WHEAL, "moderate"), (ANGIOEDEMA, "moderate"), (BELLY, "moderate")],
            Self::Ibuprofen => &[(ITCHING, "moderate"), (WHEAL, "moderate"), (RHINITIS, "moderate")],
            Self::Sulfonamide => &[(RASH, "moderate"), (WHEAL, "moderate"), (ANAPHYLAXIS, "severe")],
            Self::Cephalexin => &[(RASH, "moderate"), (ANGIOEDEMA, "moderate"), (ANAPHYLAXIS, "severe")],
            Self::Peanut | Self::TreeNut => &[(ANAPHYLAXIS, "severe"), (WHEAL, "moderate"), (VOMITING, "moderate")],
            Self::Shellfish | Self::Fish => &[(WHEAL, "moderate"), (DYSPNEA, "severe"), (VOMITING, "mild")],
            Self::Egg => &[(RASH, "mild"), (VOMITING, "mild")],
            Self::Latex => &[(RASH, "mild"), (ITCHING, "mild"), (DYSPNEA, "moderate")],
            Self::BeeVenom => &[(ANGIOEDEMA, "moderate"), (ANAPHYLAXIS, "severe")],
            Self::TreePollen | Self::DustMite | Self::Dander => &[(RHINITIS, "mild"), (ITCHING, "mild")],
        }
    }

    fn category(self) -> &'static str {
        if DRUGS.contains(&self) {
            "medication"
        } else if FOODS.contains(&self) {
            "food"
        } else {
            "environment"
        }
    }
}

/// What a chart says about allergies.
pub(super) struct Allergies {
    /// Those that are true now: whoever prescribes looks here.
    pub(super) agents: Vec<Agent>,
    /// A severe reaction is on record.
    pub(super) severe: bool,
    pub(super) resources: Vec<Value>,
}

/// `number` makes sure that the first patients show every state: known, none known, not asked, and one taken back.
pub(super) fn draw(number: usize, person: &Person, doctor: &str, chance: &mut Chance) -> Allergies {
    let mut allergies = Allergies { agents: Vec::new(), severe: false, resources: Vec::new() };
    let fate = match number {
        0 | 5 => 0.1,
        1 | 6 => 0.6,
        2 | 7 => 0.9,
        3 => 0.99,
        _ => chance.between(0.0, 1.0),
    };
    if fate < 0.46 {
        known(person, doctor, &mut allergies, chance);
    } else if fate < 0.8 {
        allergies.resources.push(none_known(person, doctor, chance));
    } else if fate >= 0.98 {
        // Written into the wrong chart and taken back: the chart must read as if nobody had asked.
        let mut resource = allergy(*chance.pick(&DRUGS), person, doctor, &mut allergies, chance);
        if let Some(fields) = resource.as_object_mut() {
            fields.remove("clinicalStatus");
            fields.insert("verificationStatus".to_owned(), hl7("allergyintolerance-verification", "entered-in-error"));
        }
        allergies = Allergies { agents: Vec::new(), severe: false, resources: vec![resource] };
    }
    allergies
}

fn known(person: &Person, doctor: &str, allergies: &mut Allergies, chance: &mut Chance) {
    let mut agents = Vec::new();
    for (group, probability) in [(DRUGS, 0.62), (FOODS, 0.3), (SURROUNDINGS, 0.35)] {
        if chance.happens(probability) {
            agents.push(*chance.pick(&group));
        }
        if chance.happens(0.08) {
            agents.push(*chance.pick(&group));
        }
    }
    if agents.is_empty() {
        agents.push(*chance.pick(&DRUGS));
    }
    for agent in agents {
        if !allergies.agents.contains(&agent) {
            let resource = allergy(agent, person, doctor, allergies, chance);
            allergies.resources.push(resource);
        }
    }
    // Some children outgrow an allergy to eggs.
    if age(person.birth, person.end) > 10.0 && chance.happens(0.04) {
        let mut outgrown = allergy(Agent::Egg, person, doctor, allergies, chance);
        if let Some(fields) = outgrown.as_object_mut() {
            fields.insert("clinicalStatus".to_owned(), hl7("allergyintolerance-clinical", "resolved"));
        }
        allergies.agents.retain(|agent| *agent != Agent::Egg);
        allergies.resources.retain(|other| other.get("code") != outgrown.get("code"));
        allergies.resources.push(outgrown);
    }
}

fn allergy(agent: Agent, person: &Person, doctor: &str, allergies: &mut Allergies, chance: &mut Chance) -> Value {
    let &(manifestation, severity) = chance.pick(agent.reactions());
    let onset = chance.day(person.birth + Duration::days(1), person.end);
    let recorded = chance.day(onset, person.end);
    allergies.agents.push(agent);
    allergies.severe |= severity == "severe";
    let verification = if chance.happens(0.85) { "confirmed" } else { "unconfirmed" };
    json!({
        "resourceType": "AllergyIntolerance", "id": chance.id(),
        "clinicalStatus": hl7("allergyintolerance-clinical", "active"),
        "verificationStatus": hl7("allergyintolerance-verification", verification),
        "type": if agent == Agent::Aspirin { "intolerance" } else { "allergy" },
        "category": [agent.category()],
        "criticality": if severity == "severe" { "high" } else { "low" },
        "code": agent.code().concept(),
        "patient": { "reference": format!("Patient/{}", person.id) },
        "onsetDateTime": onset.to_string(),
        "recordedDate": recorded.to_string(),
        "recorder": reference("Practitioner", doctor),
        "reaction": [{ "manifestation": [manifestation.concept()], "severity": severity }],
    })
}

fn none_known(person: &Person, doctor: &str, chance: &mut Chance) -> Value {
    json!({
        "resourceType": "AllergyIntolerance", "id": chance.id(),
        "clinicalStatus": hl7("allergyintolerance-clinical", "active"),
        "verificationStatus": hl7("allergyintolerance-verification", "confirmed"),
        "code": sct("716186003", "No known allergy (situation)").concept(),
        "patient": { "reference": format!("Patient/{}", person.id) },
        "recordedDate": chance.day(person.birth + Duration::days(1), person.end).to_string(),
        "recorder": reference("Practitioner", doctor),
    })
}
