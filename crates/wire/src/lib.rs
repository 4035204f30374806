//! The AWS wire: HTTP, websocket and event stream of Connect chat and of Bedrock agents, one file an operation.
//!
//! This crate knows no behaviour: it reads a request into the types of [`relevo_connect`] and [`relevo_agents`], calls,
//! and writes the answer or the refusal in the shape the AWS SDKs expect. Everything it answers, an unknown path
//! included, is in that shape.

mod agents;
mod answer;
mod call;
mod connect;
mod dispatch;
mod error;
pub mod exceptions;
pub mod faults;
mod gate;
mod input;
mod options;
mod paging;
mod participant;
pub mod quotas;
mod routes;
pub mod security;
pub mod signatures;
mod websocket;

use std::sync::Arc;

use axum::Router;
use relevo_agents::runtime::{InlineAgents, Runtime};
use relevo_connect::Centre;

pub use crate::{
    gate::{Broken, Gate},
    options::{Heartbeat, Options},
    routes::{OfferedRoute, OperationName, offered_operations, operation_name},
    security::SecurityLayer,
};

/// What is served.
#[derive(Clone)]
pub struct Wire {
    /// The contact centre behind `connect` and `connectparticipant`.
    pub centre: Centre,
    /// The agents behind `bedrock-agent-runtime`; without them every agent is unknown.
    pub agents: Option<Runtime>,
    /// The runtime of agents that come with requests (`InvokeInlineAgent`); without it the operation is refused.
    pub inline: Option<Arc<InlineAgents>>,
    /// How.
    pub options: Options,
}

/// The whole wire as one router, its state and its security inside.
pub fn router(wire: Wire) -> Router {
    let security = SecurityLayer::new(&wire.options);
    open_router(wire).layer(security)
}

/// The wire without its security, for whoever has more routes to secure.
///
/// All routes are behind the router's fallback, so that routes of the caller's own can be merged into it and go first:
/// `relevo_wire::open_router(wire).merge(own)`, where `own` has no fallback. Put a [`SecurityLayer`] over the result:
/// without it any page of the web may call.
pub fn open_router(wire: Wire) -> Router {
    Router::new().fallback(dispatch::dispatch).with_state(Arc::new(wire))
}
