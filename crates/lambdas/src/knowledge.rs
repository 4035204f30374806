//! The knowledge bases of the definition's own agents: those at Bedrock by `Retrieve`; folders are packed beside `bot.yaml` and
//! indexed in memory when the first question comes.

use std::sync::Arc;

use relevo_agents::{definition::AgentsDefinition, knowledge::Retriever};

/// By id. Without the feature `folders` those of folders are not here, and a look-up in one fails.
pub(crate) fn knowledge(definition: &AgentsDefinition, bedrock: &Arc<dyn Retriever>) -> Arc<dyn Retriever> {
    #[cfg(feature = "folders")]
    return Arc::new(relevo_knowledge::Shelf::of(definition, None, Some(bedrock)));
    #[cfg(not(feature = "folders"))]
    {
        let _ = definition;
        Arc::clone(bedrock)
    }
}
