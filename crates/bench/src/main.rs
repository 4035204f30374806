//! The benchmark of the deployed binaries.
//!
//! `cargo run --release -p relevo-bench` builds `start-bot` and `chat-bot` as they are deployed and runs them under a Runtime
//! API of its own, against an AWS of its own over TLS in which every call takes a set time, and beside them an echo Lambda and, where
//! Python has boto3, the same calls in Python. It prints the figures, their ratios, and which aims are met.

mod aws;
mod centre;
mod events;
mod figures;
mod function;
mod measure;
mod options;
mod process;
mod report;
mod subject;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

use crate::{
    aws::Aws,
    measure::{Bench, Kind},
    options::{Options, Other},
    subject::{Subject, build, built},
};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let options = Options::parse();
    match &options.other {
        Some(Other::Centre(centre)) => return centre::run(centre).await.map(|()| ExitCode::SUCCESS),
        Some(Other::Echo) => return centre::serve_echo().await.map(|()| ExitCode::SUCCESS),
        None => {}
    }
    let folder = if let Some(folder) = &options.binaries {
        folder.clone()
    } else {
        build(&options.profile, &["-p", "relevo-lambdas", "--bins"])?;
        built(&options.profile)?
    };
    build("release", &["-p", "relevo-bench", "--bin", "echo-lambda"])?;
    let (start_bot, chat_bot) = Subject::bots(&folder)?;
    let aws = Aws::open().await?;
    let mut bench = Bench::new(&aws, options.plan(), &start_bot).await?;
    let mut rows = vec![
        bench.measure(&chat_bot, Kind::Chat).await?,
        bench.measure(&start_bot, Kind::Start).await?,
        bench.measure(&Subject::echo()?, Kind::Echo).await?,
    ];
    let python = if options.no_python { None } else { Subject::python(&options.python) };
    if let Some(python) = python {
        rows.push(bench.measure(&python, Kind::Chat).await?);
    }
    let met = report::print(&rows, &options.plan(), aws.trusted);
    Ok(if met || !options.strict { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
