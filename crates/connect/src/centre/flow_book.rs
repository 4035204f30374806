//! The flows that the API has made: drafts, what is published, and the rules of their names. Values alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Config;
use crate::{
    api::Attributes,
    directory::{FlowDescription, FlowSummary},
    error::{Error, ErrorKind},
    flow::{Flow, FlowKind, Severity, Surroundings},
};

/// How long a flow's content may be, in characters (model of `CreateContactFlow`).
const MOST_CHARACTERS: usize = 256_000;

/// Every flow that the API has made, by id.
#[derive(Debug, Default)]
pub(super) struct FlowBook(pub(super) BTreeMap<String, StoredFlow>);

/// One of them, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredFlow {
    pub(super) id: String,
    pub(super) name: String,
    /// The type, in the API's word.
    pub(super) kind: String,
    pub(super) description: Option<String>,
    pub(super) tags: Attributes,
    /// What contacts run.
    pub(super) published: Option<String>,
    /// What was saved after it.
    pub(super) saved: Option<String>,
    pub(super) archived: bool,
    pub(super) modified_ms: i64,
}

impl StoredFlow {
    pub(super) fn kind(&self) -> FlowKind {
        FlowKind::from_name(&self.kind).unwrap_or(FlowKind::Inbound)
    }

    pub(super) fn summary(&self, config: &Config) -> FlowSummary {
        FlowSummary {
            id: self.id.clone(),
            arn: config.arn("contact-flow", &self.id),
            name: self.name.clone(),
            description: self.description.clone(),
            kind: self.kind(),
            archived: self.archived,
            published: self.published.is_some(),
        }
    }

    /// What `DescribeContactFlow` shows: what is published, or with `$SAVED` what was saved last.
    pub(super) fn describe(&self, saved: bool, config: &Config) -> Result<FlowDescription, Error> {
        let draft = self.saved.as_ref().filter(|_| saved);
        let content = draft.or(self.published.as_ref()).ok_or_else(|| {
            Error::new(ErrorKind::ContactFlowNotPublished, "The flow was never published; $SAVED shows its draft.")
        })?;
        Ok(FlowDescription {
            summary: FlowSummary { published: draft.is_none(), ..self.summary(config) },
            content: content.clone(),
            tags: self.tags.clone(),
            modified_ms: Some(self.modified_ms),
        })
    }
}

/// A flow's id, and whether `$SAVED` stands behind it: `…/contact-flow/{id}:$SAVED`.
pub(super) fn split_alias<'a>(named: &'a str, config: &Config) -> (&'a str, bool) {
    let (named, saved) = named.strip_suffix(":$SAVED").map_or((named, false), |named| (named, true));
    (named.strip_prefix(config.arn("contact-flow", "").as_str()).unwrap_or(named), saved)
}

/// A content's length, which also holds of drafts.
pub(super) fn check_length(content: &str) -> Result<(), Error> {
    let characters = content.chars().count();
    if (1..=MOST_CHARACTERS).contains(&characters) {
        return Ok(());
    }
    let message = format!("Content has {characters} characters; from 1 to {MOST_CHARACTERS} are allowed.");
    Err(Error::new(ErrorKind::InvalidParameter, message))
}

/// Reads what is to be published; says everything that refuses it.
pub(super) fn publishable(content: &str, kind: FlowKind, config: &Config) -> Result<Flow, Error> {
    let surroundings = Surroundings {
        kind: Some(kind),
        queues: Some(config.queues().map(|queue| queue.id.clone()).collect()),
        // Flows that call each other are made one after the other, and functions are nobody's to list.
        ..Surroundings::default()
    };
    let mut problems = Flow::check(content, &surroundings);
    problems.retain(|problem| problem.severity == Severity::Error);
    match Flow::parse(content) {
        Ok(flow) if problems.is_empty() => Ok(flow),
        _ => Err(Error {
            problems: problems.iter().map(ToString::to_string).collect(),
            ..Error::new(ErrorKind::InvalidContactFlow, "The flow is not valid.")
        }),
    }
}
