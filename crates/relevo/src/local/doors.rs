//! The doors of `relevo up`: this machine's own, and one to the outside, where signatures are wanted and where nothing but the
//! AWS wire is.

use std::{net::IpAddr, sync::Arc};

use axum::{Router, middleware};
use relevo_connect::ports::Ids as _;
use relevo_host::access_key;
use relevo_wire::{
    Options, SecurityLayer,
    signatures::{Key, Verifier},
};
use secrecy::SecretString;

use super::system::System;
use crate::serve;

/// What the doors were asked to be.
#[derive(Default)]
pub(crate) struct Doors {
    /// Who may sign; none: signatures are not looked at.
    pub(crate) keys: Option<Vec<Key>>,
    /// The door to the outside.
    pub(crate) outside: Option<Outside>,
}

/// A door that others than this machine reach.
#[derive(Clone)]
pub(crate) struct Outside {
    /// One of this machine's addresses.
    pub(crate) address: IpAddr,
    /// Names that it is asked for by, beside the address.
    pub(crate) hosts: Vec<String>,
}

impl Outside {
    /// The address as a URL has it.
    pub(crate) fn host(&self) -> String {
        match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        }
    }

    /// The wire's options there: its names, and websockets at its address.
    pub(super) fn options(&self, own: &Options) -> Options {
        let mut hosts = self.hosts.clone();
        hosts.push(self.host());
        // A client of the wire may name the server itself as its origin, as websockets' often do.
        let own_origins = hosts.iter().map(|host| format!("http://{host}:{}", own.ws_port));
        let allowed_origins = own.allowed_origins.iter().cloned().chain(own_origins).collect();
        Options { allowed_origins, allowed_hosts: hosts, ws_host: self.host(), ..own.clone() }
    }
}

impl Doors {
    /// Lets the bot's functions in: a key for each, with a secret that is made for this process. None: any key is good.
    pub(super) fn admit_functions(&mut self, names: &[&str]) -> Option<SecretString> {
        let keys = self.keys.as_mut()?;
        let secret = SecretString::from(System.token());
        keys.extend(names.iter().map(|name| Key {
            id: access_key(name),
            secret: secret.clone(),
            session_token: Some("local".into()),
            expires_ms: None,
        }));
        Some(secret)
    }

    /// The routes of AWS behind the signatures, where they are wanted. `page`: this machine's own page starts chats.
    pub(super) fn signed(&self, routes: Router, region: &str, page: bool) -> Router {
        let Some(keys) = self.keys.clone() else { return routes };
        let verifier = Verifier::new(keys, region, Arc::new(System), Arc::new(System));
        routes.layer(middleware::from_fn_with_state(serve::Signed { verifier, page }, serve::signed))
    }

    /// The door to the outside over the routes of AWS.
    pub(super) fn outside(&self, routes: Router, region: &str, options: &Options) -> Router {
        self.signed(routes, region, false).layer(SecurityLayer::new(options))
    }
}
