//! Drives one invocation: asks the run what to do, does it side by side, and gives the events out as they come.
//!
//! A turn with a name is stored before anything follows from what came of a step: so a model's answer is never asked for
//! twice, and a function is run only when it is stored that it is called, with the same idempotency key ever after.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use serde_json::Value;
use tokio::time::timeout;

use super::{
    AgentError, AgentEvent,
    asked::Asked,
    chunks::rest,
    service::Inner,
    session::Busy,
    stored::Place,
    trace::{self, Tracer},
    work::{self, Outcome},
};
use crate::{
    model::Speech,
    run::{Pace, Run, Step, Work},
};

type Event = Result<AgentEvent, AgentError>;

/// What is driven.
pub(super) struct Invocation {
    pub(super) session_id: String,
    /// The turn's name and what is kept of it; none: the turn is stored when it is done.
    pub(super) asked: Option<Asked>,
    /// Of the session in the store.
    pub(super) place: Place,
    pub(super) traced: bool,
    pub(super) streamed: bool,
}

/// One invocation.
pub(super) struct Driver {
    inner: Arc<Inner>,
    /// Given up before the last event goes out: who reads it may go on at once.
    busy: Option<Busy>,
    run: Run,
    session_id: String,
    asked: Option<Asked>,
    place: Place,
    /// Something came of a step that is not stored.
    unsaved: bool,
    tracer: Option<Tracer>,
    streamed: bool,
    ready: VecDeque<Event>,
    working: FuturesUnordered<BoxFuture<'static, Outcome>>,
    /// What is being worked on: the run offers it until it is fed.
    issued: HashSet<Key>,
    /// By frame, the trace of what its model was asked.
    asked_models: HashMap<u32, Value>,
    /// What the model says that writes to the customer, and for which frame.
    speech: Option<(u32, Speech)>,
    /// What has gone out of the answer.
    out: String,
    over: bool,
}

/// What happened while the agents were at work.
enum Happened {
    Done(Outcome),
    Spoke,
    Nothing,
}

/// A piece of work.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Model(u32),
    Tool(u32, String),
    Summary,
}

impl Driver {
    pub(super) fn new(busy: Busy, run: Run, invocation: Invocation) -> Self {
        let Invocation { session_id, asked, place, traced, streamed } = invocation;
        let collaborators = run.session().collaborator_session_id.clone();
        let inner = Arc::clone(busy.inner());
        let invocation = inner.ports.ids.new_id();
        let tracer = traced.then(|| Tracer::new(session_id.clone(), collaborators, invocation));
        let mut driver = Self {
            inner,
            busy: Some(busy),
            run,
            session_id,
            asked,
            place,
            unsaved: false,
            tracer,
            streamed,
            ready: VecDeque::new(),
            working: FuturesUnordered::new(),
            issued: HashSet::new(),
            asked_models: HashMap::new(),
            speech: None,
            out: String::new(),
            over: false,
        };
        // Another process has said it; who asks again has not heard it.
        driver.give_told();
        driver
    }

    /// The next event; none when the answer is complete or has failed.
    pub(super) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            self.advance().await;
        }
    }

    async fn advance(&mut self) {
        let inner = Arc::clone(&self.inner);
        let step = self.run.next_step(inner.ports.ids.as_ref());
        self.give_traces(&inner);
        let last = match step {
            Step::Work(work) => {
                if self.unsaved
                    && self.asked.is_some()
                    && let Err(error) = self.keep(&inner).await
                {
                    self.fail(error);
                    return;
                }
                for work in work {
                    self.issue(&inner, work);
                }
                let left_ms = self.run.left_ms(inner.ports.clock.now_ms());
                match timeout(Duration::from_millis(left_ms), self.happens()).await {
                    Ok(Happened::Done(outcome)) => self.feed(&inner, outcome),
                    Ok(Happened::Spoke) => self.tell(&inner).await,
                    Ok(Happened::Nothing) => {}
                    Err(_) => self.out_of_time(),
                }
                return;
            }
            Step::ReturnControl(control) => vec![AgentEvent::ReturnControl(control)],
            Step::Ask(text) => rest(&self.out, &text, &[], self.streamed),
            Step::Done(text) => {
                let citations = self.run.take_citations();
                let last = rest(&self.out, &text, &citations, self.streamed);
                if let Some(asked) = &mut self.asked {
                    asked.answer = Some(text);
                    asked.citations = citations;
                }
                last
            }
            Step::Failed(failure) => {
                self.fail(AgentError::from(failure));
                return;
            }
            Step::Idle => {
                self.fail(AgentError::internal("the run has no open turn"));
                return;
            }
        };
        self.over = true;
        // What the client sees must not be lost: stored first.
        match self.keep(&inner).await {
            Ok(()) => {
                self.busy = None;
                self.ready.extend(last.into_iter().map(Ok));
            }
            Err(error) => self.fail(error),
        }
    }

    async fn happens(&mut self) -> Happened {
        let spoke = async {
            match &self.speech {
                Some((_, speech)) => speech.more().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            outcome = self.working.next() => outcome.map_or(Happened::Nothing, Happened::Done),
            () = spoke => Happened::Spoke,
        }
    }

    /// The model has written more. Of a turn with a name what goes out is stored first: whoever goes on with it begins with
    /// the same words.
    async fn tell(&mut self, inner: &Inner) {
        let Some((frame, speech)) = &self.speech else { return };
        let pace = if self.asked.is_some() { Pace::Paragraphs } else { Pace::Sentences };
        if !self.run.tell(*frame, &speech.text(), pace) {
            return;
        }
        speech.tell();
        if self.asked.is_some()
            && let Err(error) = self.keep(inner).await
        {
            self.fail(error);
            return;
        }
        self.give_told();
    }

    fn give_told(&mut self) {
        if let Some(more) = self.run.told().strip_prefix(&self.out).filter(|more| !more.is_empty()) {
            self.ready.push_back(Ok(AgentEvent::Chunk(more.as_bytes().to_vec())));
            self.out = self.run.told().to_owned();
        }
    }

    fn out_of_time(&mut self) {
        self.speech = None;
        self.working.clear();
        self.issued.clear();
        self.asked_models.clear();
        self.unsaved = true;
        self.run.out_of_time();
    }

    async fn keep(&mut self, inner: &Inner) -> Result<(), AgentError> {
        let session = self.run.session_mut();
        self.place = inner.keep(&self.session_id, session, self.asked.as_ref(), &self.place).await?;
        self.unsaved = false;
        Ok(())
    }

    /// The stored session stays as it was before the turn, or before the step of a turn with a name.
    fn fail(&mut self, error: AgentError) {
        tracing::warn!(session_id = self.session_id, kind = ?error.kind, cause = error.cause, "A turn failed");
        self.over = true;
        self.busy = None;
        self.ready.push_back(Err(error));
    }

    fn issue(&mut self, inner: &Arc<Inner>, work: Work) {
        match work {
            Work::Model { frame } => {
                if !self.issued.insert(Key::Model(frame)) {
                    return;
                }
                let Some(request) = self.run.model_request(frame) else { return };
                let start_ms = inner.ports.clock.now_ms();
                if let Some(tracer) = &mut self.tracer {
                    let model = inner.ports.model.model_id(&request);
                    let part = tracer.model_input(&inner.team, &request, model.as_deref(), start_ms);
                    self.asked_models.insert(frame, part.clone());
                    self.give_trace(part);
                }
                let speaks = self.streamed && self.run.speaker() == Some(frame);
                let speech = speaks.then(Speech::default);
                if let Some(speech) = &speech {
                    self.speech = Some((frame, speech.clone()));
                }
                self.working.push(work::ask(Arc::clone(inner), frame, request, speech, start_ms));
            }
            Work::Tool { frame, tool_use_id, call } => {
                if !self.issued.insert(Key::Tool(frame, tool_use_id.clone())) {
                    return;
                }
                let session_id = self.session_id.clone();
                self.working.push(work::execute(Arc::clone(inner), session_id, frame, tool_use_id, *call));
            }
            Work::Lookup { frame, tool_use_id, retrieval } => {
                if !self.issued.insert(Key::Tool(frame, tool_use_id.clone())) {
                    return;
                }
                let session_id = self.session_id.clone();
                self.working.push(work::look_up(Arc::clone(inner), session_id, frame, tool_use_id, retrieval));
            }
            Work::Summary => {
                if let Some(request) = self.run.summary_request()
                    && self.issued.insert(Key::Summary)
                {
                    self.working.push(work::summarise(Arc::clone(inner), request));
                }
            }
        }
    }

    fn feed(&mut self, inner: &Arc<Inner>, outcome: Outcome) {
        self.unsaved = true;
        match outcome {
            Outcome::Model { frame, agent, routing, reply, start_ms, end_ms } => {
                self.issued.remove(&Key::Model(frame));
                self.speech.take_if(|(speaker, _)| *speaker == frame);
                if let Err(cause) = &reply {
                    tracing::warn!(session_id = self.session_id, agent, %cause, "A model failed");
                }
                if let (Some(asked), Ok(reply)) = (self.asked_models.remove(&frame), &reply)
                    && let Some(part) = trace::asked_instead(asked, reply, end_ms)
                {
                    self.give_trace(part);
                }
                if let Some(tracer) = &self.tracer
                    && let Some(part) = tracer.model_output(&inner.team, &agent, routing, &reply, (start_ms, end_ms))
                {
                    self.give_trace(part);
                }
                self.run.feed_model(frame, reply);
            }
            Outcome::Tool { frame, tool_use_id, result } => {
                self.issued.remove(&Key::Tool(frame, tool_use_id.clone()));
                self.run.feed_tool(frame, &tool_use_id, result);
            }
            Outcome::Lookup { frame, tool_use_id, result } => {
                self.issued.remove(&Key::Tool(frame, tool_use_id.clone()));
                self.run.feed_lookup(frame, &tool_use_id, result);
            }
            Outcome::Summary(reply) => {
                self.issued.remove(&Key::Summary);
                if let Err(cause) = &reply {
                    tracing::warn!(session_id = self.session_id, %cause, "A conversation was not summarised");
                }
                self.run.feed_summary(reply);
                if self.asked.is_some()
                    && let Some(summary) = self.run.summary()
                {
                    self.ready.push_back(Ok(AgentEvent::Summary(summary.to_owned())));
                }
            }
        }
        self.give_traces(inner);
    }

    fn give_traces(&mut self, inner: &Inner) {
        let events = self.run.take_traces();
        let Some(tracer) = &self.tracer else { return };
        let now_ms = inner.ports.clock.now_ms();
        let parts: Vec<Value> = events.into_iter().map(|event| tracer.part(&inner.team, event, now_ms)).collect();
        for part in parts {
            self.give_trace(part);
        }
    }

    fn give_trace(&mut self, part: Value) {
        self.ready.push_back(Ok(AgentEvent::Trace(part)));
    }
}
