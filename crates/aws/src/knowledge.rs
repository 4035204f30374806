//! [`Retriever`] over `Retrieve`: the knowledge bases of Bedrock, by id.
//!
//! A look-up changes nothing, so the client repeats what is throttled or breaks; the runtime limits its time. The query is in the
//! request and nowhere else: errors carry a code and a status.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use aws_config::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_bedrockagentruntime::{Client, config::Config, types as aws};
use aws_smithy_types::Document;
use relevo_agents::knowledge::{
    Id, Location, Query, Retrieval, RetrievalError, RetrievedReference, Retriever, Uri, Url,
};
use serde_json::Map;

use crate::{clients::Clients, converse::to_json, fault::Fault};

/// One attempt; the service searches in a second or two.
const ATTEMPT: Duration = Duration::from_secs(8);
const ATTEMPTS: u32 = 3;
/// The service takes no longer query, in characters.
const LONGEST_QUERY: usize = 1_000;

/// The knowledge bases of Bedrock.
#[derive(Debug, Clone)]
pub struct BedrockKnowledge {
    client: Client,
}

impl BedrockKnowledge {
    /// Those of the account and region of the clients.
    pub fn new(clients: &Clients) -> Self {
        Self { client: clients.agent.clone() }
    }
}

#[async_trait]
impl Retriever for BedrockKnowledge {
    async fn retrieve(&self, retrieval: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError> {
        let wanted = i32::try_from(retrieval.number_of_results).unwrap_or(i32::MAX);
        let search = aws::KnowledgeBaseVectorSearchConfiguration::builder().number_of_results(wanted).build();
        let search = aws::KnowledgeBaseRetrievalConfiguration::builder().vector_search_configuration(search).build();
        let query: String = retrieval.query.chars().take(LONGEST_QUERY).collect();
        let query = aws::KnowledgeBaseQuery::builder().text(query).build();
        let call = self.client.retrieve().knowledge_base_id(&retrieval.knowledge_base_id);
        let call = call.retrieval_configuration(search).retrieval_query(query).customize();
        let patient = Config::builder()
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build());
        let output = call.config_override(patient).send().await;
        let output = output.map_err(|error| failed(retrieval.knowledge_base_id, &Fault::of(&error)))?;
        let passages = output.retrieval_results.into_iter();
        Ok(passages.filter_map(|it| reference(it.content?, it.location, it.metadata)).collect())
    }
}

fn failed(knowledge_base_id: String, fault: &Fault) -> RetrievalError {
    match fault {
        Fault::Timeout => RetrievalError::TimedOut,
        Fault::Service { code: Some(code), .. } if code == "ResourceNotFoundException" => {
            RetrievalError::Unknown(knowledge_base_id)
        }
        fault => RetrievalError::Failed(fault.to_string()),
    }
}

/// A passage of text, or a row of a table; pictures and sounds are for models that see and hear.
pub(crate) fn reference(
    content: aws::RetrievalResultContent,
    location: Option<aws::RetrievalResultLocation>,
    metadata: Option<HashMap<String, Document>>,
) -> Option<RetrievedReference> {
    let text = match content.r#type {
        Some(aws::RetrievalResultContentType::Row) => row(&content),
        Some(aws::RetrievalResultContentType::Text) | None => content.text,
        Some(_) => return None,
    };
    if text.trim().is_empty() {
        return None;
    }
    let mut metadata: Vec<_> = metadata.unwrap_or_default().into_iter().collect();
    metadata.sort_by(|one, other| one.0.cmp(&other.0));
    let metadata: Map<_, _> = metadata.into_iter().map(|(name, value)| (name, to_json(value))).collect();
    Some(RetrievedReference::new(text, location.and_then(located), metadata))
}

fn row(content: &aws::RetrievalResultContent) -> String {
    let column = |column: &aws::RetrievalResultContentColumn| {
        let value = column.column_value.as_deref()?;
        Some(column.column_name.as_deref().map_or_else(|| value.to_owned(), |name| format!("{name}: {value}")))
    };
    content.row().iter().filter_map(column).collect::<Vec<_>>().join("\n")
}

/// The one member there is. Sources that the reference does not know are left out.
fn located(from: aws::RetrievalResultLocation) -> Option<Location> {
    let uri = |uri: Option<String>| uri.map(|uri| Uri { uri });
    let url = |url: Option<String>| url.map(|url| Url { url });
    let s3 = || Some(Location::S3 { s3_location: uri(from.s3_location?.uri)? });
    let web = || Some(Location::Web { web_location: url(from.web_location?.url)? });
    let confluence = || Some(Location::Confluence { confluence_location: url(from.confluence_location?.url)? });
    let salesforce = || Some(Location::Salesforce { salesforce_location: url(from.salesforce_location?.url)? });
    let share_point = || Some(Location::SharePoint { share_point_location: url(from.share_point_location?.url)? });
    let kendra = || Some(Location::Kendra { kendra_document_location: uri(from.kendra_document_location?.uri)? });
    let sql = || Some(Location::Sql { sql_location: Query { query: from.sql_location?.query? } });
    let custom = || Some(Location::Custom { custom_document_location: Id { id: from.custom_document_location?.id? } });
    s3().or_else(web)
        .or_else(confluence)
        .or_else(salesforce)
        .or_else(share_point)
        .or_else(kendra)
        .or_else(sql)
        .or_else(custom)
}
