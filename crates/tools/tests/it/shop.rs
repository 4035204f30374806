//! A shop's definition, a server that keeps what it is asked, and the executors between them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    ports::{Clock, Random},
    tools::{Argument, Caller, MemoryTables, TableToolsPorts, ToolCall, ToolError, ToolOutput, Tools as _},
};
use relevo_outbound::{Invoke, LambdaEndpoint};
use relevo_tools::{ExecutorPorts, Executors};
use serde_json::{Value, json};

/// One request.
#[derive(Debug, Clone)]
pub struct Seen {
    pub line: String,
    pub headers: HeaderMap,
    pub body: Value,
}

/// What the server answers.
pub enum Reply {
    /// Status and body.
    With(u16, String),
    /// Status, a header, no body.
    Header(u16, &'static str, String),
    /// Bytes that are no text.
    Bytes(Vec<u8>),
    /// A body that breaks off.
    Cut,
    /// Nothing, ever.
    Silence,
}

#[derive(Clone, Default)]
pub struct Server {
    seen: Arc<Mutex<Vec<Seen>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Server {
    /// Serves on a free port; answers its address. When the replies are used up it answers `{}`.
    pub async fn serve(&self, replies: impl IntoIterator<Item = Reply>) -> String {
        *self.replies.lock().unwrap() = replies.into_iter().collect();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn answer(State(server): State<Server>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let line = format!("{method} {uri}");
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    server.seen.lock().unwrap().push(Seen { line, headers, body });
    let reply = server.replies.lock().unwrap().pop_front();
    let response = Response::builder();
    match reply.unwrap_or_else(|| Reply::With(200, "{}".into())) {
        Reply::With(status, body) => response.status(status).body(Body::from(body)),
        Reply::Header(status, name, value) => response.status(status).header(name, value).body(Body::empty()),
        Reply::Bytes(bytes) => response.body(Body::from(bytes)),
        Reply::Cut => {
            let parts = [Ok(Bytes::from_static(b"{\"a\":")), Err(std::io::Error::other("cut"))];
            response.body(Body::from_stream(futures_util::stream::iter(parts)))
        }
        Reply::Silence => std::future::pending().await,
    }
    .unwrap()
}

/// The operations of the shop's API, and two functions.
pub fn definition(tools: &Value) -> Arc<AgentsDefinition> {
    let parameter = |name: &str, place: &str, schema: Value| json!({"name": name, "in": place, "required": place == "path", "schema": schema});
    let list = json!({"type": "array", "items": {"type": "string"}});
    let joined = json!({"name": "sort", "in": "query", "explode": false, "schema": list});
    let deep = json!({"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object"}});
    let api = json!({
        "openapi": "3.0.3",
        "servers": [{"url": "https://orders.invalid/v1"}],
        "paths": {"/orders/{orderId}": {
            "get": {
                "operationId": "getOrder",
                "parameters": [
                    parameter("orderId", "path", json!({"type": "string"})),
                    parameter("tag", "query", list.clone()),
                    joined,
                    deep,
                    parameter("X-Tenant", "header", json!({"type": "string"})),
                ],
            },
            "patch": {
                "parameters": [parameter("orderId", "path", json!({"type": "string"}))],
                "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {
                    "orderId": {"type": "integer"},
                    "gift": {"type": "boolean"},
                    "address": {"type": "object"},
                }}}}},
            },
        }},
    });
    let function = |name: &str| {
        json!({"name": name, "parameters": {
            "order": {"type": "string", "required": true}, "count": {"type": "integer"}, "tags": {"type": "array"},
        }})
    };
    let bot = json!({
        "name": "Shop",
        "languages": ["en"],
        "agent": {
            "agentName": "shop",
            "instruction": "You help the customers of a shop with their orders and parcels.",
            "actionGroups": [
                {"actionGroupName": "Api", "apiSchema": {"payload": api.to_string()}, "actionGroupExecutor": {"lambda": "api-fn"}},
                {"actionGroupName": "Own", "functionSchema": {"functions": [function("look"), function("change")]},
                    "actionGroupExecutor": {"lambda": "arn:aws:lambda:us-east-1:123456789012:function:own"}},
            ],
        },
        "conversation": {},
        "tools": tools,
    });
    let definition = Definition::<Value>::parse(&bot.to_string(), "bot.yaml");
    definition.unwrap_or_else(|problems| panic!("{problems:#?}")).split().0
}

struct Nothing;

impl Clock for Nothing {
    fn now_ms(&self) -> i64 {
        0
    }
}

impl Random for Nothing {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

/// The executors of these tools. `lambda`: the Invoke API's address.
pub fn executors(tools: &Value, lambda: Option<&str>) -> Executors {
    with_lambda(tools, lambda.map(|url| Arc::new(LambdaEndpoint::new(url)) as Arc<dyn Invoke>))
}

/// The executors of these tools, whatever Lambda is.
pub fn with_lambda(tools: &Value, lambda: Option<Arc<dyn Invoke>>) -> Executors {
    let tables = TableToolsPorts {
        tables: Arc::new(MemoryTables::default()),
        clock: Arc::new(Nothing),
        random: Arc::new(Nothing),
    };
    let variable = |name: &str| (name == "SHOP_TOKEN").then(|| "t0ken".to_owned());
    Executors::new(&definition(tools), ExecutorPorts { tables, lambda, mcp: None }, variable)
}

/// A call; each argument with its type.
pub fn call(group: &str, function: &str, arguments: &[(&str, &str, &str)]) -> ToolCall {
    let argument = |(name, r#type, value): &(&str, &str, &str)| Argument {
        name: (*name).into(),
        r#type: (*r#type).into(),
        value: (*value).into(),
    };
    ToolCall {
        action_group: group.into(),
        function: function.into(),
        arguments: arguments.iter().map(argument).collect(),
        session_attributes: [("contactId".to_owned(), "c-1".to_owned())].into(),
        idempotency_key: "session:1:abc".into(),
        caller: Caller {
            agent_name: "shop".into(),
            agent_id: "AAAAAAAAAA".into(),
            session_id: "s-1".into(),
            input_text: "where is it?".into(),
            prompt_session_attributes: [("language".to_owned(), "en".to_owned())].into(),
        },
    }
}

/// One call of the shop's `look`.
pub async fn look(executors: &Executors) -> Result<ToolOutput, ToolError> {
    executors.call(call("Own", "look", &[("order", "string", "10020030")])).await
}
