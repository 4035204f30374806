//! What servers offer: their tools as the functions of action groups.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use relevo_agents::definition::{
    OfferedTool,
    agent::Function,
    tool::{ALL, McpTool, Offered, Tool},
};
use serde_json::Value;
use tokio::time::timeout;

use crate::{McpServers, server::Server};

/// Until a server has told its tools.
const LIST: Duration = Duration::from_secs(10);

impl McpServers {
    /// Asks the servers for the tools that are the functions of action groups (`"*": {mcp: {tools: …}}`); for
    /// [`relevo_agents::definition::agent::Agent::offer`]. The second list says, for the operator, what is not to be had: a
    /// server that is down now offers nothing until the next start.
    pub async fn offered(
        &self,
        tools: &BTreeMap<String, BTreeMap<String, Tool>>,
    ) -> (BTreeMap<String, Vec<Function>>, Vec<String>) {
        let wanted = tools.iter().filter_map(|(group, tools)| match tools.get(ALL) {
            Some(Tool::Mcp(McpTool { server, tools: Some(offered), .. })) => {
                Some((group, self.servers.get(server)?, offered))
            }
            _ => None,
        });
        let asked =
            wanted.map(|(group, server, offered)| async move { (group, server, offered, listed(server).await) });
        let (mut functions, mut missing) = (BTreeMap::new(), Vec::new());
        for (group, server, offered, listed) in join_all(asked).await {
            match listed {
                Ok(tools) => {
                    functions.insert(group.clone(), functions_of(server, tools, offered, &mut missing));
                }
                Err(cause) => missing.push(format!("the action group {group} has no functions: {cause}")),
            }
        }
        (functions, missing)
    }
}

async fn listed(server: &Server) -> Result<Vec<OfferedTool>, String> {
    let peer = server.peer().await.map_err(|error| error.to_string())?;
    let tools = timeout(LIST, peer.list_all_tools()).await;
    let silent = |_| format!("the MCP server {} does not tell its tools", server.name);
    let tools = tools.map_err(silent)?.map_err(|error| format!("the MCP server {}: {error}", server.name))?;
    let tool = |tool: rmcp::model::Tool| OfferedTool {
        name: tool.name.into_owned(),
        description: tool.description.map(std::borrow::Cow::into_owned).or(tool.title),
        input_schema: Value::Object((*tool.input_schema).clone()),
    };
    Ok(tools.into_iter().map(tool).collect())
}

fn functions_of(
    server: &Server,
    tools: Vec<OfferedTool>,
    offered: &Offered,
    missing: &mut Vec<String>,
) -> Vec<Function> {
    if let Offered::Named(names) = offered {
        let absent = names.iter().filter(|name| !tools.iter().any(|tool| tool.name == **name));
        missing.extend(absent.map(|name| format!("the MCP server {} has no tool {name}", server.name)));
    }
    let mut functions = Vec::new();
    for tool in tools.into_iter().filter(|tool| offered.has(&tool.name)) {
        let name = tool.name.clone();
        match tool.function() {
            Ok(function) => functions.push(function),
            Err(cause) => missing.push(format!(
                "the MCP server {} has a tool {name} with a schema that cannot be read: {cause}",
                server.name
            )),
        }
    }
    functions
}
