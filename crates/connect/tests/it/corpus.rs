//! The corpus: every flow of `tests/flows`, each tried with the scripts beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use relevo_connect::{
    flow::{Flow, Surroundings, action_types, error_types, operators},
    trial::{self, Script},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows")
}

fn flow(file: &Path) -> Arc<Flow> {
    let text = fs::read_to_string(file).unwrap();
    Arc::new(Flow::parse(&text).unwrap_or_else(|problems| panic!("{}: {problems:#?}", file.display())))
}

fn files(extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == extension));
    files.sort();
    files
}

#[test]
fn every_flow_goes_where_its_scripts_say() {
    let (mut failed, mut tried) = (Vec::new(), 0);
    for file in files("yaml") {
        let scripts: Vec<Script> = serde_saphyr::from_str(&fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for script in &scripts {
            let others: BTreeMap<String, Arc<Flow>> =
                script.flows.iter().map(|(name, other)| (name.clone(), flow(&folder().join(other)))).collect();
            let report = trial::run(flow(&file.with_extension("json")), &others, script)
                .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
            tried += 1;
            if !report.passed {
                let name = script.name.as_deref().unwrap_or_default();
                failed.push(format!("{} ({name})\n{report}", file.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {tried} failed\n{}", failed.len(), failed.join("\n\n"));
    assert!(tried >= 150, "{tried}");
}

/// Every action, operator and error type stands in the corpus.
#[test]
fn nothing_is_left_out() {
    let texts: Vec<String> = files("json").iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert!(texts.len() >= 60, "{}", texts.len());
    let stands = |name: &str| texts.iter().any(|text| text.contains(&format!("\"{name}\"")));
    let missing: BTreeSet<&str> =
        action_types().chain(operators()).chain(error_types()).filter(|name| !stands(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for file in files("json") {
        let problems = Flow::check(&fs::read_to_string(&file).unwrap(), &Surroundings::default());
        assert_eq!(Flow::refusals(&problems), 0, "{}: {problems:#?}", file.display());
    }
}
