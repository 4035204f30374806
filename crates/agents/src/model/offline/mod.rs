//! The offline model: deterministic, no network, no weights, no clock.
//!
//! It knows a bot by its definition alone: which function a message wants ([`intents`], learned from the examples and
//! descriptions), which values are in it ([`slots`]), what was said before ([`dialogue`], read again from the history on
//! every call), what of a knowledge base answers a question ([`passages`]), and how to say what came out ([`wording`]).

mod classifier;
mod clauses;
mod describe;
mod dialogue;
mod free;
mod heard;
mod history;
mod intents;
mod kinds;
mod labelled;
mod language;
mod learn;
mod lexicon;
mod numbers;
mod orchestrate;
mod passages;
mod passing;
mod route;
mod similarity;
mod slots;
mod state;
mod stem;
mod summary;
mod telling;
mod text;
mod topics;
mod wording;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(crate) use language::language_of;
pub(crate) use lexicon::LANGUAGES;
pub(crate) use stem::Stems;
pub use text::fold;
pub(crate) use wording::environment;

use async_trait::async_trait;

use super::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Usage};
use crate::definition::agent::{ActionGroupExecutor, Agent, Parameter};
use crate::definition::offline::Offline;
use crate::definition::{AgentsDefinition, Definition};
use crate::memo::Memo;

pub use telling::Telling;

/// What the model is told of a function, beside its examples.
#[derive(Debug, Clone)]
pub struct FunctionInfo {
    /// Unique over all action groups.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// When to use the collaborator that has it; absent for the supervisor's own.
    pub collaborator_instruction: Option<String>,
    /// Its parameters, in the order they are asked for.
    pub parameters: Vec<(String, Parameter)>,
    /// The caller executes it: the turn ends with it.
    pub return_control: bool,
}

/// What is wrong in an `offline:` section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfflineError {
    /// A pattern is no regular expression.
    #[error("offline.parameters.{parameter}.patterns: `{pattern}` is not a regular expression: {reason}")]
    Pattern {
        /// Of which parameter.
        parameter: String,
        /// The pattern.
        pattern: String,
        /// What the parser says.
        reason: String,
    },
    /// A text is no template.
    #[error("offline: the text of {place} is not a template: {reason}")]
    Template {
        /// Where it stands, such as `functions.getTicket.say.es`.
        place: String,
        /// What the parser says.
        reason: String,
    },
}

/// The offline model of one bot definition.
pub struct OfflineModel {
    offline: Offline,
    functions: Vec<FunctionInfo>,
    /// The places of the functions, by name.
    by_name: HashMap<String, usize>,
    /// Functions that call a person: nobody is kept from one by a value.
    handoffs: BTreeSet<String>,
    particles: clauses::Particles,
    slots: slots::Slots,
    intents: intents::Intents,
    topics: topics::Topics,
    languages: language::Languages,
    wording: wording::Wording,
    heard: Memo<heard::Hearing, Arc<heard::Heard>>,
}

impl OfflineModel {
    /// Learns a definition's own words; `functions` are all functions of all agents.
    ///
    /// # Errors
    /// A pattern or a template does not parse.
    pub fn new(offline: Offline, languages: Vec<String>, functions: Vec<FunctionInfo>) -> Result<Self, OfflineError> {
        let mut slots = slots::Slots::new(&offline, &languages, &functions)?;
        let wording = wording::Wording::new(&offline, &languages)?;
        let nothing = similarity::Vocabulary::new(&languages, std::iter::empty());
        slots.learn_names(&offline, &functions, &nothing);
        let particles = clauses::Particles::new(&languages);
        let intents = intents::Intents::new(&offline, &languages, &functions, &particles, |text| {
            text::units(text, &slots::spans(&slots.claims(text, &nothing, slots::Likely::default())))
        });
        let languages = language::Languages::new(&offline, languages);
        let handoffs = functions.iter().filter(|f| calls_a_person(f, &offline)).map(|f| f.name.clone()).collect();
        let topics = topics::Topics::default();
        // The first of a name, where two agents have one of it.
        let by_name = functions.iter().enumerate().rev().map(|(place, f)| (f.name.clone(), place)).collect();
        let heard = Memo::new(heard::REMEMBERED);
        Ok(Self { offline, functions, by_name, handoffs, particles, slots, intents, topics, languages, wording, heard })
    }

    /// Learns a whole definition.
    ///
    /// # Errors
    /// As [`OfflineModel::new`].
    pub fn of<C>(definition: &Definition<C>) -> Result<Self, OfflineError> {
        Self::of_parts(&definition.agent, &definition.offline, &definition.languages)
    }

    /// Learns a definition without its conversation.
    ///
    /// # Errors
    /// As [`OfflineModel::new`].
    pub fn of_agents(definition: &AgentsDefinition) -> Result<Self, OfflineError> {
        Self::of_parts(&definition.agent, &definition.offline, &definition.languages)
    }

    fn of_parts(agent: &Agent, offline: &Offline, languages: &[String]) -> Result<Self, OfflineError> {
        let mut functions = Vec::new();
        collect(agent, None, &mut functions);
        let model = Self::new(offline.clone(), languages.to_vec(), functions)?;
        let topics = model.topics(agent);
        Ok(Self { topics, ..model })
    }

    fn function(&self, name: &str) -> Option<&FunctionInfo> {
        self.functions.get(*self.by_name.get(name)?)
    }
}

/// Whether the caller executes it and customers ask for a person with it: a third of its examples say so, or, without
/// examples, its description.
fn calls_a_person(function: &FunctionInfo, offline: &Offline) -> bool {
    let person: BTreeSet<&str> = lexicon::MEANINGS.first().into_iter().flat_map(|m| m.split_whitespace()).collect();
    let says = |text: &str| text::plain_words(text).iter().any(|w| person.contains(w.as_str()));
    let examples: Vec<&String> =
        offline.functions.get(&function.name).into_iter().flat_map(|f| f.examples.values().flatten()).collect();
    let told = if examples.is_empty() {
        function.description.as_deref().is_some_and(says)
    } else {
        3 * examples.iter().filter(|e| says(e)).count() >= examples.len()
    };
    function.return_control && told
}

fn collect(agent: &Agent, instruction: Option<&str>, functions: &mut Vec<FunctionInfo>) {
    for group in &agent.action_groups {
        for function in group.functions() {
            functions.push(FunctionInfo {
                name: function.name.clone(),
                description: function.description.clone(),
                collaborator_instruction: instruction.map(str::to_owned),
                parameters: function.parameters.iter().map(|(name, p)| (name.clone(), p.clone())).collect(),
                return_control: matches!(group.action_group_executor, Some(ActionGroupExecutor::CustomControl(_))),
            });
        }
    }
    for collaborator in &agent.collaborators {
        let own = agent.collaborator_configurations.iter().find(|c| c.collaborator_name == collaborator.agent_name);
        collect(collaborator, own.map(|c| c.collaborator_instruction.as_str()), functions);
    }
}

#[async_trait]
impl Model for OfflineModel {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        if request.goes_on() {
            return Err(ModelError::Refused("it cannot go on with another's answer".into()));
        }
        let outcome = match &request.purpose {
            Purpose::Route { candidates, previous } => {
                Outcome::Route(self.route(&request, candidates, previous.as_deref()))
            }
            Purpose::Orchestrate { tools } => Outcome::Content(self.orchestrate(&request, tools)),
            Purpose::Summarize { before, said } => {
                Outcome::Content(vec![Content::Text(summary::summary(before.as_deref(), said))])
            }
        };
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }

    fn model_id(&self, _: &ModelRequest) -> Option<String> {
        Some("offline".into())
    }
}
