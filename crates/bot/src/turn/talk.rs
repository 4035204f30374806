//! The talk with the agent: questions, the functions it wants done, and what comes of it.

use std::time::Duration;

use super::{
    ask::{self, Round},
    confirm,
    control::{self, Handled},
    outbox::{self, Fault},
    ticker::Ticker,
};
use crate::{
    holder::Holder,
    ports::{FunctionInput, FunctionResult, Input, TurnFailure},
    sessions::Status,
};

/// Rounds of functions in one turn.
const ROUNDS_MAX: u32 = 8;
/// A customer who asks for a person waits no longer for the agent to see it.
const WISH_PATIENCE: Duration = Duration::from_secs(15);

/// What came of the talk.
pub(super) enum Talk {
    /// The answer, or a question of the bot's own, is in the outbox.
    Done,
    /// The agent hands over.
    HandOff(FunctionInput),
    /// The customer asks for a person meanwhile.
    Wish,
    /// No answer.
    Failed(TurnFailure),
}

/// Talks until the agent has answered. `wish`: the customer asks for a person, and waits no longer for the agent than
/// necessary.
pub(super) async fn talk(holder: &mut Holder<'_>, words: &str, wish: bool) -> Result<Talk, Fault> {
    let patience = Duration::from_millis(holder.bot.config.policy.limits.agent_timeout_ms);
    let worked_ms = holder.bot.now_ms().saturating_sub(holder.turn().begun_ms);
    let worked = Duration::from_millis(u64::try_from(worked_ms).unwrap_or(0));
    let mut ticker = Ticker::new(holder, if wish { patience.min(WISH_PATIENCE) } else { patience }, worked);
    if let Some(ended) = take_up_pending(holder, &mut ticker, words).await? {
        return Ok(ended);
    }
    loop {
        let input = match holder.turn().results.clone() {
            Some((invocation_id, results)) => Input::Results { invocation_id, results },
            None => Input::Text(words.to_owned()),
        };
        let (invocation_id, inputs) = match ask::ask(holder, &mut ticker, input).await? {
            Round::Answered => return Ok(Talk::Done),
            Round::Failed(why) => return Ok(Talk::Failed(why)),
            Round::Wish => return Ok(Talk::Wish),
            Round::Control { invocation_id, inputs } => (invocation_id, inputs),
        };
        let functions = &holder.bot.config.policy.handoff.functions;
        if let Some(input) = inputs.iter().find(|input| functions.contains(&input.function)) {
            return Ok(Talk::HandOff(input.clone()));
        }
        if inputs.is_empty() || holder.turn().round >= ROUNDS_MAX {
            return Ok(Talk::Failed(TurnFailure::AgentControl));
        }
        outbox::flush(holder).await?;
        let results = match control::run(holder, &mut ticker, &inputs).await? {
            Handled::Results(results) => results,
            Handled::Wish => return Ok(Talk::Wish),
            Handled::Deadline => return Ok(Talk::Failed(TurnFailure::FunctionsTimeout)),
        };
        // All have their results, unless the customer is to be asked first.
        let Some(complete) = results.iter().cloned().collect() else {
            confirm::ask(holder, invocation_id, inputs, results);
            return Ok(Talk::Done);
        };
        give_back(holder, &mut ticker, invocation_id, complete).await?;
    }
}

/// The customer was asked to confirm something: a yes has it done, a no is told to the agent. Anything else is a message
/// like others, and the agent drops what it wanted to do.
async fn take_up_pending(holder: &mut Holder<'_>, ticker: &mut Ticker, words: &str) -> Result<Option<Talk>, Fault> {
    if holder.turn().results.is_some() {
        return Ok(None);
    }
    let Some(pending) = holder.session.pending.clone() else { return Ok(None) };
    let results = match confirm::answer(&pending, words) {
        None => {
            holder.session.pending = None;
            return Ok(None);
        }
        Some(answer) => match control::finish(holder, ticker, &pending, answer).await? {
            Handled::Results(results) => results,
            Handled::Wish => return Ok(Some(Talk::Wish)),
            Handled::Deadline => return Ok(Some(Talk::Failed(TurnFailure::FunctionsTimeout))),
        },
    };
    holder.session.pending = None;
    let results = results.into_iter().flatten().collect();
    give_back(holder, ticker, pending.invocation_id, results).await?;
    Ok(None)
}

/// Stores the results, so that no function is run again for them; they are the next question.
async fn give_back(
    holder: &mut Holder<'_>,
    ticker: &mut Ticker,
    invocation_id: String,
    results: Vec<FunctionResult>,
) -> Result<(), Fault> {
    let turn = holder.turn();
    turn.round += 1;
    turn.round_start = turn.outbox.len();
    turn.results = Some((invocation_id, results));
    holder.save(Status::Open).await?;
    ticker.progress();
    Ok(())
}
