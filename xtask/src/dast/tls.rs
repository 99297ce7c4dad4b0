//! sslscan: which versions of TLS a listener speaks.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

pub(super) fn judge(listener: &str, port: u16, reports: &Path) -> Result<Vec<String>> {
    let report = reports.join(format!("sslscan-{listener}.xml"));
    let scan = Command::new("sslscan")
        .arg(format!("--xml={}", report.display()))
        .arg(format!("localhost:{port}"))
        .stdout(Stdio::null())
        .status()
        .context("sslscan did not start")?;
    ensure!(scan.success(), "sslscan ended with {scan}");
    let found = fs::read_to_string(report)?;
    let findings = findings(listener, &found);
    println!(
        "sslscan, {listener}: {} cipher suites of TLS 1.3, {} finding(s)",
        found.matches("<cipher ").count(),
        findings.len()
    );
    Ok(findings)
}

fn findings(listener: &str, report: &str) -> Vec<String> {
    let newest = r#"type="tls" version="1.3" enabled="1""#;
    let mut findings = Vec::new();
    for line in report.lines().map(str::trim) {
        let is_older = line.contains(r#"enabled="1""#) && !line.contains(newest);
        let is_weak = line.contains(r#"vulnerable="1""#) || line.contains("<compression supported=\"1\"");
        if line.starts_with("<protocol ") && is_older || is_weak {
            findings.push(format!("{listener}: {line}"));
        }
    }
    if !report.contains(newest) {
        findings.push(format!("{listener}: sslscan found no TLS 1.3"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_1_3_is_no_finding() {
        let newest = "<protocol type=\"tls\" version=\"1.3\" enabled=\"1\" />";
        let off = "<protocol type=\"tls\" version=\"1.2\" enabled=\"0\" />";
        assert!(findings("public", &format!("{off}\n{newest}")).is_empty());
        let on = off.replace("\"0\"", "\"1\"");
        assert_eq!(findings("public", &format!("{on}\n{newest}")).len(), 1, "TLS 1.2");
        assert_eq!(findings("public", off).len(), 1, "nothing that is spoken");
        let bleeds = "<heartbleed sslversion=\"TLSv1.3\" vulnerable=\"1\" />";
        assert_eq!(findings("public", &format!("{newest}\n{bleeds}")).len(), 1);
    }
}
