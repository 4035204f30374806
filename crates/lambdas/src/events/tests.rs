//! Events of every kind, good and malformed.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const ITEM: &str = r#"{"Id":"m1","Type":"MESSAGE","ParticipantRole":"CUSTOMER","Content":"hola"}"#;

fn sns(message: &str) -> Value {
    json!({"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": "arn:…", "Sns": {
        "Type": "Notification", "MessageId": "n1", "TopicArn": "arn:…", "Subject": null, "Message": message,
        "Timestamp": "2019-01-02T12:45:07.000Z", "SignatureVersion": "1", "Signature": "…",
        "SigningCertUrl": "https://…", "UnsubscribeUrl": "https://…",
        "MessageAttributes": {"ParticipantRole": {"Type": "String", "Value": "CUSTOMER"}}}})
}

fn sqs(id: &str, body: &str) -> Value {
    json!({"messageId": id, "receiptHandle": "r", "body": body, "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {}, "md5OfBody": "…", "eventSource": "aws:sqs", "eventSourceARN": "arn:…",
        "awsRegion": "us-east-1"})
}

fn read(records: &[Value]) -> Batch {
    Batch::read(&json!({"Records": records}).to_string())
}

fn only(batch: &Batch) -> Result<&str, Malformed> {
    assert_eq!(batch.records.len(), 1);
    batch.records[0].item.as_deref().map_err(|problem| *problem)
}

#[test]
fn the_event_of_sns() {
    let batch = read(&[sns(ITEM), sns("otro")]);
    let ids: Vec<_> = batch.records.iter().map(|it| it.id.as_deref()).collect();
    assert_eq!((batch.source, ids), (Source::Sns, vec![Some("n1"), Some("n1")]));
    assert_eq!(batch.records[0].item.as_deref(), Ok(ITEM));
}

#[test]
fn both_spellings_of_url_and_whatever_else_is_new() {
    let mut record = sns(ITEM);
    let notification = record["Sns"].as_object_mut().unwrap();
    notification.insert("SigningCertURL".into(), json!("https://…"));
    notification.insert("UnsubscribeURL".into(), json!(5));
    notification.insert("Something".into(), json!([[[{}]]]));
    assert_eq!(only(&read(&[record])), Ok(ITEM));
}

#[test]
fn a_queue_with_notifications_or_raw_items() {
    let notification = json!({"Type": "Notification", "MessageId": "n1", "Message": ITEM, "TopicArn": "arn:…"});
    let batch = read(&[sqs("q1", &notification.to_string()), sqs("q2", ITEM)]);
    assert_eq!(batch.source, Source::Sqs);
    for (record, id) in batch.records.iter().zip(["q1", "q2"]) {
        assert_eq!((record.id.as_deref(), record.item.as_deref()), (Some(id), Ok(ITEM)));
    }
}

#[test]
fn events_that_are_none() {
    for text in ["", "null", "[]", "5", "hola", "{\"Records\":", "{\"Records\":{}}", "{\"records\":[]}", "\u{0}", "{}"]
    {
        assert_eq!(only(&Batch::read(text)), Err(Malformed::Event), "{text:?}");
    }
    assert!(read(&[]).records.is_empty());
}

#[test]
fn records_that_are_none_leave_their_neighbours_alone() {
    let deep: Value = serde_json::from_str(&format!("{}{}", "[".repeat(120), "]".repeat(120))).unwrap();
    let table = [
        (json!(null), Malformed::Record),
        (json!("text"), Malformed::Record),
        (json!({}), Malformed::Record),
        (deep, Malformed::Record),
        (json!({"Sns": 5}), Malformed::Record),
        (json!({"Sns": {"Message": 5}}), Malformed::Record),
        (json!({"Sns": {"Message": {"Content": "hola"}}}), Malformed::Record),
        (json!({"Sns": {"Message": null}}), Malformed::Empty),
        (json!({"Sns": {"Message": ""}}), Malformed::Empty),
        (json!({"Sns": {}}), Malformed::Empty),
        (json!({"Sns": {"Type": "SubscriptionConfirmation", "Message": "visit"}}), Malformed::Kind),
        (json!({"messageId": 5, "body": "x"}), Malformed::Record),
        (json!({"messageId": "q", "body": null}), Malformed::Empty),
        (json!({"messageId": "q"}), Malformed::Empty),
        (sqs("q", ""), Malformed::Record),
        (sqs("q", "hola"), Malformed::Record),
        (sqs("q", "[1]"), Malformed::Record),
        (sqs("q", "5"), Malformed::Record),
        (sqs("q", r#"{"Type":"Notification"}"#), Malformed::Empty),
        (sqs("q", r#"{"Type":"UnsubscribeConfirmation","Token":"t"}"#), Malformed::Kind),
        (sqs("q", r#"{"Type":"UnsubscribeConfirmation","Message":"You have"}"#), Malformed::Kind),
    ];
    for (record, problem) in table {
        let batch = read(&[sqs("q0", ITEM), record.clone(), sqs("q2", ITEM)]);
        let items: Vec<_> = batch.records.iter().map(|it| it.item.as_deref()).collect();
        assert_eq!(items, [Ok(ITEM), Err(&problem), Ok(ITEM)], "{record}");
    }
}

#[test]
fn nesting_deeper_than_any_parser_goes_costs_its_own_record_only() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let good = sqs("q1", ITEM);
    let batch =
        Batch::read(&format!(r#"{{"Records":[{deep},{good},{{"messageId":"q2","body":{deep}}}],"More":{deep}}}"#));
    let items: Vec<_> = batch.records.iter().map(|it| it.item.as_deref()).collect();
    assert_eq!(items, [Err(&Malformed::Record), Ok(ITEM), Err(&Malformed::Record)]);
    let unread = format!(r#"{{"messageId":"q3","body":"{{}}","attributes":{deep}}}"#);
    assert_eq!(only(&Batch::read(&format!(r#"{{"Records":[{unread}]}}"#))), Ok("{}"));
}

#[test]
fn half_characters_are_healed_at_every_level() {
    let item = r#"{"Content":"\ud83d"}"#;
    let envelope = json!({"Type": "Notification", "Message": item}).to_string();
    let broken = envelope.replace(r"\\ud83d", r"\ud83d");
    for body in [item, &envelope, &broken] {
        let record = sqs("q", body).to_string();
        let batch = Batch::read(&format!(r#"{{"Records":[{record}]}}"#));
        let read: Value = serde_json::from_str(only(&batch).unwrap()).unwrap();
        assert_eq!(read, json!({"Content": "\u{fffd}"}), "{body}");
    }
    let raw = r#"{"Records":[{"Sns":{"Message":"a\udc00b"}}]}"#;
    assert_eq!(only(&Batch::read(raw)), Ok("a\u{fffd}b"));
}

#[test]
fn a_huge_message_with_null_bytes_is_only_a_message() {
    let item = json!({"Content": "\u{0}".repeat(300_000)}).to_string();
    assert_eq!(only(&read(&[sns(&item)])), Ok(item.as_str()));
}

proptest! {
    #[test]
    fn any_text_is_an_event_or_not(text in ".*") {
        prop_assert!(!Batch::read(&text).records.is_empty() || text.contains("Records"));
    }

    #[test]
    fn a_cut_event_is_malformed_as_a_whole(cut in 0_usize..400) {
        let text = json!({"Records": [sns(ITEM)]}).to_string();
        let Some(text) = text.get(..cut.min(text.len() - 1)) else { return Ok(()) };
        let batch = Batch::read(text);
        prop_assert_eq!(only(&batch), Err(Malformed::Event));
    }
}
