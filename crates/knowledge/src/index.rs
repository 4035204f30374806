//! The index of passages, over tantivy. It scores with BM25: what the title says counts more, and a word that no document has is
//! looked for with one typing error.
//!
//! Our own words go in (folded and stemmed in the document's language, see `relevo_agents::words`), already apart. After each
//! change the index is one segment without removed passages: so the same folder gives the same scores, however it came to be.

use std::collections::BTreeSet;

use relevo_agents::words::Words;
use serde::{Deserialize, Serialize};
use tantivy::{
    DocAddress, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Score, Searcher, TantivyDocument, Term,
    collector::{
        TopDocs,
        sort_key::{SortBySimilarityScore, SortByStaticFastValue},
    },
    directory::{MmapDirectory, RamDirectory},
    merge_policy::NoMergePolicy,
    query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _},
    tokenizer::{PreTokenizedString, Token},
};

/// What a word counts more in a title than in a text.
const TITLE: Score = 1.5;
/// What a word counts that was found with a typing error.
const MISTYPED: Score = 0.6;
/// Shorter words are taken as they are.
const MISTYPED_FROM: usize = 5;
/// What the library may hold before it writes a segment, in bytes.
const BUFFER_BYTES: usize = 64 * 1024 * 1024;

/// A passage as it is indexed and given out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Passage {
    /// The document's name.
    pub(crate) file: String,
    /// The headings above it.
    pub(crate) section: String,
    /// Of a PDF, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<usize>,
    /// Of a table, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) row: Option<u64>,
    /// The document's.
    pub(crate) language: String,
    /// What it says.
    pub(crate) text: String,
}

/// The index.
pub(crate) struct Index {
    inner: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    /// The document's name: what is removed by it.
    file: Field,
    /// Decides between equal scores.
    key: Field,
    title: Field,
    body: Field,
    passage: Field,
}

impl Fields {
    fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs);
        let words = TextOptions::default().set_indexing_options(words);
        let fields = Self {
            file: schema.add_text_field("file", STRING),
            key: schema.add_u64_field("key", FAST),
            title: schema.add_text_field("title", words.clone()),
            body: schema.add_text_field("body", words),
            passage: schema.add_text_field("passage", STORED),
        };
        (schema.build(), fields)
    }
}

impl Index {
    /// In a folder that is there, or in memory.
    pub(crate) fn open(folder: Option<&std::path::Path>) -> tantivy::Result<Self> {
        let (schema, fields) = Fields::schema();
        let index = match folder {
            Some(folder) => tantivy::Index::open_or_create(MmapDirectory::open(folder)?, schema)?,
            None => tantivy::Index::create(RamDirectory::create(), schema, IndexSettings::default())?,
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { inner: index, reader, fields })
    }

    /// What was kept with the last change.
    pub(crate) fn note(&self) -> tantivy::Result<Option<String>> {
        Ok(self.inner.load_metas()?.payload)
    }

    /// Begins a change. It counts when it is [`Change::done`], as a whole.
    pub(crate) fn change(&self) -> tantivy::Result<Change> {
        let writer: IndexWriter = self.inner.writer_with_num_threads(1, BUFFER_BYTES)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Change { writer, fields: self.fields })
    }

    /// Sees the last change.
    pub(crate) fn view(&self) -> tantivy::Result<View> {
        self.reader.reload()?;
        Ok(View { searcher: self.reader.searcher(), fields: self.fields })
    }
}

/// A change of the index.
pub(crate) struct Change {
    writer: IndexWriter,
    fields: Fields,
}

impl Change {
    /// Removes everything.
    pub(crate) fn clear(&self) -> tantivy::Result<()> {
        self.writer.delete_all_documents().map(drop)
    }

    /// Removes a document's passages.
    pub(crate) fn remove(&self, file: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.file, file));
    }

    /// Adds a passage, the `number`th of its document.
    pub(crate) fn add(&self, passage: &Passage, number: u64, words: &Words) -> Result<(), tantivy::TantivyError> {
        let mut document = TantivyDocument::new();
        document.add_text(self.fields.file, &passage.file);
        document.add_u64(self.fields.key, key(&passage.file, number));
        // The name often says what it is about: `devoluciones-y-cambios.md`.
        let name = passage.file.rsplit_once('.').map_or(passage.file.as_str(), |(name, _)| name);
        let title = format!("{} {}", passage.section, name.replace(['/', '-', '_', '.'], " "));
        document.add_pre_tokenized_text(self.fields.title, apart(words.stems(&title)));
        document.add_pre_tokenized_text(self.fields.body, apart(words.stems(&passage.text)));
        let stored = serde_json::to_string(passage).map_err(|error| std::io::Error::other(error.to_string()))?;
        document.add_text(self.fields.passage, stored);
        self.writer.add_document(document).map(drop)
    }

    /// Keeps the change, with a note.
    pub(crate) fn done(mut self, note: &str) -> tantivy::Result<()> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(note);
        commit.commit()?;
        let segments = self.writer.index().searchable_segment_metas()?;
        if segments.len() > 1 || segments.iter().any(tantivy::index::SegmentMeta::has_deletes) {
            let ids: Vec<_> = segments.iter().map(tantivy::index::SegmentMeta::id).collect();
            self.writer.merge(&ids).wait()?;
        }
        self.writer.garbage_collect_files().wait()?;
        self.writer.wait_merging_threads()
    }
}

/// The index as it was at a time.
#[derive(Clone)]
pub(crate) struct View {
    searcher: Searcher,
    fields: Fields,
}

impl View {
    /// The passages that have any of the stems, the best first.
    pub(crate) fn search(&self, stems: &BTreeSet<String>, limit: usize) -> tantivy::Result<Vec<Passage>> {
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for stem in stems {
            let (title, body) =
                (Term::from_field_text(self.fields.title, stem), Term::from_field_text(self.fields.body, stem));
            let known = self.searcher.doc_freq(&title)? + self.searcher.doc_freq(&body)? > 0;
            if known {
                let title = TermQuery::new(title, IndexRecordOption::WithFreqs);
                parts.push((Occur::Should, Box::new(BoostQuery::new(Box::new(title), TITLE))));
                parts.push((Occur::Should, Box::new(TermQuery::new(body, IndexRecordOption::WithFreqs))));
            } else if stem.chars().count() >= MISTYPED_FROM {
                for term in [title, body] {
                    let query = FuzzyTermQuery::new(term, 1, true);
                    parts.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), MISTYPED))));
                }
            }
        }
        if parts.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let order = (SortBySimilarityScore, SortByStaticFastValue::<u64>::for_field("key"));
        let found = self.searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(limit).order_by(order))?;
        found.into_iter().filter_map(|(_, address)| self.passage(address).transpose()).collect()
    }

    /// Every passage, in the order of the index.
    pub(crate) fn all(&self) -> tantivy::Result<Vec<Passage>> {
        let mut all = Vec::new();
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            for document in reader.doc_ids_alive() {
                all.extend(self.passage(DocAddress::new(segment, document))?);
            }
        }
        Ok(all)
    }

    /// Two views of the same index differ in it when something was changed between.
    pub(crate) fn generation(&self) -> u64 {
        self.searcher.generation().generation_id()
    }

    fn passage(&self, address: DocAddress) -> tantivy::Result<Option<Passage>> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let stored = document.get_first(self.fields.passage).and_then(|value| value.as_str());
        Ok(stored.and_then(|stored| serde_json::from_str(stored).ok()))
    }
}

/// Words that are apart already.
fn apart(words: Vec<String>) -> PreTokenizedString {
    let tokens = words
        .into_iter()
        .enumerate()
        .map(|(position, text)| Token { position, text, position_length: 1, ..Token::default() })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}

/// Higher goes first: of two documents any, but always the same, of one document the earlier passage.
fn key(file: &str, number: u64) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in file.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash << 20) | (0xf_ffff - number.min(0xf_ffff))
}
