//! A line for each conversation, and for each that failed what was not as expected and all that was said up to there.

use super::shown;
use crate::run::{Attempt, Outcome, Totals};

/// The line above the conversations of a file.
pub fn heading(file: &str) -> String {
    file.to_owned()
}

/// The lines of one conversation.
pub fn lines(outcome: &Outcome) -> Vec<String> {
    let word = match (outcome.passed, outcome.vacuous) {
        (true, true) => "held",
        (true, false) => "ok",
        (false, _) => "FAILED",
    };
    let count = outcome.attempts.len();
    let often = if count > 1 { format!("  {} of {count}", outcome.good()) } else { String::new() };
    let mut lines = vec![format!("  {word:<6}  {}{often}", outcome.name)];
    for unchecked in &outcome.unchecked {
        lines.push(format!("            not checked (line {}): {}", unchecked.line, unchecked.text));
    }
    if !outcome.passed
        && let Some(attempt) = shown(&outcome.attempts)
    {
        for failure in &attempt.failures {
            let turn = if failure.turn == 0 { "start".to_owned() } else { format!("turn {}", failure.turn) };
            lines.push(format!("            {}:{}: {turn}: {}", outcome.file, failure.line, failure.message));
        }
        lines.extend(transcript(attempt).into_iter().map(|line| format!("            | {line}")));
    }
    lines
}

/// The counts at the end.
pub fn closing(totals: &Totals) -> String {
    let Totals { passed, failed, unchecked, turns, unchecked_results } = *totals;
    let all = passed + failed + unchecked;
    let held = if unchecked > 0 { format!(", {unchecked} held with nothing checked") } else { String::new() };
    let results = if unchecked_results > 0 {
        format!("; {unchecked_results} expected results not checked")
    } else {
        String::new()
    };
    format!("{all} conversations, {turns} turns: {passed} passed, {failed} failed{held}{results}")
}

/// Who said what, and what the agents did.
fn transcript(attempt: &Attempt) -> Vec<String> {
    let said = |who: &str, text: &str| {
        let mut lines = text.lines();
        let first = format!("{who}: {}", lines.next().unwrap_or_default());
        std::iter::once(first).chain(lines.map(|line| format!("  {line}")).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = attempt.greeting.iter().flat_map(|text| said("bot", text)).collect();
    for turn in &attempt.turns {
        all.extend(said("customer", &turn.customer));
        if !turn.agents.is_empty() {
            all.push(format!("  agents: {}", turn.agents.join(", ")));
        }
        for call in &turn.calls {
            let back = call.result.as_deref().map(|result| format!(" = {result}")).unwrap_or_default();
            let control = if call.control { "  (control returned)" } else { "" };
            all.push(format!("  {}{back}{control}", call.words()));
        }
        all.extend(turn.said.iter().flat_map(|text| said("bot", text)));
        if !turn.cites.is_empty() {
            let documents: Vec<&str> = turn.cites.iter().map(|cited| cited.document.as_str()).collect();
            all.push(format!("  cites: {}", documents.join(", ")));
        }
        all.extend(turn.failures.iter().map(|failure| format!("  failure: {failure}")));
        if let Some(departed) = &turn.departed {
            all.push(format!("  the bot left: {}", departed.reason));
            all.extend(departed.attributes.iter().map(|(name, value)| format!("    {name}: {value}")));
        }
    }
    all
}
