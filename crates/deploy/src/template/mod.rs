//! The `CloudFormation` template of a bot: `deploy/template.yaml` with the blocks that come from the bot's folder.
//!
//! It is text that is filled, not a value that is built: the comments are half of what a reviewer reads.

mod flow;
mod marks;
mod secrets;
mod statements;

use relevo_agents::definition::{AgentsDefinition, tool::Tool};
use relevo_bot::{Policy, handlers::Handler};
use relevo_connect::flow::Flow;
use serde_json::{Map, Value, json};

use crate::{
    cfn,
    classic::{self, Resources, Source},
    document::CARRIED,
};

pub use secrets::{secret_name, variables as secret_variables};
pub use statements::{asks_bedrock, behind as model_behind};

const BASE: &str = include_str!("../../../../deploy/template.yaml");

/// A bot's folder, read.
#[derive(Clone, Copy)]
pub struct Bot<'a> {
    /// Its agents, and `bot.yaml` as a document.
    pub source: &'a Source,
    /// Its conversation.
    pub policy: &'a Policy,
    /// `flow.json`.
    pub flow: &'a Flow,
    /// The same as it stands in the file.
    pub flow_text: &'a str,
}

/// What a person must know before it is deployed, a line each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// Why it cannot be deployed.
    pub refusals: Vec<String>,
    /// What it needs beside the stack.
    pub warnings: Vec<String>,
    /// Why it cannot have agents of Bedrock's own (`agentBackend=bedrock-classic`); none: it can.
    pub not_classic: Vec<String>,
    /// What is to be known when it has them.
    pub classic: Vec<String>,
}

impl Notes {
    fn refuse(&mut self, line: impl Into<String>) {
        self.refusals.push(line.into());
    }

    fn warn(&mut self, line: impl Into<String>) {
        self.warnings.push(line.into());
    }
}

/// The template of a bot, and what is to be known of it. With refusals it is still a template: to be looked at, not to be
/// deployed.
pub fn synth(bot: Bot<'_>) -> (String, Notes) {
    let Bot { source, policy, flow, flow_text } = bot;
    let definition = &*source.definition;
    let mut notes = Notes::default();
    executors(definition, policy, &mut notes);
    let agents = agents(source, &mut notes);
    let mut statements = statements::block(definition, policy);
    let mut conditions = Map::new();
    conditions.insert("OwnAgents".into(), backend_is("relevo"));
    let mut metadata = Map::new();
    let mut backends = vec!["relevo", "bedrock-agent"];
    match &agents {
        Some(agents) => {
            backends.push("bedrock-classic");
            conditions.insert(classic::CONDITION.into(), backend_is("bedrock-classic"));
            conditions.extend(agents.conditions.clone());
            statements.push_str(&statements::classic(&agents.alias));
        }
        // Their resources carry the rest of the definition; without them all of it stands here, to be imported again.
        None => drop(metadata.insert(CARRIED.into(), source.document.clone())),
    }
    let blocks = [
        ("metadata", lines(metadata)),
        ("backends", format!("AllowedValues: [{}]\n", backends.join(", "))),
        ("conditions", lines(conditions)),
        ("statements", statements),
        ("environment", environment(definition, policy, agents.as_ref())),
        ("agents", agents.map(|agents| lines(agents.resources)).unwrap_or_default()),
        ("flow", flow::content(flow_text, flow, &mut notes)),
    ];
    let template = blocks.iter().fold(BASE.to_owned(), |text, (name, block)| marks::fill(&text, name, block));
    (template, notes)
}

/// The agents as Bedrock's own, where they can be.
fn agents(source: &Source, notes: &mut Notes) -> Option<Resources> {
    let (drawn, obstacles) = classic::draw(source);
    let (quotas, walls): (Vec<_>, Vec<_>) = obstacles.iter().partition(|obstacle| obstacle.adjustable);
    notes.not_classic = walls.iter().map(ToString::to_string).collect();
    notes.classic = quotas.iter().map(ToString::to_string).chain(drawn.notes.iter().cloned()).collect();
    walls.is_empty().then_some(drawn)
}

fn backend_is(backend: &str) -> Value {
    json!({"Fn::Equals": [{"Ref": "agentBackend"}, backend]})
}

/// A map as lines of a template; nothing of an empty one.
fn lines(map: Map<String, Value>) -> String {
    if map.is_empty() { String::new() } else { cfn::write(&Value::Object(map)) }
}

fn environment(definition: &AgentsDefinition, policy: &Policy, agents: Option<&Resources>) -> String {
    let variable = |name: &str, parameter: &str, classic: Option<String>| {
        let otherwise = match classic {
            Some(attribute) => format!("!If [{}, !GetAtt {attribute}, !Ref AWS::NoValue]", classic::CONDITION),
            None => "!Ref AWS::NoValue".to_owned(),
        };
        format!("{name}: !If [BedrockAgent, !Ref {parameter}, {otherwise}]\n")
    };
    variable("AGENT_ID", "agentId", agents.map(|it| format!("{}.AgentId", it.supervisor)))
        + &variable("AGENT_ALIAS_ID", "agentAliasId", agents.map(|it| format!("{}.AgentAliasId", it.alias)))
        + &secrets::environment(definition, policy)
}

/// Executors that the functions do not have, or cannot reach.
fn executors(definition: &AgentsDefinition, policy: &Policy, notes: &mut Notes) {
    let mut addresses = Vec::new();
    for (group, tools) in &definition.tools {
        for (function, tool) in tools {
            match tool {
                Tool::Mcp(it) => match definition.mcp_servers.get(&it.server).map(|server| server.url.as_deref()) {
                    Some(Some(url)) => addresses.push((format!("{group}.{function}"), url)),
                    Some(None) => notes.refuse(format!(
                        "bot.yaml: {group}.{function} is executed by the MCP server {}, which is a program, and a Lambda function \
                         starts none: serve it elsewhere and name its url, or put an http or a lambda executor in its place",
                        it.server
                    )),
                    None => {}
                },
                Tool::Http(it) => {
                    addresses.extend(it.url.as_deref().map(|url| (format!("{group}.{function}"), url)));
                }
                Tool::Lookup(_) | Tool::Insert(_) | Tool::Lambda(_) => {}
            }
        }
    }
    for (function, handler) in &policy.handlers {
        if let Handler::Http(it) = handler {
            addresses.push((function.clone(), it.url.as_str()));
        }
    }
    for (function, url) in addresses {
        let host = url.split("://").nth(1).unwrap_or(url);
        if ["127.", "localhost", "[::1]", "10.", "192.168."].iter().any(|near| host.starts_with(near)) {
            notes.warn(format!("bot.yaml: {function} is executed at {url}, which Lambda cannot reach"));
        }
    }
}
