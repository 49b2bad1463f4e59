//! The fleet's own time: what reports changed is written, and what is over ends.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::handle::{Handle, Options};

/// How often commands and removals are looked at.
const EVERY: Duration = Duration::from_secs(15);
/// What reports change is written at most this often, whatever they do.
const APART: Duration = Duration::from_secs(5);

/// Starts a fleet with what was decided before. It ends, and writes what is not on disk yet, when `stop` is cancelled.
pub fn spawn(
    options: Options,
    stop: CancellationToken,
) -> Result<(Handle, JoinHandle<()>), pulse_store::Error> {
    let handle = Handle::load(options)?;
    let task = tokio::spawn(run(handle.clone(), stop));
    Ok((handle, task))
}

async fn run(handle: Handle, stop: CancellationToken) {
    let shared = handle.shared();
    shared.show_all().await;
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut not_before = Instant::now();
    let mut is_due = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = every.tick() => shared.tick().await,
            () = shared.unsaved.notified() => is_due = true,
            () = sleep_until(not_before), if is_due => {
                is_due = false;
                not_before = Instant::now() + APART;
                if let Err(error) = shared.save_in_turn().await {
                    tracing::error!(%error, "the register could not be written; that is tried again");
                    is_due = true;
                }
            }
        }
    }
    if let Err(error) = shared.save_in_turn().await {
        tracing::error!(%error, "the last of the register could not be written");
    }
}
