//! What is searched for among queues and flows: conditions, and whether something fulfils them.

/// A condition, or several of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    /// One of them.
    Any(Vec<Self>),
    /// All of them.
    All(Vec<Self>),
    /// A text of the thing: `name`, `description` or `resourceID`. Case does not matter.
    Text {
        /// Which text.
        field: String,
        /// What it is held against.
        value: String,
        /// How.
        by: Comparison,
    },
    /// What the thing is, in the API's word: its type, its state, its status.
    Is {
        /// `TypeCondition`, …
        what: &'static str,
        /// The word.
        word: &'static str,
    },
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It begins so.
    StartsWith,
    /// It has this in it.
    Contains,
    /// It is this.
    Exact,
}

impl Criterion {
    /// Whether a thing fulfils it. `tell` gives the thing's texts and words by their names.
    pub fn holds<'t>(&self, tell: &impl Fn(&str) -> Option<&'t str>) -> bool {
        match self {
            Self::Any(criteria) => criteria.iter().any(|it| it.holds(tell)),
            Self::All(criteria) => criteria.iter().all(|it| it.holds(tell)),
            Self::Is { what, word } => tell(what) == Some(word),
            Self::Text { field, value, by } => tell(field).is_some_and(|text| {
                let (text, value) = (text.to_lowercase(), value.to_lowercase());
                match by {
                    Comparison::StartsWith => text.starts_with(&value),
                    Comparison::Contains => text.contains(&value),
                    Comparison::Exact => text == value,
                }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(by: Comparison, value: &str) -> Criterion {
        Criterion::Text { field: "name".into(), value: value.into(), by }
    }

    #[test]
    fn conditions_hold_or_do_not() {
        let tell = |what: &str| match what {
            "name" => Some("Night greeter"),
            "StateCondition" => Some("ACTIVE"),
            _ => None,
        };
        let active = Criterion::Is { what: "StateCondition", word: "ACTIVE" };
        let archived = Criterion::Is { what: "StateCondition", word: "ARCHIVED" };
        let table = [
            (name(Comparison::StartsWith, "night"), true),
            (name(Comparison::StartsWith, "greeter"), false),
            (name(Comparison::Contains, "GREET"), true),
            (name(Comparison::Exact, "night"), false),
            (name(Comparison::Exact, "night greeter"), true),
            (Criterion::Text { field: "description".into(), value: String::new(), by: Comparison::Contains }, false),
            (Criterion::Any(vec![archived.clone(), active.clone()]), true),
            (Criterion::All(vec![archived, active]), false),
            (Criterion::All(Vec::new()), true),
            (Criterion::Any(Vec::new()), false),
        ];
        for (criterion, holds) in table {
            assert_eq!(criterion.holds(&tell), holds, "{criterion:?}");
        }
    }
}
