//! What a process has used, from `/proc`.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};

/// User and system time of all its threads, those that ended too, in the kernel's ticks (10 ms as a rule).
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let ticks = ticks(&stat).context("/proc/PID/stat has another shape")?;
    let per_second = u32::try_from(rustix::param::clock_ticks_per_second())?.max(1);
    Ok(Duration::from_secs(ticks) / per_second)
}

/// Time on a processor of its threads that still live, to the nanosecond: for spans of a few milliseconds.
pub(crate) fn fine_cpu(pid: u32) -> Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let stat = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        sum += stat.split(' ').next().and_then(|it| it.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(sum))
}

/// The most memory that was resident at once, in bytes.
pub(crate) fn peak_memory_bytes(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    kilobytes(&status, "VmHWM:").map(|it| it * 1024).context("/proc/PID/status has no VmHWM")
}

/// What is resident now, in bytes.
pub(crate) fn memory_bytes(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    kilobytes(&status, "VmRSS:").map(|it| it * 1024).context("/proc/PID/status has no VmRSS")
}

fn kilobytes(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// `utime` and `stime`: the 14th and 15th field; the second, the name in parentheses, may hold blanks.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11).map_while(|it| it.parse::<u64>().ok());
    Some(fields.next()? + fields.next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_found() {
        let stat = "42 (chat bot) S) S 1 42 42 0 -1 4194304 500 0 0 0 123 45 0 0 20 0 1 0 100 1000 200";
        assert_eq!(ticks(stat), Some(168));
        assert_eq!(ticks("42 (x) S 1"), None);
        assert_eq!(kilobytes("VmPeak:\t 9 kB\nVmHWM:\t   12345 kB\n", "VmHWM:"), Some(12_345));
    }

    #[test]
    fn this_process_can_be_read() {
        let pid = std::process::id();
        assert!(cpu(pid).is_ok() && fine_cpu(pid).unwrap() > Duration::ZERO);
        assert!(peak_memory_bytes(pid).unwrap() > 1 << 20);
    }
}
