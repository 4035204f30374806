//! A bot's agents as Bedrock Agents Classic: `AWS::Bedrock::Agent` resources, for the accounts that may still have them.
//!
//! What `CloudFormation` has no word for stands in the supervisor's `Metadata` under `Relevo`, by the keys of `bot.yaml`, so that
//! a bot can be made of the template again ([`crate::import`]) without loss.

mod agents;
mod carry;
mod executors;
mod guardrail;
mod limits;
mod names;
mod roles;
mod source;

use serde_json::{Map, Value};

pub(crate) use carry::back;
pub use source::Source;

/// The condition that every resource has: the stack is asked for these agents.
pub const CONDITION: &str = "Classic";
/// The parameter with the model of agents whose definition names none.
pub const MODEL_ID: &str = "modelId";
/// The parameter with what that model's ARN ends in, without a profile's prefix.
pub const MODEL_ARN_PATTERN: &str = "modelArnPattern";

/// What goes into a template, in the long form.
#[derive(Debug, Clone, PartialEq)]
pub struct Resources {
    /// By logical id, each after what it refers to. Each has [`CONDITION`], or a condition of [`Self::conditions`].
    pub resources: Map<String, Value>,
    /// Further conditions; they refer to [`CONDITION`].
    pub conditions: Map<String, Value>,
    /// The logical id of the supervisor.
    pub supervisor: String,
    /// The logical id of its alias, which is what `InvokeAgent` is asked for.
    pub alias: String,
    /// What is to be known or done beside the stack, a line each.
    pub notes: Vec<String>,
}

/// Why an agent of a definition cannot be one of Bedrock's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("agent `{agent}`, {field}: {message}{}", if *.adjustable { " (a quota, which AWS raises on request)" } else { "" })]
pub struct Obstacle {
    /// Its name.
    pub agent: String,
    /// Where in it, by the keys of `bot.yaml`.
    pub field: String,
    /// What is in the way.
    pub message: String,
    /// Whether it is a quota that AWS raises on request.
    pub adjustable: bool,
}

/// The resources of a bot's agents.
///
/// # Errors
/// Everything that Bedrock would refuse.
pub fn resources(source: &Source) -> Result<Resources, Vec<Obstacle>> {
    let (resources, obstacles) = draw(source);
    if obstacles.is_empty() { Ok(resources) } else { Err(obstacles) }
}

/// The resources with what stands in their way. With obstacles they are there to be looked at, and to be imported again, but
/// not to be deployed.
pub fn draw(source: &Source) -> (Resources, Vec<Obstacle>) {
    let mut obstacles = limits::of(source);
    let guardrail = guardrail::resources(source, &mut obstacles);
    let mut drawn = agents::draw(source, guardrail, &mut obstacles);
    carry::carry(source, &mut drawn);
    let supervisor = &source.definition.agent.agent_name;
    let template = drawn.resources.get(&drawn.supervisor);
    let carried = template.and_then(|it| it.pointer(&format!("/Metadata/{}", crate::document::CARRIED)));
    obstacles.extend(carried.and_then(limits::function_in).map(|key| Obstacle {
        agent: supervisor.clone(),
        field: key.to_owned(),
        message: format!("in a template `{key}` is a function: it needs another name"),
        adjustable: false,
    }));
    obstacles.extend(drawn.resources.iter().find(|(_, resource)| limits::has_dynamic_reference(resource)).map(
        |(id, _)| Obstacle {
            agent: supervisor.clone(),
            field: id.clone(),
            message: "a text has `{{resolve:` in it, which a template would look up".into(),
            adjustable: false,
        },
    ));
    (drawn, obstacles)
}
