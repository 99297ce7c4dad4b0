//! The search of other systems and of the privacy officer's desk.

use crate::support;

crate::on_both!(
    every_parameter_finds_what_it_says,
    pages_follow_one_another_and_a_list_is_one_event_for_each_patient,
    a_cursor_is_of_no_use_to_another_caller,
    a_search_is_itself_on_record,
    what_is_not_supported_is_said_or_refused,
);

mod bodies {
    use serde_json::Value;
    use vigil_audit::{Agent, AuditEvent, Kind, Origin};
    use vigil_model::wire::DirectoryUser;
    use vigil_model::{DeviceId, Role};
    use vigil_server::intake::receive;
    use vigil_server::search::{SearchError, Searcher, read, search};
    use vigil_server::store::directory::put_user;

    use super::support::workstation::{Workstation, morning, user};
    use super::support::{On, Server};

    fn searcher() -> Searcher {
        Searcher {
            agent: Agent::Operator,
            address: Some("10.0.0.7".to_owned()),
            request: None,
            strict: false,
            log: None,
            base: "https://vigil.example:8444/fhir/AuditEvent".to_owned(),
        }
    }

    fn pairs(query: &str) -> Vec<(String, String)> {
        let pair = |pair: &str| {
            pair.split_once('=').map(|(name, value)| (name.to_owned(), value.replace("%2C", ",").replace("%7C", "|")))
        };
        query.split('&').filter_map(pair).collect()
    }

    async fn found(server: &Server, query: &str) -> Value {
        search(&server.store, &server.keys, &searcher(), &pairs(query), morning()).await.unwrap()
    }

    fn ids(bundle: &Value) -> Vec<String> {
        let entries = bundle["entry"].as_array().into_iter().flatten();
        let entries = entries.filter(|entry| entry["search"]["mode"] == "match");
        entries.map(|entry| entry["resource"]["id"].as_str().unwrap().split_once('.').unwrap().1.to_owned()).collect()
    }

    /// Forty entries of one workstation, five of another.
    async fn hospital(on: On) -> (Server, Workstation, Workstation) {
        let server = Server::on(on).await;
        let (mut first, sender) = server.enrol(1).await;
        first.write(39);
        first.write_one(Kind::EMERGENCY_ACCESS_START);
        let mut event = AuditEvent::parse(&first.entries[38].0).unwrap();
        event.section = Some(vigil_model::Section::Results);
        event = event.from_origin(Origin {
            client: "Vigil/0.1.0".to_owned(),
            address: Some("Ward_3".to_owned()),
            request: "01900000-0000-7000-8000-000000000003".parse().unwrap(),
            hlc: vigil_audit::HybridTime::default(),
            boot: None,
            up: 1,
        });
        first.entries[38].0 = event.canonical().unwrap();
        receive(&server.store, &server.keys, sender, first.batch(1, 40), morning()).await.unwrap();
        let (mut second, sender) = server.enrol(2).await;
        second.write(5);
        receive(&server.store, &server.keys, sender, second.batch(1, 5), morning()).await.unwrap();
        (server, first, second)
    }

    pub(super) async fn every_parameter_finds_what_it_says(on: On) {
        let (server, first, second) = hospital(on).await;
        let (one, two) = (first.log, second.log);
        let nurse = user(3);
        for (query, expected) in [
            (format!("source={one}&date=ge2026-11-29T08:00:38Z&date=lt2026-11-29T08:00:40Z"), vec!["39", "38"]),
            (format!("source.identifier=urn:ietf:rfc:3986|urn:uuid:{two}&patient=p-3"), vec!["3"]),
            ("date=gt2026-11-29T08:00:39Z".to_owned(), vec!["40"]),
            ("date=2026-11-29T08:00:39Z&address=ward_".to_owned(), vec!["39"]),
            ("address=ward%".to_owned(), vec![]),
            (format!("agent={nurse}&date=le2026-11-29T08:00:10Z&source={one}"), vec!["10", "10.2", "10.3", "3"]),
            (format!("agent.identifier=urn:uuid:{two}&_count=2&date=ge2026-11-29T08:00:04Z"), vec!["5", "4"]),
            (format!("user={nurse}&date=le2026-11-29T08:00:09Z&source={one}"), vec!["3"]),
            ("user=01900000-0000-7000-8000-000000000fff&date=2026-11-29T08:00:38Z".to_owned(), vec!["38"]),
            (format!("patient.identifier=Patient/p-4&source={one}&date=lt2026-11-29T08:00:10Z"), vec!["9", "4"]),
            (format!("entity=Patient/p-3&source={one}&date=2026-11-29T08:00:10Z"), vec!["10.3"]),
            ("entity-role=24".to_owned(), vec!["39"]),
            (
                "entity-role=http://terminology.hl7.org/CodeSystem/object-role|4&date=2026-11-29T08:00:40Z".to_owned(),
                vec!["40"],
            ),
            ("type=http://dicom.nema.org/resources/ontology/DCM|110113".to_owned(), vec!["40"]),
            ("subtype=110127".to_owned(), vec!["40"]),
            (format!("action=E&source={one}&date=ge2026-11-29T08:00:30Z&patient=p-1"), vec!["30"]),
            ("outcome=4,8".to_owned(), vec![]),
            (format!("_id={one}.7,{two}.2,nonsense"), vec!["7", "2"]),
            (format!("_id={one}.10,{one}.20.3"), vec!["20.3", "10"]),
        ] {
            assert_eq!(ids(&found(&server, &query).await), expected, "{query}");
        }
    }

    pub(super) async fn pages_follow_one_another_and_a_list_is_one_event_for_each_patient(on: On) {
        let (server, first, _) = hospital(on).await;
        let mut tx = server.store.begin().await.unwrap();
        let named = DirectoryUser {
            id: user(1),
            username: "okafor".to_owned(),
            display_name: "Ada Okafor".to_owned(),
            role: Role::Nurse,
            disabled: false,
            practitioner: None,
            care_groups: Vec::new(),
            break_glass: false,
            suspended: None,
        };
        put_user(&mut tx, &named).await.unwrap();
        tx.commit().await.unwrap();

        let everything = ids(&found(&server, &format!("source={}&_count=500", first.log)).await);
        assert_eq!(everything.len(), 37 + 3 * 3, "three lists of three patients");
        let mut seen = Vec::new();
        // A page ends within a list, too.
        let mut query = format!("source={}&_count=7", first.log);
        loop {
            let page = found(&server, &query).await;
            let here = ids(&page);
            assert!(here.len() <= 7, "no page is longer than was asked for");
            seen.extend(here);
            let next = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next");
            let Some(next) = next else { break };
            assert!(page["total"].is_null(), "it is not known yet");
            query = next["url"].as_str().unwrap().split_once('?').unwrap().1.to_owned();
        }
        assert_eq!(seen, everything, "each once, newest first");

        let bundle = found(&server, &format!("source={}&date=2026-11-29T08:00:10Z", first.log)).await;
        assert_eq!((bundle["type"].as_str(), bundle["total"].as_u64()), (Some("searchset"), Some(3)));
        for (number, entry) in (1..).zip(bundle["entry"].as_array().unwrap()) {
            let entities = entry["resource"]["entity"].as_array().unwrap();
            let patients: Vec<_> = entities.iter().filter(|entity| entity["role"]["code"] == "1").collect();
            assert_eq!(patients.len(), 1, "one patient in each");
            assert_eq!(patients[0]["what"]["reference"], format!("Patient/p-{number}"));
            let id = entry["resource"]["id"].as_str().unwrap();
            assert!(entry["fullUrl"].as_str().unwrap().ends_with(id));
        }
        let one = found(&server, &format!("_id={}.8", first.log)).await;
        assert_eq!(one["entry"][0]["resource"]["agent"][0]["name"], "Ada Okafor", "the directory names its users");
        let id = format!("{}.8", first.log);
        let alone = read(&server.store, &server.keys, &searcher(), &id, morning()).await.unwrap().unwrap();
        assert_eq!(alone, one["entry"][0]["resource"], "read by its id");
        let part = format!("{}.10.2", first.log);
        let part = read(&server.store, &server.keys, &searcher(), &part, morning()).await.unwrap().unwrap();
        assert_eq!(part["entity"][0]["what"]["reference"], "Patient/p-2", "a part by its own id");
        let none = read(&server.store, &server.keys, &searcher(), "nonsense", morning()).await.unwrap();
        assert_eq!(none, None, "and nothing by another");
    }

    pub(super) async fn a_cursor_is_of_no_use_to_another_caller(on: On) {
        let (server, _, _) = hospital(on).await;
        let page = found(&server, "_count=2").await;
        let link = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next").unwrap();
        let query = pairs(link["url"].as_str().unwrap().split_once('?').unwrap().1);
        let enrolment = DeviceId::parse("01900000-0000-7000-8000-000000001001").unwrap();
        let other = Searcher { agent: Agent::Device { id: enrolment }, ..searcher() };
        let refused = search(&server.store, &server.keys, &other, &query, morning()).await;
        assert!(matches!(refused, Err(SearchError::Cursor)), "{refused:?}");
        let mut wider = query.clone();
        wider.push(("outcome".to_owned(), "0".to_owned()));
        let refused = search(&server.store, &server.keys, &searcher(), &wider, morning()).await;
        assert!(matches!(refused, Err(SearchError::Cursor)), "nor for another search");
        search(&server.store, &server.keys, &searcher(), &query, morning()).await.unwrap();
    }

    pub(super) async fn a_search_is_itself_on_record(on: On) {
        let (server, _, _) = hospital(on).await;
        found(&server, "patient=p-1,p-2&date=2026").await;
        let own = format!("source={}", server.keys.own_log());
        let record = found(&server, &own).await;
        let events: Vec<&Value> = record["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]).collect();
        assert_eq!(events.len(), 2, "one for each patient that the search named");
        assert!(events.iter().all(|event| event["type"]["code"] == "110101" && event["outcome"] == "0"), "{events:?}");
        let mut patients: Vec<_> = events.iter().map(|event| event["entity"][0]["what"]["reference"].clone()).collect();
        patients.sort_by_key(ToString::to_string);
        assert_eq!(patients, ["Patient/p-1", "Patient/p-2"]);
        let text = record.to_string();
        assert!(text.contains("parameters=patient,date"), "which parameters: {text}");
        assert_eq!(ids(&found(&server, &own).await).len(), 3, "and the search for the record is on record");
        let verified = vigil_server::audit_log::verify_all(&server.store, &server.keys).await.unwrap();
        assert!(verified.iter().all(|log| log.verification.intact()), "{verified:?}");
    }

    pub(super) async fn what_is_not_supported_is_said_or_refused(on: On) {
        let (server, _, _) = hospital(on).await;
        let lenient = found(&server, "policy=x&_id=none").await;
        let warning = &lenient["entry"][0];
        assert_eq!(warning["search"]["mode"], "outcome");
        assert_eq!(warning["resource"]["issue"][0]["severity"], "warning");
        let strict = Searcher { strict: true, ..searcher() };
        let refused = search(&server.store, &server.keys, &strict, &pairs("policy=x"), morning()).await;
        assert!(matches!(refused, Err(SearchError::Parameter(_))), "{refused:?}");
        let refused = search(&server.store, &server.keys, &searcher(), &pairs("date=yesterday"), morning()).await;
        assert!(matches!(refused, Err(SearchError::Parameter(_))), "{refused:?}");
    }
}
