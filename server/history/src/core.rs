//! The parts of a history together, without any task: what is called here runs on the caller's
//! thread, and most of it blocks.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pulse_model::Reading;
use pulse_store::{Error, Store};

use crate::counters::{Counters, add};
use crate::head::{Head, Times};
use crate::hour::{HOUR, QUARTER};
use crate::journal::Journal;
use crate::options::{Durability, Options, Retention};
use crate::pass::Pass;
use crate::tables::{self, Marks};

/// Hours stay open this long after their end, for what is on its way.
const GRACE: u32 = 90;
/// Places in what is wrong.
const LOG: usize = 0;
const STORE: usize = 1;
const DATABASE: &str = "metrics.redb";

/// A history.
pub(crate) struct Core {
    pub options: Options,
    pub counters: Arc<Counters>,
    pub head: RwLock<Head>,
    pub store: Store,
    pub database: Option<PathBuf>,
    pub marks: Mutex<Marks>,
    /// Whether the database found at the start was no good and a fresh one was begun.
    pub was_replaced: bool,
    pub flushed_at: AtomicU32,
    /// What keeps the log, and what keeps the database from being written.
    pub trouble: Mutex<[Option<String>; 2]>,
    /// Locked before the head by whoever needs both, never after it.
    journal: Mutex<Journal>,
    /// The hour of the last pass, and whether it is to be tried again.
    passed: AtomicU32,
    pub has_warned: AtomicBool,
    /// Day and bytes, for what is written in a day.
    pub today: Mutex<(u32, u64)>,
}

pub(crate) fn read(head: &RwLock<Head>) -> RwLockReadGuard<'_, Head> {
    head.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write(head: &RwLock<Head>) -> RwLockWriteGuard<'_, Head> {
    head.write().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Core {
    /// Opens the database and reads the logs of what is not in it.
    pub fn open(options: Options, counters: Arc<Counters>) -> Result<Self, Error> {
        pulse_store::file::open_private_dir(&options.dir)?;
        let opened = open_store(&options)?;
        Self::over(opened, options, counters)
    }

    /// Puts a history together over an open store, which may be another than the one opened.
    pub(crate) fn over(
        (store, database, was_replaced): (Store, Option<PathBuf>, bool),
        options: Options,
        counters: Arc<Counters>,
    ) -> Result<Self, Error> {
        let (marks, known) =
            store.read_now(|tables| Ok((tables::marks(tables)?, tables::known(tables)?)))?;
        let mut head = Head::new(&options.limits);
        head.sealed_through = marks.sealed;
        for (number, known) in known {
            head.register.reserve(number);
            if let Some(known) = known {
                head.register.place(number, known);
            }
        }
        let mut journal = Journal::open(&options.dir)?;
        if options.durability != Durability::Memory {
            // Also without a log of our own: there may be one from before the setting changed.
            journal.replay(&mut head, &counters)?;
        }
        Ok(Self {
            head: RwLock::new(head),
            store,
            database,
            marks: Mutex::new(marks),
            was_replaced,
            flushed_at: AtomicU32::new(0),
            trouble: Mutex::default(),
            journal: Mutex::new(journal),
            passed: AtomicU32::new(0),
            has_warned: AtomicBool::new(false),
            today: Mutex::default(),
            options,
            counters,
        })
    }

    /// Returns the time in unix seconds.
    pub fn now(&self) -> u32 {
        u32::try_from(self.options.clock.now().as_second().max(0)).unwrap_or(u32::MAX)
    }

    /// Returns how long each tier is kept.
    pub fn retention(&self) -> Retention {
        let asked = *self.options.retention.borrow();
        asked.workable(self.options.durability)
    }

    /// Adds readings, or counts why not.
    pub fn record(&self, readings: &[Reading]) {
        let now = self.now();
        let raw = self.retention().raw.as_secs().min(u64::from(u32::MAX)) as u32;
        let kept = lock(&self.marks).kept[0].saturating_mul(HOUR);
        let times = Times {
            now,
            oldest: (now.saturating_sub(raw) / QUARTER * QUARTER).max(kept),
        };
        let mut head = write(&self.head);
        for reading in readings {
            head.record(reading, times, &self.options.limits, &self.counters);
        }
    }

    /// Writes what came since the last flush to the log.
    pub fn flush(&self) -> Result<(), Error> {
        if self.options.durability != Durability::Log {
            return Ok(());
        }
        let now = self.now();
        let flushed = lock(&self.journal).flush(&self.head, now, true);
        match &flushed {
            Ok(bytes) => {
                add(&self.counters.flushes, 1);
                add(&self.counters.log_bytes, *bytes);
                self.note_written(*bytes);
                self.flushed_at.store(now, Ordering::Relaxed);
            }
            Err(_) => add(&self.counters.flush_errors, 1),
        }
        self.note_outcome(LOG, flushed.as_ref().err());
        flushed.map(drop)
    }

    /// Tells whether so much waits for a flush that it should not wait longer.
    pub fn is_flush_due(&self) -> bool {
        self.options.durability == Durability::Log
            && read(&self.head).unflushed >= self.options.limits.unflushed
    }

    /// Begins sealing, if it is time: shortly after the end of each hour, earlier when memory is
    /// tight.
    pub fn next_pass(&self) -> Option<Pass> {
        let now = self.now();
        let current = now.saturating_sub(GRACE) / HOUR;
        if read(&self.head).arena.is_tight() {
            return Some(self.begin_pass(now / HOUR));
        }
        let passed = self.passed.swap(current, Ordering::Relaxed);
        (passed != current).then(|| self.begin_pass(current.saturating_sub(1)))
    }

    /// Begins sealing every hour up to `through`.
    pub fn begin_pass(&self, through: u32) -> Pass {
        if self.flush().is_err() {
            tracing::debug!("sealing what could not be flushed");
        }
        let logs = lock(&self.journal).ended();
        let hours = write(&self.head).close(through);
        Pass::new(hours, through, logs)
    }

    /// Ends a pass that came through: its logs are not needed any more.
    pub fn finish_pass(&self, pass: &Pass) -> Result<(), Error> {
        let sealed = {
            let mut head = write(&self.head);
            head.let_go(pass.hours());
            head.sealed_through
        };
        add(&self.counters.sealed, pass.hours().len() as u64);
        self.note_outcome(STORE, None);
        match sealed {
            Some(sealed) if self.options.durability != Durability::Memory => {
                lock(&self.journal).prune(sealed, pass.logs())
            }
            _ => Ok(()),
        }
    }

    /// Notes a pass that failed: it is tried again, and if memory is full the oldest goes.
    pub fn fail_pass(&self, error: &Error) {
        add(&self.counters.seal_errors, 1);
        self.note_outcome(STORE, Some(error));
        self.try_pass_again();
        let mut head = write(&self.head);
        if head.arena.is_tight() {
            let lost = head.shed_oldest();
            add(&self.counters.lost, lost);
            tracing::error!(
                rows = lost,
                "samples were lost: they could not be stored and memory is full"
            );
        }
    }

    /// Lets the next look find the pass due again that did not come through.
    pub fn try_pass_again(&self) {
        self.passed.store(0, Ordering::Relaxed);
    }

    /// Runs a whole pass on this thread.
    #[cfg(test)]
    pub fn run_pass(&self, mut pass: Pass) -> Result<(), Error> {
        loop {
            match pass.step(self) {
                Ok(true) => {}
                Ok(false) => return self.finish_pass(&pass),
                Err(error) => {
                    self.fail_pass(&error);
                    return Err(error);
                }
            }
        }
    }

    /// Returns the bytes of the logs.
    pub fn log_size(&self) -> u64 {
        lock(&self.journal).size()
    }

    pub fn note_written(&self, bytes: u64) {
        let day = self.now() / (24 * HOUR);
        let mut today = lock(&self.today);
        if today.0 != day {
            *today = (day, 0);
        }
        today.1 += bytes;
    }

    /// Remembers what is wrong with one of the two, and says it when it begins and when it ends.
    fn note_outcome(&self, which: usize, error: Option<&Error>) {
        let words = error.map(|error| match error.is_full() {
            true => "the disk is full: samples stay in memory".to_owned(),
            false => match std::error::Error::source(error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            },
        });
        let trouble = &mut lock(&self.trouble)[which];
        match (&*trouble, &words) {
            (None, Some(words)) => tracing::error!(error = %words, "history cannot be stored"),
            (Some(_), None) => tracing::info!("history can be stored again"),
            _ => {}
        }
        *trouble = words;
    }
}

fn open_store(options: &Options) -> Result<(Store, Option<PathBuf>, bool), Error> {
    if options.durability == Durability::Memory {
        return Ok((Store::in_memory(), None, false));
    }
    let path = options
        .database
        .clone()
        .unwrap_or_else(|| options.dir.join(DATABASE));
    let opened = Store::open_large(&path, options.held.clone());
    // Opening reads little; a look at a table finds what it did not.
    let checked = opened.and_then(|store| store.read_now(tables::marks).map(|_| store));
    match checked {
        Ok(store) => Ok((store, Some(path), false)),
        Err(error) if error.is_damage() => {
            let mut aside = path.clone().into_os_string();
            aside.push(format!(".bad-{}", options.clock.now().as_second()));
            tracing::error!(%error, kept = ?aside, "the stored history cannot be read; it was set aside and a fresh one begun");
            std::fs::rename(&path, &aside).map_err(|source| Error::Io {
                doing: "set aside",
                path: path.clone(),
                source,
            })?;
            let store = Store::open_large(&path, options.held.clone())?;
            Ok((store, Some(path), true))
        }
        Err(error) => Err(error),
    }
}
