//! What people at the desk find: names and texts that can be shown and sent.

use super::{Check, Place};
use crate::definition::{desk::Desk, problem::closest};

/// Connect's limits: of a queue's name (`CreateQueue`), and of a message.
const QUEUE_NAME: usize = 127;
const MESSAGE: usize = 16_384;
/// The desk's limit of an outcome.
const OUTCOME: usize = 100;
/// What a quick text is filled with.
const FILLED: [&str; 2] = ["customer", "agent"];

pub(super) fn check(check: &mut Check<'_>, desk: &Desk, place: Place<'_>) {
    names(check, "queue", &desk.queues, QUEUE_NAME, place.value("queues"));
    names(check, "outcome", &desk.outcomes, OUTCOME, place.value("outcomes"));
    let place = place.value("quickTexts");
    // In any language: people speak more of them than the bot.
    for (language, texts) in &desk.quick_texts {
        names(check, "quick text", texts, MESSAGE, place.value(language));
        for (index, text) in texts.iter().enumerate() {
            // Other braces are blanks, which the person fills in.
            let written = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
            for name in written.filter(|name| !FILLED.contains(name) && closest(name, FILLED).is_some()) {
                check.unknown(place.value(language).item(index), "placeholder", name, FILLED);
            }
        }
    }
}

/// A list of what is picked from: nothing in it is empty, too long or there twice.
fn names(check: &mut Check<'_>, what: &str, names: &[String], most: usize, place: Place<'_>) {
    for (index, name) in names.iter().enumerate() {
        check.length(place.item(index), &format!("the {what}"), name.trim(), 1, most);
        if !name.trim().is_empty() && names.iter().take(index).any(|before| before == name) {
            check.at(place.item(index), format!("the {what} `{name}` is repeated"));
        }
    }
}
