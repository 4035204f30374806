//! An OpenAPI document (3.0 or 3.1) as the functions of an action group.
//!
//! Path, query and header parameters and the properties of a JSON body become the parameters of a function, each with its
//! JSON schema, in which nothing is referred to any more.

mod document;
mod inline;
mod names;
mod operations;
mod shape;
#[cfg(test)]
mod tests;

use document::Document;
use serde_json::Value;

pub(super) use shape::type_of;

use super::{
    agent::Function,
    node::Node,
    problem::{Problem, Spot},
};

/// Something wrong in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// In the document.
    pub(super) spot: Spot,
    /// A JSON pointer into the document, `#/paths/~1orders/get`; nothing where there is no document.
    pub(super) pointer: Option<String>,
    /// What is wrong.
    pub(super) message: String,
}

/// A JSON schema that stands alone, without references; a structure put together by `allOf` is one.
///
/// # Errors
/// The first thing that is wrong with it.
pub(super) fn alone(root: &Node) -> Result<Value, String> {
    let document = Document::new(root);
    let whole = shape::merged(&inline::schema(&document, &document.top()));
    match document.into_faults().into_iter().next() {
        Some(fault) => Err(fault.message),
        None => Ok(whole),
    }
}

/// The operations of a document, in its order.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Function>, Vec<Fault>> {
    let root = match Node::parse(text, "") {
        Ok(root) => root,
        Err(Problem { line, column, message, .. }) => {
            return Err(vec![Fault { spot: Spot { line, column }, pointer: None, message }]);
        }
    };
    let document = Document::new(&root);
    let functions = operations::all(&document);
    let faults = document.into_faults();
    if faults.is_empty() { Ok(functions) } else { Err(faults) }
}
