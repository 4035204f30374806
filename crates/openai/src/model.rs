//! The model: one request is a call or a few, within the patience that the definition has.

use std::time::Duration;

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use relevo_agents::{
    definition::models::OpenAiChoice,
    model::{Model, ModelError, ModelReply, ModelRequest, Speech, adapter},
};
use reqwest::{Client, Response, Url, header::ACCEPT, header::CONTENT_TYPE, redirect::Policy};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::OnceCell, time::timeout};

use crate::{
    collect::Answer,
    fault::Fault,
    read::Reading,
    request::{Dialect, body},
    start::{StartError, address, key},
    thoughts::Thoughts,
};

/// To open a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// How often one request is asked at most.
const ATTEMPTS: usize = 3;
/// The first pause before it is asked again; the next is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// An endpoint that wants to be left alone for longer is not waited for: there may be another.
const MOST_PAUSE: Duration = Duration::from_secs(8);
/// After the model has ended there may be what it cost; nobody waits long for that.
const TAIL: Duration = Duration::from_secs(1);
/// Of an error's body.
const MOST_ERROR_BYTES: usize = 16 * 1024;

/// A model behind chat completions.
pub struct OpenAiModel {
    choice: OpenAiChoice,
    address: Url,
    key: Option<SecretString>,
    dialect: Dialect,
    thoughts: Thoughts,
    pause: Duration,
    /// Made when it is first needed: reading the trusted certificates takes memory and some milliseconds.
    client: OnceCell<Client>,
}

impl OpenAiModel {
    /// The model of these settings; `variable` reads the environment, for the key.
    ///
    /// # Errors
    /// The key is not there, or the address is none.
    pub fn new(choice: OpenAiChoice, variable: impl Fn(&str) -> Option<String>) -> Result<Self, StartError> {
        let address = address(&choice.base_url, &["chat", "completions"])?;
        let key = key(choice.api_key_from.as_deref(), variable)?;
        Ok(Self {
            choice,
            address,
            key,
            dialect: Dialect::default(),
            thoughts: Thoughts::default(),
            pause: PAUSE,
            client: OnceCell::new(),
        })
    }

    /// The same with another first pause before a request is asked again.
    #[must_use]
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    fn silence(&self) -> Duration {
        Duration::from_millis(self.choice.silence_ms)
    }

    /// A redirect is an answer: the conversation and the key are for the address that was configured and no other.
    async fn client(&self) -> Result<&Client, Fault> {
        let make = || async { Client::builder().connect_timeout(CONNECT).redirect(Policy::none()).build() };
        self.client.get_or_try_init(make).await.map_err(|_| Fault::Unreachable)
    }

    async fn reply(&self, request: &ModelRequest, speech: Option<&Speech>) -> Result<ModelReply, ModelError> {
        let speech = speech.filter(|_| self.thoughts.are_apart(&self.choice.model));
        let Answer { content, stop, usage, model, thoughts } = self.ask(request, speech).await?;
        self.thoughts.learn(thoughts);
        if let Some(model) = model.filter(|model| *model != self.choice.model) {
            tracing::debug!(asked = self.choice.model, answered = model, "an endpoint names its model otherwise");
        }
        adapter::reply(&request.purpose, content, stop, usage, Some(self.choice.model.clone()))
    }

    async fn ask(&self, request: &ModelRequest, speech: Option<&Speech>) -> Result<Answer, Fault> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.pause)
            .with_max_delay(MOST_PAUSE)
            .with_max_times(ATTEMPTS - 1)
            .with_jitter();
        (|| self.attempt(request, speech))
            .retry(pauses)
            .when(|fault| fault.is_passing() && speech.is_none_or(Speech::again))
            .adjust(|fault, pause| match (fault.retry_after(), pause) {
                (Some(wanted), Some(pause)) => (wanted <= MOST_PAUSE).then(|| wanted.max(pause)),
                (_, pause) => pause,
            })
            .notify(|fault, pause| {
                tracing::info!(model = self.choice.model, %fault, pause_ms = pause.as_millis(), "A model is asked again");
            })
            .await
    }

    async fn attempt(&self, request: &ModelRequest, speech: Option<&Speech>) -> Result<Answer, Fault> {
        loop {
            let response = self.send(request).await?;
            let status = response.status();
            if status.is_success() {
                return self.read(response, speech).await;
            }
            let headers = response.headers().clone();
            let words = self.error_body(response).await;
            let is_refusal = matches!(status.as_u16(), 400 | 422);
            if !(is_refusal && self.dialect.learn(&self.choice, &words)) {
                return Err(Fault::status(status.as_u16(), &headers, &words));
            }
        }
    }

    async fn send(&self, request: &ModelRequest) -> Result<Response, Fault> {
        let body = body(&self.choice, &self.dialect, request).map_err(|_| Fault::Unwritten)?;
        let call = self.client().await?.post(self.address.clone()).body(body);
        let call = call.header(CONTENT_TYPE, "application/json").header(ACCEPT, "text/event-stream, application/json");
        let call = match &self.key {
            Some(key) => call.bearer_auth(key.expose_secret()),
            None => call,
        };
        let sent = timeout(self.silence(), call.send()).await.map_err(|_| Fault::Silent)?;
        sent.map_err(|error| match error {
            // Before there was a connection nothing can have been cut.
            _ if error.is_connect() => Fault::Unreachable,
            _ if error.is_timeout() => Fault::Silent,
            _ => Fault::Cut,
        })
    }

    async fn read(&self, mut response: Response, speech: Option<&Speech>) -> Result<Answer, Fault> {
        let mut reading = Reading::default();
        // Bytes of the text that the speech has.
        let mut said = 0;
        while !reading.is_done() {
            let patience = if reading.is_finished() { TAIL.min(self.silence()) } else { self.silence() };
            match timeout(patience, response.chunk()).await {
                Ok(Ok(Some(bytes))) => {
                    reading.feed(&bytes)?;
                    if let Some(speech) = speech
                        && let Some(piece) = reading.said(said)
                    {
                        speech.say(piece);
                        said += piece.len();
                    }
                }
                // How it ended is for the reading to judge: an answer may be complete before its connection.
                Ok(Ok(None) | Err(_)) => break,
                Err(_) if reading.is_finished() => break,
                Err(_) => return Err(Fault::Silent),
            }
        }
        reading.finish()
    }

    async fn error_body(&self, mut response: Response) -> String {
        let mut bytes = Vec::new();
        while bytes.len() < MOST_ERROR_BYTES
            && let Ok(Ok(Some(more))) = timeout(self.silence(), response.chunk()).await
        {
            bytes.extend_from_slice(&more);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[async_trait]
impl Model for OpenAiModel {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.reply(&request, None).await
    }

    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        self.reply(&request, Some(speech)).await
    }

    fn model_id(&self, _: &ModelRequest) -> Option<String> {
        Some(self.choice.model.clone())
    }
}
