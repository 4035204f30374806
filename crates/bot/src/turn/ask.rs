//! One question to the agent, and its answer as it streams.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::time::sleep;

use super::{
    outbox::{self, Fault, learn},
    ticker::{Tick, Ticker},
};
use crate::{
    connection::Unreached,
    handoff::{
        tried::{called, note},
        verified::Answers,
    },
    holder::{Holder, Stop},
    parts::Paragraphs,
    policy::Streaming,
    ports::{Agent, AgentError, AgentEvent, FunctionInput, Input, Question, TurnFailure},
    sessions::Outgoing,
    texts::text,
    voice::Unsaid,
};

/// Waits before a throttled question is asked again.
const THROTTLED_WAITS_MS: &[u64] = &[500, 1_000, 2_000, 4_000];
/// Words for a long turn never keep the answer waiting for longer, nor does a new connection for typing.
const STILL: Duration = Duration::from_secs(3);
const CHECK: Duration = Duration::from_secs(3);

/// How a question ended.
pub(super) enum Round {
    /// All parts are said.
    Answered,
    /// The agent wants something done.
    Control { invocation_id: String, inputs: Vec<FunctionInput> },
    /// The customer asks for a person while the agent works.
    Wish,
    /// No answer.
    Failed(TurnFailure),
}

/// What a tick means for who waits.
pub(super) enum Ticked {
    GoOn,
    Wish,
    Deadline,
}

type Events = BoxStream<'static, Result<AgentEvent, AgentError>>;

enum Source {
    Opening(BoxFuture<'static, Result<Events, AgentError>>),
    Open(Events),
}

/// Asks, and says each paragraph as soon as it is complete.
pub(super) async fn ask(holder: &mut Holder<'_>, ticker: &mut Ticker, input: Input) -> Result<Round, Fault> {
    let question = question(holder, input);
    let mut source = Source::Opening(Box::pin(open(holder.bot.ports.agent.clone(), question)));
    let mut paragraphs = Paragraphs::default();
    let mut position = holder.turn().round_start;
    let mut held = Vec::new();
    let mut answers = Answers::default();
    loop {
        let event = tokio::select! {
            biased;
            tick = ticker.next() => match on_tick(holder, ticker, tick).await? {
                Ticked::GoOn => continue,
                Ticked::Wish => return Ok(Round::Wish),
                Ticked::Deadline => return Ok(Round::Failed(TurnFailure::AgentTimeout)),
            },
            event = source.next() => event,
        };
        match event {
            Ok(Some(AgentEvent::Chunk(bytes))) => {
                ticker.progress();
                held.extend(paragraphs.push(&bytes));
                if holder.bot.config.policy.streaming == Streaming::Paragraphs {
                    for text in held.drain(..) {
                        outbox::paragraph(holder, ticker, position, text, false).await?;
                        position += 1;
                    }
                }
                if paragraphs.has_more() {
                    ticker.writing();
                }
            }
            Ok(Some(AgentEvent::Citations(_))) => {}
            Ok(Some(AgentEvent::Summary(text))) => holder.session.note_digest(&text),
            Ok(Some(AgentEvent::Trace(trace))) => {
                if let Some(function) = called(&trace) {
                    note(&mut holder.session.tried, function);
                }
                holder.session.verified |= answers.see(&trace, &holder.bot.config.policy.verified_by);
            }
            Ok(Some(AgentEvent::ReturnControl { invocation_id, inputs })) => {
                held.extend(paragraphs.finish());
                put(holder, position, held);
                return Ok(Round::Control { invocation_id, inputs });
            }
            Ok(None) => {
                held.extend(paragraphs.finish());
                return end(holder, ticker, position, held).await;
            }
            Err(error) => {
                // What was written so far is the customer's: it goes out before the words of the failure.
                held.extend(paragraphs.finish());
                put(holder, position, held);
                return Ok(Round::Failed(error.into()));
            }
        }
    }
}

/// The stream ended without an error: what is left goes out, and an answer without words is a failure.
async fn end(
    holder: &mut Holder<'_>,
    ticker: &mut Ticker,
    mut position: usize,
    mut held: Vec<String>,
) -> Result<Round, Fault> {
    if held.is_empty() && position == holder.turn().round_start {
        return Ok(Round::Failed(TurnFailure::AgentEmpty));
    }
    if holder.bot.config.policy.streaming == Streaming::Whole {
        held = vec![held.join("\n\n")];
    }
    let count = held.len();
    for (number, text) in held.into_iter().enumerate() {
        outbox::paragraph(holder, ticker, position, text, number + 1 == count).await?;
        position += 1;
    }
    holder.turn().complete = true;
    holder.session.failures = 0;
    Ok(Round::Answered)
}

/// Puts paragraphs into the outbox that are said later, with what follows.
fn put(holder: &mut Holder<'_>, position: usize, texts: Vec<String>) {
    let turn = holder.turn();
    for (at, text) in (position..).zip(texts) {
        if at == turn.outbox.len() {
            turn.outbox.push(Outgoing { part: at.to_string(), text, sent: false });
        }
    }
}

/// Does what a tick asks for.
pub(super) async fn on_tick(holder: &mut Holder<'_>, ticker: &mut Ticker, tick: Tick) -> Result<Ticked, Stop> {
    match tick {
        Tick::Denied => match holder.reconnect(CHECK).await {
            Err(Unreached::Gone) => Err(Stop::Gone),
            // Typing that fails ends no turn.
            Ok(_) | Err(Unreached::Later(_)) => {
                ticker.reconnected(holder.session.connection_token.clone());
                Ok(Ticked::GoOn)
            }
        },
        Tick::OutOfTime if holder.bot.ports.agent.goes_on() => Err(Stop::OutOfTime),
        // An agent that would begin anew comes no further in another process.
        Tick::Deadline | Tick::OutOfTime => Ok(Ticked::Deadline),
        Tick::Renewed(outcome) => {
            match holder.heard(outcome) {
                // Before anything is said, the lease is asked for again.
                Ok(()) | Err(Stop::Later(_)) => {}
                Err(stop) => return Err(stop),
            }
            if holder.asks_for_person() {
                return Ok(Ticked::Wish);
            }
            if !holder.inbox.is_empty() && ticker.reassures() {
                still_working(holder, ticker, "noticed").await?;
            }
            Ok(Ticked::GoOn)
        }
        Tick::Still(number) => {
            still_working(holder, ticker, &format!("still-{number}")).await?;
            Ok(Ticked::GoOn)
        }
    }
}

/// Words for a long turn. The same `part` is said once.
async fn still_working(holder: &mut Holder<'_>, ticker: &mut Ticker, part: &str) -> Result<(), Stop> {
    let config = &holder.bot.config;
    let text = text(&config.policy.texts.still_working, &holder.session.language, &config.languages);
    if text.is_empty() {
        return Ok(());
    }
    holder.hold().await?;
    ticker.hush(holder.session.connection_token.clone());
    let token = holder.token(part);
    let said = holder.say(text, &token, STILL).await;
    ticker.reconnected(holder.session.connection_token.clone());
    ticker.writing();
    ticker.spoke();
    match said {
        Ok(found) => learn(holder, found),
        Err(Unsaid::Gone) => return Err(Stop::Gone),
        Err(Unsaid::Later(_) | Unsaid::Refused(_)) => {}
    }
    Ok(())
}

impl Source {
    /// The next event; `None` at the end. May be dropped and called again.
    async fn next(&mut self) -> Result<Option<AgentEvent>, AgentError> {
        loop {
            match self {
                Self::Opening(opening) => *self = Self::Open(opening.await?),
                Self::Open(events) => return events.next().await.transpose(),
            }
        }
    }
}

async fn open(agent: Arc<dyn Agent>, question: Question) -> Result<Events, AgentError> {
    for wait in THROTTLED_WAITS_MS {
        match agent.ask(question.clone()).await {
            Err(AgentError::Throttled) => sleep(Duration::from_millis(*wait)).await,
            other => return other,
        }
    }
    agent.ask(question).await
}

fn question(holder: &Holder<'_>, input: Input) -> Question {
    let session = &holder.session;
    let mut prompt = BTreeMap::from([("language".to_owned(), session.language.clone())]);
    if let Some(stay) = session.previous.last().filter(|stay| stay.reason.is_handoff()) {
        prompt.insert("previousHandoff".to_owned(), format!("{}: {}", stay.reason.as_str(), stay.summary));
    }
    Question {
        session_id: session_id(&holder.key, session.stay),
        input,
        session_attributes: BTreeMap::from([
            ("contactId".to_owned(), session.contact_id.clone()),
            ("initialContactId".to_owned(), holder.key.clone()),
            ("turnId".to_owned(), holder.turn_id()),
        ]),
        prompt_session_attributes: prompt,
        end_session: false,
    }
}

/// The agent's session: one a stay, so that a stay after a person begins anew.
pub(crate) fn session_id(key: &str, stay: u32) -> String {
    if stay <= 1 { key.to_owned() } else { format!("{key}-{stay}") }
}
