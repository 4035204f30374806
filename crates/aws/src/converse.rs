//! [`Model`] over Bedrock's `Converse`.
//!
//! The runtime limits a model's time itself; the client repeats what is throttled or breaks, within that time. What was
//! said is in the requests and nowhere else: errors carry a code and a status.

mod answer;
mod document;
mod request;

pub(crate) use document::to_json;

use async_trait::async_trait;
use aws_sdk_bedrockruntime::{Client, operation::converse::ConverseOutput};
use relevo_agents::model::{Model, ModelError, ModelReply, ModelRequest, adapter};

use crate::{
    clients::Clients,
    fault::{Class, Fault},
};

/// The models of Bedrock.
#[derive(Debug, Clone)]
pub struct ConverseModel {
    client: Client,
    default_model_id: Option<String>,
}

impl ConverseModel {
    /// `default_model_id`: a model id or an inference profile, for agents whose definition names no `foundationModel`.
    pub fn new(clients: &Clients, default_model_id: Option<String>) -> Self {
        Self { client: clients.model.clone(), default_model_id }
    }

    async fn converse(&self, request: &ModelRequest) -> Result<ConverseOutput, ModelError> {
        let model_id = request.model_id.as_ref().or(self.default_model_id.as_ref());
        let model_id = model_id.ok_or_else(|| ModelError::Failed("no model is set for this agent".into()))?;
        let call = self.client.converse().model_id(model_id);
        let call = call.set_system(Some(request::system(request))).set_messages(Some(request::messages(request)?));
        let call = call.set_tool_config(request::tools(request)?);
        call.send().await.map_err(|error| failed(&Fault::of(&error)))
    }
}

#[async_trait]
impl Model for ConverseModel {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let output = self.converse(&request).await?;
        let (content, stop, usage) = answer::parts(output)?;
        adapter::reply(&request.purpose, content, stop, usage, None)
    }
}

fn failed(fault: &Fault) -> ModelError {
    let code = match fault {
        Fault::Service { code: Some(code), .. } => code.as_str(),
        Fault::Timeout => return ModelError::TimedOut,
        _ => "",
    };
    match fault.class() {
        // 408 of the model's own, not of the connection.
        _ if code == "ModelTimeoutException" => ModelError::TimedOut,
        Class::Throttled => ModelError::Throttled(fault.to_string()),
        // 400 in some services, and nothing is wrong with the request.
        _ if code == "ServiceQuotaExceededException" => ModelError::Throttled(fault.to_string()),
        Class::Invalid => ModelError::Refused(fault.to_string()),
        _ => ModelError::Failed(fault.to_string()),
    }
}
