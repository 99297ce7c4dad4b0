//! The OpenAPI document, made from the routes themselves.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, RefOr, ResponseBuilder, Schema, Type,
};
use utoipa_axum::router::OpenApiRouter;

use super::outcome::FHIR_JSON;
use super::routes::{public_plain, workstations_guarded, workstations_plain};
use crate::oauth::SCOPE;

const DESCRIPTION: &str = "The central server of Vigil. The listener for workstations asks for a client certificate in the handshake; \
    no path and no body names a workstation. Every error is a FHIR OperationOutcome without health information.";

/// The document of every route of both TLS listeners.
pub fn openapi() -> OpenApi {
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("vigil-server")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .build(),
        )
        .build();
    for routes in [workstations_guarded(), workstations_plain(), public_plain()] {
        document.merge(OpenApiRouter::into_openapi(routes));
    }
    finish(&mut document);
    document
}

/// The document as it is committed (`docs/openapi.json`).
///
/// # Errors
/// In practice never.
pub fn text() -> Result<String, serde_json::Error> {
    openapi().to_pretty_json().map(|text| text + "\n")
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

/// What every route has: the errors, and who may call.
fn finish(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.schemas.insert("OperationOutcome".to_owned(), outcome());
    let certificate = HttpBuilder::new()
        .scheme(HttpAuthScheme::Mutual)
        .description(Some("The client certificate of an enrolled workstation"))
        .build();
    components.security_schemes.insert("device".to_owned(), RefOr::T(SecurityScheme::Http(certificate)));
    let scopes = Scopes::from_iter([(SCOPE, "Read and search audit events")]);
    let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth2/token", scopes));
    components.security_schemes.insert("client".to_owned(), RefOr::T(SecurityScheme::OAuth2(OAuth2::new([flow]))));
    let errors = ResponseBuilder::new()
        .description("Any error")
        .content(
            FHIR_JSON,
            ContentBuilder::new().schema(Some(utoipa::openapi::Ref::from_schema_name("OperationOutcome"))).build(),
        )
        .build();
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.post, &mut path.put, &mut path.delete];
        for operation in operations.into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), RefOr::T(errors.clone()));
        }
    }
}

fn outcome() -> RefOr<Schema> {
    ObjectBuilder::new()
        .description(Some("FHIR R4 OperationOutcome"))
        .property("resourceType", ObjectBuilder::new().schema_type(Type::String))
        .property("issue", utoipa::openapi::ArrayBuilder::new().items(ObjectBuilder::new()))
        .required("resourceType")
        .required("issue")
        .into()
}
