//! A small loop that runs a definition's agents with the offline model, as a router and its collaborators: enough to hold
//! a dialogue. Tools answer from a table in the test.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::OfflineModel;
use super::{Plain, answered, candidates_of, tools_of};
use crate::model::{Content, Message, Model, ModelRequest, Outcome, Purpose, Role, Route, ToolUse};

/// What a function answers; `None` when it fails.
pub(super) type Answer = fn(&str, &Value) -> Option<String>;

/// What came of a turn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Turn {
    /// Words.
    Says(String),
    /// Return of control: the function and its parameters.
    Returns(String, Value),
}

/// A conversation under way.
pub(super) struct Script<'a> {
    model: &'a OfflineModel,
    definition: &'a Plain,
    conversation: Vec<Message>,
    histories: BTreeMap<String, Vec<Message>>,
    open: Option<(String, String)>,
    previous: Option<String>,
    /// Every call of a function.
    pub(super) calls: Vec<(String, Value)>,
    /// Answers by function; a function of the input.
    pub(super) tool: Answer,
}

impl<'a> Script<'a> {
    pub(super) fn new(definition: &'a Plain, model: &'a OfflineModel, tool: Answer) -> Self {
        let (conversation, histories) = (Vec::new(), BTreeMap::new());
        Self { model, definition, conversation, histories, open: None, previous: None, calls: Vec::new(), tool }
    }

    /// The customer says something.
    pub(super) async fn say(&mut self, text: &str) -> Turn {
        push(&mut self.conversation, Role::User, Content::Text(text.into()));
        let candidates = candidates_of(&self.definition.agent);
        let purpose = Purpose::Route { candidates, previous: self.previous.clone() };
        let route = match self.ask("supervisor", self.conversation.clone(), purpose).await {
            Outcome::Route(route) => route,
            Outcome::Content(content) => panic!("{content:?}"),
        };
        let agent = match route {
            Route::Agent(name) => Some(name),
            Route::KeepPrevious => self.previous.clone(),
            Route::Undecidable => None,
        };
        if let Some((asker, id)) = &self.open
            && agent.as_ref() != Some(asker)
        {
            let history = self.histories.entry(asker.clone()).or_default();
            history.push(answered(id, "Not done: the customer went on with something else.", true));
            self.open = None;
        }
        let turn = match agent {
            Some(agent) => self.collaborator(&agent, text).await,
            None => self.supervisor(text).await,
        };
        let words = match &turn {
            Turn::Says(words) => words.clone(),
            Turn::Returns(..) => String::new(),
        };
        push(&mut self.conversation, Role::Assistant, Content::Text(words));
        turn
    }

    async fn ask(&self, agent: &str, messages: Vec<Message>, purpose: Purpose) -> Outcome {
        let request = ModelRequest {
            agent_name: agent.into(),
            model_id: None,
            system: String::new(),
            messages: messages.into_iter().collect(),
            purpose,
            language: None,
        };
        let first = self.model.answer(request.clone()).await.unwrap();
        assert_eq!(self.model.answer(request).await.unwrap(), first, "the same request, the same answer");
        first.outcome
    }

    async fn supervisor(&mut self, text: &str) -> Turn {
        let recipients = candidates_of(&self.definition.agent);
        let kind = crate::model::ToolKind::SendMessage { recipients };
        let tools = vec![super::spec("AgentCommunication__sendMessage", kind)];
        let mut messages = self.conversation.clone();
        loop {
            let purpose = Purpose::Orchestrate { tools: tools.clone() };
            let Outcome::Content(content) = self.ask("supervisor", messages.clone(), purpose).await else { panic!() };
            let calls = calls(&content);
            if calls.is_empty() {
                return Turn::Says(words(&content));
            }
            messages.push(Message { role: Role::Assistant, content });
            let mut results = Vec::new();
            for call in calls {
                assert_eq!(call.input["content"], json!(text), "the customer's own words are passed on");
                let recipient = call.input["recipient"].as_str().unwrap().to_owned();
                match Box::pin(self.collaborator(&recipient, text)).await {
                    Turn::Says(words) => results.extend(answered(&call.tool_use_id, &words, false).content),
                    returns @ Turn::Returns(..) => return returns,
                }
            }
            messages.push(Message { role: Role::User, content: results });
        }
    }

    async fn collaborator(&mut self, name: &str, text: &str) -> Turn {
        let agent = self.definition.agent.collaborators.iter().find(|a| a.agent_name == name).unwrap();
        let mut history = self.histories.remove(name).unwrap_or_default();
        match self.open.take() {
            Some((asker, id)) if asker == name => history.push(answered(&id, text, false)),
            _ => history.clone_from(&self.conversation),
        }
        self.previous = Some(name.to_owned());
        let turn = loop {
            assert!(history.len() < 200, "it comes to an end");
            let purpose = Purpose::Orchestrate { tools: tools_of(agent) };
            let Outcome::Content(content) = self.ask(name, history.clone(), purpose).await else { panic!() };
            let calls = calls(&content);
            history.push(Message { role: Role::Assistant, content: content.clone() });
            if calls.is_empty() {
                break Turn::Says(words(&content));
            }
            if let Some(question) = calls.iter().find(|c| c.name == "user__askuser") {
                self.open = Some((name.to_owned(), question.tool_use_id.clone()));
                break Turn::Says(question.input["question"].as_str().unwrap().to_owned());
            }
            let mut results = Vec::new();
            for call in &calls {
                let function = call.name.rsplit("__").next().unwrap();
                self.check_required(function, &call.input);
                self.calls.push((function.to_owned(), call.input.clone()));
                let info = self.model.function(function).unwrap();
                if info.return_control {
                    let done = answered(&call.tool_use_id, "OK", false);
                    history.push(done);
                    self.histories.insert(name.to_owned(), history);
                    return Turn::Returns(function.to_owned(), call.input.clone());
                }
                let (text, error) = match (self.tool)(function, &call.input) {
                    Some(text) => (text, false),
                    None => ("SQLSTATE 08006".to_owned(), true),
                };
                results.extend(answered(&call.tool_use_id, &text, error).content);
            }
            history.push(Message { role: Role::User, content: results });
        };
        self.histories.insert(name.to_owned(), history);
        turn
    }

    fn check_required(&self, function: &str, input: &Value) {
        for (name, parameter) in &self.model.function(function).unwrap().parameters {
            assert!(!parameter.required || input.get(name).is_some(), "{function} needs {name}: {input}");
        }
    }
}

fn push(messages: &mut Vec<Message>, role: Role, content: Content) {
    match messages.last_mut() {
        Some(last) if last.role == role => last.content.push(content),
        _ => messages.push(Message { role, content: vec![content] }),
    }
}

fn calls(content: &[Content]) -> Vec<ToolUse> {
    content.iter().filter_map(|c| if let Content::ToolUse(call) = c { Some(call.clone()) } else { None }).collect()
}

fn words(content: &[Content]) -> String {
    let texts = content.iter().filter_map(|c| if let Content::Text(text) = c { Some(text.as_str()) } else { None });
    texts.collect::<Vec<_>>().join("\n")
}
