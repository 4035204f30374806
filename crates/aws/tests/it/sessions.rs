//! The table's conversation with DynamoDB, written down: how many requests, lost answers, foreign writes.

use relevo_aws::DynamoSessions;
use relevo_bot::sessions::{
    Change, Message, MessageKind, Op, Outcome, Session, SessionRecord, Sessions, Status, decide,
};
use serde_json::{Map, Value, json};

use crate::connector::{Answer, Scripted, Sent, clients};

const KEY: &str = "contact-1";
const NOW: i64 = 1_700_000_000_000;

fn sessions(script: &Scripted) -> DynamoSessions {
    DynamoSessions::new(&clients(script.clone()), "sessions")
}

fn applied(record: Option<&SessionRecord>, op: Op) -> SessionRecord {
    match decide(KEY, record, op).1 {
        Change::Put(record) => *record,
        other => panic!("{other:?}"),
    }
}

fn open() -> SessionRecord {
    let starting = applied(None, Op::Reserve { contact_id: KEY.into(), call: 1, now_ms: NOW, keep_ms: 1_000 });
    applied(Some(&starting), Op::Open { fence: 1, session: Box::new(starting.session.clone()), early: Vec::new() })
}

fn deliver(id: &str) -> Op {
    let message = Message { id: id.into(), time_ms: NOW, kind: MessageKind::Text("hola".into()) };
    Op::Deliver { message, now_ms: NOW, lease_ms: 10_000 }
}

/// DynamoDB's JSON of a value.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(it) => json!({"BOOL": it}),
        Value::Number(it) => json!({"N": it.to_string()}),
        Value::String(it) => json!({"S": it}),
        Value::Array(them) => json!({"L": them.iter().map(attribute).collect::<Vec<_>>()}),
        Value::Object(members) => json!({"M": attributes(members)}),
    }
}

fn attributes(members: &Map<String, Value>) -> Value {
    members.iter().map(|(name, it)| (name.clone(), attribute(it))).collect::<Map<_, _>>().into()
}

fn item(record: &SessionRecord, write_id: &str) -> Value {
    let mut value = serde_json::to_value(record).unwrap();
    value["writeId"] = json!(write_id);
    attributes(value.as_object().unwrap())
}

pub(crate) fn refused(item: Option<Value>) -> Answer {
    let mut body = json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed"});
    if let Some(item) = item {
        body["Item"] = item;
    }
    Answer::json(400, "", &body)
}

fn targets(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|it| it.target.rsplit('.').next().unwrap()).collect()
}

#[tokio::test]
async fn a_message_in_the_ordinary_case_is_one_request() {
    let turn = applied(Some(&open()), deliver("m1"));
    let script = Scripted::new([Answer::json(200, "", &json!({"Attributes": item(&turn, "w")}))]);
    let outcome = sessions(&script).apply(KEY, deliver("m1")).await.unwrap();
    assert_eq!(outcome, Outcome::Turn(Box::new(turn)));
    let sent = script.sent();
    assert_eq!(targets(&sent), ["UpdateItem"]);
    let body = &sent[0].body;
    assert_eq!(body["Key"], json!({"contactId": {"S": KEY}}));
    assert_eq!(
        (&body["ReturnValues"], &body["ReturnValuesOnConditionCheckFailure"]),
        (&json!("ALL_NEW"), &json!("ALL_OLD"))
    );
}

#[tokio::test]
async fn a_refused_message_is_decided_on_the_item_that_came_along() {
    let working = applied(Some(&open()), deliver("m1"));
    let closed = SessionRecord { status: Status::Closed, ..open() };
    let starting = applied(None, Op::Reserve { contact_id: KEY.into(), call: 1, now_ms: NOW, keep_ms: 1_000 });
    let done = SessionRecord { taken: Vec::new(), lease_until_ms: 0, ..working.clone() };
    let table = [
        (Some(item(&working, "other")), "m1", Outcome::Busy),
        (Some(item(&done, "other")), "m1", Outcome::Duplicate),
        (Some(item(&closed, "other")), "m1", Outcome::Closed(Box::new(closed))),
        (Some(item(&starting, "other")), "m1", Outcome::Busy),
        (None, "m1", Outcome::Unknown),
    ];
    for (item, id, wanted) in table {
        let script = Scripted::new([refused(item)]);
        assert_eq!(sessions(&script).apply(KEY, deliver(id)).await, Ok(wanted));
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test]
async fn a_message_that_must_wait_is_two_requests() {
    let working = applied(Some(&open()), deliver("m1"));
    let script = Scripted::new([refused(Some(item(&working, "other"))), Answer::json(200, "", &json!({}))]);
    assert_eq!(sessions(&script).apply(KEY, deliver("m2")).await, Ok(Outcome::Waiting));
    let sent = script.sent();
    assert_eq!(targets(&sent), ["UpdateItem", "PutItem"]);
    let condition = &sent[1].body;
    assert_eq!(condition["ExpressionAttributeNames"], json!({"#it": "version"}));
    assert_eq!(condition["ExpressionAttributeValues"][":version"]["N"], working.version.to_string());
    assert_eq!(condition["Item"]["inbox"]["L"][0]["M"]["id"]["S"], "m2");
}

/// The script cannot know the id of a write beforehand: the service here gives back what it was sent.
#[tokio::test(start_paused = true)]
async fn a_write_whose_answer_was_lost_is_not_refused_by_its_own_effect() {
    let before = open();
    let after = applied(Some(&before), deliver("m1"));
    let echo = echo::Echo::new(Answer::Broken, move |write_id| refused(Some(item(&after, write_id))));
    let sessions = DynamoSessions::new(&clients(echo), "sessions");
    let outcome = sessions.apply(KEY, deliver("m1")).await.unwrap();
    assert!(matches!(outcome, Outcome::Turn(record) if record.taken.len() == 1));
}

#[tokio::test(start_paused = true)]
async fn a_foreign_write_in_between_begins_it_again_from_the_item_as_it_is() {
    let one = applied(Some(&open()), deliver("m1"));
    let two = applied(Some(&one), deliver("m2"));
    let script = Scripted::new([
        refused(Some(item(&one, "a"))),
        refused(Some(item(&two, "b"))),
        Answer::json(200, "", &json!({})),
    ]);
    assert_eq!(sessions(&script).apply(KEY, deliver("m3")).await, Ok(Outcome::Waiting));
    let put = &script.sent()[2].body["Item"];
    let ids: Vec<_> =
        put["inbox"]["L"].as_array().unwrap().iter().map(|it| it["M"]["id"]["S"].as_str().unwrap()).collect();
    assert_eq!(ids, ["m2", "m3"]);
    // Writers without end are an error, not a loop.
    let script = Scripted::new((0..40).map(|_| refused(Some(item(&one, "a")))));
    assert!(sessions(&script).apply(KEY, deliver("m3")).await.is_err());
}

#[tokio::test]
async fn a_new_contact_is_one_request_and_a_known_one_is_learnt_from_the_refusal() {
    let reserve = || Op::Reserve { contact_id: KEY.into(), call: 1, now_ms: NOW, keep_ms: 1_000 };
    let script = Scripted::new([Answer::json(200, "", &json!({}))]);
    assert!(matches!(sessions(&script).apply(KEY, reserve()).await, Ok(Outcome::Reserved(_))));
    let sent = script.sent();
    assert_eq!(sent[0].body["ConditionExpression"], "attribute_not_exists(#it)");
    assert_eq!(sent[0].body["Item"]["ttl"], json!({"N": "1700000001"}));
    let script = Scripted::new([refused(Some(item(&open(), "other")))]);
    assert!(matches!(sessions(&script).apply(KEY, reserve()).await, Ok(Outcome::AlreadyOpen(_))));
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_reading_is_consistent() {
    let script =
        Scripted::new([Answer::json(200, "", &json!({"Item": item(&open(), "w")})), Answer::json(200, "", &json!({}))]);
    let sessions = sessions(&script);
    assert_eq!(sessions.apply(KEY, Op::Read).await, Ok(Outcome::Record(Box::new(open()))));
    assert_eq!(sessions.apply(KEY, Op::Read).await, Ok(Outcome::Unknown));
    assert_eq!(script.sent()[0].body["ConsistentRead"], true);
}

#[tokio::test(start_paused = true)]
async fn failures_are_tried_three_times_and_say_nothing_of_the_item() {
    let throttle = || Answer::json(400, "", &json!({"__type": "x#ThrottlingException", "message": "slow down"}));
    let session = Box::new(Session { language: "secreto".into(), ..Session::default() });
    let save = Op::Save { fence: 1, session, status: Status::Open, now_ms: NOW, lease_ms: 1 };
    for answers in [vec![throttle(), throttle(), throttle()], vec![Answer::Silence, Answer::Silence, Answer::Silence]] {
        let script = Scripted::new(answers);
        let error = sessions(&script).apply(KEY, save.clone()).await.unwrap_err();
        assert_eq!(script.sent().len(), 3);
        assert!(!format!("{error:?}").contains("secreto"), "{error:?}");
    }
    let wrong = Answer::json(400, "", &json!({"__type": "x#ResourceNotFoundException", "message": "no table secreto"}));
    let error = sessions(&Scripted::new([wrong])).apply(KEY, save).await.unwrap_err();
    assert_eq!(error.to_string(), "sessions: ResourceNotFoundException (400)");
}

/// A service that answers the first request with what it is told, and the second from the first one's `writeId`.
pub(crate) mod echo {
    use std::sync::{Arc, Mutex};

    use aws_smithy_runtime_api::client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::HttpRequest,
        runtime_components::RuntimeComponents,
    };
    use serde_json::Value;

    use crate::connector::{Answer, Scripted};

    type Second = Arc<dyn Fn(&str) -> Answer + Send + Sync>;

    #[derive(Clone)]
    pub(crate) struct Echo {
        first: Arc<Mutex<Option<Answer>>>,
        second: Second,
    }

    impl Echo {
        pub(crate) fn new(first: Answer, second: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
            Self { first: Arc::new(Mutex::new(Some(first))), second: Arc::new(second) }
        }
    }

    impl std::fmt::Debug for Echo {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Echo")
        }
    }

    impl HttpConnector for Echo {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            let in_update = body["ExpressionAttributeValues"][":writeId"]["S"].as_str();
            let write_id = in_update.or(body["Item"]["writeId"]["S"].as_str()).unwrap();
            let answer = self.first.lock().unwrap().take().unwrap_or_else(|| (self.second)(write_id));
            Scripted::new([answer]).call(request)
        }
    }

    impl HttpClient for Echo {
        fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
            SharedHttpConnector::new(self.clone())
        }
    }
}
