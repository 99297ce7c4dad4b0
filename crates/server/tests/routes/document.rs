//! The OpenAPI document and the routes: the same ones, and each answers as it says.

use std::collections::BTreeSet;

use serde_json::Value;
use vigil_server::http;

use crate::https::{Answer, Https};
use crate::running::{AUDIT, Running};

const COMMITTED: &str = include_str!("../../../../docs/openapi.json");

/// One operation of the document.
struct Operation {
    method: String,
    path: String,
    what: Value,
}

impl Operation {
    fn all() -> Vec<Self> {
        let document: Value = serde_json::from_str(COMMITTED).unwrap();
        let paths = document["paths"].as_object().unwrap().clone();
        let mut all = Vec::new();
        for (path, item) in paths {
            for (method, what) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "servers") {
                all.push(Self { method: method.to_uppercase(), path: path.clone(), what: what.clone() });
            }
        }
        all
    }

    fn is_of_workstations(&self) -> bool {
        self.path.starts_with("/v1/") && self.path != "/v1/enrolment"
    }

    fn needs_a_token(&self) -> bool {
        self.what["security"].as_array().into_iter().flatten().any(|one| one.get("client").is_some())
    }

    fn needs_an_audit_id(&self) -> bool {
        let parameters = self.what["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|parameter| parameter["name"] == AUDIT.0)
    }

    /// With something in the place of what a caller chooses.
    fn address(&self) -> String {
        self.path.replace("{id}", "01900000-0000-7000-8000-0000000000ee.1")
    }

    async fn call(&self, by: &Https, headers: &[(&str, &str)], body: &str) -> Answer {
        by.send(&self.method, &self.address(), headers, body.into()).await
    }

    /// Whether the document says that it may answer so.
    fn assert_stated(&self, answer: &Answer) {
        let (method, path) = (&self.method, &self.path);
        let responses = &self.what["responses"];
        let stated = responses.get(answer.status.to_string());
        assert!(answer.status < 500, "{method} {path}: {answer:?}");
        assert!(stated.is_some() || answer.status >= 400, "{method} {path}: {} is not stated", answer.status);
        let stated = stated.unwrap_or(&responses["default"]);
        let Some(content) = stated["content"].as_object() else {
            assert_eq!(answer.body, "", "{method} {path}: a body that is not stated");
            return;
        };
        let media_type = answer.header("content-type").split(';').next().unwrap();
        let errors = &responses["default"]["content"];
        let of_default = answer.status >= 400 && errors.get(media_type).is_some();
        assert!(content.contains_key(media_type) || of_default, "{method} {path}: {media_type} is not stated");
    }
}

#[test]
fn the_committed_document_is_that_of_the_routes() {
    let made = http::document::text().unwrap();
    assert!(made == COMMITTED, "docs/openapi.json has drifted: `vigil-server openapi > docs/openapi.json`");
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_says_who_may_call_and_what_may_come_back() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = BTreeSet::new();
    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                into.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                object.values().for_each(|value| collect(value, into));
            }
            Value::Array(array) => array.iter().for_each(|value| collect(value, into)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    collect(&document, &mut references);
    assert!(references.len() > 15, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for operation in Operation::all() {
        let Operation { method, path, what } = &operation;
        for scheme in what["security"].as_array().into_iter().flatten().flat_map(|one| one.as_object().unwrap().keys())
        {
            assert!(document["components"]["securitySchemes"].get(scheme).is_some(), "{method} {path}: {scheme}");
        }
        assert!(what["responses"]["default"]["content"].get("application/fhir+json").is_some(), "{method} {path}");
        let good = what["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2')).count();
        assert_eq!(good, 1, "{method} {path}");
        assert!(method == "GET" || path == "/add-checkpoint" || what.get("requestBody").is_some(), "{method} {path}");
    }
}

/// What the routers themselves say of their paths.
fn paths(router: &axum::Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    // What answers where there is no route comes behind.
    let text = text.split("fallback_router").next().unwrap();
    let quoted = text.split('"').skip(1).step_by(2);
    quoted.filter(|word| word.starts_with('/')).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_is_missing_in_the_document_and_none_is_in_it_that_is_not_there() {
    let running = Running::start().await;
    let server = &running.server;
    let routers = [http::workstations(server), http::public(server, "https://x"), http::operation(server)];
    let routed: BTreeSet<String> = routers.iter().flat_map(paths).collect();
    let documented: BTreeSet<String> = Operation::all().into_iter().map(|operation| operation.path).collect();
    assert_eq!(routed, documented);

    let (_, workstation) = running.enrol(1).await;
    let stranger = running.stranger();
    for operation in Operation::all().iter().filter(|operation| operation.path != "/metrics") {
        let by = if operation.is_of_workstations() { &workstation } else { &stranger };
        let documented =
            |method: &str| Operation::all().iter().any(|other| other.path == operation.path && other.method == method);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if !documented(method) {
                let answer = by.send(method, &operation.address(), &[], Vec::new()).await;
                // The method is looked at behind the token: whoever has none learns nothing.
                let expected: &[u16] = if operation.needs_a_token() { &[401, 405] } else { &[405] };
                assert!(expected.contains(&answer.status), "{method} {}: {answer:?}", operation.path);
                answer.refused();
            }
        }
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_whoever_may_not_call_and_whatever_is_malformed_as_it_says() {
    let running = Running::start().await;
    let (_, workstation) = running.enrol(1).await;
    let (_, token) = running.client().await;
    let (stranger, bearer) = (running.stranger(), ("authorization", token.as_str()));
    let mut seen = BTreeSet::new();
    for operation in Operation::all().iter().filter(|operation| operation.path != "/metrics") {
        seen.insert(operation.path.clone());
        let answer = operation.call(&stranger, &[AUDIT], "").await;
        if operation.is_of_workstations() {
            assert_eq!(answer.refused().0, 404, "{}: there is no workstation on this listener", operation.path);
        } else if operation.needs_a_token() {
            assert_eq!(answer.refused().0, 401, "{}: without a token", operation.path);
            operation.assert_stated(&answer);
        } else {
            operation.assert_stated(&answer);
        }
        let by = if operation.is_of_workstations() { &workstation } else { &stranger };
        if operation.needs_an_audit_id() {
            let answer = operation.call(by, &[bearer], "{}").await;
            assert_eq!(answer.refused(), (403, "Audit trail required".to_owned()), "{}", operation.path);
            operation.assert_stated(&answer);
        }
        for media_type in [
            "application/json",
            "application/x-www-form-urlencoded",
            "application/vnd.vigil.batch+json",
            "text/plain",
            "application/xml",
        ] {
            for body in ["", "{", "{}", "[]", "null", "\0\u{fffd}=&%00=%zz", "<a/>"] {
                let answer = operation.call(by, &[AUDIT, bearer, ("content-type", media_type)], body).await;
                operation.assert_stated(&answer);
                if operation.method == "POST" && operation.path != "/fhir/AuditEvent/_search" {
                    assert!(answer.status >= 400, "{} took {body:?} as {media_type}", operation.path);
                }
            }
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
    running.stop().await;
}
