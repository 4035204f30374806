//! `desk:`, what people at the desk find beside the conversation. The agents have no part in it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The desk's own words and queues.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Desk {
    /// Queues that a person can transfer to, beside the flow's own, by name.
    pub queues: Vec<String>,
    /// How many contacts may wait in a queue, by its name or id; those that are not named take any number.
    pub queue_capacity: BTreeMap<String, u32>,
    /// Texts that a person sends with one key, by language.
    pub quick_texts: BTreeMap<String, Vec<String>>,
    /// How a contact can come out, in the order in which they are offered.
    pub outcomes: Vec<String>,
}
