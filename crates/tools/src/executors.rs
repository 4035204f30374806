//! Finds the executor of a function and calls it: in its time, and again where that is safe.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, agent::Function, tool::Tool},
    tools::{TableTools, TableToolsPorts, ToolCall, ToolError, ToolOutput, Tools},
};
use relevo_outbound::{CallError, Http, Invoke, Tokens};
use tokio::time::{Instant, sleep, timeout};

use crate::{http, lambda};

/// The pauses before a call that failed on the way is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(600)];

const NO_LAMBDA: &str = "no Lambda API here: AWS_ENDPOINT_URL_LAMBDA is not set";

/// What the executors need of the world.
#[derive(Clone)]
pub struct ExecutorPorts {
    /// For tables.
    pub tables: TableToolsPorts,
    /// Invokes Lambda functions; none: they fail.
    pub lambda: Option<Arc<dyn Invoke>>,
    /// Calls the tools of MCP servers; none: they fail.
    pub mcp: Option<Arc<dyn Tools>>,
}

/// The executors of a definition.
pub struct Executors {
    definition: Arc<AgentsDefinition>,
    tables: TableTools,
    lambda: Option<Arc<dyn Invoke>>,
    mcp: Option<Arc<dyn Tools>>,
    http: Http,
    tokens: Tokens,
}

impl Executors {
    /// The executors of a definition. `variable` reads an environment variable, for the tokens that its tools name.
    pub fn new(
        definition: &Arc<AgentsDefinition>,
        ports: ExecutorPorts,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        Self {
            tokens: Tokens::read(token_names(definition), variable),
            tables: TableTools::new(Arc::clone(definition), ports.tables),
            definition: Arc::clone(definition),
            lambda: ports.lambda,
            mcp: ports.mcp,
            http: Http::default(),
        }
    }

    /// What calls lack here, for the operator: tokens, and a Lambda API.
    pub fn missing(&self) -> Vec<String> {
        let unset = token_names(&self.definition).filter_map(|name| self.tokens.of(Some(name)).err());
        let mut missing: Vec<String> = unset.map(|error| error.to_string()).collect();
        if self.lambda.is_none() && self.definition.invokes() {
            missing.push(NO_LAMBDA.into());
        }
        missing.dedup();
        missing
    }

    async fn attempts(&self, tool: &Tool, time: Duration, call: &ToolCall) -> Result<ToolOutput, ToolError> {
        let mut pauses = PAUSES.iter().filter(|_| tool.is_idempotent());
        loop {
            let begin = Instant::now();
            let outcome = timeout(time, self.once(tool, call)).await.unwrap_or(Err(ToolError::TimedOut));
            let (group, function) = (&call.action_group, &call.function);
            tracing::info!(group, function, duration_ms = begin.elapsed().as_millis(), ok = outcome.is_ok(), "tool");
            match (outcome, pauses.next()) {
                (Err(cause @ (ToolError::Passing(_) | ToolError::TimedOut)), Some(pause)) => {
                    tracing::warn!(group, function, %cause, "A function is tried again");
                    sleep(*pause).await;
                }
                (outcome, _) => return outcome,
            }
        }
    }

    async fn once(&self, tool: &Tool, call: &ToolCall) -> Result<ToolOutput, ToolError> {
        match tool {
            Tool::Http(it) => http::call(&self.http, &self.tokens, it, self.function(call)?, call).await,
            Tool::Lambda(it) => {
                let lambda = self.lambda.as_ref();
                let lambda = lambda.ok_or_else(|| absent(NO_LAMBDA))?;
                lambda::call(lambda.as_ref(), it, self.function(call)?, call).await
            }
            Tool::Mcp(_) => {
                let mcp = self.mcp.as_ref().ok_or_else(|| absent("MCP servers are not called here"))?;
                mcp.call(call.clone()).await
            }
            Tool::Lookup(_) | Tool::Insert(_) => self.tables.call(call.clone()).await,
        }
    }

    fn function(&self, call: &ToolCall) -> Result<&Function, ToolError> {
        let found = self.definition.function(&call.action_group, &call.function);
        found.map(|(_, function)| function).ok_or_else(|| unknown(call))
    }
}

#[async_trait]
impl Tools for Executors {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        let tool = self.definition.executor(&call.action_group, &call.function).ok_or_else(|| unknown(&call))?;
        match tool.timeout() {
            Some(time) => self.attempts(&tool, time, &call).await,
            None => self.tables.call(call).await,
        }
    }
}

/// The environment variables that HTTP tools name.
fn token_names(definition: &AgentsDefinition) -> impl Iterator<Item = &str> {
    let all = definition.tools.values().flat_map(|tools| tools.values());
    all.filter_map(|tool| if let Tool::Http(it) = tool { it.bearer_from.as_deref() } else { None })
}

fn unknown(call: &ToolCall) -> ToolError {
    ToolError::Unknown { action_group: call.action_group.clone(), function: call.function.clone() }
}

fn absent(what: &str) -> ToolError {
    ToolError::Failed(what.into())
}

/// What a call that failed is for the run. An answer that is too long the model can do something about.
pub(crate) fn failed(error: &CallError) -> Result<ToolOutput, ToolError> {
    match error {
        CallError::TooLong(_) => Ok(ToolOutput::refused("The answer is too long. Ask for less.")),
        error if error.is_passing() => Err(ToolError::Passing(error.to_string())),
        error => Err(ToolError::Failed(error.to_string())),
    }
}
