//! From an expression's text to a condition or an update, its placeholders resolved.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Refusal,
    attribute::{Attribute, Item},
    expression::{Action, Comparison, Condition, Operand, Path, Step, Value},
    lexer::{Word, words},
};

/// How deep brackets may stand in each other.
const DEEPEST: usize = 50;

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

/// Reads a condition.
pub(super) fn condition(text: &str, placeholders: &Placeholders) -> Result<Condition, Refusal> {
    let mut parser = Parser::new(text, placeholders)?;
    let condition = parser.any_of(0)?;
    parser.end()?;
    Ok(condition)
}

/// Reads an update.
pub(super) fn update(text: &str, placeholders: &Placeholders) -> Result<Vec<Action>, Refusal> {
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
    Ok(actions)
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

    /// A function's name with its bracket.
    fn function(&mut self, names: &[&'static str]) -> Option<&'static str> {
        let bracket = matches!(self.rest.iter().rev().nth(1), Some(Word::Sign("(")));
        let Some(Word::Name(name)) = self.rest.last().filter(|_| bracket) else { return None };
        let found = names.iter().find(|it| *it == name).copied()?;
        self.rest.truncate(self.rest.len().saturating_sub(2));
        Some(found)
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
