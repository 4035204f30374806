//! Message processing: a function sees what participants say before anybody else does, and may change or refuse it
//! (Connect admin guide, in-flight redaction and message processing).
//!
//! A message has its place in the transcript from the beginning, where its sender alone sees it. It gets to everybody, in
//! that place, once its processor is done; in the order in which it was said, whichever the processor is done with first.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Call, Contact, Effect, Effects, Entry, Here, Record};
use crate::{
    api::{MediaProcessing, Sent},
    item::{Item, MessageMetadata, ProcessingStatus, Role},
};

/// What is processed, and what it may become.
const CONTENT_TYPES: [&str; 3] = ["text/plain", "text/markdown", "application/json"];
/// As long as a processor's own time-out may be at most.
const LIMIT_MS: u64 = 180_000;

/// Message processing of one contact.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Processing {
    /// What is said from now on goes through it.
    processor: Option<MediaProcessing>,
    /// What was said and is not delivered, in that order.
    held: Vec<Held>,
}

/// A message that its processor has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Held {
    /// The call's number.
    number: u64,
    /// The processor when it was said.
    by: MediaProcessing,
    /// Its line in the transcript.
    entry: Entry,
    /// What the processor says of it, while an earlier message is not through.
    verdict: Option<Verdict>,
}

/// What a processor says of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Verdict {
    /// As it is.
    Approved,
    /// With this content type and content.
    Processed(String, String),
    /// To nobody.
    Rejected,
    /// It does not know: it failed, was too late, or made no sense.
    Failed,
}

impl Processing {
    /// Nothing of it is worth storing.
    pub(crate) fn is_idle(&self) -> bool {
        *self == Self::default()
    }
}

impl Contact {
    /// `StartContactMediaProcessing`, or `StopContactMediaProcessing`. What a processor has already, it keeps.
    pub(crate) fn set_processor(&mut self, processor: Option<MediaProcessing>) {
        self.processing.processor = processor;
    }

    /// Whether a message of this content type is processed first.
    pub(super) fn processes(&self, content_type: &str) -> bool {
        self.processing.processor.is_some() && CONTENT_TYPES.contains(&content_type)
    }

    /// A participant has said something that is processed first.
    pub(super) fn hold(&mut self, record: Record<'_>, here: &Here<'_>, fx: &mut Effects) -> Sent {
        let Some(by) = self.processing.processor.clone() else { return self.record(record, here, fx) };
        let (seq, at_ms) = fx.next_place(here.now_ms);
        let mut item = self.item(&record, at_ms, here);
        mark(&mut item, Some(ProcessingStatus::Processing));
        let sent = Sent::from(&item);
        let entry = Entry { seq, at_ms, client_token: record.client_token, item };
        fx.enter(entry.clone().into());
        self.flow.calls += 1;
        let held = Held { number: self.flow.calls, by, entry, verdict: None };
        fx.push(Effect::Call(held.call(here)));
        self.processing.held.push(held);
        sent
    }

    /// A processor has answered. `false`: the call was none of a processor's.
    pub(super) fn processed(
        &mut self,
        number: u64,
        answer: &Result<Value, String>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> bool {
        let verdict = answer.as_ref().map_or(Verdict::Failed, |answer| self.verdict(answer, here));
        let Some(held) = self.processing.held.iter_mut().find(|held| held.number == number) else { return false };
        held.verdict = Some(verdict);
        while self.processing.held.first().is_some_and(|held| held.verdict.is_some()) {
            let held = self.processing.held.remove(0);
            if let Some(item) = self.release(held, here, fx)
                && item.participant_role == Some(Role::Customer)
            {
                self.heard_customer(&item.content_type, &item.content.unwrap_or_default(), here, fx);
            }
        }
        true
    }

    /// The contact ends: what no processor has answered to is as if it had failed.
    pub(super) fn release_all(&mut self, here: &Here<'_>, fx: &mut Effects) {
        for held in std::mem::take(&mut self.processing.held) {
            self.release(held, here, fx);
        }
    }

    /// The calls that no processor has answered, to be made again by a process that has just begun.
    pub(super) fn pending_processing(&self, here: &Here<'_>) -> Vec<Call> {
        self.processing.held.iter().filter(|held| held.verdict.is_none()).map(|held| held.call(here)).collect()
    }

    fn verdict(&self, answer: &Value, here: &Here<'_>) -> Verdict {
        match answer.get("status").and_then(Value::as_str) {
            Some("APPROVED") => Verdict::Approved,
            Some("REJECTED") => Verdict::Rejected,
            Some("PROCESSED") => {
                let word = |key: &str| answer.pointer(&format!("/result/processedChatContent/{key}"))?.as_str();
                match word("contentType").zip(word("content")) {
                    Some((content_type, content))
                        if CONTENT_TYPES.contains(&content_type)
                            && self.check_message(content_type, content, here.config).is_ok() =>
                    {
                        Verdict::Processed(content_type.to_owned(), content.to_owned())
                    }
                    _ => Verdict::Failed,
                }
            }
            _ => Verdict::Failed,
        }
    }

    /// Puts what became of a message in its place. The item, where everybody hears it.
    fn release(&mut self, held: Held, here: &Here<'_>, fx: &mut Effects) -> Option<Item> {
        let Held { by, mut entry, verdict, .. } = held;
        let status = match verdict.unwrap_or(Verdict::Failed) {
            Verdict::Approved => None,
            Verdict::Processed(content_type, content) => {
                entry.item.content_type = content_type;
                entry.item.content = Some(content);
                None
            }
            Verdict::Rejected => Some(ProcessingStatus::Rejected),
            Verdict::Failed => (!by.deliver_unprocessed).then_some(ProcessingStatus::Failed),
        };
        mark(&mut entry.item, status);
        let outgoing = if status.is_none() { self.outgoing(entry.seq, &entry.item, here) } else { Vec::new() };
        let item = status.is_none().then(|| entry.item.clone());
        fx.push(Effect::Renew(entry.into()));
        for outgoing in outgoing {
            fx.push(Effect::Publish(outgoing));
        }
        item
    }
}

impl Held {
    fn call(&self, here: &Here<'_>) -> Call {
        let item = &self.entry.item;
        let event = json!({
            "version": "1.0",
            "instanceId": here.config.instance_id,
            "associatedResourceArn": here.config.arn("contact", &item.contact_id),
            "chatContent": {
                "absoluteTime": item.absolute_time,
                "content": item.content,
                "contentType": item.content_type,
                "id": item.id,
                "participantId": item.participant_id,
                "displayName": item.display_name,
                "participantRole": item.participant_role,
                "initialContactId": item.initial_contact_id,
                "contactId": item.contact_id,
            },
        });
        Call { number: self.number, arn: self.by.processor_arn.clone(), event, limit_ms: LIMIT_MS }
    }
}

/// Sets the status that the item's sender sees.
fn mark(item: &mut Item, status: Option<ProcessingStatus>) {
    item.message_metadata = status.map(|status| MessageMetadata {
        message_id: item.id.clone(),
        receipts: Vec::new(),
        message_processing_status: Some(status),
    });
}
