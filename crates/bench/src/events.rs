//! The events that Connect and SNS give to the functions.

use serde_json::{Value, json};

/// A flow's call of `start-bot`.
pub(crate) fn start(contact_id: &str) -> Value {
    json!({"Name": "ContactFlowEvent", "Details": {"Parameters": {}, "ContactData": {
        "Attributes": {}, "Channel": "CHAT", "ContactId": contact_id, "InitialContactId": contact_id,
        "CustomerEndpoint": null, "SystemEndpoint": null, "Queue": null, "InitiationMethod": "API",
        "InstanceARN": "arn:aws:connect:us-east-1:123456789012:instance/11111111-1111-4111-8111-111111111111",
        "LanguageCode": "en-US"}}})
}

/// SNS's delivery of a customer's message.
pub(crate) fn message(contact_id: &str, number: usize) -> Value {
    let item = json!({"AbsoluteTime": "2026-01-15T13:28:24.656Z", "Content": format!("Where is parcel {number}, please?"),
        "ContentType": "text/plain", "Id": format!("message-{number}"), "Type": "MESSAGE",
        "ParticipantId": "customer", "DisplayName": "Jane", "ParticipantRole": "CUSTOMER",
        "InitialContactId": contact_id, "ContactId": contact_id});
    let attribute = |value: &str| json!({"Type": "String", "Value": value});
    json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0",
        "EventSubscriptionArn": "arn:aws:sns:us-east-1:123456789012:chat:1",
        "Sns": {"Type": "Notification", "MessageId": format!("notification-{number}"), "Subject": null,
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:chat", "Timestamp": "2026-01-15T13:28:24.700Z",
            "Message": item.to_string(), "MessageAttributes": {"MessageVisibility": attribute("ALL"),
                "ParticipantRole": attribute("CUSTOMER"), "ContentType": attribute("text/plain"),
                "Type": attribute("MESSAGE"), "ContactId": attribute(contact_id)}}}]})
}
