//! Files the operator names: token, certificate authority.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use pulse_protocol::token::Token;

use crate::error::Error;

/// Largest file that is read.
const LIMIT: u64 = 1024 * 1024;

/// Reads a file of the operator's.
pub(crate) fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
        .map_err(|source| Error::File {
            what,
            path: path.to_owned(),
            source,
        })?;
    Ok(bytes)
}

/// Reads a token file.
pub(crate) fn read_token(path: &Path) -> Result<Token, Error> {
    let bytes = read("token file", path)?;
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
}
