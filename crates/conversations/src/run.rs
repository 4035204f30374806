//! Holds conversations, as often as is asked for, and notes what was not as expected.

use serde::Serialize;

use relevo_bot::Policy;

use crate::{
    file::Conversation,
    observed::Turn,
    words::Words,
    world::{Subject, World},
};

/// How conversations are held.
pub struct Plan<'a> {
    /// The bot's policy.
    pub policy: &'a Policy,
    /// Its languages.
    pub languages: &'a [String],
    /// Who answers.
    pub subject: &'a dyn Subject,
    /// How often each conversation is held, at least once.
    pub repeat: u32,
    /// The part of these that must go as expected, 0 to 1.
    pub min_pass_rate: f64,
}

/// What came of a conversation.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The file it is in.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// Each time it was held.
    pub attempts: Vec<Attempt>,
    /// What was expected and is not checked.
    pub unchecked: Vec<Unchecked>,
    /// It went as expected often enough.
    pub passed: bool,
    /// Nothing in it can be checked: it was held, and that is all.
    pub vacuous: bool,
}

/// An expected result that nobody here can judge.
#[derive(Debug, Clone, Serialize)]
pub struct Unchecked {
    /// Where it stands.
    pub line: u32,
    /// In its own words.
    pub text: String,
}

/// One time that a conversation was held.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The greeting.
    pub greeting: Vec<String>,
    /// Each turn, up to the one that was not as expected.
    pub turns: Vec<Turn>,
    /// What was not as expected; none: all was.
    pub failures: Vec<Failure>,
}

/// Something that was not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Its line in the file.
    pub line: u32,
    /// The turn, from 1; 0: the greeting.
    pub turn: usize,
    /// What was expected, and what there was.
    pub message: String,
}

/// Counts of a whole run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Conversations that went as expected.
    pub passed: usize,
    /// Conversations that did not.
    pub failed: usize,
    /// Conversations of which nothing was checked.
    pub unchecked: usize,
    /// Turns that were held.
    pub turns: usize,
    /// Expected results that were not checked.
    pub unchecked_results: usize,
}

impl Outcome {
    /// How often it went as expected.
    pub fn good(&self) -> usize {
        self.attempts.iter().filter(|attempt| attempt.failures.is_empty()).count()
    }
}

impl Totals {
    /// Counts them.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let mut totals = Self::default();
        for outcome in outcomes {
            match (outcome.passed, outcome.vacuous) {
                (false, _) => totals.failed += 1,
                (true, true) => totals.unchecked += 1,
                (true, false) => totals.passed += 1,
            }
            totals.turns += outcome.attempts.iter().map(|attempt| attempt.turns.len()).sum::<usize>();
            totals.unchecked_results += outcome.unchecked.len();
        }
        totals
    }
}

/// Holds a conversation as often as the plan says.
pub async fn run(plan: &Plan<'_>, conversation: &Conversation) -> Outcome {
    let mut attempts = Vec::new();
    for number in 0..plan.repeat.max(1) {
        attempts.push(attempt(plan, conversation, u64::from(number) + 1).await);
    }
    let good = attempts.iter().filter(|attempt| attempt.failures.is_empty()).count();
    let unchecked: Vec<Unchecked> =
        conversation.unchecked.iter().map(|(line, text)| Unchecked { line: *line, text: text.clone() }).collect();
    Outcome {
        file: conversation.file.clone(),
        line: conversation.line,
        name: conversation.name.clone(),
        passed: rate(good, attempts.len()) >= plan.min_pass_rate,
        vacuous: conversation.unjudged,
        attempts,
        unchecked,
    }
}

/// The part of all that is good.
pub(crate) fn rate(good: usize, all: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    if all == 0 { 0.0 } else { number(good) / number(all) }
}

async fn attempt(plan: &Plan<'_>, conversation: &Conversation, seed: u64) -> Attempt {
    let world = World::new(plan.policy, plan.languages, plan.subject, conversation, seed);
    let mut words = Words::new(plan.languages);
    let mut attempt = Attempt { greeting: Vec::new(), turns: Vec::new(), failures: Vec::new() };
    let failure = |line: u32, turn: usize, message: String| Failure { line, turn, message };
    match world.start(&conversation.attributes).await {
        Ok(greeting) => attempt.greeting = greeting,
        Err(reason) => {
            let message = format!("the bot did not start: {reason}");
            attempt.failures.push(failure(conversation.line, 0, message));
            return attempt;
        }
    }
    if let Some((line, matcher)) = &conversation.greeting {
        let greeting = attempt.greeting.join("\n\n");
        for check in matcher.failing(Some(&greeting), &words) {
            let message = format!("the greeting: expected {check}, it was “{greeting}”");
            attempt.failures.push(failure(*line, 0, message));
        }
    }
    for (index, said) in conversation.turns.iter().enumerate() {
        let number = index + 1;
        if let Some(departed) = attempt.turns.last().and_then(|turn| turn.departed.as_ref()) {
            let message = format!("the bot had left in the turn before: {}", departed.reason);
            attempt.failures.push(failure(said.line, number, message));
            break;
        }
        let turn = world.say(&words.filled(&said.customer)).await;
        for expectation in &said.expect {
            let misses = expectation.misses(&turn, &attempt.turns, &words);
            attempt.failures.extend(misses.into_iter().map(|miss| failure(miss.line, number, miss.message)));
        }
        let answer = turn.answer();
        for (line, name, expression) in &said.keep {
            let found = expression.captures(&answer).and_then(|groups| groups.get(1).or(groups.get(0)));
            if let Some(found) = found {
                words.keep(name, found.as_str());
            } else {
                let message = format!("nothing to keep as {name}: /{expression}/ is not in “{answer}”");
                attempt.failures.push(failure(*line, number, message));
            }
        }
        attempt.turns.push(turn);
        if !attempt.failures.is_empty() {
            // What follows would only fail after it.
            break;
        }
    }
    attempt
}
