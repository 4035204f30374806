//! What was wrong with a request, gathered while it is read.

use std::cell::RefCell;

use serde_json::Value;

use super::{Bounds, count, wide};
use crate::error::{AwsError, Kind};

/// What was wrong with a request.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Wrong types: the request cannot be read at all.
    types: RefCell<Vec<String>>,
    /// Broken constraints.
    constraints: RefCell<Vec<String>>,
}

impl Faults {
    /// Whether the request may go on. A wrong type comes before a broken constraint, as in AWS's deserialisers.
    pub(crate) fn check(&self) -> Result<(), AwsError> {
        if let Some(first) = self.types.borrow().first() {
            return Err(AwsError::new(Kind::Serialization, first.clone()));
        }
        let constraints = self.constraints.borrow();
        match constraints.len() {
            0 => Ok(()),
            1 => Err(invalid(format!("1 validation error detected: {}", constraints.join("")))),
            many => Err(invalid(format!("{many} validation errors detected: {}", constraints.join("; ")))),
        }
    }

    /// Notes a broken constraint of the member at `path`.
    pub(crate) fn constraint(&self, path: &str, constraint: &str) {
        self.constraints.borrow_mut().push(format!("Value at '{path}' failed to satisfy constraint: {constraint}"));
    }

    /// Notes that the member at `path` is missing.
    pub(crate) fn missing(&self, path: &str) {
        self.constraints
            .borrow_mut()
            .push(format!("Value null at '{path}' failed to satisfy constraint: Member must not be null"));
    }

    /// Holds a string's length, in characters, against its bounds.
    pub(crate) fn length(&self, path: &str, text: &str, bounds: &Bounds) {
        self.bounds(path, count(text.chars().count()), wide(bounds), "length");
    }

    /// Holds a length or a number against its bounds.
    pub(super) fn bounds(&self, path: &str, actual: i128, (low, high): (i128, i128), measure: &str) {
        if actual < low {
            self.constraint(path, &format!("Member must have {measure} greater than or equal to {low}"));
        } else if actual > high {
            self.constraint(path, &format!("Member must have {measure} less than or equal to {high}"));
        }
    }

    pub(super) fn wrong_type(&self, path: &str, expected: &str, found: &Value) {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "a structure",
        };
        self.types.borrow_mut().push(format!("Member '{path}' must be {expected}, and is {found}"));
    }
}

fn invalid(message: String) -> AwsError {
    AwsError::new(Kind::InvalidParameter, message)
}
