//! The logs: samples on disk before their hour is sealed.
//!
//! One log is written at a time and a fresh one begun with each hour. A log is deleted once every
//! hour it has rows of is in the database.

use std::path::{Path, PathBuf};
use std::sync::RwLock;

use pulse_store::{Error, Log, file};

use crate::counters::{Counters, add};
use crate::frame::{self, Head as FrameHead, Kind};
use crate::head::Head;
use crate::hour::{HOUR, Hour, Replayed, Taken};
use crate::varint::{Corrupt, Input};

/// Frames end when they are this long.
const FRAME: usize = 1 << 20;
/// What one append may hold; a flush makes as many as it needs.
const APPEND: usize = 4 << 20;
/// A resource the database does not know yet is defined again this often, in seconds.
const DEFINE_EVERY: u32 = 240;

/// The logs of one history.
#[derive(Debug)]
pub(crate) struct Journal {
    dir: PathBuf,
    active: Option<Active>,
    /// Logs that are no longer written, each with the last open hour it has rows of.
    ended: Vec<(PathBuf, Option<u32>)>,
    next: u64,
}

#[derive(Debug)]
struct Active {
    log: Log,
    serial: u64,
    sequence: u64,
    /// The hour it was begun in.
    begun: u32,
    /// The last open hour it has rows of.
    last: Option<u32>,
}

/// What a flush writes, and how to take it back.
#[derive(Default)]
struct Batch {
    frames: Vec<Vec<u8>>,
    taken: Vec<(u32, Taken)>,
    defined: Vec<u32>,
    last: Option<u32>,
    size: usize,
}

impl Journal {
    /// Finds the logs in `dir`, oldest first.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        file::open_private_dir(dir)?;
        let io = |source| Error::Io {
            doing: "list",
            path: dir.to_owned(),
            source,
        };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(dir).map_err(io)? {
            let path = entry.map_err(io)?.path();
            found.extend(serial_of(&path).map(|serial| (serial, path)));
        }
        found.sort();
        Ok(Self {
            dir: dir.to_owned(),
            active: None,
            next: found.last().map_or(1, |(serial, _)| serial + 1),
            ended: found.into_iter().map(|(_, path)| (path, None)).collect(),
        })
    }

    /// Reads the logs into `head`; hours the database has in full are left out.
    pub fn replay(&mut self, head: &mut Head, counted: &Counters) -> Result<(), Error> {
        let mut losses = 0;
        for (path, last) in &mut self.ended {
            // Every log can be read without those before it, and is.
            losses += 1;
            let mut reading = Reading {
                head,
                counted,
                losses,
                sequence: 0,
                last: None,
            };
            let flaws = Log::replay(path, |frame, is_after_loss| {
                reading.frame(frame, is_after_loss);
            })?;
            (*last, losses) = (reading.last, reading.losses);
            add(&counted.log_skips, flaws.skipped);
            add(&counted.torn_logs, u64::from(flaws.torn));
            if flaws.skipped > 0 {
                tracing::warn!(log = %path.display(), skipped = flaws.skipped, "a log of samples is damaged; what could be read was");
            }
        }
        for hour in head.open.values_mut() {
            hour.forget_unflushed();
            hour.begin_log();
        }
        Ok(())
    }

    /// Writes what is not flushed yet and returns the bytes.
    pub fn flush(&mut self, head: &RwLock<Head>, now: u32, is_durable: bool) -> Result<u64, Error> {
        let mut written = 0;
        if self
            .active
            .as_ref()
            .is_some_and(|log| log.begun < now / HOUR)
        {
            // Rows that differ from rows in the ending log belong there too.
            written += self.append_all(head, now, |hour, log| {
                hour.window() <= log.begun || hour.log() == Some(log.serial)
            })?;
            self.end();
            crate::core::write(head)
                .open
                .values_mut()
                .for_each(Hour::begin_log);
        }
        let has_rows = |head: &Head| head.open.values().any(|hour| !hour.is_flushed());
        if self.active.is_none() {
            if !has_rows(&crate::core::read(head)) {
                return Ok(written);
            }
            self.begin(now, is_durable)?;
        }
        Ok(written + self.append_all(head, now, |_, _| true)?)
    }

    /// Appends the unflushed rows of the hours `is_meant` names.
    fn append_all(
        &mut self,
        head: &RwLock<Head>,
        now: u32,
        is_meant: impl Fn(&Hour, &Active) -> bool,
    ) -> Result<u64, Error> {
        let mut written = 0;
        while let Some(active) = &mut self.active {
            let batch = gather(&mut crate::core::write(head), active, now, &is_meant);
            if batch.frames.is_empty() {
                break;
            }
            match active.log.append(&batch.frames) {
                Ok(bytes) => written += bytes,
                Err(error) => {
                    active.sequence -= batch.frames.len() as u64;
                    take_back(&mut crate::core::write(head), batch);
                    return Err(error);
                }
            }
            active.last = active.last.max(batch.last);
        }
        Ok(written)
    }

    fn begin(&mut self, now: u32, is_durable: bool) -> Result<(), Error> {
        let path = self.dir.join(format!("head-{:010}.log", self.next));
        self.active = Some(Active {
            log: Log::create(&path, is_durable)?,
            serial: self.next,
            sequence: 0,
            begun: now / HOUR,
            last: None,
        });
        self.next += 1;
        Ok(())
    }

    /// Stops writing the present log.
    pub fn end(&mut self) {
        if let Some(active) = self.active.take() {
            self.ended.push((active.log.path().to_owned(), active.last));
        }
    }

    /// Returns how many logs are no longer written.
    pub fn ended(&self) -> usize {
        self.ended.len()
    }

    /// Deletes those of the first `logs` ended ones that have nothing the database has not: every
    /// hour up to `sealed`, and everything late, was in it when there were that many.
    pub fn prune(&mut self, sealed: u32, logs: usize) -> Result<(), Error> {
        let mut at = 0;
        let mut deleted = Ok(());
        self.ended.retain(|(path, last)| {
            at += 1;
            if at > logs || last.is_some_and(|last| last > sealed) {
                return true;
            }
            let removed = file::remove(path);
            let is_kept = removed.is_err();
            if let Err(error) = removed {
                deleted = Err(error);
            }
            is_kept
        });
        deleted
    }

    /// Returns the bytes of all logs.
    pub fn size(&self) -> u64 {
        let ended = self
            .ended
            .iter()
            .filter_map(|(path, _)| path.metadata().ok());
        let active = self.active.as_ref().map_or(0, |active| active.log.len());
        active + ended.map(|found| found.len()).sum::<u64>()
    }
}

fn serial_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let digits = name.strip_prefix("head-")?.strip_suffix(".log")?;
    digits.parse().ok()
}

/// Takes unflushed rows out of every hour, one append's worth.
fn gather(
    head: &mut Head,
    active: &mut Active,
    now: u32,
    is_meant: &impl Fn(&Hour, &Active) -> bool,
) -> Batch {
    let mut batch = Batch::default();
    let meant = head.open.values().filter(|hour| is_meant(hour, active));
    let windows: Vec<u32> = meant.map(Hour::window).collect();
    for window in windows {
        let is_late = head.is_late(window);
        let kind = if is_late { Kind::Late } else { Kind::Rows };
        let mut hour = head.open.remove(&window).expect("it was just listed");
        hour.sort_unflushed();
        while batch.size < APPEND {
            let Some(frame) = rows_frame(head, &mut hour, active, kind, &mut batch, now) else {
                break;
            };
            hour.note_log(active.serial);
            batch.size += frame.len();
            batch.frames.push(frame);
            if !is_late {
                batch.last = batch.last.max(Some(window));
            }
        }
        head.open.insert(window, hour);
    }
    head.unflushed = 0;
    batch
}

/// Makes a frame of rows, and before it one of definitions if it needs any.
fn rows_frame(
    head: &mut Head,
    hour: &mut Hour,
    active: &mut Active,
    kind: Kind,
    batch: &mut Batch,
    now: u32,
) -> Option<Vec<u8>> {
    let (mut body, mut definitions) = (Vec::new(), Vec::new());
    let (mut before, mut rows) = (0, Vec::new());
    while body.len().max(definitions.len()) < FRAME {
        rows.clear();
        let Some(taken) = hour.take_unflushed(&mut rows) else {
            break;
        };
        frame::put_rows(&mut body, &mut before, taken.number, &rows);
        batch.taken.push((hour.window(), taken));
        let Some(known) = head.register.get_mut(taken.number) else {
            continue;
        };
        let (log, at) = known.defined;
        let is_stale = !known.is_saved && now.saturating_sub(at) >= DEFINE_EVERY;
        if log != active.serial || is_stale {
            known.defined = (active.serial, now);
            batch.defined.push(taken.number);
            frame::define(&mut definitions, taken.number, known);
        }
    }
    if body.is_empty() {
        return None;
    }
    let mut framed = |kind, body: Vec<u8>| {
        active.sequence += 1;
        let head = FrameHead {
            kind,
            sequence: active.sequence,
            window: hour.window(),
        };
        let mut frame = head.write();
        frame.extend(body);
        frame
    };
    if !definitions.is_empty() {
        batch.frames.push(framed(Kind::Define, definitions));
    }
    Some(framed(kind, body))
}

fn take_back(head: &mut Head, batch: Batch) {
    for (window, taken) in batch.taken.into_iter().rev() {
        if let Some(hour) = head.open.get_mut(&window) {
            hour.untake(taken);
        }
    }
    for number in batch.defined {
        if let Some(known) = head.register.get_mut(number) {
            known.defined = (0, 0);
        }
    }
}

/// One log being read.
struct Reading<'a> {
    head: &'a mut Head,
    counted: &'a Counters,
    losses: u64,
    sequence: u64,
    last: Option<u32>,
}

impl Reading<'_> {
    fn frame(&mut self, frame: &[u8], is_after_loss: bool) {
        let mut input = Input(frame);
        let Ok(head) = FrameHead::read(&mut input) else {
            self.losses += 1;
            return add(&self.counted.log_skips, 1);
        };
        if is_after_loss || head.sequence != self.sequence + 1 {
            self.losses += 1;
        }
        self.sequence = head.sequence;
        let read = match head.kind {
            Kind::Define => self.definitions(input),
            Kind::Rows if self.head.is_late(head.window) => Ok(()),
            Kind::Rows => {
                self.last = self.last.max(Some(head.window));
                self.rows(head.window, input)
            }
            Kind::Late => self.rows(head.window, input),
        };
        if read.is_err() {
            add(&self.counted.log_skips, 1);
        }
    }

    fn definitions(&mut self, mut input: Input<'_>) -> Result<(), Corrupt> {
        while !input.is_empty() {
            let (number, known) = frame::definition(&mut input)?;
            self.head.register.place(number, known);
        }
        Ok(())
    }

    fn rows(&mut self, window: u32, mut input: Input<'_>) -> Result<(), Corrupt> {
        let mut before = 0;
        while !input.is_empty() {
            let (number, rows) = frame::rows(&mut input, &mut before)?;
            if self.head.register.get(number).is_none() {
                self.head.register.reserve(number);
                add(&self.counted.unreadable, 1);
                continue;
            }
            match self.head.hour(window).replay(number, rows, self.losses) {
                Replayed::Rows(rows) => add(&self.counted.replayed, rows),
                Replayed::Unreadable => add(&self.counted.unreadable, 1),
                Replayed::Full => add(&self.counted.lost, 1),
            }
        }
        Ok(())
    }
}
