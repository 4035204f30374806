//! The agent run: a sans-IO state machine over a tree of frames, one for each agent at work.
//!
//! Who drives it asks [`Run::next_step`] what there is to do, does it, and feeds what came of it. Everything it knows is in
//! the [`Session`], which can be stored between any two calls and go on in another process.

mod arguments;
mod budgets;
mod calls;
mod control;
mod files;
mod fit;
mod frames;
mod guard;
mod hash;
mod history;
mod lookups;
mod memory;
mod past;
mod prompt;
mod route;
mod state;
mod step;
mod team;
mod telling;
mod tool_name;
mod trace;
mod turn;
mod words;

use std::{collections::BTreeMap, sync::Arc};

pub use arguments::read_arguments;
pub use budgets::Budgets;
pub use control::ControlError;
pub use files::FileText;
pub(crate) use files::words_of;
pub use history::is_sound;
pub use past::{Past, Standing};
pub use state::{Failure, Line, PromptCreation, Session, VERSION};
pub use step::{Step, Work};
pub use team::{ASK_USER, Executable, Member, SEND_MESSAGE, Team, USER};
pub use telling::Pace;
pub use trace::{ALIAS_ID, TraceEvent, TraceKind};

use crate::knowledge::Citation;
use state::{Frame, Turn};

/// What the customer says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The text.
    pub text: String,
    /// Last for the session; added to those there are.
    pub session_attributes: BTreeMap<String, String>,
    /// Last for the turn.
    pub prompt_session_attributes: BTreeMap<String, String>,
    /// What was said before, elsewhere. Only a session that begins takes it.
    pub before: Vec<Line>,
    /// Lasts for the turn.
    pub prompt_creation: PromptCreation,
    /// What the customer sent with the text.
    pub files: Vec<FileText>,
}

/// A run over one session.
#[derive(Debug)]
pub struct Run {
    team: Arc<Team>,
    budgets: Budgets,
    session_id: String,
    session: Session,
    traces: Vec<TraceEvent>,
    citations: Vec<Citation>,
}

impl Run {
    /// Takes a session up where it is.
    pub fn new(team: Arc<Team>, budgets: Budgets, session_id: String, session: Session) -> Self {
        let mut run = Self { team, budgets, session_id, session, traces: Vec::new(), citations: Vec::new() };
        // The definition may have changed since: a turn of agents that are no more cannot go on.
        let gone = |frame: &Frame| run.team.member(&frame.agent).is_none();
        if run.turn().is_some_and(|turn| turn.frames.values().any(gone)) {
            run.cancel_turn(frames::CANCELLED);
        }
        run
    }

    /// The session as it is now.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to be settled.
    pub(crate) fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The session, to be stored.
    pub fn into_session(self) -> Session {
        self.session
    }

    /// Whether a turn is not done.
    pub fn is_open(&self) -> bool {
        self.session.open.is_some()
    }

    /// The session ends when the open turn is done.
    pub fn end_after_turn(&mut self) {
        self.session.ending = true;
    }

    /// What the answer that [`Step::Done`] gave stands on.
    pub fn take_citations(&mut self) -> Vec<Citation> {
        std::mem::take(&mut self.citations)
    }

    /// What happened since this was last called.
    pub fn take_traces(&mut self) -> Vec<TraceEvent> {
        std::mem::take(&mut self.traces)
    }

    /// The customer's language, where it was told.
    fn language(&self) -> Option<&str> {
        let prompt = self.session.open.as_ref().and_then(|turn| turn.prompt_session_attributes.get("language"));
        prompt.or_else(|| self.session.session_attributes.get("language")).map(String::as_str)
    }

    fn turn(&self) -> Option<&Turn> {
        self.session.open.as_ref()
    }

    fn turn_mut(&mut self) -> Option<&mut Turn> {
        self.session.open.as_mut()
    }

    fn frame(&self, id: u32) -> Option<&Frame> {
        self.turn()?.frames.get(&id)
    }

    fn frame_mut(&mut self, id: u32) -> Option<&mut Frame> {
        self.turn_mut()?.frames.get_mut(&id)
    }
}
