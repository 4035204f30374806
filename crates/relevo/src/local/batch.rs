//! A delivery as the function gets it: SNS's event, or a queue's, by how the template has it.

use relevo_connect::{
    ports::Ids as _,
    stream::{Notification, envelope},
};
use relevo_deploy::stack::By;
use serde_json::{Value, json};

use super::{identity::Identity, system::System};

/// The event of one delivery.
pub(super) fn event(by: By, identity: &Identity, notification: &Notification) -> Value {
    let (id, topic) = (System.uuid(), identity.topic_arn());
    let now_ms = relevo_connect::ports::Clock::now_ms(&System);
    match by {
        By::Topic => envelope::lambda_event(&format!("{topic}:{id}"), &topic, &id, now_ms, notification),
        By::Queue { raw } => {
            let body = if raw {
                notification.message.clone()
            } else {
                envelope::sns_notification(&topic, &id, now_ms, notification).to_string()
            };
            json!({"Records": [{
                "messageId": id,
                "receiptHandle": System.token(),
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": now_ms.to_string(),
                    "ApproximateFirstReceiveTimestamp": now_ms.to_string(),
                },
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": format!("arn:aws:sqs:{}:{}:relevo", identity.region, identity.account_id),
                "awsRegion": identity.region,
            }]})
        }
    }
}

/// Whether the answer makes the one record come again: `batchItemFailures` names it. An answer that cannot be read, or one
/// that names a record that was not there, makes all of a batch come again, as Lambda has it.
pub(super) fn comes_again(by: By, answer: &[u8]) -> bool {
    if by == By::Topic {
        return false;
    }
    match serde_json::from_slice::<Value>(answer) {
        Ok(Value::Null) => false,
        Ok(Value::Object(answer)) => match answer.get("batchItemFailures") {
            None | Some(Value::Null) => false,
            Some(Value::Array(failures)) => !failures.is_empty(),
            Some(_) => true,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queues_answer_names_what_comes_again() {
        let queue = By::Queue { raw: true };
        for (answer, again) in [
            ("{}", false),
            ("null", false),
            (r#"{"batchItemFailures": []}"#, false),
            (r#"{"batchItemFailures": null}"#, false),
            (r#"{"batchItemFailures": [{"itemIdentifier": "r1"}]}"#, true),
            (r#"{"batchItemFailures": [{"itemIdentifier": "unknown"}]}"#, true),
            (r#"{"batchItemFailures": [{}]}"#, true),
            ("done", true),
        ] {
            assert_eq!(comes_again(queue, answer.as_bytes()), again, "{answer}");
            assert!(!comes_again(By::Topic, answer.as_bytes()));
        }
    }
}
