//! What a deployment is told: the template's parameters, and `queue`, which the command resolves.

use std::collections::BTreeMap;

use crate::template::model_behind;

/// The queue by its name; not a parameter of the template.
pub const QUEUE: &str = "queue";
/// The queue that every instance is made with.
pub const DEFAULT_QUEUE: &str = "BasicQueue";

/// What may be given, and how a value looks.
const KNOWN: [(&str, Kind); 14] = [
    ("instanceId", Kind::Uuid),
    (QUEUE, Kind::Text),
    ("queueId", Kind::Uuid),
    ("agentBackend", Kind::OneOf(&["relevo", "bedrock-agent", "bedrock-classic"])),
    ("modelId", Kind::Text),
    ("modelArnPattern", Kind::Text),
    ("agentId", Kind::AgentId),
    ("agentAliasId", Kind::AgentId),
    ("delivery", Kind::OneOf(&["queue", "topic"])),
    ("turnSeconds", Kind::Number(30, 900)),
    ("maxConcurrentTurns", Kind::Number(2, 1_000)),
    ("firstWordsSeconds", Kind::Number(1, 900)),
    ("logRetentionDays", Kind::Number(1, 3_653)),
    ("alarmEmail", Kind::Email),
];
/// Set by how the functions are built.
const ARCHITECTURE: (&str, Kind) = ("architecture", Kind::OneOf(&["arm64", "x86_64"]));

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Uuid,
    AgentId,
    Email,
    Number(u32, u32),
    OneOf(&'static [&'static str]),
}

impl Kind {
    /// What is wrong with a value, if anything.
    fn wrong(self, value: &str) -> Option<String> {
        let right = match self {
            Self::Text => !value.trim().is_empty() && !value.contains(['\'', '"', '\n']),
            Self::Uuid => is_uuid(value),
            Self::AgentId => value.len() == 10 && value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()),
            Self::Email => value.is_empty() || value.split('@').filter(|part| !part.is_empty()).count() == 2,
            Self::Number(least, most) => value.parse().is_ok_and(|number| (least..=most).contains(&number)),
            Self::OneOf(values) => values.contains(&value),
        };
        (!right).then(|| match self {
            Self::Text => "it is empty, or has quotation marks".into(),
            Self::Uuid => "it takes an id of 36 characters, such as 12345678-1234-1234-1234-123456789012".into(),
            Self::AgentId => "it takes ten capital letters and digits".into(),
            Self::Email => "it takes an e-mail address".into(),
            Self::Number(least, most) => format!("it takes a number from {least} to {most}"),
            Self::OneOf(values) => format!("it takes one of {}", values.join(", ")),
        })
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c))
}

/// Parameters by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads `name=value` each. An ARN of an instance is taken for its id.
    ///
    /// # Errors
    /// All that is wrong, a line each.
    pub fn read<'a>(given: impl IntoIterator<Item = &'a str>) -> Result<Self, Vec<String>> {
        let (mut parameters, mut problems) = (Self::default(), Vec::new());
        for text in given {
            let Some((name, value)) = text.split_once('=') else {
                problems.push(format!("--parameters {text}: write name=value"));
                continue;
            };
            let value = if name == "instanceId" { value.rsplit('/').next().unwrap_or(value) } else { value };
            match KNOWN.iter().chain([&ARCHITECTURE]).find(|(known, _)| *known == name) {
                None => {
                    let names: Vec<&str> = KNOWN.iter().map(|(known, _)| *known).collect();
                    problems.push(format!(
                        "--parameters {name}: there is no such parameter; there are {}",
                        names.join(", ")
                    ));
                }
                Some((_, kind)) => match kind.wrong(value) {
                    Some(wrong) => problems.push(format!("--parameters {name}={value}: {wrong}")),
                    None if parameters.0.insert(name.into(), value.into()).is_some() => {
                        problems.push(format!("--parameters {name}: it is given twice"));
                    }
                    None => {}
                },
            }
        }
        if parameters.get(QUEUE).is_some() && parameters.get("queueId").is_some() {
            problems.push("--parameters: queue and queueId name the same thing; give one".into());
        }
        if problems.is_empty() { Ok(parameters) } else { Err(problems) }
    }

    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets one.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Takes what was not given from a stack that is there already. A new model is not combined with the old one's ARN, nor
    /// a new queue with the old one's id.
    pub fn fall_back_to(&mut self, stack: &BTreeMap<String, String>) {
        let queue = self.get(QUEUE).is_some();
        let model = self.get("modelId").is_some();
        for (name, value) in stack {
            let replaced = (queue && name == "queueId") || (model && name == "modelArnPattern");
            if !replaced && !value.is_empty() && !self.0.contains_key(name) {
                self.set(name, value.clone());
            }
        }
    }

    /// Adds what follows from others: the models behind a profile.
    pub fn complete(&mut self) {
        if let (Some(model), None) = (self.get("modelId"), self.get("modelArnPattern")) {
            let behind = model_behind(model).to_owned();
            self.set("modelArnPattern", behind);
        }
    }

    /// For `--parameter-overrides`: the template's own, as `name=value`.
    pub fn overrides(&self) -> Vec<String> {
        self.0.iter().filter(|(name, _)| *name != QUEUE).map(|(name, value)| format!("{name}={value}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "12345678-1234-1234-1234-123456789012";

    #[test]
    fn every_parameter_of_the_template_is_known() {
        let template = include_str!("../../../../deploy/template.yaml");
        let section = template.split("\nParameters:\n").nth(1).and_then(|rest| rest.split("\nRules:").next()).unwrap();
        let mut names: Vec<&str> = section
            .lines()
            .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with([' ', '#'])))
            .filter_map(|line| line.strip_suffix(':'))
            .collect();
        names.push(QUEUE);
        names.sort_unstable();
        let mut known: Vec<&str> = KNOWN.iter().chain([&ARCHITECTURE]).map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
    }

    #[test]
    fn all_that_is_wrong_comes_at_once() {
        let arn = format!("instanceId=arn:aws:connect:eu-west-1:1:instance/{ID}");
        let right = Parameters::read([arn.as_str(), "queue=Second line", "turnSeconds=900"]).unwrap();
        assert_eq!((right.get("instanceId"), right.get(QUEUE)), (Some(ID), Some("Second line")));
        let given =
            ["instanceId=x", "quue=a", "turnSeconds=5", "delivery", "agentBackend=lex", "alarmEmail=a@", "modelId="];
        let problems = Parameters::read(given).unwrap_err();
        assert_eq!(problems.len(), given.len(), "{problems:#?}");
        assert!(problems[1].contains("there is no such parameter") && problems[1].contains("queueId"));
        let id = format!("queueId={ID}");
        assert!(Parameters::read([id.as_str(), "queue=a"]).unwrap_err()[0].contains("the same thing"));
    }

    #[test]
    fn a_second_deployment_keeps_what_is_not_said_again() {
        let mut again = Parameters::read(["queue=Other", "modelId=us.amazon.nova-pro-v1:0"]).unwrap();
        let old = [("queueId", ID), ("modelArnPattern", "old"), ("alarmEmail", ""), ("instanceId", ID)];
        again.fall_back_to(&old.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        again.complete();
        assert_eq!(
            again.overrides(),
            [
                format!("instanceId={ID}"),
                "modelArnPattern=amazon.nova-pro-v1:0".into(),
                "modelId=us.amazon.nova-pro-v1:0".into()
            ]
        );
    }
}
