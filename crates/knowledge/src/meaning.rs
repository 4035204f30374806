//! Search by meaning beside the search by words: passages and question as vectors of a model. Who is found by either is ranked by
//! both places together (reciprocal rank fusion), so that neither's scores need to mean anything to the other.
//!
//! Passages are embedded in the background, in the order of the index; until one is, words alone find it. A model that cannot be
//! reached costs a warning and its half of the search, never the turn.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use relevo_agents::knowledge::{Embedder, Embedding, RetrievalError};
use tokio::time::timeout;

use crate::{
    KnowledgeError,
    index::{Passage, View},
    vectors::{Fingerprint, Vector, Vectors, fingerprint},
};

/// So many of each search take part.
pub(crate) const CANDIDATES: usize = 50;
/// The constant of the method (Cormack, Clarke and Büttcher 2009): how little the first places count more than the next.
const RANK_OFFSET: f32 = 60.0;
/// Passages in one request.
const BATCH: usize = 64;
/// The question's vector is waited for so long: the customer waits too.
const QUESTION: Duration = Duration::from_secs(3);

/// The vectors of a knowledge base's passages.
pub(crate) struct Meaning {
    embedder: Arc<dyn Embedder>,
    vectors: Mutex<Vectors>,
    table: Mutex<Option<Arc<Table>>>,
    /// Held by who embeds.
    filling: tokio::sync::Mutex<()>,
}

/// The passages of an index that have a vector.
struct Table {
    generation: u64,
    rows: Vec<(Passage, Vector)>,
    /// What is embedded, and is not yet.
    missing: Vec<(Fingerprint, String)>,
}

impl Meaning {
    /// `file`: where vectors are kept.
    pub(crate) fn new(embedder: Arc<dyn Embedder>, file: Option<PathBuf>) -> Self {
        let vectors = Mutex::new(Vectors::open(embedder.name(), file));
        Self { embedder, vectors, table: Mutex::default(), filling: tokio::sync::Mutex::default() }
    }

    /// The passages that fit by words and by meaning. `by_words`: the best by words, of the same view.
    pub(crate) async fn search(
        self: &Arc<Self>,
        query: &str,
        view: View,
        by_words: Vec<Passage>,
        limit: usize,
    ) -> Result<Vec<Passage>, RetrievalError> {
        let table = self.table(view.clone()).await?;
        if !table.missing.is_empty() {
            let meaning = Arc::clone(self);
            tokio::spawn(async move { meaning.fill(view).await });
        }
        if table.rows.is_empty() {
            return Ok(by_words.into_iter().take(limit).collect());
        }
        let by_meaning = match timeout(QUESTION, self.question(query)).await {
            Ok(Ok(question)) => nearest(&table, &question),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a question could not be embedded; its words alone are looked for");
                Vec::new()
            }
            Err(_) => {
                tracing::warn!("a question was not embedded in time; its words alone are looked for");
                Vec::new()
            }
        };
        Ok(fused([by_words, by_meaning], limit))
    }

    /// Embeds what has no vector yet. One fills at a time; a failure ends it until the next question.
    pub(crate) async fn fill(&self, view: View) {
        let Ok(_held) = self.filling.try_lock() else { return };
        let Ok(table) = self.table(view.clone()).await else { return };
        let mut done = 0;
        for batch in table.missing.chunks(BATCH) {
            let texts: Vec<String> = batch.iter().map(|(_, text)| text.clone()).collect();
            match self.embedder.embed(&texts, Embedding::Passage).await {
                Ok(numbers) if numbers.len() == batch.len() => {
                    let rows = batch.iter().zip(numbers);
                    let new = rows.filter_map(|((text, _), numbers)| Some((*text, Vector::new(&numbers)?))).collect();
                    done += batch.len();
                    if let Err(error) = self.vectors.lock().unwrap_or_else(PoisonError::into_inner).add(new) {
                        tracing::warn!(%error, "vectors cannot be kept");
                    }
                }
                Ok(numbers) => {
                    tracing::warn!(asked = batch.len(), came = numbers.len(), "an embedding model lost some texts");
                    break;
                }
                Err(error) => {
                    tracing::warn!(%error, left = table.missing.len() - done, "passages could not be embedded; it is tried again");
                    break;
                }
            }
        }
        if done > 0 {
            *self.table.lock().unwrap_or_else(PoisonError::into_inner) = None;
            drop(self.table(view).await);
        }
    }

    /// The table of a view: the one at hand, or a new one.
    async fn table(&self, view: View) -> Result<Arc<Table>, RetrievalError> {
        let at_hand = self.table.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(table) = at_hand.filter(|table| table.generation == view.generation()) {
            return Ok(table);
        }
        let failed = |error: &dyn std::fmt::Display| RetrievalError::Failed(error.to_string());
        let generation = view.generation();
        let passages = tokio::task::spawn_blocking(move || view.all()).await.map_err(|error| failed(&error))?;
        let passages = passages.map_err(|error| failed(&KnowledgeError::from(error)))?;
        let mut vectors = self.vectors.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = Table { generation, rows: Vec::new(), missing: Vec::new() };
        let mut needed = HashSet::new();
        for passage in passages {
            let text = embedded(&passage);
            let print = fingerprint(&text);
            match vectors.get(print) {
                Some(vector) => table.rows.push((passage, vector.clone())),
                None if !needed.contains(&print) => table.missing.push((print, text)),
                None => {}
            }
            needed.insert(print);
        }
        if let Err(error) = vectors.keep(&needed) {
            tracing::warn!(%error, "vectors cannot be kept");
        }
        drop(vectors);
        let table = Arc::new(table);
        *self.table.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&table));
        Ok(table)
    }

    async fn question(&self, query: &str) -> Result<Vector, RetrievalError> {
        let numbers = self.embedder.embed(&[query.to_owned()], Embedding::Question).await?;
        let vector = numbers.first().and_then(|numbers| Vector::new(numbers));
        vector.ok_or_else(|| RetrievalError::Failed("the embedding model gave no vector".into()))
    }
}

/// What of a passage is embedded: a section's name often says what its text does not repeat.
fn embedded(passage: &Passage) -> String {
    if passage.section.is_empty() { passage.text.clone() } else { format!("{}\n{}", passage.section, passage.text) }
}

fn nearest(table: &Table, question: &Vector) -> Vec<Passage> {
    let mut found: Vec<(f32, &Passage)> =
        table.rows.iter().map(|(passage, vector)| (vector.cosine(question), passage)).collect();
    // Equal ones stay in the order of the index, which is the same for the same folder.
    found.sort_by(|(one, _), (other, _)| other.partial_cmp(one).unwrap_or(Ordering::Equal));
    found.into_iter().take(CANDIDATES).filter(|(cosine, _)| *cosine > 0.0).map(|(_, passage)| passage.clone()).collect()
}

/// Each list's places together: the sum of `1 / (60 + place)`.
fn fused(lists: [Vec<Passage>; 2], limit: usize) -> Vec<Passage> {
    let mut found: Vec<(f32, Passage)> = Vec::new();
    let mut places: HashMap<(String, Fingerprint), usize> = HashMap::new();
    for list in lists {
        let mut rank = RANK_OFFSET;
        for passage in list {
            rank += 1.0;
            let key = (passage.file.clone(), fingerprint(&passage.text));
            if let Some((score, _)) = places.get(&key).and_then(|place| found.get_mut(*place)) {
                *score += 1.0 / rank;
            } else {
                places.insert(key, found.len());
                found.push((1.0 / rank, passage));
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| other.partial_cmp(one).unwrap_or(Ordering::Equal));
    found.into_iter().take(limit).map(|(_, passage)| passage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(text: &str) -> Passage {
        let text = text.to_owned();
        Passage { file: "f.md".into(), section: String::new(), page: None, row: None, language: "en".into(), text }
    }

    #[test]
    fn who_is_found_twice_goes_before_who_is_first_once() {
        let list = |texts: &[&str]| texts.iter().map(|text| passage(text)).collect::<Vec<_>>();
        let texts = |found: Vec<Passage>| found.into_iter().map(|it| it.text).collect::<Vec<_>>();
        let both = fused([list(&["a", "b", "c"]), list(&["d", "b"])], 9);
        assert_eq!(texts(both), ["b", "a", "d", "c"], "of equals the one by words goes first");
        assert_eq!(texts(fused([list(&["a", "b"]), Vec::new()], 1)), ["a"]);
        assert_eq!(texts(fused([Vec::new(), list(&["a"])], 5)), ["a"]);
    }
}
