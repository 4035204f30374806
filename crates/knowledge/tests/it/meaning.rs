//! Search by meaning: found without a common word, kept, followed, and done without when the model is down.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, Definition},
    knowledge::{Embedder, Embedding, Retrieval, RetrievalError, Retriever as _},
};
use relevo_knowledge::{Embedders, Shelf};
use serde_json::Value;

use crate::support::put;

/// Knows three meanings, by their words in any language.
#[derive(Default)]
struct Meanings {
    asked: Mutex<Vec<String>>,
    down: AtomicBool,
}

const MEANINGS: [&[&str]; 3] = [&["dog", "puppy", "hound"], &["money", "price", "cost"], &["rain", "weather", "storm"]];

#[async_trait]
impl Embedder for Meanings {
    fn name(&self) -> String {
        "meanings".into()
    }

    async fn embed(&self, texts: &[String], of: Embedding) -> Result<Vec<Vec<f32>>, RetrievalError> {
        if self.down.load(Ordering::Relaxed) {
            return Err(RetrievalError::Failed("down".into()));
        }
        if of == Embedding::Passage {
            self.asked.lock().unwrap().extend(texts.iter().cloned());
        }
        let meant = |text: &String, words: &&[&str]| words.iter().any(|word| text.contains(word));
        Ok(texts.iter().map(|text| MEANINGS.iter().map(|it| f32::from(u8::from(meant(text, it)))).collect()).collect())
    }
}

fn definition(folder: &Path) -> Arc<AgentsDefinition> {
    let text = "name: n\nlanguages: [en]\nconversation: {}\n\
        knowledgeBases:\n  PETS: {folder: pets, language: en, embeddingModel: {openai: {model: m}}}\n\
        agent:\n  agentName: a\n  instruction: You answer questions about the shop, and nothing else.\n";
    put(folder, "bot.yaml", text);
    Definition::<Value>::load(folder).unwrap().split().0
}

fn shelf(folder: &Path, meanings: &Arc<Meanings>) -> Shelf {
    let keep = folder.join("data");
    let embedder: Arc<dyn Embedder> = Arc::<Meanings>::clone(meanings);
    Shelf::of(&definition(folder), Some(&keep), None)
        .embedding(Embedders::from([("PETS".into(), embedder)]), Some(&keep))
}

async fn first(shelf: &Shelf, query: &str) -> Option<String> {
    let retrieval = Retrieval { knowledge_base_id: "PETS".into(), query: query.into(), number_of_results: 1 };
    shelf.retrieve(retrieval).await.unwrap().first().map(|found| found.text().to_owned())
}

fn documents(folder: &Path) {
    put(folder, "pets/a.md", "# Animals\n\nEvery hound is bathed on Mondays.\n");
    put(folder, "pets/b.md", "# Fees\n\nThe price is ten.\n");
    put(folder, "pets/c.md", "# Outside\n\nIn a storm nobody goes out.\n");
}

#[tokio::test]
async fn what_has_no_word_in_common_is_found_by_its_meaning() {
    let dir = tempfile::tempdir().unwrap();
    documents(dir.path());
    let meanings = Arc::new(Meanings::default());
    let shelf = shelf(dir.path(), &meanings);
    assert_eq!(first(&shelf, "puppy").await, None, "nothing is embedded yet: words alone");
    shelf.embed().await;
    assert!(first(&shelf, "puppy").await.unwrap().contains("hound"));
    assert!(first(&shelf, "how much money").await.unwrap().contains("ten"));
    // By its words as before.
    assert!(first(&shelf, "Mondays").await.unwrap().contains("hound"));
}

#[tokio::test]
async fn only_what_is_new_is_embedded_also_by_the_next_process() {
    let dir = tempfile::tempdir().unwrap();
    documents(dir.path());
    let meanings = Arc::new(Meanings::default());
    shelf(dir.path(), &meanings).embed().await;
    assert_eq!(meanings.asked.lock().unwrap().len(), 3);

    put(dir.path(), "pets/d.md", "# More\n\nThe cost of a bath is five.\n");
    std::fs::remove_file(dir.path().join("pets/b.md")).unwrap();
    let next = shelf(dir.path(), &meanings);
    next.embed().await;
    let asked = meanings.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert_eq!(asked[3], "More\nThe cost of a bath is five.");
    assert!(first(&next, "money").await.unwrap().contains("five"), "what is gone is not found");
}

#[tokio::test]
async fn a_model_that_is_down_costs_its_half_of_the_search() {
    let dir = tempfile::tempdir().unwrap();
    documents(dir.path());
    let meanings = Arc::new(Meanings::default());
    let shelf = shelf(dir.path(), &meanings);
    shelf.embed().await;
    meanings.down.store(true, Ordering::Relaxed);
    assert_eq!(first(&shelf, "puppy").await, None);
    assert!(first(&shelf, "storm").await.unwrap().contains("nobody"));
    meanings.down.store(false, Ordering::Relaxed);
    assert!(first(&shelf, "puppy").await.unwrap().contains("hound"));
}
