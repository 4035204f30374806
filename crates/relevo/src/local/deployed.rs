//! `--template`: what a `CloudFormation` template deploys, for this machine.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use relevo_connect::stream::FilterPolicy;
use relevo_deploy::stack::{self, By, DeployedFlow, DeployedFunction};

use super::lambdas::models_at;

/// A template, read for running it here.
pub(crate) struct Deployed {
    /// Its flow; none: the bot's own.
    pub flow: Option<DeployedFlow>,
    /// What reaches the bot.
    pub filter: FilterPolicy,
    /// Through what it does.
    pub by: By,
    /// What the flow calls.
    pub start_bot: DeployedFunction,
    /// What answers the customer.
    pub chat_bot: DeployedFunction,
    /// What is to be known, a line each.
    pub notes: Vec<String>,
}

impl Deployed {
    /// Reads it. `parameters`: `name=value` each.
    ///
    /// # Errors
    /// All that is wrong, a line each, with file and line.
    pub(crate) fn read(file: &Path, parameters: &[String]) -> Result<Self, Vec<String>> {
        let mut given = BTreeMap::new();
        for text in parameters {
            let Some((name, value)) = text.split_once('=') else {
                return Err(vec![format!("--parameters takes name=value, not `{text}`")]);
            };
            given.insert(name.trim().to_owned(), value.to_owned());
        }
        let text =
            std::fs::read_to_string(file).map_err(|why| vec![format!("{}: cannot be read: {why}", file.display())])?;
        let stack = stack::read(&text, &file.display().to_string(), &given)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let delivery = &stack.delivery;
        // Without a policy everything is delivered.
        let told = |what: &str| format!("{}: the filter policy of {}: {what}", delivery.place, delivery.resource);
        let filter = FilterPolicy::parse(delivery.filter.as_deref().unwrap_or("{}"))
            .map_err(|why| vec![told(&why.to_string())])?;
        let unheard: Vec<String> = filter.notes().iter().map(|note| told(note)).collect();
        let mut deployed = Self {
            flow: stack.flow,
            filter,
            by: stack.delivery.by,
            start_bot: stack.start_bot,
            chat_bot: stack.chat_bot,
            notes: stack.notes,
        };
        deployed.notes.extend(unheard);
        let who = match (deployed.agent_id(), models_at()) {
            (Some(id), _) => format!("the agent {id} is the bot folder's own here, with the models of --model"),
            (None, Some(url)) => format!("with --lambdas process, the functions' own agents ask the models at {url}"),
            (None, None) => {
                "the functions ask the bot's agents over this machine's InvokeAgent, with the models of --model".into()
            }
        };
        deployed.notes.push(who);
        Ok(deployed)
    }

    /// Whether its functions ask models themselves: they have no Bedrock agent, and it is said where models are.
    pub(super) fn asks_models(&self) -> bool {
        self.agent_id().is_none() && models_at().is_some()
    }

    /// The Bedrock agent that answers; none: the bot's own agents do.
    fn agent_id(&self) -> Option<&str> {
        self.chat_bot.variables.get("AGENT_ID").map(String::as_str).filter(|id| !id.is_empty())
    }

    /// The bot's folder by the template: where it lies, or in `bot` there, as the functions are packed.
    pub(crate) fn bot_beside(file: &Path) -> Option<PathBuf> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        [folder.to_path_buf(), folder.join("bot")].into_iter().find(|folder| folder.join("bot.yaml").is_file())
    }

    /// How long `start-bot` and `chat-bot` may take.
    pub(super) fn limits(&self) -> (Duration, Duration) {
        let seconds = |function: &DeployedFunction| Duration::from_secs(function.timeout_seconds.into());
        (seconds(&self.start_bot), seconds(&self.chat_bot))
    }
}
