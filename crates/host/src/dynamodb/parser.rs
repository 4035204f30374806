//! From an expression's text to a condition or an update, its placeholders resolved: what both have in common.

mod condition;
mod update;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

pub(super) use self::{condition::condition, update::update};
use super::{
    Refusal,
    attribute::{Attribute, Item},
    lexer::{Word, words},
    path::{Path, Step},
};

/// `ExpressionAttributeNames` and `ExpressionAttributeValues`, and which of them were used.
pub(super) struct Placeholders {
    pub(super) names: BTreeMap<String, String>,
    pub(super) values: Item,
    pub(super) used: RefCell<BTreeSet<String>>,
}

impl Placeholders {
    /// DynamoDB refuses what no expression uses.
    pub(super) fn check_all_used(&self) -> Result<(), Refusal> {
        let used = self.used.borrow();
        for (what, mut keys) in [
            ("Names", self.names.keys().collect::<Vec<_>>().into_iter()),
            ("Values", self.values.keys().collect::<Vec<_>>().into_iter()),
        ] {
            if let Some(key) = keys.find(|key| !used.contains(*key)) {
                let text =
                    format!("Value provided in ExpressionAttribute{what} unused in expressions: keys: {{{key}}}");
                return Err(Refusal::Validation(text));
            }
        }
        Ok(())
    }
}

struct Parser<'a> {
    /// The words that are left, the next one last.
    rest: Vec<Word>,
    placeholders: &'a Placeholders,
}

impl<'a> Parser<'a> {
    fn new(text: &str, placeholders: &'a Placeholders) -> Result<Self, Refusal> {
        let mut rest = words(text)?;
        rest.reverse();
        Ok(Self { rest, placeholders })
    }

    fn wrong(&self) -> Refusal {
        let near = self.rest.last().map_or_else(|| "the end".to_owned(), |word| format!("{word:?}"));
        Refusal::Validation(format!("Invalid expression: Syntax error; near {near}"))
    }

    fn end(&self) -> Result<(), Refusal> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong()) }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.rest.last(), Some(Word::Sign(it)) if *it == sign);
        if found {
            self.rest.pop();
        }
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.rest.last(), Some(Word::Name(it)) if it.eq_ignore_ascii_case(word));
        if found {
            self.rest.pop();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Refusal> {
        if self.takes(sign) { Ok(()) } else { Err(self.wrong()) }
    }

    fn list<T>(
        &mut self,
        into: &mut Vec<T>,
        mut one: impl FnMut(&mut Self) -> Result<T, Refusal>,
    ) -> Result<(), Refusal> {
        loop {
            into.push(one(self)?);
            if !self.takes(",") {
                return Ok(());
            }
        }
    }

    /// A function's name with its bracket.
    fn function(&mut self, names: &[&'static str]) -> Option<&'static str> {
        let bracket = matches!(self.rest.iter().rev().nth(1), Some(Word::Sign("(")));
        let Some(Word::Name(name)) = self.rest.last().filter(|_| bracket) else { return None };
        let found = names.iter().find(|it| *it == name).copied()?;
        self.rest.truncate(self.rest.len().saturating_sub(2));
        Some(found)
    }

    fn value(&mut self) -> Result<Option<Attribute>, Refusal> {
        let Some(Word::Value(name)) = self.rest.last() else { return Ok(None) };
        let value = self.placeholders.values.get(name).cloned().ok_or_else(|| {
            Refusal::Validation(format!(
                "Invalid expression: An expression attribute value used in expression is not defined; attribute value: {name}"
            ))
        })?;
        self.placeholders.used.borrow_mut().insert(name.clone());
        self.rest.pop();
        Ok(Some(value))
    }

    fn path(&mut self) -> Result<Path, Refusal> {
        let mut steps = vec![Step::Name(self.name()?)];
        loop {
            if self.takes(".") {
                steps.push(Step::Name(self.name()?));
            } else if self.takes("[") {
                let Some(Word::Index(index)) = self.rest.pop() else { return Err(self.wrong()) };
                steps.push(Step::Index(index));
                self.expect("]")?;
            } else {
                return Ok(Path(steps));
            }
        }
    }

    fn name(&mut self) -> Result<String, Refusal> {
        match self.rest.pop() {
            Some(Word::Name(name)) => Ok(name),
            Some(Word::Placeholder(mark)) => {
                self.placeholders.used.borrow_mut().insert(mark.clone());
                self.placeholders.names.get(&mark).cloned().ok_or_else(|| {
                    Refusal::Validation(format!(
                        "Invalid expression: An expression attribute name used in the document path is not defined; attribute name: {mark}"
                    ))
                })
            }
            Some(other) => {
                self.rest.push(other);
                Err(self.wrong())
            }
            None => Err(self.wrong()),
        }
    }
}
