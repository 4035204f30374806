//! The knowledge bases of the definition's own agents: those at Bedrock by `Retrieve`; with the feature `folders` also those of
//! folders, which are packed beside `bot.yaml` and indexed in memory when the first question comes.

use std::sync::Arc;

use relevo_agents::{definition::AgentsDefinition, knowledge::Retriever};

/// By id.
///
/// # Errors
/// The ids of those that this build cannot read.
#[cfg(feature = "folders")]
#[expect(clippy::unnecessary_wraps, reason = "the other build refuses")]
pub(crate) fn knowledge(
    definition: &AgentsDefinition,
    bedrock: &Arc<dyn Retriever>,
) -> Result<Arc<dyn Retriever>, Vec<String>> {
    for (id, source) in &definition.knowledge_bases {
        if let relevo_agents::definition::knowledge::KnowledgeSource::Folder(folder) = source
            && folder.embedding_model.is_some()
        {
            tracing::warn!(
                knowledge_base_id = id,
                "embeddingModel is not used here: the folder is searched by its words"
            );
        }
    }
    Ok(Arc::new(relevo_knowledge::Shelf::of(definition, None, Some(bedrock))))
}

/// By id.
///
/// # Errors
/// The ids of those that this build cannot read.
#[cfg(not(feature = "folders"))]
pub(crate) fn knowledge(
    definition: &AgentsDefinition,
    bedrock: &Arc<dyn Retriever>,
) -> Result<Arc<dyn Retriever>, Vec<String>> {
    use relevo_agents::definition::knowledge::KnowledgeSource;

    let folders = definition.knowledge_bases.iter().filter(|(_, source)| matches!(source, KnowledgeSource::Folder(_)));
    let folders: Vec<String> = folders.map(|(id, _)| id.clone()).collect();
    if folders.is_empty() { Ok(Arc::clone(bedrock)) } else { Err(folders) }
}

#[cfg(all(test, not(feature = "folders")))]
mod tests {
    use relevo_agents::definition::Definition;
    use relevo_bot::Policy;

    use super::*;

    #[test]
    fn folders_are_refused_by_name_at_the_start() {
        let bedrock: Arc<dyn Retriever> = Arc::new(relevo_agents::knowledge::NoKnowledge);
        let text = include_str!("../tests/it/bot.yaml");
        let with = |bases: &str| text.replacen("name: ", &format!("knowledgeBases: {{{bases}}}\nname: "), 1);
        let definition = |bases: &str| Definition::<Policy>::parse(&with(bases), "bot.yaml").unwrap().split().0;
        assert!(knowledge(&definition("AAAA: {bedrock: true}"), &bedrock).is_ok());
        let refused = knowledge(&definition("AAAA: {bedrock: true}, RULES: {folder: rules}"), &bedrock).err();
        assert_eq!(refused, Some(vec!["RULES".to_owned()]));
    }
}
