//! A team as a whole definition: who executes its functions, where its knowledge is, what the bot says, who takes over.

use std::collections::BTreeMap;

use relevo_bot::detect_language;
use serde_json::{Map, Value, json};

use super::{
    Note, Options, guardrail, handoff,
    mend::{executors, mend, only},
    note, offline,
    team::Team,
    words,
};
use crate::document::parts::list;

impl Team {
    /// The document of `bot.yaml`.
    pub(super) fn definition(mut self, options: &Options, notes: &mut Vec<Note>) -> Value {
        let languages = languages(&self, options, notes);
        let mut lambdas = BTreeMap::new();
        executors(&self.agent, &mut lambdas);
        mend(&mut self.agent, &lambdas, &self.source, notes);
        let mut document = Map::new();
        document.insert("name".into(), self.agent.get("agentName").cloned().unwrap_or_default());
        document.insert("languages".into(), json!(languages));
        document.insert("agent".into(), self.agent.clone());
        let tools: Map<String, Value> = lambdas
            .iter()
            .filter_map(|(group, executors)| {
                Some((group.clone(), json!({"*": {"lambda": {"function": only(executors)?}}})))
            })
            .collect();
        if !tools.is_empty() {
            document.insert("tools".into(), tools.into());
        }
        let mut bases = Map::new();
        knowledge(&self.agent, &mut bases);
        if !bases.is_empty() {
            document.insert("knowledgeBases".into(), bases.into());
        }
        if let Some(found) = &self.guardrail {
            let language = languages.first().map(String::as_str).unwrap_or_default();
            document.insert("guardrail".into(), guardrail::own(found, language, notes));
        }
        document.extend(offline::of(&self.agent).map(|it| ("offline".to_owned(), it)));
        document.insert("conversation".into(), conversation(&self, &languages, notes));
        document.into()
    }
}

/// What it was told, or what the agents' texts are written in.
fn languages(team: &Team, options: &Options, notes: &mut Vec<Note>) -> Vec<String> {
    if !options.languages.is_empty() {
        for language in options.languages.iter().filter(|language| words::of(language).code != language.as_str()) {
            let why = format!("there are no words in `{language}`; they are in English: write your own");
            note(notes, &team.source, "conversation.texts", why);
        }
        return options.languages.clone();
    }
    let known: Vec<String> = words::LANGUAGES.iter().map(|words| words.code.to_owned()).collect();
    let instruction = team.agent.get("instruction").and_then(Value::as_str).filter(|_| !team.instructed_by_us);
    let mut all = Vec::new();
    descriptions(&team.agent, &mut all);
    let of = |text: &str| detect_language(text, &known).map(str::to_owned);
    let language = instruction.and_then(of).or_else(|| of(&all.join(". "))).unwrap_or_else(|| "en".into());
    note(
        notes,
        &team.source,
        "languages",
        format!("[{language}], as the agents' texts are written: --language names others"),
    );
    vec![language]
}

/// All that is said of action groups, functions and parameters.
fn descriptions<'d>(document: &'d Value, into: &mut Vec<&'d str>) {
    match document {
        Value::Array(items) => items.iter().for_each(|item| descriptions(item, into)),
        Value::Object(map) => {
            into.extend(map.get("description").and_then(Value::as_str));
            map.values().for_each(|below| descriptions(below, into));
        }
        _ => {}
    }
}

fn knowledge(agent: &Value, into: &mut Map<String, Value>) {
    for id in list(agent, "knowledgeBases").filter_map(|base| base.get("knowledgeBaseId")?.as_str()) {
        into.insert(id.to_owned(), json!({"bedrock": true}));
    }
    for collaborator in list(agent, "collaborators") {
        knowledge(collaborator, into);
    }
}

fn conversation(team: &Team, languages: &[String], notes: &mut Vec<Note>) -> Value {
    let by_language = |text: fn(&words::Words) -> &'static str| -> Value {
        languages.iter().map(|language| (language.clone(), json!(text(words::of(language))))).collect()
    };
    let mut returning = Vec::new();
    returns(&team.agent, &mut returning);
    let (handoffs, others): (Vec<&Value>, Vec<&Value>) =
        returning.into_iter().partition(|function| handoff::is(function));
    let name = |function: &&Value| function.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let handoffs: Vec<String> = handoffs.iter().map(name).collect();
    if handoffs.is_empty() {
        let all: Vec<String> = others.iter().map(name).collect();
        let why = if all.is_empty() {
            "no function returns control, so none hands over to a person: give an agent one, with `customControl: RETURN_CONTROL`".to_owned()
        } else {
            format!(
                "none of the functions that return control ({}) is known to hand over: name the one that does",
                all.join(", ")
            )
        };
        note(notes, &team.source, "conversation.handoff.functions", why);
    } else {
        let why = format!("[{}], by name and description: check them", handoffs.join(", "));
        note(notes, &team.source, "conversation.handoff.functions", why);
    }
    for function in others.iter().map(name) {
        let why = "it returns control and is no hand-off: name who executes it in `conversation.handlers`";
        note(notes, &team.source, format!("function {function}"), why);
    }
    note(notes, &team.source, "conversation.texts", "what the bot says by itself is ours: write your own");
    json!({
        "texts": {
            "greeting": by_language(|it| it.greeting),
            "handoff": by_language(|it| it.handoff),
            "stillWorking": by_language(|it| it.still_working),
            "failure": by_language(|it| it.failure),
            "failureHandoff": by_language(|it| it.failure_handoff),
            "unsupported": by_language(|it| it.unsupported),
        },
        "handoff": {"functions": handoffs},
    })
}

fn returns<'d>(agent: &'d Value, into: &mut Vec<&'d Value>) {
    for group in
        list(agent, "actionGroups").filter(|group| group.pointer("/actionGroupExecutor/customControl").is_some())
    {
        into.extend(group.get("functionSchema").into_iter().flat_map(|schema| list(schema, "functions")));
    }
    for collaborator in list(agent, "collaborators") {
        returns(collaborator, into);
    }
}
