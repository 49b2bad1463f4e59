//! What can go wrong with stored state.

use std::io;
use std::path::PathBuf;

/// Why something could not be stored or read back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the data directory.
    #[error("the data directory {} is already in use by another Pulse server", dir.display())]
    InUse {
        /// The directory asked for.
        dir: PathBuf,
    },
    /// A private path is a symbolic link, which somebody else could point elsewhere.
    #[error("{} is a symbolic link, which is refused for private files", path.display())]
    Symlink {
        /// The link.
        path: PathBuf,
    },
    /// A private path has an owner or a type that this process cannot put right.
    #[error("{} {problem}", path.display())]
    Unsafe {
        /// The offending path.
        path: PathBuf,
        /// What is wrong with it, as the rest of a sentence.
        problem: &'static str,
    },
    /// The operating system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// On which path.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The database refused, or its file is damaged beyond a single record.
    #[error("cannot {doing} the database")]
    Engine {
        /// What was attempted.
        doing: &'static str,
        /// The engine's answer.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The closure, or the engine on a damaged file, panicked; nothing was committed.
    #[error("a database operation panicked: {message}")]
    Panicked {
        /// The text of the panic.
        message: String,
    },
    /// The asynchronous runtime stopped before the operation could run.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// A record does not read back as it was written.
    #[error("record {key:?} of table {table} is damaged: {reason}")]
    Damaged {
        /// The table it is in.
        table: &'static str,
        /// Its key.
        key: String,
        /// What gave it away.
        reason: String,
    },
    /// A record was written by a later version of Pulse.
    #[error("record {key:?} of table {table} has schema {found}, this version knows up to {known}")]
    NewerSchema {
        /// The table it is in.
        table: &'static str,
        /// Its key.
        key: String,
        /// The version found.
        found: u16,
        /// The newest version this build reads.
        known: u16,
    },
    /// A value cannot be written as JSON.
    #[error("cannot encode record {key:?} of table {table}")]
    Encode {
        /// The table meant.
        table: &'static str,
        /// The key meant.
        key: String,
        /// The encoder's answer.
        #[source]
        source: serde_json::Error,
    },
    /// A key, record or file exceeds its bound.
    #[error("{what} is {size} bytes long, at most {limit} are allowed")]
    TooLarge {
        /// What is too large.
        what: String,
        /// How large it is.
        size: u64,
        /// How large it may be.
        limit: u64,
    },
}

impl Error {
    /// Tells whether the open database can no longer be trusted and has to be opened again.
    pub(crate) fn spoils_engine(&self) -> bool {
        matches!(self, Self::Engine { .. } | Self::Panicked { .. })
    }

    /// Tells whether the file itself is no good, as opposed to a disk or a system that refuses.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Panicked { .. } | Self::Damaged { .. } => true,
            Self::Unsafe { problem, .. } => problem.contains("empty"),
            Self::Engine { source, .. } => source
                .downcast_ref::<redb::DatabaseError>()
                .is_some_and(is_broken),
            _ => false,
        }
    }

    /// Tells whether there was no room left.
    pub fn is_full(&self) -> bool {
        let refused = match self {
            Self::Io { source, .. } => Some(source),
            Self::Engine { source, .. } => refused_by_system(&**source),
            _ => None,
        };
        refused.is_some_and(|error| error.kind() == io::ErrorKind::StorageFull)
    }

    pub(crate) fn engine<E>(doing: &'static str) -> impl Fn(E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        move |source| Self::Engine {
            doing,
            source: Box::new(source),
        }
    }

    pub(crate) fn io(doing: &'static str, path: &std::path::Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}

fn is_broken(error: &redb::DatabaseError) -> bool {
    use redb::{DatabaseError, StorageError};
    match error {
        DatabaseError::RepairAborted | DatabaseError::UpgradeRequired(_) => true,
        DatabaseError::Storage(StorageError::Corrupted(_)) => true,
        DatabaseError::Storage(StorageError::Io(error)) => matches!(
            error.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        ),
        _ => false,
    }
}

/// Digs the system's answer out of the engine's.
fn refused_by_system<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a io::Error> {
    use redb::{CommitError, DatabaseError, StorageError, TableError, TransactionError};
    let storage = error
        .downcast_ref::<StorageError>()
        .or_else(|| match error.downcast_ref()? {
            CommitError::Storage(error) => Some(error),
            _ => None,
        })
        .or_else(|| match error.downcast_ref()? {
            TableError::Storage(error) => Some(error),
            _ => None,
        })
        .or_else(|| match error.downcast_ref()? {
            TransactionError::Storage(error) => Some(error),
            _ => None,
        })
        .or_else(|| match error.downcast_ref()? {
            DatabaseError::Storage(error) => Some(error),
            _ => None,
        })?;
    match storage {
        StorageError::Io(error) => Some(error),
        _ => None,
    }
}
