//! The writer: takes readings as they come, flushes on time, seals each hour a bit at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use pulse_store::Error;

use crate::core::Core;
use crate::counters::Counters;
use crate::handle::{Handle, Opening, Order};
use crate::options::Options;
use crate::pass::Pass;

const ORDERS: usize = 4_096;
/// Orders taken before anything else gets its turn.
const BATCH: usize = 256;
/// How often it is looked whether an hour is to be sealed.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Between two steps of sealing, so that 21 of them are spread over two minutes.
const BETWEEN_STEPS: Duration = Duration::from_secs(5);
const BETWEEN_EARLY_FLUSHES: Duration = Duration::from_secs(5);
/// After sealing failed.
const AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Starts a history. It opens in the background; what is recorded meanwhile waits. It flushes and
/// ends when `stop` is cancelled.
pub fn spawn(options: Options, stop: CancellationToken) -> (Handle, JoinHandle<()>) {
    let (orders, taken) = mpsc::channel(ORDERS);
    let (opened, opening) = watch::channel(Opening::Pending);
    let counters: Arc<Counters> = Arc::default();
    let waiting: Arc<AtomicUsize> = Arc::default();
    let handle = Handle {
        orders,
        opening,
        counters: counters.clone(),
        waiting: waiting.clone(),
        limits: options.limits,
    };
    let task = tokio::spawn(async move {
        let opened_core = spawn_blocking(move || Core::open(options, counters)).await;
        match opened_core {
            Ok(Ok(core)) => {
                let core = Arc::new(core);
                opened.send_replace(Opening::Done(core.clone()));
                Writer::new(core, waiting).run(taken, stop).await;
                // Handles outlive the task; the files are to be free for whoever comes next.
                opened.send_replace(Opening::Closed);
            }
            Ok(Err(error)) => {
                tracing::error!(%error, cause = ?std::error::Error::source(&error), "history cannot be opened; everything else goes on without it");
                opened.send_replace(Opening::Closed);
            }
            Err(_) => {
                tracing::error!("opening the history panicked; everything else goes on without it");
                opened.send_replace(Opening::Closed);
            }
        }
    });
    (handle, task)
}

struct Writer {
    core: Arc<Core>,
    waiting: Arc<AtomicUsize>,
    next_flush: Duration,
    /// No early flush before this: a full disk is not asked with every reading.
    next_early_flush: Duration,
    next_look: Duration,
    next_step: Duration,
    pass: Option<Pass>,
}

impl Writer {
    fn new(core: Arc<Core>, waiting: Arc<AtomicUsize>) -> Self {
        let now = core.options.clock.monotonic();
        Self {
            next_flush: now + core.options.flush_every,
            next_early_flush: now,
            next_look: now,
            next_step: now,
            pass: None,
            core,
            waiting,
        }
    }

    async fn run(mut self, mut orders: mpsc::Receiver<Order>, stop: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let now = self.core.options.clock.monotonic();
            let wake = match self.pass {
                Some(_) => self.next_flush.min(self.next_step),
                None => self.next_flush.min(self.next_look),
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                taken = orders.recv_many(&mut batch, BATCH) => {
                    if taken == 0 {
                        break;
                    }
                }
                () = tokio::time::sleep(wake.saturating_sub(now)) => {}
            }
            for order in batch.drain(..) {
                self.obey(order).await;
            }
            self.flush_if_due().await;
            self.seal_if_due().await;
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            self.obey(order).await;
        }
        self.flush().await;
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Record(readings) => {
                self.core.record(&readings);
                self.waiting.fetch_sub(readings.len(), Ordering::Relaxed);
            }
            Order::Flush(done) => {
                self.flush().await;
                let _ = done.send(());
            }
            Order::Seal(done) => {
                self.look().await;
                while self.pass.is_some() {
                    self.step().await;
                }
                let _ = done.send(());
            }
        }
    }

    async fn flush_if_due(&mut self) {
        let now = self.core.options.clock.monotonic();
        let is_early = now >= self.next_early_flush && self.core.is_flush_due();
        if now >= self.next_flush || is_early {
            self.flush().await;
        }
    }

    async fn flush(&mut self) {
        let now = self.core.options.clock.monotonic();
        self.next_flush = now + self.core.options.flush_every;
        self.next_early_flush = now + BETWEEN_EARLY_FLUSHES;
        let core = self.core.clone();
        // What failed is noted where it did, and tried again with the next flush.
        let _ = spawn_blocking(move || core.flush()).await;
    }

    async fn seal_if_due(&mut self) {
        let now = self.core.options.clock.monotonic();
        if self.pass.is_some() && now >= self.next_step {
            self.step().await;
        } else if self.pass.is_none() && now >= self.next_look {
            self.look().await;
        }
    }

    async fn look(&mut self) {
        if self.pass.is_some() {
            return;
        }
        self.next_look = self.core.options.clock.monotonic() + LOOK_EVERY;
        let core = self.core.clone();
        self.pass = spawn_blocking(move || core.next_pass())
            .await
            .ok()
            .flatten();
        self.next_step = self.core.options.clock.monotonic();
    }

    async fn step(&mut self) {
        let Some(mut pass) = self.pass.take() else {
            return;
        };
        let core = self.core.clone();
        let stepped = spawn_blocking(move || {
            let more = pass.step(&core).and_then(|more| {
                if !more {
                    core.finish_pass(&pass)?;
                }
                Ok(more)
            });
            if let Err(error) = &more {
                core.fail_pass(error);
            }
            (more, pass)
        });
        let stepped = stepped.await;
        // Pauses count from the end of a step: on a slow disk it is the step that takes long.
        let now = self.core.options.clock.monotonic();
        match stepped {
            Ok((Ok(true), pass)) => {
                let is_heavy = pass.was_heavy();
                self.pass = Some(pass);
                self.next_step = now
                    + if is_heavy {
                        BETWEEN_STEPS
                    } else {
                        Duration::ZERO
                    };
            }
            Ok((Ok(false), _)) => {}
            Ok((Err(Error::ShuttingDown), _)) => {}
            Ok((Err(_), _)) => self.next_look = now + AFTER_FAILURE,
            Err(_) => {
                tracing::error!("sealing panicked and is tried again");
                self.core.try_pass_again();
                self.next_look = now + AFTER_FAILURE;
            }
        }
    }
}
