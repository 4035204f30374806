//! `relevo doctor`.

use std::{
    process::ExitCode,
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clap::Args;
use relevo_deploy::doctor::{self, Finding, Load, State, live};

use super::{deploy::stack_name, printer, programs::Terminal};

/// `relevo doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// The stack's name
    #[arg(long, value_name = "NAME", value_parser = stack_name, default_value = "relevo-envios")]
    stack_name: String,
    /// The region [default: the terminal's own]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Also hold a chat with the bot: a contact that counts and costs as any other, and is ended before a person is asked for
    #[arg(long)]
    live: bool,
    /// With --live: how long an answer may take
    #[arg(long, value_name = "SECONDS", default_value_t = 45)]
    patience: u32,
    /// Chats that begin in the busiest hour, for the quotas
    #[arg(long, value_name = "N", default_value_t = 60.0, value_parser = positive)]
    chats_an_hour: f64,
    /// Messages that a customer writes in a chat
    #[arg(long, value_name = "N", default_value_t = 6.0, value_parser = positive)]
    messages_a_chat: f64,
    /// How long a chat is open
    #[arg(long, value_name = "MINUTES", default_value_t = 12.0, value_parser = positive)]
    minutes_a_chat: f64,
    /// How long a turn takes
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = positive)]
    seconds_a_turn: f64,
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number: &f64| number.is_finite() && *number > 0.0)
        .ok_or_else(|| "a number above 0".into())
}

/// 0 nothing is wrong, 1 something is, or could not be looked at.
pub(super) fn run(args: &DoctorArgs) -> ExitCode {
    let load = Load {
        chats_an_hour: args.chats_an_hour,
        minutes_a_chat: args.minutes_a_chat,
        messages_a_chat: args.messages_a_chat,
        seconds_a_turn: args.seconds_a_turn,
    };
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis());
    let now_ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
    let region = args.region.as_deref();
    let mut findings = doctor::examine(&Terminal, &args.stack_name, region, load, now_ms);
    if args.live {
        let mut pause = || sleep(Duration::from_secs(1));
        findings.push(live::contact(&Terminal, &args.stack_name, region, args.patience, &mut pause));
    }
    for Finding { what, state, advice } in &findings {
        let word = match state {
            State::Well => "ok     ",
            State::Warning => "warning",
            State::Wrong => "WRONG  ",
            State::Unknown => "unknown",
        };
        if advice.is_empty() {
            printer::data(format_args!("{word}  {what}"));
        } else {
            printer::data(format_args!("{word}  {what}: {advice}"));
        }
    }
    let sick = findings.iter().any(|finding| matches!(finding.state, State::Wrong | State::Unknown));
    if sick { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
