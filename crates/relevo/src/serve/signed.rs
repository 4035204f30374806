//! Signatures, where they are wanted. The page of this machine has no keys: it may start a chat without, as nobody else may.
//! Everything further in a chat is by the participant's token.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use relevo_wire::signatures::Verifier;

use super::own_page;

/// What the layer needs.
#[derive(Clone)]
pub(crate) struct Signed {
    /// Who verifies.
    pub verifier: Verifier,
    /// Whether the page is at this door.
    pub page: bool,
}

/// Lets through what is signed, and what need not be.
pub(crate) async fn signed(State(signed): State<Signed>, request: Request, next: Next) -> Response {
    if signed.page && request.uri().path() == "/contact/chat" && own_page::is_own(request.headers()) {
        return next.run(request).await;
    }
    match signed.verifier.check(request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => *refusal,
    }
}
