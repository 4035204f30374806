//! The local assembly: every room on this machine's ports.

mod assemble;
mod aws_calls;
mod batch;
mod bot_host;
mod calls;
mod chaos;
mod chat;
mod conversation_check;
mod deployed;
mod desk_texts;
mod doors;
mod endpoints;
mod executors;
pub(crate) mod export;
pub(crate) mod folder;
mod functions;
mod gated;
mod hours;
mod identity;
mod knowledge;
mod knowledge_check;
mod lambdas;
mod models;
mod observed;
pub(crate) mod overview;
mod published;
mod queues;
mod ring;
pub(crate) mod search;
mod subject;
mod switch;
mod system;
mod topic;
mod traces;

pub(crate) use assemble::{Info, Setup, assemble};
pub(crate) use calls::{CallBody, CallEntry, Calls, Door};
pub(crate) use chaos::Chaos;
pub(crate) use deployed::Deployed;
pub(crate) use desk_texts::DeskTexts;
pub(crate) use doors::{Doors, Outside};
pub(crate) use endpoints::EndpointsFile;
pub(crate) use gated::quotas;
pub(crate) use lambdas::LambdaSetup;
pub(crate) use models::Models;
pub(crate) use subject::{Target, subject};
pub(crate) use switch::ModelChooser;
pub(crate) use system::System;
pub(crate) use traces::{TraceEntry, Traces};

#[cfg(test)]
mod tests;
