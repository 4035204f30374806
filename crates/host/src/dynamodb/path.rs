//! Places in an item: `#session.#revision`, `taken[0]`.

use super::{
    Refusal,
    attribute::{Attribute, Item},
};

/// A place in an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path(pub(super) Vec<Step>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

impl Path {
    /// Whether one of the two is the other, or in it.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }

    /// What stands there.
    pub(super) fn find<'a>(&self, item: &'a Item) -> Option<&'a Attribute> {
        let mut steps = self.0.iter();
        let Some(Step::Name(first)) = steps.next() else { return None };
        steps.try_fold(item.get(first)?, |at, step| match (at, step) {
            (Attribute::Map(map), Step::Name(name)) => map.get(name),
            (Attribute::List(list), Step::Index(index)) => list.get(*index),
            _ => None,
        })
    }

    /// Puts a value there.
    pub(super) fn set(&self, item: &mut Item, value: Attribute) -> Result<(), Refusal> {
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

    /// Takes away what stands there.
    pub(super) fn remove(&self, item: &mut Item) -> Result<(), Refusal> {
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

fn no_such_path() -> Refusal {
    Refusal::validation("The document path provided in the update expression is invalid for update")
}
