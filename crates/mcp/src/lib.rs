//! Functions that are tools of servers of the Model Context Protocol (the official SDK's client; specification
//! 2025-06-18 and its successors): a child process that speaks by its standard input and output, or streamable HTTP.
//!
//! A server that is down makes its tools fail, and is connected again by the next call. A child process ends with us.

mod connection;
mod offer;
mod result;
mod server;
mod tools;

use std::{collections::BTreeMap, sync::Arc};

use relevo_agents::definition::tool::McpServer;
use server::Server;

pub use tools::McpTools;

/// The servers of a definition. Cheap to clone.
#[derive(Clone)]
pub struct McpServers {
    servers: Arc<BTreeMap<String, Server>>,
}

impl McpServers {
    /// The servers, which nobody has called yet. `variable` reads an environment variable: for tokens, and for what a
    /// child process is given.
    pub fn new(servers: &BTreeMap<String, McpServer>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let server = |(name, config): (&String, &McpServer)| (name.clone(), Server::new(name, config, &variable));
        Self { servers: Arc::new(servers.iter().map(server).collect()) }
    }
}
