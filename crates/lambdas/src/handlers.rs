//! What the two functions do with an event's text.

use std::time::Duration;

use relevo_aws::{
    SystemClock,
    env::{DEFAULT_METRICS_NAMESPACE, RELEVO_METRICS_NAMESPACE},
};
use relevo_bot::{Bot, ports::Clock as _};
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    deliveries::{ComeAgain, deliver},
    events::Batch,
    json_text::without_lone_surrogates,
    metrics::Metrics,
    serve::function_name,
};

/// The bot and where its metrics go.
pub struct Handlers {
    bot: Bot,
    metrics: Option<Metrics>,
}

impl Handlers {
    /// With the metrics' namespace from the environment.
    pub fn new(bot: Bot) -> Self {
        let namespace = std::env::var(RELEVO_METRICS_NAMESPACE).unwrap_or_else(|_| DEFAULT_METRICS_NAMESPACE.into());
        Self { bot, metrics: Metrics::new(&namespace, &function_name()) }
    }

    /// Without metrics.
    pub fn unmetered(bot: Bot) -> Self {
        Self { bot, metrics: None }
    }

    /// `start-bot`: Connect's event in, the flow's answer out. It never fails: the answer says what went wrong, so that
    /// the flow can send the customer to a person.
    pub async fn start(&self, text: &str) -> Value {
        let begin = Instant::now();
        let event = serde_json::from_str(&without_lone_surrogates(text)).unwrap_or(Value::Null);
        let answer = self.bot.start(&event).await;
        let field = |name: &str| answer.get(name).and_then(Value::as_str);
        let (status, reason, duration_ms) = (field("status"), field("reason"), millis(begin));
        if matches!(status, Some("left" | "still_there")) {
            tracing::info!(status, reason, duration_ms, "leave");
            return answer;
        }
        let started = status == Some("success");
        tracing::info!(started, reason, duration_ms, "start");
        if let Some(metrics) = &self.metrics {
            metrics.start(started, duration_ms, SystemClock.now_ms());
        }
        answer
    }

    /// `chat-bot`: a batch of streamed items in, what must come again out.
    pub async fn chat(&self, text: &str, time: Option<Duration>) -> Result<Value, ComeAgain> {
        let begin = Instant::now();
        let receive = |item: String, time: Option<Duration>| async move {
            match time {
                Some(time) => self.bot.receive_within(&item, time).await,
                None => self.bot.receive(&item).await,
            }
        };
        let (answer, tally) = deliver(Batch::read(text), time, receive).await;
        if let Some(metrics) = &self.metrics {
            metrics.turns(&tally, millis(begin), SystemClock.now_ms());
        }
        answer
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
