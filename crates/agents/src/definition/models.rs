//! `models:`, what the agents think with: providers in the order in which they are asked.
//!
//! Keys do not stand here, but the names of the environment variables that hold them.

use std::time::Duration;

use serde::Deserialize;

use super::agent::Agent;

/// The providers' names, as `models:` and the command line have them.
pub const PROVIDERS: [&str; 3] = ["bedrock", "openai", "offline"];

/// How long the runtime waits for an answer, whoever gives it.
pub const RUNTIME_MS: u64 = 60_000;
/// The greatest `timeoutMs` that is not set.
pub const MOST_DEFAULT_MS: u64 = 25_000;
/// What is left to the last of a chain, where nothing is set.
const LAST_MS: u64 = 10_000;

/// One entry of `models:`: a provider's name, or the name with settings below it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelChoice {
    /// A model of Bedrock, over Converse.
    Bedrock(BedrockChoice),
    /// A model behind chat completions, OpenAI's or any compatible.
    OpenAi(OpenAiChoice),
    /// The rule-based model: no network, never down.
    Offline,
}

/// `bedrock:`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct BedrockChoice {
    /// A model id or an inference profile. In the first `bedrock` of a chain an agent's own `foundationModel` goes before it.
    pub model_id: Option<String>,
    /// What is not set is not sent.
    pub inference_configuration: InferenceConfiguration,
    /// Marks tools and instructions as the part of a prompt that repeats, for models that cache it (`cachePoint`).
    pub prompt_caching: bool,
    /// Whether answers come in pieces (`ConverseStream`), so that silence is noticed. Some models cannot call tools so.
    pub streaming: bool,
    /// How long an answer may take, with all that is repeated, before the next model is asked. 1000 to 60000; see
    /// [`timeouts`].
    pub timeout_ms: Option<u64>,
    /// How long the model may be silent: until its answer begins, and within it.
    pub silence_ms: u64,
}

/// `openai:`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenAiChoice {
    /// The address before `/chat/completions`. Default: OpenAI's own.
    #[serde(default = "openai")]
    pub base_url: String,
    /// The model, as the endpoint names it.
    pub model: String,
    /// The environment variable that holds the key. None: no key is sent.
    pub api_key_from: Option<String>,
    /// What is not set is not sent.
    #[serde(default)]
    pub inference_configuration: InferenceConfiguration,
    /// As [`BedrockChoice::timeout_ms`].
    pub timeout_ms: Option<u64>,
    /// As [`BedrockChoice::silence_ms`].
    #[serde(default = "silence_ms")]
    pub silence_ms: u64,
}

/// `inferenceConfiguration`, in the names of Bedrock's agents.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct InferenceConfiguration {
    /// Tokens of an answer.
    pub maximum_length: Option<u32>,
    /// 0..1.
    pub temperature: Option<f32>,
    /// 0..1.
    pub top_p: Option<f32>,
    /// Up to four.
    pub stop_sequences: Vec<String>,
}

impl Default for BedrockChoice {
    fn default() -> Self {
        Self {
            model_id: None,
            inference_configuration: InferenceConfiguration::default(),
            prompt_caching: false,
            streaming: true,
            timeout_ms: None,
            silence_ms: silence_ms(),
        }
    }
}

pub(super) fn openai() -> String {
    "https://api.openai.com/v1".into()
}

fn silence_ms() -> u64 {
    15_000
}

impl ModelChoice {
    /// Its name, one of [`PROVIDERS`].
    pub fn provider(&self) -> &'static str {
        match self {
            Self::Bedrock(_) => "bedrock",
            Self::OpenAi(_) => "openai",
            Self::Offline => "offline",
        }
    }
}

/// How long each of a chain may take for an answer before the next is asked; none: as long as there is time. What is not set
/// is [`MOST_DEFAULT_MS`], or less, so that those before the last leave some of [`RUNTIME_MS`] to it.
pub fn timeouts(choices: &[ModelChoice]) -> Vec<Option<Duration>> {
    let before_last = choices.len().saturating_sub(1);
    let share_ms = (RUNTIME_MS - LAST_MS) / u64::try_from(before_last.max(1)).unwrap_or(u64::MAX);
    let of = |(index, choice): (usize, &ModelChoice)| {
        let set_ms = match choice {
            _ if index >= before_last => return None,
            ModelChoice::Bedrock(it) => it.timeout_ms,
            ModelChoice::OpenAi(it) => it.timeout_ms,
            ModelChoice::Offline => return None,
        };
        Some(Duration::from_millis(set_ms.unwrap_or_else(|| MOST_DEFAULT_MS.min(share_ms))))
    };
    choices.iter().enumerate().map(of).collect()
}

/// Whether this is the `bedrock` that an agent's own `foundationModel` is for: the first of a chain.
pub fn is_first_bedrock(choices: &[ModelChoice], index: usize) -> bool {
    choices.iter().position(|choice| matches!(choice, ModelChoice::Bedrock(_))) == Some(index)
}

/// An agent whose guardrail would not be applied by these: it is Bedrock's to apply. (The offline model says what the
/// definition says.)
pub fn unguarded<'a>(agent: &'a Agent, choices: &[ModelChoice]) -> Option<&'a str> {
    fn guarded(agent: &Agent) -> Option<&str> {
        let own = agent.guardrail_configuration.as_ref().map(|_| agent.agent_name.as_str());
        own.or_else(|| agent.collaborators.iter().find_map(guarded))
    }
    choices.iter().any(|choice| matches!(choice, ModelChoice::OpenAi(_))).then(|| guarded(agent)).flatten()
}

/// The chain that names stand for: each is the declared entries of that provider, with their settings. `offline` and
/// `bedrock` need none.
///
/// # Errors
/// A name that is no provider's, or `openai` where none is declared. The text is for who gave the names.
pub fn named<'n>(
    declared: &[ModelChoice],
    names: impl IntoIterator<Item = &'n str>,
) -> Result<Vec<ModelChoice>, String> {
    let mut chain = Vec::new();
    for name in names.into_iter().map(str::trim) {
        let before = chain.len();
        chain.extend(declared.iter().filter(|choice| choice.provider() == name).cloned());
        match name {
            _ if chain.len() > before => {}
            "offline" => chain.push(ModelChoice::Offline),
            "bedrock" => chain.push(ModelChoice::Bedrock(BedrockChoice::default())),
            "openai" => return Err("the definition has no `openai` in `models:`, which says which model it is".into()),
            _ => return Err(format!("`{name}` is no model provider; there are {}", PROVIDERS.join(", "))),
        }
    }
    if chain.is_empty() { Err("no model provider is named".into()) } else { Ok(chain) }
}
