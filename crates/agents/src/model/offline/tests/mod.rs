//! The offline model as a whole: wordings nobody declared, dialogues, and what must hold for any text.

mod dialogues;
mod heldout;
mod other_trade;
mod properties;
mod script;
mod unpatterned;
mod values;

use serde_json::Value;

use super::dialogue::Act;
use super::state::State;
use super::{FunctionInfo, OfflineModel};
use crate::definition::Definition;
use crate::definition::agent::Agent;
use crate::model::{Candidate, Content, Message, Role, ToolKind, ToolResult, ToolSpec};

type Plain = Definition<Value>;

fn envios() -> Plain {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/envios/bot.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Learned once for all tests.
fn envios_model() -> &'static OfflineModel {
    static MODEL: std::sync::OnceLock<OfflineModel> = std::sync::OnceLock::new();
    MODEL.get_or_init(|| OfflineModel::of(&envios()).unwrap())
}

/// What one message alone is understood as: function names joined by `+`, `smalltalk`, `yes`/`no`, or `?`.
fn understood(model: &OfflineModel, text: &str) -> String {
    name(&model.step(&mut State::default(), text, None))
}

fn name(act: &Act) -> String {
    match act {
        Act::Pursue(functions) => functions.join("+"),
        Act::Smalltalk(_) => "smalltalk".into(),
        Act::AskAgain => "again".into(),
        Act::Answer(answer) => format!("{answer:?}").to_lowercase(),
        Act::Unclear => "?".into(),
    }
}

/// The share of a table that is understood, with the failures printed.
fn accuracy(model: &OfflineModel, table: &[(&str, &str)]) -> f64 {
    let mut right = 0_u32;
    for (text, want) in table {
        let got = understood(model, text);
        if got == *want {
            right += 1;
        }
        if got != *want || (*want == "?" && std::env::var_os("SHOW").is_some()) {
            let mut state = State::default();
            let parts = super::text::units(text, &[]);
            let reading = model.intents.read(&model.particles, &parts, None);
            let _ = model.step(&mut state, text, None);
            println!(
                "{text:60} want {want:18} got {got:18} {:?}",
                model.intents.ranked(&reading).take(2).collect::<Vec<_>>()
            );
        }
    }
    f64::from(right) / f64::from(u32::try_from(table.len()).unwrap())
}

/// The tools of an agent without collaborators.
fn tools_of(agent: &Agent) -> Vec<ToolSpec> {
    let mut tools = Vec::new();
    for group in &agent.action_groups {
        if group.parent_action_group_signature.is_some() {
            tools.push(spec("user__askuser", ToolKind::AskUser));
        }
        for f in group.function_schema.iter().flat_map(|s| &s.functions) {
            let kind = ToolKind::Function {
                action_group: group.action_group_name.clone(),
                function: f.name.clone(),
                parameters: f.parameters.iter().map(|(n, p)| (n.clone(), p.clone())).collect(),
            };
            tools.push(spec(&format!("{}__{}", group.action_group_name, f.name), kind));
        }
    }
    tools
}

fn spec(name: &str, kind: ToolKind) -> ToolSpec {
    ToolSpec { name: name.into(), description: String::new(), input_schema: Value::Null, kind }
}

fn candidates_of(agent: &Agent) -> Vec<Candidate> {
    let functions = |a: &Agent| {
        let groups = a.action_groups.iter().flat_map(|g| &g.function_schema);
        groups.flat_map(|s| &s.functions).map(|f| f.name.clone()).collect()
    };
    agent
        .collaborator_configurations
        .iter()
        .map(|c| Candidate {
            name: c.collaborator_name.clone(),
            instruction: c.collaborator_instruction.clone(),
            knowledge: Vec::new(),
            functions: agent
                .collaborators
                .iter()
                .find(|a| a.agent_name == c.collaborator_name)
                .map(functions)
                .unwrap_or_default(),
        })
        .collect()
}

fn said(role: Role, text: &str) -> Message {
    Message { role, content: vec![Content::Text(text.into())] }
}

fn answered(id: &str, text: &str, error: bool) -> Message {
    let result = ToolResult { tool_use_id: id.into(), text: text.into(), error };
    Message { role: Role::User, content: vec![Content::ToolResult(result)] }
}

fn infos(yaml: &str) -> (Plain, OfflineModel) {
    let definition: Plain = serde_saphyr::from_str(yaml).unwrap();
    let model = OfflineModel::of(&definition).unwrap();
    (definition, model)
}

#[test]
fn a_pattern_that_is_no_expression_is_told() {
    let offline = serde_saphyr::from_str("parameters: {n: {patterns: ['(']}}").unwrap();
    let n = serde_json::from_str(r#"{"type": "string", "required": true}"#).unwrap();
    let function = FunctionInfo {
        name: "f".into(),
        description: None,
        collaborator_instruction: None,
        parameters: vec![("n".into(), n)],
        return_control: false,
    };
    let error = OfflineModel::new(offline, vec!["en".into()], vec![function]).err().unwrap();
    assert!(error.to_string().contains("offline.parameters.n.patterns"), "{error}");
}
