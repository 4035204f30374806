//! Which function hands a customer over to a person: told by its name, or by what it is said to do.

use relevo_agents::words::{fold, words};
use serde_json::Value;

/// In a name, written together: these alone say it.
const NAMES: [&str; 14] = [
    "escalat",
    "escal",
    "handoff",
    "handover",
    "toperson",
    "tohuman",
    "toagent",
    "humanagent",
    "liveagent",
    "callagent",
    "derivar",
    "apersona",
    "ahumano",
    "atendente",
];
/// In a description: doing, by the beginnings of words, and by whole words where the beginning has many others.
const DOING: [&str; 12] = [
    "escal",
    "transfer",
    "connect",
    "forward",
    "deriv",
    "comunic",
    "conect",
    "encaminh",
    "repass",
    "weiterleit",
    "inoltr",
    "trasfer",
];
const DOING_WHOLE: [&str; 15] = [
    "hand",
    "hands",
    "handing",
    "pass",
    "passes",
    "route",
    "routes",
    "pasa",
    "pasar",
    "passa",
    "passar",
    "passe",
    "verbindet",
    "verbinden",
    "transmet",
];
/// To whom, by the beginnings of words.
const WHOM: [&str; 23] = [
    "person",
    "human",
    "represent",
    "colleague",
    "coworker",
    "supervisor",
    "operator",
    "staff",
    "specialist",
    "ejecutiv",
    "asesor",
    "agente",
    "agent",
    "especialist",
    "atendent",
    "pessoa",
    "operador",
    "menschen",
    "mitarbeit",
    "conseiller",
    "humain",
    "umano",
    "operatore",
];

/// Whether a function, as the API has it, is a hand-off.
pub(super) fn is(function: &Value) -> bool {
    let text = |key: &str| function.get(key).and_then(Value::as_str).unwrap_or_default();
    let name: String = fold(text("name")).chars().filter(|c| c.is_alphanumeric()).collect();
    if NAMES.iter().any(|part| name.contains(part)) {
        return true;
    }
    let said: Vec<String> = words(text("description")).map(|(_, word)| word).collect();
    let has = |stems: &[&str]| said.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    let does = has(&DOING) || said.iter().any(|word| DOING_WHOLE.contains(&word.as_str()));
    does && has(&WHOM)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is;

    #[test]
    fn by_name_or_by_what_it_does() {
        for (name, description, is_one) in [
            ("escalate", "", true),
            ("EscalateToSupport", "", true),
            ("transferToPerson", "", true),
            ("requestHelp", "Transfers the chat to a human agent", true),
            ("ayuda", "Deriva al cliente a un ejecutivo", true),
            ("f7", "Encaminha a conversa para um atendente", true),
            ("transferMoney", "Transfers money to another account", false),
            ("getAgentName", "Tells which agent sold the policy", false),
            ("handInReturn", "Registers the return of a parcel", false),
            ("cutTicket", "Creates a ticket for the customer", false),
            ("helper", "Hands the conversation over to a colleague", true),
            ("passportStatus", "Tells where a person's passport is", false),
        ] {
            assert_eq!(is(&json!({"name": name, "description": description})), is_one, "{name}: {description}");
        }
    }
}
