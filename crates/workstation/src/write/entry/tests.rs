//! Each kind as FHIR has it, and what becomes of it.

use super::change::Change;
use vigil_model::fhir::field;

use super::*;
use crate::view::{EntryStep, EntryUpdateRequest};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn author() -> Author {
    Author::new("E. OKAFOR".to_owned(), None)
}

fn request(kind: EntryKind, day: &str) -> EntryCreateRequest {
    EntryCreateRequest {
        patient_id: String::new(),
        chart_on_screen: String::new(),
        kind,
        text: "What it is".to_owned(),
        day: day.to_owned(),
        detail: "more".to_owned(),
        relative: Some(Relative::Mother),
        flag: Some(FlagKind::CodeStatus),
        class: Some(EncounterClass::Emergency),
        social: Some(SocialTopic::Other),
        member: None,
        udi: None,
        note: String::new(),
        code: None,
    }
}

fn made(kind: EntryKind, day: &str) -> Value {
    let new = New::parse(&request(kind, day), None, now()).unwrap();
    new.elements(&PatientId::parse("p").unwrap(), &author(), false, now())
}

fn changed(kind: EntryKind, entry: &mut Value, step: EntryStep) -> Result<(), AppError> {
    let request = EntryUpdateRequest {
        patient_id: String::new(),
        chart_on_screen: String::new(),
        kind,
        id: String::new(),
        version: 1,
        step,
        edit: None,
        text: "why".to_owned(),
    };
    Change::parse(&request, None, now())?.make(entry, &author(), now())
}

#[test]
fn each_kind_has_what_fhir_asks_for() {
    let medicine = made(EntryKind::Medicine, "2026-03");
    assert_eq!(medicine["medicationCodeableConcept"], json!({ "text": "What it is" }), "words, not coded");
    assert_eq!(
        (&medicine["effectivePeriod"]["start"], &medicine["dosage"][0]["text"]),
        (&json!("2026-03"), &json!("more"))
    );
    let undated = made(EntryKind::Immunization, "");
    assert_eq!(undated["occurrenceString"], "Not known", "an occurrence is required");
    assert_eq!(made(EntryKind::Immunization, "2020")["occurrenceDateTime"], "2020", "and a day where it is known");
    let history = made(EntryKind::FamilyHistory, "");
    assert_eq!(history["relationship"]["coding"][0]["code"], "MTH", "a coded relative");
    assert_eq!(history["condition"][0]["onsetString"], "more", "and at what age");
    assert_eq!(made(EntryKind::Goal, "2030-01-01")["target"][0]["dueDate"], "2030-01-01", "a goal is to come");
    for kind in EntryKind::ALL {
        let entry = made(kind, "");
        let whose = [&entry["subject"], &entry["patient"]].into_iter().find(|whose| whose.is_object());
        assert_eq!(whose.unwrap()["reference"], "Patient/p", "{kind:?} is somebody's");
        assert!(!field::text(&entry, kind.status()).is_empty(), "{kind:?} has a status");
    }
}

#[test]
fn what_was_is_not_to_come_and_a_relative_has_a_name() {
    assert!(New::parse(&request(EntryKind::Procedure, "2099"), None, now()).is_err(), "no procedure of tomorrow");
    let nobody = EntryCreateRequest { relative: None, ..request(EntryKind::FamilyHistory, "") };
    assert!(New::parse(&nobody, None, now()).is_err(), "whose history it is");
}

#[test]
fn what_goes_on_can_end_and_what_happened_cannot() {
    for (kind, over) in [
        (EntryKind::Medicine, "stopped"),
        (EntryKind::Device, "inactive"),
        (EntryKind::Goal, "completed"),
        (EntryKind::Flag, "inactive"),
        (EntryKind::Encounter, "finished"),
    ] {
        let mut entry = made(kind, "");
        changed(kind, &mut entry, EntryStep::End).unwrap();
        assert_eq!(field::text(&entry, kind.status()), over, "{kind:?} is over");
        assert!(changed(kind, &mut entry, EntryStep::End).is_err(), "once");
    }
    let mut medicine = made(EntryKind::Medicine, "2026-03");
    changed(EntryKind::Medicine, &mut medicine, EntryStep::End).unwrap();
    assert_eq!(medicine["effectivePeriod"]["start"], "2026-03", "since when it was taken stays");
    assert!(medicine["effectivePeriod"]["end"].is_string(), "and until when");
    assert!(changed(EntryKind::Procedure, &mut made(EntryKind::Procedure, ""), EntryStep::End).is_err(), "an event");
}

#[test]
fn a_mistake_stays_one() {
    for kind in EntryKind::ALL {
        let mut entry = made(kind, "");
        changed(kind, &mut entry, EntryStep::EnterInError).unwrap();
        assert_eq!(field::text(&entry, kind.status()), "entered-in-error", "{kind:?}");
        assert!(changed(kind, &mut entry, EntryStep::EnterInError).is_err(), "once");
        let why = [&entry["note"][0]["text"], &entry["extension"][0]["valueAnnotation"]["text"]];
        assert!(why.contains(&&json!("why")), "{kind:?} says why");
    }
}

#[test]
fn a_flag_says_of_what_it_warns_since_when_and_until_when() {
    let with = |flag, text: &str| EntryCreateRequest {
        flag: Some(flag),
        text: text.to_owned(),
        ..request(EntryKind::Flag, "2026-03")
    };
    let made = |flag, text| {
        let new = New::parse(&with(flag, text), None, now()).unwrap();
        new.elements(&PatientId::parse("p").unwrap(), &author(), false, now())
    };
    let fall = made(FlagKind::FallRisk, "");
    assert_eq!(fall["code"], json!({ "text": "Fall risk" }), "its own words, not coded");
    assert_eq!(fall["category"][0]["coding"][0]["code"], "safety", "by its category it is found");
    assert_eq!((&fall["period"], &fall["author"]["display"]), (&json!({ "start": "2026-03" }), &json!("E. OKAFOR")));
    assert_eq!(made(FlagKind::DropletIsolation, "room 4")["code"]["text"], "Droplet isolation, room 4", "and more");
    assert_eq!(
        made(FlagKind::CodeStatus, "Do not resuscitate")["category"][0]["coding"][0]["code"],
        "advance-directive"
    );
    for kind in [FlagKind::CodeStatus, FlagKind::Precaution, FlagKind::Other] {
        assert!(New::parse(&with(kind, " "), None, now()).is_err(), "{kind:?} has no name of its own");
    }
    let nothing = EntryCreateRequest { flag: None, ..request(EntryKind::Flag, "") };
    assert!(New::parse(&nothing, None, now()).is_err(), "a flag without a kind");
    let mut ended = made(FlagKind::FallRisk, "");
    changed(EntryKind::Flag, &mut ended, EntryStep::End).unwrap();
    assert_eq!(ended["period"]["start"], "2026-03", "since when stays");
    assert_eq!(ended["period"]["end"], json!(clock::fhir_day(&now())), "and until when");
}

#[test]
fn a_flag_of_today_says_so() {
    let new = New::parse(&request(EntryKind::Flag, ""), None, now()).unwrap();
    let flag = new.elements(&PatientId::parse("p").unwrap(), &author(), false, now());
    assert_eq!(flag["period"]["start"], json!(clock::fhir_day(&now())), "never without a day");
}

#[test]
fn an_encounter_is_open_with_whoever_opens_it_until_it_is_closed() {
    let mut encounter = made(EntryKind::Encounter, "");
    assert_eq!(encounter["class"]["code"], "EMER", "its class is coded");
    assert_eq!(encounter["reasonCode"], json!([{ "text": "What it is" }]), "its reason is words");
    assert_eq!(encounter["participant"][0]["individual"]["display"], "E. OKAFOR", "who takes part");
    assert_eq!(encounter["period"], json!({ "start": clock::fhir_text(&now()) }), "since now, and it goes on");
    let another = New::parse(&request(EntryKind::Encounter, ""), None, now()).unwrap();
    assert!(another.is_open_beside(&encounter), "a second one of the class is noticed");
    changed(EntryKind::Encounter, &mut encounter, EntryStep::End).unwrap();
    assert_eq!(encounter["period"]["end"], json!(clock::fhir_text(&now())), "until the moment that it was closed");
    assert!(encounter["period"]["start"].is_string() && !another.is_open_beside(&encounter), "and is open no more");
    let mut planned = json!({ "resourceType": "Encounter", "status": "planned" });
    assert!(changed(EntryKind::Encounter, &mut planned, EntryStep::End).is_err(), "what has not begun is not closed");
    let unclassed = EntryCreateRequest { class: None, ..request(EntryKind::Encounter, "") };
    assert!(New::parse(&unclassed, None, now()).is_err(), "a class is required");
    assert!(
        New::parse(&request(EntryKind::Encounter, "2099-01-01T10:00"), None, now()).is_err(),
        "and none of tomorrow"
    );
    assert!(New::parse(&request(EntryKind::Encounter, "at noon"), None, now()).is_err(), "nor of a time that is none");
    assert_eq!(
        made(EntryKind::Encounter, "2019-05-03")["period"]["start"],
        "2019-05-03",
        "a day where no more is known"
    );
}

#[test]
fn a_smoking_status_is_coded_as_us_core_has_it_and_words_beside_it_are_a_note() {
    let smokes = EntryCreateRequest {
        social: Some(SocialTopic::FormerSmoker),
        text: String::new(),
        ..request(EntryKind::SocialHistory, "2019")
    };
    let entry = New::parse(&smokes, None, now()).unwrap();
    assert_eq!(entry.line(), "Tobacco smoking status: Former smoker");
    let smoking = entry.elements(&PatientId::parse("p").unwrap(), &author(), false, now());
    assert_eq!(
        (&smoking["code"]["coding"][0]["code"], &smoking["valueCodeableConcept"]["coding"][0]["code"]),
        (&json!("72166-2"), &json!("8517006"))
    );
    assert_eq!(smoking["category"][0]["coding"][0]["code"], "social-history");
    assert_eq!((&smoking["effectiveDateTime"], &smoking["note"][0]["text"]), (&json!("2019"), &json!("more")));
    let nothing = EntryCreateRequest { detail: String::new(), ..request(EntryKind::SocialHistory, "") };
    assert!(New::parse(&nothing, None, now()).is_err(), "anything else says what was found");
    let twice = EntryCreateRequest { text: "What it is".to_owned(), ..smokes };
    assert!(New::parse(&twice, None, now()).is_err(), "what is observed is said once");
}

#[test]
fn a_member_is_a_team_of_one_and_names_a_user_only_where_one_is_meant() {
    let outside = made(EntryKind::CareTeamMember, "2026-03");
    assert_eq!(outside["participant"][0]["member"], json!({ "display": "What it is" }), "a name opens nothing");
    assert_eq!((&outside["status"], &outside["period"]["start"]), (&json!("active"), &json!("2026-03")));
    let request = EntryCreateRequest {
        member: Some("u".to_owned()),
        detail: String::new(),
        ..request(EntryKind::CareTeamMember, "")
    };
    let member = Member { reference: "Practitioner/n1".to_owned(), name: "R. SILVA".to_owned(), role: "nurse" };
    let entry = New::parse(&request, None, now()).unwrap().of_member(Some(member));
    let inside = entry.elements(&PatientId::parse("p").unwrap(), &author(), false, now());
    assert_eq!(inside["participant"][0]["member"]["reference"], "Practitioner/n1");
    assert_eq!(inside["participant"][0]["role"][0]["text"], "nurse", "the role of the account where none was typed");
}

#[test]
fn what_came_in_a_form_that_is_not_shown_is_not_flattened() {
    let edited = |kind, entry: &Value, text: &str, detail: &str, day: &str| {
        let (text, detail, day) = (text.to_owned(), detail.to_owned(), day.to_owned());
        let edit = crate::view::EntryEdit { text, detail, day, social: None, code: None };
        let request = EntryUpdateRequest {
            patient_id: String::new(),
            chart_on_screen: String::new(),
            kind,
            id: String::new(),
            version: 1,
            step: EntryStep::Edit,
            edit: Some(edit),
            text: String::new(),
        };
        let mut entry = entry.clone();
        Change::parse(&request, None, now())?.make(&mut entry, &author(), now()).map(|()| entry)
    };
    let dosed = json!({ "status": "active", "medicationCodeableConcept": { "coding": [{ "code": "1" }] },
        "dosage": [{ "timing": {}, "text": "twice" }], "effectivePeriod": { "start": "2020", "end": "2021" } });
    assert!(edited(EntryKind::Medicine, &dosed, "", "once", "").is_err(), "a structured dosage");
    assert!(edited(EntryKind::Medicine, &dosed, "another", "", "").is_err(), "words in place of a code");
    let moved = edited(EntryKind::Medicine, &dosed, "", "", "2019").unwrap();
    assert_eq!(moved["effectivePeriod"], json!({ "start": "2019", "end": "2021" }), "its end stays");
    let done = json!({ "status": "completed", "performedAge": { "value": 3 } });
    assert!(edited(EntryKind::Procedure, &done, "", "", "2019").is_err(), "an age is no day");
    let packs = json!({ "status": "final", "category": [{ "coding": [{ "code": "social-history" }] }], "valueQuantity": { "value": 26 } });
    assert!(edited(EntryKind::SocialHistory, &packs, "", "thirty", "").is_err(), "a number is no words");
    let told = edited(EntryKind::SocialHistory, &made(EntryKind::SocialHistory, ""), "", "nothing", "").unwrap();
    assert_eq!(told["valueString"], "nothing");
}
