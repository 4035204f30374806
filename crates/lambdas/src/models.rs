//! What the bot definition's own agents think with, in the order in which it is asked.
//!
//! Memory counts here, so nothing is made before it is needed: neither the client of a provider, nor what the rule-based
//! model learns of a definition.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use relevo_agents::{
    definition::{
        AgentsDefinition,
        models::{BedrockChoice, ModelChoice, is_first_bedrock, named, unguarded},
    },
    model::{Model, ModelError, ModelReply, ModelRequest, chain::Chain, offline::OfflineModel},
};
use relevo_aws::{
    Clients, ConverseModel,
    env::{OwnModels, RELEVO_MODEL, RELEVO_MODEL_ID},
};
use relevo_openai::OpenAiModel;

use crate::{boot::BootError, own::without_model};

/// The model of these agents. `variable` reads the environment, for keys.
pub fn model(
    own: &OwnModels,
    definition: &Arc<AgentsDefinition>,
    clients: &Clients,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Arc<dyn Model>, BootError> {
    let choices = choices(own, definition)?;
    if let [ModelChoice::Offline] = choices.as_slice() {
        return Ok(Arc::new(OfflineModel::of_agents(definition)?));
    }
    let chain = Chain::of(&choices, |index, choice| {
        Ok::<_, BootError>(Some(match choice {
            ModelChoice::Bedrock(choice) => {
                let model = ConverseModel::new(clients, choice.clone()).guarding(&definition.agent);
                let first = is_first_bedrock(&choices, index);
                Arc::new(if first { model } else { model.without_own_models() }) as Arc<dyn Model>
            }
            ModelChoice::OpenAi(choice) => Arc::new(OpenAiModel::new(choice.clone(), &variable)?),
            ModelChoice::Offline => Arc::new(LazyOffline::new(definition)),
        }))
    })?;
    Ok(Arc::new(chain))
}

/// Which, by the environment and the definition. Every `bedrock` knows its model.
fn choices(own: &OwnModels, definition: &AgentsDefinition) -> Result<Vec<ModelChoice>, BootError> {
    let declared = definition.models.as_deref().unwrap_or_default();
    let mut choices = match (own.named.is_empty(), declared.is_empty()) {
        (true, true) => vec![ModelChoice::Bedrock(BedrockChoice::default())],
        (true, false) => declared.to_vec(),
        (false, _) => named(declared, own.named.iter().map(String::as_str))
            .map_err(|problem| BootError::Missing(format!("{RELEVO_MODEL}: {problem}")))?,
    };
    if let Some(name) = unguarded(&definition.agent, &choices) {
        let what = format!("`{name}` has a guardrailConfiguration, which `openai` does not apply");
        return Err(BootError::Missing(what));
    }
    let mut first = true;
    for choice in &mut choices {
        let ModelChoice::Bedrock(bedrock) = choice else { continue };
        if first && own.default_model_id.is_some() {
            bedrock.model_id.clone_from(&own.default_model_id);
        }
        let nameless = if first { without_model(&definition.agent) } else { vec![definition.agent.agent_name.clone()] };
        if bedrock.model_id.is_none() && !nameless.is_empty() {
            return Err(BootError::Missing(if first {
                format!(
                    "{RELEVO_MODEL_ID} is not set (a model id or an inference profile of Bedrock), `bedrock` in the bot \
                     definition's `models:` has no modelId, and these agents name no foundationModel: {}",
                    nameless.join(", ")
                )
            } else {
                "a further `bedrock` in the bot definition's `models:` has no modelId: the agents' own models are the \
                 first one's"
                    .into()
            }));
        }
        first = false;
    }
    Ok(choices)
}

/// The rule-based model behind others: it learns the definition when it is first asked, and is never asked on most days.
struct LazyOffline {
    definition: Arc<AgentsDefinition>,
    model: OnceLock<Result<OfflineModel, ModelError>>,
}

impl LazyOffline {
    fn new(definition: &Arc<AgentsDefinition>) -> Self {
        Self { definition: Arc::clone(definition), model: OnceLock::new() }
    }
}

#[async_trait]
impl Model for LazyOffline {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let learn = || {
            OfflineModel::of_agents(&self.definition)
                .map_err(|error| ModelError::Failed(format!("the offline model does not understand it: {error}")))
        };
        match self.model.get_or_init(learn) {
            Ok(model) => model.answer(request).await,
            Err(error) => Err(error.clone()),
        }
    }

    fn model_id(&self, _: &ModelRequest) -> Option<String> {
        Some("offline".into())
    }
}

#[cfg(test)]
mod tests {
    use relevo_agents::{
        definition::Definition,
        model::{Outcome, Purpose, Role},
    };
    use relevo_bot::Policy;

    use super::*;

    fn agents(models: &str, foundation: bool) -> Arc<AgentsDefinition> {
        let mut text = format!("{}\n{models}", include_str!("../tests/it/bot.yaml"));
        if foundation {
            text = text.replace("  agentName: test\n", "  agentName: test\n  foundationModel: m\n");
        }
        Definition::<Policy>::parse(&text, "bot.yaml").unwrap_or_else(|problems| panic!("{problems:?}")).split().0
    }

    fn own(named: &[&str], id: Option<&str>) -> OwnModels {
        let named = named.iter().map(|name| (*name).to_owned()).collect();
        OwnModels { named, default_model_id: id.map(str::to_owned) }
    }

    fn chosen(own: &OwnModels, agents: &AgentsDefinition) -> Result<Vec<String>, String> {
        let name = |choice: &ModelChoice| match choice {
            ModelChoice::Bedrock(it) => format!("bedrock {}", it.model_id.clone().unwrap_or_default()),
            other => other.provider().to_owned(),
        };
        choices(own, agents).map(|all| all.iter().map(name).collect()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn the_rule_based_model_learns_when_it_is_asked() {
        let model = LazyOffline::new(&agents("", false));
        assert!(model.model.get().is_none());
        let request = ModelRequest {
            agent_name: "test".into(),
            model_id: None,
            system: String::new(),
            messages: relevo_agents::Log::default(),
            purpose: Purpose::Summarize { before: None, said: vec![(Role::User, "Hola.".into())] },
            language: None,
        };
        assert_eq!(model.model_id(&request).as_deref(), Some("offline"));
        let reply = model.answer(request).await.unwrap();
        assert!(matches!(reply.outcome, Outcome::Content(said) if format!("{said:?}").contains("Hola")));
        assert!(model.model.get().is_some());
    }

    #[test]
    fn the_environment_goes_before_the_definition_and_that_before_the_default() {
        let (bare, named) = (agents("", false), agents("", true));
        let said = chosen(&own(&[], None), &bare).unwrap_err();
        assert!(said.contains("RELEVO_MODEL_ID is not set") && said.ends_with("foundationModel: test"), "{said}");
        assert_eq!(chosen(&own(&[], Some("x")), &bare).unwrap(), ["bedrock x"]);
        assert_eq!(chosen(&own(&[], None), &named).unwrap(), ["bedrock "]);
        assert_eq!(chosen(&own(&["offline"], None), &bare).unwrap(), ["offline"]);
        let chain =
            agents("models: [{bedrock: {modelId: a}}, {openai: {model: m}}, {bedrock: {modelId: b}}, offline]", true);
        assert_eq!(chosen(&own(&[], None), &chain).unwrap(), ["bedrock a", "openai", "bedrock b", "offline"]);
        assert_eq!(chosen(&own(&[], Some("x")), &chain).unwrap(), ["bedrock x", "openai", "bedrock b", "offline"]);
        assert_eq!(chosen(&own(&["openai", "offline"], None), &chain).unwrap(), ["openai", "offline"]);
        assert!(chosen(&own(&["openai"], None), &bare).unwrap_err().contains("RELEVO_MODEL: the definition has no"));
        let second = agents("models: [bedrock, bedrock, offline]", true);
        assert!(chosen(&own(&[], Some("x")), &second).unwrap_err().contains("a further `bedrock`"));
    }
}
