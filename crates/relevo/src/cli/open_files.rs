//! How many files this process may have open: each websocket is one, and the usual 1,024 are few.

/// Takes as many as the system lets it have without asking for more.
#[cfg(unix)]
pub(super) fn as_many_as_allowed() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // macOS says "unlimited" and takes no more than this.
    let wanted = Some(maximum.unwrap_or(u64::MAX).min(1 << 20));
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: wanted, maximum }) {
        tracing::debug!(%error, "the limit of open files stays");
    }
}

/// There is no such limit here.
#[cfg(not(unix))]
pub(super) fn as_many_as_allowed() {}
