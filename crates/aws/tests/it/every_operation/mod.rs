//! The AWS SDKs against every operation that the local contact centre offers. Which these are, the wire's own table says: an
//! operation that no call here has reached fails the test.

mod agents;
mod chats;
mod contacts;
mod find;
mod flows;
mod participants;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use aws_sdk_bedrockagentruntime as bedrock;
use aws_sdk_connect as connect;
use aws_sdk_connectparticipant as participant;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use axum::{Router, http::Method};
use connect::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider, SharedHttpClient};
use relevo_connect::{
    Centre,
    centre::{HoursOfOperation, Opening},
};
use relevo_wire::{Options, Wire};

use crate::{
    connector::InProcess,
    laptop::{self, World},
};

/// What AWS refuses for every chat, or where no flow authenticates a customer.
const ALWAYS_REFUSED: [&str; 3] = ["TransferContact", "GetAuthenticationUrl", "CancelParticipantAuthentication"];

/// Service, operation, and the statuses that came back.
type Seen = BTreeMap<(&'static str, &'static str), BTreeSet<u16>>;

/// A router as the service, which keeps what was asked of it.
#[derive(Debug, Clone)]
struct Watched {
    service: InProcess,
    seen: Arc<Mutex<Seen>>,
}

impl HttpConnector for Watched {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let method = Method::from_bytes(request.method().as_bytes()).unwrap();
        let path = request.uri().split_once("8080").map_or(request.uri(), |(_, path)| path);
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let (seen, answer) = (Arc::clone(&self.seen), self.service.call(request));
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let name = relevo_wire::operation_name(&method, &path).unwrap_or_else(|| panic!("{method} {path}"));
            let statuses = &mut *seen.lock().unwrap();
            statuses.entry((name.service, name.operation)).or_default().insert(answer.status().as_u16());
            Ok(answer)
        })
    }
}

impl HttpClient for Watched {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// The service and its clients.
struct Service {
    centre: Centre,
    router: Router,
    connect: connect::Client,
    participant: participant::Client,
    bedrock: bedrock::Client,
    seen: Arc<Mutex<Seen>>,
}

impl Service {
    async fn start() -> Self {
        let world = Arc::new(World::with_time());
        let day = Opening { day: jiff::civil::Weekday::Monday, from_minute: 0, to_minute: 0 };
        let hours = HoursOfOperation {
            id: "always".into(),
            name: "Always".into(),
            time_zone: jiff::tz::TimeZone::UTC,
            week: vec![day],
            overrides: Vec::new(),
            queues: Vec::new(),
        };
        let centre = laptop::centre(&world, chats::FLOW_JSON, 16_384, vec![hours]).await;
        let (runtime, inline) = agents::runtimes();
        let options = Options::new(world, 8080);
        let router = relevo_wire::router(Wire {
            centre: centre.clone(),
            agents: Some(runtime),
            inline: Some(Arc::new(inline)),
            options,
        });
        let seen = Arc::<Mutex<Seen>>::default();
        let http = Watched { service: InProcess(router.clone()), seen: Arc::clone(&seen) };
        let config = aws_config::SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("any", "any", None, None, "test")))
            .endpoint_url("http://127.0.0.1:8080")
            .http_client(SharedHttpClient::new(http))
            .build();
        Self {
            centre,
            router,
            connect: connect::Client::new(&config),
            participant: participant::Client::new(&config),
            bedrock: bedrock::Client::new(&config),
            seen,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_operation_that_is_offered() {
    let service = Service::start().await;
    find::walk(&service).await;
    flows::walk(&service).await;
    chats::walk(&service).await;
    contacts::walk(&service).await;
    participants::walk(&service).await;
    agents::walk(&service).await;

    let seen = service.seen.lock().unwrap().clone();
    let mut missing = Vec::new();
    for offered in relevo_wire::offered_operations() {
        let statuses = seen.get(&(offered.service, offered.operation)).cloned().unwrap_or_default();
        let as_it_should = if ALWAYS_REFUSED.contains(&offered.operation) {
            !statuses.is_empty() && !statuses.contains(&200)
        } else {
            statuses.contains(&200)
        };
        if !as_it_should {
            missing.push(format!("{} {}: {statuses:?}", offered.service, offered.operation));
        }
    }
    assert!(missing.is_empty(), "offered, and called by no SDK here, or never answered well: {missing:#?}");
}
