//! Knowledge bases by id, as a run asks for them.

use std::sync::Arc;

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    knowledge::{Retrieval, RetrievalError, RetrievedReference, Retriever},
};
use relevo_knowledge::Shelf;
use serde_json::{Map, Value};

use crate::support::{RETURNS_ES, SHIPPING_EN, put};

struct Bedrock;

#[async_trait]
impl Retriever for Bedrock {
    async fn retrieve(&self, retrieval: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError> {
        Ok(vec![RetrievedReference::new(format!("from {}", retrieval.knowledge_base_id), None, Map::new())])
    }
}

fn definition(folder: &std::path::Path) -> Arc<AgentsDefinition> {
    put(folder, "faq/devoluciones.md", RETURNS_ES);
    put(folder, "shipping/shipping.md", SHIPPING_EN);
    let text = "name: n\nlanguages: [es, en]\nconversation: {}\n\
        knowledgeBases:\n  FAQ: {folder: faq, language: es}\n  SHIP: {folder: shipping}\n  KB12345678: {bedrock: true}\n\
        agent:\n  agentName: a\n  instruction: You answer questions about the shop, and nothing else.\n";
    put(folder, "bot.yaml", text);
    Definition::<Value>::load(folder).unwrap().split().0
}

fn asking(id: &str, query: &str) -> Retrieval {
    Retrieval { knowledge_base_id: id.into(), query: query.into(), number_of_results: 1 }
}

#[tokio::test]
async fn each_id_is_answered_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let bedrock: Arc<dyn Retriever> = Arc::new(Bedrock);
    let shelf = Shelf::of(&definition(dir.path()), Some(&dir.path().join("data")), Some(&bedrock));
    let text = async |id: &str, query: &str| {
        shelf
            .retrieve(asking(id, query))
            .await
            .map(|found| found.iter().map(|it| it.text().to_owned()).collect::<String>())
    };
    assert!(text("FAQ", "devolver").await.unwrap().contains("30 días"));
    assert!(text("SHIP", "delivery").await.unwrap().contains("Delivery is free"));
    assert_eq!(text("SHIP", "devolver").await.unwrap(), "", "each has its own documents");
    assert_eq!(text("KB12345678", "x").await.unwrap(), "from KB12345678");
    assert_eq!(text("NONE", "x").await, Err(RetrievalError::Unknown("NONE".into())));
    assert!(dir.path().join("data/FAQ/meta.json").is_file());
}

#[tokio::test]
async fn without_bedrock_its_knowledge_bases_are_unknown_and_folders_that_are_gone_fail() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::of(&definition(dir.path()), None, None);
    assert_eq!(shelf.retrieve(asking("KB12345678", "x")).await, Err(RetrievalError::Unknown("KB12345678".into())));
    std::fs::remove_dir_all(dir.path().join("faq")).unwrap();
    shelf.warm();
    assert!(matches!(shelf.retrieve(asking("FAQ", "x")).await, Err(RetrievalError::Failed(_))));
    assert_eq!(shelf.retrieve(asking("SHIP", "delivery")).await.unwrap().len(), 1);
}
