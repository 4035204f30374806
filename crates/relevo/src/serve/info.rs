//! `GET /health` and `GET /relevo/info`.

use axum::{Json, Router, extract::State, routing::get};

use super::Served;
use crate::local::Info;

pub(super) fn routes() -> Router<Served> {
    Router::new().route("/health", get(async || "ok")).route("/relevo/info", get(info))
}

async fn info(State(served): State<Served>) -> Json<Info> {
    Json((*served.info).clone())
}
