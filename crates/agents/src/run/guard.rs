//! The guardrail at the two doors of a run: what the customer says, and what the customer reads.

use serde_json::{Value, json};

use super::{Run, TraceKind, words};
use crate::guardrail::{Checked, config::Side};

impl Run {
    /// The customer's words as the agents may read them; nothing, when they may not.
    pub(super) fn guard_input(&mut self, text: String) -> Option<String> {
        let Some(checked) = self.checked(Side::Input, &text) else { return Some(text) };
        self.trace_guardrail(Side::Input, &checked);
        (!checked.blocked).then_some(checked.text)
    }

    /// The turn is done: the customer reads that it is not talked about.
    pub(super) fn refuse_input(&mut self) {
        let words = self.blocked_words(Side::Input);
        if let Some(turn) = self.turn_mut() {
            turn.answer = Some(words);
        }
    }

    /// An answer as the customer may read it.
    pub(super) fn guard_answer(&mut self, text: String) -> String {
        let Some(checked) = self.checked(Side::Output, &text) else { return text };
        self.trace_guardrail(Side::Output, &checked);
        self.passed(checked)
    }

    /// A question as the customer may read it; asking for it again changes nothing.
    pub(super) fn guarded_question(&self, text: String) -> String {
        match self.checked(Side::Output, &text) {
            Some(checked) => self.passed(checked),
            None => text,
        }
    }

    fn checked(&self, side: Side, text: &str) -> Option<Checked> {
        self.team.guardrail().map(|guardrail| guardrail.check(side, text))
    }

    fn passed(&self, checked: Checked) -> String {
        if checked.blocked { self.blocked_words(Side::Output) } else { checked.text }
    }

    fn blocked_words(&self, side: Side) -> String {
        let languages = self.language().into_iter().chain(self.team.language());
        let own = self.team.guardrail().and_then(|guardrail| guardrail.message(side, languages));
        own.unwrap_or_else(|| words::blocked(self.language().or(self.team.language()))).to_owned()
    }

    fn trace_guardrail(&mut self, side: Side, checked: &Checked) {
        let mut body = json!({"action": if checked.assessment.is_some() { "INTERVENED" } else { "NONE" }});
        if let (Some(assessment), Value::Object(members)) = (&checked.assessment, &mut body) {
            let name = if side == Side::Input { "inputAssessments" } else { "outputAssessments" };
            members.insert(name.to_owned(), json!([assessment]));
        }
        let root = self.team.root().to_owned();
        let kind = if side == Side::Input { TraceKind::GuardrailBefore } else { TraceKind::GuardrailAfter };
        self.trace(&root, kind, body);
    }
}
