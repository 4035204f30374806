//! The agents' port [`relevo_agents::tools::Tools`] over what the definition's `tools` name: local tables, HTTP endpoints,
//! Lambda functions, and whoever calls MCP servers.
//!
//! A call has a time, and comes again only where it was declared that it may.

mod executors;
mod http;
mod lambda;
mod url;
mod value;

pub use executors::{ExecutorPorts, Executors};
