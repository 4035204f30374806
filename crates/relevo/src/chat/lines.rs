//! An item of the transcript as a line: for a person, in colour or without, or as JSON for a program. What others wrote is hostile:
//! no character of theirs may steer the terminal.

use serde_json::{Value, json};

const EVENT: &str = "application/vnd.amazonaws.connect.event.";
const INTERACTIVE: &str = "application/vnd.amazonaws.connect.message.interactive";

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// One JSON object a line.
    Json,
    /// For people.
    Text(Style),
}

/// Whether there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Colour,
    Plain,
}

/// The short name of an event item: `typing`, `participant.joined`, `chat.ended`.
pub(crate) fn event(item: &Value) -> Option<&str> {
    member(item, "ContentType").strip_prefix(EVENT)
}

/// A member's text, or nothing.
pub(crate) fn member<'a>(item: &'a Value, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What may be chosen of an interactive message, in the order in which it is shown.
pub(super) fn choices(item: &Value) -> Vec<String> {
    if member(item, "ContentType") != INTERACTIVE {
        return Vec::new();
    }
    let content: Value = serde_json::from_str(member(item, "Content")).unwrap_or_default();
    let data = content.pointer("/data/content").cloned().unwrap_or_default();
    let list = |name: &str| data.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let cards = list("elements");
    let words = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    match member(&content, "templateType") {
        "TimePicker" => list("timeslots").iter().filter_map(|slot| words(slot, "date")).collect(),
        "Carousel" => cards.iter().flat_map(of_card).collect(),
        _ => cards.iter().filter_map(|card| words(card, "title")).collect(),
    }
}

/// Out of a carousel a choice is said with the card it stood on.
fn of_card(card: &Value) -> Vec<String> {
    let title = card.pointer("/data/content/title").and_then(Value::as_str).unwrap_or_default();
    let options = card.pointer("/data/content/elements").and_then(Value::as_array).cloned().unwrap_or_default();
    let said = |option: &Value| {
        let text = option.get("title")?.as_str()?;
        let card = member(card, "templateIdentifier");
        Some(json!({"listTitle": title, "selectionText": text, "templateIdentifier": card}).to_string())
    };
    options.iter().filter_map(said).collect()
}

/// The line of an item, or `None` for what is not worth one. `own` is what the customer said here.
pub(super) fn line(item: &Value, own: bool, look: Look) -> Option<String> {
    match look {
        Look::Json => json_line(item, own),
        Look::Text(style) => text_line(item, own, style),
    }
}

fn json_line(item: &Value, own: bool) -> Option<String> {
    let role = if own { "CUSTOMER" } else { member(item, "ParticipantRole") };
    let (at, id, name) = (member(item, "AbsoluteTime"), member(item, "Id"), member(item, "DisplayName"));
    let line = match event(item) {
        Some("typing") => json!({"type": "typing", "at": at, "role": role, "name": name}),
        Some(event) if event.starts_with("message.") => return None,
        Some(event) => json!({"type": "event", "event": event, "at": at, "id": id, "role": role, "name": name}),
        None if member(item, "Type") == "MESSAGEMETADATA" => return None,
        None => json!({
            "type": if member(item, "Type") == "ATTACHMENT" { "attachment" } else { "message" },
            "at": at,
            "id": id,
            "role": role,
            "name": name,
            "own": own,
            "contentType": member(item, "ContentType"),
            "content": member(item, "Content"),
            "attachments": files(item),
        }),
    };
    Some(line.to_string())
}

fn text_line(item: &Value, own: bool, style: Style) -> Option<String> {
    let role = if own { "CUSTOMER" } else { member(item, "ParticipantRole") };
    let who = speaker(item, role);
    if let Some(event) = event(item) {
        let what = match event {
            "participant.joined" => format!("{who} has joined"),
            "participant.left" => format!("{who} has left"),
            "transfer.succeeded" => "waiting for a person".into(),
            "transfer.failed" => "the transfer did not work".into(),
            "chat.ended" => "the chat has ended".into(),
            _ => return None,
        };
        return Some(paint(style, DIM, &format!("– {what}")));
    }
    if member(item, "Type") == "MESSAGEMETADATA" {
        return None;
    }
    let said = match member(item, "ContentType") {
        INTERACTIVE => interactive(item),
        _ if member(item, "Type") == "ATTACHMENT" => format!("(file) {}", files(item).join(", ")),
        _ => clean(member(item, "Content")),
    };
    let colour = match role {
        "CUSTOM_BOT" => BLUE,
        "AGENT" | "SUPERVISOR" => YELLOW,
        "CUSTOMER" => GREEN,
        _ => DIM,
    };
    // Further lines stand under the first.
    Some(format!("{} {}", paint(style, colour, &format!("{who}:")), said.replace('\n', "\n  ")))
}

fn interactive(item: &Value) -> String {
    let content: Value = serde_json::from_str(member(item, "Content")).unwrap_or_default();
    let words = |path: &str| content.pointer(path).and_then(Value::as_str).map(clean);
    let head = [words("/data/content/title"), words("/data/content/subtitle")].into_iter().flatten();
    let shown =
        choices(item).into_iter().enumerate().map(|(at, choice)| format!("{}) {}", at + 1, clean(&readable(&choice))));
    head.chain(shown).collect::<Vec<_>>().join("\n")
}

fn readable(choice: &str) -> String {
    let parts: Option<Value> = choice.starts_with('{').then(|| serde_json::from_str(choice).ok()).flatten();
    parts.map_or_else(
        || choice.to_owned(),
        |it| format!("{} – {}", member(&it, "listTitle"), member(&it, "selectionText")),
    )
}

fn files(item: &Value) -> Vec<String> {
    let all = item.get("Attachments").and_then(Value::as_array);
    all.into_iter().flatten().map(|one| clean(member(one, "AttachmentName"))).collect()
}

/// Name and role; the flow has no name of its own worth showing.
pub(super) fn speaker(item: &Value, role: &str) -> String {
    let name = clean(member(item, "DisplayName"));
    let role = match role {
        "CUSTOMER" => "customer",
        "CUSTOM_BOT" => "bot",
        "AGENT" => "person",
        "SUPERVISOR" => "supervisor",
        _ => return "Automatic message".into(),
    };
    if name.is_empty() { role.into() } else { format!("{name} ({role})") }
}

/// Without what would steer the terminal or turn the line around.
fn clean(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace("\r\n", "\n").replace('\t', "    ").chars().filter(|c| !steers(*c)).collect()
}

const DIM: u8 = 2;
const GREEN: u8 = 32;
const YELLOW: u8 = 33;
const BLUE: u8 = 34;

fn paint(style: Style, colour: u8, text: &str) -> String {
    match style {
        Style::Colour => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
        Style::Plain => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Look = Look::Text(Style::Plain);

    fn said(role: &str, content: &str) -> Value {
        json!({"Id": "1", "AbsoluteTime": "2026-01-01T00:00:00.000Z", "Type": "MESSAGE", "ContentType": "text/plain",
               "ParticipantRole": role, "DisplayName": "Ada", "Content": content})
    }

    #[test]
    fn a_line_names_who_and_in_which_role() {
        for (role, own, line) in [
            ("CUSTOM_BOT", false, "Ada (bot): hi"),
            ("AGENT", false, "Ada (person): hi"),
            ("SYSTEM", false, "Automatic message: hi"),
            ("", true, "Ada (customer): hi"),
        ] {
            assert_eq!(super::line(&said(role, "hi"), own, PLAIN).as_deref(), Some(line));
        }
        let coloured = super::line(&said("AGENT", "hi"), false, Look::Text(Style::Colour));
        assert_eq!(coloured.as_deref(), Some("\u{1b}[33mAda (person):\u{1b}[0m hi"));
    }

    #[test]
    fn what_others_write_does_not_steer_the_terminal() {
        let line = super::line(&said("AGENT", "a\u{1b}]0;owned\u{7}\rb\u{202e}c\nd\u{9b}2J"), false, PLAIN).unwrap();
        assert_eq!(line, "Ada (person): a]0;ownedbc\n  d2J");
    }

    #[test]
    fn json_has_every_member_on_one_line() {
        let line = json_line(&said("AGENT", "one\ntwo"), false).unwrap();
        assert!(!line.contains('\n'));
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (member(&value, "type"), member(&value, "role"), member(&value, "content")),
            ("message", "AGENT", "one\ntwo")
        );
        assert_eq!(json_line(&json!({"Type": "MESSAGEMETADATA"}), false), None);
    }

    #[test]
    fn choices_are_numbered_and_said_as_connect_says_them() {
        let of = |template: &Value| json!({"ContentType": INTERACTIVE, "Content": template.to_string()});
        let list = of(
            &json!({"templateType": "ListPicker", "data": {"content": {"title": "Fruit?", "elements": [{"title": "Apple"}, {"title": "Pear"}]}}}),
        );
        assert_eq!(choices(&list), ["Apple", "Pear"]);
        assert!(line(&list, false, PLAIN).unwrap().ends_with("Fruit?\n  1) Apple\n  2) Pear"));
        let times = of(
            &json!({"templateType": "TimePicker", "data": {"content": {"title": "When?", "timeslots": [{"date": "2026-01-01T10:00+00:00"}]}}}),
        );
        assert_eq!(choices(&times), ["2026-01-01T10:00+00:00"]);
        let card =
            json!({"templateIdentifier": "x", "data": {"content": {"title": "Room", "elements": [{"title": "Book"}]}}});
        let cards = of(&json!({"templateType": "Carousel", "data": {"content": {"title": "", "elements": [card]}}}));
        let choice: Value = serde_json::from_str(&choices(&cards)[0]).unwrap();
        assert_eq!(choice, json!({"listTitle": "Room", "selectionText": "Book", "templateIdentifier": "x"}));
    }
}
