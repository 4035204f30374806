//! Reading an action's `Transitions`, and checking them against what the action can come to.

use std::collections::HashMap;

use super::{
    action::{Branches, Shape},
    condition::Operator,
    json::Json,
    problem::Problems,
    read::{in_order, keys, string},
    reader::{text, wrong_type},
    template::Template,
    transitions::{Branch, ErrorType, Target, Transitions},
};

struct Transiting<'a> {
    targets: &'a HashMap<&'a str, Target>,
    problems: &'a mut Problems,
}

/// An action's ways, as far as they can be read.
pub(super) struct Ways {
    pub(super) transitions: Transitions,
    /// Whether every way that is written leads somewhere: what the flow as a whole comes to can be said.
    pub(super) is_whole: bool,
}

/// Reads the transitions of an action; without its shape (a type that is not run) only where they lead is checked.
pub(super) fn read_transitions(
    json: Option<&Json>,
    line: usize,
    shape: Option<&Shape>,
    targets: &HashMap<&str, Target>,
    problems: &mut Problems,
) -> Ways {
    let mut ways = Ways { transitions: Transitions::default(), is_whole: true };
    let transitions = &mut ways.transitions;
    let mut reading = Transiting { targets, problems };
    let line = json.map_or(line, |json| json.line);
    if let Some(json) = json {
        if json.as_object().is_none() {
            wrong_type("Transitions", "an object", json, reading.problems);
            return Ways { is_whole: false, ..ways };
        }
        keys("transition", json, &["NextAction", "Errors", "Conditions"], reading.problems);
        transitions.next = json.get("NextAction").and_then(|next| reading.target(next));
        let is_complete = json.get("NextAction").is_none() || transitions.next.is_some();
        let (errors, conditions) = (reading.list(json, "Errors"), reading.list(json, "Conditions"));
        for item in errors {
            transitions.errors.extend(reading.error(item, shape, &transitions.errors));
        }
        for item in conditions {
            transitions.conditions.extend(reading.condition(item, shape));
        }
        let all_read = transitions.errors.len() == errors.len() && transitions.conditions.len() == conditions.len();
        ways.is_whole = is_complete && all_read;
        if !is_complete {
            return ways;
        }
    }
    if let Some(shape) = shape {
        reading.complete(&ways.transitions, shape, line);
        if shape.is_terminal() {
            ways.transitions = Transitions::default();
        }
    }
    ways
}

impl Transiting<'_> {
    fn target(&mut self, json: &Json) -> Option<Target> {
        let Some(identifier) = json.as_str() else {
            wrong_type("NextAction", "a string", json, self.problems);
            return None;
        };
        let target = self.targets.get(identifier).copied();
        if target.is_none() {
            let names = in_order(self.targets);
            self.problems
                .error("dangling-transition", json.line, format!("no action has the identifier \"{identifier}\""))
                .did_you_mean(identifier, names);
        }
        target
    }

    fn required_target(&mut self, object: &Json) -> Option<Target> {
        let Some(json) = object.get("NextAction") else {
            self.problems.error("missing-field", object.line, "NextAction is missing");
            return None;
        };
        self.target(json)
    }

    fn list<'a>(&mut self, object: &'a Json, key: &str) -> &'a [Json] {
        let Some(json) = object.get(key) else { return &[] };
        if json.as_array().is_none() {
            wrong_type(key, "a list", json, self.problems);
        }
        json.as_array().unwrap_or_default()
    }

    fn error(
        &mut self,
        json: &Json,
        shape: Option<&Shape>,
        before: &[(ErrorType, Target)],
    ) -> Option<(ErrorType, Target)> {
        if json.as_object().is_none() {
            wrong_type("an error branch", "an object", json, self.problems);
            return None;
        }
        keys("error branch", json, &["NextAction", "ErrorType"], self.problems);
        let target = self.required_target(json);
        let (name, line) = string(json, "ErrorType", self.problems)?;
        let shape = shape?;
        let Some(error) = ErrorType::from_name(name) else {
            let known = ErrorType::ALL.iter().map(|error| error.name());
            self.problems
                .error("unknown-error-type", line, format!("no error has the type {name}"))
                .did_you_mean(name, known);
            return None;
        };
        if before.iter().any(|(earlier, _)| *earlier == error) {
            self.problems.error("duplicate-error", line, format!("{name} has a branch already"));
            return None;
        }
        let belongs = shape.required.contains(&error) || shape.optional.contains(&error);
        let is_compare = matches!(shape.branches, Branches::Own(operators, None) if operators == Operator::ALL);
        if is_compare && error == ErrorType::NoMatchingError {
            self.problems
                .error("compare-no-matching-error", line, "Connect refuses NoMatchingError in a Compare")
                .hint("a Compare's one error branch is NoMatchingCondition");
            return Some((error, target?));
        }
        if shape.refused.contains(&error) {
            self.problems
                .warn("refused-error-branch", line, format!("Connect refuses {name} in this action"))
                .hint("leave the branch out: the action does not fail");
            return Some((error, target?));
        }
        if !belongs {
            self.never_taken(line, &format!("the action does not meet {name}"));
        }
        Some((error, target?))
    }

    fn condition(&mut self, json: &Json, shape: Option<&Shape>) -> Option<Branch> {
        if json.as_object().is_none() {
            wrong_type("a condition", "an object", json, self.problems);
            return None;
        }
        keys("condition", json, &["NextAction", "Condition"], self.problems);
        let target = self.required_target(json);
        let Some(condition) = json.get("Condition").filter(|condition| condition.as_object().is_some()) else {
            self.problems.error("missing-field", json.line, "Condition is missing, or no object");
            return None;
        };
        keys("condition", condition, &["Operator", "Operands"], self.problems);
        let operator = string(condition, "Operator", self.problems);
        let operand = self.operand(condition);
        let shape = shape?;
        let (operator, operator_line) = operator.and_then(|(name, line)| Some((self.operator(name, line)?, line)))?;
        let (operand, operand_line) = operand?;
        self.fits(shape, (operator, operator_line), (&operand, operand_line));
        Some(Branch { operator, operand, target: target? })
    }

    fn operand(&mut self, condition: &Json) -> Option<(Template, usize)> {
        let Some(json) = condition.get("Operands") else {
            self.problems.error("missing-field", condition.line, "Operands is missing");
            return None;
        };
        match json.as_array() {
            Some([one]) => Some((text("an operand", one, self.problems)?, one.line)),
            Some(several) => {
                let message = format!("a condition has one operand, this one has {}", several.len());
                self.problems.error("bad-operands", json.line, message);
                None
            }
            None => {
                wrong_type("Operands", "a list", json, self.problems);
                None
            }
        }
    }

    fn operator(&mut self, name: &str, line: usize) -> Option<Operator> {
        let operator = Operator::from_name(name);
        if operator.is_none() {
            let message = format!("no operator is called {name}");
            let known = Operator::ALL.into_iter().map(Operator::name);
            self.problems.error("unsupported-operator", line, message).did_you_mean(name, known);
        }
        operator
    }

    /// Whether the condition can hold of what the action finds.
    fn fits(&mut self, shape: &Shape, operator: (Operator, usize), operand: (&Template, usize)) {
        let ((operator, operator_line), (operand, operand_line)) = (operator, operand);
        let fixed = operand.as_static();
        match &shape.branches {
            Branches::No => self.never_taken(operator_line, "the action has no conditions"),
            Branches::Values(values) => {
                if operator != Operator::Equals {
                    self.wrong_operator(operator, operator_line, &[Operator::Equals]);
                } else if let Some(fixed) = fixed.filter(|fixed| !values.contains(fixed) && !operand.has_placeholder())
                {
                    self.problems
                        .error("impossible-condition", operand_line, format!("the action never comes to \"{fixed}\""))
                        .did_you_mean(fixed, values.iter().copied());
                }
            }
            Branches::Own(operators, only) => {
                let number = operand.has_placeholder()
                    || fixed.is_none_or(|fixed| fixed.trim().parse::<f64>().is_ok_and(f64::is_finite));
                if !operators.contains(&operator) {
                    self.wrong_operator(operator, operator_line, operators);
                } else if let Some(only) = only.filter(|only| fixed != Some(only) && !operand.has_placeholder()) {
                    let message = format!("Connect takes only \"{only}\" here, this is \"{}\"", operand.raw());
                    self.problems.error("bad-operands", operand_line, message);
                } else if Operator::NUMERIC.contains(&operator) && !number {
                    let message = format!("\"{}\" is no number: the condition never holds", operand.raw());
                    self.problems.warn("never-taken", operand_line, message);
                }
            }
        }
    }

    fn wrong_operator(&mut self, operator: Operator, line: usize, allowed: &[Operator]) {
        let names: Vec<&str> = allowed.iter().map(|operator| operator.name()).collect();
        self.problems
            .error("unsupported-operator", line, format!("the action cannot be compared with {}", operator.name()))
            .hint(format!("known here: {}", names.join(", ")));
    }

    fn never_taken(&mut self, line: usize, why: &str) {
        self.problems.warn("never-taken", line, format!("this branch is never taken: {why}"));
    }

    /// What must be there and is not.
    fn complete(&mut self, transitions: &Transitions, shape: &Shape, line: usize) {
        if shape.is_terminal() && transitions.next.is_some() {
            self.problems
                .warn("never-taken", line, "NextAction is never taken: the flow is over with this action")
                .hint("take it out");
        }
        if shape.goes_on && transitions.next.is_none() {
            self.problems.error("missing-transition", line, "NextAction is missing: the flow would end here");
        }
        for error in shape.required {
            if transitions.error(*error).is_none() {
                let name = error.name();
                self.problems.error("missing-error-branch", line, format!("the error branch {name} is missing"));
            }
        }
        let Branches::Values(values) = &shape.branches else { return };
        for value in values {
            if transitions
                .conditions
                .iter()
                .any(|b| b.operand.has_placeholder() || b.operand.as_static().is_none_or(|fixed| fixed == *value))
            {
                continue;
            }
            let message = format!("no condition for {value}");
            if transitions.next.is_some() || transitions.error(ErrorType::NoMatchingCondition).is_some() {
                let hint = "AWS's page wants a condition for each value; here the fallback is taken";
                self.problems.warn("missing-condition", line, message).hint(hint);
            } else {
                self.problems.error("missing-condition", line, message);
            }
        }
    }
}
