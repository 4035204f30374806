//! Who executes functions on this machine: the agents' own tools, and the bot's handlers.

use std::{collections::BTreeMap, sync::Arc};

use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    tools::{TableToolsPorts, Tools},
};
use relevo_bot::{Policy, handlers::Handler};
use relevo_handlers::Registry;
use relevo_mcp::{McpServers, McpTools};
use relevo_outbound::{Invoke, LambdaEndpoint};
use relevo_tools::{ExecutorPorts, Executors};

/// Connects the definition's MCP servers and gives its action groups the tools that they offer. One that is down delays the
/// start by some seconds and is told.
pub(super) async fn connect(definition: &mut Definition<Policy>) -> McpServers {
    let servers = McpServers::new(&definition.mcp_servers, variable);
    let (functions, missing) = servers.offered(&definition.tools).await;
    for cause in missing {
        tracing::warn!(cause, "An MCP server's tools are not offered");
    }
    definition.agent.offer(&functions);
    servers
}

/// The agents' own tools.
pub(super) fn tools(agents: &Arc<AgentsDefinition>, servers: McpServers, tables: TableToolsPorts) -> Arc<dyn Tools> {
    let mcp: Arc<dyn Tools> = Arc::new(McpTools::new(servers, agents));
    let ports = ExecutorPorts { tables, lambda: lambda(), mcp: Some(mcp) };
    let executors = Executors::new(agents, ports, variable);
    for cause in executors.missing() {
        tracing::warn!(cause, "Some functions will fail");
    }
    Arc::new(executors)
}

/// Who executes return-control functions.
pub(super) fn handlers(handlers: BTreeMap<String, Handler>) -> Registry {
    Registry::new(handlers, lambda(), variable)
}

/// Lambda functions, where an endpoint of theirs is named, as for the AWS clients.
fn lambda() -> Option<Arc<dyn Invoke>> {
    let endpoint = variable("AWS_ENDPOINT_URL_LAMBDA").or_else(|| variable("AWS_ENDPOINT_URL"));
    endpoint.map(|url| Arc::new(LambdaEndpoint::new(&url)) as Arc<dyn Invoke>)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
