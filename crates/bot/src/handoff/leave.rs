//! Out of the chat: what a bot that is told "access denied" while it leaves may believe.

use std::time::Duration;

use crate::{
    bot::Bot,
    connection::{CONNECT, Unreached, connect},
    fnv::fnv,
    holder::stay_token,
    ports::ChatError,
    retry::insist,
    sessions::Session,
    start::ask_participant,
};

/// Leaves the chat; `time` is for one step. `Ok`: the bot is out. That it was refused is believed once a new connection is
/// refused too: else the flow would wait for a bot that thinks it has left.
pub(crate) async fn leave(bot: &Bot, key: &str, session: &mut Session, time: Duration) -> Result<(), Unreached> {
    if session.participant_token.is_none() {
        // It was never heard of. The client token gives the same participant.
        match ask_participant(bot, key, session, time).await {
            Ok(token) => session.participant_token = Some(token),
            Err(error) if error.is_passing() => return Err(Unreached::Later(error.to_string())),
            Err(_) => return Ok(()),
        }
    }
    match disconnect(bot, key, session, time).await {
        Some(Ok(())) => return Ok(()),
        Some(Err(error)) if error.is_passing() => return Err(Unreached::Later(error.to_string())),
        Some(Err(_)) | None => {}
    }
    match connect(bot, key, session, time.min(CONNECT)).await {
        Ok(_) => {}
        Err(Unreached::Gone) => return Ok(()),
        Err(later) => return Err(later),
    }
    match disconnect(bot, key, session, time).await {
        Some(Err(error)) => Err(Unreached::Later(error.to_string())),
        Some(Ok(())) | None => Ok(()),
    }
}

/// One try to leave with the connection that there is; none: there is no connection.
async fn disconnect(bot: &Bot, key: &str, session: &Session, time: Duration) -> Option<Result<(), ChatError>> {
    let connection = session.connection_token.as_ref()?;
    let token = stay_token(key, session.stay, "leave");
    Some(insist(fnv(key), time, || bot.ports.chat.disconnect(connection, &token)).await)
}

/// The chat has refused the bot twice, and the session closes. Should it be in the chat all the same, it leaves: the flow
/// that waits for it goes on, to a person.
pub(crate) async fn part(bot: &Bot, key: &str, session: &Session, time: Duration) {
    if disconnect(bot, key, session, time).await == Some(Ok(())) {
        tracing::error!(contact_id = key, "refused, and yet in the chat: left it");
    } else {
        tracing::warn!(contact_id = key, "no longer in the chat: its connection and a new one were refused");
    }
}
