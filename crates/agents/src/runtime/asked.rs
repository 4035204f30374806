//! A turn that the caller has named: what is kept of it, so that it can be asked again.

use serde::{Deserialize, Serialize};

use crate::knowledge::Citation;

/// The turn that was asked last under a name of the caller's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Asked {
    /// Its name.
    pub(super) turn_id: String,
    /// The returns of control whose results were taken up in it, by invocation id.
    pub(super) resumed: Vec<String>,
    /// The answer, when the turn is complete. What the turn waits with instead (a question, control) stands in the session.
    pub(super) answer: Option<String>,
    /// What the answer stands on.
    #[serde(default)]
    pub(super) citations: Vec<Citation>,
}

impl Asked {
    /// A turn that begins.
    pub(super) fn new(turn_id: String) -> Self {
        Self { turn_id, resumed: Vec::new(), answer: None, citations: Vec::new() }
    }

    /// Whether it has this name.
    pub(super) fn is(&self, turn_id: Option<&str>) -> bool {
        turn_id == Some(self.turn_id.as_str())
    }

    /// Whether the results of this return of control were taken up before.
    pub(super) fn has_resumed(&self, invocation_id: Option<&str>) -> bool {
        match invocation_id {
            Some(id) => self.resumed.iter().any(|resumed| resumed == id),
            None => !self.resumed.is_empty(),
        }
    }
}
