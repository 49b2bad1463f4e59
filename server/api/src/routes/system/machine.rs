//! What the system tells about this process. What it does not tell is left out.

use std::fs;
use std::path::Path;

use serde::Serialize;
use utoipa::ToSchema;

/// Memory and open files of this process.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessFacts)]
pub(crate) struct Process {
    /// Bytes of memory in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resident_bytes: Option<u64>,
    /// The most it ever were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_resident_bytes: Option<u64>,
    /// Bytes asked of the system, used or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocated_bytes: Option<u64>,
    /// Threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u64>,
    /// Open files and sockets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_files: Option<usize>,
    /// Bytes written to disks since the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_bytes: Option<u64>,
    /// Bytes written to disks today (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_bytes_today: Option<u64>,
}

/// A file of the data directory.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DataFile)]
pub(super) struct Kept {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// What it takes on the disk.
    pub allocated_bytes: u64,
}

/// Returns what the system tells about this process.
pub(super) fn process(written_bytes_today: Option<u64>) -> Process {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = |name| number_after(&status, name).map(|kib| kib * 1_024);
    Process {
        resident_bytes: kib("VmRSS:"),
        peak_resident_bytes: kib("VmHWM:"),
        allocated_bytes: kib("VmData:"),
        threads: number_after(&status, "Threads:"),
        open_files: fs::read_dir("/proc/self/fd").ok().map(Iterator::count),
        written_bytes: written(),
        written_bytes_today,
    }
}

/// Returns the bytes this process has written to disks.
pub(super) fn written() -> Option<u64> {
    let io = fs::read_to_string("/proc/self/io").ok()?;
    let cancelled = number_after(&io, "cancelled_write_bytes:").unwrap_or_default();
    Some(number_after(&io, "\nwrite_bytes:")?.saturating_sub(cancelled))
}

/// Returns the files in `dir`, at most a hundred, largest first.
pub(super) fn files(dir: &Path) -> Vec<Kept> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some(Kept {
            name: entry.file_name().to_string_lossy().into_owned(),
            bytes: found.len(),
            allocated_bytes: allocated(&found),
        })
    });
    let mut files: Vec<_> = files.take(100).collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    files
}

#[cfg(unix)]
fn allocated(found: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(found) * 512
}

#[cfg(not(unix))]
fn allocated(found: &fs::Metadata) -> u64 {
    found.len()
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let (_, rest) = text.split_once(name)?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_name_and_missing_ones_are_unknown() {
        let io = "rchar: 1\nwchar: 2\nwrite_bytes: 4096\ncancelled_write_bytes: 96\n";
        assert_eq!(number_after(io, "\nwrite_bytes:"), Some(4_096));
        assert_eq!(number_after(io, "cancelled_write_bytes:"), Some(96));
        assert_eq!(number_after(io, "VmRSS:"), None);
    }
}
