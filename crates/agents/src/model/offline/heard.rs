//! A text with the values in it, found once: a dialogue is read again at each of its steps.

use std::sync::Arc;

use super::OfflineModel;
use super::slots::{Claim, Likely, spans};
use super::text::{Unit, units};

/// How many bytes of texts are remembered with the values in them.
pub(super) const REMEMBERED: usize = 512 * 1_024;

/// A text as it was heard.
#[derive(Debug)]
pub(super) struct Heard {
    /// The values in it.
    pub(super) claims: Vec<Claim>,
    /// Its words and values.
    pub(super) parts: Vec<Unit>,
}

/// A text, and which values were likely in it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Hearing {
    text: String,
    asked: Vec<String>,
    own: Vec<String>,
}

impl OfflineModel {
    /// The values and words of a text.
    pub(super) fn heard(&self, text: &str, likely: Likely<'_>) -> Arc<Heard> {
        let hearing = Hearing { text: text.to_owned(), asked: likely.asked.to_vec(), own: likely.own.to_vec() };
        // A text of words is kept three times: as it is, its words, and where they stand.
        let bytes = 512 + 16 * text.len();
        self.heard.of(hearing, bytes, |hearing| {
            let claims = self.slots.claims(&hearing.text, self.intents.vocabulary(), likely);
            let parts = units(&hearing.text, &spans(&claims));
            Arc::new(Heard { claims, parts })
        })
    }

    /// The values of a text that the bot itself said: only identifiers, and none that the definition says as an example.
    pub(super) fn identifiers(&self, text: &str) -> Vec<Claim> {
        let heard = self.heard(text, Likely::default());
        heard.claims.iter().filter(|claim| self.slots.is_identifier(claim)).cloned().collect()
    }
}
