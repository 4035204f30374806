//! Findings as SARIF 2.1.0, for code scanning.

use std::{collections::BTreeSet, fmt::Write, path::Path};

use relevo_connect::flow::{self, Severity};
use serde_json::{Value, json};

use super::Finding;

/// One run with every finding.
pub(crate) fn report(findings: &[Finding]) -> Value {
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &codes)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "relevo",
                "informationUri": "https://github.com/relevo/relevo",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(id: &str) -> Value {
    match flow::codes().find(|code| code.code == id) {
        Some(code) => json!({
            "id": id,
            "shortDescription": {"text": code.says},
            "help": {"text": code.remedy},
            "defaultConfiguration": {"level": level(code.severity)},
        }),
        None => json!({"id": id, "shortDescription": {"text": about_file(id)}}),
    }
}

/// What a code says that is not about a flow itself.
fn about_file(id: &str) -> &'static str {
    match id {
        "flow-elsewhere" => "A template's flow that is given when it is deployed, and is not checked.",
        "flow-type" => "A template's flow has a type that there is not.",
        _ => "A file or a definition that cannot be used.",
    }
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

fn result(finding: &Finding, codes: &[&str]) -> Value {
    let text = match &finding.hint {
        Some(hint) => format!("{} ({hint})", finding.message),
        None => finding.message.clone(),
    };
    let region = match finding.column {
        Some(column) => json!({"startLine": finding.line.max(1), "startColumn": column.max(1)}),
        None => json!({"startLine": finding.line.max(1)}),
    };
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&finding.file)},
            "region": region,
        },
    });
    if let (Some(place), Some(location)) = (finding.place(), location.as_object_mut()) {
        location.insert("logicalLocations".into(), json!([{"fullyQualifiedName": place, "kind": "element"}]));
    }
    json!({
        "ruleId": finding.code,
        "ruleIndex": codes.iter().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": {"text": text},
        "locations": [location],
    })
}

/// A path as a URI reference, one from the root as a URI of its own: what is no letter, digit or one of a few signs is
/// percent-encoded.
fn uri(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    let mut uri = String::with_capacity(text.len());
    if path.is_absolute() {
        uri.push_str(if text.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        for (path, expected) in [
            ("flows/año 1.json", "flows/a%C3%B1o%201.json"),
            ("../f.json", "../f.json"),
            ("/tmp/a b.json", "file:///tmp/a%20b.json"),
        ] {
            assert_eq!(uri(Path::new(path)), expected);
        }
    }

    #[test]
    fn a_finding_names_its_rule_place_and_line() {
        let finding = Finding {
            resource: Some("Flow".into()),
            action: Some("wait".into()),
            ..Finding::of_file(Path::new("t.yaml"), 7, "bot-stays", "it stays".into()).hinted("send it away")
        };
        let report = report(&[finding]);
        let run = &report["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "bot-stays");
        let result = &run["results"][0];
        assert_eq!(result["ruleIndex"], 0);
        assert_eq!(result["message"]["text"], "it stays (send it away)");
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 7);
        assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "Flow.wait");
    }
}
