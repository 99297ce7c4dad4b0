//! wapiti: injections into every parameter, headers, methods. It has no client certificate to show, so that the workstations' listener
//! ends its handshakes; what is attacked is the public one.

use super::target::Target;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Everything that asks nobody else on the network.
const MODULES: &str = "backup,blindsql,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss";
/// Findings that are none, with the reason.
const ACCEPTED: [(&str, &str); 1] =
    [("X-XSS-Protection is not set", "browsers dropped that filter, which made holes of its own")];

pub(super) fn judge(target: &Target, reports: &Path) -> Result<Vec<String>> {
    let [_, (_, port)] = target.listeners();
    let report = reports.join("wapiti.json");
    let at = |path: &str| format!("https://localhost:{port}{path}");
    let search = at("/fhir/AuditEvent?date=2026&patient=p1&user=u1&_count=2");
    let mut attack = Command::new("wapiti");
    attack.args(["--url", &at("/openapi.json"), "--scope", "folder", "--start", &at("/healthz")]);
    attack.args(["--start", &at("/fhir/metadata"), "--start", &search]);
    attack.args(["--header", &format!("Authorization: {}", target.authorization()?)]);
    attack.args(["--header", "x-hipaa-audit-id: dast.1", "--module", MODULES, "--verify-ssl", "0", "--no-bugreport"]);
    attack.args(["--flush-session", "--verbose", "1", "--max-scan-time", "120", "--format", "json", "--output"]);
    attack
        .arg(&report)
        .arg("--store-session")
        .arg(reports.join("wapiti"))
        .arg("--store-config")
        .arg(reports.join("wapiti"));
    let output = attack.output().context("wapiti did not start")?;
    fs::write(reports.join("wapiti.txt"), &output.stdout)?;
    ensure!(output.status.success(), "wapiti ended with {}", output.status);
    ensure!(String::from_utf8_lossy(&output.stdout).contains("/fhir/AuditEvent"), "wapiti attacked nothing");
    let told: Value = serde_json::from_slice(&fs::read(report).context("wapiti wrote no report")?)?;
    let findings = findings(&told);
    println!("wapiti, public: {} finding(s)", findings.len());
    Ok(findings)
}

/// What is above informational (0).
fn findings(report: &Value) -> Vec<String> {
    let kinds = ["vulnerabilities", "anomalies"].into_iter().filter_map(|kind| report.get(kind)?.as_object());
    let all =
        kinds.flatten().flat_map(|(name, found)| found.as_array().into_iter().flatten().map(move |one| (name, one)));
    all.filter_map(|(name, one)| {
        let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
        let is_accepted = ACCEPTED.iter().any(|(accepted, _)| text("info") == *accepted);
        let is_above = one.get("level").and_then(Value::as_u64) != Some(0);
        (is_above && !is_accepted)
            .then(|| format!("wapiti, {name}: {} {}: {}", text("method"), text("path"), text("info")))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_above_informational_is_a_finding() {
        let one =
            |level: u64, info: &str| json!({"vulnerabilities": {"SQL Injection": [{"level": level, "info": info}]}});
        assert!(findings(&one(0, "a hint")).is_empty());
        assert_eq!(findings(&one(1, "a hole")).len(), 1);
        assert_eq!(
            findings(&json!({"anomalies": {"Internal Server Error": [{"info": "500"}]}})).len(),
            1,
            "without a level"
        );
        assert!(findings(&one(1, ACCEPTED[0].0)).is_empty(), "with a reason");
    }
}
