//! Every code that a flow's problems have, with what it means, what mends it, and an example that has it.

mod advice;
mod refused;

use super::Severity;

/// One code.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// How bad it is at worst.
    pub severity: Severity,
    /// What is wrong.
    pub says: &'static str,
    /// What mends it.
    pub remedy: &'static str,
    /// Something that has it: a whole flow, or actions of which the first begins, before `m` (a message) and `end` (which
    /// hangs up). Absent where it is a matter of size.
    pub example: Option<&'static str>,
}

/// All of them: errors, warnings, notes.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    refused::CODES.iter().chain(advice::CODES)
}

/// The code of this name.
pub(super) fn find(code: &str) -> Option<&'static Code> {
    codes().find(|known| known.code == code)
}

impl Code {
    /// The example as a whole flow.
    pub fn example_flow(&self) -> Option<String> {
        let example = self.example?;
        if !example.starts_with("{\"Identifier\"") {
            return Some(example.to_owned());
        }
        Some(format!(
            r#"{{"Version": "2019-10-30", "StartAction": "a", "Actions": [{example},
{{"Identifier": "m", "Type": "MessageParticipant", "Parameters": {{"Text": "Goodbye"}}, "Transitions": {{"NextAction": "end"}}}},
{{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {{}}, "Transitions": {{}}}}]}}"#
        ))
    }
}

const fn code(
    code: &'static str,
    severity: Severity,
    says: &'static str,
    remedy: &'static str,
    example: Option<&'static str>,
) -> Code {
    Code { code, severity, says, remedy, example }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Flow, Surroundings};

    #[test]
    fn every_example_has_its_code() {
        let nothing_known = Surroundings::default();
        let nothing_exists = Surroundings {
            queues: Some(Vec::new()),
            functions: Some(Vec::new()),
            flows: Some(Vec::new()),
            hours: Some(Vec::new()),
            ..Surroundings::default()
        };
        for code in codes() {
            let Some(example) = code.example_flow() else { continue };
            let about_names = code.code.starts_with("unknown-");
            let problems = Flow::check(&example, if about_names { &nothing_exists } else { &nothing_known });
            assert!(problems.iter().any(|p| p.code == code.code), "{}: {problems:#?}\n{example}", code.code);
            let worst =
                problems.iter().filter(|p| p.code == code.code).all(|p| p.severity as u8 >= code.severity as u8);
            assert!(worst, "{}: {problems:#?}", code.code);
            let refused = problems.iter().any(|p| p.severity == Severity::Error && p.code != code.code);
            assert!(!refused || code.severity == Severity::Error, "{}: {problems:#?}", code.code);
        }
    }

    #[test]
    fn no_code_stands_twice() {
        for (at, code) in codes().enumerate() {
            assert!(codes().skip(at + 1).all(|other| other.code != code.code), "{}", code.code);
        }
    }
}
