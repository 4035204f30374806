//! Everything one origin serves: the AWS wire, the desk, the inspector and the page.

mod assets;
mod desk;
mod info;
mod inspector;
mod own_page;
mod slim;

use std::sync::Arc;

use axum::{Router, middleware};
use relevo_connect::Centre;

use crate::local::{Info, Traces};

/// What the routes of this machine's own need.
#[derive(Clone)]
pub(crate) struct Served {
    /// The contact centre.
    pub centre: Centre,
    /// What the agents did.
    pub traces: Arc<Traces>,
    /// Names and ids for clients.
    pub info: Arc<Info>,
}

/// The routes beside the AWS wire: page, desk, inspector, health.
pub(crate) fn router(served: Served) -> Router {
    let own = Router::new().merge(desk::routes()).merge(inspector::routes());
    Router::new()
        .merge(info::routes())
        .merge(own.layer(middleware::from_fn(own_page::only)))
        .with_state(served)
        .merge(assets::routes())
}
