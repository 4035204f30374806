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

pub use secrets::{secret_name, variables as secret_variables};
pub use statements::{asks_bedrock, behind as model_behind};

const BASE: &str = include_str!("../../../../deploy/template.yaml");

/// A bot's folder, read.
#[derive(Clone, Copy)]
pub struct Bot<'a> {
    /// Its agents.
    pub definition: &'a AgentsDefinition,
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
    let Bot { definition, policy, flow, flow_text } = bot;
    let mut notes = Notes::default();
    executors(definition, policy, &mut notes);
    let statements = statements::block(definition, policy);
    // The linter minds conditions that nothing hangs on.
    let own = if statements.contains("OwnAgents") { "OwnAgents: !Equals [!Ref agentBackend, relevo]\n" } else { "" };
    let blocks = [
        ("backends", "AllowedValues: [relevo, bedrock-agent]\n".to_owned()),
        ("conditions", own.to_owned()),
        ("statements", statements),
        ("environment", environment(definition, policy)),
        ("agents", String::new()),
        ("flow", flow::content(flow_text, flow, &mut notes)),
    ];
    let template = blocks.iter().fold(BASE.to_owned(), |text, (name, block)| marks::fill(&text, name, block));
    (template, notes)
}

fn environment(definition: &AgentsDefinition, policy: &Policy) -> String {
    let agent = "AGENT_ID: !If [BedrockAgent, !Ref agentId, !Ref AWS::NoValue]\n\
                 AGENT_ALIAS_ID: !If [BedrockAgent, !Ref agentAliasId, !Ref AWS::NoValue]\n";
    agent.to_owned() + &secrets::environment(definition, policy)
}

/// Executors that the functions do not have, or cannot reach.
fn executors(definition: &AgentsDefinition, policy: &Policy, notes: &mut Notes) {
    let mut addresses = Vec::new();
    for (group, tools) in &definition.tools {
        for (function, tool) in tools {
            match tool {
                Tool::Mcp(it) => notes.refuse(format!(
                    "bot.yaml: {group}.{function} is executed by the MCP server {}, and the Lambda functions call none: put an \
                     http or a lambda executor in its place",
                    it.server
                )),
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
