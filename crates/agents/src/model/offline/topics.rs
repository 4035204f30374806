//! What functions and knowledge bases are about, by their words: a question that a function hardly explains, and a knowledge base
//! explains as well, is looked up.

use std::collections::{BTreeMap, BTreeSet};

use super::OfflineModel;
use super::dialogue::Act;
use super::passages::{Asked, asks};
use super::text::{real, split_name};
use crate::definition::agent::Agent;

/// A function explains a question that has this much of its words.
const ENOUGH: f64 = 0.5;

/// The topics of a definition.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// What the words of each function's examples and descriptions are known by.
    functions: BTreeMap<String, BTreeSet<String>>,
    /// The same of what is said of the knowledge bases, and of who has them.
    knowledge: BTreeSet<String>,
    /// The agents that have knowledge bases of their own.
    knowing: BTreeSet<String>,
}

impl Topics {
    /// Whether an agent has knowledge bases of its own.
    pub(super) fn knows(&self, agent: &str) -> bool {
        self.knowing.contains(agent)
    }

    /// Whether a word is in what is said of the knowledge bases.
    pub(super) fn is_of_knowledge(&self, word: &Asked) -> bool {
        word.within(&self.knowledge) > 0.0
    }
}

impl OfflineModel {
    /// Learns what a definition's functions and knowledge bases are about; nothing where there is nothing to look up.
    pub(super) fn topics(&self, supervisor: &Agent) -> Topics {
        let mut topics = Topics::default();
        self.collect_knowledge(supervisor, None, &mut topics);
        if topics.knowing.is_empty() {
            return topics;
        }
        for info in &self.functions {
            let own = self.offline.functions.get(&info.name);
            let examples = own.into_iter().flat_map(|own| {
                own.examples.values().flatten().chain(own.after.values().flat_map(BTreeMap::values).flatten())
            });
            let parameters = info.parameters.iter().flat_map(|(name, parameter)| {
                let labels = self.offline.parameters.get(name).into_iter().flat_map(|own| own.label.values().cloned());
                labels.chain(parameter.description.clone()).chain([split_name(name)])
            });
            let texts =
                examples.cloned().chain(parameters).chain(info.description.clone()).chain([split_name(&info.name)]);
            topics.functions.insert(info.name.clone(), texts.flat_map(|text| self.marks(&text)).collect());
        }
        topics
    }

    fn collect_knowledge(&self, agent: &Agent, instruction: Option<&str>, topics: &mut Topics) {
        if !agent.knowledge_bases.is_empty() {
            topics.knowing.insert(agent.agent_name.clone());
            let descriptions = agent.knowledge_bases.iter().map(|base| base.description.as_str());
            topics.knowledge.extend(descriptions.chain(instruction).flat_map(|text| self.marks(text)));
        }
        for collaborator in &agent.collaborators {
            let own = agent.collaborator_configurations.iter().find(|c| c.collaborator_name == collaborator.agent_name);
            self.collect_knowledge(collaborator, own.map(|c| c.collaborator_instruction.as_str()), topics);
        }
    }

    /// Whether a question that was taken for a function is rather one to look up.
    pub(super) fn is_to_look_up(&self, act: &Act, text: &str) -> bool {
        let Act::Pursue(functions) = act else { return false };
        if self.topics.knowing.is_empty() || !asks(text) {
            return false;
        }
        let asked: Vec<Asked> = self.asked_words(text).iter().map(|word| self.asked(word)).collect();
        let explained = |marks: &BTreeSet<String>| {
            real(asked.iter().filter(|word| word.within(marks) > 0.0).count()) / real(asked.len().max(1))
        };
        let own = functions.iter().filter_map(|f| self.topics.functions.get(f)).map(explained).fold(0.0, f64::max);
        // Nobody who says anything of a person is kept from one.
        let person = functions.iter().any(|f| self.handoffs.contains(f));
        let enough = if person { f64::EPSILON } else { ENOUGH };
        !asked.is_empty() && own < enough && explained(&self.topics.knowledge) >= own
    }
}
