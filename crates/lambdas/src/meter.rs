//! What one delivery spends on its way: the agent's time, and the time to the first words.
//!
//! The ports are wrapped once, at the start; whose call it is, a task-local says.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use async_trait::async_trait;
use futures_util::{
    Stream,
    stream::{BoxStream, StreamExt as _},
};
use relevo_bot::{
    ports::{
        Agent, AgentError, AgentEvent, Chat, ChatError, Connection, Participant, Question, Token, TurnFailure, Watch,
    },
    sessions::CloseReason,
};
use serde_json::Value;
use tokio::time::Instant;

tokio::task_local! {
    static RUNNING: RefCell<(Instant, Meter)>;
}

/// One delivery's measures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Meter {
    /// How often the agent was asked.
    pub(crate) agent_calls: u32,
    /// From a question to the end of its answer, all questions.
    pub(crate) agent_ms: u64,
    /// From the delivery to the first message that the chat has taken.
    pub(crate) first_part_ms: Option<u64>,
    /// Turns without an answer, by [`TurnFailure::code`].
    pub(crate) failed: Vec<&'static str>,
    /// Why the bot left.
    pub(crate) departed: Option<CloseReason>,
    /// Parts that the chat took after a person had taken over.
    pub(crate) after_handoff: u32,
}

impl Meter {
    /// Measures what happens within a future.
    pub(crate) async fn around<T>(work: impl Future<Output = T>) -> (T, Self) {
        let running = RefCell::new((Instant::now(), Self::default()));
        RUNNING
            .scope(running, async {
                let done = work.await;
                (done, RUNNING.with(|running| running.borrow().1.clone()))
            })
            .await
    }

    fn note(change: impl FnOnce(&mut Self, u64)) {
        // Outside of a delivery there is nothing to measure.
        let _ = RUNNING.try_with(|running| {
            let (begin, meter) = &mut *running.borrow_mut();
            change(meter, elapsed_ms(*begin));
        });
    }
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Notes what the bot tells of in the measures of the delivery that it happens in.
pub(crate) struct Watching;

impl Watch for Watching {
    fn turn_failed(&self, failure: &TurnFailure) {
        Meter::note(|meter, _| meter.failed.push(failure.code()));
    }

    fn departed(&self, reason: CloseReason) {
        Meter::note(|meter, _| meter.departed = Some(reason));
    }

    fn said_after_handoff(&self) {
        Meter::note(|meter, _| meter.after_handoff += 1);
    }
}

/// A port whose calls are measured.
pub(crate) struct Metered<T>(pub(crate) Arc<T>);

/// Counts its own life as the agent's time.
struct AgentTime(Instant);

impl Drop for AgentTime {
    fn drop(&mut self) {
        let spent = elapsed_ms(self.0);
        Meter::note(|meter, _| meter.agent_ms += spent);
    }
}

struct Timed {
    answer: BoxStream<'static, Result<AgentEvent, AgentError>>,
    _time: AgentTime,
}

impl Stream for Timed {
    type Item = Result<AgentEvent, AgentError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.answer.poll_next_unpin(cx)
    }
}

#[async_trait]
impl<T: Agent> Agent for Metered<T> {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        Meter::note(|meter, _| meter.agent_calls += 1);
        let time = AgentTime(Instant::now());
        let answer = self.0.ask(question).await?;
        Ok(Timed { answer, _time: time }.boxed())
    }

    fn goes_on(&self) -> bool {
        self.0.goes_on()
    }

    fn allowed(&self, words: &str) -> Option<String> {
        self.0.allowed(words)
    }

    async fn forget(&self, session_id: &str) {
        self.0.forget(session_id).await;
    }
}

#[async_trait]
impl<T: Chat> Chat for Metered<T> {
    async fn create_participant(
        &self,
        instance_id: &str,
        contact_id: &str,
        display_name: &str,
        client_token: &str,
    ) -> Result<Participant, ChatError> {
        self.0.create_participant(instance_id, contact_id, display_name, client_token).await
    }

    async fn create_connection(&self, participant_token: &Token) -> Result<Connection, ChatError> {
        self.0.create_connection(participant_token).await
    }

    async fn start_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, ChatError> {
        self.0.start_streaming(instance_id, contact_id, topic_arn, client_token).await
    }

    async fn stop_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), ChatError> {
        self.0.stop_streaming(instance_id, contact_id, streaming_id).await
    }

    async fn send_message(
        &self,
        connection_token: &Token,
        content_type: &str,
        content: &str,
        client_token: &str,
    ) -> Result<(), ChatError> {
        self.0.send_message(connection_token, content_type, content, client_token).await?;
        Meter::note(|meter, now_ms| {
            meter.first_part_ms.get_or_insert(now_ms);
        });
        Ok(())
    }

    async fn send_typing(&self, connection_token: &Token) -> Result<(), ChatError> {
        self.0.send_typing(connection_token).await
    }

    async fn update_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        self.0.update_attributes(instance_id, initial_contact_id, attributes).await
    }

    async fn transcript(&self, connection_token: &Token) -> Result<Vec<Value>, ChatError> {
        self.0.transcript(connection_token).await
    }

    async fn disconnect(&self, connection_token: &Token, client_token: &str) -> Result<(), ChatError> {
        self.0.disconnect(connection_token, client_token).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct GoesOn(bool);

    #[async_trait]
    impl Agent for GoesOn {
        async fn ask(&self, _: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
            Err(AgentError::Throttled)
        }

        fn goes_on(&self) -> bool {
            self.0
        }

        fn allowed(&self, _: &str) -> Option<String> {
            self.0.then(|| "masked".into())
        }
    }

    #[test]
    fn an_agent_that_is_measured_goes_on_as_before() {
        for goes_on in [true, false] {
            let agent = Metered(Arc::new(GoesOn(goes_on)));
            assert_eq!((agent.goes_on(), agent.allowed("x").is_some()), (goes_on, goes_on));
        }
    }
}
