//! What this process uses, and what else the machine has to do.

use anyhow::Context as _;

/// The size of a page of a store. SQLite's default, which every store has.
const PAGE_BYTES: f64 = 4_096.0;

/// Returns how many pages were read so far, from the disk or from what the system keeps of it.
pub fn pages_read() -> anyhow::Result<f64> {
    let io = std::fs::read_to_string("/proc/self/io")?;
    let bytes = io.lines().find_map(|line| line.strip_prefix("rchar: "));
    Ok(bytes.context("bytes read")?.parse::<f64>()? / PAGE_BYTES)
}

/// Returns how much memory the process has, in MB.
pub fn memory() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.context("memory")?.trim().trim_end_matches(" kB");
    Ok(kib.parse::<f64>()? / 1_024.0)
}

/// Returns the load averages and the number of processors.
pub fn load() -> anyhow::Result<String> {
    let load = std::fs::read_to_string("/proc/loadavg")?;
    let averages: Vec<&str> = load.split_whitespace().take(3).collect();
    let processors = std::thread::available_parallelism()?;
    Ok(format!("{} of {processors} processors", averages.join(" ")))
}
