//! `relevo up`: everything on this machine, on one port.

use std::{
    io::IsTerminal,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use axum::{Router, serve::ListenerExt};
use relevo_deploy::function_name;
use relevo_host::LogLines;
use tokio::net::TcpListener;

use super::{LambdasIn, StreamIs, UpArgs, doors, open_files, printer};
use crate::local::{self, Chaos, Deployed, EndpointsFile, LambdaSetup, Models, Setup, folder};

/// The example that comes along.
const DEFAULT_BOT: &str = "examples/envios";
/// How long open requests may take to end after a signal; state is on disk anyway.
const GRACE: Duration = Duration::from_secs(2);

/// Runs until a signal. Exit code 2 when it cannot start.
pub(super) fn run(args: &UpArgs) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    open_files::as_many_as_allowed();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("RELEVO_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .init();
    let deployed = match &args.template {
        None => None,
        Some(file) => match Deployed::read(file, &args.parameters) {
            Ok(deployed) => Some(deployed),
            Err(problems) => {
                printer::findings(&[], &problems);
                return Ok(ExitCode::from(2));
            }
        },
    };
    for note in deployed.iter().flat_map(|deployed| &deployed.notes) {
        printer::say(format_args!("template: {note}"));
    }
    let beside = args.template.as_deref().and_then(Deployed::bot_beside);
    let bot_folder = args.bot.clone().or(beside).unwrap_or_else(|| PathBuf::from(DEFAULT_BOT));
    let bot = match folder::load_with(&bot_folder, deployed.as_ref().and_then(|it| it.flow.as_ref())) {
        Ok((bot, warnings)) => {
            printer::findings(&warnings, &[]);
            bot
        }
        Err(report) => {
            printer::findings(&[], &report.errors);
            return Ok(ExitCode::from(2));
        }
    };
    let variables = deployed.as_ref().map(|it| it.chat_bot.variables.clone()).unwrap_or_default();
    let variable = |name: &str| std::env::var(name).ok().or_else(|| variables.get(name).cloned());
    let model = match variables.get("RELEVO_MODEL").filter(|_| args.model.is_empty()) {
        Some(names) => names.split(',').map(str::to_owned).collect(),
        None => args.model.clone(),
    };
    let (models, warnings) = Models::choose(bot.definition.models.as_deref(), &model, variable)?;
    printer::findings(&warnings, &[]);
    let log: Arc<dyn LogLines> = Arc::new(printer::ChildLines);
    let lambdas = match args.lambdas {
        LambdasIn::InProcess => None,
        LambdasIn::Process => {
            let timeout = Duration::from_secs(args.lambda_timeout.into());
            Some(LambdaSetup::find(args.lambdas_dir.as_deref(), &bot_folder, timeout, Arc::clone(&log))?)
        }
    };
    let endpoints = match &args.endpoints {
        None => None,
        Some(file) => {
            let called = bot.flow.names().filter(|(what, _)| *what == "function").map(|(_, name)| function_name(name));
            match EndpointsFile::read(file, &called.collect::<Vec<_>>(), log) {
                Ok((endpoints, notes)) => {
                    printer::findings(&notes, &[]);
                    Some(endpoints)
                }
                Err(problem) => {
                    printer::findings(&[], &[problem]);
                    return Ok(ExitCode::from(2));
                }
            }
        }
    };
    let (doors, gate) = (doors::doors(args)?, doors::gate(args)?);
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no async runtime")?.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address}; choose another port with --port, or stop what uses it")
        })?;
        let port = listener.local_addr().context("no local address")?.port();
        let outside = match &doors.outside {
            None => None,
            Some(outside) => {
                let address = SocketAddr::from((outside.address, port));
                let listener = TcpListener::bind(address).await;
                Some((outside.host(), listener.with_context(|| format!("cannot listen on {address}"))?))
            }
        };
        #[cfg(feature = "aws")]
        let models = models.connected().await;
        let setup = Setup {
            bot,
            data: args.data.clone(),
            port,
            staffed: args.staffed,
            message_limit_bytes: usize::try_from(args.message_limit).context("the message limit")?,
            chaos: Chaos::new(args.stream == StreamIs::Chaotic, args.stream_seed),
            gate,
            doors,
            allowed_origins: args.allow_origin.clone(),
            lambdas,
            endpoints,
            deployed,
            models,
        };
        let rooms = local::assemble(setup).await?;
        printer::data(format_args!("http://127.0.0.1:{port}"));
        let ready_ms = began.elapsed().as_millis();
        let open = match rooms.centre.contacts().await.len() {
            0 => String::new(),
            1 => " One open chat goes on.".into(),
            many => format!(" {many} open chats go on."),
        };
        printer::say(format_args!("Relevo is ready after {ready_ms} ms.{open} Ctrl-C stops it and loses nothing."));
        if let (Some((host, listener)), Some(router)) = (outside, rooms.outside) {
            printer::say(format_args!("Signed requests are taken at http://{host}:{port} as well."));
            tokio::spawn(serve(listener, router));
        }
        tokio::select! {
            ended = serve(listener, rooms.router) => ended.context("the server stopped")?,
            () = async { signal().await; tokio::time::sleep(GRACE).await } => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Serves until a signal.
async fn serve(listener: TcpListener, router: Router) -> std::io::Result<()> {
    let listener = listener.tap_io(|tcp| {
        // Small frames both ways: without this a reply can wait for a delayed acknowledgement.
        drop(tcp.set_nodelay(true));
    });
    axum::serve(listener, router).with_graceful_shutdown(signal()).await
}

/// Ctrl-C, or a polite kill.
async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
