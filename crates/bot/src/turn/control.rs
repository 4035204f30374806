//! Functions that the agent returns control for and that are no hand-off.

use futures_util::future::join_all;

use super::{
    ask::{Ticked, on_tick},
    outbox::Fault,
    ticker::Ticker,
};
use crate::{
    holder::Holder,
    ports::{Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Handlers, ResultState},
};

/// How the functions ended.
pub(super) enum Handled {
    /// One result for each input.
    Results(Vec<FunctionResult>),
    /// The customer asks for a person meanwhile.
    Wish,
    /// They took too long.
    Deadline,
}

/// Runs the functions side by side; typing and the lease go on.
pub(super) async fn run(
    holder: &mut Holder<'_>,
    ticker: &mut Ticker,
    inputs: Vec<FunctionInput>,
) -> Result<Handled, Fault> {
    let handlers = holder.bot.ports.handlers.clone();
    let (contact_id, turn_id) = (holder.session.contact_id.clone(), holder.turn_id());
    ticker.progress();
    ticker.writing();
    let calls = inputs.iter().map(|input| call(handlers.as_deref(), &contact_id, &turn_id, input));
    let mut results = Box::pin(join_all(calls));
    loop {
        tokio::select! {
            biased;
            tick = ticker.next() => match on_tick(holder, ticker, tick).await? {
                Ticked::GoOn => {}
                Ticked::Wish => return Ok(Handled::Wish),
                Ticked::Deadline => return Ok(Handled::Deadline),
            },
            results = &mut results => return Ok(Handled::Results(results)),
        }
    }
}

async fn call(
    handlers: Option<&dyn Handlers>,
    contact_id: &str,
    turn_id: &str,
    input: &FunctionInput,
) -> FunctionResult {
    let result = |body: String, state, confirmation| FunctionResult {
        action_group: input.action_group.clone(),
        function: input.function.clone(),
        agent_id: input.agent_id.clone(),
        body,
        state,
        confirmation,
    };
    if input.confirmation != Confirmation::NotNeeded {
        // Nobody has asked the customer, so nobody has agreed: the safe answer, and the agent goes on from it.
        let body = "The customer has not confirmed this. Ask in your own words first.".to_owned();
        return result(body, ResultState::Done, Some(ConfirmationAnswer::Deny));
    }
    let answer = match handlers {
        Some(handlers) => handlers.call(contact_id, turn_id, input).await,
        None => None,
    };
    match answer {
        Some(Ok(body)) => result(body, ResultState::Done, None),
        Some(Err(body)) => result(body, ResultState::Reprompt, None),
        None => result("This function is not available.".to_owned(), ResultState::Reprompt, None),
    }
}
