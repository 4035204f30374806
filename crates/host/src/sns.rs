//! SNS's `Publish`: the query protocol's form in, its XML out.

use std::collections::BTreeMap;

use async_trait::async_trait;
use relevo_connect::stream::Notification;

/// The longest message (SNS quotas: 256 KB).
const LONGEST_BYTES: usize = 256 * 1024;

/// Why the topic did not take a message. For the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("topic: {0}")]
pub struct TopicError(pub String);

/// The one topic there is.
#[async_trait]
pub trait Topic: Send + Sync {
    /// Its ARN.
    fn arn(&self) -> &str;
    /// Takes a message, which is then delivered without anybody waiting; answers with its id when it cannot be lost any
    /// more.
    async fn publish(&self, notification: Notification) -> Result<String, TopicError>;
}

/// An answer: status and XML.
pub(crate) type Answer = (u16, String);

/// Serves a form.
pub(crate) async fn serve(topic: &dyn Topic, form: &[u8], request_id: &str) -> Answer {
    let fields: BTreeMap<String, String> = form_urlencoded::parse(form).into_owned().collect();
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let refused = |status, code: &str, message: &str| (status, error(code, message, request_id));
    match field("Action") {
        "Publish" => {}
        "" => return refused(400, "MissingAction", "Could not find operation to perform."),
        other => {
            let message = format!("Operation {other} is not implemented by Relevo");
            return refused(400, "InvalidAction", &message);
        }
    }
    if field("TopicArn") != topic.arn() {
        return refused(404, "NotFound", "Topic does not exist");
    }
    let message = field("Message");
    if message.is_empty() {
        return refused(400, "InvalidParameter", "Invalid parameter: Empty message");
    }
    if message.len() > LONGEST_BYTES {
        return refused(400, "InvalidParameter", "Invalid parameter: Message too long");
    }
    let Some(attributes) = attributes(&fields) else {
        return refused(400, "ParameterValueInvalid", "Only message attributes of type String are served by Relevo");
    };
    match topic.publish(Notification { message: message.to_owned(), attributes }).await {
        Ok(message_id) => (
            200,
            format!(
                "<PublishResponse xmlns=\"{NAMESPACE}\"><PublishResult><MessageId>{}</MessageId></PublishResult>\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></PublishResponse>",
                escaped(&message_id)
            ),
        ),
        Err(cause) => {
            tracing::error!(%cause, "a message was not published");
            refused(500, "InternalError", "An internal error occurred.")
        }
    }
}

const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// `MessageAttributes.entry.1.Name` and its kin; none if one has another type than a string.
fn attributes(fields: &BTreeMap<String, String>) -> Option<BTreeMap<String, String>> {
    let entry = |number: usize, what: &str| fields.get(&format!("MessageAttributes.entry.{number}.{what}"));
    let mut attributes = BTreeMap::new();
    for number in 1.. {
        let Some(name) = entry(number, "Name") else { break };
        let kind = entry(number, "Value.DataType").filter(|kind| *kind == "String")?;
        let value = entry(number, "Value.StringValue").filter(|_| !kind.is_empty())?;
        attributes.insert(name.clone(), value.clone());
    }
    Some(attributes)
}

fn error(code: &str, message: &str, request_id: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{}</Type><Code>{code}</Code><Message>{}</Message></Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        if code == "InternalError" { "Receiver" } else { "Sender" },
        escaped(message)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
