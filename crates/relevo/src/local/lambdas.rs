//! `--lambdas process`: the deployed binaries as child processes, with the variables that a deployment gives them.

use std::{
    collections::BTreeMap,
    env::consts::EXE_SUFFIX,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use relevo_connect::{
    ports::{FunctionError, TimeLimit},
    stream::Notification,
};
use relevo_deploy::stack::{By, DeployedFunction};
use relevo_host::{Function, FunctionSetup, LogLines, dynamodb::TableSpec};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::{batch, deployed::Deployed, identity::Identity};

/// The table of sessions, and its key: the sample's.
const TABLE: &str = "relevo-sessions";
const TABLE_KEY: &str = "contactId";
/// `start-bot` has less time than this from the flow (8 s), and ends its own work before.
const START_TIMEOUT: Duration = Duration::from_secs(15);
/// Lambda's, for a child to ask for its first event.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a small function is given; nothing is enforced here.
const MEMORY_MB: u32 = 256;
/// Children of one function at once: each is a process of some 15 MB.
const MOST_CHILDREN: usize = 32;
/// Children of one function that may start at once: as many as there are cores for it, and one more.
pub(super) fn most_starting() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get() + 1)
}

/// Where Bedrock's models are, if the operator says so.
const MODELS_AT: &str = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";
/// What the operator may set for the children as well. What is not here may be elsewhere: models, knowledge bases and agents,
/// further functions.
const PASSED_ON: [&str; 6] = [
    "RELEVO_LOG",
    "RELEVO_AGENT_STREAMING",
    "RELEVO_METRICS_NAMESPACE",
    MODELS_AT,
    "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME",
    "AWS_ENDPOINT_URL_LAMBDA",
];

/// What `relevo up --lambdas process` was asked for, checked.
pub(crate) struct LambdaSetup {
    /// `start-bot`.
    start_bot: PathBuf,
    /// `chat-bot`.
    chat_bot: PathBuf,
    /// The bot's folder.
    bot: PathBuf,
    /// How long `chat-bot` may take.
    timeout: Duration,
    /// Where the children's lines go.
    log: Arc<dyn LogLines>,
}

impl LambdaSetup {
    /// Looks for the binaries in `folder` (default: where this program is), by their names or as `sam build` leaves them, in
    /// a folder for each function of the template. Every path becomes absolute: the children
    /// stand in another folder.
    pub(crate) fn find(
        folder: Option<&Path>,
        bot: &Path,
        timeout: Duration,
        log: Arc<dyn LogLines>,
    ) -> anyhow::Result<Self> {
        let folder = match folder {
            Some(folder) => folder.to_path_buf(),
            None => std::env::current_exe()?.parent().map(Path::to_path_buf).unwrap_or_default(),
        };
        let binary = |name: &str, resource: &str| {
            let path = folder.join(format!("{name}{EXE_SUFFIX}"));
            let built = [path.clone(), folder.join(resource).join("bootstrap")];
            let mut there = built.iter().filter_map(|path| path.canonicalize().ok().filter(|path| path.is_file()));
            there.next().ok_or_else(|| {
                anyhow::anyhow!(
                    "there is no {}; build it with cargo build --release -p relevo-lambdas, or say where it is with \
                     --lambdas-dir",
                    path.display()
                )
            })
        };
        Ok(Self {
            start_bot: binary("start-bot", "StartBot")?,
            chat_bot: binary("chat-bot", "ChatBot")?,
            bot: bot.canonicalize()?,
            timeout,
            log,
        })
    }
}

/// The table that the functions have.
pub(super) fn table(identity: &Identity) -> TableSpec {
    TableSpec { name: TABLE.into(), arn: identity.table_arn(TABLE), key: TABLE_KEY.into() }
}

/// The names of the bot's functions.
pub(super) const FUNCTIONS: [&str; 2] = ["start-bot", "chat-bot"];

/// What a function is told of what is around it. `port`: where all of it is; `secret`: what its calls are signed with, where
/// that matters.
pub(super) fn around(identity: &Identity, port: u16, secret: Option<&SecretString>) -> Vec<(String, String)> {
    let told = [
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
        ("INSTANCE_ID", identity.instance_id.clone()),
        ("TABLE_NAME", TABLE.to_owned()),
        ("TOPIC_ARN", identity.topic_arn()),
    ];
    let secret = secret.map(|it| ("AWS_SECRET_ACCESS_KEY", it.expose_secret().to_owned()));
    told.into_iter().chain(secret).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Where Bedrock's models are; none: nothing leaves this machine, and the functions ask its `InvokeAgent`.
pub(super) fn models_at() -> Option<String> {
    std::env::var(MODELS_AT).ok().filter(|url| !url.is_empty())
}

/// The two functions.
pub(super) struct Lambdas {
    start_bot: Function,
    chat_bot: Function,
    identity: Identity,
    by: By,
}

impl Lambdas {
    /// Nothing runs until something is to be done. `agent`: the agent's and its alias's id; `port`: where everything is
    /// that the functions call; `secret`: what they sign with, where signatures are verified.
    pub(super) fn new(
        setup: &LambdaSetup,
        deployed: Option<&Deployed>,
        identity: &Identity,
        agent: (&str, &str),
        port: u16,
        secret: Option<&SecretString>,
    ) -> Self {
        // Without a Bedrock agent in the template, and with models, the function's own agents answer, as on AWS.
        let own_agents = deployed.is_some_and(Deployed::asks_models);
        let agent = (!own_agents).then_some([("AGENT_ID", agent.0), ("AGENT_ALIAS_ID", agent.1)]);
        let agent = agent.into_iter().flatten().map(|(name, id)| (name, id.to_owned()));
        // Nobody collects metrics here.
        let own = [("RELEVO_BOT", setup.bot.display().to_string()), ("RELEVO_METRICS_NAMESPACE", String::new())];
        let own = own.into_iter().chain(agent).map(|(name, value)| (name.to_owned(), value));
        let passed = PASSED_ON.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
        let own_variables: Vec<(String, String)> =
            around(identity, port, secret).into_iter().chain(own).chain(passed).collect();
        let function = |name: &str, binary: &Path, of: Option<&DeployedFunction>, otherwise: Duration| {
            // What this machine is in place of AWS goes before what the template says of AWS.
            let mut variables: BTreeMap<String, String> = of.map(of_template).unwrap_or_default();
            variables.extend(own_variables.iter().cloned());
            let timeout = of.map_or(otherwise, |it| Duration::from_secs(it.timeout_seconds.into()));
            Function::new(FunctionSetup {
                name: name.to_owned(),
                region: identity.region.clone(),
                account_id: identity.account_id.clone(),
                binary: binary.to_path_buf(),
                arguments: Vec::new(),
                directory: None,
                variables: variables.into_iter().collect(),
                timeout,
                init_timeout: INIT_TIMEOUT,
                memory_mb: of.map_or(MEMORY_MB, |it| it.memory_mb),
                most_children: MOST_CHILDREN,
                most_starting: most_starting(),
                log: Arc::clone(&setup.log),
            })
        };
        Self {
            start_bot: function(
                "start-bot",
                &setup.start_bot,
                deployed.map(|it| &it.start_bot),
                START_TIMEOUT.min(setup.timeout),
            ),
            chat_bot: function("chat-bot", &setup.chat_bot, deployed.map(|it| &it.chat_bot), setup.timeout),
            identity: identity.clone(),
            by: deployed.map_or(By::Topic, |it| it.by),
        }
    }

    /// A flow's call, whose limit begins with its turn: a chat must not lose its bot because many begin at once, or go on after
    /// a restart.
    pub(super) async fn start(&self, event: &Value, limit: &TimeLimit) -> Result<Value, FunctionError> {
        let limit = limit.clone();
        let answer = self.start_bot.invoke(event.to_string(), move || limit.begin()).await;
        let answer = answer.map_err(|error| FunctionError::Failed(error.payload().to_string()))?;
        serde_json::from_slice(&answer).map_err(|_| FunctionError::Failed("the answer is not JSON".into()))
    }

    /// A delivery of the topic, in the event that the function gets at AWS.
    pub(super) async fn take(&self, notification: &Notification) -> Result<(), String> {
        let event = batch::event(self.by, &self.identity, notification);
        match self.chat_bot.invoke(event.to_string(), || {}).await {
            Ok(answer) if batch::comes_again(self.by, &answer) => Err("the record must come again".into()),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(function = "chat-bot", error_type = error.error_type(), %error, "an invocation failed");
                Err(error.to_string())
            }
        }
    }
}

/// A function's variables by the template, and its secrets by this terminal. Where the calls go is this machine's to say:
/// nothing leaves it.
fn of_template(function: &DeployedFunction) -> BTreeMap<String, String> {
    let own = |name: &String| !name.starts_with("AWS_");
    let secrets = function.secrets.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
    function.variables.clone().into_iter().chain(secrets).filter(|(name, _)| own(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nowhere;

    impl LogLines for Nowhere {
        fn line(&self, _: &str, _: &str) {}
    }

    #[test]
    fn binaries_that_are_not_there_are_named_with_the_way_to_build_them() {
        let folder = tempfile::tempdir().unwrap();
        let find = || LambdaSetup::find(Some(folder.path()), folder.path(), INIT_TIMEOUT, Arc::new(Nowhere));
        let error = find().err().unwrap().to_string();
        assert!(error.contains("start-bot") && error.contains("cargo build --release -p relevo-lambdas"), "{error}");
        for name in ["start-bot", "chat-bot"] {
            std::fs::write(folder.path().join(format!("{name}{EXE_SUFFIX}")), "").unwrap();
        }
        let found = find().unwrap();
        assert!(found.bot.is_absolute() && found.chat_bot.is_absolute());
        std::fs::remove_file(&found.start_bot).unwrap();
        std::fs::create_dir(folder.path().join("StartBot")).unwrap();
        std::fs::write(folder.path().join("StartBot/bootstrap"), "").unwrap();
        assert!(find().unwrap().start_bot.ends_with("StartBot/bootstrap"), "as sam build has it");
    }
}
