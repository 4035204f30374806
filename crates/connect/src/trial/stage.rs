//! One contact on its own: what the centre does around it, without store and sockets.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::atomic::AtomicU64,
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Answer, Does, Expectation, Moment, Report, Said, Script, Step,
    around::{Book, Counted, credentials, join_bot, said, tail, whisper},
    script::QueueState,
};
use crate::{
    api::{Send, StartChatContact},
    centre::{Config, RETRIES},
    contact::{Call, Contact, Effect, Effects, Here},
    error::Error,
    item::{Item, ItemType, Role},
    observe::What,
    transcript::Log,
};

const INTERACTIVE: &str = "application/vnd.amazonaws.connect.message.interactive";
const INTERACTIVE_RESPONSE: &str = "application/vnd.amazonaws.connect.message.interactive.response";
/// 2026-01-05, a Monday, at nine.
const BEGINNING_MS: i64 = 1_767_603_600_000;
/// More things that happen by themselves than any flow needs.
const MOST_HAPPENINGS: usize = 10_000;

/// An answer that is on its way.
struct Coming {
    call: u64,
    /// What the function does before it answers; none where it does not come to that.
    by: Option<Answer>,
    result: Result<Value, String>,
}

pub(super) struct Stage {
    contact: Contact,
    log: Log,
    ids: Counted,
    now_ms: i64,
    queue: QueueState,
    answers: BTreeMap<String, VecDeque<Answer>>,
    /// What functions that nobody waits for will answer, and when.
    later: Vec<(i64, Coming)>,
    calls: Vec<String>,
    said: Vec<Said>,
    order: Vec<Moment>,
    actions: usize,
    happenings: usize,
}

impl Stage {
    /// The chat begins, and the customer connects.
    pub(super) fn begin(script: &Script, config: &Config) -> Result<Self, Error> {
        let percentage = script.percentage.map_or(0, |drawn| u64::from(drawn.get()) - 1);
        let ids = Counted { next: AtomicU64::new(1), percentage };
        let now_ms = match &script.at {
            Some(at) => at
                .parse::<Timestamp>()
                .map(Timestamp::as_millisecond)
                .map_err(|error| Error::new(crate::ErrorKind::InvalidParameter, format!("at: {error}")))?,
            None => BEGINNING_MS,
        };
        let book = Book(script.queue.clone(), now_ms);
        let here = Here { now_ms, ids: &ids, config, queue: &book };
        let request = StartChatContact {
            instance_id: config.instance_id.clone(),
            contact_flow_id: super::MAIN.into(),
            attributes: script.attributes.clone(),
            display_name: script.display_name.clone().unwrap_or_else(|| "Customer".into()),
            initial_message: script.initial_message.clone().map(|text| ("text/plain".into(), text)),
            supported_messaging_content_types: script.content_types.clone().unwrap_or_else(|| {
                ["text/plain", "text/markdown", INTERACTIVE, INTERACTIVE_RESPONSE].map(str::to_owned).to_vec()
            }),
            ..StartChatContact::default()
        };
        let mut fx = Effects::default();
        let contact = Contact::start(request, None, &here, &mut fx)?;
        let answers =
            script.functions.iter().map(|(name, all)| (name.clone(), all.iter().cloned().collect())).collect();
        let mut stage = Self {
            contact,
            log: Log::from_entries(Vec::new()),
            ids,
            now_ms,
            queue: script.queue.clone(),
            answers,
            later: Vec::new(),
            calls: Vec::new(),
            said: Vec::new(),
            order: Vec::new(),
            actions: 0,
            happenings: 0,
        };
        stage.settle(fx, config);
        if let Some(customer) = stage.id_of(Role::Customer) {
            stage.act(config, |contact, here, fx| contact.websocket_opened(&customer, here, fx))?;
        }
        Ok(stage)
    }

    fn id_of(&self, role: Role) -> Option<String> {
        let acting = |p: &&crate::contact::participant::Participant| p.role == role && p.is_expected();
        self.contact.participants.iter().find(acting).map(|p| p.id.clone())
    }

    fn needed(&self, role: Role, who: &str) -> Result<String, String> {
        self.id_of(role)
            .filter(|_| !self.contact.is_ended())
            .ok_or_else(|| format!("there is no {who} in the chat now"))
    }

    /// One decision, and everything that follows from it.
    fn act<T>(
        &mut self,
        config: &Config,
        decide: impl FnOnce(&mut Contact, &Here<'_>, &mut Effects) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut fx = Effects::after(self.log.end());
        let book = Book(self.queue.clone(), self.now_ms);
        let here = Here { now_ms: self.now_ms, ids: &self.ids, config, queue: &book };
        let done = decide(&mut self.contact, &here, &mut fx);
        self.settle(fx, config);
        done
    }

    /// What an effect asks for is done at once, and so is what functions answer: time passes until then where the flow waits
    /// for it.
    fn settle(&mut self, fx: Effects, config: &Config) {
        let mut calls = VecDeque::new();
        self.take(fx, &mut calls);
        self.work_off(calls, config);
    }

    /// Calls functions, and whatever their answers call.
    fn work_off(&mut self, mut calls: VecDeque<Call>, config: &Config) {
        while let Some(call) = calls.pop_front() {
            self.happenings += 1;
            if self.happenings > MOST_HAPPENINGS {
                return;
            }
            let (after_ms, coming) = self.answer(&call);
            if self.contact.waits_for(call.number) {
                self.pass(after_ms, config);
                self.arrive(coming, config, &mut calls);
            } else if after_ms == 0 {
                self.arrive(coming, config, &mut calls);
            } else {
                self.later.push((self.now_ms.saturating_add(after_ms), coming));
            }
        }
    }

    /// A function has answered, or has not in its time.
    fn arrive(&mut self, coming: Coming, config: &Config, calls: &mut VecDeque<Call>) {
        if let Some(answer) = &coming.by {
            self.before_the_answer(answer, config);
        }
        let mut fx = Effects::after(self.log.end());
        let book = Book(self.queue.clone(), self.now_ms);
        let here = Here { now_ms: self.now_ms, ids: &self.ids, config, queue: &book };
        self.contact.function_answered(coming.call, coming.result, &here, &mut fx);
        self.take(fx, calls);
    }

    fn take(&mut self, fx: Effects, calls: &mut VecDeque<Call>) {
        for effect in fx.list {
            match effect {
                Effect::Item(entry) => {
                    self.hear_item(&entry.item);
                    self.log.append(entry);
                }
                Effect::Renew(entry) => {
                    self.hear_item(&entry.item);
                    self.log.renew(entry);
                }
                Effect::To { json, .. } => {
                    if let Some(text) = whisper(&json) {
                        self.hear(Said { by: "WHISPER".into(), text, at_ms: self.now_ms });
                    }
                }
                Effect::Observe(What::FlowAction { .. }) => {
                    self.order.push(Moment::Action(self.actions));
                    self.actions += 1;
                }
                Effect::Call(call) => calls.push_back(call),
                _ => {}
            }
        }
    }

    /// A message that is not, or no more, with its processor.
    fn hear_item(&mut self, item: &Item) {
        if item.r#type == ItemType::Message && item.processing_status().is_none() {
            self.hear(said(item));
        }
    }

    fn hear(&mut self, said: Said) {
        self.order.push(Moment::Said(self.said.len()));
        self.said.push(said);
    }

    /// The script's next answers of this function, as the centre would ask for them, and how long that takes: one limit is for
    /// all the tries together.
    fn answer(&mut self, call: &Call) -> (i64, Coming) {
        let name = tail(&call.arn).to_owned();
        let coming = |by, result| Coming { call: call.number, by, result };
        let limit_ms = i64::try_from(call.limit_ms).unwrap_or(i64::MAX);
        let (mut after_ms, mut retries) = (0_i64, 0);
        loop {
            self.calls.push(name.clone());
            let answers = self.answers.iter_mut().find(|(known, _)| **known == call.arn || tail(known) == name);
            let Some(answer) = answers.and_then(|(_, answers)| answers.pop_front()) else {
                return (after_ms, coming(None, Err(format!("the script has no answer of {name}"))));
            };
            after_ms = after_ms.saturating_add(answer.after_seconds.ms);
            if answer.timeout || after_ms > limit_ms {
                return (limit_ms, coming(None, Err("no answer in time".into())));
            }
            if answer.throttled && retries < RETRIES {
                retries += 1;
                continue;
            }
            let result = match (&answer.answer, &answer.error) {
                (_, Some(error)) => Err(error.clone()),
                (Some(value), None) => Ok(value.clone()),
                (None, None) if answer.throttled => Err("throttled".into()),
                (None, None) => Ok(json!({})),
            };
            return (after_ms, coming(Some(answer), result));
        }
    }

    fn before_the_answer(&mut self, answer: &Answer, config: &Config) {
        let mut fx = Effects::after(self.log.end());
        let book = Book(self.queue.clone(), self.now_ms);
        let here = Here { now_ms: self.now_ms, ids: &self.ids, config, queue: &book };
        if !answer.attributes.is_empty() {
            // Attributes that Connect refuses are not set; the flow's own branches tell.
            let _ = self.contact.update_attributes(&answer.attributes, &here, &mut fx);
        }
        if answer.bot_joins {
            let _ = join_bot(&mut self.contact, &here, &mut fx);
        }
        let mut none = VecDeque::new();
        self.take(fx, &mut none);
    }

    /// Plays a step; gives what must be checked now.
    pub(super) fn play<'s>(&mut self, step: &'s Step, config: &Config) -> Result<Option<&'s Expectation>, String> {
        let text = |error: Error| error.message;
        if let Some(words) = &step.customer {
            self.say(Role::Customer, "customer", "text/plain", words.clone(), config)?;
        }
        if let Some(view) = &step.view {
            let content =
                json!({"templateType": "ViewResource", "version": "1.0", "action": view.action, "data": view.data});
            self.say(Role::Customer, "customer", INTERACTIVE_RESPONSE, content.to_string(), config)?;
        }
        if let Some(words) = &step.bot {
            self.say(Role::CustomBot, "bot", "text/plain", words.clone(), config)?;
        }
        if let Some(words) = &step.agent {
            self.say(Role::Agent, "agent", "text/plain", words.clone(), config)?;
        }
        if let Some(does) = step.event {
            self.event(does, config)?;
        }
        if let Some(attributes) = &step.attributes {
            self.act(config, |contact, here, fx| contact.update_attributes(attributes, here, fx)).map_err(text)?;
        }
        if let Some(queue) = &step.queue {
            self.queue = queue.clone();
        }
        if let Some(span) = step.wait {
            self.pass(span.ms, config);
        }
        Ok(step.expect.as_ref())
    }

    fn say(&mut self, role: Role, who: &str, content_type: &str, words: String, config: &Config) -> Result<(), String> {
        let id = self.needed(role, who)?;
        let message = Send { content_type: content_type.into(), content: Some(words), client_token: None };
        let log = std::mem::take(&mut self.log);
        let mut fx = Effects::after(log.end());
        let book = Book(self.queue.clone(), self.now_ms);
        let here = Here { now_ms: self.now_ms, ids: &self.ids, config, queue: &book };
        let sent = self.contact.send_message(&id, message, &log, &here, &mut fx);
        self.log = log;
        self.settle(fx, config);
        sent.map(|_| ()).map_err(|error| error.message)
    }

    fn event(&mut self, does: Does, config: &Config) -> Result<(), String> {
        let done = match does {
            Does::BotJoins => self.act(config, join_bot),
            Does::AgentJoins => self.act(config, |contact, here, fx| {
                contact.accept("Agent", here, fx)?;
                let agent = contact.participants.last().map(|p| p.id.clone()).unwrap_or_default();
                contact.create_connection(&agent, credentials(), here, fx).map(|_| ())
            }),
            Does::BotLeaves | Does::AgentLeaves | Does::CustomerLeaves => {
                let (role, who) = match does {
                    Does::BotLeaves => (Role::CustomBot, "bot"),
                    Does::AgentLeaves => (Role::Agent, "agent"),
                    _ => (Role::Customer, "customer"),
                };
                let id = self.needed(role, who)?;
                self.act(config, |contact, here, fx| contact.disconnect(&id, here, fx))
            }
        };
        done.map_err(|error| error.message)
    }

    /// Time passes: every timer fires, and every answer arrives, when it is due.
    fn pass(&mut self, ms: i64, config: &Config) {
        let until = self.now_ms.saturating_add(ms);
        loop {
            let answer = self.later.iter().map(|(due, _)| *due).min();
            let timer = self.contact.next_deadline();
            let Some(due) = answer.into_iter().chain(timer).min().filter(|due| *due <= until) else { break };
            self.happenings += 1;
            if self.happenings > MOST_HAPPENINGS {
                break;
            }
            self.now_ms = self.now_ms.max(due);
            // What is in hand when the time is out counts.
            if let Some(at) = self.later.iter().position(|(at, _)| *at == due) {
                let (_, coming) = self.later.remove(at);
                let mut calls = VecDeque::new();
                self.arrive(coming, config, &mut calls);
                self.work_off(calls, config);
                continue;
            }
            // A contact's timer decides nothing that could be refused.
            let _ = self.act(config, |contact, here, fx| {
                contact.timer_fired(here, fx);
                Ok(())
            });
        }
        self.now_ms = self.now_ms.max(until);
    }

    /// Functions that have answers left.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().filter(|(_, answers)| !answers.is_empty()).map(|(name, _)| name.as_str())
    }

    pub(super) fn report(&self, config: &Config) -> Report {
        let inspection = self.contact.inspect(config);
        let (queue, routing) = self.contact.routing(config);
        Report {
            passed: false,
            failures: Vec::new(),
            path: inspection.path,
            said: self.said.clone(),
            order: self.order.clone(),
            attributes: inspection.attributes,
            tags: self.contact.profile.tags.clone(),
            state: inspection.state,
            end: inspection.disconnect_reason,
            queue,
            priority: routing.priority,
            older_seconds: routing.age_s,
            calls: self.calls.clone(),
        }
    }
}
