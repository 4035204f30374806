//! From the variables' texts to what they mean.

use std::{env, path::PathBuf};

use relevo_agents::definition::models::PROVIDERS;

use super::{
    AGENT_ALIAS_ID, AGENT_ID, AgentRef, Answers, DEFAULT_AGENT_ALIAS_ID, DEFAULT_BOT, Environment, EnvironmentError,
    INSTANCE_ID, LAMBDA_TASK_ROOT, OwnModels, RELEVO_AGENT_STREAMING, RELEVO_AGENT_TRACE, RELEVO_BOT, RELEVO_MODEL,
    RELEVO_MODEL_ID, TABLE_NAME, TOPIC_ARN,
};
use crate::Arn;

impl Environment {
    /// Reads the process's environment.
    pub fn read() -> Result<Self, EnvironmentError> {
        Self::of(|name| env::var(name).ok())
    }

    /// Reads from `get`. An empty variable is an absent one.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let get = |name: &str| get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut problems = Vec::new();
        let mut required = |name: &str, what: &str| {
            get(name).unwrap_or_else(|| {
                problems.push(format!("{name} is not set ({what})"));
                String::new()
            })
        };
        let instance = required(INSTANCE_ID, "the Connect instance's id or ARN");
        let table_name = required(TABLE_NAME, "the table of sessions");
        let instance_id = id(&instance, "connect", INSTANCE_ID, &mut problems);
        let topic_arn = get(TOPIC_ARN);
        if let Some(topic) = &topic_arn {
            match Arn::parse(topic) {
                Some(arn) if arn.service == "sns" && arn.resource.strip_suffix(".fifo").is_some() => {
                    problems.push(format!(
                        "{TOPIC_ARN} is a FIFO topic, which Connect cannot stream to: use a standard one"
                    ));
                }
                Some(arn) if arn.service == "sns" => {}
                _ => problems.push(format!("{TOPIC_ARN} is not the ARN of an SNS topic")),
            }
        }
        let streaming = switch(get(RELEVO_AGENT_STREAMING).as_deref(), RELEVO_AGENT_STREAMING, &mut problems);
        let agent_trace = switch(get(RELEVO_AGENT_TRACE).as_deref(), RELEVO_AGENT_TRACE, &mut problems);
        let agent = get(AGENT_ID).map(|agent| {
            let alias = get(AGENT_ALIAS_ID).unwrap_or_else(|| DEFAULT_AGENT_ALIAS_ID.into());
            AgentRef {
                agent_id: bedrock_id(&agent, AGENT_ID, &mut problems),
                agent_alias_id: bedrock_id(&alias, AGENT_ALIAS_ID, &mut problems),
                streaming,
            }
        });
        let models = models(get(RELEVO_MODEL).as_deref(), get(RELEVO_MODEL_ID), &mut problems);
        let answers = agent.map_or(Answers::Own(models), Answers::BedrockAgent);
        let folder = PathBuf::from(get(RELEVO_BOT).unwrap_or_else(|| DEFAULT_BOT.into()));
        let bot = match get(LAMBDA_TASK_ROOT) {
            Some(root) => PathBuf::from(root).join(folder),
            None => folder,
        };
        if problems.is_empty() {
            Ok(Self { instance_id, table_name, topic_arn, answers, agent_trace, bot })
        } else {
            Err(EnvironmentError(problems))
        }
    }
}

/// On, unless it is switched off.
fn switch(text: Option<&str>, name: &str, problems: &mut Vec<String>) -> bool {
    match text {
        None | Some("true") => true,
        Some("false") => false,
        Some(_) => {
            problems.push(format!("{name} is neither true nor false"));
            true
        }
    }
}

fn models(names: Option<&str>, default_model_id: Option<String>, problems: &mut Vec<String>) -> OwnModels {
    let named: Vec<String> = names.into_iter().flat_map(|names| names.split(',')).map(|it| it.trim().into()).collect();
    for name in named.iter().filter(|name| !PROVIDERS.contains(&name.as_str())) {
        problems.push(format!("{RELEVO_MODEL}: `{name}` is no model provider; there are {}", PROVIDERS.join(", ")));
    }
    OwnModels { named, default_model_id }
}

/// An id, or the one in an ARN of this service.
fn id(text: &str, service: &str, name: &str, problems: &mut Vec<String>) -> String {
    match Arn::parse(text) {
        Some(arn) if arn.service == service => arn.last_id().to_owned(),
        Some(_) => {
            problems.push(format!("{name} is the ARN of another service than {service}"));
            String::new()
        }
        None => text.to_owned(),
    }
}

/// An agent's or alias's id: one to ten letters and digits. The sample deploys the word `AGENT_ID` itself, to be edited
/// by hand.
fn bedrock_id(text: &str, name: &str, problems: &mut Vec<String>) -> String {
    let before = problems.len();
    let id = id(text, "bedrock", name, problems);
    let right = (1..=10).contains(&id.len()) && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    if !right && problems.len() == before {
        problems.push(format!("{name} is not an id of Bedrock (1 to 10 letters and digits)"));
    }
    id
}
