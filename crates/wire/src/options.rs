//! What an operator may set on the wire.

use std::{sync::Arc, time::Duration};

use relevo_connect::ports::Ids;

use crate::gate::Gate;

/// The options of the wire.
#[derive(Clone)]
pub struct Options {
    /// Where request ids come from.
    pub ids: Arc<dyn Ids>,
    /// The host in the websocket's URL: this machine's own address, or the one that others reach.
    pub ws_host: String,
    /// The port in the websocket's URL, `ws://127.0.0.1:<port>/participant/websocket`: the one the server is bound to.
    pub ws_port: u16,
    /// Browser origins beside those of this machine, such as `https://chat.example.com`.
    pub allowed_origins: Vec<String>,
    /// Values of `Host`, without port, beside `127.0.0.1`, `localhost` and `[::1]`.
    pub allowed_hosts: Vec<String>,
    /// How long a request's body may be, without the files that it sends to an agent.
    pub max_body_bytes: usize,
    /// How much longer with files, as base64.
    pub max_files_bytes: usize,
    /// How the websocket finds out that a client is gone.
    pub heartbeat: Heartbeat,
    /// What every call passes first.
    pub gate: Gate,
}

/// How the websocket finds out that a client is gone.
#[derive(Debug, Clone, Copy)]
pub struct Heartbeat {
    /// A socket that said nothing for so long is closed; so is one that has not subscribed by then.
    pub idle_timeout: Duration,
    /// How often the client is pinged: a client without heartbeats of its own answers these, and so stays.
    pub ping_every: Duration,
    /// How long one frame may take to be sent.
    pub send_timeout: Duration,
    /// How long a frame of the client may be; a longer one ends the socket.
    pub max_frame_bytes: usize,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(90),
            ping_every: Duration::from_secs(30),
            send_timeout: Duration::from_secs(20),
            max_frame_bytes: 64 * 1024,
        }
    }
}

impl Options {
    /// The usual options, for a server bound to `ws_port`.
    pub fn new(ids: Arc<dyn Ids>, ws_port: u16) -> Self {
        Self {
            ids,
            ws_host: "127.0.0.1".into(),
            ws_port,
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            max_body_bytes: 1024 * 1024,
            // The service's 10 MB.
            max_files_bytes: 14 * 1024 * 1024,
            heartbeat: Heartbeat::default(),
            gate: Gate::default(),
        }
    }
}
