//! How full one file system is, asked where a hanging one does no harm.
//!
//! One thread asks them in turn. When an answer does not come in time, that thread is left to its
//! fate, another one takes over, and the mount is not asked again until its thread returns.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing::{info, warn};

/// Longest wait for one file system.
const LIMIT: Duration = Duration::from_secs(5);

/// Hanging mounts beyond this are not added to: each holds a thread.
const HANGING: usize = 32;

/// How full a file system is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) total: u64,
    pub(super) used: u64,
    /// Free for users; what root keeps for itself is neither used nor available.
    pub(super) available: u64,
}

impl Usage {
    /// Returns the used share of what users can have, as `df` does.
    pub(super) fn percent(self) -> Option<f64> {
        let usable = self.used.saturating_add(self.available);
        (usable > 0).then(|| self.used as f64 / usable as f64 * 100.0)
    }
}

type Measure = fn(&Path) -> io::Result<Usage>;

/// Asks file systems for their usage without ever hanging itself.
pub(super) struct Prober {
    measure: Measure,
    limit: Duration,
    thread: Option<Thread>,
    hanging: BTreeMap<String, Thread>,
}

struct Thread {
    requests: SyncSender<String>,
    answers: Receiver<io::Result<Usage>>,
}

impl Prober {
    pub(super) fn new(measure: Measure) -> Self {
        Self {
            measure,
            limit: LIMIT,
            thread: None,
            hanging: BTreeMap::new(),
        }
    }

    /// Returns the usage of what is mounted at `mountpoint`; `None` when it cannot be told in time.
    pub(super) fn usage(&mut self, mountpoint: &str, deadline: Instant) -> Option<Usage> {
        if !self.has_returned(mountpoint) {
            return None;
        }
        let thread = match self.thread.take() {
            Some(thread) => thread,
            None => Thread::start(self.measure).ok()?,
        };
        thread.requests.try_send(mountpoint.to_owned()).ok()?;
        // Late in the round, still give each one a moment: most answer at once.
        let left = deadline
            .saturating_duration_since(Instant::now())
            .max(Duration::from_millis(50));
        match thread.answers.recv_timeout(self.limit.min(left)) {
            Ok(answer) => {
                self.thread = Some(thread);
                answer.ok()
            }
            Err(_) => {
                warn!(
                    mountpoint,
                    "file system does not answer; left out until it does"
                );
                self.hanging.insert(mountpoint.to_owned(), thread);
                None
            }
        }
    }

    fn has_returned(&mut self, mountpoint: &str) -> bool {
        let Some(thread) = self.hanging.get(mountpoint) else {
            return self.hanging.len() < HANGING;
        };
        if matches!(thread.answers.try_recv(), Err(TryRecvError::Empty)) {
            return false;
        }
        info!(mountpoint, "file system answers again");
        self.hanging.remove(mountpoint);
        true
    }
}

impl Thread {
    fn start(measure: Measure) -> io::Result<Self> {
        let (requests, orders) = sync_channel::<String>(1);
        let (answer, answers) = sync_channel(1);
        thread::Builder::new()
            .name("usage".to_owned())
            .stack_size(128 * 1024)
            .spawn(move || {
                while let Ok(mountpoint) = orders.recv() {
                    if answer.send(measure(Path::new(&mountpoint))).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self { requests, answers })
    }
}

/// Asks the system.
#[cfg(unix)]
#[allow(
    clippy::useless_conversion,
    reason = "these counts are narrower on 32-bit systems"
)]
pub(super) fn measure(mountpoint: &Path) -> io::Result<Usage> {
    let stat = nix::sys::statvfs::statvfs(mountpoint)?;
    let size = u64::from(stat.fragment_size());
    let bytes = |blocks: u64| blocks.saturating_mul(size);
    let (total, free) = (u64::from(stat.blocks()), u64::from(stat.blocks_free()));
    Ok(Usage {
        total: bytes(total),
        used: bytes(total.saturating_sub(free)),
        available: bytes(u64::from(stat.blocks_available())),
    })
}

#[cfg(not(unix))]
pub(super) fn measure(mountpoint: &Path) -> io::Result<Usage> {
    let (total, available) = crate::portable::space(mountpoint)?;
    Ok(Usage {
        total,
        used: total.saturating_sub(available),
        available,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};

    use super::*;

    const FAR: Duration = Duration::from_secs(60);

    #[test]
    fn a_hanging_file_system_is_skipped_until_it_answers() {
        static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
        fn measure(path: &Path) -> io::Result<Usage> {
            if path == Path::new("/nas") {
                let guard = GATE.0.lock().expect("the gate");
                drop(GATE.1.wait_while(guard, |open| !*open).expect("the gate"));
            }
            Ok(Usage {
                total: 10,
                used: 5,
                available: 5,
            })
        }
        let mut prober = Prober::new(measure);
        prober.limit = Duration::from_millis(20);
        let mut ask = |path: &str| prober.usage(path, Instant::now() + FAR).is_some();
        assert!(ask("/"));
        assert!(!ask("/nas"), "it hangs");
        assert!(ask("/home"), "others go on");
        assert!(!ask("/nas"), "it is not asked again");

        *GATE.0.lock().expect("the gate") = true;
        GATE.1.notify_all();
        prober.limit = FAR;
        while !prober.has_returned("/nas") {
            thread::yield_now();
        }
        assert!(prober.usage("/nas", Instant::now() + FAR).is_some());
    }

    #[test]
    fn a_file_system_that_fails_is_left_out() {
        let mut prober = Prober::new(|_| Err(io::ErrorKind::NotConnected.into()));
        assert!(prober.usage("/", Instant::now() + FAR).is_none());
    }

    #[test]
    fn the_share_leaves_out_what_root_keeps() {
        let usage = Usage {
            total: 100,
            used: 45,
            available: 45,
        };
        assert_eq!(usage.percent(), Some(50.0));
        assert_eq!(
            Usage {
                total: 1,
                used: 0,
                available: 0
            }
            .percent(),
            None
        );
    }

    #[cfg(unix)]
    #[test]
    fn this_machine_answers() {
        let usage = measure(Path::new("/")).expect("a root");
        assert!(usage.total >= usage.used && usage.total > 0);
    }
}
