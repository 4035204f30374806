//! Contacts, found by what is known of them.

use relevo_connect::{
    api::ContactRecord,
    item::{Item, ItemType, iso_time},
};
use serde::{Deserialize, Serialize};

/// So many are answered, the newest.
const MOST: usize = 100;

/// What is looked for; all of it must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Query {
    /// Part of the customer's name or of the contact's id.
    name: String,
    /// `key`, `key=value`, or part of a value.
    attribute: String,
    /// Part of what was said.
    text: String,
    /// `FLOW`, `QUEUED`, `ACTIVE`, `ENDED`.
    state: String,
    /// From this day or time on, ISO-8601 as far as it is written: `2026-01-31`.
    from: String,
    /// Up to and with this day or time.
    to: String,
    /// All of the above that are texts, in one field.
    any: String,
}

impl Query {
    /// Whether what was said must be read.
    pub(crate) fn needs_items(&self) -> bool {
        !self.text.trim().is_empty() || !self.any.trim().is_empty()
    }
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    contacts: Vec<Row>,
    /// How many there are, also beyond those that are answered.
    total: usize,
}

/// A contact in a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    contact_id: String,
    state: String,
    started_at_ms: i64,
    ended_at_ms: Option<i64>,
    customer_display_name: String,
    reason: Option<String>,
    outcome: Option<String>,
    /// Where the text was found.
    excerpt: Option<String>,
}

/// Looks through the records.
pub(crate) fn find(records: &[ContactRecord], query: &Query) -> Found {
    let rows: Vec<Row> = records.iter().filter_map(|record| row(record, query)).collect();
    let total = rows.len();
    Found { contacts: rows.into_iter().take(MOST).collect(), total }
}

fn row(record: &ContactRecord, query: &Query) -> Option<Row> {
    let it = &record.inspection;
    let named = |wanted: &str| holds(&it.customer_display_name, wanted) || holds(&it.contact_id, wanted);
    let began = iso_time(it.started_at_ms);
    let (from, to) = (query.from.trim(), query.to.trim());
    // A day is as good as a time: texts of ISO-8601 compare as times do.
    let until = |to: &str| began.get(..to.len().min(began.len())).is_some_and(|began| began <= to);
    let fits = (blank(&query.name) || named(&query.name))
        && (blank(&query.attribute) || has_attribute(record, &query.attribute))
        && (blank(&query.state) || it.state.eq_ignore_ascii_case(query.state.trim()))
        && (from.is_empty() || began.as_str() >= from)
        && (to.is_empty() || until(to));
    if !fits {
        return None;
    }
    let excerpt = if blank(&query.text) { None } else { Some(said(&record.items, &query.text)?) };
    let excerpt = match excerpt {
        None if !blank(&query.any) => {
            let found = said(&record.items, &query.any);
            if found.is_none() && !named(&query.any) && !has_attribute(record, &query.any) {
                return None;
            }
            found
        }
        other => other,
    };
    Some(Row {
        contact_id: it.contact_id.clone(),
        state: it.state.clone(),
        started_at_ms: it.started_at_ms,
        ended_at_ms: it.ended_at_ms,
        customer_display_name: it.customer_display_name.clone(),
        reason: it.attributes.get("escalationReason").cloned(),
        outcome: it.outcome.as_ref().map(|outcome| outcome.code.clone()),
        excerpt,
    })
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn holds(text: &str, wanted: &str) -> bool {
    text.to_lowercase().contains(&wanted.trim().to_lowercase())
}

fn has_attribute(record: &ContactRecord, wanted: &str) -> bool {
    let mut attributes = record.inspection.attributes.iter();
    match wanted.split_once('=') {
        Some((key, value)) => attributes.any(|(k, v)| k.eq_ignore_ascii_case(key.trim()) && holds(v, value)),
        None => attributes.any(|(k, v)| k.eq_ignore_ascii_case(wanted.trim()) || holds(v, wanted)),
    }
}

/// The first message with this in it.
fn said(items: &[Item], wanted: &str) -> Option<String> {
    let messages = items.iter().filter(|item| item.r#type == ItemType::Message);
    let content = messages.filter_map(|item| item.content.as_deref()).find(|text| holds(text, wanted))?;
    Some(content.chars().take(160).collect())
}
