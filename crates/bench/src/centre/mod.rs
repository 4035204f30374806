//! The benchmark of the contact centre: `relevo-bench centre`.
//!
//! The released binary with state on disk, in a process of its own, beside a bare axum echo of the same payload; the same
//! client drives both. Then many open chats, and many waiting ones over a `kill -9`.
#![expect(clippy::print_stdout, reason = "this is what the benchmark says")]

mod client;
mod echo;
mod many;
mod rate;
mod server;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

pub(crate) use self::echo::serve as serve_echo;
use self::server::Server;
use crate::subject::{build, built};

/// Measures the contact centre.
#[derive(Debug, Args)]
pub(crate) struct CentreOptions {
    /// The binary, which is then not built.
    #[arg(long)]
    relevo: Option<PathBuf>,
    /// Clients that send at once: as many as keep two cores busy.
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// How long each round of sending takes.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Rounds of each; the medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Open chats with websockets.
    #[arg(long, default_value_t = 10_000)]
    open: usize,
    /// Contacts that wait in the queue while the server is killed.
    #[arg(long, default_value_t = 100_000)]
    waiting: usize,
}

/// A flow that says nothing and waits for a person: what is measured is the centre.
const FLOW: &str = r#"{"Version": "2019-10-30", "StartAction": "queue", "Actions": [
  {"Identifier": "queue", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000001/queue/00000000-0000-4000-8000-000000000010"},
   "Transitions": {"NextAction": "transfer", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
  {"Identifier": "transfer", "Type": "TransferContactToQueue", "Parameters": {},
   "Transitions": {"Errors": [{"NextAction": "end", "ErrorType": "QueueAtCapacity"}, {"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
  {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}"#;

/// Runs all of it and prints.
pub(crate) async fn run(options: &CentreOptions) -> Result<()> {
    let relevo = if let Some(relevo) = &options.relevo {
        relevo.clone()
    } else {
        build("release", &["-p", "relevo"])?;
        built("release")?.join("relevo")
    };
    client::take_open_files()?;
    let folder = tempfile::tempdir()?;
    let bot = folder.path().join("bot");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios"), &bot)?;
    std::fs::write(bot.join("flow.json"), FLOW)?;

    let data = folder.path().join("data");
    let centre = Server::centre(&relevo, &bot, &data, 0).await?;
    let echo = Server::echo().await?;
    println!("start-up, nothing stored: {:.0} ms\n", centre.started_in.as_secs_f64() * 1e3);
    rate::measure(&centre, &echo, options.clients, options.seconds, options.rounds).await?;
    drop(centre);

    // Apart: what the rounds before have stored is not theirs.
    let data = folder.path().join("many");
    let centre = Server::centre(&relevo, &bot, &data, 0).await?;
    many::open(&centre, options.open).await?;
    many::waiting(centre, options.open, options.waiting, |port| Server::centre(&relevo, &bot, &data, port)).await
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
