//! Knowledge bases: their ids, what they are said to hold, and where they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path},
};

use super::{Check, Definition, Place, is_primary_language, models::endpoint};
use crate::definition::{
    agent::Agent,
    knowledge::{EmbeddingModel, KnowledgeFolder, KnowledgeSource, OpenAiEmbedding},
};

/// Letters of an id.
const ID: std::ops::RangeInclusive<usize> = 1..=10;
/// Bedrock's limits of `numberOfResults`.
const RESULTS: std::ops::RangeInclusive<u32> = 1..=100;
/// Numbers in a vector: more has no model, and fewer tell nothing apart.
const DIMENSIONS: std::ops::RangeInclusive<u32> = 8..=16_384;

/// `with_data`: the folders are there to be looked at.
pub(super) fn check<C>(check: &mut Check<'_>, definition: &Definition<C>, root: Place<'_>, with_data: bool) {
    let sources = &definition.knowledge_bases;
    let place = root.value("knowledgeBases");
    for (id, source) in sources {
        if !(ID.contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())) {
            let hint = Some("1 to 10 letters and digits".to_owned());
            check.hinted(place.entry(id), format!("`{id}` is not a knowledge base id"), hint);
        }
        if let KnowledgeSource::Folder(folder) = source {
            self::folder(check, folder, place.value(id), with_data);
        }
    }
    agent(check, &definition.agent, sources, root.value("agent"));
}

fn folder(check: &mut Check<'_>, folder: &KnowledgeFolder, place: Place<'_>, with_data: bool) {
    let written = &folder.folder;
    let at = place.value("folder");
    let below = Path::new(written).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !below || written.trim().is_empty() {
        check.at(at, format!("folder `{written}`: it must be a path below the bot's folder"));
    } else if with_data && !folder.path.is_dir() {
        let hint = Some("a folder of .md, .txt, .html, .pdf or .csv files beside bot.yaml".to_owned());
        let what = if folder.path.exists() { "it is not a folder" } else { "there is no such folder" };
        check.hinted(at, format!("folder {written}: {what}"), hint);
    }
    if let Some(language) = folder.language.as_deref().filter(|language| !is_primary_language(language)) {
        let hint = Some("a primary language in lower case, such as `es`".to_owned());
        check.hinted(place.value("language"), format!("`{language}` is not a primary language"), hint);
    }
    if let Some(EmbeddingModel::OpenAi(model)) = &folder.embedding_model {
        embedding(check, model, place.value("embeddingModel").value("openai"));
    }
}

fn embedding(check: &mut Check<'_>, model: &OpenAiEmbedding, place: Place<'_>) {
    check.length(place.value("model"), "model", model.model.trim(), 1, 2_048);
    endpoint(check, (&model.base_url, "/embeddings"), model.api_key_from.as_deref(), place);
    if let Some(dimensions) = model.dimensions.filter(|dimensions| !DIMENSIONS.contains(dimensions)) {
        let message = format!("dimensions is {dimensions}; it must be 8 to 16384");
        check.at(place.value("dimensions"), message);
    }
}

fn agent(check: &mut Check<'_>, own: &Agent, sources: &BTreeMap<String, KnowledgeSource>, place: Place<'_>) {
    let list = place.value("knowledgeBases");
    let mut ids = BTreeSet::new();
    for (index, base) in own.knowledge_bases.iter().enumerate() {
        let place = list.item(index);
        let at = place.value("knowledgeBaseId");
        let id = &base.knowledge_base_id;
        if !sources.contains_key(id) {
            check.unknown(at, "knowledge base", id, sources.keys().map(String::as_str));
            if sources.is_empty() {
                let hint =
                    format!("say at the top level where it is: `knowledgeBases: {{{id}: {{folder: knowledge}}}}`");
                check.hint_last(hint);
            }
        }
        if !ids.insert(id) {
            check.at(at, format!("this agent has the knowledge base `{id}` twice"));
        }
        check.length(place.value("description"), "description", base.description.trim(), 1, 200);
        if let Some(results) = base.number_of_results().filter(|results| !RESULTS.contains(results)) {
            let at = place.value("retrievalConfiguration").value("vectorSearchConfiguration").value("numberOfResults");
            check.at(at, format!("numberOfResults is {results}; it must be 1 to 100"));
        }
    }
    for (index, collaborator) in own.collaborators.iter().enumerate() {
        agent(check, collaborator, sources, place.value("collaborators").item(index));
    }
}
