//! What a flow's steps do to its contact, one method for each that is more than a line.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Call, Contact, Effect, Effects, Here, Record, Speaker, Stage,
    flow::{Next, done_or_failed},
    position::Later,
    views::INTERACTIVE_RESPONSE,
};
use crate::{
    flow::FlowInput,
    item::{ItemType, event as event_type},
    observe::What,
};

impl Contact {
    /// SYSTEM says something: to everybody, or within a whisper to those it is for.
    pub(super) fn system_says(&mut self, text: String, here: &Here<'_>, fx: &mut Effects) {
        if text.is_empty() {
            return;
        }
        let record = Record {
            r#type: ItemType::Message,
            content_type: "text/plain",
            content: Some(text),
            by: Speaker::System,
            client_token: None,
        };
        match self.flow.whispers_to_agent().then(|| self.agent().map(|agent| agent.id.clone())).flatten() {
            // A whisper is heard by the agent alone, and is in no transcript.
            Some(agent) => {
                let item = self.item(&record, here.now_ms, here);
                let json = serde_json::to_string(&item).unwrap_or_default();
                fx.push(Effect::To { participant: agent, json });
            }
            None => {
                self.record(record, here, fx);
            }
        }
    }

    /// A function is called that the flow waits for.
    pub(super) fn call(&mut self, arn: String, event: Value, limit_ms: u64, fx: &mut Effects) -> Next {
        self.flow.calls += 1;
        self.flow.calling = Some(self.flow.calls);
        fx.push(Effect::Call(Call { number: self.flow.calls, arn, event, limit_ms }));
        Next::Stand
    }

    /// A function is called, and the flow goes on.
    pub(super) fn call_later(
        &mut self,
        (arn, parameters, limit_ms): (String, BTreeMap<String, String>, u64),
        invocation_id: String,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Next {
        self.flow.calls += 1;
        let number = self.flow.calls;
        let event = self.lambda_event(&parameters, here.config);
        fx.push(Effect::Call(Call { number, arn: arn.clone(), event, limit_ms }));
        self.flow.later.push(Later { number, invocation_id, arn, parameters, limit_ms });
        Next::Feed(FlowInput::Done)
    }

    /// All of the tags, or none of them.
    pub(super) fn set_tags(&mut self, tags: BTreeMap<String, String>) -> Next {
        done_or_failed(self.add_tags(tags))
    }

    /// All of the data, or none of it when a key is unknown.
    pub(super) fn set_data(&mut self, data: BTreeMap<String, String>) -> bool {
        let mut profile = self.profile.clone();
        for (key, value) in data {
            let field = match key.as_str() {
                "LanguageCode" => &mut profile.language_code,
                "Name" => &mut profile.name,
                "Description" => &mut profile.description,
                "CustomerId" => &mut profile.customer_id,
                _ => return false,
            };
            *field = Some(value);
        }
        self.profile = profile;
        true
    }

    /// Puts the contact into its target queue, if it has one, is not queued already, and there is room.
    pub(super) fn enter_queue(&mut self, here: &Here<'_>, fx: &mut Effects) -> bool {
        let queue = self.flow.queue(here.config).filter(|_| self.stage == Stage::Flow);
        let entered = queue.is_some_and(|queue| here.queue.take_place(queue));
        if entered {
            self.queued(here, fx);
        }
        entered
    }

    fn queued(&mut self, here: &Here<'_>, fx: &mut Effects) {
        self.stage = Stage::Queued { enqueued_ms: here.now_ms };
        self.record(Record::event(event_type::TRANSFER_SUCCEEDED, Speaker::System), here, fx);
        let queue = self.flow.queue(here.config).map(|queue| queue.name.clone()).unwrap_or_default();
        fx.observe(What::Queued { queue });
    }

    /// Out of the queue and to the end of another. `false`: it waits in none, there is no such queue, or no room in it.
    pub(super) fn requeue(&mut self, queue: &str, here: &Here<'_>, fx: &mut Effects) -> bool {
        let other = here.config.find_queue(queue).filter(|_| matches!(self.stage, Stage::Queued { .. }));
        if !other.is_some_and(|other| here.queue.take_place(other)) || !self.flow.aim_at(queue, here.config) {
            return false;
        }
        self.queued(here, fx);
        true
    }

    /// The customer said something: the flow may have asked for it, or wait for a sign of life.
    pub(super) fn heard_customer(&mut self, content_type: &str, content: &str, here: &Here<'_>, fx: &mut Effects) {
        let input = if self.flow.asks() {
            FlowInput::CustomerSaid(content.to_owned())
        } else if self.flow.shows_view() && content_type == INTERACTIVE_RESPONSE {
            let Some((action, data)) = view_answer(content) else { return };
            FlowInput::ViewAnswered { action, data }
        } else if self.flow.waits_for_customer(here.config) {
            // Who only opens the chat again has not returned: a message is what AWS means (admin guide, flow block Wait).
            FlowInput::CustomerReturned
        } else {
            return;
        };
        self.advance(input, here, fx);
    }
}

/// What was done with a view, and what was filled in. Clients put both beside the template's type, or below `data`.
fn view_answer(content: &str) -> Option<(String, Value)> {
    let answer: Value = serde_json::from_str(content).ok()?;
    let inner = answer.get("data").filter(|data| data.is_object());
    let find = |names: &[&str]| {
        let of = |value: &Value| names.iter().find_map(|name| value.get(*name).cloned());
        inner.and_then(of).or_else(|| of(&answer))
    };
    let action = find(&["action", "Action"])?.as_str()?.to_owned();
    let data = find(&["viewResultData", "ViewResultData", "output", "viewData", "data"]).unwrap_or_default();
    Some((action, data))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn views_are_answered_in_several_shapes() {
        let data = json!({"plan": "gold"});
        for content in [
            r#"{"templateType":"ViewResource","action":"Submit","data":{"plan":"gold"}}"#,
            r#"{"data":{"action":"Submit","viewResultData":{"plan":"gold"}}}"#,
            r#"{"Action":"Submit","ViewResultData":{"plan":"gold"}}"#,
        ] {
            assert_eq!(view_answer(content), Some(("Submit".to_owned(), data.clone())), "{content}");
        }
        assert_eq!(view_answer("Submit"), None);
        assert_eq!(view_answer("{}"), None);
    }
}
