//! Where something of a template stands in its file.

use relevo_agents::definition::{
    Problem, Spot,
    node::{Node, Value as Tree},
};

/// The file, and its tree with places.
pub(super) struct Source {
    /// As it was named to us.
    pub file: String,
    /// Its tree.
    pub root: Node,
}

impl Source {
    /// The line and column of what stands at the path; where it goes on inside a tag, the tag's.
    pub(super) fn spot(&self, path: &[&str]) -> Spot {
        let mut node = &self.root;
        let mut spot = node.spot;
        for name in path {
            let Tree::Map(entries) = &node.value else { break };
            let Some((key, below)) = entries.iter().find(|(key, _)| key.name == *name) else { break };
            (spot, node) = (key.spot, below);
        }
        spot
    }

    /// A problem at a path.
    pub(super) fn problem(&self, path: &[&str], message: impl Into<String>) -> Problem {
        Problem::new(&self.file, self.spot(path), message)
    }

    /// `file:line: text`, for what is only to be known.
    pub(super) fn note(&self, path: &[&str], text: &str) -> String {
        format!("{}:{}: {text}", self.file, self.spot(path).line)
    }
}
