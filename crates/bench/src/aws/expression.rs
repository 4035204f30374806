//! Expressions of `DynamoDB`, as far as the functions under test use them: conditions, and updates that set.

mod tokens;

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use self::tokens::tokens;

/// An item, in `DynamoDB`'s JSON.
pub(crate) type Item = Map<String, Value>;

/// The expression is of a kind that this table does not know.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown(pub(crate) String);

/// One expression over one item, with what its placeholders stand for.
pub(crate) struct Expression<'a> {
    item: &'a Item,
    names: &'a Value,
    values: &'a Value,
    tokens: Vec<&'a str>,
    at: usize,
}

impl<'a> Expression<'a> {
    /// The text, over this item; `request` has `ExpressionAttributeNames` and `ExpressionAttributeValues`.
    pub(crate) fn new(text: &'a str, item: &'a Item, request: &'a Value) -> Self {
        let (names, values) = (&request["ExpressionAttributeNames"], &request["ExpressionAttributeValues"]);
        Self { item, names, values, tokens: tokens(text), at: 0 }
    }

    /// Whether the condition holds.
    pub(crate) fn holds(mut self) -> Result<bool, Unknown> {
        let holds = self.any()?;
        self.end().map(|()| holds)
    }

    /// What the update sets: attributes of the item itself, not below them.
    pub(crate) fn sets(mut self) -> Result<Vec<(String, Value)>, Unknown> {
        self.expect("SET")?;
        let mut sets = Vec::new();
        loop {
            let name = self.name()?;
            self.expect("=")?;
            let value = self.sum()?.ok_or_else(|| Unknown(format!("{name} from nothing")))?;
            sets.push((name, value));
            if !self.take(",") {
                return self.end().map(|()| sets);
            }
        }
    }

    fn any(&mut self) -> Result<bool, Unknown> {
        let mut holds = self.all()?;
        while self.take("OR") {
            holds |= self.all()?;
        }
        Ok(holds)
    }

    fn all(&mut self) -> Result<bool, Unknown> {
        let mut holds = self.not()?;
        while self.take("AND") {
            holds &= self.not()?;
        }
        Ok(holds)
    }

    fn not(&mut self) -> Result<bool, Unknown> {
        if self.take("NOT") { self.not().map(|holds| !holds) } else { self.one() }
    }

    fn one(&mut self) -> Result<bool, Unknown> {
        if self.take("(") {
            let holds = self.any()?;
            return self.expect(")").map(|()| holds);
        }
        if self.take("attribute_exists") {
            return self.argument().map(|it| it.is_some());
        }
        if self.take("attribute_not_exists") {
            return self.argument().map(|it| it.is_none());
        }
        if self.take("contains") {
            self.expect("(")?;
            let list = self.operand()?;
            self.expect(",")?;
            let wanted = self.operand()?;
            self.expect(")")?;
            let list = list.as_ref().and_then(|it| it["L"].as_array());
            return Ok(list.is_some_and(|list| list.iter().any(|it| Some(it) == wanted.as_ref())));
        }
        let left = self.operand()?;
        if self.take("IN") {
            self.expect("(")?;
            let mut holds = false;
            loop {
                holds |= order(left.as_ref(), self.operand()?.as_ref()) == Some(Ordering::Equal);
                if !self.take(",") {
                    return self.expect(")").map(|()| holds);
                }
            }
        }
        let comparison = self.next()?;
        let found = order(left.as_ref(), self.operand()?.as_ref());
        Ok(match comparison {
            "=" => found == Some(Ordering::Equal),
            "<>" => found != Some(Ordering::Equal),
            "<" => found == Some(Ordering::Less),
            "<=" => found.is_some_and(Ordering::is_le),
            ">" => found == Some(Ordering::Greater),
            ">=" => found.is_some_and(Ordering::is_ge),
            other => return Err(Unknown(other.to_owned())),
        })
    }

    fn sum(&mut self) -> Result<Option<Value>, Unknown> {
        let left = self.operand()?;
        if !self.take("+") {
            return Ok(left);
        }
        let right = self.operand()?;
        let sum = number(left.as_ref()).zip(number(right.as_ref())).map(|(left, right)| left + right);
        Ok(sum.map(|sum| json!({"N": sum.to_string()})))
    }

    /// A value, a path, or a function of them; none: the item has nothing there.
    fn operand(&mut self) -> Result<Option<Value>, Unknown> {
        if self.take("size") {
            let argument = self.argument()?;
            let size = argument.as_ref().and_then(|it| it["L"].as_array()).map(Vec::len);
            return Ok(size.map(|size| json!({"N": size.to_string()})));
        }
        if self.take("list_append") {
            self.expect("(")?;
            let first = self.operand()?;
            self.expect(",")?;
            let second = self.operand()?;
            self.expect(")")?;
            let list = |it: Option<Value>| it.and_then(|it| it.get("L")?.as_array().cloned()).unwrap_or_default();
            let joined = [list(first), list(second)].concat();
            return Ok(Some(json!({"L": joined})));
        }
        if self.peek().is_some_and(|it| it.starts_with(':')) {
            let name = self.next()?;
            return self.values.get(name).cloned().map(Some).ok_or_else(|| Unknown(name.to_owned()));
        }
        self.path()
    }

    fn argument(&mut self) -> Result<Option<Value>, Unknown> {
        self.expect("(")?;
        let argument = self.operand()?;
        self.expect(")").map(|()| argument)
    }

    fn path(&mut self) -> Result<Option<Value>, Unknown> {
        let mut found = self.item.get(&self.name()?);
        loop {
            if self.take(".") {
                let name = self.name()?;
                found = found.and_then(|it| it["M"].get(&name));
            } else if self.take("[") {
                let index: usize = self.next()?.parse().map_err(|_| Unknown("an index".into()))?;
                self.expect("]")?;
                found = found.and_then(|it| it["L"].get(index));
            } else {
                return Ok(found.cloned());
            }
        }
    }

    fn name(&mut self) -> Result<String, Unknown> {
        let word = self.next()?;
        match word.strip_prefix('#') {
            None => Ok(word.to_owned()),
            Some(_) => self.names[word].as_str().map(str::to_owned).ok_or_else(|| Unknown(word.to_owned())),
        }
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Result<&'a str, Unknown> {
        let token = self.peek().ok_or_else(|| Unknown("the end".into()))?;
        self.at += 1;
        Ok(token)
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), Unknown> {
        let found = self.next()?;
        if found == token { Ok(()) } else { Err(Unknown(format!("{found} instead of {token}"))) }
    }

    fn end(&self) -> Result<(), Unknown> {
        self.peek().map_or(Ok(()), |token| Err(Unknown(token.to_owned())))
    }
}

fn number(value: Option<&Value>) -> Option<i64> {
    value?["N"].as_str()?.parse().ok()
}

fn order(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    let text = |value: Option<&Value>| value.and_then(|it| it["S"].as_str()).map(str::to_owned);
    let numbers = number(left).zip(number(right)).map(|(left, right)| left.cmp(&right));
    numbers.or_else(|| text(left).zip(text(right)).map(|(left, right)| left.cmp(&right)))
}

#[cfg(test)]
mod tests;
