//! Streamable HTTP, against the SDK's own server.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::Request, middleware};
use relevo_agents::{run::Team, tools::ToolError};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult, PaginatedRequestParams,
        ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::support::{bot, call, servers, tools};

/// Keeps what it was called with.
#[derive(Clone, Default)]
struct Weather {
    calls: Arc<Mutex<Vec<Value>>>,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl ServerHandler for Weather {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = json!({
            "type": "object",
            "required": ["city"],
            "properties": {"city": {"$ref": "#/$defs/City"}, "days": {"type": "integer", "maximum": 7}},
            "$defs": {"City": {"type": "string", "description": "Where"}},
        });
        let tool = |name: &'static str| {
            let Value::Object(schema) = schema.clone() else { panic!() };
            Tool::new(name, "Tells the weather", schema)
        };
        Ok(ListToolsResult::with_all_items(vec![tool("forecast"), tool("history"), tool("storm.warnings")]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let city = request.arguments.as_ref().unwrap()["city"].as_str().unwrap().to_owned();
        let key = context
            .meta
            .get("idempotencyKey")
            .cloned()
            .or_else(|| Some(request.meta?.0.0.get("idempotencyKey")?.clone()));
        self.calls.lock().unwrap().push(json!([request.name, request.arguments, key]));
        let text = |text: &str| vec![ContentBlock::text(text)];
        Ok(match city.as_str() {
            "Atlantis" => CallToolResult::error(text("there is no such city")),
            "Nowhere" => return Err(ErrorData::invalid_params("city must be a city", None)),
            "Hell" => return Err(ErrorData::internal_error("Hell is where the customer lives", None)),
            "Everywhere" => CallToolResult::success(text(&"x".repeat(30_000))),
            "Galaxy" => CallToolResult::success(text(&"x".repeat(2_000_000))),
            "Lima" => CallToolResult::structured(json!({"sky": "grey"})),
            _ => CallToolResult::success(vec![ContentBlock::text("sunny"), ContentBlock::image("aa==", "image/png")]),
        }
        .into())
    }
}

impl Weather {
    fn serve(&self, listener: TcpListener) -> JoinHandle<()> {
        let weather = self.clone();
        let service = StreamableHttpService::new(
            move || Ok(weather.clone()),
            Arc::new(LocalSessionManager::default()),
            StreamableHttpServerConfig::default(),
        );
        let tokens = self.tokens.clone();
        let kept = middleware::from_fn(move |request: Request, next: middleware::Next| {
            let token = request.headers().get("authorization").map(|it| it.to_str().unwrap().to_owned());
            tokens.lock().unwrap().extend(token);
            next.run(request)
        });
        let router = Router::new().nest_service("/mcp", service).layer(kept);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
    }
}

async fn listener() -> (TcpListener, Value) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    (listener, json!({"url": url, "bearerFrom": "WEATHER_TOKEN"}))
}

#[tokio::test]
async fn a_servers_tools_are_an_action_groups_functions() {
    let weather = Weather::default();
    let (listener, server) = listener().await;
    weather.serve(listener);
    for (offered, wanted) in
        [(json!("all"), vec!["forecast", "history", "storm.warnings"]), (json!(["history", "gone"]), vec!["history"])]
    {
        let mut definition = bot(&server, &offered);
        let (functions, missing) = servers(&definition).offered(&definition.tools).await;
        let gone = ["the MCP server weather has no tool gone".to_owned()];
        assert_eq!(missing, gone[..usize::from(offered != "all")]);
        definition.agent.offer(&functions);
        let group = &definition.agent.action_groups[0];
        let names: Vec<&str> = group.functions().map(|function| function.name.as_str()).collect();
        assert_eq!(names, wanted);
        let function = group.functions().next().unwrap();
        assert!(function.parameters["city"].required && !function.parameters["days"].required);
        let team = Team::new(&definition.agent);
        let spec = &team.member("weather").unwrap().tools[0];
        assert_eq!(spec.name, format!("Offered__{}", wanted[0]));
        assert_eq!(spec.description, "Tells the weather");
        assert_eq!(
            spec.input_schema["properties"],
            json!({"city": {"type": "string", "description": "Where"}, "days": {"type": "integer", "maximum": 7}})
        );
    }
    assert!(weather.tokens.lock().unwrap().iter().all(|token| token == "Bearer t0ken"));
    assert!(!weather.tokens.lock().unwrap().is_empty());
}

#[tokio::test]
async fn calls_go_out_with_their_key_and_come_back_as_text() {
    let weather = Weather::default();
    let (listener, server) = listener().await;
    weather.serve(listener);
    let mut definition = bot(&server, &json!("all"));
    let servers = servers(&definition);
    let (functions, _) = servers.offered(&definition.tools).await;
    definition.agent.offer(&functions);
    let (tools, _) = tools(&servers, definition);
    for (city, text, error) in [
        ("Madrid", "sunny\n(an image)", false),
        ("Lima", r#"{"sky":"grey"}"#, false),
        ("Atlantis", "there is no such city", true),
        ("Nowhere", "city must be a city", true),
        ("Everywhere", "The answer is too long. Ask for less.", true),
    ] {
        let output = call(&tools, "Offered", "forecast", city).await.unwrap();
        assert_eq!((output.text.as_str(), output.error), (text, error), "{city}");
    }
    let failed = call(&tools, "Own", "tomorrow", "Hell").await.unwrap_err();
    assert!(matches!(&failed, ToolError::Failed(cause) if !cause.contains("customer")), "{failed}");
    let calls = weather.calls.lock().unwrap();
    assert_eq!(calls[0], json!(["forecast", {"city": "Madrid", "days": 3}, "session:1:abc"]));
    assert_eq!(calls[5][0], "forecast", "a function of our own goes to the tool that it names");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let weather = Weather::default();
    let (listener, server) = listener().await;
    weather.serve(listener);
    let definition = bot(&server, &json!("all"));
    let servers = servers(&definition);
    let (tools, _) = tools(&servers, definition);
    // How long it may take is the caller's business.
    let time = std::time::Duration::from_secs(2);
    let outcome = tokio::time::timeout(time, call(&tools, "Own", "tomorrow", "Galaxy")).await;
    assert!(!matches!(outcome, Ok(Ok(_))), "{outcome:?}");
    let output = call(&tools, "Own", "tomorrow", "Madrid").await.unwrap();
    assert!(output.text.contains("sunny"), "and the server is called again");
}

#[tokio::test]
async fn a_server_that_was_down_is_connected_again() {
    let weather = Weather::default();
    let (first, server) = listener().await;
    let address = first.local_addr().unwrap();
    drop(first);
    let definition = bot(&server, &json!("all"));
    let servers = servers(&definition);
    let (functions, missing) = servers.offered(&definition.tools).await;
    assert!(functions.is_empty() && missing[0].contains("the action group Offered has no functions"), "{missing:?}");
    assert!(!missing[0].contains("t0ken"), "{missing:?}");
    let (tools, _) = tools(&servers, definition);
    let down = call(&tools, "Own", "tomorrow", "Madrid").await;
    assert!(matches!(down, Err(ToolError::Passing(_))), "{down:?}");
    // It comes, goes, and comes back without its sessions.
    for _ in 0..2 {
        let up = weather.serve(TcpListener::bind(address).await.unwrap());
        let mut attempts = (0..3).collect::<Vec<_>>();
        loop {
            attempts.pop().expect("it is not connected again");
            match call(&tools, "Own", "tomorrow", "Madrid").await {
                Ok(output) => break assert!(output.text.contains("sunny")),
                Err(error) => assert!(matches!(error, ToolError::Passing(_)), "{error:?}"),
            }
        }
        up.abort();
        drop(up.await);
    }
}
