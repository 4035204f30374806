//! SNS's envelopes around a notification: as an HTTP or SQS subscriber reads it, and as Lambda's event.
//!
//! A local topic signs nothing: the signature is empty, and its URLs have the form of the real ones.

use serde_json::{Map, Value, json};

use super::Notification;
use crate::item::iso_time;

/// The `Notification` document that SNS delivers to HTTP and SQS subscribers (without raw message delivery).
pub fn sns_notification(topic_arn: &str, message_id: &str, at_ms: i64, notification: &Notification) -> Value {
    let (certificate, unsubscribe) = urls(topic_arn, topic_arn);
    json!({
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic_arn,
        "Message": notification.message,
        "Timestamp": iso_time(at_ms),
        "SignatureVersion": "1",
        "Signature": "",
        "SigningCertURL": certificate,
        "UnsubscribeURL": unsubscribe,
        "MessageAttributes": attributes(notification),
    })
}

/// What SNS sends to an HTTP endpoint when it is subscribed: visiting `subscribe_url` confirms it.
pub fn subscription_confirmation(
    topic_arn: &str,
    message_id: &str,
    at_ms: i64,
    token: &str,
    subscribe_url: &str,
) -> Value {
    let (certificate, _) = urls(topic_arn, topic_arn);
    json!({
        "Type": "SubscriptionConfirmation",
        "MessageId": message_id,
        "Token": token,
        "TopicArn": topic_arn,
        "Message": format!(
            "You have chosen to subscribe to the topic {topic_arn}.\nTo confirm the subscription, visit the SubscribeURL \
             included in this message."
        ),
        "SubscribeURL": subscribe_url,
        "Timestamp": iso_time(at_ms),
        "SignatureVersion": "1",
        "Signature": "",
        "SigningCertURL": certificate,
    })
}

/// The event of a Lambda function that is subscribed to the topic: one record, as SNS always sends.
pub fn lambda_event(
    subscription_arn: &str,
    topic_arn: &str,
    message_id: &str,
    at_ms: i64,
    notification: &Notification,
) -> Value {
    let (certificate, unsubscribe) = urls(topic_arn, subscription_arn);
    json!({"Records": [{
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": topic_arn,
            "Subject": null,
            "Message": notification.message,
            "Timestamp": iso_time(at_ms),
            "SignatureVersion": "1",
            "Signature": "",
            "SigningCertUrl": certificate,
            "UnsubscribeUrl": unsubscribe,
            "MessageAttributes": attributes(notification),
        },
    }]})
}

fn attributes(notification: &Notification) -> Value {
    let map: Map<String, Value> = notification
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), json!({"Type": "String", "Value": value})))
        .collect();
    Value::Object(map)
}

fn urls(topic_arn: &str, subscription_arn: &str) -> (String, String) {
    let region = topic_arn.split(':').nth(3).filter(|r| !r.is_empty()).unwrap_or("us-east-1");
    let host = format!("https://sns.{region}.amazonaws.com");
    (
        format!("{host}/SimpleNotificationService-00000000000000000000000000000000.pem"),
        format!("{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "arn:aws:sns:eu-west-1:999999999999:chat";

    fn notification() -> Notification {
        Notification {
            message: r#"{"Content":"help"}"#.into(),
            attributes: [("ParticipantRole".to_owned(), "CUSTOMER".to_owned())].into(),
        }
    }

    #[test]
    fn a_subscriber_reads_the_documented_document() {
        let document = sns_notification(TOPIC, "m-1", 1_631_107_704_860, &notification());
        insta::assert_json_snapshot!(document, @r#"
        {
          "Type": "Notification",
          "MessageId": "m-1",
          "TopicArn": "arn:aws:sns:eu-west-1:999999999999:chat",
          "Message": "{\"Content\":\"help\"}",
          "Timestamp": "2021-09-08T13:28:24.860Z",
          "SignatureVersion": "1",
          "Signature": "",
          "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem",
          "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:eu-west-1:999999999999:chat",
          "MessageAttributes": {
            "ParticipantRole": {
              "Type": "String",
              "Value": "CUSTOMER"
            }
          }
        }
        "#);
    }

    #[test]
    fn lambda_gets_one_record_with_a_null_subject() {
        let event = lambda_event("arn:sub", TOPIC, "m-1", 1_631_107_704_860, &notification());
        let record = event.pointer("/Records/0").unwrap();
        assert_eq!(record.pointer("/EventSource"), Some(&json!("aws:sns")));
        assert_eq!(record.pointer("/EventSubscriptionArn"), Some(&json!("arn:sub")));
        assert_eq!(record.pointer("/Sns/Subject"), Some(&Value::Null));
        assert_eq!(record.pointer("/Sns/Message"), Some(&json!(r#"{"Content":"help"}"#)));
        assert_eq!(record.pointer("/Sns/MessageAttributes/ParticipantRole/Value"), Some(&json!("CUSTOMER")));
        assert_eq!(event.pointer("/Records/1"), None);
    }
}
