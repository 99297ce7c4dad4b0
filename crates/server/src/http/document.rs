//! The OpenAPI document, made from the routes themselves.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::openapi::{InfoBuilder, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use super::outcome::FHIR_JSON;
use super::routes::{audit_log, desk_routes, operation_plain, public_plain, workstations_guarded, workstations_plain};
use crate::oauth::SCOPE;
use crate::search::{MOST, PARAMETERS};

const DESCRIPTION: &str = "The central server of Vigil. The listener for workstations asks for a client certificate in the handshake; \
    no path and no body names a workstation. Every error is a FHIR OperationOutcome without health information.";
/// The search over every log.
const DESK_SEARCH: &str = "/v1/desk/AuditEvent/_search";
/// What no route type says: the resources of FHIR, and the error of RFC 6749.
const COMPONENTS: &str = include_str!("document/components.json");

/// The document of every route of every listener, as it is committed (`docs/openapi.json`).
///
/// # Errors
/// In practice never.
pub fn text() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&document()?).map(|text| text + "\n")
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operation",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json"))
)]
pub(super) async fn openapi_read() -> Result<Response, super::Outcome> {
    let text = text().map_err(|_| super::Outcome::FAULT)?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

fn document() -> Result<Value, serde_json::Error> {
    let info = InfoBuilder::new().title("vigil-server").version(env!("CARGO_PKG_VERSION"));
    let mut document = OpenApiBuilder::new().info(info.description(Some(DESCRIPTION)).build()).build();
    for routes in
        [workstations_guarded(), workstations_plain(), desk_routes(), audit_log(), public_plain(), operation_plain()]
    {
        document.merge(OpenApiRouter::into_openapi(routes));
    }
    let mut document = serde_json::to_value(document)?;
    components(&mut document)?;
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let servers = servers(path);
        for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
            complete(path, operation);
        }
        if let Some(item) = item.as_object_mut() {
            item.insert("servers".to_owned(), servers);
        }
    }
    Ok(document)
}

/// Who may call, and what FHIR and OAuth answer.
fn components(document: &mut Value) -> Result<(), serde_json::Error> {
    let Some(components) = object(document, "components") else { return Ok(()) };
    let of_other_documents: Map<String, Value> = serde_json::from_str(COMPONENTS)?;
    let schemas = components.entry("schemas").or_insert_with(|| json!({}));
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.extend(of_other_documents);
    }
    let flow = json!({ "tokenUrl": "/oauth2/token", "scopes": { SCOPE: "Read and search audit events" } });
    let schemes = json!({
        "device": { "type": "mutualTLS", "description": "The client certificate of an enrolled workstation" },
        "desk": { "type": "http", "scheme": "bearer", "description": "The desk session of a user at an enrolled workstation" },
        "client": { "type": "oauth2", "flows": { "clientCredentials": flow } },
    });
    components.insert("securitySchemes".to_owned(), schemes);
    Ok(())
}

/// The listeners that have a path.
fn servers(path: &str) -> Value {
    let server = |scheme: &str, port: &str, about: &str| {
        json!({
            "url": format!("{scheme}://{{host}}:{port}"),
            "description": about,
            "variables": { "host": { "default": "localhost" } },
        })
    };
    let workstations = server("https", "8443", "Enrolled workstations");
    let public = server("https", "8444", "Everybody else");
    let operation = server("http", "9464", "Whoever runs the server");
    match path {
        "/metrics" => json!([operation]),
        "/healthz" | "/readyz" => json!([public, operation]),
        "/v1/enrolment" => json!([public]),
        _ if path.starts_with("/v1/") => json!([workstations]),
        _ if path.starts_with("/fhir/") => json!([public, workstations]),
        _ => json!([public]),
    }
}

/// What every operation has, and what its route cannot say.
fn complete(path: &str, operation: &mut Value) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let schema = match parameter.get("name").and_then(Value::as_str) {
            Some("x-hipaa-audit-id") => "AuditId",
            Some("id") if path.starts_with("/fhir/") => "AuditEventId",
            _ => continue,
        };
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.insert("schema".to_owned(), reference(schema));
        }
    }
    let resource = match path {
        "/fhir/AuditEvent" | "/fhir/AuditEvent/_search" | DESK_SEARCH => Some("Bundle"),
        "/fhir/AuditEvent/{id}" => Some("AuditEvent"),
        "/fhir/metadata" => Some("CapabilityStatement"),
        _ => None,
    };
    if path == "/fhir/AuditEvent"
        && let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut)
    {
        parameters.extend(search_parameters());
    }
    if matches!(path, "/fhir/AuditEvent/_search" | DESK_SEARCH)
        && let Some(operation) = operation.as_object_mut()
    {
        operation.insert("requestBody".to_owned(), search_form());
    }
    let Some(responses) = object(operation, "responses") else { return };
    let content = |media_type: &str, schema: Value| json!({ media_type: { "schema": schema } });
    let mut fill = |status: &str, value: Value| {
        if let Some(response) = responses.get_mut(status).and_then(Value::as_object_mut) {
            response.insert("content".to_owned(), value);
        }
    };
    if let Some(resource) = resource {
        fill("200", content(FHIR_JSON, reference(resource)));
    }
    if path == "/openapi.json" {
        fill("200", content("application/json", json!({ "type": "object" })));
    }
    if path == "/oauth2/token" {
        fill("400", content("application/json", reference("TokenError")));
        fill("401", content("application/json", reference("TokenError")));
    }
    let error = content(FHIR_JSON, reference("OperationOutcome"));
    for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        if let Some(response) = response.as_object_mut() {
            response.entry("content").or_insert_with(|| error.clone());
        }
    }
    responses.insert("default".to_owned(), json!({ "description": "Any error", "content": error }));
}

/// A search asks for these, and how much of what it finds.
fn search_fields() -> impl Iterator<Item = (&'static str, &'static str, Value)> {
    let asked = PARAMETERS.iter().map(|(name, kind, about)| {
        let schema = match (*kind, *name) {
            ("date", _) => json!({ "type": "string", "examples": ["ge2026-11-29"] }),
            (_, "outcome") => json!({ "type": "string", "examples": ["0", "4,8"] }),
            (_, "action") => json!({ "type": "string", "examples": ["R"] }),
            _ => json!({ "type": "string" }),
        };
        (*name, *about, schema)
    });
    let count = json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": 50 });
    let shown = [
        ("_count", "AuditEvents of a page", count),
        ("_cursor", "Where a search goes on: from the link `next` of the page before", json!({ "type": "string" })),
        (
            "_sort",
            "Newest first (`-date`) is the only order; another is ignored, and said to be",
            json!({ "type": "string", "examples": ["-date"] }),
        ),
        (
            "_format",
            "JSON is the only form; another is ignored, and said to be",
            json!({ "type": "string", "examples": ["json"] }),
        ),
    ];
    asked.chain(shown)
}

fn search_parameters() -> impl Iterator<Item = Value> {
    search_fields().map(|(name, about, schema)| {
        json!({ "name": name, "in": "query", "description": about, "required": false, "schema": schema })
    })
}

fn search_form() -> Value {
    let fields: Map<String, Value> = search_fields().map(|(name, _, schema)| (name.to_owned(), schema)).collect();
    let schema = json!({ "type": "object", "properties": fields });
    json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn object<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Map<String, Value>> {
    value.get_mut(key).and_then(Value::as_object_mut)
}
