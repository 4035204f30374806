//! A centre with its fakes, and the few steps that most tests begin with.

use std::{sync::Arc, time::Duration};

use relevo_connect::{
    Centre, Error, ErrorKind,
    api::{Connection, CreateConnection, CreateParticipant, CreatedParticipant, Send, Sent, StartChatContact},
    centre::{Config, FlowEntry, Ports, QueueConfig, Subscription},
    flow::Flow,
    item::{Role, event},
};
use secrecy::SecretString;

use crate::fakes::{Counted, FakeFunctions, FakeTopic, MemoryStore, TestClock, brief};

pub(crate) const INSTANCE: &str = "11111111-2222-4333-8444-555555555555";
pub(crate) const QUEUE: &str = "99999999-2222-4333-8444-555555555555";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:chat";
pub(crate) const START_MS: i64 = 1_700_000_000_000;

/// Greets and waits for an hour, then hangs up.
pub(crate) const GREETING: &str = r#"{"Version":"2019-10-30","StartAction":"hello","Actions":[
  {"Identifier":"hello","Type":"MessageParticipant","Parameters":{"Text":"Hello"},
   "Transitions":{"NextAction":"wait","Errors":[{"NextAction":"wait","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"wait","Type":"Wait","Parameters":{"TimeLimitSeconds":"3600"},
   "Transitions":{"NextAction":"end","Conditions":[
     {"NextAction":"late","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
     "Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"late","Type":"MessageParticipant","Parameters":{"Text":"It is late"},
   "Transitions":{"NextAction":"end","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

/// Calls a function that brings the bot, waits for the bot to leave, and hands over to the queue.
pub(crate) fn bot_flow() -> String {
    r#"{"Version":"2019-10-30","StartAction":"hello","Actions":[
  {"Identifier":"hello","Type":"MessageParticipant","Parameters":{"Text":"Hello"},
   "Transitions":{"NextAction":"call","Errors":[{"NextAction":"call","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"call","Type":"InvokeLambdaFunction","Parameters":{"LambdaFunctionARN":"arn:start-bot",
    "InvocationTimeLimitSeconds":"8","LambdaInvocationAttributes":{"greeting":"short"},
    "ResponseValidation":{"ResponseType":"STRING_MAP"}},
   "Transitions":{"NextAction":"check","Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"check","Type":"Compare","Parameters":{"ComparisonValue":"$.External.status"},
   "Transitions":{"NextAction":"sorry","Conditions":[
     {"NextAction":"wait","Condition":{"Operator":"Equals","Operands":["success"]}}],
     "Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingCondition"}]}},
  {"Identifier":"wait","Type":"Wait","Parameters":{"TimeLimitSeconds":"3600","Events":["BotParticipantDisconnected"]},
   "Transitions":{"NextAction":"sorry","Conditions":[
     {"NextAction":"target","Condition":{"Operator":"Equals","Operands":["BotParticipantDisconnected"]}},
     {"NextAction":"target","Condition":{"Operator":"Equals","Operands":["WaitCompleted"]}}],
     "Errors":[{"NextAction":"sorry","ErrorType":"ParticipantNotFound"},
               {"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"target","Type":"UpdateContactTargetQueue","Parameters":{"QueueId":"QUEUE"},
   "Transitions":{"NextAction":"queue","Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{},
   "Transitions":{"NextAction":"full","Errors":[{"NextAction":"full","ErrorType":"QueueAtCapacity"},
               {"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"full","Type":"MessageParticipant","Parameters":{"Text":"Nobody is free"},
   "Transitions":{"NextAction":"end","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"sorry","Type":"MessageParticipant","Parameters":{"Text":"Sorry"},
   "Transitions":{"NextAction":"end","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#
        .replace("QUEUE", QUEUE)
}

/// Straight to the queue.
pub(crate) fn queue_flow() -> String {
    format!(
        r#"{{"Version":"2019-10-30","StartAction":"target","Actions":[
  {{"Identifier":"target","Type":"UpdateContactTargetQueue","Parameters":{{"QueueId":"{QUEUE}"}},
   "Transitions":{{"NextAction":"queue","Errors":[{{"NextAction":"full","ErrorType":"NoMatchingError"}}]}}}},
  {{"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{{}},
   "Transitions":{{"NextAction":"full","Errors":[{{"NextAction":"full","ErrorType":"QueueAtCapacity"}},
               {{"NextAction":"full","ErrorType":"NoMatchingError"}}]}}}},
  {{"Identifier":"full","Type":"MessageParticipant","Parameters":{{"Text":"Nobody is free"}},
   "Transitions":{{"NextAction":"end","Errors":[{{"NextAction":"end","ErrorType":"NoMatchingError"}}]}}}},
  {{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{{}},"Transitions":{{}}}}]}}"#
    )
}

/// One process: a centre on its fakes.
pub(crate) struct World {
    pub(crate) centre: Centre,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) functions: Arc<FakeFunctions>,
    pub(crate) topic: Arc<FakeTopic>,
}

pub(crate) fn config(flows: &[(&str, &str)]) -> Config {
    let entry = |(id, json): &(&str, &str)| FlowEntry {
        id: (*id).to_owned(),
        name: format!("The flow {id}"),
        flow: Arc::new(Flow::parse(json).expect("the test's flow is right")),
    };
    Config {
        instance_id: INSTANCE.into(),
        account_id: "123456789012".into(),
        region: "us-east-1".into(),
        flows: flows.iter().map(entry).collect(),
        queue: QueueConfig { id: QUEUE.into(), name: "People".into(), staffed_agents: 1, capacity: None },
        message_limit_bytes: 16_384.into(),
        desk: relevo_connect::desk::DeskConfig::default(),
        more_queues: Vec::new(),
        hours: Vec::new(),
    }
}

impl World {
    /// A fresh centre with one flow, `main`.
    pub(crate) async fn with_flow(json: &str) -> Self {
        Self::open(config(&[("main", json)]), Arc::default(), Arc::new(Counted::default()), START_MS).await
    }

    pub(crate) async fn open(config: Config, store: Arc<MemoryStore>, ids: Arc<Counted>, now_ms: i64) -> Self {
        let (functions, topic) = (Arc::<FakeFunctions>::default(), Arc::<FakeTopic>::default());
        Self::open_with(config, store, ids, now_ms, functions, topic).await
    }

    pub(crate) async fn open_with(
        config: Config,
        store: Arc<MemoryStore>,
        ids: Arc<Counted>,
        now_ms: i64,
        functions: Arc<FakeFunctions>,
        topic: Arc<FakeTopic>,
    ) -> Self {
        let ports = Ports {
            clock: Arc::new(TestClock::at(now_ms)),
            ids,
            store: store.clone(),
            functions: functions.clone(),
            stream: topic.clone(),
            files: store.files.clone(),
        };
        let centre = Centre::open(config, ports).await.expect("the centre opens");
        *functions.centre.lock().unwrap() = Some(centre.clone());
        Self { centre, store, functions, topic }
    }

    /// A started contact whose customer has connected by websocket.
    pub(crate) async fn customer(&self) -> Customer {
        self.customer_with(start()).await
    }

    pub(crate) async fn customer_with(&self, request: StartChatContact) -> Customer {
        let started = self.centre.start_chat_contact(request).await.expect("the chat starts");
        let (token, secret) = connect(&self.centre, &started.participant_token).await;
        let socket = self.centre.open_websocket(&secret).await.expect("the websocket opens");
        Customer { contact_id: started.contact_id, participant_token: started.participant_token, token, socket }
    }

    /// A bot in the contact, with its connection token.
    pub(crate) async fn bot(&self, contact_id: &str) -> SecretString {
        let bot = self.centre.create_participant(bot(contact_id, None)).await.expect("the bot is created");
        connect(&self.centre, &bot.participant_token).await.0
    }

    pub(crate) async fn stream(&self, contact_id: &str, client_token: &str) -> String {
        let streaming = self.centre.start_contact_streaming(INSTANCE, contact_id, TOPIC, client_token);
        streaming.await.expect("the streaming starts")
    }

    pub(crate) async fn say(&self, token: &SecretString, text: &str) -> Sent {
        self.centre.send_message(token, text_message(text, None)).await.expect("the message is sent")
    }

    /// The whole transcript in a word each.
    pub(crate) async fn transcript(&self, contact_id: &str) -> Vec<String> {
        let items = self.centre.transcript(contact_id).await.expect("the contact has a transcript");
        items.iter().map(|i| brief(&serde_json::to_string(i).unwrap())).collect()
    }
}

/// A connected customer.
pub(crate) struct Customer {
    pub(crate) contact_id: String,
    pub(crate) participant_token: SecretString,
    pub(crate) token: SecretString,
    pub(crate) socket: Subscription,
}

impl Customer {
    /// What the socket has received, in a word each.
    pub(crate) fn heard(&mut self) -> Vec<String> {
        heard(&mut self.socket)
    }
}

pub(crate) fn heard(socket: &mut Subscription) -> Vec<String> {
    std::iter::from_fn(|| socket.items.try_recv().ok()).map(|json| brief(&json)).collect()
}

pub(crate) fn start() -> StartChatContact {
    StartChatContact {
        instance_id: INSTANCE.into(),
        contact_flow_id: "main".into(),
        display_name: "Ana".into(),
        ..StartChatContact::default()
    }
}

pub(crate) fn bot(contact_id: &str, client_token: Option<&str>) -> CreateParticipant {
    CreateParticipant {
        instance_id: INSTANCE.into(),
        contact_id: contact_id.into(),
        client_token: client_token.map(str::to_owned),
        role: Role::CustomBot,
        display_name: "Bot".into(),
    }
}

pub(crate) fn both() -> CreateConnection {
    CreateConnection { websocket: true, credentials: true, connect_participant: false }
}

pub(crate) async fn connect(centre: &Centre, participant_token: &SecretString) -> (SecretString, SecretString) {
    let connection = centre.create_participant_connection(participant_token, both()).await;
    secrets(connection.expect("the connection is created"))
}

pub(crate) fn secrets(connection: Connection) -> (SecretString, SecretString) {
    (connection.credentials.unwrap().0, connection.websocket.unwrap().0)
}

pub(crate) fn text_message(text: &str, client_token: Option<&str>) -> Send {
    Send {
        content_type: "text/plain".into(),
        content: Some(text.into()),
        client_token: client_token.map(str::to_owned),
    }
}

pub(crate) fn typing() -> Send {
    Send { content_type: event::TYPING.into(), content: None, client_token: None }
}

pub(crate) async fn accept(centre: &Centre, contact_id: &str) -> CreatedParticipant {
    centre.desk_accept(contact_id, "Eva").await.expect("the contact is accepted")
}

/// Lets everything run that can, and the paused time go on.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// A call as a client makes it: again after the service's own failures.
pub(crate) async fn insist<T, F: Future<Output = Result<T, Error>>>(call: impl Fn() -> F) -> Result<T, Error> {
    loop {
        match call().await {
            Err(error) if error.kind == ErrorKind::Internal => tokio::time::sleep(Duration::from_millis(100)).await,
            answer => return answer,
        }
    }
}

pub(crate) fn kind<T>(answer: Result<T, Error>) -> ErrorKind {
    match answer {
        Ok(_) => panic!("this should have been refused"),
        Err(error) => error.kind,
    }
}
