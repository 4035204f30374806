//! The file of `--endpoints`, read and held against what is on this machine.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use relevo_connect::stream::{FilterPolicy, FilterScope};
use relevo_host::LogLines;
use serde::Deserialize;
use serde_json::Value;

use crate::flows;

/// How long an invocation may take where the file does not say.
const TIMEOUT_SECONDS: u32 = 60;
/// Lambda's own limit.
const LONGEST_TIMEOUT_SECONDS: u32 = 900;

/// The file.
pub(crate) struct EndpointsFile {
    /// Where it lies: its folders are relative to here.
    pub(super) folder: PathBuf,
    /// By the name that the flow calls them by.
    pub(super) functions: BTreeMap<String, FunctionSpec>,
    /// Who hears the topic.
    pub(super) subscribers: Vec<SubscriberSpec>,
    /// Where the lines go that the functions' processes write.
    pub(super) log: Arc<dyn LogLines>,
}

/// One function.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenFunction")]
pub(super) struct FunctionSpec {
    pub(super) runs: Runs,
    pub(super) timeout_seconds: u32,
}

/// Where a function runs.
#[derive(Debug)]
pub(super) enum Runs {
    /// As child processes that ask a Runtime API for events.
    Command { program: String, arguments: Vec<String>, directory: PathBuf, environment: BTreeMap<String, String> },
    /// Behind the Invoke API at this address.
    Endpoint(String),
}

/// One subscription.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenSubscriber")]
pub(super) struct SubscriberSpec {
    pub(super) to: To,
    pub(super) filter: FilterPolicy,
}

/// Where a subscription delivers.
#[derive(Debug)]
pub(super) enum To {
    /// To a function of the file, in SNS's event.
    Function(String),
    /// By `POST`.
    Http { url: String, raw: bool },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    #[serde(default)]
    functions: BTreeMap<String, FunctionSpec>,
    #[serde(default)]
    subscribers: Vec<SubscriberSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenFunction {
    command: Option<Vec<String>>,
    directory: Option<PathBuf>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    endpoint: Option<String>,
    timeout_seconds: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenSubscriber {
    function: Option<String>,
    url: Option<String>,
    #[serde(default)]
    raw_message_delivery: bool,
    filter_policy: Option<Value>,
    filter_policy_scope: Option<FilterScope>,
}

impl EndpointsFile {
    /// The functions' names.
    pub(in crate::local) fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    /// Reads it. `flow_calls`: the names of the functions that the flow calls. Beside the file: what is to be known, a
    /// line each.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub(crate) fn read(
        file: &Path,
        flow_calls: &[&str],
        log: Arc<dyn LogLines>,
    ) -> Result<(Self, Vec<String>), String> {
        let place = file.display();
        let text = std::fs::read_to_string(file).map_err(|why| format!("{place}: cannot be read: {why}"))?;
        let written: WrittenFile = serde_saphyr::from_str(&text).map_err(|error| {
            let line = error.location().map_or(1, |location| location.line());
            format!("{place}:{line}: {}", flows::yaml_message(&error.without_snippet().to_string()))
        })?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|why| format!("{place}: {why}"))?;
        let read = Self { folder, functions: written.functions, subscribers: written.subscribers, log };
        read.check().map_err(|why| format!("{place}: {why}"))?;
        let mut notes = Vec::new();
        for name in read.functions.keys() {
            let subscribed = read.subscribers.iter().any(|it| matches!(&it.to, To::Function(to) if to == name));
            if !subscribed && !flow_calls.contains(&name.as_str()) {
                notes.push(format!(
                    "{place}: nothing calls the function {name}, unless StartContactMediaProcessing names it; the flow calls {}",
                    if flow_calls.is_empty() { "none".into() } else { flow_calls.join(", ") }
                ));
            }
        }
        for SubscriberSpec { to, filter } in &read.subscribers {
            let (To::Function(who) | To::Http { url: who, .. }) = to;
            notes.extend(filter.notes().into_iter().map(|note| format!("{place}: the filterPolicy of {who}: {note}")));
        }
        Ok((read, notes))
    }

    fn check(&self) -> Result<(), String> {
        for (name, function) in &self.functions {
            let Runs::Command { program, directory, .. } = &function.runs else { continue };
            let directory = self.folder.join(directory);
            if !directory.is_dir() {
                return Err(format!("function {name}: there is no directory {}", directory.display()));
            }
            if find(program, &directory).is_none() {
                return Err(format!("function {name}: there is no program {program} (in PATH, or beside the file)"));
            }
        }
        for subscriber in &self.subscribers {
            if let To::Function(name) = &subscriber.to
                && !self.functions.contains_key(name)
            {
                let known = self.functions.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                return Err(format!("a subscriber's function {name} is not among functions ({known})"));
            }
        }
        Ok(())
    }
}

/// A program by its path from `directory`, or by its name in `PATH`.
pub(super) fn find(program: &str, directory: &Path) -> Option<PathBuf> {
    if program.contains(std::path::MAIN_SEPARATOR) || program.contains('/') {
        // As it is called: Python's environments are links to the one interpreter.
        return Some(directory.join(program)).filter(|file| file.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

impl TryFrom<WrittenFunction> for FunctionSpec {
    type Error = String;

    fn try_from(written: WrittenFunction) -> Result<Self, String> {
        let timeout_seconds = written.timeout_seconds.unwrap_or(TIMEOUT_SECONDS);
        if !(1..=LONGEST_TIMEOUT_SECONDS).contains(&timeout_seconds) {
            return Err(format!("timeoutSeconds is 1 to {LONGEST_TIMEOUT_SECONDS}, not {timeout_seconds}"));
        }
        let runs = match (written.command, written.endpoint) {
            (Some(command), None) => {
                let mut words = command.into_iter();
                let program = words.next().ok_or("command is a list that begins with the program")?;
                Runs::Command {
                    program,
                    arguments: words.collect(),
                    directory: written.directory.unwrap_or_default(),
                    environment: written.environment,
                }
            }
            (None, Some(_)) if written.directory.is_some() || !written.environment.is_empty() => {
                return Err("directory and environment go with command; an endpoint has its own".into());
            }
            (None, Some(endpoint)) => Runs::Endpoint(address(endpoint, "endpoint")?),
            _ => return Err("a function has either command (a list) or endpoint (an address)".into()),
        };
        Ok(Self { runs, timeout_seconds })
    }
}

impl TryFrom<WrittenSubscriber> for SubscriberSpec {
    type Error = String;

    fn try_from(written: WrittenSubscriber) -> Result<Self, String> {
        let to = match (written.function, written.url) {
            (Some(_), None) if written.raw_message_delivery => {
                return Err("rawMessageDelivery goes with url: Lambda functions get SNS's event".into());
            }
            (Some(function), None) => To::Function(function),
            (None, Some(url)) => To::Http { url: address(url, "url")?, raw: written.raw_message_delivery },
            _ => return Err("a subscriber has either function (a name) or url (an address)".into()),
        };
        let filter = match (written.filter_policy, written.filter_policy_scope) {
            (Some(policy), scope) => {
                FilterPolicy::parse_in(scope.unwrap_or_default(), &policy.to_string()).map_err(|why| why.to_string())?
            }
            (None, Some(_)) => return Err("filterPolicyScope goes with filterPolicy".into()),
            (None, None) => FilterPolicy::default(),
        };
        Ok(Self { to, filter })
    }
}

fn address(text: String, member: &str) -> Result<String, String> {
    match text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")) {
        Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => Ok(text),
        _ => Err(format!("{member} is an address such as http://127.0.0.1:9000, not {text}")),
    }
}

#[cfg(test)]
mod tests {
    use relevo_connect::stream::Notification;

    use super::*;

    struct Nowhere;

    impl LogLines for Nowhere {
        fn line(&self, _: &str, _: &str) {}
    }

    fn read(text: &str) -> Result<(EndpointsFile, Vec<String>), String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("endpoints.yaml");
        std::fs::write(&file, text).unwrap();
        EndpointsFile::read(&file, &["start-bot"], Arc::new(Nowhere))
            .map_err(|error| error.replace(&file.display().to_string(), "FILE"))
    }

    #[test]
    fn functions_and_subscribers_are_read() {
        let (file, notes) = read(
            "functions:\n  start-bot: {command: [sh, -c, 'true'], environment: {A: b}, timeoutSeconds: 8}\n  \
             other: {endpoint: 'http://127.0.0.1:9000'}\nsubscribers:\n  - function: other\n    filterPolicy: \
             {ParticipantRole: [CUSTOMER]}\n  - {url: 'http://127.0.0.1:5000/x', rawMessageDelivery: true}\n  \
             - {function: other, filterPolicyScope: MessageBody, filterPolicy: {ParticipantRole: [AGENT]}}\n",
        )
        .unwrap();
        assert!(notes.is_empty(), "{notes:?}");
        assert_eq!(file.functions["start-bot"].timeout_seconds, 8);
        assert!(matches!(&file.functions["other"].runs, Runs::Endpoint(url) if url == "http://127.0.0.1:9000"));
        let role = |role: &str| Notification {
            message: format!(r#"{{"ParticipantRole": "{role}"}}"#),
            attributes: [("ParticipantRole".to_owned(), role.to_owned())].into(),
        };
        assert!(file.subscribers[0].filter.matches(&role("CUSTOMER")));
        assert!(!file.subscribers[0].filter.matches(&role("AGENT")));
        assert!(matches!(&file.subscribers[1].to, To::Http { raw: true, .. }));
        let agents = &file.subscribers[2].filter;
        assert!(agents.matches(&role("AGENT")) && !agents.matches(&role("CUSTOMER")));
        let in_attributes = Notification { message: "{}".into(), ..role("AGENT") };
        assert!(!agents.matches(&in_attributes), "the body counts");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, wanted) in [
            ("functions:\n  a: {}\n", "FILE:2: a function has either command"),
            ("functions:\n  a: {endpoint: nowhere}\n", "FILE:2: endpoint is an address"),
            ("functions:\n  a: {command: [sh], timeoutSeconds: 0}\n", "timeoutSeconds is 1 to 900, not 0"),
            ("functions:\n  a: {endpoint: 'http://h', directory: x}\n", "go with command"),
            ("functions:\n  a: {comand: [sh]}\n", "comand"),
            ("functions:\n  a: {command: [no-such-program-anywhere]}\n", "no program no-such-program-anywhere"),
            ("functions:\n  a: {command: [sh], directory: nowhere}\n", "no directory"),
            ("subscribers:\n  - {function: b}\n", "function b is not among functions"),
            ("subscribers:\n  - {function: b, rawMessageDelivery: true}\n", "goes with url"),
            ("subscribers:\n  - {url: 'http://h', filterPolicy: {A: []}}\n", "empty list"),
            ("subscribers:\n  - {url: 'http://h', filterPolicyScope: MessageBody}\n", "goes with filterPolicy"),
            (
                "subscribers:\n  - {url: 'http://h', filterPolicyScope: Body, filterPolicy: {A: [b]}}\n",
                "expected one of MessageAttributes, MessageBody",
            ),
            (
                "subscribers:\n  - {url: 'http://h', filterPolicy: {A: {B: [c]}}}\n",
                "FILE:2: filter policy: \"A\" must be a list of conditions; nested policies go with the scope MessageBody",
            ),
            ("subscribers:\n  - {}\n", "either function (a name) or url"),
            ("functions: [", "FILE:"),
        ] {
            let error = read(text).err().unwrap();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn a_function_that_nothing_calls_is_told() {
        let (_, notes) = read("functions:\n  start: {endpoint: 'http://h'}\n").unwrap();
        assert!(notes[0].contains("nothing calls the function start, unless"), "{notes:?}");
        assert!(notes[0].ends_with("; the flow calls start-bot"), "{notes:?}");
    }
    #[test]
    fn a_condition_that_never_matches_is_told() {
        let (_, notes) =
            read("subscribers:\n  - {url: 'http://h', filterPolicy: {Type: [MESSAGE, 7], Rol: [AGENT]}}\n").unwrap();
        let [number, name] = notes.as_slice() else { panic!("{notes:?}") };
        assert!(number.contains("the filterPolicy of http://h: \"Type\": a number never matches"), "{notes:?}");
        assert!(name.contains("\"Rol\" is no attribute that Connect sets"), "{notes:?}");
    }
}
