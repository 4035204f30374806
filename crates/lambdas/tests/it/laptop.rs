//! An AWS on this machine: the local contact centre's wire, and an agent that answers by a fixed rule.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::Request,
    response::{IntoResponse as _, Response},
    routing::post,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use lambda_runtime::tower::ServiceExt as _;
use relevo_connect::{
    Centre,
    centre::{Config, FlowEntry, Ports, QueueConfig},
    flow::Flow,
    ports::{Batch, Clock, FunctionError, Functions, Ids, Store, StoreError, Stream, StreamError, TimeLimit},
    stream::Notification,
};
use relevo_wire::{Options, Wire};
use serde_json::{Value, json};

use crate::function::serve;

pub(crate) const INSTANCE: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:chat";
const FLOW: &str = "22222222-2222-4222-8222-222222222222";

const FLOW_JSON: &str = r#"{"Version":"2019-10-30","StartAction":"wait","Metadata":{},"Actions":[
  {"Identifier":"wait","Type":"Wait","Parameters":{"TimeLimitSeconds":"3600"},
   "Transitions":{"NextAction":"end","Conditions":[
     {"NextAction":"end","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
     "Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

#[derive(Default)]
struct World {
    count: AtomicU64,
    pairs: Mutex<BTreeMap<String, Vec<u8>>>,
    streamed: Mutex<Vec<Notification>>,
    questions: Mutex<Vec<Value>>,
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
    }
}

impl Ids for World {
    fn uuid(&self) -> String {
        format!("{:08x}-0000-4000-8000-{:012x}", std::process::id(), self.count.fetch_add(1, Ordering::Relaxed))
    }
    fn token(&self) -> String {
        format!("token-{:032x}", self.count.fetch_add(1, Ordering::Relaxed))
    }
}

#[async_trait]
impl Store for World {
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let pairs = self.pairs.lock().unwrap();
        Ok(pairs.iter().filter(|(key, _)| key.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())).collect())
    }
    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut pairs = self.pairs.lock().unwrap();
        pairs.extend(batch.put);
        for key in &batch.delete {
            pairs.remove(key);
        }
        Ok(())
    }
}

#[async_trait]
impl Functions for World {
    fn can_process(&self, _: &str) -> bool {
        false
    }

    async fn invoke(&self, arn: &str, _: Value, _: &TimeLimit) -> Result<Value, FunctionError> {
        Err(FunctionError::Unknown(arn.to_owned()))
    }
}

#[async_trait]
impl Stream for World {
    async fn publish(&self, _: &str, notification: Notification) -> Result<(), StreamError> {
        self.streamed.lock().unwrap().push(notification);
        Ok(())
    }
}

/// The laptop, served on a port.
pub(crate) struct Laptop {
    world: Arc<World>,
    router: Router,
    /// `http://…`
    pub(crate) endpoint: String,
}

/// A customer's chat.
pub(crate) struct Customer {
    pub(crate) contact_id: String,
    token: String,
}

impl Laptop {
    pub(crate) async fn open() -> Self {
        let world = Arc::new(World::default());
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
            clock: world.clone(),
            ids: world.clone(),
            store: world.clone(),
            functions: world.clone(),
            stream: world.clone(),
            files: Arc::new(relevo_connect::attachment::MemoryFiles::default()),
        };
        let centre = Centre::open(config, ports).await.unwrap();
        let agent = Router::new()
            .route("/", post(sns))
            .route("/agents/{agent}/agentAliases/{alias}/sessions/{session}/text", post(agent))
            .with_state(world.clone());
        let wire = Wire { centre, agents: None, inline: None, options: Options::new(world.clone(), 8080) };
        let router = relevo_wire::router(wire).merge(agent);
        let endpoint = format!("http://{}", serve(router.clone()).await);
        Self { world, router, endpoint }
    }

    async fn call(&self, method: &str, path: &str, token: &str, body: &Value) -> Value {
        let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
        if !token.is_empty() {
            request = request.header("x-amz-bearer", token);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    pub(crate) async fn chat(&self) -> Customer {
        let start =
            json!({"InstanceId": INSTANCE, "ContactFlowId": FLOW, "ParticipantDetails": {"DisplayName": "Jane"}});
        let started = self.call("PUT", "/contact/chat", "", &start).await;
        let token = started["ParticipantToken"].as_str().unwrap();
        let types = json!({"Type": ["CONNECTION_CREDENTIALS"]});
        let connection = self.call("POST", "/participant/connection", token, &types).await;
        Customer {
            contact_id: started["ContactId"].as_str().unwrap().to_owned(),
            token: connection["ConnectionCredentials"]["ConnectionToken"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn say(&self, customer: &Customer, content: &str) {
        let body = json!({"ContentType": "text/plain", "Content": content});
        let sent = self.call("POST", "/participant/message", &customer.token, &body).await;
        assert!(sent["Id"].is_string(), "{sent}");
    }

    /// What the bot has said.
    pub(crate) async fn said(&self, customer: &Customer) -> Vec<String> {
        let body = json!({"MaxResults": 100, "SortOrder": "ASCENDING"});
        let transcript = self.call("POST", "/participant/transcript", &customer.token, &body).await;
        let items = transcript["Transcript"].as_array().unwrap().iter();
        let items = items.filter(|item| item["ParticipantRole"] == "CUSTOM_BOT" && item["Type"] == "MESSAGE");
        items.map(|item| item["Content"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn attributes(&self, customer: &Customer) -> Value {
        let path = format!("/contact/attributes/{INSTANCE}/{}", customer.contact_id);
        self.call("GET", &path, "", &json!(null)).await["Attributes"].take()
    }

    /// The customer's messages that were streamed since the last time, each as SNS would give it to a Lambda.
    pub(crate) async fn streamed(&self) -> Vec<Value> {
        for _ in 0..200 {
            let all = std::mem::take(&mut *self.world.streamed.lock().unwrap());
            let of_customer = |it: &Notification| {
                let is = |name: &str, value: &str| it.attributes.get(name).is_some_and(|it| it == value);
                is("ParticipantRole", "CUSTOMER") && is("Type", "MESSAGE")
            };
            let messages: Vec<Value> = all.into_iter().filter(of_customer).map(|it| Value::from(it.message)).collect();
            if !messages.is_empty() {
                return messages;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Vec::new()
    }

    /// What the agent was asked.
    pub(crate) fn questions(&self) -> Vec<Value> {
        self.world.questions.lock().unwrap().clone()
    }
}

fn frame(event: &'static str, payload: &Value) -> Vec<u8> {
    let text = |text: &'static str| HeaderValue::String(text.into());
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(Header::new(":event-type", text(event)))
        .add_header(Header::new(":content-type", text("application/json")))
        .add_header(Header::new(":message-type", text("event")));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

/// SNS's `Publish`, as a form: the message joins the contact's stream.
async fn sns(State(world): State<Arc<World>>, form: String) -> Response {
    let fields: BTreeMap<String, String> = form
        .split('&')
        .filter_map(|field| field.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    assert_eq!((fields["Action"].as_str(), fields["TopicArn"].as_str()), ("Publish", TOPIC));
    let entry = |n: u32, what: &str| fields.get(&format!("MessageAttributes.entry.{n}.{what}")).cloned();
    let attributes = (1..20).map_while(|n| Some((entry(n, "Name")?, entry(n, "Value.StringValue")?))).collect();
    world.streamed.lock().unwrap().push(Notification { message: fields["Message"].clone(), attributes });
    "<PublishResponse><PublishResult><MessageId>n</MessageId></PublishResult></PublishResponse>".into_response()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// Repeats what it is told; hands over for a title deed.
async fn agent(State(world): State<Arc<World>>, Json(question): Json<Value>) -> Response {
    world.questions.lock().unwrap().push(question.clone());
    let chunk = |text: &str| frame("chunk", &json!({"bytes": BASE64_STANDARD.encode(text)}));
    let body = match question["inputText"].as_str() {
        Some(text) if text.contains("escritura") => frame(
            "returnControl",
            &json!({"invocationId": "inv-1", "invocationInputs": [{"functionInvocationInput": {
                "actionGroup": "Escalation", "function": "escalate", "actionInvocationType": "RESULT",
                "parameters": [{"name": "order_number", "type": "string", "value": "10020030"}]}}]}),
        ),
        Some(text) => chunk(&format!("Eco: {text}")),
        None => chunk("ok"),
    };
    let head = [
        ("content-type", "application/vnd.amazon.eventstream"),
        ("x-amzn-bedrock-agent-content-type", "application/json"),
        ("x-amz-bedrock-agent-session-id", "session"),
    ];
    (head, body).into_response()
}
