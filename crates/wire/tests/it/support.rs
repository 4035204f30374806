//! A contact centre in memory behind the wire, and a client that speaks plain HTTP to it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use relevo_agents::runtime::{InlineAgents, Runtime};
use relevo_connect::{
    Centre,
    centre::{Config, FlowEntry, Ports, QueueConfig},
    flow::Flow,
    ports::{Batch, Clock, FunctionError, Functions, Ids, Store, StoreError, Stream, StreamError, TimeLimit},
    stream::Notification,
};
use relevo_wire::{Options, Wire};
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt as _;

pub(crate) const INSTANCE: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const FLOW: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const PROCESSOR: &str = "arn:aws:lambda:us-east-1:123456789012:function:processor";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:chat";
/// The port in websocket URLs, where nobody listens on it.
pub(crate) const PORT: u16 = 8080;

/// Greets and queues.
const FLOW_JSON: &str = r#"{"Version":"2019-10-30","StartAction":"hello","Metadata":{},"Actions":[
  {"Identifier":"hello","Type":"MessageParticipant","Parameters":{"Text":"Welcome"},
   "Transitions":{"NextAction":"target","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"target","Type":"UpdateContactTargetQueue",
   "Parameters":{"QueueId":"33333333-3333-4333-8333-333333333333"},
   "Transitions":{"NextAction":"queue","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{},
   "Transitions":{"NextAction":"end","Errors":[
     {"NextAction":"end","ErrorType":"QueueAtCapacity"},{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

/// Never the same twice, and goes on with tokio's time.
struct TestClock(AtomicI64, Instant);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed) + i64::try_from(self.1.elapsed().as_millis()).unwrap()
    }
}

#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Ids for Counter {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
    fn token(&self) -> String {
        format!("token-{:032x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl Store for Memory {
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let pairs = self.0.lock().unwrap();
        Ok(pairs.iter().filter(|(key, _)| key.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())).collect())
    }
    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut pairs = self.0.lock().unwrap();
        pairs.extend(batch.put);
        for key in &batch.delete {
            pairs.remove(key);
        }
        Ok(())
    }
}

struct Outside;

#[async_trait]
impl Functions for Outside {
    fn can_process(&self, arn: &str) -> bool {
        arn == PROCESSOR
    }

    async fn invoke(&self, arn: &str, _: Value, limit: &TimeLimit) -> Result<Value, FunctionError> {
        match arn {
            // Lets every message through, after a second.
            PROCESSOR => {
                limit.begin();
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok(json!({"status": "APPROVED"}))
            }
            _ => Err(FunctionError::Unknown(arn.to_owned())),
        }
    }
}

#[async_trait]
impl Stream for Outside {
    async fn publish(&self, _: &str, _: Notification) -> Result<(), StreamError> {
        Ok(())
    }
}

async fn centre() -> Centre {
    let flow = Arc::new(Flow::parse(FLOW_JSON).unwrap());
    let config = Config {
        instance_id: INSTANCE.into(),
        account_id: "123456789012".into(),
        region: "us-east-1".into(),
        flows: vec![FlowEntry { id: FLOW.into(), name: "main".into(), flow }],
        queue: QueueConfig {
            id: "33333333-3333-4333-8333-333333333333".into(),
            name: "people".into(),
            staffed_agents: 1,
            capacity: None,
        },
        message_limit_bytes: 16_384.into(),
        desk: relevo_connect::desk::DeskConfig::default(),
        more_queues: Vec::new(),
        hours: Vec::new(),
    };
    let ports = Ports {
        clock: Arc::new(TestClock(AtomicI64::new(1_700_000_000_000), Instant::now())),
        ids: Arc::new(Counter::default()),
        store: Arc::new(Memory::default()),
        functions: Arc::new(Outside),
        stream: Arc::new(Outside),
        files: Arc::new(relevo_connect::attachment::MemoryFiles::default()),
    };
    Centre::open(config, ports).await.unwrap()
}

/// A server without a socket.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) router: Router,
    /// What the router serves, for what only the desk can do.
    pub(crate) centre: Centre,
}

/// An answer, its body read as JSON (`null` where it is none).
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts a refusal in AWS's shape and gives its message.
    pub(crate) fn refusal(&self, status: u16, error_type: &str, member: &str) -> &str {
        assert_eq!((self.status.as_u16(), self.header("x-amzn-errortype")), (status, error_type), "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        assert!(!self.header("x-amzn-requestid").is_empty(), "{self:?}");
        let members: Vec<_> = self.body.as_object().unwrap().keys().collect();
        assert_eq!(members, [member], "{self:?}");
        self.body[member].as_str().unwrap()
    }

    /// Asserts a JSON answer.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        self.body
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Options::new(Arc::new(Counter::default()), PORT)).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self::over(options, None, None).await
    }

    pub(crate) async fn with_agents(agents: Runtime) -> Self {
        Self::over(Options::new(Arc::new(Counter::default()), PORT), Some(agents), None).await
    }

    pub(crate) async fn with_inline(inline: InlineAgents) -> Self {
        Self::over(Options::new(Arc::new(Counter::default()), PORT), None, Some(Arc::new(inline))).await
    }

    pub(crate) async fn over(options: Options, agents: Option<Runtime>, inline: Option<Arc<InlineAgents>>) -> Self {
        let centre = centre().await;
        let router = relevo_wire::router(Wire { centre: centre.clone(), agents, inline, options });
        Self { router, centre }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Sends JSON, with a bearer token unless it is empty.
    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Reply {
        self.send(request(method, path, token, body.to_string().into_bytes())).await
    }

    /// Asserts that the server still serves.
    pub(crate) async fn alive(&self) {
        let chat = self.start_chat().await;
        assert!(chat["ContactId"].is_string());
    }

    pub(crate) async fn start_chat(&self) -> Value {
        self.call("PUT", "/contact/chat", "", &start_chat()).await.ok()
    }

    /// A connected customer: contact, connection token, websocket URL.
    pub(crate) async fn customer(&self) -> (String, String, String) {
        let chat = self.start_chat().await;
        let token = chat["ParticipantToken"].as_str().unwrap();
        let types = json!({"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]});
        let connection = self.call("POST", "/participant/connection", token, &types).await.ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let token = text(&connection["ConnectionCredentials"]["ConnectionToken"]);
        (text(&chat["ContactId"]), token, text(&connection["Websocket"]["Url"]))
    }
}

/// The least a chat needs.
pub(crate) fn start_chat() -> Value {
    json!({
        "InstanceId": INSTANCE,
        "ContactFlowId": FLOW,
        "ParticipantDetails": {"DisplayName": "Jane"},
    })
}

/// A JSON request as an SDK would send it.
pub(crate) fn request(method: &str, path: &str, token: &str, body: Vec<u8>) -> Request<Body> {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path)
        .header("host", "127.0.0.1:8080")
        .header("content-type", "application/json");
    if !token.is_empty() {
        request = request.header("x-amz-bearer", token);
    }
    request.body(Body::from(body)).unwrap()
}
