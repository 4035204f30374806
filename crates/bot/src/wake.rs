//! Having a contact's session taken up by a delivery of its own: what waits in it is asked for through the mailbox.

use std::time::Duration;

use tokio::time::timeout;

use crate::{bot::Bot, ports::MailboxError};

/// One attempt to have the bot woken.
const WAKE: Duration = Duration::from_millis(700);
const WAKE_TRIES: u32 = 2;

/// Asks for a delivery of `item`. Answers whether one will come.
pub(crate) async fn wake(bot: &Bot, key: &str, item: &str) -> bool {
    let mut why = MailboxError("none".into());
    if let Some(mailbox) = &bot.ports.mailbox {
        for _ in 0..WAKE_TRIES {
            why = match timeout(WAKE, mailbox.deliver_later(item)).await {
                Ok(Ok(())) => return true,
                Ok(Err(error)) => error,
                Err(_) => MailboxError("no answer in time".into()),
            };
        }
    }
    tracing::error!(contact_id = key, %why, "what waits in the session waits for the next delivery");
    false
}
