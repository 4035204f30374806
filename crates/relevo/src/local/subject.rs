//! Who answers in `relevo test`: the definition's own agents, or an agent of Bedrock.

use std::{str::FromStr, sync::Arc};

use relevo_agents::{definition::Definition, tools::TableToolsPorts};
use relevo_bot::Policy;
use relevo_conversations::{OwnAgents, Subject};
use relevo_knowledge::Shelf;

use super::{Models, executors, knowledge};

/// What is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The definition's own agents with its model, in this process.
    Own,
    /// `agent:ID/ALIAS`: an agent behind `InvokeAgent`.
    Agent {
        /// Its id.
        id: String,
        /// The alias's id.
        alias: String,
    },
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let agent = text.strip_prefix("agent:").and_then(|rest| rest.split_once('/'));
        match agent {
            Some((id, alias)) if !id.is_empty() && !alias.is_empty() => {
                Ok(Self::Agent { id: id.to_owned(), alias: alias.to_owned() })
            }
            _ => Err("what is tested is an agent, such as agent:ABCDEFGHIJ/TSTALIASID".into()),
        }
    }
}

/// Makes who answers.
///
/// # Errors
/// A model that is not known or has no key, a definition that the offline model does not understand.
pub(crate) async fn subject(
    target: &Target,
    models: &[String],
    definition: &Definition<Policy>,
) -> anyhow::Result<Box<dyn Subject>> {
    match target {
        Target::Own => own(models, definition).await,
        Target::Agent { id, alias } => agent(id, alias, &definition.conversation).await,
    }
}

async fn own(models: &[String], definition: &Definition<Policy>) -> anyhow::Result<Box<dyn Subject>> {
    let mut definition = definition.clone();
    let servers = executors::connect(&mut definition).await;
    let (models, warnings) = Models::choose(definition.models.as_deref(), models, |name| std::env::var(name).ok())?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    #[cfg(feature = "aws")]
    let models = models.connected().await;
    let (agents, _) = definition.split();
    let model = models.model(&agents).map_err(anyhow::Error::msg)?;
    // In memory: a test leaves nothing behind.
    // Where a base is out of reach, conversations that look nothing up in it go all the same; a look-up fails.
    let knowledge = match knowledge::shelf(&agents, None).await {
        Ok(shelf) => {
            // A test does not depend on how far the background has come.
            shelf.embed().await;
            Arc::new(shelf)
        }
        Err(error) => {
            tracing::warn!("{error}");
            Arc::new(Shelf::of(&agents, None, None))
        }
    };
    let of_tools = Arc::clone(&agents);
    let tools = move |ports: TableToolsPorts| executors::tools(&of_tools, servers.clone(), ports);
    Ok(Box::new(OwnAgents { definition: agents, model, tools: Box::new(tools), knowledge }))
}

#[cfg(feature = "aws")]
async fn agent(id: &str, alias: &str, policy: &Policy) -> anyhow::Result<Box<dyn Subject>> {
    use std::time::Duration;

    use relevo_aws::{BedrockAgent, Clients, sdk_config};
    use relevo_bot::ports::Agent;
    use relevo_conversations::{Machine, Stubs};

    /// The answer may begin a little later than the bot's own patience, which words the failure.
    const MORE: Duration = Duration::from_secs(5);

    struct Elsewhere(BedrockAgent);

    impl Subject for Elsewhere {
        fn agent(&self, _: &Arc<Machine>, _: &Arc<Stubs>) -> Arc<dyn Agent> {
            Arc::new(self.0.clone())
        }

        fn contact_id(&self, _: &Machine) -> String {
            uuid::Uuid::new_v4().to_string()
        }
    }

    let silence = Duration::from_millis(policy.limits.agent_timeout_ms) + MORE;
    let clients = Clients::new(&sdk_config().await, silence);
    Ok(Box::new(Elsewhere(BedrockAgent::new(&clients, id, alias, silence, true).whole_traces())))
}

#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with the feature it loads the SDK's configuration")]
async fn agent(_: &str, _: &str, _: &Policy) -> anyhow::Result<Box<dyn Subject>> {
    anyhow::bail!(
        "this relevo was built without the AWS SDK, so it cannot ask an agent of Bedrock; build it with `cargo build --release --features aws`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_named_by_id_and_alias() {
        let agent = Target::Agent { id: "ABCDEFGHIJ".into(), alias: "TSTALIASID".into() };
        assert_eq!("agent:ABCDEFGHIJ/TSTALIASID".parse(), Ok(agent));
        for wrong in ["", "agent:", "agent:A", "agent:/B", "agent:A/", "A/B"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
