//! What must be true of a turn, and whether it is.

mod cites;

use serde_json::Value;

use crate::{
    matcher::Matcher,
    observed::{Call, Turn, plain},
    words::Words,
};

pub(crate) use cites::{CitePattern, PassagePattern};

/// Something that must be true, and where it stands.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Its line in the file.
    pub line: u32,
    /// What.
    pub what: What,
}

/// The kinds of expectations.
#[derive(Debug, Clone)]
pub enum What {
    /// All that the customer read in this turn.
    Answer(Matcher),
    /// All that the customer has read up to here.
    Conversation(Matcher),
    /// The collaborators that were at work.
    Agents(Listed<Agents>),
    /// The functions that were called.
    Functions(Listed<CallPattern>),
    /// The functions that control was returned for, in order.
    Control(Vec<String>),
    /// The documents that the answer cites.
    Cites(Listed<CitePattern>),
    /// Whether the bot left, and why.
    Handoff(Handoff),
    /// A session attribute.
    Attribute(String, Matcher),
    /// Whether the agent failed.
    Failed(bool),
}

/// A collaborator's name.
pub type Agents = String;

/// How a list is compared with what there was.
#[derive(Debug, Clone)]
pub enum Listed<T> {
    /// These, in this order, and no others.
    Exactly(Vec<T>),
    /// These in any order, and no others.
    Set(Vec<T>),
    /// These among others.
    Include(Vec<T>),
    /// None of these.
    Exclude(Vec<T>),
}

/// A call that is expected.
#[derive(Debug, Clone)]
pub struct CallPattern {
    /// Where it stands.
    pub line: u32,
    /// The function, or `actionGroup.function`.
    pub name: String,
    /// The collaborator that calls.
    pub agent: Option<String>,
    /// By parameter.
    pub arguments: Vec<(String, Matcher)>,
    /// By field of the result (`order.status`); none: the whole text.
    pub result: Vec<(Option<String>, Matcher)>,
}

/// Whether the bot leaves.
#[derive(Debug, Clone)]
pub enum Handoff {
    /// It stays.
    No,
    /// It leaves.
    Yes {
        /// Why.
        reason: Option<String>,
        /// The contact attributes that it writes.
        attributes: Vec<(String, Matcher)>,
    },
}

/// What was not as expected: where, and in words.
pub(crate) struct Miss {
    pub(crate) line: u32,
    pub(crate) message: String,
}

impl Expectation {
    /// What is not as expected of the turn, which has these before it; nothing when all is.
    pub(crate) fn misses(&self, turn: &Turn, before: &[Turn], words: &Words) -> Vec<Miss> {
        let mut misses = Vec::new();
        let mut miss = |line: u32, message: String| misses.push(Miss { line, message });
        match &self.what {
            What::Answer(matcher) => {
                let answer = turn.answer();
                for check in matcher.failing(Some(&answer), words) {
                    miss(self.line, format!("the answer: expected {check}, it was “{answer}”"));
                }
            }
            What::Conversation(matcher) => {
                let said: Vec<String> = before.iter().chain([turn]).map(Turn::answer).collect();
                let said = said.join("\n\n");
                for check in matcher.failing(Some(&said), words) {
                    miss(self.line, format!("the answers: expected {check}, they were “{said}”"));
                }
            }
            What::Agents(listed) => {
                let named = |name: &String, known: &String| name == known;
                if !listed.holds(&turn.agents, named) {
                    let wanted = listed.words(Clone::clone);
                    miss(self.line, format!("the agents: expected {wanted}, there were {}", list(&turn.agents)));
                }
            }
            What::Functions(listed) => functions(self.line, listed, turn, words, &mut miss),
            What::Control(wanted) => {
                let returned: Vec<String> =
                    turn.calls.iter().filter(|call| call.control).map(|call| call.function.clone()).collect();
                if returned != *wanted {
                    let message =
                        format!("returned control: expected {}, it was for {}", list(wanted), list(&returned));
                    miss(self.line, message);
                }
            }
            What::Cites(listed) => cites::compare(self.line, listed, turn, words, &mut miss),
            What::Handoff(wanted) => handoff(self.line, wanted, turn, words, &mut miss),
            What::Attribute(name, matcher) => {
                let value = turn.attributes.get(name).map(String::as_str);
                for check in matcher.failing(value, words) {
                    miss(self.line, format!("the session attribute {name}: expected {check}, {}", was(value)));
                }
            }
            What::Failed(wanted) => match (wanted, turn.failures.as_slice()) {
                (true, []) => miss(self.line, "expected the agent to fail, it did not".into()),
                (false, [first, ..]) => miss(self.line, format!("the agent failed: {first}")),
                _ => {}
            },
        }
        misses
    }
}

fn functions(line: u32, listed: &Listed<CallPattern>, turn: &Turn, words: &Words, miss: &mut impl FnMut(u32, String)) {
    let fits = |pattern: &CallPattern, call: &Call| pattern.misses(call, words).is_empty();
    if listed.holds(&turn.calls, fits) {
        return;
    }
    // Where the names are as expected, what is wrong is inside a call: that is what is said.
    if let Listed::Exactly(patterns) = listed
        && patterns.len() == turn.calls.len()
        && patterns.iter().zip(&turn.calls).all(|(pattern, call)| pattern.is_of(call))
    {
        for (pattern, call) in patterns.iter().zip(&turn.calls) {
            pattern.misses(call, words).into_iter().for_each(|message| miss(pattern.line, message));
        }
        return;
    }
    if let Listed::Include(patterns) | Listed::Set(patterns) = listed {
        for pattern in patterns.iter().filter(|pattern| !turn.calls.iter().any(|call| fits(pattern, call))) {
            match turn.calls.iter().find(|call| pattern.is_of(call)) {
                Some(call) => {
                    pattern.misses(call, words).into_iter().for_each(|message| miss(pattern.line, message));
                }
                None => miss(pattern.line, format!("{} was not called, there were {}", pattern.name, calls(turn))),
            }
        }
        if let Listed::Include(_) = listed {
            return;
        }
    }
    let wanted = listed.words(|pattern| pattern.name.clone());
    miss(line, format!("the functions: expected {wanted}, there were {}", calls(turn)));
}

impl CallPattern {
    fn is_of(&self, call: &Call) -> bool {
        self.name == call.function || self.name == format!("{}.{}", call.action_group, call.function)
    }

    fn misses(&self, call: &Call, words: &Words) -> Vec<String> {
        let mut misses = Vec::new();
        if !self.is_of(call) {
            return vec![format!("expected {}, {} was called", self.name, call.function)];
        }
        if let Some(agent) = self.agent.as_ref().filter(|agent| call.agent.as_ref() != Some(agent)) {
            let by = call.agent.as_deref().unwrap_or("the supervisor");
            misses.push(format!("{}: expected to be called by {agent}, it was by {by}", self.name));
        }
        for (name, matcher) in &self.arguments {
            let value = call.arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            for check in matcher.failing(value, words) {
                misses.push(format!("{}: argument {name}: expected {check}, {}", self.name, was(value)));
            }
        }
        for (path, matcher) in &self.result {
            let value = match path {
                Some(path) => call.result.as_deref().and_then(|text| field(text, path)),
                None => call.result.clone(),
            };
            let what = path.as_deref().map_or_else(|| "result".to_owned(), |path| format!("result {path}"));
            for check in matcher.failing(value.as_deref(), words) {
                misses.push(format!("{}: {what}: expected {check}, {}", self.name, was(value.as_deref())));
            }
        }
        misses
    }
}

fn handoff(line: u32, wanted: &Handoff, turn: &Turn, words: &Words, miss: &mut impl FnMut(u32, String)) {
    match (wanted, &turn.departed) {
        (Handoff::No, None) => {}
        (Handoff::No, Some(departed)) => {
            miss(line, format!("expected no hand-off, the bot left: {}", departed.reason));
        }
        (Handoff::Yes { reason, .. }, None) => {
            let why = reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            miss(line, format!("expected a hand-off{why}, there was none"));
        }
        (Handoff::Yes { reason, attributes }, Some(departed)) => {
            match reason {
                Some(reason) if *reason != departed.reason => {
                    miss(line, format!("the hand-off: expected the reason {reason}, it was {}", departed.reason));
                }
                None if !departed.handoff => {
                    miss(line, format!("expected a hand-off, the bot left without one: {}", departed.reason));
                }
                _ => {}
            }
            for (name, matcher) in attributes {
                let value = departed.attributes.get(name).map(String::as_str);
                for check in matcher.failing(value, words) {
                    miss(line, format!("the hand-off's attribute {name}: expected {check}, {}", was(value)));
                }
            }
        }
    }
}

impl<T> Listed<T> {
    fn holds<K>(&self, known: &[K], fits: impl Fn(&T, &K) -> bool) -> bool {
        let there = |pattern: &T| known.iter().any(|it| fits(pattern, it));
        match self {
            Self::Exactly(patterns) => {
                patterns.len() == known.len() && patterns.iter().zip(known).all(|(pattern, it)| fits(pattern, it))
            }
            Self::Set(patterns) => {
                let mut left: Vec<&T> = patterns.iter().collect();
                let all = known.iter().all(|it| {
                    let at = left.iter().position(|pattern| fits(pattern, it));
                    at.map(|at| left.remove(at)).is_some()
                });
                all && left.is_empty()
            }
            Self::Include(patterns) => patterns.iter().all(there),
            Self::Exclude(patterns) => !patterns.iter().any(there),
        }
    }

    fn patterns(&self) -> &[T] {
        match self {
            Self::Exactly(patterns) | Self::Set(patterns) | Self::Include(patterns) | Self::Exclude(patterns) => {
                patterns
            }
        }
    }

    fn words(&self, name: impl Fn(&T) -> String) -> String {
        let names = |patterns: &[T]| list(&patterns.iter().map(&name).collect::<Vec<_>>());
        match self {
            Self::Exactly(patterns) => names(patterns),
            Self::Set(patterns) => format!("{} in any order", names(patterns)),
            Self::Include(patterns) => format!("{} among others", names(patterns)),
            Self::Exclude(patterns) => format!("none of {}", names(patterns)),
        }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn calls(turn: &Turn) -> String {
    let names: Vec<String> = turn.calls.iter().map(Call::words).collect();
    list(&names)
}

impl Call {
    /// `agent: function(name=value, …)`.
    pub fn words(&self) -> String {
        let by = self.agent.as_ref().map(|agent| format!("{agent}: ")).unwrap_or_default();
        let arguments: Vec<String> = self.arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{by}{}({})", self.function, arguments.join(", "))
    }
}

fn was(value: Option<&str>) -> String {
    value.map_or_else(|| "it was not there".to_owned(), |value| format!("it was “{value}”"))
}

/// A field of a JSON text by its path (`order.items.0`), as text; nothing and `null` are none.
fn field(text: &str, path: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    plain(value.pointer(&format!("/{}", path.replace('.', "/")))?)
}

#[cfg(test)]
mod tests;
