//! Joining a contact: everything within the flow's 8 seconds, repeatable, and nothing half-made left behind.

pub(crate) mod cleanup;
mod dismiss;
mod early;
mod event;

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    bot::Bot,
    connection::{self, Unreached},
    fnv::fnv,
    handoff::{close, leave, part, stop_streaming},
    holder::{GREETING, stay_token},
    language,
    ports::{ChatError, Token},
    retry::{apply, insist},
    sessions::{CloseReason, Message, MessageKind, Op, Outcome, Session, SessionRecord, SessionsError, Status},
    texts::text,
    turn::came_back_ms,
    voice::{Unsaid, Voice},
    wake::wake,
};
use event::StartEvent;

/// Connect waits 8 s for a flow's function: joining, and what must be undone when it fails, fit into it.
const JOIN: Duration = Duration::from_millis(5_500);
const CLEAN_UP: Duration = Duration::from_millis(1_800);
/// One step of joining.
const STEP: Duration = Duration::from_millis(2_500);
const GREET: Duration = Duration::from_millis(1_500);
/// Reading the transcript, if what comes after it still has its time.
const TRANSCRIPT: Duration = Duration::from_millis(1_500);
const AFTER_TRANSCRIPT: Duration = Duration::from_secs(2);
/// A former stay is given this long to end.
const LEAVING_POLLS: u32 = 8;
const LEAVING_POLL: Duration = Duration::from_millis(250);
/// A chat lives up to 7 days; the record a day longer.
const KEEP_MS: i64 = 8 * 24 * 3_600 * 1_000;
const STORE_TRIES: u32 = 2;

/// Why the bot could not join. The words go to the flow as `reason`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum StartError {
    #[error("invalid_event")]
    InvalidEvent,
    #[error("not_in_time")]
    NotInTime,
    /// Another call of `start` for the same contact is at it.
    #[error("superseded")]
    Superseded,
    #[error("session_unavailable")]
    Sessions(String),
    #[error("{step}_failed")]
    Chat { step: &'static str, error: ChatError },
}

impl From<SessionsError> for StartError {
    fn from(error: SessionsError) -> Self {
        Self::Sessions(error.to_string())
    }
}

/// What has been made so far, for undoing it.
#[derive(Debug, Default)]
struct Made {
    fence: Option<u64>,
    session: Session,
    /// Something may have been made that `session` does not know: an answer was lost, or a former call died.
    unknown: bool,
    /// The item that has the bot take up what waits in the open session.
    wake_up: Option<String>,
}

/// Joins the contact of Connect's event, or leaves it where the flow says so; answers the flat map for the flow.
pub(crate) async fn start(bot: &Bot, event: &Value) -> Value {
    let begin_ms = bot.now_ms();
    let Some(event) = event::read(event, &bot.config.languages) else {
        tracing::error!("start: an event without a contact");
        return answer(Err(StartError::InvalidEvent));
    };
    if event.leave {
        return dismiss::answer(bot, &event).await;
    }
    let mut made = Made::default();
    let joined = timeout(JOIN, join(bot, &event, begin_ms, &mut made)).await.unwrap_or(Err(StartError::NotInTime));
    let contact_id = &event.contact_id;
    let join_ms = bot.now_ms() - begin_ms;
    match &joined {
        Ok(()) => {
            tracing::info!(contact_id, join_ms, "started");
            if let Some(item) = &made.wake_up {
                wake(bot, &event.initial_contact_id, item).await;
            }
        }
        Err(error) => {
            tracing::error!(contact_id, join_ms, ?error, "not started");
            if timeout(CLEAN_UP, cleanup::undo(bot, &event, made)).await.is_err() {
                tracing::error!(contact_id, "not cleaned up in time");
            }
        }
    }
    answer(joined)
}

fn answer(joined: Result<(), StartError>) -> Value {
    match joined {
        Ok(()) => json!({"status": "success", "reason": ""}),
        Err(error) => json!({"status": "failure", "reason": error.to_string()}),
    }
}

async fn join(bot: &Bot, event: &StartEvent, begin_ms: i64, made: &mut Made) -> Result<(), StartError> {
    let begin = Instant::now();
    let key = event.initial_contact_id.as_str();
    let Some(record) = reserve(bot, event, made).await? else { return Ok(()) };
    let record = *record;
    let stay = record.session.stay;
    made.fence = Some(record.fence);
    made.session = record.session;
    made.unknown = record.version > 1;
    made.session.language.clone_from(&event.language);
    made.session.attribute_bytes = event.attribute_bytes;
    made.session.part_bytes = event.part_bytes;
    connect(bot, event, made).await?;
    if stay > 1 {
        // The flow looks at these when the bot leaves: the former hand-off must not come again. And the event of a next
        // return is another than this one, though the customer asks for a person in the same words.
        let number = stay.to_string();
        let attributes = [("functionName", ""), ("escalationReason", ""), ("botStay", number.as_str())];
        let attributes = BTreeMap::from(attributes.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let write = || bot.ports.chat.update_attributes(&bot.config.instance_id, key, &attributes);
        chat("update_attributes", insist(fnv(key), STEP, write).await)?;
    }
    made.session.opened_ms = begin_ms;
    let left = JOIN.saturating_sub(AFTER_TRANSCRIPT + begin.elapsed());
    let mut early = hear(bot, key, &mut made.session, TRANSCRIPT.min(left)).await;
    // Before the session is open: nothing is answered before the customer was greeted.
    if !greet(bot, key, &made.session).await? {
        early.insert(0, unsaid(&made.session, &early));
    }
    let op = Op::Open { fence: record.fence, session: Box::new(made.session.clone()), early };
    match apply(&bot.ports, key, op, STORE_TRIES).await? {
        Outcome::Saved(record) => {
            made.wake_up = record.wake_up(bot.now_ms());
            Ok(())
        }
        _ => superseded(bot, event, made).await,
    }
}

/// What the customer said already; it may also tell the language to greet in.
async fn hear(bot: &Bot, key: &str, session: &mut Session, time: Duration) -> Vec<Message> {
    let Some(token) = session.connection_token.clone() else { return Vec::new() };
    let early = early::find(bot, key, &token, came_back_ms(session), time).await;
    let texts: Vec<&str> = early.iter().filter_map(Message::text).collect();
    if let Some(language) = language::detect(&texts.join("\n"), &bot.config.languages) {
        language.clone_into(&mut session.language);
    }
    early
}

/// Takes the record. `None`: this call has had its stay. The bot is in the chat, or has left it as it should, and the flow's
/// `Wait` finds that out.
async fn reserve(bot: &Bot, event: &StartEvent, made: &mut Made) -> Result<Option<Box<SessionRecord>>, StartError> {
    let key = event.initial_contact_id.as_str();
    let (contact_id, call, now_ms) = (event.contact_id.clone(), event.call, bot.now_ms());
    let op = Op::Reserve { contact_id, call, now_ms, keep_ms: KEEP_MS };
    for poll in 0..=LEAVING_POLLS {
        match apply(&bot.ports, key, op.clone(), STORE_TRIES).await? {
            Outcome::Reserved(record) => return Ok(Some(record)),
            Outcome::Closed(_) => return Ok(None),
            // While the bot is there the flow has not gone on: whoever is at the way out takes it to its end. A chat that does
            // not say whether it is there tells the flow's `Wait`.
            Outcome::AlreadyOpen(record)
                if poll == 0 && is_departing(&record) && is_there(bot, key, &record).await.unwrap_or(true) =>
            {
                made.wake_up = record.wake_up(bot.now_ms());
                return Ok(None);
            }
            Outcome::AlreadyOpen(record) if record.status == Status::Leaving => {
                let at_work = record.lease_until_ms > bot.now_ms();
                if at_work && poll < LEAVING_POLLS {
                    sleep(LEAVING_POLL).await;
                } else {
                    finish_leaving(bot, key, *record).await?;
                }
            }
            Outcome::AlreadyOpen(record) => {
                // If it turns out that the bot is there and cannot speak, the flow is told so, and the bot leaves.
                made.fence = Some(record.fence);
                made.session = record.session.clone();
                if is_there(bot, key, &record).await? {
                    made.wake_up = record.wake_up(bot.now_ms());
                    return Ok(None);
                }
                made.fence = None;
                // A stay without a single turn is a start that failed without being able to say so: what was said to
                // it is for the next one.
                let idle = record.session.revision == 0 && record.taken.is_empty();
                let reason = if idle { CloseReason::StartFailed } else { CloseReason::NotOurs };
                part(bot, key, &record.session, cleanup::STEP).await;
                end(bot, key, record.session.stay, reason).await?;
            }
            _ => break,
        }
    }
    Err(StartError::Superseded)
}

/// Whether the bot is on its way out of a stay that it had: not one that a failed start undoes.
fn is_departing(record: &SessionRecord) -> bool {
    let plan = record.session.departure.as_ref();
    record.status == Status::Leaving && plan.is_some_and(|plan| plan.reason != CloseReason::StartFailed)
}

/// A former stay did not come to its end: nobody is at it, or its last note was lost.
async fn finish_leaving(bot: &Bot, key: &str, record: SessionRecord) -> Result<(), StartError> {
    let mut session = record.session;
    if leave(bot, key, &mut session, cleanup::STEP).await.is_err() || !cleanup::stop(bot, key, &mut session, STEP).await
    {
        let error = ChatError::Unavailable("the former stay cannot leave".into());
        return Err(StartError::Chat { step: "leave", error });
    }
    let reason = session.departure.map_or(CloseReason::NotOurs, |plan| plan.reason);
    end(bot, key, session.stay, reason).await
}

/// Whether the bot of an open session still is in the chat: then `start` was only called again. It has greeted, or the
/// greeting waits in the session.
async fn is_there(bot: &Bot, key: &str, record: &SessionRecord) -> Result<bool, StartError> {
    let Some(token) = &record.session.connection_token else { return Ok(false) };
    match insist(fnv(key), STEP, || bot.ports.chat.send_typing(token)).await {
        Ok(()) => return Ok(true),
        Err(ChatError::AccessDenied | ChatError::NotFound) => {}
        Err(error) => return Err(StartError::Chat { step: "typing", error }),
    }
    // The session is its holder's: the new connection is not kept, and the old one is found to be refused in its turn.
    match connection::connect(bot, key, &mut record.session.clone(), STEP).await {
        Ok(_) => Ok(true),
        Err(Unreached::Gone) => Ok(false),
        Err(Unreached::Later(why)) => {
            Err(StartError::Chat { step: "create_connection", error: ChatError::Unavailable(why) })
        }
    }
}

async fn end(bot: &Bot, key: &str, stay: u32, reason: CloseReason) -> Result<(), StartError> {
    close(bot, key, stay, reason).await.map(drop).map_err(|error| StartError::Sessions(error.to_string()))
}

/// Participant, connection (within 15 s of it), stream. Client tokens make each of them repeatable.
async fn connect(bot: &Bot, event: &StartEvent, made: &mut Made) -> Result<(), StartError> {
    let (port, seed) = (&bot.ports.chat, fnv(&event.contact_id));
    let key = event.initial_contact_id.as_str();
    let stay = made.session.stay;
    let former = std::mem::replace(&mut made.unknown, true);
    let asked = ask_participant(bot, key, &made.session, STEP).await;
    made.unknown = former || !matches!(asked, Err(ChatError::Throttled));
    let participant_token = chat("create_participant", asked)?;
    made.session.participant_token = Some(participant_token.clone());
    let create = || port.create_connection(&participant_token);
    let connection = chat("create_connection", insist(seed, STEP, create).await)?;
    made.session.connection_token = Some(connection.connection_token);
    made.session.connection_expiry_ms = connection.expiry_ms;
    if let Some(former) = made.session.streaming_id.take() {
        // A former stay's stream that could not be stopped then: two of them would say everything twice.
        stop_streaming(bot, key, &former, STEP).await;
    }
    let streaming_id = chat("start_streaming", ask_streaming(bot, key, stay, STEP).await)?;
    made.session.streaming_id = Some(streaming_id);
    Ok(())
}

/// Asks for the participant of this stay: the same one however often it is asked for.
pub(crate) async fn ask_participant(
    bot: &Bot,
    key: &str,
    session: &Session,
    time: Duration,
) -> Result<Token, ChatError> {
    let (port, config) = (&bot.ports.chat, &bot.config);
    let token = stay_token(key, session.stay, "participant");
    let name = config.policy.display_name.text(&session.language, &config.languages);
    let create = || port.create_participant(&config.instance_id, &session.contact_id, name, &token);
    insist(fnv(key), time, create).await.map(|participant| participant.participant_token)
}

/// Asks for the stream of this stay, in the same way.
async fn ask_streaming(bot: &Bot, key: &str, stay: u32, time: Duration) -> Result<String, ChatError> {
    let token = stay_token(key, stay, "stream");
    let (port, config) = (&bot.ports.chat, &bot.config);
    let ask = || port.start_streaming(&config.instance_id, key, &config.topic_arn, &token);
    insist(fnv(key), time, ask).await
}

/// What is left of a greeting that could not be said: the first message of the session, and like any other it is taken up
/// by a turn until it is done.
fn unsaid(session: &Session, early: &[Message]) -> Message {
    let time_ms = early.iter().map(|message| message.time_ms).fold(session.opened_ms, i64::min);
    Message { id: format!("stay{}", session.stay), time_ms, kind: MessageKind::Greeting }
}

/// Whether the customer was greeted. The flow does not wait for a chat that is throttled or does not answer: the session
/// greets later. A greeting that is refused shows that the bot cannot speak.
async fn greet(bot: &Bot, key: &str, session: &Session) -> Result<bool, StartError> {
    let config = &bot.config;
    let text = text(&config.policy.texts.greeting, &session.language, &config.languages);
    let Some(token) = session.connection_token.clone() else { return Ok(false) };
    let limits = &config.policy.limits;
    let max_bytes = session.part_bytes.unwrap_or(limits.part_bytes).min(limits.part_bytes);
    // A greeting has no markup, and no time to find out what the chat takes.
    let voice = Voice { chat: bot.ports.chat.clone(), token, seed: fnv(key), max_bytes, markdown: false };
    match voice.say(text, &stay_token(key, session.stay, GREETING), GREET).await {
        Ok(_) => Ok(true),
        Err(Unsaid::Later(why)) => {
            tracing::warn!(contact_id = session.contact_id, why, "the greeting waits");
            Ok(false)
        }
        Err(Unsaid::Gone) => Err(StartError::Chat { step: "greeting", error: ChatError::AccessDenied }),
        Err(Unsaid::Refused(why)) => Err(StartError::Chat { step: "greeting", error: ChatError::Invalid(why) }),
    }
}

/// Another call took over. If it succeeds, so have we.
async fn superseded(bot: &Bot, event: &StartEvent, made: &mut Made) -> Result<(), StartError> {
    let key = event.initial_contact_id.as_str();
    loop {
        match apply(&bot.ports, key, Op::Read, STORE_TRIES).await? {
            Outcome::Record(record) if record.status == Status::Open || is_departing(&record) => {
                made.wake_up = record.wake_up(bot.now_ms());
                return Ok(());
            }
            Outcome::Record(record) if record.session.closed == Some(CloseReason::FlowWentOn) => {
                return Err(StartError::Superseded);
            }
            Outcome::Record(record) if record.comes_again(event.call, bot.now_ms()) => return Ok(()),
            Outcome::Record(record) if record.status == Status::Starting => sleep(LEAVING_POLL).await,
            _ => return Err(StartError::Superseded),
        }
    }
}

fn chat<T>(step: &'static str, result: Result<T, ChatError>) -> Result<T, StartError> {
    result.map_err(|error| StartError::Chat { step, error })
}
