//! The operators of conditions.

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equals,
    TextStartsWith,
    TextEndsWith,
    TextContains,
    NumberGreaterThan,
    NumberGreaterOrEqualTo,
    NumberLessThan,
    NumberLessOrEqualTo,
    /// A key stands below the value. Connect takes it, and no page of its documentation has it.
    KeyExists,
}

impl Operator {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Equals,
        Self::TextStartsWith,
        Self::TextEndsWith,
        Self::TextContains,
        Self::NumberGreaterThan,
        Self::NumberGreaterOrEqualTo,
        Self::NumberLessThan,
        Self::NumberLessOrEqualTo,
        Self::KeyExists,
    ];

    /// Those that compare numbers.
    pub(super) const NUMERIC: [Self; 4] =
        [Self::NumberGreaterThan, Self::NumberGreaterOrEqualTo, Self::NumberLessThan, Self::NumberLessOrEqualTo];

    /// Its name on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::TextStartsWith => "TextStartsWith",
            Self::TextEndsWith => "TextEndsWith",
            Self::TextContains => "TextContains",
            Self::NumberGreaterThan => "NumberGreaterThan",
            Self::NumberGreaterOrEqualTo => "NumberGreaterOrEqualTo",
            Self::NumberLessThan => "NumberLessThan",
            Self::NumberLessOrEqualTo => "NumberLessOrEqualTo",
            Self::KeyExists => "KeyExists",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// Whether it holds. Texts are compared with their case, as Connect does; what is no number is in no order.
    pub(super) fn holds(self, value: &str, operand: &str) -> bool {
        let numbers = |compare: fn(&f64, &f64) -> bool| {
            number(value).zip(number(operand)).is_some_and(|(value, operand)| compare(&value, &operand))
        };
        match self {
            Self::Equals => value == operand,
            Self::TextStartsWith => value.starts_with(operand),
            Self::TextEndsWith => value.ends_with(operand),
            Self::TextContains => value.contains(operand),
            Self::NumberGreaterThan => numbers(f64::gt),
            Self::NumberGreaterOrEqualTo => numbers(f64::ge),
            Self::NumberLessThan => numbers(f64::lt),
            Self::NumberLessOrEqualTo => numbers(f64::le),
            // Of a text alone nothing is known to stand below: `Scope::has_key` looks where there is a path.
            Self::KeyExists => false,
        }
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::Operator::*;
    use super::*;

    #[test]
    fn operators() {
        for (operator, value, operand, expected) in [
            (Equals, "a", "a", true),
            (Equals, "a", "A", false),
            (Equals, "1", "1.0", false),
            (TextStartsWith, "abc", "ab", true),
            (TextStartsWith, "abc", "bc", false),
            (TextEndsWith, "abc", "bc", true),
            (TextEndsWith, "abc", "ab", false),
            (TextContains, "abc", "b", true),
            (TextContains, "abc", "B", false),
            (NumberGreaterThan, "10", "9", true),
            (NumberGreaterThan, "9", "9", false),
            (NumberGreaterThan, "-1.5", "-2", true),
            (NumberGreaterOrEqualTo, "9", "9.0", true),
            (NumberGreaterOrEqualTo, "8", "9", false),
            (NumberLessThan, "8", "9", true),
            (NumberLessThan, "9", "9", false),
            (NumberLessOrEqualTo, "9", "9", true),
            (NumberLessOrEqualTo, "10", "9", false),
        ] {
            assert_eq!(operator.holds(value, operand), expected, "{value} {operator:?} {operand}");
        }
    }

    #[test]
    fn what_is_no_number_is_in_no_order() {
        for operator in Operator::NUMERIC {
            for (value, operand) in [("", "1"), ("x", "1"), ("1", "x"), ("NaN", "1"), ("inf", "1"), ("1", "-inf")] {
                assert!(!operator.holds(value, operand), "{value} {operator:?} {operand}");
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for operator in Operator::ALL {
            assert_eq!(Operator::from_name(operator.name()), Some(operator));
        }
        assert_eq!(Operator::from_name("Exists"), None);
    }
}
