//! The commands: what was typed, and what the program then does.

mod chat;
mod check;
mod costs;
mod deploy;
mod doctor;
mod doors;
mod flow;
mod import;
mod load;
mod open_files;
mod printer;
mod programs;
mod synth;
mod test;
mod up;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Relevo: an AI team answers your contact centre's chat and hands the customer over to a person when it is time.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    up: UpArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the contact centre, the bot and the page on this machine (the default command)
    Up(UpArgs),
    /// Be the customer at the terminal: a chat with a running `relevo up`
    Chat(chat::ChatArgs),
    /// Check bot folders and flows: every problem with file, line and a hint
    Check(check::CheckArgs),
    /// Look at a flow, or try it alone
    #[command(subcommand)]
    Flow(flow::FlowCommand),
    /// Deploy a bot to AWS: its flow, its functions, and what lies between them
    Deploy(deploy::DeployArgs),
    /// Remove from AWS what `deploy` has made
    Destroy(deploy::DestroyArgs),
    /// Check a deployed bot from outside, and say what to do
    Doctor(doctor::DoctorArgs),
    /// Compute what a deployed bot costs a month
    Costs(costs::CostsArgs),
    /// Write the CloudFormation template of a bot
    Synth(synth::SynthArgs),
    /// Hold the bot's conversations and check what must be true in them
    Test(test::TestArgs),
    /// Many customers at once, and whether anything goes wrong with any of them
    Load(load::LoadArgs),
    /// Make a bot's folder of what is on AWS: templates, answers of `aws bedrock-agent`, action groups, contact flows
    Import(import::ImportArgs),
}

/// `relevo up`.
#[derive(Debug, Clone, Args)]
struct UpArgs {
    /// The bot's folder [default: the template's, where it lies beside it; else examples/envios]
    #[arg(long, value_name = "DIR")]
    bot: Option<PathBuf>,
    /// A CloudFormation template: its flow, filter policy, environment and time-outs are what runs here
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// name=value, several after another or repeated: the template's parameters [default: the template's own]
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., action = clap::ArgAction::Append, requires = "template")]
    parameters: Vec<String>,
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the state is kept
    #[arg(long, value_name = "DIR", default_value = ".relevo")]
    data: PathBuf,
    /// Agents that count as staffed until the first one signs in at the desk
    #[arg(long, value_name = "N", default_value_t = 1)]
    staffed: u32,
    /// Longest message in bytes of UTF-8 that the contact centre takes (older instances: 1024)
    #[arg(long, value_name = "BYTES", default_value_t = 16_384, value_parser = clap::value_parser!(u32).range(256..=16_384))]
    message_limit: u32,
    /// How the message stream delivers: at once and in order, or as SNS may: twice, late, in another order
    #[arg(long, value_enum, value_name = "HOW", default_value_t = StreamIs::Calm)]
    stream: StreamIs,
    /// What a chaotic stream draws from: the same number draws the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    stream_seed: u64,
    /// Rules by which calls are slow, throttled, fail, hang or lose their answers (YAML, see docs/faults.md)
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Refuses what is over a quota of the service, as AWS does for a new account; without it nothing is limited
    #[arg(long, value_enum, value_name = "WHOSE")]
    quotas: Option<QuotasOf>,
    /// Who may sign requests (an ini file like ~/.aws/credentials); signatures are then verified
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// A further address of this machine, where others reach the AWS operations; wants --credentials
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<std::net::IpAddr>,
    /// A host name that requests to the --bind address may have, beside the address (repeatable)
    #[arg(long = "allow-host", value_name = "NAME", requires = "bind")]
    allow_host: Vec<String>,
    /// A web origin, beside this machine's own, whose pages may use the API (repeatable)
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_parser = origin)]
    allow_origin: Vec<String>,
    /// What the agents think with, in the order in which it is asked: offline, or providers of the bot's `models:`
    /// [default: as the bot has it]
    #[arg(long, value_name = "NAME", env = "RELEVO_MODEL", value_delimiter = ',')]
    model: Vec<String>,
    /// Where the bot runs: in this process, or as the binaries that are deployed to Lambda, as child processes
    #[arg(long, value_enum, value_name = "WHERE", default_value_t = LambdasIn::InProcess)]
    lambdas: LambdasIn,
    /// Where start-bot and chat-bot are, by their names or as `sam build` leaves them [default: beside this program]
    #[arg(long, value_name = "DIR")]
    lambdas_dir: Option<PathBuf>,
    /// Lambda functions of your own that the flow calls, and who else hears the message stream (docs/subscribers.md)
    #[arg(long, value_name = "FILE")]
    endpoints: Option<PathBuf>,
    /// How long chat-bot may take for a delivery before it is killed; start-bot never has more than 15
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..=900))]
    lambda_timeout: u32,
}

/// Where the bot runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LambdasIn {
    InProcess,
    Process,
}

/// Whose quotas hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum QuotasOf {
    Aws,
}

/// How the message stream delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StreamIs {
    Calm,
    Chaotic,
}

/// `https://host[:port]`, as a browser sends it.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ']) => Ok(text.to_owned()),
        _ => Err("an origin is scheme and host without a path, such as https://chat.example.com".into()),
    }
}

/// Parses the command line and runs the command.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        None => up::run(&cli.up),
        Some(Command::Up(args)) => up::run(&args),
        Some(Command::Chat(args)) => chat::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Flow(command)) => flow::run(&command),
        Some(Command::Deploy(args)) => deploy::run(&args),
        Some(Command::Destroy(args)) => deploy::destroy(&args),
        Some(Command::Doctor(args)) => Ok(doctor::run(&args)),
        Some(Command::Costs(args)) => costs::run(&args),
        Some(Command::Synth(args)) => synth::run(&args),
        Some(Command::Test(args)) => test::run(&args),
        Some(Command::Load(args)) => load::run(&args),
        Some(Command::Import(args)) => import::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        printer::error(&error);
        ExitCode::from(2)
    })
}
