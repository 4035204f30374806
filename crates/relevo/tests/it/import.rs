//! `relevo import` from outside: what others have becomes a bot that is checked, talks, and hands over.

use std::{fs, path::Path};

use crate::{EXAMPLE, relevo};

const GIVEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/tests/fixtures");

/// Imports; the folder, its exit code and what it said.
fn import(arguments: &[&str]) -> (tempfile::TempDir, Option<i32>, String) {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("bot");
    let arguments: Vec<&str> = ["import", "--out", path.to_str().unwrap()].iter().chain(arguments).copied().collect();
    let output = relevo(&arguments);
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (out, output.status.code(), said)
}

fn given(name: &str) -> String {
    format!("{GIVEN}/{name}")
}

#[test]
fn a_team_of_others_talks_and_hands_over() {
    for (source, reading) in
        [("stack", "LecturasFn7E3A"), ("answers", "function:lecturas"), ("groups", "RETURN_CONTROL")]
    {
        let (out, code, said) = import(&[&given(source), &given("flow/Gas.json")]);
        assert_eq!(code, Some(0), "{source}: {said}");
        let dir = out.path().join("bot");
        let bot = fs::read_to_string(dir.join("bot.yaml")).unwrap();
        assert!(bot.contains(reading) && bot.contains("function:averias"), "{bot}");
        let check = relevo(&["check", dir.to_str().unwrap()]);
        assert_eq!(check.status.code(), Some(0));
        fs::create_dir(dir.join("conversations")).unwrap();
        let conversations = "
language: es
functions:
  reportFault: {returns: {fault_number: '2025031422'}}
  getReading: {returns: {reading: '4711'}}
conversations:
  - name: una avería
    turns:
      - customer: quiero crear un aviso de avería, mi contrato es 1234567
        expect: {functions: [{name: reportFault, agent: averias, arguments: {contract_number: '1234567'}}]}
  - name: una lectura
    turns:
      - customer: quiero consultar la última lectura del medidor
      - customer: '7654321'
        expect: {functions: [{name: getReading, agent: lecturas, arguments: {contract_number: '7654321'}}]}
  - name: una persona
    turns:
      - customer: quiero hablar con una persona
        expect: {handoff: {}}
";
        fs::write(dir.join("conversations/all.yaml"), conversations).unwrap();
        let test = relevo(&["test", "--bot", dir.to_str().unwrap()]);
        let told = String::from_utf8(test.stdout).unwrap() + &String::from_utf8(test.stderr).unwrap();
        assert_eq!(test.status.code(), Some(0), "{source}: {told}\n{bot}");
    }
}

#[test]
fn what_is_not_carried_over_is_said_with_source_and_reason() {
    let (_out, code, said) = import(&[&given("stack"), &given("flow/Gas.json")]);
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "Gas.template.json: action group Lecturas: executor: the function's ARN is known to the stack alone",
        "Gas.template.json: agent supervisor: action group CodeInterpreterAction: there is no AMAZON.CodeInterpreter here",
        "Gas.template.json: languages: [es], as the agents' texts are written",
        "conversation.handoff.functions: [escalate], by name and description",
        "Gas.json: queue arn:aws:connect:us-east-1:111122223333:instance/aaaaaaaa-1111-4111-8111-111111111111/queue/",
        "Gas.json: function arn:aws:lambda:us-east-1:111122223333:function:GasBot-StartBotFn0C",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(!said.contains("manifest.json"), "{said}");
}

#[test]
fn nothing_is_overwritten_and_wrong_use_is_2() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("flow.json"), "mine").unwrap();
    let run = |arguments: &[&str]| {
        let output = relevo(arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let folder = out.path().to_str().unwrap();
    let (code, said) = run(&["import", &given("stack"), "--out", folder]);
    assert!(code == Some(2) && said.contains("flow.json is already there"), "{said}");
    assert!(!Path::new(folder).join("bot.yaml").exists());
    assert_eq!(fs::read_to_string(out.path().join("flow.json")).unwrap(), "mine");
    let other = out.path().join("other");
    let other = other.to_str().unwrap();
    let (code, said) = run(&["import", &given("flow"), "--out", other]);
    assert!(code == Some(2) && said.contains("alone is no bot"), "{said}");
    let (code, said) = run(&["import", &given("stack"), "--agent", "nobody", "--out", other]);
    assert!(
        code == Some(2) && said.contains("there is no agent `nobody`; there are supervisor, colab-lecturas"),
        "{said}"
    );
    let (code, said) = run(&["import", &format!("{EXAMPLE}/data/orders.csv"), "--out", other]);
    assert!(code == Some(2) && said.contains("orders.csv"), "{said}");
    assert!(!Path::new(other).exists());
}
