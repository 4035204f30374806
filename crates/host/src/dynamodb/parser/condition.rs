//! Conditions: `OR` of `AND` of comparisons, functions, `NOT` and brackets.

use super::{Parser, Placeholders};
use crate::dynamodb::{
    Refusal,
    expression::{Comparison, Condition, Operand},
};

/// How deep brackets may stand in each other.
const DEEPEST: usize = 50;

/// Reads a condition.
pub(in crate::dynamodb) fn condition(text: &str, placeholders: &Placeholders) -> Result<Condition, Refusal> {
    let mut parser = Parser::new(text, placeholders)?;
    let condition = parser.any_of(0)?;
    parser.end()?;
    Ok(condition)
}

impl Parser<'_> {
    fn any_of(&mut self, depth: usize) -> Result<Condition, Refusal> {
        let mut all = vec![self.all_of(depth)?];
        while self.takes_word("OR") {
            all.push(self.all_of(depth)?);
        }
        Ok(Condition::Any(all))
    }

    fn all_of(&mut self, depth: usize) -> Result<Condition, Refusal> {
        let mut all = vec![self.term(depth)?];
        while self.takes_word("AND") {
            all.push(self.term(depth)?);
        }
        Ok(Condition::All(all))
    }

    fn term(&mut self, depth: usize) -> Result<Condition, Refusal> {
        if depth > DEEPEST {
            return Err(Refusal::validation("Invalid expression: The expression is nested too deeply"));
        }
        if self.takes_word("NOT") {
            return Ok(Condition::Not(Box::new(self.term(depth + 1)?)));
        }
        if self.takes("(") {
            let inner = self.any_of(depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if let Some(function) = self.function(&["attribute_exists", "attribute_not_exists"]) {
            let path = self.path()?;
            self.expect(")")?;
            let exists = Condition::Exists(path);
            return Ok(if function == "attribute_exists" { exists } else { Condition::Not(Box::new(exists)) });
        }
        if let Some(function) = self.function(&["contains", "begins_with", "attribute_type"]) {
            let left = self.operand()?;
            self.expect(",")?;
            let right = self.operand()?;
            self.expect(")")?;
            return Ok(match function {
                "contains" => Condition::Contains(left, right),
                "begins_with" => Condition::BeginsWith(left, right),
                _ => Condition::IsOfType(left, right),
            });
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Condition, Refusal> {
        let left = self.operand()?;
        if self.takes_word("IN") {
            self.expect("(")?;
            let mut list = Vec::new();
            self.list(&mut list, Self::operand)?;
            self.expect(")")?;
            let one = |right| Condition::Compare(left.clone(), Comparison::Equal, right);
            return Ok(Condition::Any(list.into_iter().map(one).collect()));
        }
        if self.takes_word("BETWEEN") {
            let low = self.operand()?;
            if !self.takes_word("AND") {
                return Err(self.wrong());
            }
            let high = self.operand()?;
            let low = Condition::Compare(left.clone(), Comparison::AtLeast, low);
            return Ok(Condition::All(vec![low, Condition::Compare(left, Comparison::AtMost, high)]));
        }
        let comparison = [
            ("=", Comparison::Equal),
            ("<>", Comparison::Unequal),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::More),
        ]
        .into_iter()
        .find_map(|(sign, comparison)| self.takes(sign).then_some(comparison));
        match comparison {
            Some(comparison) => Ok(Condition::Compare(left, comparison, self.operand()?)),
            None => Err(self.wrong()),
        }
    }

    fn operand(&mut self) -> Result<Operand, Refusal> {
        if self.function(&["size"]).is_some() {
            let path = self.path()?;
            self.expect(")")?;
            return Ok(Operand::Size(path));
        }
        match self.value()? {
            Some(value) => Ok(Operand::Value(value)),
            None => Ok(Operand::Path(self.path()?)),
        }
    }
}
