//! Every policy against the schema, strictly: a policy that names what is not there, or reads what may be missing, fails here
//! with its file, line and reason.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use miette::Diagnostic;
use vigil_policy::Interaction;

#[test]
fn every_policy_is_valid_strictly_and_says_what_it_is_called_and_why_it_is_there() {
    let validator = Validator::new(schema());
    let (mut wrong, mut ids) = (Vec::new(), BTreeSet::new());
    for file in policy_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        wrong.extend(faults(&validator, &file, &text));
        let Ok(policies) = PolicySet::from_str(&text) else { continue };
        for policy in policies.policies() {
            let id = policy.annotation("id").unwrap_or_default();
            for annotation in ["id", "source"] {
                if policy.annotation(annotation).is_none_or(str::is_empty) {
                    wrong.push(format!("{}: {id}: no @{annotation}", file.display()));
                }
            }
            if !ids.insert(id.to_owned()) {
                wrong.push(format!("{}: {id}: there are two of this @id", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ids.len() > 15, "the policies were read");
}

#[test]
fn what_is_wrong_with_a_policy_is_said_with_file_line_and_reason() {
    let validator = Validator::new(schema());
    let said = |text: &str| faults(&validator, Path::new("made-up.cedar"), text).join("\n");
    let unknown = said("@id(\"x\")\npermit (principal in Role::\"surgeon\", action, resource);");
    assert!(unknown.contains("made-up.cedar:2:") && unknown.contains("surgeon"), "a role that is not there: {unknown}");
    let missing =
        said("forbid (principal, action == Action::\"patient-read\", resource is Patient)\n\nwhen { resource.vip };");
    assert!(missing.contains("made-up.cedar:3:") && missing.contains("vip"), "what may be unknown: {missing}");
    let broken = said("permit (principal, action, resource)\nwhen { ;");
    assert!(broken.contains("made-up.cedar:2:"), "what is no policy: {broken}");
}

#[test]
fn the_schema_knows_every_interaction_and_no_other() {
    let known: BTreeSet<String> = schema().actions().map(|action| action.id().unescaped().to_owned()).collect();
    let asked: BTreeSet<String> = Interaction::all().map(|interaction| interaction.code().to_owned()).collect();
    let missing: Vec<_> = asked.difference(&known).collect();
    assert!(missing.is_empty(), "the schema has no action for {missing:?}");
    // Groups, and what is asked within an open chart.
    let within = ["record-open", "field-read"];
    let groups: BTreeSet<_> = schema().action_groups().map(|group| group.id().unescaped().to_owned()).collect();
    let others: Vec<_> =
        known.difference(&asked).filter(|id| !groups.contains(*id) && !within.contains(&id.as_str())).collect();
    assert!(others.is_empty(), "nobody asks {others:?}");
}

fn faults(validator: &Validator, file: &Path, text: &str) -> Vec<String> {
    match PolicySet::from_str(text) {
        Err(errors) => errors.iter().map(|error| told(file, text, error)).collect(),
        Ok(policies) => {
            let result = validator.validate(&policies, ValidationMode::Strict);
            let errors = result.validation_errors().map(|error| told(file, text, error));
            errors.chain(result.validation_warnings().map(|warning| told(file, text, warning))).collect()
        }
    }
}

fn told(file: &Path, text: &str, fault: &dyn Diagnostic) -> String {
    let offset = fault.labels().and_then(|mut labels| labels.next()).map_or(0, |label| label.offset());
    let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
    format!("{}:{line}: {fault}", file.display())
}

fn schema() -> Schema {
    let file = folder().join("vigil.cedarschema");
    Schema::from_str(&std::fs::read_to_string(&file).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn policy_files() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "cedar")).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}
