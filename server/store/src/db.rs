//! The store: one database, opened, shared, and opened again after it failed.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use redb::backends::InMemoryBackend;
use redb::{Builder, Database, ReadableDatabase, StorageBackend};

use crate::{DataDir, Error, Reader, Writer, file};

/// What the engine may keep of the file in memory; its own default is a gibibyte.
const CACHE_BYTES: usize = 16 << 20;
const FILE_NAME: &str = "pulse.redb";

/// A shared handle on the database.
///
/// Closures run on the blocking pool (or, for the `_now` forms, on the calling thread) and must
/// not call the store again. A future that is dropped does not stop its closure: what was begun is
/// finished, as one commit.
#[derive(Clone)]
pub struct Store(Arc<Engine>);

struct Engine {
    kind: Kind,
    /// `None` after a failure: the engine must not be used on, only opened afresh.
    current: RwLock<Option<Database>>,
    open: Box<dyn Fn() -> Result<Database, Error> + Send + Sync>,
    /// Declared last: the directory stays ours until the database is closed.
    _dir: Option<DataDir>,
}

/// How commits end.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The state: small, so that after a crash all of it is looked through.
    State,
    /// Large files: each commit also says what is free, so that opening after a crash costs
    /// nothing.
    Large,
}

impl Store {
    /// Opens the database in `dir`, creating it if there is none.
    pub fn open(dir: &DataDir) -> Result<Self, Error> {
        let path = dir.path().join(FILE_NAME);
        Self::open_as(path, Kind::State, Some(dir.clone()))
    }

    /// Opens the large database `path`, creating it if there is none; `dir` stays ours until it
    /// is closed.
    pub fn open_large(path: &Path, dir: Option<DataDir>) -> Result<Self, Error> {
        Self::open_as(path.to_owned(), Kind::Large, dir)
    }

    fn open_as(path: PathBuf, kind: Kind, dir: Option<DataDir>) -> Result<Self, Error> {
        if !file::exists(&path)? {
            create(&path)?;
        }
        let open = move || {
            let opened = file::open_private(&path)?;
            if opened
                .metadata()
                .map_err(Error::io("look at", &path))?
                .len()
                == 0
            {
                // The engine would take it for a fresh one: a lost file would look like a server
                // that was never set up.
                let problem = "is empty, which a database never is";
                return Err(Error::Unsafe {
                    path: path.clone(),
                    problem,
                });
            }
            builder().create_file(opened).map_err(Error::engine("open"))
        };
        Self::start(Box::new(open), kind, dir)
    }

    /// Opens an empty database that lives as long as its last handle; for tests.
    pub fn in_memory() -> Self {
        let memory = Memory(Arc::new(InMemoryBackend::new()), Arc::default());
        Self::over(move || memory.clone()).expect("memory does not fail")
    }

    /// Opens an empty database in memory whose disk is full whenever `is_full` says so; for fault
    /// injection.
    #[doc(hidden)]
    pub fn on_a_disk_that_fills(is_full: Arc<AtomicBool>) -> Self {
        let memory = Memory(Arc::new(InMemoryBackend::new()), is_full);
        Self::over(move || memory.clone()).expect("there is room at first")
    }

    /// Opens a database over a storage of the caller's making; for fault injection.
    #[doc(hidden)]
    pub fn over<B: StorageBackend>(
        make: impl Fn() -> B + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let open = move || {
            builder()
                .create_with_backend(make())
                .map_err(Error::engine("open"))
        };
        Self::start(Box::new(open), Kind::State, None)
    }

    fn start(
        open: Box<dyn Fn() -> Result<Database, Error> + Send + Sync>,
        kind: Kind,
        dir: Option<DataDir>,
    ) -> Result<Self, Error> {
        let engine = Engine {
            kind,
            current: RwLock::new(None),
            open,
            _dir: dir,
        };
        engine.reopen()?;
        Ok(Self(Arc::new(engine)))
    }

    /// Runs `read` on one consistent view of the tables.
    pub async fn read<T, F>(&self, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, Error> + Send + 'static,
    {
        let store = self.clone();
        offload(move || store.read_now(read)).await
    }

    /// Runs `change` and makes what it put and removed durable as one commit before returning.
    ///
    /// If it fails, nothing has changed.
    pub async fn write<T, F>(&self, change: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writer) -> Result<T, Error> + Send + 'static,
    {
        self.transact(change).await
    }

    /// Like [`Store::write`], for a closure that may also refuse for reasons of its own.
    pub async fn transact<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Writer) -> Result<T, E> + Send + 'static,
    {
        let store = self.clone();
        offload(move || store.transact_now(change)).await
    }

    /// Blocking form of [`Store::read`].
    pub fn read_now<T>(&self, read: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        self.0.guarded(|database| {
            let view = database.begin_read().map_err(Error::engine("read"))?;
            read(&Reader::over(view)).map_err(Failure::from)
        })
    }

    /// Blocking form of [`Store::write`].
    pub fn write_now<T>(
        &self,
        change: impl FnOnce(&mut Writer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.transact_now(change)
    }

    /// Blocking form of [`Store::transact`].
    pub fn transact_now<T, E: From<Error>>(
        &self,
        change: impl FnOnce(&mut Writer) -> Result<T, E>,
    ) -> Result<T, E> {
        self.0.guarded(|database| {
            let mut txn = database.begin_write().map_err(Error::engine("write to"))?;
            // Always, from the first commit on: the engine's crash rules differ per kind of
            // commit, and a file that mixes them is the least tested of all.
            txn.set_two_phase_commit(true);
            txn.set_quick_repair(self.0.kind == Kind::Large);
            let mut writer = Writer::over(txn);
            match change(&mut writer) {
                Ok(value) => writer.finish().map(|()| value).map_err(Failure::from),
                Err(error) => Err(Failure {
                    error,
                    spoils_engine: writer.is_spoilt(),
                }),
            }
        })
    }
}

/// An error of type `E`, and whether it came from an engine that must not be used on.
struct Failure<E> {
    error: E,
    spoils_engine: bool,
}

impl<E: From<Error>> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self {
            spoils_engine: error.spoils_engine(),
            error: error.into(),
        }
    }
}

impl Engine {
    /// Runs `step` on the open database and lets go of the database if that failed.
    fn guarded<T, E: From<Error>>(
        &self,
        step: impl FnOnce(&Database) -> Result<T, Failure<E>>,
    ) -> Result<T, E> {
        let current = self.opened()?;
        let database = current.as_ref().expect("opened() returns an open database");
        let outcome = caught(|| step(database));
        drop(current);
        outcome.map_err(|failure| {
            if failure.spoils_engine {
                self.close();
            }
            failure.error
        })
    }

    /// Returns the database, opening it if the last operation let go of it.
    fn opened(&self) -> Result<RwLockReadGuard<'_, Option<Database>>, Error> {
        loop {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            if current.is_some() {
                return Ok(current);
            }
            drop(current);
            self.reopen()?;
        }
    }

    fn reopen(&self) -> Result<(), Error> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.is_none() {
            *current = Some(caught(|| (self.open)())?);
        }
        Ok(())
    }

    /// Closing writes, and may panic on a damaged file.
    fn close(&self) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let failed = current.take();
        let closed: Result<(), Error> = caught(|| {
            drop(failed);
            Ok(())
        });
        if let Err(error) = closed {
            tracing::error!(%error, "closing the database failed");
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
    }
}

/// Makes an empty database and gives it its name only once it is whole: a power cut during creation
/// must not leave something that is neither absent nor a database.
fn create(path: &Path) -> Result<(), Error> {
    file::publish_private(path, |unfinished| {
        let created = caught(|| {
            builder()
                .create_file(unfinished)
                .map_err(Error::engine("create"))
        })?;
        caught(|| {
            drop(created);
            Ok(())
        })
    })
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

fn caught<T, E: From<Error>>(step: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|panic| Err(panicked(&*panic).into()))
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let message = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Error::Panicked {
        message: message.unwrap_or_else(|| "no text".to_owned()),
    }
}

pub(crate) async fn offload<T, E>(
    step: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    match tokio::task::spawn_blocking(step).await {
        Ok(outcome) => outcome,
        Err(failed) => Err(match failed.try_into_panic() {
            Ok(panic) => panicked(&*panic).into(),
            Err(_) => Error::ShuttingDown.into(),
        }),
    }
}

/// Memory that outlives one opening of the database in it.
#[derive(Clone, Debug)]
struct Memory(Arc<InMemoryBackend>, Arc<AtomicBool>);

impl Memory {
    fn need_room(&self) -> io::Result<()> {
        match self.1.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }
}

impl StorageBackend for Memory {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.need_room()?;
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.need_room()?;
        self.0.write(offset, data)
    }
}
