//! schemathesis: calls made from the OpenAPI document, right and wrong ones, and whether the answers are those that it states.

use super::target::Target;
use crate::project;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance";

/// Over the public listener with a token, over the workstations' with a device certificate.
pub(super) fn judge(target: &Target, python: &Path, seed: &str, reports: &Path) -> Result<Vec<String>> {
    let committed = fs::read(project::root().join("docs/openapi.json")).context("docs/openapi.json cannot be read")?;
    let document: Value = serde_json::from_slice(&committed)?;
    let mut findings = Vec::new();
    for ((listener, port), documented) in target.listeners().into_iter().zip([":8443", ":8444"]) {
        let file = reports.join(format!("openapi-{listener}.json"));
        fs::write(&file, serde_json::to_vec(&of_listener(&document, documented))?)?;
        let report = reports.join(format!("schemathesis-{listener}.json"));
        let mut attack = Command::new(python.with_file_name("schemathesis"));
        // It remembers its findings in a folder where it stands.
        attack.current_dir(reports);
        attack.arg("run").arg(&file).args(["--url", &format!("https://localhost:{port}")]);
        attack.arg("--tls-verify").arg(target.anchor()).args(["--checks", CHECKS, "--phases", "coverage,fuzzing"]);
        attack.args(["--max-examples", "50", "--seed", seed, "--generation-database", "none", "--no-color"]);
        // A call that the server answers before it is read to its end costs the connection; the next one opens another.
        attack.args(["--continue-on-failure", "--request-retries", "2", "--report", "json", "--report-json-path"]);
        attack.arg(&report);
        if listener == "public" {
            attack.args(["--header", &format!("Authorization: {}", target.authorization()?)]);
        } else {
            let [certificate, key] = target.identity();
            attack.arg("--request-cert").arg(certificate).arg("--request-cert-key").arg(key);
            attack.args(["--header", &format!("x-hipaa-audit-id: {}.1", target.log)]);
        }
        let spoken = fs::File::create(reports.join(format!("schemathesis-{listener}.txt")))?;
        let status = attack.stdout(spoken).stderr(Stdio::inherit()).status().context("schemathesis did not start")?;
        let told: Value = serde_json::from_slice(&fs::read(&report).context("schemathesis wrote no report")?)?;
        let number = |pointer: &str| told.pointer(pointer).and_then(Value::as_u64).unwrap_or_default();
        let (tested, calls) = (number("/operations/tested"), number("/test_cases/generated"));
        println!("schemathesis, {listener}: {calls} calls of {tested} operations, seed {seed}, {status}");
        ensure!(tested > 0 && calls > 0, "schemathesis called nothing");
        if !status.success() {
            findings.push(format!("{listener}: schemathesis-{listener}.txt says what"));
        }
    }
    Ok(findings)
}

/// The document with the paths of one listener alone.
fn of_listener(document: &Value, port: &str) -> Value {
    let mut document = document.clone();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.retain(|_, item| {
            let servers = item.get("servers").and_then(Value::as_array).into_iter().flatten();
            servers.filter_map(|server| server.get("url")?.as_str()).any(|url| url.ends_with(port))
        });
    }
    document
}
