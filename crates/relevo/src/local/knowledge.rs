//! What the agents look things up in on this machine: folders, and the knowledge bases of Bedrock where this program was built
//! with them.

use std::{path::Path, sync::Arc};

use relevo_agents::{
    definition::{
        AgentsDefinition,
        knowledge::{EmbeddingModel, KnowledgeSource},
    },
    knowledge::{Embedder, Retriever},
};
use relevo_knowledge::{Embedders, Shelf};
use relevo_openai::{OpenAiEmbedder, StartError};

/// How a build without them is told of, by `relevo check` and at the start.
pub(super) const WITHOUT: &str = "this relevo was built without Bedrock (cargo build --release --features aws)";

/// The knowledge bases of a definition. `keep`: the folder for the indexes; none: they are in memory.
///
/// # Errors
/// One is at Bedrock, and this program was built without; or an embedding model's key is not in the environment.
pub(crate) async fn shelf(agents: &AgentsDefinition, keep: Option<&Path>) -> anyhow::Result<Shelf> {
    let at_bedrock = agents.knowledge_bases.iter().find(|(_, source)| matches!(source, KnowledgeSource::Bedrock));
    let bedrock = match at_bedrock {
        // In a box: reading the configuration of AWS takes a lot of room.
        Some((id, _)) => Some(Box::pin(bedrock(id)).await?),
        None => None,
    };
    filled(agents, keep, bedrock.as_ref())
}

/// The same without those at Bedrock, when the functions look things up there themselves.
///
/// # Errors
/// An embedding model's key is not in the environment.
pub(super) fn folders(agents: &AgentsDefinition, keep: Option<&Path>) -> anyhow::Result<Shelf> {
    filled(agents, keep, None)
}

fn filled(
    agents: &AgentsDefinition,
    keep: Option<&Path>,
    bedrock: Option<&Arc<dyn Retriever>>,
) -> anyhow::Result<Shelf> {
    let embedders = embedders(agents, |name| std::env::var(name).ok())?;
    Ok(Shelf::of(agents, keep, bedrock).embedding(embedders, keep))
}

fn embedders(agents: &AgentsDefinition, variable: impl Fn(&str) -> Option<String>) -> Result<Embedders, StartError> {
    let mut embedders = Embedders::new();
    for (id, source) in &agents.knowledge_bases {
        let KnowledgeSource::Folder(folder) = source else { continue };
        if let Some(EmbeddingModel::OpenAi(settings)) = &folder.embedding_model {
            let embedder: Arc<dyn Embedder> = Arc::new(OpenAiEmbedder::new(settings.clone(), &variable)?);
            embedders.insert(id.clone(), embedder);
        }
    }
    Ok(embedders)
}

/// Region and credentials are the AWS SDK's, from the environment or a profile.
#[cfg(feature = "aws")]
async fn bedrock(_: &str) -> anyhow::Result<Arc<dyn Retriever>> {
    let config = relevo_aws::sdk_config().await;
    let clients = relevo_aws::Clients::new(&config, std::time::Duration::from_secs(65));
    Ok(Arc::new(relevo_aws::BedrockKnowledge::new(&clients)))
}

#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with the feature it loads the SDK's configuration")]
async fn bedrock(id: &str) -> anyhow::Result<Arc<dyn Retriever>> {
    anyhow::bail!("knowledge base {id} is at Bedrock, and {WITHOUT}")
}

#[cfg(test)]
mod tests {
    use relevo_agents::definition::Definition;

    use super::*;

    #[tokio::test]
    async fn a_knowledge_base_at_bedrock_needs_a_build_with_it() {
        let bot = |bases: &str| {
            let text = format!(
                "name: a\nlanguages: [en]\nknowledgeBases: {bases}\nagent: {{agentName: desk, instruction: You are the desk of \
                 a small office and friendly to everybody., knowledgeBases: [{{knowledgeBaseId: KB12345678, description: d}}]}}\n\
                 conversation: {{}}\n"
            );
            Definition::<serde_json::Value>::parse(&text, "bot.yaml").unwrap().split().0
        };
        let at_bedrock = shelf(&bot("{KB12345678: {bedrock: true}}"), None).await;
        assert_eq!(at_bedrock.is_ok(), cfg!(feature = "aws"));
        if let Err(error) = at_bedrock {
            assert!(
                error.to_string().contains("KB12345678") && error.to_string().contains("--features aws"),
                "{error}"
            );
        }
        assert!(shelf(&bot("{KB12345678: {folder: faq}}"), None).await.is_ok());
    }
}
