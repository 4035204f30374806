//! The local assembly: every room on this machine's ports.

mod assemble;
mod batch;
mod bot_host;
mod calls;
mod chat;
mod conversation_check;
mod deployed;
mod executors;
pub(crate) mod folder;
mod functions;
mod identity;
mod knowledge;
mod knowledge_check;
mod lambdas;
mod models;
mod published;
mod subject;
mod system;
mod topic;
mod traces;

pub(crate) use assemble::{Info, Setup, assemble};
pub(crate) use deployed::Deployed;
pub(crate) use lambdas::LambdaSetup;
pub(crate) use models::Models;
pub(crate) use subject::{Target, subject};
pub(crate) use traces::Traces;

#[cfg(test)]
mod tests;
