//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand};

use crate::{centre::CentreOptions, figures::Plan};

/// Measures the deployed binaries.
#[derive(Debug, Parser)]
#[command(name = "relevo-bench")]
pub(crate) struct Options {
    /// Something else than the deployed binaries.
    #[command(subcommand)]
    pub(crate) other: Option<Other>,
    /// Warm turns of each subject.
    #[arg(long, default_value_t = 1_000)]
    turns: usize,
    /// Fresh processes of each subject; the medians are shown.
    #[arg(long, default_value_t = 15)]
    starts: usize,
    /// How long each call of AWS takes, in milliseconds, on the way to the first words.
    #[arg(long, default_value_t = 25)]
    call_ms: u64,
    /// The agent's own time, in milliseconds.
    #[arg(long, default_value_t = 1_000)]
    agent_ms: u64,
    /// The profile that `start-bot` and `chat-bot` are built with: the one that is deployed, or `release`.
    #[arg(long, default_value = "lambda")]
    pub(crate) profile: String,
    /// The folder of `start-bot` and `chat-bot`, which are then not built.
    #[arg(long, conflicts_with = "profile")]
    pub(crate) binaries: Option<PathBuf>,
    /// The Python to ask for boto3.
    #[arg(long, default_value = "python3")]
    pub(crate) python: String,
    /// Leave Python out.
    #[arg(long)]
    pub(crate) no_python: bool,
    /// End with status 1 when an aim is missed.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What else there is.
#[derive(Debug, Subcommand)]
pub(crate) enum Other {
    /// Measure the contact centre.
    Centre(CentreOptions),
    /// Be the echo beside it.
    #[command(hide = true)]
    Echo,
}

impl Options {
    /// What is measured, and how slow AWS is.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            starts: self.starts.max(1),
            turns: self.turns.max(1),
            call: Duration::from_millis(self.call_ms),
            agent: Duration::from_millis(self.agent_ms),
        }
    }
}
