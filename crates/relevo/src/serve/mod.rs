//! Everything one origin serves: the AWS wire, the desk, the inspector and the page.

mod assets;
mod desk;
mod faults;
mod history;
mod info;
mod inspector;
mod own_page;
mod settings;
mod signed;
mod slim;
mod styles;
#[cfg(test)]
mod tests;
mod wire_log;

use std::sync::Arc;

use axum::{Router, middleware};
use relevo_connect::Centre;
use relevo_wire::faults::Faults;

use crate::local::{Calls, Chaos, DeskTexts, Info, ModelChooser, Traces};

pub(crate) use self::{
    signed::{Signed, signed},
    wire_log::{WireLog, log as log_wire},
};

/// What the routes of this machine's own need.
#[derive(Clone)]
pub(crate) struct Served {
    /// The contact centre.
    pub centre: Centre,
    /// What the agents did.
    pub traces: Arc<Traces>,
    /// What was asked of the centre.
    pub calls: Arc<Calls>,
    /// Names and ids for clients.
    pub info: Arc<Info>,
    /// What the desk offers.
    pub desk: Arc<DeskTexts>,
    /// How well the message stream delivers.
    pub chaos: Chaos,
    /// What goes wrong on request.
    pub faults: Faults,
    /// Exchanges the model; none where the bot runs in processes of its own.
    pub models: Option<Arc<ModelChooser>>,
}

/// The routes beside the AWS wire: page, desk, inspector, overview, settings, health.
pub(crate) fn router(served: Served) -> Router {
    let own = Router::new()
        .merge(desk::routes())
        .merge(history::routes())
        .merge(inspector::routes())
        .merge(settings::routes())
        .merge(faults::routes());
    Router::new()
        .merge(info::routes())
        .merge(own.layer(middleware::from_fn(own_page::only)))
        .with_state(served)
        .merge(assets::routes())
}
