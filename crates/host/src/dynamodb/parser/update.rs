//! Updates: `SET` and `REMOVE`.

use super::{Parser, Placeholders};
use crate::dynamodb::{
    Refusal,
    expression::{self, Action, Value},
};

/// Reads an update.
pub(in crate::dynamodb) fn update(text: &str, placeholders: &Placeholders) -> Result<Vec<Action>, Refusal> {
    let mut parser = Parser::new(text, placeholders)?;
    let mut actions = Vec::new();
    while !parser.rest.is_empty() {
        if parser.takes_word("SET") {
            parser.list(&mut actions, Parser::assignment)?;
        } else if parser.takes_word("REMOVE") {
            parser.list(&mut actions, |parser| Ok(Action::Remove(parser.path()?)))?;
        } else if parser.takes_word("ADD") || parser.takes_word("DELETE") {
            return Err(Refusal::not_served("ADD and DELETE in an update"));
        } else {
            return Err(parser.wrong());
        }
    }
    if actions.is_empty() {
        return Err(Refusal::validation("Invalid UpdateExpression: The expression can not be empty;"));
    }
    expression::check_apart(&actions)?;
    Ok(actions)
}

impl Parser<'_> {
    fn assignment(&mut self) -> Result<Action, Refusal> {
        let path = self.path()?;
        self.expect("=")?;
        let left = self.new_value()?;
        let value = if self.takes("+") {
            Value::Sum(Box::new(left), Box::new(self.new_value()?))
        } else if self.takes("-") {
            Value::Difference(Box::new(left), Box::new(self.new_value()?))
        } else {
            left
        };
        Ok(Action::Set(path, value))
    }

    fn new_value(&mut self) -> Result<Value, Refusal> {
        if let Some(function) = self.function(&["list_append", "if_not_exists"]) {
            let value = if function == "list_append" {
                let first = Box::new(self.new_value()?);
                self.expect(",")?;
                Value::Appended(first, Box::new(self.new_value()?))
            } else {
                let path = self.path()?;
                self.expect(",")?;
                Value::OrElse(path, Box::new(self.new_value()?))
            };
            self.expect(")")?;
            return Ok(value);
        }
        match self.value()? {
            Some(value) => Ok(Value::Given(value)),
            None => Ok(Value::Of(self.path()?)),
        }
    }
}
