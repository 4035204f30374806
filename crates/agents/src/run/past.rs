//! The part of a session that grows at its end and is cut at its beginning: what was said. It is most of a session, and most of
//! it stays as it is, so a session is stored in two parts: what was said up to some step, and the rest.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Deserializer, Serialize};

use super::state::{Line, Session};
use crate::{Log, model::Message};

/// What was said up to some step.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Past(Said);

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Said {
    /// Each agent's own history.
    histories: BTreeMap<String, Log<Message>>,
    /// What customer and bot said to each other.
    conversation: Log<Line>,
}

impl<'de> Deserialize<'de> for Past {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut said = Said::deserialize(deserializer)?;
        said.histories.values_mut().for_each(Log::settle);
        said.conversation.settle();
        Ok(Self(said))
    }
}

/// The places in a [`Past`] of what still stands at the beginning of a session's histories and conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    histories: BTreeMap<String, Range<usize>>,
    conversation: Range<usize>,
}

impl Session {
    /// Settles all that was said so far, between two turns.
    pub fn settle(&mut self) -> Past {
        self.histories.values_mut().for_each(Log::settle);
        self.conversation.settle();
        Past(Said { histories: self.histories.clone(), conversation: self.conversation.clone() })
    }

    /// The session without what stands in a past that it was settled to; and what that is.
    pub fn since(&self, Past(past): &Past) -> (Self, Standing) {
        let none = Log::default();
        let mut histories = BTreeMap::new();
        let mut standing = BTreeMap::new();
        for (agent, history) in &self.histories {
            let (rest, places) = apart(history, past.histories.get(agent).unwrap_or(&none));
            histories.insert(agent.clone(), rest);
            standing.insert(agent.clone(), places);
        }
        let (conversation, places) = apart(&self.conversation, &past.conversation);
        let standing = Standing { histories: standing, conversation: places };
        let session = Self {
            version: self.version,
            turn: self.turn,
            session_attributes: self.session_attributes.clone(),
            histories,
            conversation,
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
    pub fn with(mut self, Past(past): &Past, standing: Standing) -> Option<Self> {
        for (agent, places) in standing.histories.into_iter().filter(|(_, places)| !places.is_empty()) {
            let rest = self.histories.remove(&agent).unwrap_or_default();
            let history = rest.behind(past.histories.get(&agent)?, places)?;
            self.histories.insert(agent, history);
        }
        let conversation = std::mem::take(&mut self.conversation);
        self.conversation = conversation.behind(&past.conversation, standing.conversation)?;
        Some(self)
    }

    /// About how many tokens were said since it was settled: what a model would count, more or less a quarter of the bytes.
    pub fn tokens_since(&self) -> usize {
        self.histories.values().map(Log::weight_since).sum::<usize>() + self.conversation.weight_since()
    }

    /// About how many tokens of a past that it was settled to are no longer remembered.
    pub fn tokens_gone(&self, Past(past): &Past) -> usize {
        let all = |histories: &BTreeMap<String, Log<Message>>, conversation: &Log<Line>| {
            histories.values().map(Log::weight).sum::<usize>() + conversation.weight()
        };
        let standing = all(&self.histories, &self.conversation).saturating_sub(self.tokens_since());
        all(&past.histories, &past.conversation).saturating_sub(standing)
    }
}

/// What is not in a past, and the places of what is.
fn apart<T>(now: &Log<T>, past: &Log<T>) -> (Log<T>, Range<usize>) {
    match now.stands_on(past) {
        Some(places) => (now.since().to_vec().into(), places),
        None => (now.clone(), 0..0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Content, Role};

    fn line(number: usize) -> Line {
        Line { role: Role::User, text: number.to_string() }
    }

    fn message(number: usize) -> Message {
        Message { role: Role::User, content: vec![Content::Text(number.to_string())] }
    }

    fn session() -> Session {
        let mut session = Session::new("c".into());
        session.conversation = (0..5).map(line).collect();
        session.histories.insert("a".into(), (0..5).map(message).collect());
        session
    }

    /// As they are stored, in another process.
    fn stored(past: &Past, apart: &(Session, Standing)) -> Option<Session> {
        let past: Past = serde_json::from_str(&serde_json::to_string(past).unwrap()).unwrap();
        let (rest, standing): (Session, Standing) =
            serde_json::from_str(&serde_json::to_string(apart).unwrap()).unwrap();
        rest.with(&past, standing)
    }

    #[test]
    fn a_session_comes_out_of_its_parts_as_it_was() {
        for cut in 0..8 {
            for more in 0..3 {
                let mut now = session();
                let past = now.settle();
                now.conversation.drop_first(cut);
                (0..more).for_each(|number| now.conversation.push(line(100 + number)));
                let history = now.histories.get_mut("a").unwrap();
                history.drop_first(cut);
                if let Some(last) = history.last_mut() {
                    last.make_mut().content.push(Content::Text("!".into()));
                }
                now.histories.insert("b".into(), (0..more).map(message).collect());
                let (rest, standing) = now.since(&past);
                assert_eq!((rest.conversation.len(), rest.histories["b"].len()), (more, more));
                assert_eq!(rest.histories["a"].len(), usize::from(cut < 5), "the one that was changed");
                assert_eq!(rest.tokens_since(), now.tokens_since());
                // A line has one token here, a message five.
                assert_eq!(now.tokens_gone(&past), cut.min(5) + 5 * (cut + 1).min(5), "{cut}");
                assert_eq!(stored(&past, &(rest, standing)), Some(now), "{cut} {more}");
            }
        }
    }

    #[test]
    fn nothing_stands_on_a_past_that_is_not_its_own() {
        let (mut other, now) = (session(), session());
        let past = other.settle();
        let (rest, standing) = now.since(&past);
        assert_eq!(rest, now);
        assert_eq!(stored(&past, &(rest, standing)), Some(now));
    }

    #[test]
    fn a_past_that_has_not_got_it_is_told() {
        let mut now = session();
        let past = now.settle();
        assert_eq!(stored(&Past::default(), &now.since(&past)), None);
    }
}
