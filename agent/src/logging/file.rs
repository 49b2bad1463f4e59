//! A log file that starts over when it is large, keeping what came before compressed for a while.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use crate::clock::Clock;
use crate::error::Error;
use crate::state;

/// Size at which a file is put away.
const LARGE: u64 = 25 * 1024 * 1024;

/// How long a file that was put away is kept.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3_600);

/// Writes to a file and puts it away when it is large.
pub(super) struct RotatingFile {
    path: PathBuf,
    clock: Clock,
    file: File,
    size: u64,
    large: u64,
}

impl RotatingFile {
    pub(super) fn open(path: &Path, clock: Clock) -> Result<Self, Error> {
        let failed = |source| Error::LogFile {
            path: path.to_owned(),
            source,
        };
        let file = state::append_private(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        Ok(Self {
            path: path.to_owned(),
            clock,
            file,
            size,
            large: LARGE,
        })
    }

    fn put_away(&mut self) -> io::Result<()> {
        let now = self.clock.now();
        let kept = self
            .path
            .with_added_extension(now.strftime("%Y%m%dT%H%M%S").to_string());
        fs::rename(&self.path, &kept)?;
        self.file = state::append_private(&self.path)?;
        self.size = 0;
        compress(&kept)?;
        self.forget_old(now);
        Ok(())
    }

    fn forget_old(&self, now: Timestamp) {
        let name = self
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let directory = self
            .path
            .parent()
            .into_iter()
            .filter_map(|path| fs::read_dir(path).ok());
        for entry in directory.flatten().flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            let is_kept = file.starts_with(&format!("{name}.")) && file.ends_with(".gz");
            let written = entry
                .metadata()
                .and_then(|metadata| metadata.modified())
                .ok();
            let written = written.and_then(|time| Timestamp::try_from(time).ok());
            let age =
                written.and_then(|written| Duration::try_from(now.duration_since(written)).ok());
            if is_kept && age.is_some_and(|age| age > KEPT) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn compress(path: &Path) -> io::Result<()> {
    let target = state::append_private(&path.with_added_extension("gz"))?;
    let mut encoder = GzEncoder::new(target, Compression::fast());
    io::copy(&mut File::open(path)?, &mut encoder)?;
    encoder.finish()?;
    fs::remove_file(path)
}

impl Write for RotatingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.size >= self.large {
            // A log that cannot be put away goes on growing rather than losing what is said now.
            let _ = self.put_away();
        }
        let written = self.file.write(bytes)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_large_file_is_put_away_compressed_and_old_ones_are_forgotten() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("agent.log");
        let later = Timestamp::from_second(4_000_000_000).expect("a time");
        let old = directory.path().join("agent.log.20200101T000000.gz");
        let other = directory.path().join("other.log.20200101T000000.gz");
        for file in [&old, &other] {
            File::create(file).expect("a file");
        }
        let mut log = RotatingFile::open(&path, Clock::telling(move || later)).expect("a log");
        log.large = 10;
        log.write_all(b"first line\n").expect("written");
        log.write_all(b"second\n").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("the log"), "second\n");
        assert!(!old.exists() && other.exists());
    }

    #[test]
    fn what_was_put_away_can_be_read_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("agent.log");
        let clock = Clock::telling(|| Timestamp::UNIX_EPOCH);
        let mut log = RotatingFile::open(&path, clock).expect("a log");
        log.large = 1;
        log.write_all(b"first\n").expect("written");
        log.write_all(b"second\n").expect("written");
        let kept =
            File::open(directory.path().join("agent.log.19700101T000000.gz")).expect("a file");
        let mut text = String::new();
        flate2::read::GzDecoder::new(kept)
            .read_to_string(&mut text)
            .expect("gzip");
        assert_eq!(text, "first\n");
    }
}
