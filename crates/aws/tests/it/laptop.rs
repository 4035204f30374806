//! The local contact centre in memory behind its real wire, for the SDK's clients to call.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use relevo_connect::{
    Centre,
    centre::{Config, FlowEntry, HoursOfOperation, Ports, QueueConfig},
    flow::Flow,
    ports::{Batch, Clock, FunctionError, Functions, Ids, Store, StoreError, Stream, StreamError, TimeLimit},
    stream::Notification,
};
use serde_json::Value;
use tokio::time::Instant;
use tower::ServiceExt as _;

pub(crate) const INSTANCE: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const FLOW: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const QUEUE: &str = "33333333-3333-4333-8333-333333333333";
pub(crate) const PROCESSOR: &str = "arn:aws:lambda:us-east-1:123456789012:function:processor";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:chat";
pub(crate) const NOW: i64 = 1_700_000_000_000;

/// Everything outside of the centre.
#[derive(Default)]
pub(crate) struct World {
    count: AtomicU64,
    time: AtomicI64,
    pairs: Mutex<BTreeMap<String, Vec<u8>>>,
    streamed: Mutex<Vec<String>>,
    /// Since when the clock goes with tokio's time; else each look at it is one millisecond.
    began: Option<Instant>,
}

impl World {
    /// Its clock goes with tokio's time.
    pub(crate) fn with_time() -> Self {
        Self { began: Some(Instant::now()), ..Self::default() }
    }
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        let passed = self.began.map_or(0, |began| i64::try_from(began.elapsed().as_millis()).unwrap());
        NOW + passed + self.time.fetch_add(1, Ordering::Relaxed)
    }
}

impl Ids for World {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.count.fetch_add(1, Ordering::Relaxed))
    }
    fn token(&self) -> String {
        format!("token-{:032x}", self.count.fetch_add(1, Ordering::Relaxed))
    }
}

#[async_trait]
impl Store for World {
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let pairs = self.pairs.lock().unwrap();
        Ok(pairs.iter().filter(|(key, _)| key.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())).collect())
    }
    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut pairs = self.pairs.lock().unwrap();
        pairs.extend(batch.put);
        for key in &batch.delete {
            pairs.remove(key);
        }
        Ok(())
    }
}

#[async_trait]
impl Functions for World {
    fn can_process(&self, arn: &str) -> bool {
        arn == PROCESSOR
    }

    async fn invoke(&self, arn: &str, _: Value, _: &TimeLimit) -> Result<Value, FunctionError> {
        Err(FunctionError::Unknown(arn.to_owned()))
    }
}

#[async_trait]
impl Stream for World {
    async fn publish(&self, topic_arn: &str, _: Notification) -> Result<(), StreamError> {
        self.streamed.lock().unwrap().push(topic_arn.to_owned());
        Ok(())
    }
}

/// A centre with this one flow.
pub(crate) async fn centre(
    world: &Arc<World>,
    flow: &str,
    message_limit_bytes: usize,
    hours: Vec<HoursOfOperation>,
) -> Centre {
    let config = Config {
        instance_id: INSTANCE.into(),
        account_id: "123456789012".into(),
        region: "us-east-1".into(),
        flows: vec![FlowEntry { id: FLOW.into(), name: "main".into(), flow: Arc::new(Flow::parse(flow).unwrap()) }],
        queue: QueueConfig { id: QUEUE.into(), name: "people".into(), staffed_agents: 1, capacity: None },
        message_limit_bytes: message_limit_bytes.into(),
        desk: relevo_connect::desk::DeskConfig::default(),
        more_queues: Vec::new(),
        hours,
    };
    let ports = Ports {
        clock: world.clone(),
        ids: world.clone(),
        store: world.clone(),
        functions: world.clone(),
        stream: world.clone(),
        files: Arc::new(relevo_connect::attachment::MemoryFiles::default()),
    };
    Centre::open(config, ports).await.unwrap()
}

/// A request without an SDK.
pub(crate) async fn post(router: &Router, method: &str, path: &str, token: &str, body: &Value) -> Value {
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
    if !token.is_empty() {
        request = request.header("x-amz-bearer", token);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}
