//! A Lambda function of somebody else's: child processes on this machine, or behind an Invoke API.

use std::{sync::Arc, time::Duration};

use relevo_connect::ports::FunctionError;
use relevo_host::{Function, FunctionSetup};
use relevo_outbound::{CallError, Invoke as _, LambdaEndpoint};
use serde_json::Value;

use super::file::{EndpointsFile, FunctionSpec, Runs, find};
use crate::local::{identity::Identity, lambdas};

/// Lambda's, for a child to ask for its first event.
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a function is told that it has; nothing is enforced here.
const MEMORY_MB: u32 = 512;
/// Children of one function at once.
const MOST_CHILDREN: usize = 16;

/// The function.
pub(super) struct OwnFunction {
    /// Its name.
    pub(super) name: String,
    timeout: Duration,
    at: At,
}

enum At {
    Process(Box<Function>),
    Endpoint(LambdaEndpoint),
}

impl OwnFunction {
    /// `around`: the variables by which it finds what it calls.
    pub(super) fn new(
        name: &str,
        spec: &FunctionSpec,
        file: &EndpointsFile,
        identity: &Identity,
        around: Vec<(String, String)>,
    ) -> Self {
        let timeout = Duration::from_secs(spec.timeout_seconds.into());
        let at = match &spec.runs {
            Runs::Endpoint(url) => At::Endpoint(LambdaEndpoint::new(url)),
            Runs::Command { program, arguments, directory, environment } => {
                let directory = file.folder.join(directory);
                let mut variables = around;
                // Lambda sets one too, and runtimes look for their own programs in it.
                variables.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
                variables.extend(environment.clone());
                At::Process(Box::new(Function::new(FunctionSetup {
                    name: name.to_owned(),
                    region: identity.region.clone(),
                    account_id: identity.account_id.clone(),
                    // It was there when the file was read.
                    binary: find(program, &directory).unwrap_or_else(|| program.into()),
                    arguments: arguments.clone(),
                    directory: Some(directory),
                    variables,
                    timeout,
                    init_timeout: INIT_TIMEOUT,
                    memory_mb: MEMORY_MB,
                    most_children: MOST_CHILDREN,
                    most_starting: lambdas::most_starting(),
                    log: Arc::clone(&file.log),
                })))
            }
        };
        Self { name: name.to_owned(), timeout, at }
    }

    /// Invokes it and waits for its answer. `begins` is called when there is something to run it.
    pub(super) async fn invoke(
        &self,
        event: &Value,
        begins: impl FnOnce() + Send + 'static,
    ) -> Result<Value, FunctionError> {
        let answer = match &self.at {
            At::Process(function) => {
                let answer = function.invoke(event.to_string(), begins).await;
                let answer = answer.map_err(|error| FunctionError::Failed(error.payload().to_string()))?;
                String::from_utf8_lossy(&answer).into_owned()
            }
            At::Endpoint(endpoint) => {
                begins();
                let event = event.to_string();
                let answer = tokio::time::timeout(self.timeout, endpoint.invoke(&self.name, &event)).await;
                answer.map_err(|_| FunctionError::TimedOut)?.map_err(|error| match error {
                    CallError::Throttled | CallError::Unreachable(_) => FunctionError::Retryable(error.to_string()),
                    other => FunctionError::Failed(other.to_string()),
                })?
            }
        };
        serde_json::from_str(&answer).map_err(|_| FunctionError::Failed("the answer is not JSON".into()))
    }
}
