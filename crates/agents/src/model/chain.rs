//! Several models as one: who fails is skipped for a while, and the next one answers.
//!
//! The customer sees no difference but the wording: a history is every model's, see [`adapter::history`](super::adapter::history).
//! What is known of a model's state is in memory: another process finds it out for itself.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::{Instant, timeout};

use super::{Model, ModelError, ModelReply, ModelRequest, Speech};
use crate::definition::models::{ModelChoice, timeouts};

/// How long a model that failed is not asked.
const SKIP: Duration = Duration::from_secs(30);

/// A model of a chain.
pub struct Link {
    name: String,
    model: Arc<dyn Model>,
    timeout: Option<Duration>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, Default)]
enum State {
    /// It is asked.
    #[default]
    Well,
    /// It failed; from then on one request tries it.
    Down { until: Instant },
    /// That one is under way.
    Probed,
}

impl Link {
    /// A model with its provider's name. `timeout`: how long one answer may take before the next model is asked.
    pub fn new(name: impl Into<String>, model: Arc<dyn Model>, timeout: Option<Duration>) -> Self {
        Self { name: name.into(), model, timeout, state: Mutex::default() }
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn is_due(&self) -> bool {
        match *self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Well => true,
            State::Down { until } => until <= Instant::now(),
            State::Probed => false,
        }
    }

    /// Whether it is to be asked, and if so how to leave it when nothing came of it.
    fn enter(&self) -> Option<Entered<'_>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            State::Well => Some(Entered { link: self, back: None }),
            State::Down { until } if until <= Instant::now() => {
                *state = State::Probed;
                Some(Entered { link: self, back: Some(State::Down { until }) })
            }
            State::Down { .. } | State::Probed => None,
        }
    }

    async fn ask(&self, request: ModelRequest, speech: Option<&Speech>) -> Result<ModelReply, ModelError> {
        let told = self.model.model_id(&request);
        let mut answer = match speech {
            Some(speech) => self.model.speak(request, speech),
            None => self.model.answer(request),
        };
        let reply = match self.timeout {
            Some(most) => match timeout(most, &mut answer).await {
                Ok(reply) => reply,
                // The customer reads it already: nobody could begin anew.
                Err(_) if speech.is_some_and(Speech::is_told) => answer.await,
                Err(_) => Err(ModelError::TimedOut),
            },
            None => answer.await,
        };
        reply.map(|reply| ModelReply { model: reply.model.or(told), ..reply })
    }
}

/// A request that is given up says nothing of the model: a probe is then another's to make.
struct Entered<'l> {
    link: &'l Link,
    back: Option<State>,
}

impl Entered<'_> {
    fn leave(mut self, state: State) {
        self.back = None;
        self.link.set(state);
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if let Some(state) = self.back {
            self.link.set(state);
        }
    }
}

/// Models in the order in which they are asked.
pub struct Chain {
    links: Vec<Link>,
    skip: Duration,
}

impl Chain {
    /// The chain of these.
    pub fn new(links: Vec<Link>) -> Self {
        Self { links, skip: SKIP }
    }

    /// The chain of a definition's choices. `make` makes the model of each, by its place; none: it is left out.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn of<E>(
        choices: &[ModelChoice],
        mut make: impl FnMut(usize, &ModelChoice) -> Result<Option<Arc<dyn Model>>, E>,
    ) -> Result<Self, E> {
        let mut links = Vec::new();
        for ((index, choice), timeout) in choices.iter().enumerate().zip(timeouts(choices)) {
            if let Some(model) = make(index, choice)? {
                links.push(Link::new(choice.provider(), model, timeout));
            }
        }
        Ok(Self::new(links))
    }

    /// The same with another time for which a model that failed is not asked.
    #[must_use]
    pub fn skipping(mut self, skip: Duration) -> Self {
        self.skip = skip;
        self
    }

    /// Asks one; what is known of it afterwards is left with it.
    async fn ask(
        &self,
        link: &Link,
        entered: Entered<'_>,
        request: &ModelRequest,
        speech: Option<&Speech>,
    ) -> Result<ModelReply, ModelError> {
        let reply = link.ask(request.clone(), speech).await;
        match &reply {
            // A model that refuses one request is well.
            Ok(_) | Err(ModelError::Refused(_)) => entered.leave(State::Well),
            Err(_) => entered.leave(State::Down { until: Instant::now() + self.skip }),
        }
        let agent = &request.agent_name;
        match &reply {
            Ok(reply) => tracing::debug!(provider = link.name, model = reply.model, agent, "A model answered"),
            Err(cause) => tracing::warn!(provider = link.name, agent, %cause, "A model did not answer"),
        }
        reply
    }

    /// Asks one after the other. Once the customer reads an answer, its failure is the chain's.
    async fn ask_all(&self, request: ModelRequest, speech: Option<&Speech>) -> Result<ModelReply, ModelError> {
        let mut skipped = Vec::new();
        let mut failure = None;
        for link in &self.links {
            let Some(entered) = link.enter() else {
                skipped.push(link);
                continue;
            };
            match self.ask(link, entered, &request, speech).await {
                Err(error) if speech.is_none_or(Speech::again) => failure = Some(error),
                reply => return reply,
            }
        }
        // Nobody goes without an answer because of a skip.
        for link in skipped {
            match self.ask(link, Entered { link, back: None }, &request, speech).await {
                Err(error) if speech.is_none_or(Speech::again) => failure = Some(error),
                reply => return reply,
            }
        }
        Err(failure.unwrap_or_else(|| ModelError::Failed("there is no model".into())))
    }
}

#[async_trait]
impl Model for Chain {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.ask_all(request, None).await
    }

    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        self.ask_all(request, Some(speech)).await
    }

    fn model_id(&self, request: &ModelRequest) -> Option<String> {
        let link = self.links.iter().find(|link| link.is_due()).or(self.links.first())?;
        link.model.model_id(request)
    }
}
