//! The directory everything is kept in, held by one server at a time.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Error, file};

const LOCK_NAME: &str = "pulse.lock";

/// The data directory, private (0700) and locked against a second server.
///
/// Clones share the lock, which ends with the last of them or with the process.
#[derive(Clone, Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: Arc<File>,
}

impl DataDir {
    /// Takes the directory `path`, creating it if need be and closing it to other users.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        file::open_private_dir(&path)?;
        let lock = file::open_private(&path.join(LOCK_NAME))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse { dir: path }),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        file::sweep_unfinished(&path)?;
        Ok(Self {
            path,
            _lock: Arc::new(lock),
        })
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
