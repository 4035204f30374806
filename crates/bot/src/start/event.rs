//! Reading Connect's Lambda event: what `start` needs of it, every field optional but the contact's id.

use serde_json::Value;

use crate::{fnv::fnv, language};

/// What Connect writes when no flow has set a language: it says nothing about the customer.
const UNSET_LANGUAGE: &str = "en-US";

/// What the flow tells about the contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartEvent {
    pub(crate) contact_id: String,
    pub(crate) initial_contact_id: String,
    /// The event's hash: a call that comes again has the same.
    pub(crate) call: u64,
    /// The flow goes on without the bot: it is to leave.
    pub(crate) leave: bool,
    /// One of the configured languages.
    pub(crate) language: String,
    /// Bytes of the contact attributes that are there already.
    pub(crate) attribute_bytes: usize,
    /// What the channel takes at once, where it takes less than the web chat.
    pub(crate) part_bytes: Option<usize>,
}

/// Connect's own limit. Items of a longer one would not be read either.
const ID_MAX_BYTES: usize = 256;

/// Reads the event. `None` without a contact id.
pub(crate) fn read(event: &Value, languages: &[String]) -> Option<StartEvent> {
    let data = event.pointer("/Details/ContactData")?;
    let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let contact_id = text("ContactId").filter(|id| id.len() <= ID_MAX_BYTES)?.to_owned();
    let initial_contact_id = text("InitialContactId").unwrap_or(&contact_id);
    let initial_contact_id = Some(initial_contact_id).filter(|id| id.len() <= ID_MAX_BYTES)?.to_owned();
    let attributes = data.get("Attributes").and_then(Value::as_object);
    let wanted = attributes.and_then(|map| map.get("language")).and_then(Value::as_str);
    let language = wanted
        .and_then(|tag| language::matching(tag, languages))
        .or_else(|| {
            let code = text("LanguageCode").filter(|code| !code.eq_ignore_ascii_case(UNSET_LANGUAGE));
            code.and_then(|tag| language::matching(tag, languages))
        })
        .or(languages.first().map(String::as_str))
        .unwrap_or_default()
        .to_owned();
    let bytes = |(key, value): (&String, &Value)| key.len() + value.as_str().map_or(0, str::len);
    let attribute_bytes = attributes.map_or(0, |map| map.iter().map(bytes).sum());
    Some(StartEvent {
        contact_id,
        initial_contact_id,
        call: fnv(&event.to_string()),
        leave: event.pointer("/Details/Parameters/bot").and_then(Value::as_str) == Some("leave"),
        language,
        attribute_bytes,
        part_bytes: channel_bytes(data),
    })
}

/// SMS takes 1,024 characters, WhatsApp and Apple Messages 4,096; a character has at least one byte.
fn channel_bytes(data: &Value) -> Option<usize> {
    let subtype = data.pointer("/SegmentAttributes/connect:Subtype")?;
    let subtype = subtype.get("ValueString").unwrap_or(subtype).as_str()?.to_ascii_lowercase();
    match subtype.strip_prefix("connect:").unwrap_or(&subtype) {
        "sms" => Some(1_024),
        "whatsapp" | "apple" => Some(4_096),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_event_is_read_with_nulls_and_without() {
        let languages = vec!["es".to_owned(), "en".to_owned()];
        let event = json!({"Name": "ContactFlowEvent", "Details": {"Parameters": {}, "ContactData": {
            "ContactId": "c2", "InitialContactId": "c1", "LanguageCode": "es-US", "CustomerEndpoint": null,
            "Attributes": {"language": "en", "a": "bc"},
            "SegmentAttributes": {"connect:Subtype": {"ValueString": "connect:SMS"}},
        }}});
        let expected = StartEvent {
            contact_id: "c2".into(),
            initial_contact_id: "c1".into(),
            call: fnv(&event.to_string()),
            leave: false,
            language: "en".into(),
            attribute_bytes: 13,
            part_bytes: Some(1_024),
        };
        assert_eq!(read(&event, &languages), Some(expected));
        let bare = json!({"Details": {"ContactData": {"ContactId": "c", "InitialContactId": null, "Attributes": null,
            "LanguageCode": "en-GB"}}});
        let bare = read(&bare, &languages).unwrap();
        assert_eq!((bare.initial_contact_id.as_str(), bare.language.as_str(), bare.part_bytes), ("c", "en", None));
        let leave = json!({"Details": {"ContactData": {"ContactId": "c"}, "Parameters": {"bot": "leave"}}});
        assert!(read(&leave, &languages).unwrap().leave);
        let unset = json!({"Details": {"ContactData": {"ContactId": "c", "LanguageCode": "en-US"}}});
        assert_eq!(read(&unset, &languages).unwrap().language, "es");
        for nothing in [json!(null), json!({}), json!({"Details": {"ContactData": {"ContactId": 7}}})] {
            assert_eq!(read(&nothing, &languages), None);
        }
    }
}
