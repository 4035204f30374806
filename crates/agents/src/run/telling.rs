//! The answer while a model still writes it: which frame speaks to the customer, and how much of what it has written may
//! go out.
//!
//! A text may turn out to go with calls. So its beginning is held back until it looks like an answer: a second paragraph has
//! begun, or it is long. Should it go with calls after all, what has gone out was said, and begins the answer that follows.
//! So [`Turn::told`] is the beginning of what the turn answers, whatever happens.

use super::{
    Run, history,
    state::{Failure, Frame, Line, Phase, Turn},
};
use crate::{
    guardrail::Guardrail,
    model::{BROKE_OFF, Role},
    words::sentences,
};

/// A text of one paragraph is taken for an answer when it is longer, in bytes. What models write beside calls is shorter.
const LONG: usize = 240;

/// In which pieces an answer goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Whole paragraphs, with the blank line behind them.
    Paragraphs,
    /// Sentences and lines.
    Sentences,
}

impl Run {
    /// The frame whose model writes what the customer reads: the supervisor at the top, or whom routers have passed the
    /// customer's words to. None where an answer is looked at as a whole before it goes out.
    pub fn speaker(&self) -> Option<u32> {
        if self.team.guardrail().is_some_and(Guardrail::inspects_answers) {
            return None;
        }
        let turn = self.turn()?;
        let (mut id, mut frame) = turn.frames.iter().find(|(_, frame)| frame.parent.is_none())?;
        while let Phase::Routed { child } = &frame.phase {
            (id, frame) = (child, turn.frames.get(child)?);
        }
        (frame.phase == Phase::Think).then_some(*id)
    }

    /// What of this turn's answer has gone out.
    pub fn told(&self) -> &str {
        self.turn().map(|turn| turn.told.as_str()).unwrap_or_default()
    }

    /// The frame's model has written this so far. Whether something more may go out, which [`Run::told`] then has.
    pub fn tell(&mut self, id: u32, written: &str, pace: Pace) -> bool {
        if self.speaker() != Some(id) {
            return false;
        }
        let Some(frame) = self.frame(id) else { return false };
        let certain = self.team.member(&frame.agent).is_some_and(|member| member.tools.is_empty());
        let written = written.trim_start();
        let told = self.told_of(frame);
        let ready = ready(written, told.len(), certain, pace);
        if ready <= told.len() || !written.starts_with(told) {
            return false;
        }
        let said = join(frame.said.iter().map(String::as_str));
        let all = join([said.as_str(), written.get(..ready).unwrap_or_default()]);
        if let Some(turn) = self.turn_mut() {
            turn.told = all;
        }
        true
    }

    /// What has gone out of the text that this frame's model writes, or has written.
    fn told_of(&self, frame: &Frame) -> &str {
        let said = join(frame.said.iter().map(String::as_str));
        let rest = self.told().strip_prefix(said.trim_end()).unwrap_or_default();
        if said.is_empty() { rest } else { rest.trim_start() }
    }

    /// The same for a frame by its id: nothing where it is another's.
    pub(super) fn told_by(&self, id: u32) -> Option<String> {
        let frame = self.frame(id).filter(|_| self.speaker() == Some(id))?;
        Some(self.told_of(frame).to_owned()).filter(|told| !told.is_empty())
    }

    /// The model's answer is lost behind what has gone out of it: it is asked to go on there.
    pub(super) fn broke_off(&mut self, id: u32, told: &str) {
        if let Some(frame) = self.frame_mut(id) {
            frame.said.push(told.to_owned());
            history::push_text(&mut frame.messages, Role::Assistant, told.trim_end());
            history::push_text(&mut frame.messages, Role::User, BROKE_OFF);
        }
    }

    /// The same where a model failed: not again and again.
    pub(super) fn broke_off_by(&mut self, id: u32, told: &str, failure: Failure) {
        let most = self.budgets.empty_answers;
        let Some(frame) = self.frame_mut(id) else { return };
        frame.empties += 1;
        if frame.empties > most {
            self.fail_frame(id, failure);
        } else {
            self.broke_off(id, told);
        }
    }

    /// A turn goes on in another process: the answer that a model was writing is lost with the one before.
    pub fn take_over(&mut self) {
        if let Some(id) = self.speaker()
            && let Some(told) = self.told_by(id)
        {
            self.broke_off(id, &told);
        }
    }

    /// What has gone out is said, and no part of what is answered from here on: the customer has gone on, or the results of a
    /// return of control have come.
    pub(super) fn part_with_told(&mut self) {
        let Some(turn) = self.turn_mut() else { return };
        let told = std::mem::take(&mut turn.told);
        if told.is_empty() {
            return;
        }
        for frame in turn.frames.values_mut() {
            let said = join(frame.said.iter().map(String::as_str));
            if let Some(rest) = said.strip_prefix(told.trim_end()) {
                frame.said = Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty()).into_iter().collect();
            }
        }
        self.session.conversation.push(Line { role: Role::Assistant, text: told.trim_end().to_owned() });
    }
}

impl Turn {
    /// The turn's last words, behind what has gone out.
    pub(super) fn behind_told(&self, words: &str) -> String {
        join([self.told.as_str(), words])
    }
}

/// The parts of an answer, with a blank line between them where none is.
pub(super) fn join<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut all = String::new();
    for part in parts.into_iter().filter(|part| !part.trim().is_empty()) {
        if !all.is_empty() && !all.ends_with(char::is_whitespace) {
            all.push_str("\n\n");
        }
        all.push_str(part);
    }
    all
}

/// How much of a text that is being written may go out, in bytes; `told` has gone out. Behind it there is always something
/// that has not: so the answer's end is known when the last of it goes out. `certain`: nothing can be called.
fn ready(written: &str, told: usize, certain: bool, pace: Pace) -> usize {
    // Marks, as those of a model's thoughts.
    if written.starts_with('<') {
        return 0;
    }
    let rest = written.get(told..).unwrap_or_default();
    let paragraph = last_paragraph(rest);
    if pace == Pace::Paragraphs {
        return told + paragraph;
    }
    let sentence = sentences(rest).last().map_or(0, |at| at.start);
    if certain || told > 0 || paragraph > 0 || rest.len() > LONG { told + sentence } else { 0 }
}

/// Where the last paragraph of a text begins: behind a blank line, with something in it.
fn last_paragraph(text: &str) -> usize {
    let text = text.trim_end();
    let mut begin = 0;
    let mut blank = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            blank = true;
        } else if std::mem::take(&mut blank) {
            begin = at + (line.len() - line.trim_start().len());
        }
        at += line.len();
    }
    begin
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_may_go_out_of_a_text() {
        let long = "A long sentence that nobody would write beside a call of a tool. ".repeat(4);
        let table = [
            ("I look it up.", false, Pace::Sentences, ""),
            ("I look it up. Wait", false, Pace::Sentences, ""),
            ("I look it up. Wait", true, Pace::Sentences, "I look it up. "),
            ("One. Two.\n\nThree. Fo", false, Pace::Sentences, "One. Two.\n\nThree. "),
            ("One. Two.\n\nThree. Fo", false, Pace::Paragraphs, "One. Two.\n\n"),
            ("One. Two.\n\n", false, Pace::Sentences, ""),
            ("<thinking>One.\n\nTwo.</thinking>\n\nThree", true, Pace::Paragraphs, ""),
        ];
        for (text, certain, pace, wanted) in table {
            assert_eq!(&text[..ready(text, 0, certain, pace)], wanted, "{text:?} {pace:?}");
        }
        assert_eq!(ready(&long, 0, false, Pace::Sentences), long.len() * 3 / 4);
        assert_eq!(ready(&long, 0, false, Pace::Paragraphs), 0);
    }

    proptest! {
        /// However a text comes in, what goes out is its beginning, grows, and leaves something to say at the end.
        #[test]
        fn what_goes_out_is_a_beginning(text in "([a-zñ¿😉. #`-]|\n|\n\n|\\. ){0,80}", paragraphs: bool, certain: bool) {
            let pace = if paragraphs { Pace::Paragraphs } else { Pace::Sentences };
            let text = text.trim_start();
            let mut told = 0;
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let written = &text[..at];
                let ready = ready(written, told, certain, pace);
                if ready > told {
                    prop_assert!(!written[ready..].trim().is_empty() && !written[ready..].starts_with(char::is_whitespace));
                    told = ready;
                }
            }
        }
    }
}
