//! Calls of tools.

use std::sync::Arc;

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, tool::Tool},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use rmcp::{
    ServiceError,
    model::{CallToolRequestParams, ErrorCode, MetaObject, RequestMetaObject},
};
use serde_json::{Map, Value};

use crate::{McpServers, result};

/// The member of `_meta` that is the same when the same call comes again.
const IDEMPOTENCY_KEY: &str = "idempotencyKey";

/// The agents' port [`Tools`] for the functions whose executor is `mcp`. How long a call may take is the caller's business.
pub struct McpTools {
    servers: McpServers,
    definition: Arc<AgentsDefinition>,
}

impl McpTools {
    /// Over these servers.
    pub fn new(servers: McpServers, definition: &Arc<AgentsDefinition>) -> Self {
        Self { servers, definition: Arc::clone(definition) }
    }
}

#[async_trait]
impl Tools for McpTools {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        let executor = self.definition.executor(&call.action_group, &call.function);
        let Some(Tool::Mcp(tool)) = executor.as_deref() else {
            return Err(ToolError::Unknown { action_group: call.action_group, function: call.function });
        };
        let unknown = || ToolError::Failed(format!("there is no MCP server {}", tool.server));
        let server = self.servers.servers.get(&tool.server).ok_or_else(unknown)?;
        let peer = server.peer().await.map_err(|error| ToolError::Passing(error.to_string()))?;
        let name = tool.tool.clone().unwrap_or_else(|| call.function.clone());
        let arguments: Map<String, Value> =
            call.arguments.iter().map(|argument| (argument.name.clone(), argument.json())).collect();
        let mut request = CallToolRequestParams::new(name).with_arguments(arguments);
        let key = Value::from(call.idempotency_key);
        request.meta = Some(RequestMetaObject(MetaObject(Map::from_iter([(IDEMPOTENCY_KEY.to_owned(), key)]))));
        match peer.call_tool(request).await {
            Ok(result) => Ok(result::read(&result)),
            Err(ServiceError::McpError(error)) if error.code == ErrorCode::INVALID_PARAMS => {
                Ok(ToolOutput::refused(result::head(&error.message)))
            }
            // The message may repeat what the customer said.
            Err(ServiceError::McpError(error)) => Err(ToolError::Failed(format!("MCP error {}", error.code.0))),
            Err(ServiceError::TransportSend(_) | ServiceError::TransportClosed) => {
                server.forget().await;
                Err(ToolError::Passing(format!("the connection to the MCP server {} broke", tool.server)))
            }
            Err(error) => Err(ToolError::Failed(error.to_string())),
        }
    }
}
