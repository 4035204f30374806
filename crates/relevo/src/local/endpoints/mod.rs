//! `--endpoints FILE`: Lambda functions and subscribers of other people, beside the bot or in its place.

mod confirm;
mod file;
mod function;
mod http;
mod subscriber;

use std::{collections::BTreeMap, sync::Arc};

use relevo_connect::ports::{FunctionError, TimeLimit};
use relevo_deploy::{StartBot, function_name};
use secrecy::SecretString;
use serde_json::Value;

pub(crate) use self::file::EndpointsFile;
use self::function::OwnFunction;
pub(super) use self::{confirm::routes, subscriber::Subscriber};
use super::{identity::Identity, lambdas};

/// What the file's functions and subscribers became. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Endpoints {
    functions: Arc<BTreeMap<String, Arc<OwnFunction>>>,
    /// Who hears the topic beside the bot.
    pub(super) subscribers: Arc<Vec<Subscriber>>,
}

impl Endpoints {
    /// Nothing runs until something is to be done. `port`: where everything is that the functions call; `secret`: what they
    /// sign with, where that matters.
    pub(super) fn new(file: &EndpointsFile, identity: &Identity, port: u16, secret: Option<&SecretString>) -> Self {
        let functions: BTreeMap<String, Arc<OwnFunction>> = file
            .functions
            .iter()
            .map(|(name, spec)| {
                let function = OwnFunction::new(name, spec, file, identity, lambdas::around(identity, port, secret));
                (name.clone(), Arc::new(function))
            })
            .collect();
        let subscribers =
            file.subscribers.iter().filter_map(|spec| Subscriber::new(spec, &functions, identity)).collect();
        Self { functions: Arc::new(functions), subscribers: Arc::new(subscribers) }
    }

    /// Whether there is anything.
    pub(super) fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.subscribers.is_empty()
    }

    /// Whether one of the functions is what the flow starts its bot by: the bot is then somebody else's.
    pub(super) fn are_the_bot(&self, start_bot: StartBot, flow_calls: &[&str]) -> bool {
        flow_calls.iter().any(|arn| start_bot.is(arn) && self.function(arn).is_some())
    }

    /// Whether the function is one of these.
    pub(super) fn has(&self, arn: &str) -> bool {
        self.function(arn).is_some()
    }

    /// A flow's call of a function, if the function is one of these.
    pub(super) async fn invoke(
        &self,
        arn: &str,
        event: &Value,
        limit: &TimeLimit,
    ) -> Option<Result<Value, FunctionError>> {
        let limit = limit.clone();
        Some(self.function(arn)?.invoke(event, move || limit.begin()).await)
    }

    fn function(&self, arn: &str) -> Option<&Arc<OwnFunction>> {
        self.functions.get(function_name(arn))
    }
}
