//! One server: how it is reached, and the connection there is.

use std::{collections::BTreeMap, time::Duration};

use relevo_agents::definition::tool::McpServer;
use relevo_outbound::Tokens;
use rmcp::{Peer, RoleClient};
use tokio::{sync::Mutex, time::timeout};

use crate::connection::{self, Connection};

/// Until a server has answered the first question.
const CONNECT: Duration = Duration::from_secs(10);

/// What a program needs to run at all. The rest of our environment is not a child's: it holds keys.
const PASSED_ON: [&str; 9] = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "TMPDIR"];

/// One server.
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) config: McpServer,
    pub(crate) tokens: Tokens,
    /// A child's whole environment.
    pub(crate) environment: BTreeMap<String, String>,
    connection: Mutex<Option<Connection>>,
}

/// Why a server is not to be spoken to; for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    #[error("the MCP server {server} is not reached: {cause}")]
    Unreachable { server: String, cause: String },
    #[error("the MCP server {server} does not answer")]
    Silent { server: String },
}

impl Server {
    pub(crate) fn new(name: &str, config: &McpServer, variable: &impl Fn(&str) -> Option<String>) -> Self {
        let passed_on = PASSED_ON.into_iter().chain(config.env_from.iter().map(String::as_str));
        let mut environment: BTreeMap<String, String> =
            passed_on.filter_map(|name| Some((name.to_owned(), variable(name)?))).collect();
        environment.extend(config.env.clone());
        Self {
            name: name.to_owned(),
            config: config.clone(),
            tokens: Tokens::read(config.bearer_from.as_deref(), variable),
            environment,
            connection: Mutex::default(),
        }
    }

    /// The server, connected.
    pub(crate) async fn peer(&self) -> Result<Peer<RoleClient>, ServerError> {
        let mut connection = self.connection.lock().await;
        if let Some(open) = connection.as_ref().filter(|it| it.is_open()) {
            return Ok(open.peer());
        }
        // What is left of the one before, its child too, ends before another begins.
        *connection = None;
        let opened = timeout(CONNECT, connection::open(self)).await;
        let opened = opened.map_err(|_| ServerError::Silent { server: self.name.clone() })?;
        let opened = opened.map_err(|cause| ServerError::Unreachable { server: self.name.clone(), cause })?;
        tracing::info!(server = self.name, "An MCP server is connected");
        Ok(connection.insert(opened).peer())
    }

    /// The connection is of no use any more: the next call makes another.
    pub(crate) async fn forget(&self) {
        *self.connection.lock().await = None;
    }
}
