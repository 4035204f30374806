//! The outside world of the tests: a clock that tokio's paused time moves, a store that can fail or die, functions
//! and a topic that do what a test tells them.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::{BoxFuture, pending};
use relevo_connect::{
    Centre,
    attachment::MemoryFiles,
    ports::{Batch, Clock, FunctionError, Functions, Ids, Store, StoreError, Stream, StreamError, TimeLimit},
    stream::Notification,
};
use serde_json::Value;
use tokio::time::Instant;

/// Tokio's time, so that a paused runtime's sleeps move it.
pub(crate) struct TestClock {
    base_ms: i64,
    since: Instant,
}

impl TestClock {
    pub(crate) fn at(base_ms: i64) -> Self {
        Self { base_ms, since: Instant::now() }
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.base_ms + i64::try_from(self.since.elapsed().as_millis()).unwrap()
    }
}

/// Counted identifiers, different in every process on the same store.
#[derive(Default)]
pub(crate) struct Counted(AtomicU64);

impl Ids for Counted {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn token(&self) -> String {
        format!("secret-{}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// What a store does at one of its commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// The process dies before the change is on disk.
    Before,
    /// The process dies after the change is on disk and before anybody is told.
    After,
}

/// A store in memory.
#[derive(Default)]
pub(crate) struct MemoryStore {
    pairs: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) files: Arc<MemoryFiles>,
    pub(crate) commits: AtomicI64,
    /// The keys that the last commit wrote.
    pub(crate) written: Mutex<Vec<String>>,
    dies: Mutex<Option<(i64, Death)>>,
    /// This many commits fail.
    pub(crate) fails: AtomicI64,
    /// Commits that fail, by their numbers.
    refused: Mutex<Range<i64>>,
}

impl MemoryStore {
    /// The same disk, for a new process.
    pub(crate) fn reopened(&self) -> Self {
        Self { pairs: Mutex::new(self.pairs.lock().unwrap().clone()), files: self.files.clone(), ..Self::default() }
    }

    /// Another disk, on which each value under the prefix is another.
    pub(crate) fn rewritten(&self, prefix: &str, change: impl Fn(&mut serde_json::Value)) -> Self {
        let other = self.reopened();
        for (_, bytes) in other.pairs.lock().unwrap().iter_mut().filter(|(key, _)| key.starts_with(prefix)) {
            let mut value = serde_json::from_slice(bytes).unwrap();
            change(&mut value);
            *bytes = serde_json::to_vec(&value).unwrap();
        }
        other
    }

    /// Lets the process die at its `commit`th commit (0 is the first): from then on no commit ever answers.
    pub(crate) fn die_at(&self, commit: i64, how: Death) {
        *self.dies.lock().unwrap() = Some((commit, how));
    }

    /// Lets `how_many` commits fail after `passed` more that do not.
    pub(crate) fn fail_after(&self, passed: i64, how_many: i64) {
        let first = self.commits.load(Ordering::Relaxed) + passed;
        *self.refused.lock().unwrap() = first..first + how_many;
    }

    /// Whether all commits that were to fail have failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.commits.load(Ordering::Relaxed) >= self.refused.lock().unwrap().end
    }

    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        self.pairs.lock().unwrap().keys().filter(|k| k.starts_with(prefix)).cloned().collect()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let pairs = self.pairs.lock().unwrap();
        Ok(pairs.iter().filter(|(k, _)| k.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())).collect())
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        let dies = *self.dies.lock().unwrap();
        if let Some((at, how)) = dies
            && (number > at || (number == at && how == Death::Before))
        {
            pending::<()>().await;
        }
        if self.fails.load(Ordering::Relaxed) > 0 {
            self.fails.fetch_sub(1, Ordering::Relaxed);
            return Err(StoreError("full".into()));
        }
        if self.refused.lock().unwrap().contains(&number) {
            return Err(StoreError("full".into()));
        }
        *self.written.lock().unwrap() = batch.put.iter().map(|(key, _)| key.clone()).collect();
        {
            let mut pairs = self.pairs.lock().unwrap();
            pairs.extend(batch.put);
            for key in batch.delete {
                pairs.remove(&key);
            }
        }
        if dies == Some((number, Death::After)) {
            pending::<()>().await;
        }
        Ok(())
    }
}

/// What a fake function does: the centre it may call, and the event.
pub(crate) type Body = Arc<dyn Fn(Centre, Value) -> BoxFuture<'static, Result<Value, FunctionError>> + Send + Sync>;

/// One function under every name.
#[derive(Default)]
pub(crate) struct FakeFunctions {
    pub(crate) body: Mutex<Option<Body>>,
    pub(crate) centre: Mutex<Option<Centre>>,
    pub(crate) events: Mutex<Vec<Value>>,
    pub(crate) limits: Mutex<Vec<Duration>>,
    /// How long whatever runs the functions takes to come up.
    pub(crate) comes_up: Mutex<Duration>,
}

#[async_trait]
impl Functions for FakeFunctions {
    fn can_process(&self, arn: &str) -> bool {
        arn != "arn:unknown"
    }

    async fn invoke(&self, arn: &str, event: Value, limit: &TimeLimit) -> Result<Value, FunctionError> {
        let comes_up = *self.comes_up.lock().unwrap();
        tokio::time::sleep(comes_up).await;
        limit.begin();
        self.events.lock().unwrap().push(event.clone());
        self.limits.lock().unwrap().push(limit.lasts());
        let body = self.body.lock().unwrap().clone().ok_or_else(|| FunctionError::Unknown(arn.to_owned()))?;
        let centre = self.centre.lock().unwrap().clone().expect("the centre is open");
        body(centre, event).await
    }
}

/// What a publication meets, first come first served; then all succeed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meets {
    Failure,
    Slowness(Duration),
}

/// A topic that remembers.
#[derive(Default)]
pub(crate) struct FakeTopic {
    pub(crate) meets: Mutex<VecDeque<Meets>>,
    /// Topic and notification, in the order in which publishing began.
    pub(crate) begun: Mutex<Vec<(String, Notification)>>,
    /// The same, in the order in which the topic took them.
    pub(crate) taken: Mutex<Vec<(String, Notification)>>,
}

impl FakeTopic {
    /// The contents (or content types, for what has no content) of what was taken.
    pub(crate) fn contents(&self) -> Vec<String> {
        self.taken.lock().unwrap().iter().map(|(_, n)| brief(&n.message)).collect()
    }
}

/// An item in a word: its content, or the last part of its content type.
pub(crate) fn brief(item: &str) -> String {
    let item: Value = serde_json::from_str(item).unwrap();
    let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(content) = text("Content") {
        return content;
    }
    let kind = text("ContentType").or_else(|| text("Type")).unwrap_or_default();
    let event = kind.rsplit("event.").next().unwrap_or_default().to_owned();
    match text("ParticipantRole") {
        Some(role) => format!("{event} {role}"),
        None => event,
    }
}

#[async_trait]
impl Stream for FakeTopic {
    async fn publish(&self, topic_arn: &str, notification: Notification) -> Result<(), StreamError> {
        let publication = (topic_arn.to_owned(), notification);
        self.begun.lock().unwrap().push(publication.clone());
        let meets = self.meets.lock().unwrap().pop_front();
        match meets {
            Some(Meets::Failure) => return Err(StreamError("no topic".into())),
            Some(Meets::Slowness(how_long)) => tokio::time::sleep(how_long).await,
            None => {}
        }
        self.taken.lock().unwrap().push(publication);
        Ok(())
    }
}
