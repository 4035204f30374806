//! The part of a session that grows at its end and is cut at its beginning: what was said. It is most of a session, and most of
//! it stays as it is, so a session is stored in two parts: what was said up to some step, and the rest.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};

use super::{
    history,
    state::{Line, Session},
};
use crate::{Shared, model::Message};

/// What was said up to some step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Each agent's own history.
    histories: BTreeMap<String, Vec<Shared<Message>>>,
    /// What customer and bot said to each other.
    conversation: Vec<Shared<Line>>,
}

/// The places in a [`Past`] of what still stands at the beginning of a session's histories and conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    histories: BTreeMap<String, Range<usize>>,
    conversation: Range<usize>,
}

impl Session {
    /// All that was said.
    pub fn past(&self) -> Past {
        Past { histories: self.histories.clone(), conversation: self.conversation.clone() }
    }

    /// The session without what stands in a past; and what that is.
    pub fn since(&self, past: &Past) -> (Self, Standing) {
        let none = Vec::new();
        let mut standing =
            Standing { histories: BTreeMap::new(), conversation: stands(&past.conversation, &self.conversation) };
        let mut histories = BTreeMap::new();
        for (agent, history) in &self.histories {
            let range = stands(past.histories.get(agent).unwrap_or(&none), history);
            histories.insert(agent.clone(), rest(history, &range));
            standing.histories.insert(agent.clone(), range);
        }
        let session = Self {
            version: self.version,
            turn: self.turn,
            session_attributes: self.session_attributes.clone(),
            histories,
            conversation: rest(&self.conversation, &standing.conversation),
            summary: self.summary.clone(),
            heard: self.heard.clone(),
            routed: self.routed.clone(),
            collaborator_session_id: self.collaborator_session_id.clone(),
            calls: self.calls,
            ending: self.ending,
            open: self.open.clone(),
        };
        (session, standing)
    }

    /// The session with what [`Session::since`] took away. None, where the past has not got it.
    pub fn with(mut self, past: &Past, standing: Standing) -> Option<Self> {
        for (agent, range) in standing.histories.into_iter().filter(|(_, range)| !range.is_empty()) {
            let before = past.histories.get(&agent)?.get(range)?;
            self.histories.entry(agent).or_default().splice(..0, before.iter().cloned());
        }
        let before = past.conversation.get(standing.conversation)?;
        self.conversation.splice(..0, before.iter().cloned());
        Some(self)
    }

    /// About how many tokens were said: what a model would count, more or less a quarter of the bytes.
    pub fn tokens(&self) -> usize {
        let messages = self.histories.values().flatten().map(history::tokens);
        messages.sum::<usize>() + self.conversation.iter().map(history::line_tokens).sum::<usize>()
    }
}

/// The places in a past of those that begin what there is now: it was cut at its beginning, and went on at its end.
fn stands<T>(past: &[Shared<T>], now: &[Shared<T>]) -> Range<usize> {
    let Some(from) = now.first().and_then(|first| past.iter().position(|it| it.is(first))) else { return 0..0 };
    let common = past.iter().skip(from).zip(now).take_while(|(past, now)| past.is(now)).count();
    from..from + common
}

fn rest<T>(now: &[Shared<T>], standing: &Range<usize>) -> Vec<Shared<T>> {
    now.iter().skip(standing.len()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Role;

    fn line(number: usize) -> Shared<Line> {
        Line { role: Role::User, text: number.to_string() }.into()
    }

    fn session(lines: Vec<Shared<Line>>) -> Session {
        Session { conversation: lines, ..Session::new("c".into()) }
    }

    proptest! {
        #[test]
        fn a_session_comes_out_of_its_parts_as_it_was(
            said in 0_usize..12, cut in 0_usize..14, changed in prop::option::of(0_usize..14), more in 0_usize..6,
        ) {
            let mut now = session((0..said).map(line).collect());
            let past = now.past();
            now.conversation.drain(..cut.min(said));
            if let Some(changed) = changed.and_then(|place| now.conversation.get_mut(place)) {
                changed.make_mut().text.push('!');
            }
            now.conversation.extend((100..100 + more).map(line));
            let (rest, standing) = now.since(&past);
            let kept = now.conversation.len() - rest.conversation.len();
            let first_change = changed.filter(|place| *place < said.saturating_sub(cut));
            prop_assert_eq!(kept, first_change.unwrap_or(said.saturating_sub(cut)));
            // As they are stored.
            let (rest, standing) = serde_json::from_value(serde_json::to_value((rest, standing)).unwrap()).unwrap();
            let rest: Session = rest;
            prop_assert_eq!(rest.with(&past, standing), Some(now));
        }
    }

    #[test]
    fn a_past_that_has_not_got_it_is_told() {
        let now = session((0..3).map(line).collect());
        let (rest, standing) = now.since(&now.past());
        assert_eq!(rest.with(&Past::default(), standing), None);
    }
}
