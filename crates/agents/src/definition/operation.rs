//! An operation of an API schema: what its call looks like, beside the parameters that a model fills.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Method, path and where each argument goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// In upper case.
    pub method: String,
    /// The path's template: `/orders/{orderId}`.
    pub path: String,
    /// `operationId`: another name for it in the definition.
    pub id: Option<String>,
    /// The first server, its variables replaced by their defaults. It may be relative.
    pub server: Option<String>,
    /// By parameter.
    pub arguments: BTreeMap<String, Argument>,
    /// The body's media type, where there is a body.
    pub body: Option<String>,
}

/// Where an argument goes, and under which name: a parameter's own name may be in use, or be none for a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// In the call.
    pub name: String,
    /// Where.
    pub place: ArgumentPlace,
}

/// Where an argument goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArgumentPlace {
    /// Into the path's template.
    Path,
    /// Into the query. `explode`: a list is repeated (`a=1&a=2`) and not joined (`a=1,2`); `deep`: a structure's members are
    /// `a[b]=1`.
    Query {
        /// OpenAPI's `explode`.
        explode: bool,
        /// OpenAPI's style `deepObject`.
        deep: bool,
    },
    /// Into a header.
    Header,
    /// A member of the body.
    Body,
}

impl Operation {
    /// Its name: `METHOD /path`. The bot calls it so as well, as Bedrock names operations by these two.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Where a parameter goes.
    pub fn place(&self, parameter: &str) -> Option<ArgumentPlace> {
        self.arguments.get(parameter).map(|argument| argument.place)
    }

    /// What a parameter is called in the call.
    pub fn wire_name<'n>(&'n self, parameter: &'n str) -> &'n str {
        self.arguments.get(parameter).map_or(parameter, |argument| argument.name.as_str())
    }
}
