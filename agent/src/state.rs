//! The state directory: what the agent needs over a restart, readable by nobody else.
//!
//! The directory is made and kept 0700, files are 0600 and appear whole or not at all. Links are
//! not followed: whoever can plant one could otherwise have the agent write elsewhere as root. What
//! belongs to another user is refused: whoever owns it knows it, and may exchange it.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::regular::{self, Links};

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

/// What the agent trusts when it starts, or must not show.
const TRUSTED: [&str; 5] = [KEY, RUNTIME_TOKEN, TOKEN, AGENT_ID, SERVER_ID];

/// The state directory.
#[derive(Clone, Debug)]
pub struct StateDir {
    path: PathBuf,
    owner: Owner,
}

impl StateDir {
    /// Opens the directory, making it if need be.
    ///
    /// # Errors
    /// When it cannot be made private, is a link or no directory, or when it or what the agent
    /// trusts in it is another user's.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::existing(path).secured()
    }

    /// Takes the directory as it is, for looking only.
    pub(crate) fn existing(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            owner: Owner::this(),
        }
    }

    /// Makes the directory and closes it to others. Whose it is comes first: what another user has
    /// put there is refused, not adopted.
    fn secured(self) -> Result<Self, Error> {
        let failed = |source| Error::State {
            path: self.path.clone(),
            source,
        };
        if fs::symlink_metadata(&self.path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(Error::StateContent {
                path: self.path,
                why: "is a link, not a directory",
            });
        }
        make_directory(&self.path).map_err(failed)?;
        let metadata = fs::symlink_metadata(&self.path).map_err(failed)?;
        self.owner.check(&self.path, &metadata)?;
        close_to_others(&self.path).map_err(failed)?;
        for name in TRUSTED {
            if let Some(file) = self.open_file(name)? {
                let path = self.file(name);
                close_file_to_others(&file).map_err(|source| Error::State { path, source })?;
            }
        }
        Ok(self)
    }

    /// Returns the path of a file in the directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a file of at most `limit` bytes; `None` if there is none.
    pub(crate) fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let path = self.file(name);
        let file = self.open_file(name)?;
        file.map(|file| regular::read(file, limit))
            .transpose()
            .map_err(|source| Error::State { path, source })
    }

    /// Opens a file of this user's for reading; `None` if there is none.
    fn open_file(&self, name: &str) -> Result<Option<File>, Error> {
        let path = self.file(name);
        let failed = |source| Error::State {
            path: path.clone(),
            source,
        };
        let file = match regular::open(&path, Links::Refused) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let metadata = file.metadata().map_err(failed)?;
        self.owner.check(&path, &metadata)?;
        Ok(Some(file))
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

/// Whose the directory and the files in it must be: the user the agent runs as.
#[cfg(unix)]
#[derive(Clone, Copy, Debug)]
struct Owner(u32);

#[cfg(unix)]
impl Owner {
    fn this() -> Self {
        Self(nix::unistd::geteuid().as_raw())
    }

    fn check(self, path: &Path, metadata: &Metadata) -> Result<(), Error> {
        use std::os::unix::fs::MetadataExt;
        if metadata.uid() == self.0 {
            return Ok(());
        }
        Err(Error::StateContent {
            path: path.to_owned(),
            why: "belongs to another user than the agent runs as; change its owner or remove it",
        })
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options
        .custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits())
        .mode(0o600)
}

#[cfg(unix)]
fn make_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(unix)]
fn close_file_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if file.metadata()?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

/// Elsewhere, what lies below the programs' directory is private by inheritance.
#[cfg(not(unix))]
#[derive(Clone, Copy, Debug)]
struct Owner;

#[cfg(not(unix))]
impl Owner {
    fn this() -> Self {
        Self
    }

    fn check(self, _path: &Path, _metadata: &Metadata) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn make_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn close_file_to_others(_file: &File) -> io::Result<()> {
    Ok(())
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

    /// The directory as an agent of another user finds it.
    fn to_another_user(path: &Path) -> StateDir {
        StateDir {
            path: path.to_owned(),
            owner: Owner(Owner::this().0 + 1),
        }
    }

    #[test]
    fn a_directory_of_another_user_is_refused_and_left_as_it_is() {
        let parent = tempfile::tempdir().expect("a directory");
        fs::set_permissions(parent.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let error = to_another_user(parent.path()).secured();
        let error = error.expect_err("refused").to_string();
        assert!(
            error.contains(&parent.path().display().to_string()) && error.contains("another user"),
            "{error}"
        );
        assert_eq!(mode(parent.path()), 0o755);
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let parent = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(parent.path()).expect("a state directory");
        for name in TRUSTED {
            state.write(name, b"planted").expect("written");
            let error = to_another_user(parent.path()).read(name, 10);
            let error = error.expect_err("refused").to_string();
            assert!(
                error.contains(name) && error.contains("another user"),
                "{error}"
            );
        }
    }

    /// Only root can give files away.
    #[test]
    fn a_planted_secret_keeps_the_agent_from_starting() {
        if !nix::unistd::geteuid().is_root() {
            return;
        }
        for name in TRUSTED {
            let parent = tempfile::tempdir().expect("a directory");
            let state = StateDir::open(parent.path()).expect("a state directory");
            state.write(name, b"planted").expect("written");
            std::os::unix::fs::chown(state.file(name), Some(65_534), None).expect("given away");
            let error = StateDir::open(parent.path()).expect_err("refused");
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn secrets_others_may_read_are_closed_to_them() {
        let parent = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(parent.path()).expect("a state directory");
        for (name, loose) in TRUSTED.iter().zip([0o644, 0o660, 0o666, 0o640, 0o604]) {
            state.write(name, b"secret").expect("written");
            let loose = fs::Permissions::from_mode(loose);
            fs::set_permissions(state.file(name), loose).expect("permissions");
        }
        StateDir::open(parent.path()).expect("a state directory");
        for name in TRUSTED {
            assert_eq!(mode(&state.file(name)), 0o600, "{name}");
        }
    }
}
