//! The flow language: parsing and checking a flow, and running it as a storable state machine.
//!
//! A [`Flow`] is parsed once and shared. A [`FlowRun`] is where one contact stands in it: a plain value that can be
//! stored between any two steps and go on in another process. It does no IO: [`FlowRun::step`] says what to do next,
//! and the centre does it and reports back with a [`FlowInput`].

mod problem;
mod run;

pub use problem::{FlowProblem, Severity};
pub use run::{FlowInput, FlowRun, FlowStep, FlowWorld, Metric};

/// A parsed flow: every transition leads somewhere, every action is one we run.
#[derive(Debug, Clone)]
pub struct Flow {}

impl Flow {
    /// Parses and checks a flow's JSON. All problems at once, each with its line; an `Error`-severity problem refuses it.
    ///
    /// # Errors
    /// Every problem found, in the order of the lines.
    pub fn parse(json: &str) -> Result<Self, Vec<FlowProblem>> {
        todo!()
    }
}
