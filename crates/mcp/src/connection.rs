//! A connection to a server: over a child's pipes, or by HTTP.

use std::{collections::HashMap, path::Path, process::Stdio};

use relevo_agents::definition::tool::McpServer;
use reqwest::{
    Client,
    header::{HeaderName, HeaderValue},
    redirect::Policy,
};
use rmcp::{
    Peer, RoleClient, ServiceExt as _,
    model::{ClientCapabilities, ClientConfig, Implementation},
    service::RunningService,
    transport::{
        StreamableHttpClientTransport, async_rw::AsyncRwTransport,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use secrecy::ExposeSecret as _;
use tokio::process::{Child, Command};

use crate::server::Server;

/// The longest message. A list of tools with their schemas is longer than any result that a model is given.
const LONGEST_MESSAGE: usize = 1_024 * 1_024;
/// What is read of an error's page.
const LONGEST_ERROR: usize = 4 * 1_024;

/// A connection. Dropping it closes it, and kills its child.
pub(crate) struct Connection {
    service: RunningService<RoleClient, ClientConfig>,
    _child: Option<Child>,
}

impl Connection {
    pub(crate) fn is_open(&self) -> bool {
        !self.service.is_closed() && !self.service.peer().is_transport_closed()
    }

    pub(crate) fn peer(&self) -> Peer<RoleClient> {
        self.service.peer().clone()
    }
}

/// Connects. The cause of a failure is for the log and holds no token.
pub(crate) async fn open(server: &Server) -> Result<Connection, String> {
    match (&server.config.command, &server.config.url) {
        (Some(command), _) => by_pipes(server, command).await,
        (None, Some(url)) => by_http(server, url).await,
        (None, None) => Err("it has neither a command nor a url".into()),
    }
}

async fn by_pipes(server: &Server, command: &str) -> Result<Connection, String> {
    let dir = &server.config.dir;
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let mut child = Command::new(command)
        .args(&server.config.args)
        .current_dir(dir)
        .env_clear()
        .envs(&server.environment)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("`{command}` does not start: {error}"))?;
    let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else {
        return Err("it has no pipes".into());
    };
    let transport = AsyncRwTransport::new(output, input).with_max_line_length(LONGEST_MESSAGE);
    let service = info().serve(transport).await.map_err(|error| error.to_string())?;
    Ok(Connection { service, _child: Some(child) })
}

async fn by_http(server: &Server, url: &str) -> Result<Connection, String> {
    let token = server.tokens.of(server.config.bearer_from.as_deref()).map_err(|error| error.to_string())?;
    // A redirect is an answer: the token is for the address that was configured and no other.
    let client = Client::builder().redirect(Policy::none()).build().map_err(|error| error.to_string())?;
    let mut config = StreamableHttpClientTransportConfig::with_uri(url);
    config.max_json_response_size = LONGEST_MESSAGE;
    config.max_sse_event_size = LONGEST_MESSAGE;
    config.max_error_response_size = LONGEST_ERROR;
    config.auth_header = token.map(|token| token.expose_secret().to_owned());
    config.custom_headers = headers(&server.config)?;
    let transport = StreamableHttpClientTransport::with_client(client, config);
    let service = info().serve(transport).await.map_err(|error| error.to_string())?;
    Ok(Connection { service, _child: None })
}

fn headers(config: &McpServer) -> Result<HashMap<HeaderName, HeaderValue>, String> {
    let header = |(name, value): (&String, &String)| {
        let wrong = || format!("the header {name} cannot be sent");
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        Ok((header, HeaderValue::from_str(value).map_err(|_| wrong())?))
    };
    config.headers.iter().map(header).collect()
}

/// Who we are. Nothing is offered to the server: it asks us nothing.
fn info() -> ClientConfig {
    ClientConfig::new(ClientCapabilities::default(), Implementation::new("relevo", env!("CARGO_PKG_VERSION")))
}
