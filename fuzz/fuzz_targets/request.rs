//! Whatever is the body of a request: an answer, or a refusal that the operation's model lists, in AWS's shape; never a failure, and the
//! next chat begins.
#![no_main]

// The world, the good requests and the check are those of the wire's own tests.
#[allow(dead_code)]
#[path = "../../crates/wire/tests/it/bodies.rs"]
mod bodies;
#[path = "../../crates/wire/tests/it/shape.rs"]
mod shape;
#[allow(dead_code)]
#[path = "../../crates/wire/tests/it/support.rs"]
mod support;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use relevo_wire::{OfferedRoute, offered_operations};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime"));

fuzz_target!(|input: &[u8]| RUNTIME.block_on(run(input)));

/// The first line names the operation, the rest is the body. Ids are the same in every new server, so that seeds may name them.
async fn run(input: &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let (Some(name), Some(body)) = (parts.next(), parts.next()) else { return };
    let route = operation(name);
    let server = support::Server::start().await;
    let world = bodies::World::begin(&server, "AGENT").await;
    let request = bodies::Request { body: body.to_vec(), ..world.good(route) };
    if let Err(wrong) = shape::check(route, &world.send(request).await) {
        panic!("{wrong}");
    }
    server.alive().await;
}

/// The operation of that name, or any.
fn operation(name: &[u8]) -> OfferedRoute {
    let routes: Vec<OfferedRoute> = offered_operations().collect();
    let named = routes.iter().find(|route| route.operation.as_bytes() == name);
    *named.unwrap_or_else(|| &routes[name.iter().map(|byte| usize::from(*byte)).sum::<usize>() % routes.len()])
}
