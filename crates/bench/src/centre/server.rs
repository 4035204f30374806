//! A server in a process of its own.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::process;

/// The process; it is killed when this is dropped.
pub(super) struct Server {
    child: Child,
    /// Its output is kept open, so that what it prints does not end it.
    _lines: Lines<BufReader<ChildStdout>>,
    pub(super) url: String,
    /// From the start of the process to its address.
    pub(super) started_in: Duration,
}

impl Server {
    /// `relevo up`; port 0 takes a free one.
    pub(super) async fn centre(relevo: &Path, bot: &Path, data: &Path, port: u16) -> Result<Self> {
        let mut command = Command::new(relevo);
        command.arg("up").arg("--port").arg(port.to_string()).arg("--bot").arg(bot).arg("--data").arg(data);
        Self::start(command).await
    }

    /// The echo: this program.
    pub(super) async fn echo() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("echo");
        Self::start(command).await
    }

    async fn start(mut command: Command) -> Result<Self> {
        let began = Instant::now();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("{:?} does not start", command.as_std()))?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let url = lines.next_line().await?.with_context(|| format!("{:?} printed no address", command.as_std()))?;
        Ok(Self { child, _lines: lines, url, started_in: began.elapsed() })
    }

    pub(super) fn port(&self) -> Result<u16> {
        Ok(self.url.rsplit(':').next().context("no port")?.parse()?)
    }

    /// Time on a processor until now.
    pub(super) fn cpu(&self) -> Result<Duration> {
        process::cpu(self.pid()?)
    }

    /// Resident now, in bytes.
    pub(super) fn memory_bytes(&self) -> Result<u64> {
        process::memory_bytes(self.pid()?)
    }

    /// `kill -9`.
    pub(super) async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    fn pid(&self) -> Result<u32> {
        self.child.id().context("it has ended")
    }
}
