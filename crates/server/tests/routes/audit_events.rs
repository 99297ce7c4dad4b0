//! FHIR search on audit events, and who gets to see what.

use crate::running::{AUDIT, OF_FIRST, Running};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn ids(bundle: &serde_json::Value) -> Vec<String> {
    let entries = bundle["entry"].as_array().into_iter().flatten();
    entries.map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_with_a_token_sees_every_log_page_after_page() {
    let running = Running::start().await;
    let (mut first, of_first) = running.enrol(1).await;
    let (mut second, of_second) = running.enrol(2).await;
    running.bring(&mut first, &of_first, 9).await;
    running.bring(&mut second, &of_second, 4).await;
    let (_, token) = running.client().await;
    let stranger = running.stranger();
    let headers = [AUDIT, ("authorization", token.as_str())];

    let mut found = Vec::new();
    let mut next = Some("/fhir/AuditEvent?patient=p-3,p-4&_count=2".to_owned());
    while let Some(path) = next {
        let answer = stranger.get(&path, &headers).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/fhir+json"), "{}", answer.body);
        let bundle = answer.json();
        found.extend(ids(&bundle));
        let links = bundle["link"].as_array().unwrap().clone();
        let link = links.iter().find(|link| link["relation"] == "next").map(|link| link["url"].as_str().unwrap());
        let origin = format!("https://localhost:{}", running.addresses[1].port());
        next = link.map(|link| link.strip_prefix(&origin).expect("the origin of this listener").to_owned());
    }
    let (one, two) = (first.log, second.log);
    let mut expected: Vec<String> = [3, 4, 8, 9].map(|seq| format!("{one}.{seq}")).into();
    expected.extend([3, 4].map(|seq| format!("{two}.{seq}")));
    found.sort();
    assert_eq!(found, expected, "each once");

    let posted = stranger.post("/fhir/AuditEvent/_search", &[AUDIT, FORM, headers[1]], "patient=p-3,p-4").await;
    // The searches before stand in the server's own log, under the patients that they named.
    let own = running.installation().keyring.keys.own_log().to_string();
    let mut posted: Vec<_> = ids(&posted.json()).into_iter().filter(|id| !id.starts_with(&own)).collect();
    posted.sort();
    assert_eq!(posted, expected, "with the parameters in the body");

    let read = stranger.get(&format!("/fhir/AuditEvent/{one}.3"), &headers).await;
    assert_eq!((read.status, &read.json()["id"]), (200, &format!("{one}.3").into()), "{}", read.body);
    for id in ["01900000-0000-7000-8000-0000000000ee.1", "nonsense", "a%2Cb", "%00", "%FF"] {
        let absent = stranger.get(&format!("/fhir/AuditEvent/{id}"), &headers).await;
        assert_eq!(absent.status, 404, "{id}: {}", absent.body);
        absent.refused();
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstation_sees_its_own_log_and_no_other() {
    let running = Running::start().await;
    let (mut first, of_first) = running.enrol(1).await;
    let (mut second, of_second) = running.enrol(2).await;
    running.bring(&mut first, &of_first, 3).await;
    running.bring(&mut second, &of_second, 3).await;
    let (one, two) = (first.log, second.log);

    let own = [3, 2, 1].map(|seq| format!("{one}.{seq}"));
    let asked = [String::new(), format!("?source={one}"), "?date=ge2020".to_owned()];
    for query in asked {
        let answer = of_first.get(&format!("/fhir/AuditEvent{query}"), &[OF_FIRST]).await;
        assert_eq!(ids(&answer.json()), own, "{query}");
    }
    let server = running.installation().keyring.keys.own_log();
    let others = [format!("source={two}"), format!("source={server}"), format!("_id={two}.1"), format!("agent={two}")];
    for query in others {
        let answer = of_first.get(&format!("/fhir/AuditEvent?{query}"), &[OF_FIRST]).await;
        assert_eq!((answer.status, ids(&answer.json())), (200, vec![]), "{query}");
        let answer = of_first.post("/fhir/AuditEvent/_search", &[OF_FIRST, FORM], query.clone()).await;
        assert_eq!((answer.status, ids(&answer.json())), (200, vec![]), "posted: {query}");
    }
    let read = |id: String| {
        let of_first = of_first.clone();
        async move { of_first.get(&format!("/fhir/AuditEvent/{id}"), &[OF_FIRST]).await.status }
    };
    assert_eq!(read(format!("{one}.1")).await, 200);
    assert_eq!(read(format!("{two}.1")).await, 404, "as if it were not there");
    assert_eq!(read(format!("{server}.1")).await, 404);

    let stranger = running.stranger();
    assert_eq!(stranger.get("/v1/device", &[]).await.status, 404, "what belongs to workstations is not here");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_of_no_use_to_another_caller() {
    let running = Running::start().await;
    let (mut first, of_first) = running.enrol(1).await;
    running.bring(&mut first, &of_first, 3).await;
    let page = of_first.get("/fhir/AuditEvent?_count=1", &[OF_FIRST]).await.json();
    let next = page["link"][1]["url"].as_str().unwrap().split_once("/fhir").unwrap().1.to_owned();
    assert_eq!(of_first.get(&format!("/fhir{next}"), &[OF_FIRST]).await.status, 200);
    let (_, token) = running.client().await;
    let answer = running.stranger().get(&format!("/fhir{next}"), &[AUDIT, ("authorization", &token)]).await;
    assert_eq!(answer.refused(), (400, "The link to this page is not valid here; search anew".to_owned()));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_search_gets_the_stated_error_and_nothing_else() {
    let running = Running::start().await;
    let (_, of_first) = running.enrol(1).await;
    let (id, token) = running.client().await;
    let stranger = running.stranger();
    let changed = format!("{}x", &token[..token.len() - 1]);
    for path in ["/fhir/AuditEvent", "/fhir/AuditEvent/x"] {
        for shown in ["", "Bearer", "Bearer ", "Basic abc", "Bearer vat1.e30.e30", &changed] {
            let answer = stranger.get(path, &[AUDIT, ("authorization", shown)]).await;
            assert_eq!(answer.refused(), (401, "The token does not hold".to_owned()), "{shown}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        let twice = stranger.get(path, &[AUDIT, ("authorization", &token), ("authorization", &token)]).await;
        assert_eq!(twice.status, 401, "two tokens are none");
        for (named, caller) in
            [(vec![], &stranger), (vec![("x-hipaa-audit-id", "a b")], &stranger), (vec![], &of_first)]
        {
            let headers: Vec<_> = named.into_iter().chain([("authorization", token.as_str())]).collect();
            let answer = caller.get(path, &headers).await;
            assert_eq!(answer.refused(), (403, "Audit trail required".to_owned()));
        }
    }
    let violations = running.own_log().await;
    assert!(violations.iter().any(|(_, event)| event.contains(&format!("audit-id-missing client={id}"))), "on record");

    let headers = [AUDIT, ("authorization", token.as_str()), ("prefer", "handling=strict")];
    let answer = stranger.get("/fhir/AuditEvent?colour=Miller", &headers).await;
    assert_eq!(answer.refused(), (400, "A parameter of the search is not understood".to_owned()));
    assert!(answer.body.contains("colour") && !answer.body.contains("Miller"), "the name and not the value");
    let answer = stranger.get("/fhir/AuditEvent?date=Miller", &headers[..2]).await;
    assert!(answer.status == 400 && !answer.body.contains("Miller"), "{}", answer.body);
    let answer = stranger.get("/fhir/AuditEvent?patient=%00", &headers[..2]).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let answer = stranger.post("/fhir/AuditEvent/_search", &[AUDIT, headers[1]], "patient=p-1").await;
    assert_eq!(answer.status, 415, "no form");

    let mut tx = running.installation().store.begin().await.unwrap();
    assert!(vigil_server::store::Client::revoke(&mut tx, &id, 1).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(stranger.get("/fhir/AuditEvent", &headers[..2]).await.status, 401, "revoked: out with its next call");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_search_and_every_read_is_on_record() {
    let running = Running::start().await;
    let (mut first, of_first) = running.enrol(1).await;
    running.bring(&mut first, &of_first, 2).await;
    let (client, token) = running.client().await;
    let headers = [AUDIT, ("authorization", token.as_str())];
    let stranger = running.stranger();
    assert_eq!(stranger.get("/fhir/AuditEvent?patient=p-1,p-2", &headers).await.status, 200);
    assert_eq!(of_first.get(&format!("/fhir/AuditEvent/{}.1", first.log), &[OF_FIRST]).await.status, 200);
    let own = running.own_log().await;
    let events: Vec<&String> = own.iter().map(|(_, event)| event).collect();
    let searches: Vec<_> = events.iter().filter(|event| event.contains("parameters=patient found=2")).collect();
    assert_eq!(searches.len(), 2, "one for each patient that it named: {events:#?}");
    assert!(searches.iter().all(|event| event.contains(&client)), "by this client");
    assert!(searches.iter().all(|event| event.contains("127.0.0.1")), "from there");
    assert!(searches.iter().all(|event| event.contains(AUDIT.1)), "both records share the request");
    let read = events.iter().find(|event| event.contains("found=1") && !event.contains("parameters=")).unwrap();
    assert!(!read.contains(&client), "by the workstation: {read}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_says_that_it_can_do_it_can() {
    let running = Running::start().await;
    let (_, of_first) = running.enrol(1).await;
    let (_, token) = running.client().await;
    let stranger = running.stranger();
    let statement = stranger.get("/fhir/metadata", &[]).await.json();
    assert_eq!(
        (&statement["resourceType"], &statement["fhirVersion"]),
        (&"CapabilityStatement".into(), &"4.0.1".into())
    );
    let url = format!("https://localhost:{}/fhir", running.addresses[1].port());
    assert_eq!(statement["implementation"]["url"], url);
    let of_workstations = of_first.get("/fhir/metadata", &[]).await.json();
    assert_eq!(of_workstations["rest"], statement["rest"], "both listeners say the same");

    let resource = &statement["rest"][0]["resource"][0];
    let headers = [AUDIT, ("authorization", token.as_str()), ("prefer", "handling=strict")];
    let parameters = resource["searchParam"].as_array().unwrap();
    assert!(parameters.len() > 10);
    for parameter in parameters {
        let value = match (parameter["type"].as_str().unwrap(), parameter["name"].as_str().unwrap()) {
            ("date", _) => "2026-11-29",
            (_, "outcome") => "0",
            _ => "1",
        };
        let path = format!("/fhir/AuditEvent?{}={value}", parameter["name"].as_str().unwrap());
        assert_eq!(stranger.get(&path, &headers).await.status, 200, "{path}");
    }
    running.stop().await;
}
