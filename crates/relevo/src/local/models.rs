//! What the agents think with on this machine: the definition's `models:`, or what the command line names of it.

use std::sync::Arc;

use anyhow::Context as _;
use relevo_agents::{
    definition::{
        AgentsDefinition,
        models::{ModelChoice, named, unguarded},
    },
    model::{Model, chain::Chain, offline::OfflineModel},
    runtime::PortsError,
};
use relevo_openai::OpenAiModel;

/// The chain as it is asked here, each with what is shared by all definitions.
pub(crate) struct Models {
    choices: Vec<ModelChoice>,
    /// By place in `choices`.
    shared: Vec<Shared>,
    #[cfg(feature = "aws")]
    clients: Option<relevo_aws::Clients>,
}

enum Shared {
    /// Made for each definition.
    Nothing,
    OpenAi(Arc<OpenAiModel>),
}

impl Models {
    /// The models that are named, else the declared ones, else `offline`. What this program was built without is left out,
    /// with a warning for the person at the terminal.
    ///
    /// # Errors
    /// A name that is none, a key that is missing, or nothing that is left.
    pub(crate) fn choose(
        declared: Option<&[ModelChoice]>,
        names: &[String],
        variable: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<(Self, Vec<String>)> {
        let declared = declared.unwrap_or_default();
        // An empty variable is an absent one.
        let names: Vec<&str> = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let mut choices = match (names.is_empty(), declared.is_empty()) {
            (true, true) => vec![ModelChoice::Offline],
            (true, false) => declared.to_vec(),
            (false, _) => named(declared, names).map_err(anyhow::Error::msg).context("--model")?,
        };
        let mut warnings = Vec::new();
        if !cfg!(feature = "aws") && choices.iter().any(is_bedrock) {
            choices.retain(|choice| !is_bedrock(choice));
            let without = "this program was built without Bedrock (cargo build --release --features aws)";
            anyhow::ensure!(!choices.is_empty(), "{without}; start with --model offline, or add another to `models:`");
            let rest: Vec<&str> = choices.iter().map(ModelChoice::provider).collect();
            warnings.push(format!("{without}: the agents think with {}", rest.join(", ")));
        }
        let shared = choices.iter().map(|choice| match choice {
            ModelChoice::OpenAi(it) => Ok(Shared::OpenAi(Arc::new(OpenAiModel::new(it.clone(), &variable)?))),
            ModelChoice::Bedrock(_) | ModelChoice::Offline => Ok(Shared::Nothing),
        });
        let shared = shared.collect::<anyhow::Result<Vec<_>>>()?;
        let models = Self {
            choices,
            shared,
            #[cfg(feature = "aws")]
            clients: None,
        };
        Ok((models, warnings))
    }

    /// The providers, in the order in which they are asked.
    pub(crate) fn names(&self) -> Vec<String> {
        self.choices.iter().map(|choice| choice.provider().to_owned()).collect()
    }

    /// The offline model alone.
    #[cfg(test)]
    pub(crate) fn offline() -> Self {
        Self {
            choices: vec![ModelChoice::Offline],
            shared: vec![Shared::Nothing],
            #[cfg(feature = "aws")]
            clients: None,
        }
    }

    /// Reads region and credentials, where a model needs them.
    #[cfg(feature = "aws")]
    pub(crate) async fn connected(mut self) -> Self {
        if self.choices.iter().any(is_bedrock) {
            let config = relevo_aws::sdk_config().await;
            self.clients = Some(relevo_aws::Clients::new(&config, std::time::Duration::from_secs(65)));
        }
        self
    }

    /// The model of a definition's agents.
    ///
    /// # Errors
    /// An agent has a guardrail that a model of the chain does not apply, or the offline model does not understand the
    /// definition.
    pub(crate) fn model(&self, definition: &Arc<AgentsDefinition>) -> Result<Arc<dyn Model>, PortsError> {
        if let Some(name) = unguarded(&definition.agent, &self.choices) {
            let message = format!(
                "`{name}` has a guardrailConfiguration, which only `bedrock` applies: `openai` would answer without it (take \
                 the guardrail out, or name other models with --model)"
            );
            return Err(PortsError::Refused(message));
        }
        let offline = || {
            let model = OfflineModel::of_agents(definition).map_err(|error| {
                PortsError::Failed(format!("the offline model does not understand the definition: {error}"))
            })?;
            Ok::<_, PortsError>(Arc::new(model) as Arc<dyn Model>)
        };
        if let [ModelChoice::Offline] = self.choices.as_slice() {
            return offline();
        }
        let chain = Chain::of(&self.choices, |index, choice| match (choice, self.shared.get(index)) {
            (_, Some(Shared::OpenAi(model))) => Ok(Some(Arc::clone(model) as Arc<dyn Model>)),
            (ModelChoice::Offline, _) => offline().map(Some),
            #[cfg(feature = "aws")]
            (ModelChoice::Bedrock(choice), _) => {
                use relevo_agents::definition::models::is_first_bedrock;
                let none = || PortsError::Failed("no connection to Bedrock was set up".into());
                let clients = self.clients.as_ref().ok_or_else(none)?;
                let model = relevo_aws::ConverseModel::new(clients, choice.clone()).guarding(&definition.agent);
                let model = if is_first_bedrock(&self.choices, index) { model } else { model.without_own_models() };
                Ok(Some(Arc::new(model) as Arc<dyn Model>))
            }
            _ => Ok(None),
        })?;
        Ok(Arc::new(chain))
    }
}

fn is_bedrock(choice: &ModelChoice) -> bool {
    matches!(choice, ModelChoice::Bedrock(_))
}

#[cfg(test)]
mod tests {
    use relevo_agents::{
        definition::{Definition, models::OpenAiChoice},
        model::{Content, Message, ModelRequest, Purpose, Role},
    };

    use super::*;

    fn openai(key: Option<&str>) -> ModelChoice {
        let settings = serde_json::json!({"model": "m", "apiKeyFrom": key});
        ModelChoice::OpenAi(serde_json::from_value::<OpenAiChoice>(settings).unwrap())
    }

    /// Providers and warnings.
    fn chosen(declared: &[ModelChoice], names: &[&str]) -> Result<(Vec<&'static str>, usize), String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let variable = |name: &str| (name == "KEY").then(|| "sk-1".to_owned());
        let (models, warnings) =
            Models::choose(Some(declared), &names, variable).map_err(|error| format!("{error:#}"))?;
        Ok((models.choices.iter().map(ModelChoice::provider).collect(), warnings.len()))
    }

    #[test]
    fn the_command_line_goes_before_the_definition() {
        let both = [openai(Some("KEY")), ModelChoice::Offline];
        assert_eq!(chosen(&[], &[]).unwrap(), (vec!["offline"], 0));
        assert_eq!(chosen(&both, &[]).unwrap(), (vec!["openai", "offline"], 0));
        assert_eq!(chosen(&both, &["offline"]).unwrap(), (vec!["offline"], 0));
        assert!(chosen(&[], &["openai"]).unwrap_err().starts_with("--model: the definition has no `openai`"));
        let missing = chosen(&[openai(Some("NO_KEY"))], &[]).unwrap_err();
        assert!(missing.starts_with("environment: NO_KEY is not set"), "{missing}");
    }

    #[test]
    fn a_guardrail_that_is_not_applied_is_refused_by_name() {
        let bot = "name: a\nlanguages: [en]\nagent: {agentName: desk, instruction: You are the desk of a small office and \
                   friendly to everybody., guardrailConfiguration: {guardrailIdentifier: g, guardrailVersion: '1'}}\n\
                   conversation: {}\n";
        let definition = Definition::<serde_json::Value>::parse(bot, "bot.yaml").unwrap().split().0;
        let (models, _) = Models::choose(Some(&[openai(None)]), &[], |_| None).unwrap();
        let Err(PortsError::Refused(message)) = models.model(&definition) else { panic!() };
        assert!(message.contains("`desk`") && message.contains("`openai`"), "{message}");
        assert!(Models::offline().model(&definition).is_ok());
    }

    #[tokio::test]
    async fn who_is_down_is_answered_for_by_the_next() {
        let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios");
        let (bot, _) = crate::local::folder::load(&example).map_err(|report| report.errors).unwrap();
        let agents = bot.definition.split().0;
        // A port that was free a moment ago: nobody listens there.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = serde_json::json!({"model": "m", "baseUrl": format!("http://127.0.0.1:{port}/v1")});
        let down = ModelChoice::OpenAi(serde_json::from_value(settings).unwrap());
        let (models, _) = Models::choose(Some(&[down, ModelChoice::Offline]), &[], |_| None).unwrap();
        let model = models.model(&agents).unwrap();
        let request = ModelRequest {
            agent_name: "a".into(),
            model_id: None,
            system: "s".into(),
            messages: [Message { role: Role::User, content: vec![Content::Text("hola".into())] }].into_iter().collect(),
            purpose: Purpose::Summarize { before: None, said: vec![(Role::User, "hola".into())] },
            language: None,
        };
        assert_eq!(model.model_id(&request).as_deref(), Some("m"));
        let reply = model.answer(request.clone()).await.unwrap();
        assert_eq!(reply.model.as_deref(), Some("offline"));
        assert_eq!(model.model_id(&request).as_deref(), Some("offline"), "it is skipped now");
    }

    #[cfg(not(feature = "aws"))]
    #[test]
    fn what_was_not_built_in_is_left_out_and_said() {
        let bedrock = named(&[], ["bedrock"]).unwrap().remove(0);
        assert_eq!(chosen(&[bedrock.clone(), ModelChoice::Offline], &[]).unwrap(), (vec!["offline"], 1));
        assert!(chosen(&[bedrock], &[]).unwrap_err().contains("--features aws"));
    }
}
