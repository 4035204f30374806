//! Logs: JSON lines on standard output, with ids, durations and outcomes; never what was said, and no tokens.

use relevo_aws::env::{DEFAULT_LOG, RELEVO_LOG};
use tracing_subscriber::EnvFilter;

/// What these say below `warn` may hold requests as they go out: they are asked for by their own names
/// (`RELEVO_LOG=info,aws_smithy_runtime=debug`), and not by a `debug` for everything.
const QUIET: [&str; 8] = [
    "aws_=warn",
    "h2=warn",
    "hyper=warn",
    "lambda_runtime=info",
    "lambda_runtime_api_client=warn",
    "rustls=warn",
    "serde_=warn",
    "tower=warn",
];

/// Starts logging, as `RELEVO_LOG` says.
pub fn start() {
    let asked = std::env::var(RELEVO_LOG).ok().filter(|text| !text.trim().is_empty());
    let (filter, wrong) = match asked.as_deref().map(filter) {
        Some(Some(filter)) => (filter, false),
        Some(None) => (filter(DEFAULT_LOG).unwrap_or_default(), true),
        None => (filter(DEFAULT_LOG).unwrap_or_default(), false),
    };
    let lines = tracing_subscriber::fmt().json().flatten_event(true).with_current_span(true).with_span_list(false);
    // A second start in one process keeps the first.
    let _ = lines.with_env_filter(filter).with_writer(std::io::stdout).try_init();
    if wrong {
        tracing::warn!("{RELEVO_LOG} is not a filter: logging as without it");
    }
}

/// The filter of these directives, later ones before earlier ones where they name the same.
fn filter(asked: &str) -> Option<EnvFilter> {
    let directives = format!("{},{asked}", QUIET.join(","));
    EnvFilter::try_new(directives).ok()
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use super::filter;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged of three events under this filter.
    fn logged(asked: &str) -> Vec<&'static str> {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter(asked).unwrap())
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug!(target: "relevo_bot::turn", "ours");
            tracing::debug!(target: "aws_smithy_runtime::client", "request");
            tracing::debug!(target: "hyper::proto", "bytes");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        ["ours", "request", "bytes"].into_iter().filter(|word| text.contains(word)).collect()
    }

    #[test]
    fn requests_are_logged_only_when_asked_for_by_name() {
        assert!(logged("info").is_empty());
        assert_eq!(logged("debug"), ["ours"]);
        assert_eq!(logged("trace"), ["ours"]);
        assert_eq!(logged("info,aws_smithy_runtime=debug"), ["request"]);
        assert!(filter("=!=").is_none());
    }
}
