//! What the person gets to know: flat contact attributes within Connect's limits.

use std::collections::BTreeMap;

use crate::{
    cards,
    ports::FunctionInput,
    sessions::{CloseReason, Session},
};

/// All pairs of a contact together, in bytes of UTF-8 (Connect's rule).
const CONTACT_BYTES: usize = 32_768;
/// What the hand-off may always use, however much the flow has written.
const LEAST_BYTES: usize = 4_096;
/// The longest key we make.
const KEY_BYTES: usize = 100;
/// Stands where something was cut.
const CUT: &str = " …[cut]";
/// Attributes whose meaning is ours: a parameter with such a name gets a prefix.
const RESERVED: &[&str] = &[
    "functionName",
    "botStay",
    "actionGroup",
    "customerVerified",
    "escalationReason",
    "escalationSummary",
    "escalationLanguage",
    "escalationTried",
];

/// The attributes of a hand-off. `input` is the agent's function, if it was the agent who handed over; `function` is the
/// name the flow looks for; `verified` is said where the bot can know it.
pub(crate) fn packet(
    input: Option<&FunctionInput>,
    function: &str,
    reason: CloseReason,
    verified: Option<bool>,
    session: &Session,
) -> BTreeMap<String, String> {
    let mut fixed = BTreeMap::from([
        ("functionName".to_owned(), function.to_owned()),
        ("escalationReason".to_owned(), reason.as_str().to_owned()),
        ("escalationLanguage".to_owned(), session.language.clone()),
    ]);
    if let Some(input) = input {
        fixed.insert("actionGroup".to_owned(), input.action_group.clone());
    }
    if let Some(verified) = verified {
        fixed.insert("customerVerified".to_owned(), verified.to_string());
    }
    let mut free: Vec<(String, String)> = vec![("escalationSummary".to_owned(), clean(&session.summary()))];
    if !session.tried.is_empty() {
        free.push(("escalationTried".to_owned(), clean(&session.tried.join("; "))));
    }
    for (name, value) in input.into_iter().flat_map(FunctionInput::values) {
        let key = key(name);
        if !key.is_empty() && !free.iter().any(|(other, _)| *other == key) {
            free.push((key, clean(value)));
        }
    }
    let budget = CONTACT_BYTES.saturating_sub(session.attribute_bytes).max(LEAST_BYTES);
    let used: usize = fixed.iter().map(|(key, value)| key.len() + value.len()).sum();
    fit(&mut free, budget.saturating_sub(used));
    fixed.extend(free);
    fixed
}

/// What the flow must at least see, when the whole packet was refused.
pub(crate) fn least(packet: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let keys = ["functionName", "escalationReason", "escalationLanguage", "customerVerified"];
    packet.iter().filter(|(key, _)| keys.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// Keys are alphanumeric, `-` and `_`.
fn key(name: &str) -> String {
    let allowed = |char: char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '_' };
    let key: String = name.trim().chars().map(allowed).take(KEY_BYTES).collect();
    if RESERVED.contains(&key.as_str()) { format!("parameter_{key}") } else { key }
}

/// A person needs no card's number, whoever asked for it.
fn clean(value: &str) -> String {
    let text: String =
        cards::masked(value).chars().filter(|char| !char.is_control() || matches!(char, '\n' | '\t')).collect();
    text.trim().to_owned()
}

/// Cuts the longest values until all fit; if the keys alone are too many, the last ones go.
fn fit(pairs: &mut Vec<(String, String)>, budget: usize) {
    loop {
        let total: usize = pairs.iter().map(|(key, value)| key.len() + value.len()).sum();
        let Some(excess) = total.checked_sub(budget).filter(|excess| *excess > 0) else { return };
        let longest = pairs.iter_mut().map(|(_, value)| value).max_by_key(|value| value.len());
        match longest.filter(|value| value.len() > CUT.len()) {
            Some(value) => {
                let keep = value.len().saturating_sub(excess + CUT.len());
                // Already cut to the marker: it goes as a whole.
                *value = if keep == 0 { String::new() } else { cut(value, keep) };
            }
            None => {
                pairs.pop();
            }
        }
    }
}

fn cut(value: &str, keep: usize) -> String {
    let end = (0..=keep).rev().find(|end| value.is_char_boundary(*end)).unwrap_or(0);
    format!("{}{CUT}", value.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input(parameters: Vec<(String, String)>) -> FunctionInput {
        FunctionInput {
            action_group: "Escalation".into(),
            function: "escalate".into(),
            agent_id: None,
            collaborator_name: Some("escalation".into()),
            parameters,
            body: None,
            confirmation: crate::ports::Confirmation::NotNeeded,
        }
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_parameter_has_its_own_attribute() {
        let session = Session {
            language: "es".into(),
            history: vec!["hola".into(), "se rompió".into()],
            tried: vec!["orders: getOrderStatus".into(), "tickets: cutTicket".into()],
            ..Session::default()
        };
        let input = input(pairs(&[
            ("identity_document_number", "12345678-9"),
            ("¿qué pasó?", "it's \"broken\""),
            ("functionName", "evil"),
            ("customerVerified", "true"),
        ]));
        let packet = packet(Some(&input), "escalate", CloseReason::AgentRequest, Some(false), &session);
        let expected = [
            ("_qu__pas__", "it's \"broken\""),
            ("actionGroup", "Escalation"),
            ("customerVerified", "false"),
            ("escalationLanguage", "es"),
            ("escalationReason", "agent_request"),
            ("escalationSummary", "hola / se rompió"),
            ("escalationTried", "orders: getOrderStatus; tickets: cutTicket"),
            ("functionName", "escalate"),
            ("identity_document_number", "12345678-9"),
            ("parameter_customerVerified", "true"),
            ("parameter_functionName", "evil"),
        ];
        assert_eq!(packet.into_iter().collect::<Vec<_>>(), pairs(&expected));
    }

    #[test]
    fn no_number_of_a_card_goes_out() {
        let mut session = Session::default();
        session.remember(&[format!("{}4111 1111 1111 1111", "x".repeat(390)), "5500005555555559".into()]);
        session.note_digest("stolen: 4111-1111-1111-1111");
        let input = input(pairs(&[("description", "la 4111111111111111"), ("order", "10020030")]));
        let packet = packet(Some(&input), "escalate", CloseReason::AgentRequest, None, &session);
        let all = packet.values().cloned().collect::<Vec<_>>().join("|");
        assert!(!["4111 11", "4111-11", "411111", "550000"].iter().any(|part| all.contains(part)), "{all}");
        assert_eq!((packet["order"].as_str(), packet["description"].as_str()), ("10020030", "la •••• 1111"));
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_marker() {
        let long = "ñ".repeat(40_000);
        let packet = packet(
            Some(&input(pairs(&[("description", &long), ("order", "10020030")]))),
            "escalate",
            CloseReason::AgentRequest,
            None,
            &Session::default(),
        );
        assert!(packet["description"].ends_with(CUT) && packet["description"].len() > 30_000);
        assert_eq!(packet["order"], "10020030");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn the_limits_hold(
            parameters in proptest::collection::vec(("\\PC{0,20}", "[ -~ñ😉]{0,2000}"), 0..40),
            used in 0usize..40_000,
        ) {
            let session = Session { attribute_bytes: used, ..Session::default() };
            let packet = packet(Some(&input(parameters)), "escalate", CloseReason::AgentRequest, Some(true), &session);
            let total: usize = packet.iter().map(|(key, value)| key.len() + value.len()).sum();
            prop_assert!(total <= CONTACT_BYTES.saturating_sub(used).max(LEAST_BYTES), "{}", total);
            prop_assert_eq!(&packet["functionName"], "escalate");
            for key in packet.keys() {
                prop_assert!(!key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
            }
        }
    }
}
