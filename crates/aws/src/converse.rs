//! [`Model`] over Bedrock's `ConverseStream`, or `Converse` where a model cannot call tools in a stream.
//!
//! It is streamed so that the customer may read it while it is written, and so that a model that has gone silent is noticed
//! long before its time is up. The client repeats what is throttled or breaks before the answer begins; what breaks within it
//! is asked again here, as long as nobody has read it. What was said is in the requests and nowhere else: errors
//! carry a code and a status.

mod answer;
mod document;
mod fault;
mod request;
mod stream;

use std::{collections::BTreeMap, time::Duration};

pub(crate) use document::to_json;

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use relevo_agents::{
    definition::{
        agent::{Agent, GuardrailConfiguration},
        models::BedrockChoice,
    },
    model::{Model, ModelError, ModelReply, ModelRequest, Speech, adapter},
};
use tokio::time::timeout;

use self::{answer::Parts, fault::Failure, stream::Streamed};
use crate::clients::{Clients, ModelClient};

/// How often an answer that broke off is asked for again, and after how long.
const REPEATS: usize = 2;
const PAUSE: Duration = Duration::from_millis(500);
/// After the model has ended there is what it cost; nobody waits long for that.
const TAIL: Duration = Duration::from_secs(1);

/// The models of Bedrock.
#[derive(Debug, Clone)]
pub struct ConverseModel {
    client: ModelClient,
    choice: BedrockChoice,
    /// Whether agents' own `foundationModel` goes before the settings' model.
    own: bool,
    /// By agent.
    guardrails: BTreeMap<String, GuardrailConfiguration>,
}

impl ConverseModel {
    /// Models by these settings. An agent's own `foundationModel` goes before `modelId`.
    pub fn new(clients: &Clients, choice: BedrockChoice) -> Self {
        Self { client: clients.model.clone(), choice, own: true, guardrails: BTreeMap::new() }
    }

    /// The same without agents' own models: `modelId` alone, as in every `bedrock` of a chain but the first.
    #[must_use]
    pub fn without_own_models(self) -> Self {
        Self { own: false, ..self }
    }

    /// The same with the guardrails of an agent and its collaborators.
    #[must_use]
    pub fn guarding(mut self, agent: &Agent) -> Self {
        self.guardrails.extend(agent.guardrail_configuration.clone().map(|it| (agent.agent_name.clone(), it)));
        agent.collaborators.iter().fold(self, Self::guarding)
    }

    fn model<'m>(&'m self, request: &'m ModelRequest) -> Option<&'m str> {
        let own = request.model_id.as_deref().filter(|id| self.own && !id.trim().is_empty());
        own.or(self.choice.model_id.as_deref())
    }

    /// Asks for the whole answer at once.
    async fn converse(&self, model: &str, request: &ModelRequest) -> Result<Parts, ModelError> {
        let call = self.client.converse().model_id(model);
        let call = call.set_system(Some(request::system(request, &self.choice)?));
        let call = call.set_messages(Some(request::messages(request)?));
        let call = call.set_tool_config(request::tools(request, &self.choice)?);
        let call = call.set_inference_config(request::inference(&self.choice));
        let guardrail = self.guardrails.get(&request.agent_name);
        let call = call.set_guardrail_config(guardrail.map(request::guardrail));
        answer::parts(call.send().await.map_err(|error| fault::of_call(&error))?)
    }

    /// Asks for the answer in pieces.
    async fn converse_stream(
        &self,
        model: &str,
        request: &ModelRequest,
        speech: Option<&Speech>,
    ) -> Result<Parts, Failure> {
        let silence = Duration::from_millis(self.choice.silence_ms);
        let call = self.client.converse_stream().model_id(model);
        let call = call.set_system(Some(request::system(request, &self.choice)?));
        let call = call.set_messages(Some(request::messages(request)?));
        let call = call.set_tool_config(request::tools(request, &self.choice)?);
        let call = call.set_inference_config(request::inference(&self.choice));
        let guardrail = self.guardrails.get(&request.agent_name);
        let call = call.set_guardrail_config(guardrail.map(request::guardrail_of_stream));
        let sent = timeout(silence, call.send()).await.map_err(|_| ModelError::TimedOut)?;
        let mut events = sent.map_err(|error| fault::of_call(&error))?.stream;
        let mut streamed = Streamed::default();
        loop {
            let patience = if streamed.is_stopped() { TAIL.min(silence) } else { silence };
            match timeout(patience, events.recv()).await {
                Ok(Ok(Some(event))) => {
                    if let (Some(speech), Some(piece)) = (speech, streamed.take(event)) {
                        speech.say(&piece);
                    }
                }
                Ok(Ok(None)) => break,
                // The answer is complete, whatever becomes of its stream.
                _ if streamed.is_stopped() => break,
                Ok(Err(error)) => return Err(fault::of_stream(&error)),
                Err(_) => return Err(ModelError::TimedOut.into()),
            }
        }
        streamed.finish().ok_or_else(|| Failure::passing("the stream broke off"))
    }

    async fn ask(&self, request: &ModelRequest, speech: Option<&Speech>) -> Result<ModelReply, ModelError> {
        let model = self.model(request).ok_or_else(|| ModelError::Failed("no model is set for this agent".into()))?;
        // A guardrail of Bedrock's may take back what it has not seen the end of.
        let speech = speech.filter(|_| !self.guardrails.contains_key(&request.agent_name));
        let (content, stop, usage) = self.parts(model, request, speech).await?;
        adapter::reply(&request.purpose, content, stop, usage, Some(model.to_owned()))
    }

    async fn parts(&self, model: &str, request: &ModelRequest, speech: Option<&Speech>) -> Result<Parts, ModelError> {
        if !self.choice.streaming {
            return self.converse(model, request).await;
        }
        let pauses = ExponentialBuilder::default().with_min_delay(PAUSE).with_max_times(REPEATS).with_jitter();
        let ask = || self.converse_stream(model, request, speech);
        let again = |failure: &Failure| failure.is_passing() && speech.is_none_or(Speech::again);
        ask.retry(pauses).when(again).await.map_err(ModelError::from)
    }
}

#[async_trait]
impl Model for ConverseModel {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.ask(&request, None).await
    }

    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        self.ask(&request, Some(speech)).await
    }

    fn model_id(&self, request: &ModelRequest) -> Option<String> {
        self.model(request).map(str::to_owned)
    }
}
