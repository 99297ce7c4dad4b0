//! What the server can do, as FHIR says it.

use axum::Extension;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::Origin;
use crate::http::outcome::FHIR_JSON;
use crate::search::PARAMETERS;

/// When what it says was last changed.
const DATE: &str = "2026-11-29";

/// The CapabilityStatement.
#[utoipa::path(
    get,
    path = "/fhir/metadata",
    tag = "audit log",
    responses((status = 200, description = "A CapabilityStatement", content_type = "application/fhir+json"))
)]
pub(in crate::http) async fn metadata_read(Extension(origin): Extension<Origin>) -> Response {
    ([(CONTENT_TYPE, FHIR_JSON)], statement(&origin.0).to_string()).into_response()
}

fn statement(origin: &str) -> Value {
    let parameters: Vec<Value> = PARAMETERS
        .iter()
        .map(|(name, kind, about)| json!({ "name": name, "type": kind, "documentation": about }))
        .collect();
    let service = json!({
        "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "OAuth" }],
    });
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": { "name": "vigil-server", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "The audit log of a Vigil fleet", "url": format!("{origin}/fhir") },
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{
            "mode": "server",
            "security": {
                "cors": false,
                "service": [service],
                "description": "OAuth 2 client credentials for other systems; a client certificate for workstations, which see \
                                their own log alone. A call names its audit entry in x-hipaa-audit-id.",
            },
            "resource": [{
                "type": "AuditEvent",
                "interaction": [{ "code": "read" }, { "code": "search-type" }],
                "versioning": "no-version",
                "searchParam": parameters,
            }],
        }],
    })
}
