//! What conditions say of an item, and what updates make of it.

use std::cmp::Ordering;

use super::{
    Refusal,
    attribute::{Attribute, Item, Number},
    path::{Path, Step},
};

/// What is compared.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Path(Path),
    Size(Path),
    Value(Attribute),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A condition.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Exists(Path),
    Contains(Operand, Operand),
    BeginsWith(Operand, Operand),
    IsOfType(Operand, Operand),
    Compare(Operand, Comparison, Operand),
}

/// A part of an update.
#[derive(Debug, Clone)]
pub(super) enum Action {
    Set(Path, Value),
    Remove(Path),
}

/// What is set.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Given(Attribute),
    Of(Path),
    OrElse(Path, Box<Value>),
    Appended(Box<Value>, Box<Value>),
    Sum(Box<Value>, Box<Value>),
    Difference(Box<Value>, Box<Value>),
}

impl Condition {
    /// Whether it holds. What is not there compares with nothing.
    pub(super) fn holds(&self, item: &Item) -> Result<bool, Refusal> {
        Ok(match self {
            Self::All(all) => {
                for one in all {
                    if !one.holds(item)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Any(any) => {
                for one in any {
                    if one.holds(item)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Not(inner) => !inner.holds(item)?,
            Self::Exists(path) => path.find(item).is_some(),
            Self::Contains(whole, part) => match (whole.of(item), part.of(item)) {
                (Some(Attribute::List(list)), Some(part)) => list.contains(&part),
                (Some(Attribute::Text(whole)), Some(Attribute::Text(part))) => whole.contains(&part),
                _ => false,
            },
            Self::BeginsWith(whole, part) => match (whole.of(item), part.of(item)) {
                (Some(Attribute::Text(whole)), Some(Attribute::Text(part))) => whole.starts_with(&part),
                (Some(Attribute::Bytes(whole)), Some(Attribute::Bytes(part))) => whole.starts_with(&part),
                _ => false,
            },
            Self::IsOfType(it, kind) => match (it.of(item), kind.of(item)) {
                (Some(it), Some(Attribute::Text(kind))) => it.kind() == kind,
                _ => false,
            },
            Self::Compare(left, comparison, right) => match (left.of(item), right.of(item)) {
                (Some(left), Some(right)) => comparison.holds(&left, &right)?,
                // Something and nothing are unequal.
                (left, right) => matches!(comparison, Comparison::Unequal) && left.is_some() != right.is_some(),
            },
        })
    }
}

impl Comparison {
    fn holds(self, left: &Attribute, right: &Attribute) -> Result<bool, Refusal> {
        Ok(match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left.order(right)? == Some(Ordering::Less),
            Self::AtMost => left.order(right)?.is_some_and(Ordering::is_le),
            Self::More => left.order(right)? == Some(Ordering::Greater),
            Self::AtLeast => left.order(right)?.is_some_and(Ordering::is_ge),
        })
    }
}

impl Operand {
    fn of(&self, item: &Item) -> Option<Attribute> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Path(path) => path.find(item).cloned(),
            Self::Size(path) => {
                let size = path.find(item)?.size()?;
                Some(Attribute::Number(Number::whole(i128::try_from(size).ok()?)))
            }
        }
    }
}

/// Applies an update. Every value is read from the item as it was before, and places in lists are those of then.
pub(super) fn apply(actions: &[Action], before: &Item) -> Result<Item, Refusal> {
    let mut after = before.clone();
    let mut removed = Vec::new();
    for action in actions {
        match action {
            Action::Set(path, value) => path.set(&mut after, value.of(before)?)?,
            Action::Remove(path) => removed.push(path),
        }
    }
    removed.sort_unstable();
    for path in removed.into_iter().rev() {
        path.remove(&mut after)?;
    }
    Ok(after)
}

/// DynamoDB refuses an update that names a place twice, or a place in another.
pub(super) fn check_apart(actions: &[Action]) -> Result<(), Refusal> {
    let path = |action: &Action| -> Path {
        let (Action::Set(path, _) | Action::Remove(path)) = action;
        path.clone()
    };
    let mut known: Vec<Path> = Vec::new();
    for path in actions.iter().map(path) {
        if known.iter().any(|it| it.overlaps(&path)) {
            return Err(Refusal::validation("Invalid UpdateExpression: Two document paths overlap with each other"));
        }
        known.push(path);
    }
    Ok(())
}

/// The first attribute that an update changes by name: a key must not be among them.
pub(super) fn changes(actions: &[Action], name: &str) -> bool {
    actions.iter().any(|action| {
        let (Action::Set(Path(steps), _) | Action::Remove(Path(steps))) = action;
        matches!(steps.first(), Some(Step::Name(first)) if first == name)
    })
}

impl Value {
    fn of(&self, item: &Item) -> Result<Attribute, Refusal> {
        match self {
            Self::Given(value) => Ok(value.clone()),
            Self::Of(path) => path.find(item).cloned().ok_or_else(|| {
                Refusal::validation("The provided expression refers to an attribute that does not exist in the item")
            }),
            Self::OrElse(path, other) => match path.find(item) {
                Some(value) => Ok(value.clone()),
                None => other.of(item),
            },
            Self::Appended(first, second) => match (first.of(item)?, second.of(item)?) {
                (Attribute::List(mut list), Attribute::List(more)) => {
                    list.extend(more);
                    Ok(Attribute::List(list))
                }
                _ => Err(wrong_type()),
            },
            Self::Sum(a, b) => calculated(&a.of(item)?, &b.of(item)?, i128::checked_add),
            Self::Difference(a, b) => calculated(&a.of(item)?, &b.of(item)?, i128::checked_sub),
        }
    }
}

fn calculated(a: &Attribute, b: &Attribute, how: fn(i128, i128) -> Option<i128>) -> Result<Attribute, Refusal> {
    let (Attribute::Number(a), Attribute::Number(b)) = (a, b) else { return Err(wrong_type()) };
    let number = how(a.value()?, b.value()?).ok_or_else(|| Refusal::validation("Number overflow"))?;
    Ok(Attribute::Number(Number::whole(number)))
}

fn wrong_type() -> Refusal {
    Refusal::validation("An operand in the update expression has an incorrect data type")
}
