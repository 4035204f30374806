//! Vectors of texts, by `/embeddings`.

use std::time::Duration;

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use relevo_agents::{
    definition::knowledge::OpenAiEmbedding,
    knowledge::{Embedder, Embedding, RetrievalError},
};
use reqwest::{Client, Url, header::CONTENT_TYPE, redirect::Policy};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::OnceCell;

use crate::{
    fault::Fault,
    start::{StartError, address, key},
};

/// To open a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// For one request, of up to some dozens of passages.
const ANSWER: Duration = Duration::from_mins(1);
/// How often one request is asked at most, and the first pause between.
const ATTEMPTS: usize = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// A model behind `/embeddings`.
pub struct OpenAiEmbedder {
    settings: OpenAiEmbedding,
    address: Url,
    key: Option<SecretString>,
    pause: Duration,
    client: OnceCell<Client>,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    /// Some servers leave it out: then the order is that of the texts.
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl OpenAiEmbedder {
    /// The model of these settings; `variable` reads the environment, for the key.
    ///
    /// # Errors
    /// The key is not there, or the address is none.
    pub fn new(settings: OpenAiEmbedding, variable: impl Fn(&str) -> Option<String>) -> Result<Self, StartError> {
        let address = address(&settings.base_url, &["embeddings"])?;
        let key = key(settings.api_key_from.as_deref(), variable)?;
        Ok(Self { settings, address, key, pause: PAUSE, client: OnceCell::new() })
    }

    /// The same with another first pause before a request is asked again.
    #[must_use]
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Fault> {
        let make = || async { Client::builder().connect_timeout(CONNECT).redirect(Policy::none()).build() };
        let client = self.client.get_or_try_init(make).await.map_err(|_| Fault::Unreachable)?;
        let mut body = json!({"model": self.settings.model, "input": texts, "encoding_format": "float"});
        if let (Some(dimensions), Some(body)) = (self.settings.dimensions, body.as_object_mut()) {
            body.insert("dimensions".into(), dimensions.into());
        }
        let call = client.post(self.address.clone()).timeout(ANSWER);
        let call = call.header(CONTENT_TYPE, "application/json").body(body.to_string());
        let call = match &self.key {
            Some(key) => call.bearer_auth(key.expose_secret()),
            None => call,
        };
        let response = call.send().await.map_err(|error| match error {
            _ if error.is_connect() => Fault::Unreachable,
            _ if error.is_timeout() => Fault::Silent,
            _ => Fault::Cut,
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes =
            response.bytes().await.map_err(|error| if error.is_timeout() { Fault::Silent } else { Fault::Cut })?;
        if !status.is_success() {
            return Err(Fault::status(status.as_u16(), &headers, &String::from_utf8_lossy(&bytes)));
        }
        in_order(serde_json::from_slice(&bytes).map_err(|_| Fault::Unreadable)?, texts.len())
    }
}

/// The vectors in the order of the texts, each once.
fn in_order(answer: Answer, texts: usize) -> Result<Vec<Vec<f32>>, Fault> {
    let mut vectors = vec![None; texts];
    for (place, item) in answer.data.into_iter().enumerate() {
        match vectors.get_mut(item.index.unwrap_or(place)) {
            Some(vector @ None) if !item.embedding.is_empty() => *vector = Some(item.embedding),
            _ => return Err(Fault::Unreadable),
        }
    }
    vectors.into_iter().collect::<Option<_>>().ok_or(Fault::Unreadable)
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    fn name(&self) -> String {
        let OpenAiEmbedding { base_url, model, dimensions, document_prefix, .. } = &self.settings;
        json!({"openai": [base_url, model, dimensions, document_prefix]}).to_string()
    }

    async fn embed(&self, texts: &[String], of: Embedding) -> Result<Vec<Vec<f32>>, RetrievalError> {
        let prefix = match of {
            Embedding::Passage => &self.settings.document_prefix,
            Embedding::Question => &self.settings.query_prefix,
        };
        let texts: Vec<String> = texts.iter().map(|text| format!("{prefix}{text}")).collect();
        let pauses =
            ExponentialBuilder::default().with_min_delay(self.pause).with_max_times(ATTEMPTS - 1).with_jitter();
        let vectors = (|| self.ask(&texts)).retry(pauses).when(Fault::is_passing).await;
        vectors.map_err(|fault| match fault {
            Fault::Silent => RetrievalError::TimedOut,
            other => RetrievalError::Failed(format!("embeddings of {}: {other}", self.settings.model)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_in_the_order_of_the_texts_or_not_at_all() {
        let read = |text: &str, texts| in_order(serde_json::from_str(text).unwrap(), texts);
        let (a, b) = (vec![1.0_f32], vec![2.0_f32]);
        let both = r#"{"data": [{"index": 1, "embedding": [2]}, {"index": 0, "embedding": [1]}]}"#;
        assert_eq!(read(both, 2).unwrap(), [a.clone(), b.clone()]);
        assert_eq!(read(r#"{"data": [{"embedding": [1]}, {"embedding": [2]}], "model": "m"}"#, 2).unwrap(), [a, b]);
        for (wrong, texts) in [
            (both, 3),
            (both, 1),
            (r#"{"data": [{"index": 0, "embedding": [2]}, {"index": 0, "embedding": [1]}]}"#, 2),
            (r#"{"data": [{"index": 0, "embedding": []}]}"#, 1),
        ] {
            assert_eq!(read(wrong, texts), Err(Fault::Unreadable), "{wrong}");
        }
    }
}
