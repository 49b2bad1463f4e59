//! Log files of bounded size and number.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use pulse_store::{Error, file};

/// Size at which a file is put away.
const LARGE: u64 = 8 << 20;
/// Files that were put away and are kept.
const KEPT: usize = 4;

/// A log file that starts over when it is large. The file before it is `.1`, and so on.
pub(super) struct RotatingFile {
    path: PathBuf,
    file: File,
    size: u64,
    large: u64,
}

impl RotatingFile {
    /// Goes on with the file at `path`, or starts it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = file::append_private(path)?;
        let size = file.metadata().map_or(0, |found| found.len());
        Ok(Self {
            path: path.to_owned(),
            file,
            size,
            large: LARGE,
        })
    }

    /// Adds a line.
    pub fn add(&mut self, line: &str) -> io::Result<()> {
        if self.size >= self.large {
            // A log that cannot be put away goes on growing rather than losing what is said now.
            let _ = self.put_away();
        }
        self.file.write_all(line.as_bytes())?;
        self.size += line.len() as u64;
        Ok(())
    }

    fn put_away(&mut self) -> io::Result<()> {
        for number in (1..KEPT).rev() {
            let from = numbered(&self.path, number);
            if from.exists() {
                fs::rename(from, numbered(&self.path, number + 1))?;
            }
        }
        fs::rename(&self.path, numbered(&self.path, 1))?;
        self.file = file::append_private(&self.path).map_err(io::Error::other)?;
        self.size = 0;
        Ok(())
    }
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    path.with_added_extension(number.to_string())
}

/// Returns the last `most` bytes of the log at `path`, whole lines, oldest first.
pub(super) fn last(path: &Path, most: usize) -> io::Result<String> {
    let mut text = tail_of(path, most)?;
    if text.len() < most {
        let before = tail_of(&numbered(path, 1), most - text.len()).unwrap_or_default();
        text.insert_str(0, &before);
    }
    Ok(text)
}

fn tail_of(path: &Path, most: usize) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let skipped = length.saturating_sub(most as u64);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(most as u64).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if skipped == 0 {
        return Ok(text);
    }
    let first_whole = text.find('\n').map_or(text.len(), |end| end + 1);
    Ok(text[first_whole..].to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn size_and_number_of_files_are_bounded_and_all_are_private() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("pulse.log");
        let mut log = RotatingFile::open(&path).expect("a log");
        log.large = 10;
        for number in 0..20 {
            log.add(&format!("line number {number}\n"))
                .expect("written");
        }
        let mut names: Vec<String> = fs::read_dir(dir.path())
            .expect("a directory")
            .map(|entry| entry.expect("an entry"))
            .inspect(|entry| {
                let mode = entry.metadata().expect("its facts").permissions().mode();
                assert_eq!(mode & 0o777, 0o600);
            })
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "pulse.log",
                "pulse.log.1",
                "pulse.log.2",
                "pulse.log.3",
                "pulse.log.4"
            ]
        );
        assert_eq!(fs::read_to_string(&path).expect("read"), "line number 19\n");
    }

    #[test]
    fn the_tail_is_whole_lines_across_files() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("pulse.log");
        let mut log = RotatingFile::open(&path).expect("a log");
        log.large = 10;
        for number in 0..3 {
            log.add(&format!("line number {number}\n"))
                .expect("written");
        }
        assert_eq!(last(&path, 20).expect("read"), "line number 2\n");
        assert_eq!(
            last(&path, 1_000).expect("read"),
            "line number 1\nline number 2\n"
        );
    }

    #[test]
    fn a_restart_goes_on_where_it_was() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("pulse.log");
        for line in ["one\n", "two\n"] {
            let mut log = RotatingFile::open(&path).expect("a log");
            log.add(line).expect("written");
        }
        assert_eq!(last(&path, 100).expect("read"), "one\ntwo\n");
    }
}
