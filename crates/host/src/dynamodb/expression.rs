//! What conditions say of an item, and what updates make of it.

use std::cmp::Ordering;

use super::{
    Refusal,
    attribute::{Attribute, Item, Number},
};

/// A place in an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(pub(super) Vec<Step>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

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

/// Applies an update. Every value is read from the item as it was before.
pub(super) fn apply(actions: &[Action], before: &Item) -> Result<Item, Refusal> {
    let mut after = before.clone();
    for action in actions {
        match action {
            Action::Set(path, value) => path.set(&mut after, value.of(before)?)?,
            Action::Remove(path) => path.remove(&mut after)?,
        }
    }
    Ok(after)
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

fn no_such_path() -> Refusal {
    Refusal::validation("The document path provided in the update expression is invalid for update")
}

impl Path {
    fn find<'a>(&self, item: &'a Item) -> Option<&'a Attribute> {
        let mut steps = self.0.iter();
        let Some(Step::Name(first)) = steps.next() else { return None };
        steps.try_fold(item.get(first)?, |at, step| match (at, step) {
            (Attribute::Map(map), Step::Name(name)) => map.get(name),
            (Attribute::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        })
    }

    fn set(&self, item: &mut Item, value: Attribute) -> Result<(), Refusal> {
        match self.0.split_last() {
            Some((Step::Name(name), [])) => {
                item.insert(name.clone(), value);
                Ok(())
            }
            Some((last, above)) => match (parent(above, item)?, last) {
                (Attribute::Map(map), Step::Name(name)) => {
                    map.insert(name.clone(), value);
                    Ok(())
                }
                (Attribute::List(list), Step::Index(index)) => {
                    // One past the end, or further: it is appended.
                    match list.get_mut(*index) {
                        Some(place) => *place = value,
                        None => list.push(value),
                    }
                    Ok(())
                }
                _ => Err(no_such_path()),
            },
            None => Err(no_such_path()),
        }
    }

    fn remove(&self, item: &mut Item) -> Result<(), Refusal> {
        match self.0.split_last() {
            Some((Step::Name(name), [])) => {
                item.remove(name);
            }
            Some((last, above)) => match (parent(above, item)?, last) {
                (Attribute::Map(map), Step::Name(name)) => drop(map.remove(name)),
                (Attribute::List(list), Step::Index(index)) if *index < list.len() => drop(list.remove(*index)),
                (Attribute::List(_), Step::Index(_)) => {}
                _ => return Err(no_such_path()),
            },
            None => return Err(no_such_path()),
        }
        Ok(())
    }
}

fn parent<'a>(steps: &[Step], item: &'a mut Item) -> Result<&'a mut Attribute, Refusal> {
    let mut steps = steps.iter();
    let Some(Step::Name(first)) = steps.next() else { return Err(no_such_path()) };
    let first = item.get_mut(first).ok_or_else(no_such_path)?;
    steps.try_fold(first, |at, step| match (at, step) {
        (Attribute::Map(map), Step::Name(name)) => map.get_mut(name).ok_or_else(no_such_path),
        (Attribute::List(list), Step::Index(index)) => list.get_mut(*index).ok_or_else(no_such_path),
        _ => Err(no_such_path()),
    })
}
