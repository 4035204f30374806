//! What is measured: the two binaries, an echo Lambda, and the same calls in Python.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use crate::aws::Aws;

/// A program under the Runtime API.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// As it stands in the table.
    pub(crate) name: String,
    /// Program and arguments.
    pub(crate) program: Vec<String>,
    /// What is deployed, in bytes; none: a script.
    pub(crate) binary_bytes: Option<u64>,
    /// Where a script finds its libraries.
    libraries: Option<String>,
}

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

impl Subject {
    /// A binary of this workspace.
    fn binary(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let size = std::fs::metadata(&path).with_context(|| format!("{} is not there", path.display()))?.len();
        Ok(Self {
            name: name.into(),
            program: vec![path.display().to_string()],
            binary_bytes: Some(size),
            libraries: None,
        })
    }

    /// `start-bot`, `chat-bot`.
    pub(crate) fn bots(folder: &Path) -> Result<(Self, Self)> {
        Ok((Self::binary(folder, "start-bot")?, Self::binary(folder, "chat-bot")?))
    }

    /// The echo.
    pub(crate) fn echo() -> Result<Self> {
        Self::binary(&built("release")?, "echo-lambda")
    }

    /// `chat-bot`'s calls with boto3, where a Python has it.
    pub(crate) fn python(python: &str) -> Option<Self> {
        // A name on the path may be a wrapper that needs the environment.
        let probe = "import boto3, os, sys\n\
                     print('%d.%d' % sys.version_info[:2], boto3.__version__, sys.executable, os.pathsep.join(sys.path))";
        let output = Command::new(python).args(["-c", probe]).stderr(Stdio::null()).output().ok()?;
        let said = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
        let (python_version, rest) = said.trim().split_once(' ')?;
        let (boto3, rest) = rest.split_once(' ')?;
        let (executable, libraries) = rest.split_once(' ')?;
        Some(Self {
            name: format!("Python {python_version}, boto3 {boto3}"),
            program: vec![executable.into(), format!("{CRATE}/python/chat_bot.py")],
            binary_bytes: None,
            libraries: Some(libraries.to_owned()),
        })
    }

    /// The environment of a function that is deployed, pointed at this AWS.
    pub(crate) fn variables(&self, aws: &Aws) -> Vec<(String, String)> {
        let bundle = aws.bundle.path().display().to_string();
        let bot = Path::new(CRATE).join("../../examples/envios");
        let variables = [
            ("AWS_REGION", "us-east-1".into()),
            ("AWS_DEFAULT_REGION", "us-east-1".into()),
            ("AWS_ACCESS_KEY_ID", "any".into()),
            ("AWS_SECRET_ACCESS_KEY", "any".into()),
            ("AWS_SESSION_TOKEN", "any".into()),
            // rustls, and boto3
            ("SSL_CERT_FILE", bundle.clone()),
            ("AWS_CA_BUNDLE", bundle),
            ("INSTANCE_ID", "11111111-1111-4111-8111-111111111111".into()),
            ("TABLE_NAME", "sessions".into()),
            ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:chat".into()),
            ("AGENT_ID", "AAAA".into()),
            ("RELEVO_BOT", bot.display().to_string()),
            ("PYTHONPATH", self.libraries.clone().unwrap_or_default()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        variables.into_iter().chain(aws.endpoints.iter().cloned()).collect()
    }
}

/// Where cargo puts what it builds with this profile: beside the folder that this program lies in.
pub(crate) fn built(profile: &str) -> Result<PathBuf> {
    let this = std::env::current_exe()?;
    let target = this.ancestors().nth(2).context("this program lies nowhere")?;
    Ok(target.join(profile))
}

/// Builds a package's binaries as they are released: what is measured is what is there now.
pub(crate) fn build(profile: &str, arguments: &[&str]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--profile", profile]).args(arguments).current_dir(CRATE);
    ensure!(command.status()?.success(), "cargo build {} failed", arguments.join(" "));
    Ok(())
}
