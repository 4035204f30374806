//! Speaking in the chat: repeats what was throttled, splits what was refused for its length, and goes back to plain text
//! where Markdown is refused.

use std::{sync::Arc, time::Duration};

use crate::{
    parts::{has_markup, split},
    ports::{Chat, ChatError, Token},
    retry::insist,
};

/// How long the sending of one message may take, repetitions included.
pub(crate) const SEND: Duration = Duration::from_secs(20);
/// Limits that are tried, one after the other, when a message is too long: the channels' and the older one.
const LIMITS: &[usize] = &[16_384, 4_096, 1_024, 512, 256];

/// No character of UTF-8 is longer.
const LEAST_BYTES: usize = 4;

const PLAIN: &str = "text/plain";
const MARKDOWN: &str = "text/markdown";

/// Why something was not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unsaid {
    /// The chat refuses the connection, or the bot is not in it.
    Gone,
    /// The chat refuses this text for good.
    Refused(String),
    /// Not now.
    Later(String),
}

/// What was found out about the chat on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// It takes no longer messages than this, in bytes.
    pub(crate) max_bytes: Option<usize>,
    /// It takes no Markdown.
    pub(crate) plain: bool,
}

/// A connection to one chat.
#[derive(Clone)]
pub(crate) struct Voice {
    pub(crate) chat: Arc<dyn Chat>,
    pub(crate) token: Token,
    pub(crate) seed: u64,
    /// What the chat takes at once, as far as it is known.
    pub(crate) max_bytes: usize,
    /// Whether a text with markup is tried as Markdown.
    pub(crate) markdown: bool,
}

impl Voice {
    /// Says a text, in more than one message if it must be, each of them within `time`. Answers what was found out on the
    /// way.
    pub(crate) async fn say(&self, text: &str, client_token: &str, time: Duration) -> Result<Found, Unsaid> {
        let mut found = Found::default();
        let markdown = self.markdown && has_markup(text);
        let mut waiting = pieces(text, self.max_bytes, client_token);
        while let Some((text, token)) = waiting.pop() {
            let content_type = if markdown && !found.plain { MARKDOWN } else { PLAIN };
            let send = || self.chat.send_message(&self.token, content_type, &text, &token);
            match insist(self.seed, time, send).await {
                Ok(()) => {}
                Err(ChatError::TooLong) => {
                    // No known limit is so small: half of it, until nothing is left to halve.
                    let limit = LIMITS.iter().copied().find(|limit| *limit < text.len()).unwrap_or(text.len() / 2);
                    if limit < LEAST_BYTES {
                        return Err(Unsaid::Refused("too long however short".into()));
                    }
                    found.max_bytes = Some(found.max_bytes.map_or(limit, |other| other.min(limit)));
                    waiting.extend(pieces(&text, limit, &format!("{token}:{limit}")));
                }
                Err(ChatError::Invalid(_)) if content_type == MARKDOWN => {
                    found.plain = true;
                    waiting.push((text, token));
                }
                Err(ChatError::AccessDenied | ChatError::NotFound) => return Err(Unsaid::Gone),
                Err(error) if error.is_passing() => return Err(Unsaid::Later(error.to_string())),
                Err(error) => return Err(Unsaid::Refused(error.to_string())),
            }
        }
        Ok(found)
    }
}

/// The pieces of a text with their client tokens, the first one last: the same text and limit give the same tokens.
fn pieces(text: &str, max_bytes: usize, client_token: &str) -> Vec<(String, String)> {
    let pieces = split(text, max_bytes);
    let alone = pieces.len() == 1;
    let token = |number| if alone { client_token.to_owned() } else { format!("{client_token}.{number}") };
    let mut pieces: Vec<_> = pieces.into_iter().enumerate().map(|(number, text)| (text, token(number))).collect();
    pieces.reverse();
    pieces
}
