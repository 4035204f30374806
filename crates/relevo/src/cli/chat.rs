//! `relevo chat`.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, IsTerminal as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use clap::Args;
use tokio::sync::mpsc;

use super::{doors, printer};
use crate::chat::{Client, Customer, Look, Style, Talk, Voice};

/// `relevo chat`.
#[derive(Debug, Args)]
pub(super) struct ChatArgs {
    /// Where `relevo up` runs
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = endpoint)]
    endpoint: String,
    /// Keys as `relevo up --credentials` has them: the first signs what starts the chat
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// The customer's name
    #[arg(long, value_name = "NAME", default_value = "Customer")]
    name: String,
    /// The customer's language: the contact attribute `language`
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// A contact attribute (repeatable)
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = attribute)]
    attributes: Vec<(String, String)>,
    /// One JSON object a line: messages, events, typing; for scripts
    #[arg(long)]
    json: bool,
    /// When the lines come from a file or a pipe: how long each waits for the answer to the one before
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    patience: u64,
}

pub(super) fn endpoint(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or_default();
    if host.trim_end_matches('/').is_empty() || host.trim_end_matches('/').contains(['/', '?', '#']) {
        return Err("an endpoint is scheme and host without a path, such as http://127.0.0.1:8080".into());
    }
    Ok(text.to_owned())
}

fn attribute(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("an attribute is NAME=VALUE, such as plan=gold".into()),
    }
}

/// 0 when the chat ended well, 1 when it was lost, 2 when it could not begin.
pub(super) fn run(args: &ChatArgs) -> anyhow::Result<ExitCode> {
    let (hands, screen) = (std::io::stdin().is_terminal(), std::io::stdout().is_terminal());
    let colour = screen && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let look = match (args.json, colour) {
        (true, _) => Look::Json,
        (false, true) => Look::Text(Style::Colour),
        (false, false) => Look::Text(Style::Plain),
    };
    let mut attributes: BTreeMap<String, String> = args.attributes.iter().cloned().collect();
    if let Some(language) = &args.language {
        attributes.insert("language".into(), language.clone());
    }
    let customer = Customer { name: args.name.clone(), attributes };
    let talk = Talk { look, by_hand: hands, patience: Duration::from_secs(args.patience) };
    let mut client = Client::new(&args.endpoint)?;
    if let Some(file) = &args.credentials {
        client = client.signing_with(doors::first_key(file)?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no async runtime")?;
    let mut voice = Terminal { typing: hands && screen, typed: false };
    let well = runtime.block_on(talk.hold(&client, &customer, lines(), &mut voice))?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The lines of stdin. A thread of its own reads them: it may sit in the middle of one when the chat ends.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (to, from) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if to.send(line).is_err() {
                break;
            }
        }
    });
    from
}

struct Terminal {
    /// Typing is shown.
    typing: bool,
    /// Typing stands on the last line.
    typed: bool,
}

impl Voice for Terminal {
    fn line(&mut self, line: &str) {
        if std::mem::take(&mut self.typed) {
            printer::transient("");
        }
        printer::data(line);
    }

    fn aside(&mut self, words: &str) {
        if std::mem::take(&mut self.typed) {
            printer::transient("");
        }
        printer::say(words);
    }

    fn typing(&mut self, who: &str) {
        if self.typing && !std::mem::replace(&mut self.typed, true) {
            printer::transient(&format!("{who} is typing…"));
        }
    }
}
