//! Flows in files: read wherever they stand, checked, shown, tried.

pub(crate) mod finding;
mod folds;
mod lines;
pub(crate) mod sarif;
pub(crate) mod script;
pub(crate) mod source;
mod template;

pub(crate) use finding::Finding;
pub(crate) use script::yaml_message;
pub(crate) use source::{Source, read};
