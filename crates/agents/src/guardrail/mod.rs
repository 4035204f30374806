//! Guardrails: a step on the customer's words before the agents read them, and on the answer before the customer does.
//! What is found is by words and patterns, in this process; no model is asked.
//!
//! The settings have the shapes of Bedrock's `CreateGuardrail`.

mod assessment;
mod attacks;
mod checksums;
pub mod config;
mod pii;
mod topics;

use std::ops::Range;

use serde_json::Value;

use assessment::Finding;
use config::{Action, GuardrailConfig, Side};

/// The guardrail of one bot definition.
#[derive(Debug, Clone)]
pub struct Guardrail {
    config: GuardrailConfig,
    topics: topics::Topics,
}

/// What came of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What goes on: the text, with what is masked in braces (`{EMAIL}`).
    pub text: String,
    /// Nothing goes on: the blocked message takes its place.
    pub blocked: bool,
    /// `GuardrailAssessment`, where something was found.
    pub assessment: Option<Value>,
}

/// A place in a text, and what is there.
struct Hit {
    at: Range<usize>,
    action: Action,
    mask: String,
    finding: Finding,
}

impl Guardrail {
    /// The guardrail of these settings, for a bot that speaks these languages.
    pub fn new(config: GuardrailConfig, languages: &[String]) -> Self {
        let topics = topics::Topics::new(&config.topic_policy_config, languages);
        Self { config, topics }
    }

    /// The message that takes the place of a blocked text: of these languages, in this order, the first that there is.
    pub fn message<'a>(&'a self, side: Side, languages: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let messages = self.config.messages(side);
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let found = languages.into_iter().find_map(|language| messages.get(&primary(language)));
        found.or_else(|| messages.values().next()).map(String::as_str)
    }

    /// Whether it looks for something in answers: they then go out as a whole.
    pub fn inspects_answers(&self) -> bool {
        let policy = &self.config.sensitive_information_policy_config;
        !self.config.topic_policy_config.topics_config.is_empty()
            || !self.config.word_policy_config.words_config.is_empty()
            || policy.pii_entities_config.iter().any(|entity| entity.on(Side::Output))
            || policy.regexes_config.iter().any(|regex| regex.on(Side::Output))
    }

    /// The customer's words as an agent may read them; nothing, where they are blocked.
    pub fn allowed(&self, words: &str) -> Option<String> {
        let checked = self.check(Side::Input, words);
        (!checked.blocked).then_some(checked.text)
    }

    /// Looks at a text.
    pub fn check(&self, side: Side, text: &str) -> Checked {
        let topics = self.topics.find(text).map(|name| Finding::Topic { name: name.to_owned() });
        let mut findings: Vec<Finding> = topics.collect();
        // Only a customer attacks.
        if side == Side::Input && self.config.looks_for_attacks() && attacks::is_attack(text) {
            findings.push(Finding::Attack);
        }
        let words = self.config.word_policy_config.words_config.iter();
        findings.extend(words.filter_map(|word| word.find(text)).map(|word| Finding::Word { found: word.to_owned() }));
        let hits = disjoint(self.hits(side, text));
        let blocked = !findings.is_empty() || hits.iter().any(|hit| hit.action == Action::Block);
        let masked = mask(text, &hits);
        findings.extend(hits.into_iter().map(|hit| hit.finding));
        let assessment = (!findings.is_empty()).then(|| assessment::of(&findings));
        Checked { text: if blocked { String::new() } else { masked }, blocked, assessment }
    }

    fn hits(&self, side: Side, text: &str) -> Vec<Hit> {
        let policy = &self.config.sensitive_information_policy_config;
        let mut hits = Vec::new();
        for entity in policy.pii_entities_config.iter().filter(|entity| entity.on(side)) {
            for at in entity.r#type.find(text) {
                let found = text.get(at.clone()).unwrap_or_default().to_owned();
                let finding = Finding::Pii { kind: entity.r#type, found, action: entity.action };
                hits.push(Hit { at, action: entity.action, mask: format!("{{{}}}", entity.r#type.name()), finding });
            }
        }
        for regex in policy.regexes_config.iter().filter(|regex| regex.on(side)) {
            for found in regex.pattern.regex().find_iter(text).filter(|found| !found.is_empty()) {
                let finding = Finding::Regex {
                    name: regex.name.clone(),
                    pattern: regex.pattern.regex().as_str().to_owned(),
                    found: found.as_str().to_owned(),
                    action: regex.action,
                };
                let mask = format!("{{{}}}", regex.name);
                hits.push(Hit { at: found.range(), action: regex.action, mask, finding });
            }
        }
        hits
    }
}

/// In the order of the text, each place once: the longer of two that begin together.
fn disjoint(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.at.start, std::cmp::Reverse(hit.at.end)));
    let mut end = 0;
    hits.retain(|hit| {
        let free = hit.at.start >= end;
        if free {
            end = hit.at.end;
        }
        // What blocks counts wherever it lies.
        free || hit.action == Action::Block
    });
    hits
}

fn mask(text: &str, hits: &[Hit]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for hit in hits.iter().filter(|hit| hit.action == Action::Anonymize) {
        if hit.at.start >= from {
            masked.push_str(text.get(from..hit.at.start).unwrap_or_default());
            masked.push_str(&hit.mask);
            from = hit.at.end;
        }
    }
    masked.push_str(text.get(from..).unwrap_or_default());
    masked
}

#[cfg(test)]
mod tests;
