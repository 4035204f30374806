//! Every route of `connectparticipant` (API version 2018-09-07) that Relevo knows by name and does not offer.

use axum::http::Method;

use super::{Route, not_offered};
use crate::error::Service::Participant;

/// Method, path and operation.
#[rustfmt::skip]
pub(super) static NOT_OFFERED: &[Route] = &[
    not_offered(Participant, Method::POST, "/participant/cancel-authentication", "CancelParticipantAuthentication"),
    not_offered(Participant, Method::POST, "/participant/authentication-url", "GetAuthenticationUrl"),
];
