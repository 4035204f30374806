//! A definition whose functions are a server's tools, and calls of them.

use std::sync::Arc;

use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    tools::{Argument, ToolCall, ToolError, ToolOutput, Tools as _},
};
use relevo_mcp::{McpServers, McpTools};
use serde_json::{Value, json};

/// Two action groups: one is what the server offers, one declares a function of its own.
pub fn bot(server: &Value, offered: &Value) -> Definition<Value> {
    let bot = json!({
        "name": "Weather",
        "languages": ["en"],
        "agent": {
            "agentName": "weather",
            "instruction": "You tell the customers what the weather will be like tomorrow.",
            "actionGroups": [
                {"actionGroupName": "Offered"},
                {"actionGroupName": "Own", "functionSchema": {"functions": [
                    {"name": "tomorrow", "parameters": {"city": {"type": "string", "required": true}}},
                ]}},
            ],
        },
        "conversation": {},
        "mcpServers": {"weather": server},
        "tools": {
            "Offered": {"*": {"mcp": {"server": "weather", "tools": offered}}},
            "Own": {"tomorrow": {"mcp": {"server": "weather", "tool": "forecast"}}},
        },
    });
    let definition = Definition::<Value>::parse(&bot.to_string(), "bot.yaml");
    definition.unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn servers(definition: &Definition<Value>) -> McpServers {
    let variable = |name: &str| match name {
        "WEATHER_TOKEN" => Some("t0ken".to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some("secret".to_owned()),
        other => std::env::var(other).ok(),
    };
    McpServers::new(&definition.mcp_servers, variable)
}

pub fn tools(servers: &McpServers, definition: Definition<Value>) -> (McpTools, Arc<AgentsDefinition>) {
    let agents = definition.split().0;
    (McpTools::new(servers.clone(), &agents), agents)
}

pub async fn call(tools: &McpTools, group: &str, function: &str, city: &str) -> Result<ToolOutput, ToolError> {
    let argument = |name: &str, r#type: &str, value: &str| Argument {
        name: name.into(),
        r#type: r#type.into(),
        value: value.into(),
    };
    let call = ToolCall {
        action_group: group.into(),
        function: function.into(),
        arguments: [argument("city", "string", city), argument("days", "integer", "3")].into_iter().collect(),
        idempotency_key: "session:1:abc".into(),
        ..ToolCall::default()
    };
    tools.call(call).await
}
