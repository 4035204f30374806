//! What is remembered between turns. Each agent has a history of its own, which loses its older part when it grows over its
//! budget. What customer and bot said to each other is kept as it was said up to a budget, and what is older as a summary:
//! a model makes it beside the turn's own work, and nobody waits for it.

use super::{
    Run, history, prompt,
    state::{Digest, Line},
};
use crate::Log;
use crate::model::{Content, Message, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Role};

/// Lines that stay as they were said, however long they are.
const LAST_LINES: usize = 4;
/// A conversation that nobody summarises is cut at so many times its budget.
const PATIENCE: usize = 4;

impl Run {
    /// What was said before the lines that are kept.
    pub fn summary(&self) -> Option<&str> {
        self.session.summary.as_deref()
    }

    /// A turn begins: is there something to summarise?
    pub(super) fn plan_digest(&mut self) {
        let (conversation, budget) = (&self.session.conversation, self.budgets.conversation_tokens);
        let lines =
            (conversation.weight() > budget).then(|| excess(conversation, budget / 2)).filter(|lines| *lines > 0);
        if let Some(turn) = self.turn_mut() {
            turn.digest = lines.map(|lines| Digest { lines });
        }
    }

    /// What a model is asked to summarise. Nothing, when nothing is to be.
    pub fn summary_request(&self) -> Option<ModelRequest> {
        let Digest { lines } = self.turn()?.digest?;
        let member = self.team.member(self.team.root())?;
        let lines: Vec<&Line> = self.session.conversation.iter().take(lines).map(|line| &**line).collect();
        let text = prompt::conversation(self.summary(), &lines);
        Some(ModelRequest {
            agent_name: member.name.clone(),
            model_id: member.model_id.clone(),
            system: prompt::SUMMARY.to_owned(),
            messages: [Message { role: Role::User, content: vec![Content::Text(text)] }].into_iter().collect(),
            purpose: Purpose::Summarize {
                before: self.session.summary.clone(),
                said: lines.iter().map(|line| (line.role, line.text.clone())).collect(),
            },
            language: self.language().map(str::to_owned),
        })
    }

    /// The summary. A failure is no matter: the next turn asks again.
    pub fn feed_summary(&mut self, reply: Result<ModelReply, ModelError>) {
        let Some(turn) = self.turn_mut() else { return };
        let Some(Digest { lines }) = turn.digest.take() else { return };
        let Ok(ModelReply { outcome: Outcome::Content(content), usage, .. }) = reply else { return };
        turn.tokens = turn.tokens.saturating_add(usage.total());
        let texts = content.iter().filter_map(|c| if let Content::Text(text) = c { Some(text.trim()) } else { None });
        let text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        if !text.is_empty() {
            self.session.summary = Some(text);
            self.drop_lines(lines);
        }
    }

    /// A turn is done: what is over its budget goes.
    pub(super) fn forget_excess(&mut self) {
        for messages in self.session.histories.values_mut() {
            history::trim(messages, self.budgets.history_tokens);
        }
        let budget = self.budgets.conversation_tokens.saturating_mul(PATIENCE);
        if self.session.conversation.weight() > budget {
            self.drop_lines(excess(&self.session.conversation, budget / 2));
        }
    }

    fn drop_lines(&mut self, lines: usize) {
        let lines = lines.min(self.session.conversation.len());
        self.session.conversation.drop_first(lines);
        for heard in self.session.heard.values_mut() {
            *heard = heard.saturating_sub(lines);
        }
    }
}

/// How many of the first must go so that the rest is no more than `keep`; the last ones stay.
fn excess(conversation: &Log<Line>, keep: usize) -> usize {
    let mut rest = conversation.weight();
    let droppable = conversation.len().saturating_sub(LAST_LINES);
    for (index, line) in conversation.iter().take(droppable).enumerate() {
        if rest <= keep {
            return index;
        }
        rest -= line.weight();
    }
    droppable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_stay() {
        for (sizes, keep, gone) in [
            (&[10, 10, 10, 10, 10, 10][..], 40, 2),
            (&[10, 10, 10, 10, 10, 10], 0, 2),
            (&[10, 10, 10, 10, 10, 10], 60, 0),
            (&[10, 10, 10, 10], 0, 0),
            (&[100, 1, 1, 1, 1, 1], 5, 1),
            (&[], 0, 0),
        ] {
            let line = |tokens: &usize| Line { role: Role::User, text: "abcd".repeat(*tokens) };
            assert_eq!(excess(&sizes.iter().map(line).collect(), keep), gone, "{sizes:?} {keep}");
        }
    }
}
