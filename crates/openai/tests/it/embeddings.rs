//! Vectors of texts, from a server that answers, fails and mixes up.

use std::time::Duration;

use relevo_agents::{
    definition::knowledge::OpenAiEmbedding,
    knowledge::{Embedder as _, Embedding, RetrievalError},
};
use relevo_openai::{OpenAiEmbedder, StartError};
use serde_json::json;

use crate::server::{Act, Server};

fn settings(base_url: &str) -> OpenAiEmbedding {
    serde_json::from_value(json!({
        "baseUrl": base_url, "model": "small", "apiKeyFrom": "KEY", "dimensions": 2, "queryPrefix": "query: ",
    }))
    .unwrap()
}

fn embedder(base_url: &str) -> OpenAiEmbedder {
    let key = |name: &str| (name == "KEY").then(|| " sk-1\n".to_owned());
    OpenAiEmbedder::new(settings(base_url), key).unwrap().with_pause(Duration::from_millis(1))
}

const TWO: &str = r#"{"object": "list", "data": [
    {"object": "embedding", "index": 1, "embedding": [0.0, 1.0]}, {"object": "embedding", "index": 0, "embedding": [1.0, 0.0]}
], "model": "small", "usage": {"prompt_tokens": 2, "total_tokens": 2}}"#;

#[tokio::test]
async fn texts_are_asked_for_together_and_answered_in_their_order() {
    let (server, url) = Server::serve([Act::status(200, TWO), Act::status(200, TWO)]).await;
    let embedder = embedder(&url);
    let texts = ["a".to_owned(), "b".to_owned()];
    let passages = embedder.embed(&texts, Embedding::Passage).await.unwrap();
    assert_eq!(passages, [[1.0, 0.0], [0.0, 1.0]]);
    embedder.embed(&texts, Embedding::Question).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].path, "/v1/embeddings");
    assert_eq!(asked[0].headers["authorization"], "Bearer sk-1");
    assert_eq!(
        asked[0].body,
        json!({"model": "small", "input": ["a", "b"], "encoding_format": "float", "dimensions": 2})
    );
    assert_eq!(asked[1].body["input"], json!(["query: a", "query: b"]));
}

#[tokio::test]
async fn a_passing_fault_is_asked_again_and_another_is_told_without_what_was_said() {
    let (server, url) = Server::serve([
        Act::status(503, "{}"),
        Act::status(200, TWO),
        Act::status(400, r#"{"error": {"code": "bad_input", "message": "the customer said: my card is 1234"}}"#),
        Act::status(200, "{}"),
    ])
    .await;
    let embedder = embedder(&url);
    let texts = ["a".to_owned(), "b".to_owned()];
    assert!(embedder.embed(&texts, Embedding::Passage).await.is_ok());
    let refused = embedder.embed(&texts, Embedding::Passage).await.unwrap_err();
    let RetrievalError::Failed(words) = refused else { panic!("{refused}") };
    assert!(words.contains("bad_input") && !words.contains("1234"), "{words}");
    assert!(embedder.embed(&texts, Embedding::Passage).await.is_err(), "an answer without vectors is none");
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn without_its_key_there_is_no_model() {
    let missing = OpenAiEmbedder::new(settings("http://127.0.0.1:1/v1"), |_| None).err();
    assert_eq!(missing, Some(StartError::NoKey("KEY".into())));
}

#[test]
fn vectors_of_other_settings_have_another_name() {
    let of = |change: &dyn Fn(&mut OpenAiEmbedding)| {
        let mut settings = settings("http://127.0.0.1:1/v1");
        change(&mut settings);
        OpenAiEmbedder::new(settings, |_| Some("k".into())).unwrap().name()
    };
    let name = of(&|_| ());
    assert!(!name.contains('\n'));
    assert_ne!(of(&|it| it.dimensions = None), name);
    assert_ne!(of(&|it| it.document_prefix = "passage: ".into()), name);
    assert_eq!(of(&|it| it.query_prefix = "q: ".into()), name, "passages stay as they are");
}
