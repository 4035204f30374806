//! `relevo load`.

use std::{
    io::IsTerminal as _,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::Context as _;
use clap::Args;

use super::{chat::endpoint, doors, open_files, printer};
use crate::{
    chat::{Client, Place, region_of},
    load::{self, Mix, Plan, Progress},
};

/// No chat lasts longer, in seconds.
const A_WEEK: u64 = 7 * 24 * 60 * 60;

/// `relevo load`.
#[derive(Debug, Args)]
pub(super) struct LoadArgs {
    /// Where `relevo up` runs, or the participant service of a real instance
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = endpoint)]
    endpoint: String,
    /// A back end that starts chats on a real instance (docs/embed.md); goes with --instance and --flow
    #[arg(long, value_name = "URL", requires = "instance")]
    start_url: Option<String>,
    /// The instance's id, or its ARN where requests are signed [default: that of `relevo up`]
    #[arg(long, value_name = "ID", requires = "flow")]
    instance: Option<String>,
    /// The flow's id [default: that of `relevo up`]
    #[arg(long, value_name = "ID", requires = "instance")]
    flow: Option<String>,
    /// Keys as `relevo up --credentials` has them: the first signs what starts the chats
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// Customers in all
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    customers: u32,
    /// Chats that begin in a second
    #[arg(long, value_name = "N", default_value_t = 10.0, value_parser = rate)]
    rate: f64,
    /// What the customers say [default: most greet and leave, some ask for a person]
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// How long customers stay after their last word
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=A_WEEK))]
    stay: u64,
    /// How long a customer waits for anything before it counts as missing
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=A_WEEK))]
    patience: u64,
    /// People at the desk of a `relevo up`, who take what waits
    #[arg(long, value_name = "N", default_value_t = 0)]
    people: u32,
    /// Writes what each client was told, a line of JSON each: to compare with what is stored
    #[arg(long, value_name = "FILE")]
    views: Option<PathBuf>,
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        // A customer a day is the least that anybody means.
        Ok(rate) if (1e-5..=100_000.0).contains(&rate) => Ok(rate),
        _ => Err("a rate is a number from 0.00001 to 100000, such as 0.5 or 20".into()),
    }
}

/// 0 when all held, 1 when something broke, 2 when it could not begin.
pub(super) fn run(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    let mix = match &args.script {
        None => Mix::for_any_bot(),
        Some(file) => match Mix::read(file) {
            Ok(mix) => mix,
            Err(problem) => {
                printer::findings(&[], &[problem]);
                return Ok(ExitCode::from(2));
            }
        },
    };
    let arn = args.instance.as_ref().is_none_or(|it| !region_of(it).is_empty());
    if args.credentials.is_some() && !arn {
        anyhow::bail!("--instance must be the instance's ARN with --credentials: requests are signed for its region");
    }
    // Each customer has a websocket.
    open_files::as_many_as_allowed();
    let mut client = Client::new(&args.endpoint)?;
    if let Some(url) = &args.start_url {
        client = client.starting_at(url);
    }
    if let Some(file) = &args.credentials {
        client = client.signing_with(doors::first_key(file)?);
    }
    let plan = Plan {
        place: args.instance.clone().zip(args.flow.clone()).map(|(instance_id, contact_flow_id)| Place {
            region: region_of(&instance_id).to_owned(),
            instance_id,
            contact_flow_id,
        }),
        customers: args.customers,
        rate: args.rate,
        mix,
        stay: Duration::from_secs(args.stay),
        patience: Duration::from_secs(args.patience),
        people: args.people,
        views: args.views.is_some(),
    };
    let progress = Arc::new(Progress::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no async runtime")?;
    let report = runtime.block_on(async {
        let shown = tokio::spawn(show(Arc::clone(&progress), args.customers));
        let stopped = tokio::spawn(stop(Arc::clone(&progress)));
        let report = load::run(client, plan, progress).await;
        shown.abort();
        stopped.abort();
        report
    })?;
    if let Some(file) = &args.views {
        let lines: Vec<String> = report.views().iter().map(ToString::to_string).collect();
        std::fs::write(file, lines.join("\n")).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    if args.json {
        printer::data(report.json());
    } else {
        printer::data(report.text().trim_end());
    }
    Ok(if report.well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line a second, at a terminal always the same one.
async fn show(progress: Arc<Progress>, customers: u32) {
    let terminal = std::io::stderr().is_terminal();
    let mut ticks = tokio::time::interval(Duration::from_secs(if terminal { 1 } else { 10 }));
    loop {
        ticks.tick().await;
        let [started, open, sent, with_person, broken] =
            [&progress.started, &progress.open, &progress.sent, &progress.with_person, &progress.broken]
                .map(|count| count.load(Ordering::Relaxed));
        if started == 0 {
            continue;
        }
        let line = format!(
            "{started} of {customers} begun, {open} open, {sent} messages, {with_person} with a person, {broken} broken"
        );
        if terminal {
            printer::over(&line);
        } else {
            printer::say(&line);
        }
    }
}

/// Ctrl-C once: nobody begins any more. Twice: the end.
async fn stop(progress: Arc<Progress>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        progress.stop();
        printer::say("\nnobody begins any more; Ctrl-C again does not wait for those who are there");
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(1);
    }
}
