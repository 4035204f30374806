//! Executors that are called elsewhere: HTTP endpoints, Lambda functions, MCP servers.
//!
//! All of them: `timeoutMs` is how long one attempt may take, and only what is declared `idempotent` (the same call twice
//! does no more than once) is tried again when it failed on the way.

use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};

use super::tool::Tool;

/// An HTTP endpoint.
///
/// The arguments of an operation go where its API schema says. Those of a function fill the `{parameters}` of the URL; the
/// rest is the query of a GET and a DELETE, and else a JSON body.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpTool {
    /// For a function the whole address. For an operation the server, in place of the one the schema names.
    pub url: Option<String>,
    /// For a function; an operation has its own.
    pub method: Option<HttpMethod>,
    /// Sent along. No secrets: for those there is `bearer_from`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// An environment variable whose value goes along as `Authorization: Bearer …`.
    pub bearer_from: Option<String>,
    /// How long one attempt may take.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// Whether it may be tried again.
    #[serde(default)]
    pub idempotent: bool,
}

/// The methods there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names of HTTP")]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl HttpMethod {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A Lambda function.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LambdaTool {
    /// Its name or its ARN.
    pub function: String,
    /// How long one attempt may take.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// Whether it may be tried again.
    #[serde(default)]
    pub idempotent: bool,
}

/// A tool of an MCP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct McpTool {
    /// One of `mcpServers`.
    pub server: String,
    /// The tool's name there, where it is not the function's.
    pub tool: Option<String>,
    /// For a whole action group: the server's tools that are its functions, with the schemas that the server tells. Without
    /// it the action group declares its functions itself.
    pub tools: Option<Offered>,
    /// How long one attempt may take.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// Whether it may be tried again.
    #[serde(default)]
    pub idempotent: bool,
}

/// Which tools of an MCP server are offered to the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// `all`.
    All,
    /// Those with these names.
    Named(Vec<String>),
}

impl Offered {
    /// Whether this one is.
    pub fn has(&self, tool: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|name| name == tool),
        }
    }
}

/// An MCP server, in the shape that such servers are commonly configured in: a `command` to be started, or a `url`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct McpServer {
    /// A program that speaks by its standard input and output. It is ended with us, and works in the bot's folder: a path
    /// among its arguments is one below that.
    pub command: Option<String>,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Its environment, beside what a program needs to run at all (`PATH`, `HOME` and the like). No secrets: for those
    /// there is `env_from`.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Variables of our own environment that it gets too.
    #[serde(default)]
    pub env_from: Vec<String>,
    /// An address that is spoken to by streamable HTTP.
    pub url: Option<String>,
    /// Sent along to the address. No secrets: for those there is `bearer_from`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// An environment variable whose value goes along as `Authorization: Bearer …`.
    pub bearer_from: Option<String>,
    /// The bot's folder. Filled by [`Definition::load`](super::Definition::load); empty: where we are.
    #[serde(skip)]
    pub dir: PathBuf,
}

impl Tool {
    /// How long one attempt may take, for what is called elsewhere.
    pub fn timeout(&self) -> Option<Duration> {
        let ms = match self {
            Self::Lookup(_) | Self::Insert(_) => return None,
            Self::Http(it) => it.timeout_ms,
            Self::Lambda(it) => it.timeout_ms,
            Self::Mcp(it) => it.timeout_ms,
        };
        Some(Duration::from_millis(ms))
    }

    /// Whether a server is to tell what functions there are.
    pub fn offers(&self) -> bool {
        matches!(self, Self::Mcp(it) if it.tools.is_some())
    }

    /// Whether it may be tried again.
    pub fn is_idempotent(&self) -> bool {
        match self {
            Self::Lookup(_) | Self::Insert(_) => false,
            Self::Http(it) => it.idempotent,
            Self::Lambda(it) => it.idempotent,
            Self::Mcp(it) => it.idempotent,
        }
    }
}

/// As long as a customer waits without a word.
pub(super) const fn default_timeout_ms() -> u64 {
    10_000
}

impl<'de> Deserialize<'de> for Offered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfferedVisitor)
    }
}

struct OfferedVisitor;

impl<'de> Visitor<'de> for OfferedVisitor {
    type Value = Offered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`all` or a list of names")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Offered, E> {
        if text == "all" { Ok(Offered::All) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Offered, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = items.next_element()? {
            names.push(name);
        }
        Ok(Offered::Named(names))
    }
}
