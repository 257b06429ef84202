//! What the kernel says about a process.

use std::fs;
use std::time::Duration;

/// CPU time of all threads that are still there.
pub fn cpu(process: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let of_task = |task: std::io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(tasks.filter_map(of_task).sum())
}

/// CPU time of this thread.
pub fn own_thread() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// Memory of the process, its part of what is shared included.
pub fn memory(process: u32) -> f64 {
    megabytes(&format!("/proc/{process}/smaps_rollup"), "Pss:")
}

/// The most memory this process has ever had.
pub fn own_peak() -> f64 {
    megabytes("/proc/self/status", "VmHWM:")
}

fn megabytes(file: &str, line: &str) -> f64 {
    let text = fs::read_to_string(file).unwrap();
    let found = text.lines().find_map(|l| l.strip_prefix(line)).unwrap();
    let kilobytes: f64 = found.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1024.0
}
