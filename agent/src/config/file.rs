//! Files the operator names: token, certificate authority.

use std::path::Path;

use pulse_protocol::token::Token;

use crate::error::Error;
use crate::regular::{self, Links};

/// Largest file that is read.
const LIMIT: u64 = 1024 * 1024;

/// Largest token file that is read.
const TOKEN: u64 = 64 * 1024;

/// Reads a file of the operator's.
pub(crate) fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, Error> {
    read_up_to(what, path, LIMIT)
}

/// Reads a file of the operator's of at most `limit` bytes. Links are followed: the operator named
/// the path, and mounted secrets are links.
pub(crate) fn read_up_to(what: &'static str, path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let file = regular::open(path, Links::Followed);
    file.and_then(|file| regular::read(file, limit))
        .map_err(|source| Error::File {
            what,
            path: path.to_owned(),
            source,
        })
}

/// Reads a token file.
pub(crate) fn read_token(path: &Path) -> Result<Token, Error> {
    let bytes = read_up_to("token file", path, TOKEN)?;
    token(
        &String::from_utf8_lossy(&bytes),
        &path.display().to_string(),
    )
}

/// Accepts what can travel in a header; `origin` says where it came from.
pub(crate) fn token(text: &str, origin: &str) -> Result<Token, Error> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::BadToken(origin.to_owned()));
    }
    Ok(Token::new(text))
}

/// Tells whether users other than the owner may read a file.
#[cfg(unix)]
pub(crate) fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Tells whether users other than the owner may read a file.
#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_trimmed_and_must_be_one_word() {
        assert_eq!(token(" abc123\n", "x").expect("a token").expose(), "abc123");
        for text in ["", "\n", "a b", "a\nb", "ä"] {
            let error = token(text, "--token").expect_err("no token").to_string();
            assert!(error.contains("--token"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_token_file_that_is_a_pipe_or_has_no_end_is_refused_at_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            let error = crate::error::chain(&read_token(path).expect_err("refused"));
            assert!(error.ends_with("it is not a regular file"), "{error}");
        }
        let large = directory.path().join("large");
        crate::state::write_private(&large, &[b'a'; 64 * 1024 + 1]).expect("written");
        read_token(&large).expect_err("too large");
    }
}
