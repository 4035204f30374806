//! Whatever comes in, an answer in AWS's shape goes out: every operation of the table of routes, without being named here.

use std::sync::{Arc, LazyLock};

use axum::http::Method;
use proptest::{prelude::*, sample::Index};
use relevo_agents::runtime::InlineAgents;
use relevo_wire::{OfferedRoute, Options, offered_operations};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    agents,
    bodies::{Request, World},
    mutation::{Mutation, mutation},
    shape,
    support::{Counter, INSTANCE, PORT, Reply, Server, request},
};

/// One server of chats and agents for all cases: it must live through them all.
struct Centre {
    runtime: Runtime,
    server: Server,
    agent_id: String,
}

static CENTRE: LazyLock<Centre> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let inline = InlineAgents::new(agents::definition(), Arc::new(|_: &Arc<_>| Ok(agents::ports())));
    let agents = relevo_agents::runtime::Runtime::new(&agents::definition(), agents::ports());
    let agent_id = agents.agent_id().to_owned();
    let options = Options::new(Arc::new(Counter::default()), PORT);
    let server = runtime.block_on(Server::over(options, Some(agents), Some(Arc::new(inline))));
    Centre { runtime, server, agent_id }
});

fn begin() -> World {
    CENTRE.runtime.block_on(World::begin(&CENTRE.server, &CENTRE.agent_id))
}

fn send(world: &World, request: Request) -> Reply {
    CENTRE.runtime.block_on(world.send(request))
}

/// What AWS refuses for every chat, or what asks for something that the world does not have.
const REFUSED: [(&str, u16); 10] = [
    // They answer control that nobody gave: what can be wrong in such an answer is read before that.
    ("InvokeAgent", 400),
    ("InvokeInlineAgent", 400),
    ("TransferContact", 400),
    ("GetAuthenticationUrl", 400),
    ("CancelParticipantAuthentication", 400),
    ("CompleteAttachmentUpload", 400),
    ("GetAttachment", 400),
    ("DescribeView", 404),
    ("DescribeUser", 404),
    ("DescribeHoursOfOperation", 404),
];
/// Where the fuzzed requests begin is refused for no reason that hides everything behind it.
#[test]
fn good_requests_are_answered() {
    for route in offered_operations() {
        let world = begin();
        let reply = send(&world, world.good(route));
        let status = REFUSED.iter().find(|(name, _)| *name == route.operation).map_or(200, |(_, status)| *status);
        assert_eq!(reply.status.as_u16(), status, "{} {reply:?}", route.operation);
    }
}

/// A token that is not the right one.
fn token() -> impl Strategy<Value = Option<String>> {
    let wrong = prop_oneof![Just(String::new()), Just("never".to_owned()), "[!-~]{1,30}", Just("x".repeat(1_001))];
    prop_oneof![4 => Just(None), 1 => wrong.prop_map(Some)]
}

/// What stands behind the `?`.
fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["maxResults", "nextToken", "queueTypes", "TagKeys", "referenceTypes", "x"]);
    let value = prop_oneof![
        Just("5".to_owned()),
        Just("-1".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("STANDARD".to_owned()),
        "(%[0-9A-F]{2}|[a-z0-9+%]){0,8}"
    ];
    let pairs = prop::collection::vec((name, value), 0..3);
    pairs.prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    })
}

/// Another segment of the path than the right one.
fn label() -> impl Strategy<Value = Option<(Index, String)>> {
    let text = prop_oneof!["[a-z0-9]{1,8}", "%[0-9A-F]{2}", Just(INSTANCE.to_owned()), Just("x".repeat(600))];
    prop_oneof![3 => Just(None), 1 => (any::<Index>(), text).prop_map(Some)]
}

/// The path with another text in the place of one of its labels.
fn relabelled(route: OfferedRoute, path: &str, other: Option<&(Index, String)>) -> String {
    let labels: Vec<usize> =
        route.pattern.split('/').enumerate().filter(|(_, it)| it.starts_with('{')).map(|(at, _)| at).collect();
    let Some((index, text)) = other.filter(|_| !labels.is_empty()) else { return path.to_owned() };
    let at = *index.get(&labels);
    let segments = path.split('/').enumerate().map(|(n, it)| if n == at { text.as_str() } else { it });
    segments.collect::<Vec<_>>().join("/")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A good request of every operation, with some things wrong with it.
    #[test]
    fn bodies_that_are_almost_right(
        mutations in prop::collection::vec(mutation(), 1..4),
        token in token(),
        label in label(),
    ) {
        let mut world = begin();
        for route in offered_operations() {
            if CENTRE.runtime.block_on(world.is_over()) {
                world = begin();
            }
            let mut request = world.good(route);
            if request.body.is_empty() {
                continue;
            }
            request.body = Mutation::all(&mutations, world.body(route));
            request.path = relabelled(route, &request.path, label.as_ref());
            request.token = token.clone().unwrap_or(request.token);
            let told = format!("{} {:?}", route.operation, String::from_utf8_lossy(&request.body[..request.body.len().min(2_000)]));
            shape::check(route, &send(&world, request)).map_err(|wrong| TestCaseError::fail(format!("{wrong}: {told}")))?;
        }
    }

    /// Operations that read their path alone.
    #[test]
    fn paths_that_are_almost_right(query in query(), label in label()) {
        let world = begin();
        for route in offered_operations().filter(|route| [Method::GET, Method::DELETE].contains(route.method)) {
            let mut request = world.good(route);
            request.path = relabelled(route, &request.path, label.as_ref()) + &query;
            let told = format!("{} {}", request.method, request.path);
            shape::check(route, &send(&world, request)).map_err(|wrong| TestCaseError::fail(format!("{wrong}: {told}")))?;
        }
    }

    #[test]
    fn bytes_in_the_place_of_bodies(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let world = begin();
        for route in offered_operations() {
            let request = Request { body: bytes.clone(), ..world.good(route) };
            shape::check(route, &send(&world, request)).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn methods_and_paths(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "X"]),
        segments in prop::collection::vec("(contact|contacts|participant|agents|text|websocket|%[0-9A-F]{2}|[a-z0-9._~-]{0,8})", 0..9),
        query in "(\\?[a-z0-9=&%]{0,12})?",
    ) {
        let path = format!("/{}{query}", segments.join("/"));
        let reply = CENTRE.runtime.block_on(CENTRE.server.send(request(method, &path, "some-token", Vec::new())));
        prop_assert!(!reply.header("x-amzn-requestid").is_empty());
        prop_assert!(!reply.header("x-amzn-errortype").is_empty() || reply.status == 200, "{} {} {:?}", method, path, reply);
    }
}

/// The check itself can fail.
#[test]
fn wrong_answers_are_seen() {
    let route = offered_operations().find(|route| route.operation == "CreateParticipant").unwrap();
    let reply = |status: u16, error: &str, body: Value| {
        let mut reply =
            send(&begin(), Request { method: "GET".into(), path: "/".into(), token: String::new(), body: vec![] });
        reply.status = status.try_into().unwrap();
        reply.headers.insert("x-amzn-errortype", error.try_into().unwrap());
        reply.body = body;
        shape::check(route, &reply)
    };
    let message = || json!({"Message": "x"});
    assert_eq!(reply(409, "ConflictException", message()), Ok(()));
    assert_eq!(reply(400, "SerializationException", message()), Ok(()));
    assert_eq!(reply(200, "", json!({})), Ok(()));
    for (status, error, body) in [
        (200, "", json!([])),
        (400, "ConflictException", message()),
        (400, "InvalidParameterException", message()),
        (409, "ConflictException", json!({"message": "x"})),
        (409, "ConflictException", json!({"Message": "x", "More": 1})),
        (409, "ConflictException", json!({"Message": ""})),
        (500, "InternalServiceException", message()),
    ] {
        assert!(reply(status, error, body.clone()).is_err(), "{status} {error} {body}");
    }
}
