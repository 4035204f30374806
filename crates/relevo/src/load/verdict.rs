//! What must hold for every customer, and what of it did not.

use std::{collections::HashSet, fmt};

use serde_json::Value;

use super::customer::{Heard, by_the_bot, joins, leaves};
use crate::chat::{event, member};

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// The chat could not go on.
    Failed { contact: String, why: String },
    /// It is in the transcript, or was said, and never came over the websocket.
    Lost { contact: String, item: String },
    /// It was accepted, and is not in the transcript.
    Forgotten { contact: String, item: String },
    /// It came over the websocket twice, or stands in the transcript twice.
    Twice { contact: String, item: String },
    /// The bot gave the same part of an answer twice.
    AnsweredTwice { contact: String, item: String },
    /// The customer's messages stand in another order than they were said.
    Disorder { contact: String },
    /// The bot spoke after it had left or a person had come.
    AfterHandOff { contact: String, item: String },
    /// Nobody answered.
    Unanswered { contact: String, times: u32 },
    /// A person was asked for, and nobody came.
    NobodyCame { contact: String },
    /// The people at the desk could not work.
    Desk,
}

impl Broken {
    /// A short name for the count.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "failed",
            Self::Lost { .. } => "lost",
            Self::Forgotten { .. } => "forgotten",
            Self::Twice { .. } => "twice",
            Self::AnsweredTwice { .. } => "answered twice",
            Self::Disorder { .. } => "out of order",
            Self::AfterHandOff { .. } => "bot after hand-off",
            Self::Unanswered { .. } => "unanswered",
            Self::NobodyCame { .. } => "nobody came",
            Self::Desk => "desk",
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { contact, why } => write!(out, "{contact}: the chat could not go on: {why}"),
            Self::Lost { contact, item } => write!(out, "{contact}: {item} never came over the websocket"),
            Self::Forgotten { contact, item } => write!(out, "{contact}: {item} is not in the transcript"),
            Self::Twice { contact, item } => write!(out, "{contact}: {item} came twice"),
            Self::AnsweredTwice { contact, item } => write!(out, "{contact}: {item} says what was said just before"),
            Self::Disorder { contact } => write!(out, "{contact}: the customer's messages are out of order"),
            Self::AfterHandOff { contact, item } => write!(out, "{contact}: {item}: the bot spoke after the hand-off"),
            Self::Unanswered { contact, times } => write!(out, "{contact}: {times} times nobody answered"),
            Self::NobodyCame { contact } => write!(out, "{contact}: a person was asked for, and nobody came"),
            Self::Desk => write!(out, "the people at the desk could not take contacts"),
        }
    }
}

/// Everything that is broken in what a customer heard.
pub(super) fn of(heard: &Heard) -> Vec<Broken> {
    let contact = || heard.contact.clone();
    let mut broken = Vec::new();
    if let Some(why) = &heard.failed {
        broken.push(Broken::Failed { contact: contact(), why: why.clone() });
    }
    if heard.unanswered > 0 {
        broken.push(Broken::Unanswered { contact: contact(), times: heard.unanswered });
    }
    if heard.nobody_came {
        broken.push(Broken::NobodyCame { contact: contact() });
    }
    let mut once = HashSet::new();
    for item in heard.frames.iter().filter(|item| stays(item) && !once.insert(member(item, "Id"))) {
        broken.push(Broken::Twice { contact: contact(), item: member(item, "Id").to_owned() });
    }
    broken.extend(unheard(heard).map(|item| Broken::Lost { contact: contact(), item: member(item, "Id").to_owned() }));
    let Some(transcript) = &heard.transcript else { return broken };
    own_messages(heard, transcript, &mut broken);
    answers(heard, transcript, &mut broken);
    broken
}

/// Whether something of the transcript has not come over the websocket.
pub(super) fn misses(heard: &Heard) -> bool {
    unheard(heard).next().is_some()
}

/// What is in the transcript and did not come over the websocket, from the customer's first words on: before them it may
/// have been said before the websocket was there.
fn unheard(heard: &Heard) -> impl Iterator<Item = &Value> {
    let came: HashSet<&str> = heard.frames.iter().map(|item| member(item, "Id")).collect();
    let first = heard.said.first();
    let since =
        heard.transcript.iter().flatten().skip_while(move |item| first.is_none_or(|id| member(item, "Id") != id));
    since.filter(move |item| stays(item) && !came.contains(member(item, "Id")))
}

/// Each message once, in the order in which it was said.
fn own_messages(heard: &Heard, transcript: &[Value], broken: &mut Vec<Broken>) {
    let contact = || heard.contact.clone();
    let own = |item: &&Value| {
        member(item, "Type") == "MESSAGE" && member(item, "ParticipantId") == heard.participant_id.as_str()
    };
    let stands: Vec<&str> = transcript.iter().filter(own).map(|item| member(item, "Id")).collect();
    for said in heard.said.iter().filter(|said| !stands.contains(&said.as_str())) {
        broken.push(Broken::Forgotten { contact: contact(), item: said.clone() });
    }
    let mut once = HashSet::new();
    for item in stands.iter().filter(|item| !once.insert(**item) || !heard.said.iter().any(|said| said == **item)) {
        broken.push(Broken::Twice { contact: contact(), item: (*item).to_owned() });
    }
    let said = heard.said.iter().filter(|said| stands.contains(&said.as_str()));
    let order = stands.iter().filter(|item| heard.said.iter().any(|said| said == **item));
    if !said.map(String::as_str).eq(order.copied()) {
        broken.push(Broken::Disorder { contact: contact() });
    }
}

/// The bot's words: no part of an answer twice, and none after the hand-off.
fn answers(heard: &Heard, transcript: &[Value], broken: &mut Vec<Broken>) {
    let (mut answer, mut handed_over) = (HashSet::new(), false);
    for item in transcript {
        if leaves(item, "CUSTOM_BOT") || joins(item, "AGENT") {
            handed_over = true;
        } else if member(item, "ParticipantRole") == "CUSTOMER" && member(item, "Type") == "MESSAGE" {
            answer.clear();
        } else if by_the_bot(item) {
            let (contact, id) = (heard.contact.clone(), member(item, "Id").to_owned());
            if handed_over {
                broken.push(Broken::AfterHandOff { contact, item: id });
            } else if !answer.insert(member(item, "Content")) {
                broken.push(Broken::AnsweredTwice { contact, item: id });
            }
        }
    }
}

/// Typing and receipts pass; the rest stays in the transcript.
pub(super) fn stays(item: &Value) -> bool {
    let passes = matches!(event(item), Some("typing" | "message.delivered" | "message.read"));
    !passes && !member(item, "Id").is_empty() && matches!(member(item, "Type"), "MESSAGE" | "EVENT" | "ATTACHMENT")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(id: &str, role: &str, content: &str) -> Value {
        json!({"Id": id, "Type": "MESSAGE", "ParticipantRole": role, "ParticipantId": role, "Content": content,
               "ContentType": "text/plain"})
    }

    fn event_of(id: &str, role: &str, name: &str) -> Value {
        json!({"Id": id, "Type": "EVENT", "ParticipantRole": role,
               "ContentType": format!("application/vnd.amazonaws.connect.event.{name}")})
    }

    fn good() -> Heard {
        let items = vec![
            message("g", "CUSTOM_BOT", "Hello"),
            message("1", "CUSTOMER", "one"),
            message("a", "CUSTOM_BOT", "yes"),
            message("2", "CUSTOMER", "a person"),
            message("b", "CUSTOM_BOT", "of course"),
            event_of("l", "CUSTOM_BOT", "participant.left"),
            event_of("j", "AGENT", "participant.joined"),
            message("h", "AGENT", "yes"),
        ];
        let mut frames = items.clone();
        frames.insert(2, event_of("t", "CUSTOM_BOT", "typing"));
        frames.insert(3, event_of("t", "CUSTOM_BOT", "typing"));
        Heard {
            contact: "c".into(),
            participant_id: "CUSTOMER".into(),
            said: vec!["1".into(), "2".into()],
            frames,
            transcript: Some(items),
            ..Heard::default()
        }
    }

    fn names(heard: &Heard) -> Vec<&'static str> {
        of(heard).iter().map(Broken::name).collect()
    }

    #[test]
    fn a_good_chat_breaks_nothing() {
        assert_eq!(of(&good()), []);
    }

    #[test]
    fn each_thing_that_breaks_is_found_and_nothing_else() {
        type Spoil = fn(&mut Heard);
        let cases: [(&str, Spoil); 12] = [
            ("failed", |heard| heard.failed = Some("gone".into())),
            ("unanswered", |heard| heard.unanswered = 1),
            ("nobody came", |heard| heard.nobody_came = true),
            ("lost", |heard| heard.frames.retain(|item| member(item, "Id") != "a")),
            ("lost", |heard| heard.frames.retain(|item| member(item, "Id") != "1")),
            ("twice", |heard| heard.frames.push(message("a", "CUSTOM_BOT", "yes"))),
            ("twice", |heard| {
                let again = message("1b", "CUSTOMER", "one");
                heard.frames.push(again.clone());
                heard.transcript.as_mut().unwrap().insert(2, again);
            }),
            ("forgotten", |heard| heard.transcript.as_mut().unwrap().retain(|item| member(item, "Id") != "2")),
            ("out of order", |heard| heard.said.reverse()),
            ("answered twice", |heard| {
                let again = message("a2", "CUSTOM_BOT", "yes");
                heard.frames.push(again.clone());
                heard.transcript.as_mut().unwrap().insert(3, again);
            }),
            ("bot after hand-off", |heard| {
                let late = message("z", "CUSTOM_BOT", "late");
                heard.frames.push(late.clone());
                heard.transcript.as_mut().unwrap().insert(6, late);
            }),
            ("bot after hand-off", |heard| {
                let transcript = heard.transcript.as_mut().unwrap();
                transcript.remove(5);
                let late = message("z", "CUSTOM_BOT", "late");
                heard.frames.push(late.clone());
                transcript.push(late);
            }),
        ];
        for (at, (name, spoil)) in cases.into_iter().enumerate() {
            let mut heard = good();
            spoil(&mut heard);
            assert_eq!(names(&heard), [name], "case {at}: {:?}", of(&heard));
        }
    }
}
