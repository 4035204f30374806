//! A chain of models: who is asked, who is skipped and for how long, and what the trace tells. Time is paused.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{FutureExt as _, StreamExt as _};
use relevo_agents::{
    Log,
    model::{
        Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Usage,
        chain::{Chain, Link},
    },
    runtime::{AgentEvent, InvokeAgent, MemoryRuns, Ports, Runtime},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::Value;
use tokio::time::{Instant, advance, sleep};

use crate::support::{CountedIds, SetClock, definition};

type Answer = Result<(), ModelError>;

/// A model that answers its own name, after a while, unless it is to fail.
struct Named {
    name: &'static str,
    seconds: u64,
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<usize>,
}

impl Named {
    fn new(name: &'static str, answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Self::slow(name, 0, answers)
    }

    fn slow(name: &'static str, seconds: u64, answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        let answers = Mutex::new(answers.into_iter().collect());
        Arc::new(Self { name, seconds, answers, asked: Mutex::default() })
    }

    /// How often it was asked since this was last called.
    fn asked(&self) -> usize {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Model for Named {
    async fn answer(&self, _: ModelRequest) -> Result<ModelReply, ModelError> {
        *self.asked.lock().unwrap() += 1;
        sleep(Duration::from_secs(self.seconds)).await;
        self.answers.lock().unwrap().pop_front().unwrap_or(Ok(()))?;
        let outcome = Outcome::Content(vec![Content::Text(self.name.into())]);
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }

    fn model_id(&self, _: &ModelRequest) -> Option<String> {
        Some(format!("{}-id", self.name))
    }
}

fn failed() -> Answer {
    Err(ModelError::Failed("down".into()))
}

fn chain(models: &[&Arc<Named>]) -> Chain {
    let link =
        |model: &&Arc<Named>| Link::new(model.name, Arc::clone(*model) as Arc<dyn Model>, Some(Duration::from_secs(5)));
    Chain::new(models.iter().map(link).collect())
}

fn request() -> ModelRequest {
    ModelRequest {
        agent_name: "a".into(),
        model_id: None,
        system: String::new(),
        messages: Log::default(),
        purpose: Purpose::Orchestrate { tools: Vec::new() },
        language: None,
    }
}

/// Who answers, by the text and by what the reply says of itself.
async fn answered(chain: &Chain) -> Result<String, ModelError> {
    let reply = chain.answer(request()).await?;
    let Outcome::Content(content) = reply.outcome else { panic!() };
    let [Content::Text(name)] = &content[..] else { panic!() };
    assert_eq!(reply.model, Some(format!("{name}-id")));
    Ok(name.clone())
}

#[tokio::test(start_paused = true)]
async fn who_fails_is_skipped_and_then_tried_once() {
    for failure in [failed(), Err(ModelError::Throttled("t".into())), Err(ModelError::TimedOut)] {
        let (one, two) = (Named::new("one", [failure.clone(), failure]), Named::new("two", []));
        let chain = chain(&[&one, &two]);
        assert_eq!(chain.model_id(&request()).as_deref(), Some("one-id"));
        for _ in 0..3 {
            assert_eq!(answered(&chain).await.unwrap(), "two");
            assert_eq!(chain.model_id(&request()).as_deref(), Some("two-id"));
        }
        assert_eq!((one.asked(), two.asked()), (1, 3));
        advance(Duration::from_secs(29)).await;
        assert_eq!(answered(&chain).await.unwrap(), "two");
        assert_eq!(one.asked(), 0);
        // It fails again when it is tried, and again it is let alone for as long.
        advance(Duration::from_secs(1)).await;
        assert_eq!(chain.model_id(&request()).as_deref(), Some("one-id"));
        assert_eq!(answered(&chain).await.unwrap(), "two");
        assert_eq!(one.asked(), 1);
        advance(Duration::from_secs(29)).await;
        assert_eq!((answered(&chain).await.unwrap().as_str(), one.asked()), ("two", 0));
        advance(Duration::from_secs(1)).await;
        for _ in 0..2 {
            assert_eq!(answered(&chain).await.unwrap(), "one");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_request_goes_on_and_its_model_stays() {
    let refusal = || Err(ModelError::Refused("too long".into()));
    let (one, two) = (Named::new("one", [refusal()]), Named::new("two", []));
    let chain = chain(&[&one, &two]);
    assert_eq!(answered(&chain).await.unwrap(), "two");
    assert_eq!(answered(&chain).await.unwrap(), "one");
    let (one, two) = (Named::new("one", [refusal()]), Named::new("two", [failed()]));
    let error = answered(&self::chain(&[&one, &two])).await.unwrap_err();
    assert!(matches!(error, ModelError::Failed(_)), "the last one's: {error:?}");
}

#[tokio::test(start_paused = true)]
async fn who_takes_too_long_is_not_waited_for() {
    let (one, two) = (Named::slow("one", 3_600, []), Named::slow("two", 1, []));
    let chain = chain(&[&one, &two]);
    let began = Instant::now();
    assert_eq!(answered(&chain).await.unwrap(), "two");
    assert_eq!(began.elapsed(), Duration::from_secs(6));
    assert_eq!(answered(&chain).await.unwrap(), "two");
    assert_eq!(began.elapsed(), Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn one_request_tries_and_the_others_do_not_wait() {
    let (one, two) = (Named::slow("one", 2, [failed()]), Named::new("two", []));
    let chain = chain(&[&one, &two]);
    assert_eq!(answered(&chain).await.unwrap(), "two");
    advance(Duration::from_secs(30)).await;
    one.asked();
    let all = futures_util::future::join_all((0..4).map(|_| answered(&chain))).await;
    let names: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    assert_eq!(names, ["one", "two", "two", "two"]);
    assert_eq!(one.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_trial_that_is_given_up_is_another_requests() {
    let (one, two) = (Named::slow("one", 2, [failed()]), Named::new("two", []));
    let chain = chain(&[&one, &two]);
    assert_eq!(answered(&chain).await.unwrap(), "two");
    advance(Duration::from_secs(30)).await;
    assert!(answered(&chain).now_or_never().is_none(), "given up while the model thinks");
    assert_eq!(answered(&chain).await.unwrap(), "one");
}

#[tokio::test(start_paused = true)]
async fn nobody_goes_without_an_answer_because_of_a_skip() {
    let (one, two) = (Named::new("one", [failed()]), Named::new("two", [Ok(()), failed()]));
    let chain = chain(&[&one, &two]);
    assert_eq!(answered(&chain).await.unwrap(), "two");
    assert_eq!(answered(&chain).await.unwrap(), "one", "the other has failed: it is asked after all");
    let only = Named::new("only", [failed()]);
    let chain = self::chain(&[&only]);
    assert!(answered(&chain).await.is_err());
    assert_eq!(answered(&chain).await.unwrap(), "only");
    assert!(matches!(answered(&Chain::new(Vec::new())).await, Err(ModelError::Failed(_))));
}

struct NoTools;

#[async_trait]
impl Tools for NoTools {
    async fn call(&self, _: ToolCall) -> Result<ToolOutput, ToolError> {
        Err(ToolError::TimedOut)
    }
}

/// Which models the trace of a turn names, in order.
async fn traced(runtime: &Runtime, session: &str) -> Vec<String> {
    let request = InvokeAgent {
        session_id: session.into(),
        input_text: Some("hola".into()),
        enable_trace: true,
        ..InvokeAgent::default()
    };
    let events: Vec<_> = runtime.invoke(request).await.unwrap().collect().await;
    let mut last_id = Value::Null;
    let mut models = Vec::new();
    for event in events {
        let AgentEvent::Trace(part) = event.unwrap() else { continue };
        let trace = &part["trace"]["orchestrationTrace"];
        if let Some(model) = trace["modelInvocationInput"]["foundationModel"].as_str() {
            models.push(model.to_owned());
            last_id = trace["modelInvocationInput"]["traceId"].clone();
        }
        if trace.get("modelInvocationOutput").is_some() {
            assert_eq!(trace["modelInvocationOutput"]["traceId"], last_id, "it belongs to the one that answered");
            models.push("answer".into());
        }
    }
    models
}

#[tokio::test(start_paused = true)]
async fn the_trace_names_who_answered() {
    let (one, two) = (Named::new("one", [failed()]), Named::new("two", []));
    let ports = Ports {
        model: Arc::new(chain(&[&one, &two])),
        tools: Arc::new(NoTools),
        runs: Arc::new(MemoryRuns::default()),
        clock: Arc::new(SetClock::default()),
        ids: Arc::new(CountedIds::default()),
    };
    let runtime = Runtime::new(&definition("SUPERVISOR"), ports);
    assert_eq!(traced(&runtime, "s-1").await, ["one-id", "two-id", "answer"], "the first did not answer");
    assert_eq!(traced(&runtime, "s-2").await, ["two-id", "answer"], "the first is skipped");
    advance(Duration::from_secs(30)).await;
    assert_eq!(traced(&runtime, "s-3").await, ["one-id", "answer"]);
}
