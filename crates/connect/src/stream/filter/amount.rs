//! Numbers as SNS compares them, and the ranges of `numeric`.

use std::ops::{Bound, RangeBounds};

use serde_json::{Number, Value};

/// "The value can range from -10^9 to 10^9 (-1 billion to 1 billion), with five digits of accuracy after the decimal
/// point" (SNS developer guide, "Filter policy constraints").
const LARGEST: f64 = 1e9;
const ACCURACY: f64 = 1e5;

const FORM: &str =
    "\"numeric\" takes [\"=\", 1], one of <, <=, >, >= in its place, or a range such as [\">\", 0, \"<=\", 100]";

/// A number, in hundred thousandths.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Amount(f64);

impl Amount {
    /// None: out of range.
    pub(super) fn of(number: &Number) -> Option<Self> {
        number.as_f64().filter(|value| value.abs() <= LARGEST).map(|value| Self((value * ACCURACY).round()))
    }

    /// A number of a policy.
    pub(super) fn read(number: &Number) -> Result<Self, String> {
        Self::of(number).ok_or_else(|| format!("{number} is out of range: SNS compares numbers from -10^9 to 10^9"))
    }
}

/// What `numeric` takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Range(Bound<Amount>, Bound<Amount>);

impl Range {
    /// `[operator, number]`, or `[">" or ">=", number, "<" or "<=", number]`.
    pub(super) fn read(operand: &Value) -> Result<Self, String> {
        let list = operand.as_array().map(Vec::as_slice).unwrap_or_default();
        match list {
            [Value::String(operator), Value::Number(number)] => {
                let amount = Amount::read(number)?;
                match operator.as_str() {
                    "=" => Ok(Self(Bound::Included(amount), Bound::Included(amount))),
                    ">" | ">=" => Ok(Self(bound(operator, amount), Bound::Unbounded)),
                    "<" | "<=" => Ok(Self(Bound::Unbounded, bound(operator, amount))),
                    _ => Err(FORM.into()),
                }
            }
            [Value::String(above), Value::Number(low), Value::String(below), Value::Number(high)]
                if above.starts_with('>') && below.starts_with('<') && is_comparison(above) && is_comparison(below) =>
            {
                let (from, to) = (Amount::read(low)?, Amount::read(high)?);
                if from >= to {
                    return Err(format!(
                        "\"numeric\": the range from {low} to {high} holds nothing; the lower comes first"
                    ));
                }
                Ok(Self(bound(above, from), bound(below, to)))
            }
            _ => Err(FORM.into()),
        }
    }

    pub(super) fn contains(&self, amount: Amount) -> bool {
        (self.0, self.1).contains(&amount)
    }
}

fn is_comparison(operator: &str) -> bool {
    ["<", "<=", ">", ">="].contains(&operator)
}

fn bound(operator: &str, amount: Amount) -> Bound<Amount> {
    if operator.ends_with('=') { Bound::Included(amount) } else { Bound::Excluded(amount) }
}
