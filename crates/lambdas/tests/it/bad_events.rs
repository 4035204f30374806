//! Events that nothing can be done with: by what is wrong with them.

use serde_json::{Value, json};

/// Lambda takes no larger event.
const EVENT_MAX_BYTES: usize = 6 * 1024 * 1024;

/// SNS's event with this message.
pub(crate) fn sns(message: &Value) -> Value {
    let message = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "n", "Type": "Notification", "Message": message}}]})
}

/// A customer's message, in a contact that nobody knows.
pub(crate) fn item() -> Value {
    json!({"AbsoluteTime": "2021-09-08T13:28:24.656Z", "Content": "mi secreto", "ContentType": "text/plain",
        "Id": "m1", "Type": "MESSAGE", "ParticipantId": "p", "DisplayName": "Jane", "ParticipantRole": "CUSTOMER",
        "InitialContactId": "contact-1", "ContactId": "contact-1"})
}

/// The item's event with another value there.
pub(crate) fn with(name: &str, value: Value) -> Value {
    let mut item = item();
    item[name] = value;
    sns(&item)
}

fn without(names: &[&str]) -> Value {
    let mut item = item();
    for name in names {
        item.as_object_mut().unwrap().remove(*name);
    }
    sns(&item)
}

/// A flow's event.
pub(crate) fn flow_event() -> Value {
    json!({"Name": "ContactFlowEvent", "Details": {"Parameters": {}, "ContactData": {"ContactId": "contact-1",
        "InitialContactId": "contact-1", "Channel": "CHAT", "Attributes": {}, "CustomerEndpoint": null}}})
}

fn flow_with(name: &str, value: Value) -> Value {
    let mut event = flow_event();
    event["Details"]["ContactData"][name] = value;
    event
}

fn bytes(events: &[Value]) -> impl Iterator<Item = Vec<u8>> {
    events.iter().map(|event| event.to_string().into_bytes())
}

/// What is wrong for either function.
pub(crate) fn everywhere() -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let mut events: Vec<Vec<u8>> = vec![
        Vec::new(),
        b" \n".to_vec(),
        b"hola".to_vec(),
        vec![0],
        vec![0, 159, 146, 150, 255],
        b"\xef\xbb\xbf{}".to_vec(),
        b"{\"Records\":".to_vec(),
        b"{\"Records\":[]}{\"Records\":[]}".to_vec(),
        format!("{{\"Records\":{deep}}}").into_bytes(),
        format!("{{\"Details\":{deep}}}").into_bytes(),
        br#"{"\ud800":"\udc00\ud800"}"#.to_vec(),
        deep.into_bytes(),
        vec![b' '; EVENT_MAX_BYTES],
        vec![b'['; EVENT_MAX_BYTES],
        format!("\"{}\"", "\\ud83d".repeat(EVENT_MAX_BYTES / 6 - 1)).into_bytes(),
    ];
    let texts = [json!(null), json!(true), json!(5), json!("hola"), json!([]), json!([null]), json!({})];
    events.extend(bytes(&texts));
    events
}

/// What is wrong for `chat-bot`.
pub(crate) fn chat() -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let deep_field = item().to_string().replace("\"Jane\"", &deep);
    let mut events = everywhere();
    let shapes = [
        json!({"Records": null}),
        json!({"Records": {}}),
        json!({"Records": "x"}),
        json!({"Records": [null, 5, "x", {}, []]}),
        json!({"Records": [{"Sns": null}, {"Sns": 5}, {"Sns": []}, {"Sns": {}}]}),
        json!({"Records": [{"Sns": {"Message": null}}, {"Sns": {"Message": 5}}, {"Sns": {"Message": {}}}]}),
        json!({"Records": [{"Sns": {"Type": "SubscriptionConfirmation", "Message": item().to_string()}}]}),
        json!({"Records": [{"Sns": {"Type": 5, "Message": item().to_string()}}]}),
        json!({"Records": [{"messageId": "q", "body": "{}"}, {"messageId": 5}, {"body": null, "messageId": "r"}]}),
        json!({"Records": [{"messageId": "q", "body": json!({"Type": "Notification", "Message": null}).to_string()}]}),
        json!({"Records": [{"messageId": "q", "body": "\u{0}"}, {"messageId": "r", "body": ""}]}),
    ];
    let messages = [json!(""), json!("not json: mi secreto"), json!("\u{0}"), json!("null"), json!([1, 2]), json!({})]
        .map(|it| sns(&it));
    let texts = [deep.as_str(), &deep_field, r#"{"Content":"\ud800"}"#, r#"{"ParticipantRole":"CUSTOMER","#];
    let texts = texts.map(|it| sns(&json!(it)));
    let fields = [
        with("ParticipantRole", json!("AGENT")),
        with("ParticipantRole", json!("CUSTOM_BOT")),
        with("ParticipantRole", json!("SYSTEM")),
        with("ParticipantRole", json!("customer")),
        with("ParticipantRole", json!(null)),
        with("ParticipantRole", json!(["CUSTOMER"])),
        with("Type", json!("SOMETHING")),
        with("Type", json!("EVENT")),
        with("Type", json!(7)),
        with("Type", json!(null)),
        with("Content", json!(null)),
        with("Content", json!({"a": 1})),
        with("Content", json!("\u{0}\u{0}")),
        with("Content", json!(" \n ")),
        with("InitialContactId", json!("x".repeat(300))),
        without(&["ParticipantRole"]),
        without(&["Type"]),
        without(&["Content"]),
        without(&["InitialContactId", "ContactId"]),
        sns(&Value::Object(item().as_object().unwrap().keys().map(|name| (name.clone(), json!(null))).collect())),
        sns(&Value::Object(item().as_object().unwrap().keys().map(|name| (name.clone(), json!(7))).collect())),
    ];
    for some in [&shapes[..], &messages, &texts, &fields] {
        events.extend(bytes(some));
    }
    events
}

/// What is wrong for `start-bot`.
pub(crate) fn start() -> Vec<Vec<u8>> {
    let mut events = everywhere();
    let mut no_contact = flow_event();
    no_contact["Details"]["ContactData"].as_object_mut().unwrap().remove("ContactId");
    events.extend(bytes(&[
        sns(&item()),
        json!({"Details": null}),
        json!({"Details": []}),
        json!({"Details": {}}),
        json!({"Details": {"ContactData": null}}),
        json!({"Details": {"ContactData": [flow_event()]}}),
        no_contact,
        flow_with("ContactId", json!(null)),
        flow_with("ContactId", json!(7)),
        flow_with("ContactId", json!({"a": 1})),
        flow_with("ContactId", json!(" ")),
        flow_with("ContactId", json!("x".repeat(300))),
        flow_with("InitialContactId", json!("x".repeat(300))),
    ]));
    events
}
