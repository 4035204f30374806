//! Functions that the agent returns control for and that are no hand-off.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;

use super::{
    ask::{Ticked, on_tick},
    outbox::Fault,
    ticker::Ticker,
};
use crate::{
    handoff::tried::{executed, note},
    holder::Holder,
    ports::{Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, ResultState},
    sessions::Pending,
};

/// How the functions ended.
pub(super) enum Handled {
    /// One for each input, in the same order; none where the customer is to be asked first.
    Results(Vec<Option<FunctionResult>>),
    /// The customer asks for a person meanwhile.
    Wish,
    /// They took too long.
    Deadline,
}

/// What is to be done with one input.
enum Task<'a> {
    /// There is a result, or it has to wait.
    Keep(Option<FunctionResult>),
    /// The function is run, with the customer's yes where one was needed.
    Run(&'a FunctionInput, Option<ConfirmationAnswer>),
}

impl Task<'_> {
    /// What is run: its name for who takes over, and whether somebody executes it, as far as it is known.
    fn run(&self) -> Option<(String, AtomicBool)> {
        match self {
            Self::Keep(_) => None,
            Self::Run(input, _) => Some((executed(input), AtomicBool::new(true))),
        }
    }
}

/// Runs the functions that need no yes of the customer, side by side; typing and the lease go on.
pub(super) async fn run(
    holder: &mut Holder<'_>,
    ticker: &mut Ticker,
    inputs: &[FunctionInput],
) -> Result<Handled, Fault> {
    let tasks = inputs.iter().map(|input| match input.confirmation {
        Confirmation::NotNeeded => Task::Run(input, None),
        Confirmation::Ask | Confirmation::AskAndRun => Task::Keep(None),
    });
    all(holder, ticker, tasks.collect()).await
}

/// The same after the customer has answered: what waited is run on a yes, where it is for the bot to run it.
pub(super) async fn finish(
    holder: &mut Holder<'_>,
    ticker: &mut Ticker,
    pending: &Pending,
    answer: ConfirmationAnswer,
) -> Result<Handled, Fault> {
    let results = pending.results.iter().chain(std::iter::repeat(&None));
    let tasks = pending.inputs.iter().zip(results).map(|(input, had)| match (had, input.confirmation, answer) {
        (Some(had), ..) => Task::Keep(Some(had.clone())),
        (None, Confirmation::AskAndRun, ConfirmationAnswer::Confirm) => Task::Run(input, Some(answer)),
        (None, ..) => Task::Keep(Some(result(input, String::new(), ResultState::Done, Some(answer)))),
    });
    all(holder, ticker, tasks.collect()).await
}

async fn all(holder: &mut Holder<'_>, ticker: &mut Ticker, tasks: Vec<Task<'_>>) -> Result<Handled, Fault> {
    let handlers = holder.bot.ports.handlers.as_deref();
    let (contact_id, turn_id) = (holder.session.contact_id.clone(), holder.turn_id());
    let (contact_id, turn_id) = (contact_id.as_str(), turn_id.as_str());
    ticker.progress();
    ticker.writing();
    // By whom nothing is executed, it is said at once: what has no answer yet is being done.
    let runs: Vec<Option<(String, AtomicBool)>> = tasks.iter().map(Task::run).collect();
    let calls = tasks.into_iter().zip(&runs).map(|(task, run)| async move {
        match task {
            Task::Keep(result) => result,
            Task::Run(input, answer) => {
                let done = match handlers {
                    Some(handlers) => handlers.call(contact_id, turn_id, input).await,
                    None => None,
                };
                if let (Some((_, executed)), None) = (run, &done) {
                    executed.store(false, Ordering::Relaxed);
                }
                Some(answered(input, done, answer))
            }
        }
    });
    let mut results = Box::pin(join_all(calls));
    let handled = loop {
        tokio::select! {
            biased;
            tick = ticker.next() => match on_tick(holder, ticker, tick).await? {
                Ticked::GoOn => {}
                Ticked::Wish => break Handled::Wish,
                Ticked::Deadline => break Handled::Deadline,
            },
            results = &mut results => break Handled::Results(results),
        }
    };
    let name = |(name, executed): &(String, AtomicBool)| executed.load(Ordering::Relaxed).then(|| name.clone());
    let executed: Vec<Option<String>> = runs.iter().map(|run| run.as_ref().and_then(name)).collect();
    for name in executed.iter().flatten() {
        note(&mut holder.session.tried, name.clone());
    }
    if let Handled::Results(results) = &handled {
        let verifies = |result: &FunctionResult| {
            result.state == ResultState::Done && holder.bot.config.policy.verified_by.contains(&result.function)
        };
        let mut done = results.iter().zip(executed).filter(|(_, executed)| executed.is_some());
        holder.session.verified |= done.any(|(result, _)| result.as_ref().is_some_and(verifies));
    }
    Ok(handled)
}

/// What a function's handler answered, for the agent. `None`: there is none.
fn answered(
    input: &FunctionInput,
    done: Option<Result<String, String>>,
    confirmation: Option<ConfirmationAnswer>,
) -> FunctionResult {
    let (body, state) = match done {
        Some(Ok(body)) => (body, ResultState::Done),
        Some(Err(body)) => (body, ResultState::Reprompt),
        None => ("This function is not available.".to_owned(), ResultState::Reprompt),
    };
    result(input, body, state, confirmation)
}

fn result(
    input: &FunctionInput,
    body: String,
    state: ResultState,
    confirmation: Option<ConfirmationAnswer>,
) -> FunctionResult {
    FunctionResult {
        action_group: input.action_group.clone(),
        function: input.function.clone(),
        agent_id: input.agent_id.clone(),
        body,
        state,
        confirmation,
    }
}
