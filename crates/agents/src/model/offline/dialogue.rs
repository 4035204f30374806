//! The dialogue so far, read again from the history on every call: what is wanted, what was asked for, which values
//! are known. Each message of the customer is one step.

use std::collections::BTreeSet;

use serde_json::Value;

use super::OfflineModel;
use super::clauses::Answer;
use super::heard::Heard;
use super::history::Event;
use super::intents::{Reading, Wanted};
use super::kinds::Kind;
use super::passing::passed_on;
use super::slots::{Claim, Likely, by_parameter, spans};
use super::state::{State, Told};
use super::text::{NUMBER, Unit, units};
use crate::definition::agent::ParameterType;

/// A function of the agent at hand is believed from here when the message reached that agent.
const OWN: f64 = 0.25;
/// Another function is believed from here against a reply that may be anything.
const LOOSE: f64 = 0.45;
/// A message is looked at up to here, in characters.
const LONGEST: usize = 2_000;
/// Further back than this nothing is read again.
const MEMORY: usize = 60;

/// What a message says to an agent.
struct Restricted<'r> {
    of: &'r Reading,
    /// The functions of the agent; none: all.
    allowed: Option<&'r [String]>,
    /// Of these, the functions wanted.
    wanted: Vec<Wanted>,
    smalltalk: Option<usize>,
}

/// What a message of the customer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// These functions are wanted; values may be missing.
    Pursue(Vec<String>),
    /// The reply had nothing that was asked for.
    AskAgain,
    /// Small talk.
    Smalltalk(usize),
    /// A yes or a no to nothing this model asked.
    Answer(Answer),
    /// Not understood.
    Unclear,
}

impl OfflineModel {
    /// Reads the events; `allowed` are the functions of the agent at hand, `None` for all.
    pub(super) fn follow(&self, events: &[Event<'_>], allowed: Option<&[String]>) -> State {
        let mut state = State::default();
        let skip = events.len().saturating_sub(MEMORY);
        for event in events.iter().skip(skip) {
            match event {
                Event::Customer { text, own } => {
                    self.step(&mut state, text, if *own { allowed } else { None });
                }
                Event::Colleague { text, error: false, .. } if passed_on(text).is_some() => {
                    self.step(&mut state, passed_on(text).unwrap_or_default(), None);
                }
                Event::Bot(text) | Event::Colleague { text, error: false, .. } => {
                    if matches!(event, Event::Colleague { .. }) && !self.is_question(&state, text) {
                        // It asked the customer itself and is done: those replies are in its own history.
                        state.done = state.pending.pop().or(state.done);
                        state.pending.clear();
                        state.asked.clear();
                    }
                    if state.pending.is_empty() {
                        state.answered();
                    }
                    if self.wording.is_failure(text, self.languages.codes()) {
                        state.done = None;
                    }
                    if let Some(done) = &state.done
                        && self.wording.is_nothing(done, text, self.languages.codes())
                    {
                        state.stale = self.required_of(std::slice::from_ref(done)).into_iter().collect();
                    }
                    for claim in self.identifiers(text) {
                        state.named.insert(claim.parameter, claim.value);
                    }
                }
                Event::Colleague { error: true, .. } | Event::Found { .. } => {}
                Event::Called { function, input } => {
                    state.pending.clear();
                    state.asked.clear();
                    state.done = Some((*function).to_owned());
                    state.recent.clone_from(&state.done);
                    for (name, value) in input.as_object().into_iter().flatten() {
                        let told = self.slots.free(name).is_some_and(|(kind, _)| kind == Kind::Text);
                        if !self.slots.is_composed(name) && !told {
                            state.values.insert(name.clone(), text_of(value));
                        }
                    }
                }
                Event::Result { function, input, text, error: false } => self.learn(&mut state, function, input, text),
                Event::Result { error: true, .. } => state.done = None,
            }
        }
        state
    }

    /// Values that a function answered, and whether it found nothing.
    fn learn(&self, state: &mut State, function: &str, input: &Value, text: &str) {
        match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(answer)) => {
                for (name, value) in &answer {
                    let known = self.slots.type_of(name).is_some() && self.slots.has_patterns(name);
                    if known && (value.is_string() || value.is_number()) {
                        state.values.insert(name.clone(), text_of(value));
                    }
                }
                let nothing = ["found", "inserted"].iter().any(|key| answer.get(*key) == Some(&Value::Bool(false)));
                state.stale = if nothing { names(input) } else { BTreeSet::new() };
            }
            Ok(Value::Null) => state.stale = names(input),
            _ => {
                for claim in self.identifiers(text) {
                    state.named.insert(claim.parameter, claim.value);
                }
            }
        }
        state.done = Some(function.to_owned());
        state.answered();
    }

    /// Whether a reply is for somebody else: something is clearly wanted, and the agent at hand has none of it.
    pub(super) fn is_foreign(&self, state: &State, text: &str, allowed: &[String]) -> bool {
        if state.pending.is_empty() {
            return false;
        }
        match self.step(&mut state.clone(), text, None) {
            Act::Pursue(functions) => !functions.iter().any(|f| allowed.contains(f)),
            Act::AskAgain | Act::Smalltalk(_) | Act::Answer(_) | Act::Unclear => false,
        }
    }

    /// One message of the customer.
    pub(super) fn step(&self, state: &mut State, text: &str, allowed: Option<&[String]>) -> Act {
        let whole = text;
        let text = beginning(text);
        let at_hand =
            if state.pending.is_empty() { state.recent.iter().cloned().collect() } else { state.pending.clone() };
        let own = self.parameters_of(&at_hand);
        let heard = self.heard(text, Likely { asked: &state.asked, own: &own });
        let Heard { claims, parts } = heard.as_ref();
        // A follow-up is about what was looked up; another number is a new matter.
        let another = claims.iter().any(|c| state.values.get(&c.parameter).is_some_and(|v| *v != c.value));
        let done = state.done.as_deref().filter(|_| state.pending.is_empty() && !another);
        let reading = self.intents.read(&self.particles, parts, done);
        let reading = self.restricted(&reading, allowed);
        let mut act = if state.pending.is_empty() {
            self.fresh(state, &reading, claims, parts)
        } else {
            self.reply(state, &reading, claims, parts, whole)
        };
        if state.pending.is_empty() && claims.is_empty() && self.is_to_look_up(&act, whole) {
            act = Act::Unclear;
        }
        // Whoever wants a person was asked once, and gets one whatever the reply.
        if let [waiting] = state.pending.as_slice()
            && self.handoffs.contains(waiting)
            && !matches!(act, Act::Pursue(_))
        {
            act = Act::Pursue(vec![waiting.clone()]);
        }
        // What was understood decides whose the values are.
        let (claims, replied) = match &act {
            Act::Pursue(functions) if *functions != at_hand => {
                let own = self.parameters_of(functions);
                (self.heard(text, Likely { asked: &[], own: &own }).claims.clone(), false)
            }
            _ => (claims.clone(), true),
        };
        if let (Act::Pursue(functions), Some(allowed)) = (&mut act, allowed) {
            functions.retain(|f| allowed.contains(f));
            if functions.is_empty() {
                act = Act::Unclear;
            }
        }
        self.apply(state, &act, whole, claims, replied);
        act
    }

    /// A message when nothing was asked.
    fn fresh(&self, state: &State, reading: &Restricted<'_>, claims: &[Claim], parts: &[Unit]) -> Act {
        // What is done and came out well is not done again for a bare value, if that means something else too.
        let open = !state.stale.is_empty() || state.done.is_none() || reading.wanted.is_empty();
        let bare = open && self.intents.vocabulary().features(parts).telling == 0;
        let recent = state.recent.as_ref().filter(|f| {
            let own = self.parameters_of(std::slice::from_ref(*f));
            claims.iter().any(|c| own.contains(&c.parameter))
        });
        // "Sorry, it is 123": a correction, unless something else is clearly asked for.
        let asks = reading.wanted.iter().any(|w| recent.is_none_or(|r| *r == w.function) || w.strong());
        let only_values = open && self.only_values(parts);
        if let Some(recent) = recent.filter(|_| bare || only_values || !asks) {
            return Act::Pursue(vec![recent.clone()]);
        }
        if !reading.wanted.is_empty() {
            return self.pursue(&reading.wanted);
        }
        if let Some(recent) = recent {
            return Act::Pursue(vec![recent.clone()]);
        }
        if let Some(i) = reading.smalltalk {
            return Act::Smalltalk(i);
        }
        if let Some(only) = self.only_one_with(claims) {
            return Act::Pursue(vec![only]);
        }
        match (self.particles.answer(parts), &state.recent) {
            // "Shall we try again?" "Yes."
            (Some(Answer::Yes), Some(recent)) if state.done.is_none() => Act::Pursue(vec![recent.clone()]),
            (Some(answer), _) => Act::Answer(answer),
            (None, _) => Act::Unclear,
        }
    }

    /// A message when values were asked for.
    fn reply(&self, state: &State, reading: &Restricted<'_>, claims: &[Claim], parts: &[Unit], text: &str) -> Act {
        let own = self.parameters_of(&state.pending);
        let fills = claims.iter().any(|c| own.contains(&c.parameter));
        if fills && self.only_values(parts) {
            return Act::Pursue(state.pending.clone());
        }
        let asked = self.free_text_asked(state);
        let free = asked.as_ref().filter(|f| self.free_value(f, beginning(text), claims).is_some());
        // A name is told from a wish by its words; what is said freely has any words.
        let loose = free.is_some_and(|f| self.slots.free(f).is_some_and(|(kind, _)| !matches!(kind, Kind::Name(_))));
        let believed = |w: &Wanted| w.strong() || !(fills || free.is_some()) || (loose && !fills && w.score >= LOOSE);
        let mut others: Vec<Wanted> =
            reading.wanted.iter().filter(|w| !state.pending.contains(&w.function) && believed(w)).cloned().collect();
        // What is no value is a wish, though none that is believed by itself.
        let telling = self.intents.vocabulary().features(parts).telling > 0;
        if others.is_empty() && asked.is_some() && free.is_none() && !fills && telling && reading.smalltalk.is_none() {
            others.extend(self.leaning(reading.of, reading.allowed).filter(|w| !state.pending.contains(&w.function)));
        }
        if !others.is_empty() {
            return self.pursue(&others);
        }
        let answered = self.particles.opening(parts).is_some();
        let yes_or_no = answered && state.asked.iter().any(|p| self.slots.type_of(p) == Some(ParameterType::Boolean));
        if fills || yes_or_no {
            return Act::Pursue(state.pending.clone());
        }
        if let Some(i) = reading.smalltalk {
            return Act::Smalltalk(i);
        }
        let repeats = loose && reading.wanted.iter().any(|w| state.pending.contains(&w.function));
        if free.is_some() && !repeats {
            return Act::Pursue(state.pending.clone());
        }
        Act::AskAgain
    }

    /// "My order number is 123": values and the words that name them.
    fn only_values(&self, parts: &[Unit]) -> bool {
        let vocabulary = self.intents.vocabulary();
        let names = |w: &str| w == NUMBER || vocabulary.is_function_word(w) || self.slots.names_any(w, vocabulary);
        parts.iter().any(|u| matches!(u, Unit::Value { .. }))
            && parts.iter().filter_map(Unit::word).all(names)
            && !self.particles.clauses(parts).iter().any(|c| c.asks || c.negative)
    }

    /// A function that hands control over comes alone: nothing after it would be heard.
    fn pursue(&self, wanted: &[Wanted]) -> Act {
        let handover = wanted.iter().find(|w| self.function(&w.function).is_some_and(|f| f.return_control));
        Act::Pursue(match handover {
            Some(w) => vec![w.function.clone()],
            None => wanted.iter().map(|w| w.function.clone()).collect(),
        })
    }

    /// The one function that takes what was given, when only one takes it.
    fn only_one_with(&self, claims: &[Claim]) -> Option<String> {
        let takes = |f: &&super::FunctionInfo| {
            claims.iter().all(|c| f.parameters.iter().any(|(name, p)| p.required && *name == c.parameter))
        };
        let mut taking = self.functions.iter().filter(takes);
        let only = taking.next().filter(|_| !claims.is_empty())?;
        taking.next().is_none().then(|| only.name.clone())
    }

    fn apply(&self, state: &mut State, act: &Act, text: &str, claims: Vec<Claim>, replied: bool) {
        let mut values = by_parameter(&claims, &self.slots);
        // Acting on the wrong one of two is worse than asking which.
        for claim in claims.iter().filter(|claim| claim.rivalled) {
            values.remove(&claim.parameter);
            state.values.remove(&claim.parameter);
        }
        if values.keys().any(|p| state.stale.contains(p)) {
            state.stale.clear();
        }
        state.values.extend(values);
        match act {
            Act::Pursue(functions) => {
                state.insisted = state.pending == *functions && functions.iter().all(|f| self.handoffs.contains(f));
                if replied && !state.pending.is_empty() {
                    self.take_reply(state, text, &claims);
                }
                let stale = std::mem::take(&mut state.stale);
                let required = self.required_of(functions);
                state.values.retain(|p, _| !(stale.contains(p) && required.contains(p)));
                state.named.retain(|p, _| !(stale.contains(p) && required.contains(p)));
                state.recent = functions.last().cloned();
                state.fruitless = 0;
                state.told.push(Told { text: text.to_owned(), claims, answered: false });
                let missing = if state.insisted { Vec::new() } else { self.missing(state, functions) };
                if missing.is_empty() {
                    state.done.clone_from(&state.recent);
                    state.pending.clear();
                } else {
                    state.pending.clone_from(functions);
                }
                state.asked = self.together(&missing);
                return;
            }
            Act::AskAgain => state.fruitless += 1,
            Act::Smalltalk(_) => {
                state.recent = state.pending.last().cloned().or_else(|| state.recent.take());
                state.pending.clear();
                state.asked.clear();
                state.fruitless = 0;
            }
            Act::Answer(_) | Act::Unclear => {}
        }
        state.told.push(Told { text: text.to_owned(), claims, answered: false });
    }

    /// A yes, a no or a free text that was asked for.
    fn take_reply(&self, state: &mut State, text: &str, claims: &[Claim]) {
        let parts = units(beginning(text), &spans(claims));
        if let Some(answer) = self.particles.opening(&parts)
            && let Some(asked) = state.asked.iter().find(|p| self.slots.type_of(p) == Some(ParameterType::Boolean))
        {
            let value = if answer == Answer::Yes { "true" } else { "false" };
            state.values.insert(asked.clone(), value.to_owned());
        } else if let Some(free) = self.free_text_asked(state)
            && let Some(value) = self.free_value(&free, text, claims)
        {
            state.values.insert(free, value);
        }
    }

    /// What an agent with these functions can make of a message.
    fn restricted<'r>(&self, of: &'r Reading, allowed: Option<&'r [String]>) -> Restricted<'r> {
        let mut wanted = of.wanted.clone();
        if let Some(allowed) = allowed {
            wanted.retain(|w| allowed.contains(&w.function));
            if wanted.is_empty() && of.smalltalk.is_none() {
                wanted.extend(self.leaning(of, Some(allowed)));
            }
        }
        Restricted { of, allowed, wanted, smalltalk: of.smalltalk }
    }

    /// The function that is likely and well ahead of the others.
    fn leaning(&self, reading: &Reading, allowed: Option<&[String]>) -> Option<Wanted> {
        let may = |function: &str| allowed.is_none_or(|allowed| allowed.iter().any(|own| own == function));
        let mut ranking = self.intents.ranked(reading).filter(|(function, _)| may(function));
        let (function, score) = ranking.next().filter(|(_, score)| *score >= OWN)?;
        let next = ranking.next().map_or(0.0, |(_, score)| score);
        (score >= 1.3 * next).then(|| Wanted { function: function.to_owned(), score })
    }

    fn free_text_asked(&self, state: &State) -> Option<String> {
        state.asked.iter().find(|p| self.slots.is_free_text(p)).cloned()
    }
}

/// As much of a message as is looked at: nobody says what is wanted after ten pages.
fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

fn names(input: &Value) -> BTreeSet<String> {
    input.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}
