//! The runtime itself: what it is given, and how an invocation begins.

use std::{sync::Arc, time::Duration};

use futures_util::stream;
use serde::Serialize;

use super::{
    AgentError, AgentEvent, AgentStream, InvokeAgent, RunStore,
    asked::Asked,
    chunks::events,
    driver::{Driver, Invocation},
    files::{self, FileReader, PlainFiles},
    session::{Busy, Sessions},
    validate::{Wanted, validate},
};
use crate::{
    definition::AgentsDefinition,
    guardrail::Guardrail,
    knowledge::{NoKnowledge, Retriever},
    model::Model,
    ports::{Clock, Ids},
    run::{ALIAS_ID, Budgets, ControlError, Input, Run, Team},
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
    /// One execution of a function, with all its attempts. Executors end sooner by themselves.
    pub tool: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { budgets: Budgets::default(), model: Duration::from_mins(1), tool: Duration::from_secs(100) }
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

#[derive(Clone)]
pub(super) struct Inner {
    pub(super) team: Arc<Team>,
    pub(super) ports: Ports,
    pub(super) knowledge: Arc<dyn Retriever>,
    pub(super) files: Arc<dyn FileReader>,
    pub(super) limits: Limits,
    pub(super) ttl_ms: i64,
    pub(super) sessions: Sessions,
}

impl Runtime {
    /// The runtime of a definition, with its own budgets.
    pub fn new(definition: &AgentsDefinition, ports: Ports) -> Self {
        let limits = Limits { budgets: definition.budgets, ..Limits::default() };
        Self::with_limits(definition, ports, limits)
    }

    /// The runtime of a definition.
    pub fn with_limits(definition: &AgentsDefinition, ports: Ports, limits: Limits) -> Self {
        Self::sharing(definition, ports, limits, Sessions::default())
    }

    /// The runtime of a definition that shares its sessions with other runtimes.
    pub(super) fn sharing(definition: &AgentsDefinition, ports: Ports, limits: Limits, sessions: Sessions) -> Self {
        let guardrail = definition.guardrail.clone().map(|config| Guardrail::new(config, &definition.languages));
        let team = Team::new(&definition.agent).speaking(definition.languages.first().cloned()).guarded(guardrail);
        let team = Arc::new(team);
        let ttl = definition.agent.idle_session_ttl_in_seconds.unwrap_or(DEFAULT_TTL_SECONDS);
        let (knowledge, files, ttl_ms) = (Arc::new(NoKnowledge), Arc::new(PlainFiles), i64::from(ttl) * 1000);
        let inner = Inner { team, ports, knowledge, files, limits, ttl_ms, sessions };
        Self { inner: Arc::new(inner) }
    }

    /// The same with knowledge bases. Without them every look-up fails.
    #[must_use]
    pub fn knowing(self, knowledge: Arc<dyn Retriever>) -> Self {
        Self { inner: Arc::new(Inner { knowledge, ..self.inner.as_ref().clone() }) }
    }

    /// The same with a reader of files that customers send. Without it only plain text is read.
    #[must_use]
    pub fn reading(self, files: Arc<dyn FileReader>) -> Self {
        Self { inner: Arc::new(Inner { files, ..self.inner.as_ref().clone() }) }
    }

    /// The supervisor's id: ten characters of `[0-9A-Z]`, made from its name.
    pub fn agent_id(&self) -> &str {
        self.inner.team.member(self.inner.team.root()).map(|member| member.id.as_str()).unwrap_or_default()
    }

    /// The alias id: `TSTALIASID`.
    pub fn agent_alias_id(&self) -> &str {
        ALIAS_ID
    }

    /// The customer's words as the agents may read them; nothing, where they are blocked.
    pub fn allowed(&self, words: &str) -> Option<String> {
        self.inner.team.allowed(words)
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
    ///
    /// A failed turn changes nothing: the same request can be made again. A turn with a name
    /// ([`InvokeAgent::turn_id`]) is stored after each step, and goes on behind the last one that was done.
    ///
    /// # Errors
    /// See [`super::AgentErrorKind`].
    pub async fn invoke(&self, request: InvokeAgent) -> Result<AgentStream, AgentError> {
        let wanted = validate(&request)?;
        files::validate(&request.session_state.files)?;
        let inner = &self.inner;
        let busy = Busy::take(Arc::clone(inner), &request.session_id)?;
        if wanted == Wanted::End {
            inner.remove(&request.session_id).await?;
            // A stream without an answer would look like one that broke off.
            return Ok(Box::pin(stream::iter([Ok(AgentEvent::Chunk(Vec::new()))])));
        }
        let InvokeAgent { session_id, turn_id, session_state: state, stream_final_response: streamed, .. } = request;
        let opened = inner.open(&session_id, turn_id.as_deref()).await?;
        let begun = opened.asked.filter(|asked| asked.is(turn_id.as_deref()));
        if let Some(Asked { answer: Some(answer), citations, .. }) = &begun {
            let again: Vec<_> = events(answer, citations, streamed).into_iter().map(Ok).collect();
            return Ok(Box::pin(stream::iter(again)));
        }
        let mut run = Run::new(Arc::clone(&inner.team), inner.limits.budgets, session_id.clone(), opened.session);
        // The definition may have changed since, and the turn with it: then it begins anew.
        let goes_on = begun.is_some() && run.is_open();
        if goes_on {
            run.take_over();
        }
        let mut asked = begun.or_else(|| turn_id.map(Asked::new));
        match wanted {
            Wanted::Results => {
                let invocation_id = state.invocation_id;
                let has_resumed = asked.as_ref().is_some_and(|asked| asked.has_resumed(invocation_id.as_deref()));
                if !(goes_on && has_resumed) {
                    match run.resume(invocation_id.as_deref(), &state.return_control_invocation_results) {
                        Ok(()) => {
                            run.begin_clock(inner.ports.clock.now_ms());
                            run.add_attributes(state.session_attributes, state.prompt_session_attributes);
                        }
                        Err(ControlError::Mismatch(message)) => return Err(AgentError::validation(message)),
                        Err(failure @ ControlError::Failure) => {
                            inner.keep(&session_id, run.session_mut(), None, &opened.place).await?;
                            return Err(AgentError::dependency(failure));
                        }
                    }
                    if let Some(asked) = &mut asked {
                        asked.resumed.push(invocation_id.unwrap_or_default());
                    }
                }
            }
            Wanted::Input | Wanted::End if goes_on => {}
            Wanted::Input | Wanted::End => {
                let files = files::read(inner.files.as_ref(), state.files).await?;
                run.start(Input {
                    files,
                    text: request.input_text.unwrap_or_default(),
                    session_attributes: state.session_attributes,
                    prompt_session_attributes: state.prompt_session_attributes,
                    before: state.conversation_history,
                    prompt_creation: request.prompt_creation,
                });
                run.begin_clock(inner.ports.clock.now_ms());
            }
        }
        run.want_results(state.knowledge_base_configurations.into_iter().filter_map(|wanted| {
            let number = wanted.retrieval_configuration.vector_search_configuration.number_of_results?;
            Some((wanted.knowledge_base_id, number))
        }));
        if request.end_session {
            run.end_after_turn();
        }
        let traced = request.enable_trace;
        let invocation = Invocation { session_id, asked, place: opened.place, traced, streamed };
        Ok(Box::pin(stream::unfold(Driver::new(busy, run, invocation), |mut driver| async move {
            let event = driver.next().await?;
            Some((event, driver))
        })))
    }
}
