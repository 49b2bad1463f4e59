//! Reading what may turn out to be anything: only regular files, only so far, never waiting.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// What to do when the last part of a path is a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// Somebody who may decide that named the path.
    Followed,
    /// Whoever can plant a link could otherwise have another file read.
    Refused,
}

/// Opens a regular file for reading; a pipe without a writer is refused, not waited for.
pub(crate) fn open(path: &Path, links: Links) -> io::Result<File> {
    let file = without_waiting(OpenOptions::new().read(true), links).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(file)
}

/// Reads a file of at most `limit` bytes.
pub(crate) fn read(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("it is larger than {limit} bytes")));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions, links: Links) -> &mut OpenOptions {
    use nix::fcntl::OFlag;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = match links {
        Links::Followed => OFlag::O_NONBLOCK,
        Links::Refused => OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW,
    };
    options.custom_flags(flags.bits())
}

#[cfg(not(unix))]
fn without_waiting(options: &mut OpenOptions, _links: Links) -> &mut OpenOptions {
    options
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use nix::sys::stat::Mode;

    use super::*;

    fn refusal(path: &Path, links: Links) -> String {
        open(path, links).expect_err("refused").to_string()
    }

    #[test]
    fn pipes_devices_and_directories_are_refused_at_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let (pipe, zero) = (directory.path().join("pipe"), directory.path().join("zero"));
        nix::unistd::mkfifo(&pipe, Mode::S_IRWXU).expect("a pipe");
        symlink("/dev/zero", &zero).expect("a link");
        for path in [pipe.as_path(), &zero, directory.path()] {
            assert_eq!(refusal(path, Links::Followed), "it is not a regular file");
        }
        open(&zero, Links::Refused).expect_err("a link");
    }

    #[test]
    fn links_are_followed_where_that_is_allowed() {
        let directory = tempfile::tempdir().expect("a directory");
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        crate::state::write_private(&file, b"12345").expect("written");
        symlink(&file, &link).expect("a link");
        let opened = open(&link, Links::Followed).expect("opened");
        assert_eq!(read(opened, 5).expect("read"), b"12345");
        open(&link, Links::Refused).expect_err("a link");
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("file");
        crate::state::write_private(&path, b"12345").expect("written");
        let file = open(&path, Links::Refused).expect("opened");
        let error = read(file, 4).expect_err("too large").to_string();
        assert_eq!(error, "it is larger than 4 bytes");
    }
}
