//! What the deployed functions find around them, on this machine: Lambda's Runtime API over child processes, a table of
//! DynamoDB and a topic of SNS.
//!
//! This crate knows no behaviour of ours: a function is a binary and its variables, a table keeps items, a topic takes
//! notifications. Everything listens on loopback alone.

pub mod dynamodb;
mod lambda;
mod services;
pub mod sns;

pub use crate::{
    lambda::{Function, FunctionSetup, InvokeError, LogLines, access_key, access_key_function},
    services::{Services, router},
};
