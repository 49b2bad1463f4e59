//! Where the system's own files lie; replaceable, so that tests and containers can point elsewhere.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Largest system file that is read; `/proc/mdstat` and mount tables stay far below.
const LIMIT: u64 = 1024 * 1024;

/// Directories the collectors read below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// The file system root, for what lies in none of the others.
    pub root: PathBuf,
    /// Usually `/proc`.
    pub proc: PathBuf,
    /// Usually `/sys`.
    pub sys: PathBuf,
    /// Usually `/dev`.
    pub dev: PathBuf,
    /// Usually `/etc`.
    pub etc: PathBuf,
}

impl Roots {
    /// Returns the directories of a tree that looks like a machine's root.
    pub fn under(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            proc: root.join("proc"),
            sys: root.join("sys"),
            dev: root.join("dev"),
            etc: root.join("etc"),
            root,
        }
    }

    /// Tells whether these are the directories of the machine the agent runs on.
    pub fn is_this_machine(&self) -> bool {
        *self == Self::default()
    }

    /// Tells whether this is a container that is a machine of its own, and not one around an
    /// application.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_in_system_container(&self) -> bool {
        let kind = read_line(&self.root.join("run/systemd/container"));
        kind.is_some_and(|kind| ["lxc", "lxc-libvirt", "systemd-nspawn"].contains(&kind.as_str()))
    }
}

impl Default for Roots {
    fn default() -> Self {
        Self::under("/")
    }
}

/// Reads a small text file of the system; a missing one is [`Error::Absent`].
pub(crate) fn read_text(path: &Path, what: &'static str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::Absent(what)),
        Err(source) => Err(Error::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Reads one line of the system, if it is there and says something.
pub(crate) fn read_line(path: &Path) -> Option<String> {
    let text = read_text(path, "").ok()?;
    let line = text.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Reads one number of the system, if it is there.
pub(crate) fn read_number<T: std::str::FromStr>(path: &Path) -> Option<T> {
    read_line(path)?.parse().ok()
}
