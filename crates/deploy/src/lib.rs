//! From a bot's folder to AWS and back: the `CloudFormation` template of a bot, the commands that deploy it, and bot folders
//! made of what stands on AWS already.
//!
//! Nothing here reads the network: what is asked of AWS is asked by other people's programs (`aws`, `sam`), which are behind
//! a port.

pub mod cfn;
pub mod classic;
pub mod costs;
pub mod deploy;
pub mod destroy;
pub mod doctor;
mod document;
pub mod import;
pub mod programs;
pub mod stack;
mod start_bot;
pub mod template;

pub use start_bot::{StartBot, function_name};
