//! Housekeeping: what is written in batches, and what is forgotten.

use std::time::Duration;

use crate::login;
use crate::state::{State, held};
use crate::tables::{AGENTS, SESSIONS, TOKENS};
use crate::{Error, enrol};

/// Slides, last uses and report numbers are written this often, all in one commit.
pub(crate) const WRITE_EVERY: Duration = Duration::from_secs(10 * 60);

/// Forgets what is past: expired sessions, old failures, idle counts, used enrolment tokens.
pub(crate) fn sweep(state: &State) -> Result<(), Error> {
    let monotonic = state.clock.monotonic();
    held(&state.lockouts).sweep(monotonic);
    held(&state.csrf).sweep(monotonic);
    held(&state.limiter).sweep(monotonic);
    let expired = held(&state.sessions).expired(state.now());
    if !expired.is_empty() {
        login::end_sessions(state, &expired)?;
    }
    enrol::purge(state)
}

/// Writes what memory knows better than the disk.
pub(crate) fn write_back(state: &State) -> Result<(), Error> {
    state.change(
        |tables| {
            // Collected within the turn: a row revoked before is not in memory any more, so it
            // cannot be written back to life.
            let sessions = held(&state.sessions).unwritten();
            let tokens = held(&state.tokens).unwritten();
            let agents = held(&state.agents).unwritten();
            for (key, row) in &sessions {
                tables.put(&SESSIONS, &key.to_hex(), row)?;
            }
            for row in &tokens {
                tables.put(&TOKENS, &row.id, row)?;
            }
            for (id, row) in &agents {
                tables.put(&AGENTS, id, row)?;
            }
            Ok((sessions, tokens, agents))
        },
        |(sessions, tokens, agents)| {
            for (key, row) in sessions {
                held(&state.sessions).mark_written(*key, row.expires_at);
            }
            for row in tokens {
                held(&state.tokens).mark_written(&row.id, row.last_used_at);
            }
            for (id, row) in agents {
                held(&state.agents).mark_written(id, &row.runs);
            }
        },
    )?;
    Ok(())
}
