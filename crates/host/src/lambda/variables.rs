//! A child's environment: what Lambda sets, and nothing of this machine's.

use std::net::SocketAddr;

use super::FunctionSetup;

/// Before the function's name in its access key, which tells whose a signed call is.
const ACCESS_KEY: &str = "local.";

/// The key that a function's children sign with.
#[must_use]
pub fn access_key(function: &str) -> String {
    format!("{ACCESS_KEY}{function}")
}

/// The function whose child signs with this access key; none: it is no child's.
#[must_use]
pub fn access_key_function(key: &str) -> Option<&str> {
    key.strip_prefix(ACCESS_KEY)
}

/// The variables, the function's own last.
pub(super) fn of(setup: &FunctionSetup, api: SocketAddr, child: &str) -> Vec<(String, String)> {
    let root = setup.root().display().to_string();
    let lambda = [
        ("AWS_LAMBDA_RUNTIME_API", api.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", setup.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", setup.memory_mb.to_string()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", setup.name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", format!("[$LATEST]{child}")),
        ("LAMBDA_TASK_ROOT", root),
        ("_HANDLER", "bootstrap".into()),
        ("AWS_REGION", setup.region.clone()),
        ("AWS_DEFAULT_REGION", setup.region.clone()),
        ("AWS_ACCESS_KEY_ID", access_key(&setup.name)),
        ("AWS_SECRET_ACCESS_KEY", "local".into()),
        ("AWS_SESSION_TOKEN", "local".into()),
        ("LANG", "en_US.UTF-8".into()),
        ("TZ", ":UTC".into()),
    ];
    let lambda = lambda.into_iter().map(|(name, value)| (name.to_owned(), value));
    lambda.chain(setup.variables.iter().cloned()).collect()
}
