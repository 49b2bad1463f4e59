//! The state directory: what the agent needs over a restart, readable by nobody else.
//!
//! The directory is made and kept 0700, files are 0600 and appear whole or not at all. Links are
//! not followed: whoever can plant one could otherwise have the agent write elsewhere as root.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Name of the file with the token the operator put there.
pub(crate) const TOKEN: &str = "token";
/// Name of the file with the agent's own token.
pub(crate) const RUNTIME_TOKEN: &str = "runtime.token";
/// Name of the file with the agent's id.
pub(crate) const AGENT_ID: &str = "agent-id";
/// Name of the file with the id of the server that enrolled the agent.
pub(crate) const SERVER_ID: &str = "server-id";
/// Name of the file with the agent's key.
pub(crate) const KEY: &str = "identity.key";
/// Name of the file with the reports that wait.
pub(crate) const REPORTS: &str = "report-buffer.json";

/// The state directory.
#[derive(Clone, Debug)]
pub struct StateDir(PathBuf);

impl StateDir {
    /// Opens the directory, making it if need be.
    ///
    /// # Errors
    /// When it cannot be made private, or is a link or no directory.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::State {
            path: path.to_owned(),
            source,
        };
        if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(Error::StateContent {
                path: path.to_owned(),
                why: "is a link, not a directory",
            });
        }
        make_private_directory(path).map_err(failed)?;
        Ok(Self(path.to_owned()))
    }

    /// Returns the path of a file in the directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Reads a file of at most `limit` bytes; `None` if there is none.
    pub(crate) fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let path = self.file(name);
        let failed = |source| Error::State {
            path: path.clone(),
            source,
        };
        let file = match no_follow(OpenOptions::new().read(true)).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let mut bytes = Vec::new();
        file.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > limit {
            return Err(Error::StateContent {
                path,
                why: "is too large",
            });
        }
        Ok(Some(bytes))
    }

    /// Reads one line of text; `None` if there is none.
    pub(crate) fn read_line(&self, name: &str) -> Result<Option<String>, Error> {
        let bytes = self.read(name, 64 * 1024)?;
        let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// Replaces a file as a whole.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.file(name);
        write_private(&path, bytes).map_err(|source| Error::State { path, source })
    }

    /// Writes a file that must not be there yet.
    pub(crate) fn create(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.file(name);
        create_private(&path, bytes).map_err(|source| Error::State { path, source })
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.file(name));
    }
}

/// Replaces a file as a whole: a reader sees what was or what is, and a crash leaves either.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let next = path.with_added_extension("next");
    // Left over from a crash: it is ours, and it is not whole.
    let _ = fs::remove_file(&next);
    create_private(&next, bytes)?;
    fs::rename(&next, path)
}

fn create_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Opens a file to add to it.
pub(crate) fn append_private(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().append(true).create(true)).open(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    no_follow(options).mode(0o600)
}

#[cfg(unix)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits())
}

#[cfg(unix)]
fn make_private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Elsewhere, what lies below the programs' directory is private by inheritance.
#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn make_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("metadata").permissions().mode() & 0o777
    }

    #[test]
    fn directory_and_files_are_private_even_if_they_were_not() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("deep/state");
        fs::create_dir_all(&path).expect("a directory");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
        let state = StateDir::open(&path).expect("a state directory");
        state.write("x", b"one").expect("written");
        state.write("x", b"two").expect("written");
        assert_eq!((mode(&path), mode(&state.file("x"))), (0o700, 0o600));
        assert_eq!(state.read_line("x").expect("read").as_deref(), Some("two"));
        assert_eq!(state.read_line("y").expect("read"), None);
    }

    #[test]
    fn links_are_refused() {
        let parent = tempfile::tempdir().expect("a directory");
        let (real, link) = (parent.path().join("real"), parent.path().join("link"));
        let state = StateDir::open(&real).expect("a state directory");
        symlink(&real, &link).expect("a link");
        assert!(StateDir::open(&link).is_err());
        symlink("/etc/hostname", state.file("token")).expect("a link");
        assert!(state.read("token", 10).is_err());
    }

    #[test]
    fn a_file_that_must_be_new_does_not_replace_one() {
        let parent = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(parent.path()).expect("a state directory");
        state.create("x", b"one").expect("written");
        assert!(state.create("x", b"two").is_err());
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let parent = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(parent.path()).expect("a state directory");
        state.write("x", b"12345").expect("written");
        assert!(state.read("x", 5).is_ok() && state.read("x", 4).is_err());
    }
}
