//! The latest lines of the log, and the way to its files.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::broadcast;
use tracing_subscriber::fmt::MakeWriter;

use pulse_api::port::{Line, Log};

use super::file::{self, RotatingFile};
use crate::config::LogLevel;

/// Lines kept in memory, and bytes of them.
const LINES: usize = 2_000;
const BYTES: usize = 1 << 20;
/// Longest line; the rest is cut off.
const LONGEST: usize = 16 << 10;
/// Lines a reader may be behind.
const BEHIND: usize = 512;
/// Lines that may wait for the disk.
const WAITING: usize = 2_048;

const NAME: &str = "pulse.log";

/// The server's log; clones share it.
#[derive(Clone)]
pub struct Journal(Arc<Shared>);

struct Shared {
    recent: Mutex<Recent>,
    live: broadcast::Sender<Line>,
    files: OnceLock<Files>,
    set_level: OnceLock<Box<dyn Fn(LogLevel) + Send + Sync>>,
    lost: AtomicU64,
}

#[derive(Default)]
struct Recent {
    lines: VecDeque<Line>,
    bytes: usize,
}

struct Files {
    path: PathBuf,
    waiting: SyncSender<Order>,
}

enum Order {
    Add(Line),
    /// Everything before this is written when the sender is dropped.
    Settle(SyncSender<()>),
}

impl Default for Journal {
    fn default() -> Self {
        Self(Arc::new(Shared {
            recent: Mutex::default(),
            live: broadcast::channel(BEHIND).0,
            files: OnceLock::new(),
            set_level: OnceLock::new(),
            lost: AtomicU64::new(0),
        }))
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Journal")
    }
}

impl Journal {
    /// Keeps what is logged from now on in files of `dir` too, which this process holds.
    pub fn keep_in(&self, dir: &Path) -> anyhow::Result<()> {
        let path = dir.join(NAME);
        let file = RotatingFile::open(&path)?;
        let (waiting, orders) = sync_channel(WAITING);
        let earlier = self.recent().lines.iter().cloned().collect::<Vec<_>>();
        let is_first = self.0.files.set(Files { path, waiting }).is_ok();
        if is_first {
            let shared = Arc::downgrade(&self.0);
            let lost = move || {
                if let Some(shared) = shared.upgrade() {
                    shared.lost.fetch_add(1, Ordering::Relaxed);
                }
            };
            std::thread::Builder::new()
                .name("log".to_owned())
                .spawn(move || write_lines(file, earlier, &orders, lost))?;
        }
        Ok(())
    }

    /// Returns the lines in memory, oldest first.
    pub fn lines(&self) -> Vec<Line> {
        self.recent().lines.iter().cloned().collect()
    }

    /// Sets from which level on is logged.
    pub fn set_level(&self, level: LogLevel) {
        if let Some(set) = self.0.set_level.get() {
            set(level);
        }
    }

    /// Waits until what was logged is in the file. Blocks.
    pub fn settle(&self) {
        let Some(files) = self.0.files.get() else {
            return;
        };
        let (done, wait) = sync_channel(1);
        if files.waiting.send(Order::Settle(done)).is_ok() {
            let _ = wait.recv();
        }
    }

    pub(super) fn let_level_be_set_by(&self, set: impl Fn(LogLevel) + Send + Sync + 'static) {
        let _ = self.0.set_level.set(Box::new(set));
    }

    fn add(&self, text: &str) {
        let text = pulse_model::redact(text);
        let end = text.floor_char_boundary(LONGEST);
        let line: Line = text[..end].trim_end().into();
        if line.is_empty() {
            return;
        }
        let mut recent = self.recent();
        recent.bytes += line.len();
        recent.lines.push_back(line.clone());
        while recent.lines.len() > LINES || recent.bytes > BYTES {
            let Some(oldest) = recent.lines.pop_front() else {
                break;
            };
            recent.bytes -= oldest.len();
        }
        // Sent while the lines are held, so that a reader gets each line once. Nobody reading is
        // fine.
        let _ = self.0.live.send(line.clone());
        drop(recent);
        if let Some(files) = self.0.files.get()
            && files.waiting.try_send(Order::Add(line)).is_err()
        {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.0.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes until nobody is left who could log. A full or slow disk costs lines, never the server.
fn write_lines(
    mut file: RotatingFile,
    earlier: Vec<Line>,
    orders: &Receiver<Order>,
    lost: impl Fn(),
) {
    let mut add = |line: &str| {
        if file.add(&format!("{line}\n")).is_err() {
            lost();
        }
    };
    for line in earlier {
        add(&line);
    }
    for order in orders {
        match order {
            Order::Add(line) => add(&line),
            Order::Settle(done) => drop(done),
        }
    }
}

impl Log for Journal {
    fn follow(&self) -> (Vec<Line>, broadcast::Receiver<Line>) {
        let recent = self.recent();
        (
            recent.lines.iter().cloned().collect(),
            self.0.live.subscribe(),
        )
    }

    fn last(&self, most: usize) -> String {
        self.settle();
        let files = self.0.files.get();
        let kept = files.and_then(|files| file::last(&files.path, most).ok());
        kept.unwrap_or_else(|| {
            let recent = self.recent();
            let lines = recent.lines.iter().map(|line| format!("{line}\n"));
            lines.collect()
        })
    }

    fn lost(&self) -> u64 {
        self.0.lost.load(Ordering::Relaxed)
    }
}

impl<'a> MakeWriter<'a> for Journal {
    type Writer = Pen<'a>;

    fn make_writer(&'a self) -> Pen<'a> {
        Pen(self)
    }
}

/// Writes one line.
pub struct Pen<'a>(&'a Journal);

impl Write for Pen<'_> {
    /// A line comes in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.add(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_in_lines_and_in_bytes() {
        let journal = Journal::default();
        for number in 0..LINES + 5 {
            journal.add(&format!("line {number}"));
        }
        let (lines, _) = journal.follow();
        assert_eq!((lines.len(), &*lines[0]), (LINES, "line 5"));
        for _ in 0..200 {
            journal.add(&"é".repeat(LONGEST));
        }
        let (lines, _) = journal.follow();
        let bytes: usize = lines.iter().map(|line| line.len()).sum();
        assert!(bytes <= BYTES && lines.iter().all(|line| line.len() <= LONGEST));
    }

    #[test]
    fn what_was_logged_before_the_files_were_there_is_in_them_too() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::default();
        journal.add("early token=hunter2");
        journal.keep_in(dir.path()).expect("kept");
        journal.add("later");
        assert_eq!(journal.last(1_000), "early token=***\nlater\n");
    }

    #[tokio::test]
    async fn a_reader_gets_each_line_once() {
        let journal = Journal::default();
        journal.add("one");
        let (before, mut after) = journal.follow();
        journal.add("two");
        assert_eq!((before.len(), &*before[0]), (1, "one"));
        assert_eq!(&*after.recv().await.expect("a line"), "two");
    }

    #[test]
    fn the_level_can_be_changed_while_it_runs() {
        let journal = Journal::default();
        let subscriber = crate::logging::subscriber(&journal, LogLevel::Warn);
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("unheard");
            journal.set_level(LogLevel::Debug);
            tracing::debug!("heard");
            journal.set_level(LogLevel::Error);
            tracing::warn!("unheard");
        });
        let (lines, _) = journal.follow();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("\"heard\""));
    }
}
