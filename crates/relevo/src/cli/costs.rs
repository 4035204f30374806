//! `relevo costs`: what a deployed bot costs a month.

use std::process::ExitCode;

use clap::Args;
use relevo_deploy::costs::{Load, costs};

use super::printer;

/// `relevo costs`.
#[derive(Debug, Args)]
pub(super) struct CostsArgs {
    /// Customers' messages in a month; each is a turn of the bot
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    messages_per_month: u32,
    /// Turns of a chat
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    turns: u32,
    /// How long a turn takes, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 6.0, value_parser = amount)]
    turn_seconds: f64,
    /// Tokens that a turn sends to the model, over all its calls
    #[arg(long, value_name = "N", default_value_t = 6_000)]
    input_tokens: u32,
    /// Tokens that a turn gets of the model
    #[arg(long, value_name = "N", default_value_t = 400)]
    output_tokens: u32,
    /// A million input tokens [default: Claude Haiku 4.5's]
    #[arg(long, value_name = "USD", value_parser = amount)]
    input_usd: Option<f64>,
    /// A million output tokens [default: Claude Haiku 4.5's]
    #[arg(long, value_name = "USD", value_parser = amount)]
    output_usd: Option<f64>,
    /// A chat message of Amazon Connect [default: not counted]
    #[arg(long, value_name = "USD", value_parser = amount)]
    connect_message_usd: Option<f64>,
    /// The topic invokes the function itself (delivery=topic)
    #[arg(long)]
    topic: bool,
    /// As JSON, with the source of each price
    #[arg(long)]
    json: bool,
}

fn amount(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "it takes a number, 0 or more".into())
}

/// Prints a table for a document, or JSON.
pub(super) fn run(args: &CostsArgs) -> anyhow::Result<ExitCode> {
    let month = costs(Load {
        messages_per_month: args.messages_per_month,
        turns: args.turns,
        turn_seconds: args.turn_seconds,
        input_tokens: args.input_tokens,
        output_tokens: args.output_tokens,
        input_usd: args.input_usd,
        output_usd: args.output_usd,
        connect_message_usd: args.connect_message_usd,
        queue: !args.topic,
    })
    .map_err(anyhow::Error::msg)?;
    if args.json {
        printer::data(serde_json::to_string_pretty(&month)?);
        return Ok(ExitCode::SUCCESS);
    }
    printer::data("| service | what | USD a month |\n| --- | --- | ---: |");
    for line in &month.lines {
        printer::data(format_args!("| {} | {} | {:.2} |", line.service, line.what, line.usd));
    }
    printer::data(format_args!("| together | | {:.2} |", month.usd));
    printer::data(format_args!("\nPrices of {} in {}: {}.", month.date, month.region, month.note));
    printer::data(format_args!("Not in it: {}.", month.without.join("; ")));
    Ok(ExitCode::SUCCESS)
}
