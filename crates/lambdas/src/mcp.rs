//! The MCP servers that the definition's functions are executed by: with the feature `mcp` those that are reached by `url`.
//! A Lambda function starts no programs of others, so one with a `command` is refused.

use std::sync::Arc;

use relevo_agents::{
    definition::{AgentsDefinition, Definition, tool::Tool},
    tools::Tools,
};
use relevo_bot::Policy;

use crate::boot::BootError;

/// The servers, connected; none where no function is executed by one.
pub(crate) struct Servers(Option<Connected>);

#[cfg(feature = "mcp")]
type Connected = relevo_mcp::McpServers;
#[cfg(not(feature = "mcp"))]
type Connected = std::convert::Infallible;

impl Servers {
    /// Connects the servers that functions are executed by, and gives the action groups the tools that they offer. One that is
    /// down is logged: its functions fail until it is back, and those that it would have offered are not there.
    ///
    /// # Errors
    /// This build calls none, or one is a program.
    pub(crate) async fn connect(definition: &mut Definition<Policy>) -> Result<Self, BootError> {
        let used = used(definition);
        if used.is_empty() {
            return Ok(Self(None));
        }
        let is_program = |name: &&String| definition.mcp_servers.get(*name).is_some_and(|it| it.url.is_none());
        let programs: Vec<&str> = used.iter().filter(is_program).map(String::as_str).collect();
        if !programs.is_empty() {
            return Err(BootError::McpProgram(programs.join(", ")));
        }
        connect(definition, &used).await.map(|servers| Self(Some(servers)))
    }

    /// What calls their tools.
    pub(crate) fn tools(&self, agents: &Arc<AgentsDefinition>) -> Option<Arc<dyn Tools>> {
        self.0.as_ref().map(|servers| tools(servers, agents))
    }
}

#[cfg(feature = "mcp")]
async fn connect(definition: &mut Definition<Policy>, _: &[String]) -> Result<Connected, BootError> {
    let servers = relevo_mcp::McpServers::new(&definition.mcp_servers, |name| std::env::var(name).ok());
    let (functions, missing) = servers.offered(&definition.tools).await;
    for cause in missing {
        tracing::warn!(cause, "an MCP server's tools are not offered");
    }
    definition.agent.offer(&functions);
    Ok(servers)
}

#[cfg(feature = "mcp")]
fn tools(servers: &Connected, agents: &Arc<AgentsDefinition>) -> Arc<dyn Tools> {
    Arc::new(relevo_mcp::McpTools::new(servers.clone(), agents))
}

#[cfg(not(feature = "mcp"))]
#[expect(clippy::unused_async, reason = "the other build connects")]
async fn connect(_: &mut Definition<Policy>, used: &[String]) -> Result<Connected, BootError> {
    Err(BootError::NoMcp(used.join(", ")))
}

#[cfg(not(feature = "mcp"))]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what the other build takes is no small value")]
fn tools(servers: &Connected, _: &Arc<AgentsDefinition>) -> Arc<dyn Tools> {
    match *servers {}
}

/// The names of the servers that functions are executed by.
fn used(definition: &Definition<Policy>) -> Vec<String> {
    let tools = definition.tools.values().flat_map(|tools| tools.values());
    let mut servers: Vec<String> =
        tools.filter_map(|tool| if let Tool::Mcp(it) = tool { Some(it.server.clone()) } else { None }).collect();
    servers.sort_unstable();
    servers.dedup();
    servers
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn refused(server: &str, is_called: bool) -> Option<String> {
        let text = include_str!("../tests/it/bot.yaml");
        let text = text.replacen("name: ", &format!("mcpServers: {{crm: {server}}}\nname: "), 1);
        let mut definition = Definition::<Policy>::parse(&text, "bot.yaml").unwrap();
        if is_called {
            let tool = serde_json::from_value(serde_json::json!({"mcp": {"server": "crm"}})).unwrap();
            definition.tools.entry("Some".into()).or_default().insert("f".into(), tool);
        }
        Servers::connect(&mut definition).await.err().map(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_program_is_refused_by_name_and_one_that_nothing_calls_does_not_matter() {
        assert_eq!(refused("{command: crm}", false).await, None);
        let said = refused("{command: crm}", true).await.unwrap();
        assert!(said.contains("(crm)") && said.contains("`url`"), "{said}");
    }

    #[tokio::test]
    async fn one_that_is_reached_by_http_needs_a_build_with_it() {
        let said = refused("{url: 'http://127.0.0.1:1/mcp'}", true).await;
        if cfg!(feature = "mcp") {
            assert_eq!(said, None, "it may be back for the next call");
        } else {
            let said = said.unwrap();
            assert!(said.contains("(crm)") && said.contains("--features mcp"), "{said}");
        }
    }
}
