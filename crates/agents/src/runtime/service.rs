//! The runtime itself: what it is given, and how an invocation begins.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::stream;
use serde::{Deserialize, Serialize};

use super::{
    AgentError, AgentEvent, AgentStream, InvokeAgent, RunStore,
    driver::Driver,
    validate::{Wanted, validate},
};
use crate::{
    definition::AgentsDefinition,
    model::Model,
    ports::{Clock, Ids},
    run::{ALIAS_ID, Budgets, ControlError, Input, Run, Session, Team, VERSION},
    tools::Tools,
};

/// Bedrock's usual `idleSessionTTLInSeconds`.
const DEFAULT_TTL_SECONDS: u32 = 600;

/// What the runtime needs of the world.
#[derive(Clone)]
pub struct Ports {
    /// What the agents think with.
    pub model: Arc<dyn Model>,
    /// What executes functions.
    pub tools: Arc<dyn Tools>,
    /// Keeps the sessions.
    pub runs: Arc<dyn RunStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
}

/// Limits of a turn.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// What the agents may spend.
    pub budgets: Budgets,
    /// One answer of a model.
    pub model: Duration,
    /// One execution of a function.
    pub tool: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { budgets: Budgets::default(), model: Duration::from_mins(1), tool: Duration::from_secs(30) }
    }
}

/// An agent, for information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentSummary {
    /// Its name.
    pub agent_name: String,
    /// Its id.
    pub agent_id: String,
    /// Its supervisor's name; none for the one at the top.
    pub supervisor: Option<String>,
}

/// The runtime of one bot definition. Cheap to clone.
#[derive(Clone)]
pub struct Runtime {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) team: Arc<Team>,
    pub(super) ports: Ports,
    pub(super) limits: Limits,
    ttl_ms: i64,
    busy: Mutex<HashSet<String>>,
}

/// A session as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    last_active_ms: i64,
    session: Session,
}

/// Only the version, to see whether the rest can be read.
#[derive(Deserialize)]
struct StoredVersion {
    session: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Runtime {
    /// The runtime of a definition, with the default limits.
    pub fn new(definition: &AgentsDefinition, ports: Ports) -> Self {
        Self::with_limits(definition, ports, Limits::default())
    }

    /// The runtime of a definition.
    pub fn with_limits(definition: &AgentsDefinition, ports: Ports, limits: Limits) -> Self {
        let team = Arc::new(Team::new(&definition.agent).speaking(definition.languages.first().cloned()));
        let ttl = definition.agent.idle_session_ttl_in_seconds.unwrap_or(DEFAULT_TTL_SECONDS);
        let inner = Inner { team, ports, limits, ttl_ms: i64::from(ttl) * 1000, busy: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// The supervisor's id: ten characters of `[0-9A-Z]`, made from its name.
    pub fn agent_id(&self) -> &str {
        self.inner.team.member(self.inner.team.root()).map(|member| member.id.as_str()).unwrap_or_default()
    }

    /// The alias id: `TSTALIASID`.
    pub fn agent_alias_id(&self) -> &str {
        ALIAS_ID
    }

    /// All agents, the supervisor at the top first.
    pub fn agents(&self) -> Vec<AgentSummary> {
        let mut members: Vec<_> = self.inner.team.members().collect();
        members.sort_by_key(|member| (member.chain.len(), member.name.clone()));
        let summary = |member: &crate::run::Member| AgentSummary {
            agent_name: member.name.clone(),
            agent_id: member.id.clone(),
            supervisor: member.chain.iter().rev().nth(1).cloned(),
        };
        members.into_iter().map(summary).collect()
    }

    /// `InvokeAgent`. Fails at once on what can be told at once (validation, conflict); later failures end the stream.
    /// A failed turn changes nothing: the same request can be made again.
    ///
    /// # Errors
    /// See [`super::AgentErrorKind`].
    pub async fn invoke(&self, request: InvokeAgent) -> Result<AgentStream, AgentError> {
        let wanted = validate(&request)?;
        let busy = Busy::take(Arc::clone(&self.inner), &request.session_id)?;
        if wanted == Wanted::End {
            self.inner.ports.runs.remove(&request.session_id).await.map_err(AgentError::internal)?;
            // A stream without an answer would look like one that broke off.
            return Ok(Box::pin(stream::iter([Ok(AgentEvent::Chunk(Vec::new()))])));
        }
        let session = self.inner.load(&request.session_id).await?;
        let inner = &self.inner;
        let mut run = Run::new(Arc::clone(&inner.team), inner.limits.budgets, request.session_id.clone(), session);
        let state = request.session_state;
        match wanted {
            Wanted::Results => {
                let results = &state.return_control_invocation_results;
                match run.resume(state.invocation_id.as_deref(), results) {
                    Ok(()) => run.add_attributes(state.session_attributes, state.prompt_session_attributes),
                    Err(ControlError::Mismatch(message)) => return Err(AgentError::validation(message)),
                    Err(failure @ ControlError::Failure) => {
                        inner.save(&request.session_id, run.session()).await?;
                        return Err(AgentError::dependency(failure));
                    }
                }
            }
            Wanted::Input | Wanted::End => run.start(Input {
                text: request.input_text.unwrap_or_default(),
                session_attributes: state.session_attributes,
                prompt_session_attributes: state.prompt_session_attributes,
            }),
        }
        if request.end_session {
            run.end_after_turn();
        }
        let driver = Driver::new(busy, run, request.session_id, request.enable_trace, request.stream_final_response);
        Ok(Box::pin(stream::unfold(driver, |mut driver| async move {
            let event = driver.next().await?;
            Some((event, driver))
        })))
    }
}

impl Inner {
    async fn load(&self, session_id: &str) -> Result<Session, AgentError> {
        let fresh = || Session::new(self.ports.ids.new_id());
        let Some(text) = self.ports.runs.load(session_id).await.map_err(AgentError::internal)? else {
            return Ok(fresh());
        };
        let version = serde_json::from_str::<StoredVersion>(&text).map(|stored| stored.session.version).ok();
        if version != Some(VERSION) {
            tracing::warn!(session_id, ?version, "A stored session is of another version; it begins anew");
            return Ok(fresh());
        }
        let stored: Stored = match serde_json::from_str(&text) {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(session_id, line = error.line(), "A stored session cannot be read; it begins anew");
                return Ok(fresh());
            }
        };
        let idle_ms = self.ports.clock.now_ms().saturating_sub(stored.last_active_ms);
        Ok(if idle_ms > self.ttl_ms { fresh() } else { stored.session })
    }

    pub(super) async fn save(&self, session_id: &str, session: &Session) -> Result<(), AgentError> {
        if session.ending && session.open.is_none() {
            return self.ports.runs.remove(session_id).await.map_err(AgentError::internal);
        }
        let stored = Stored { last_active_ms: self.ports.clock.now_ms(), session: session.clone() };
        let text = serde_json::to_string(&stored).map_err(AgentError::internal)?;
        self.ports.runs.save(session_id, text).await.map_err(AgentError::internal)
    }
}

/// A session that is being worked on.
pub(super) struct Busy {
    inner: Arc<Inner>,
    session_id: String,
}

impl Busy {
    fn take(inner: Arc<Inner>, session_id: &str) -> Result<Self, AgentError> {
        if !inner.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(session_id.to_owned()) {
            return Err(AgentError::conflict());
        }
        Ok(Self { inner, session_id: session_id.to_owned() })
    }

    pub(super) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.inner.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.session_id);
    }
}
