//! What this area counts about itself; figures without names.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Error;

/// A count that only rises.
#[derive(Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
pub(crate) struct Counters {
    pub logins: Count,
    pub logins_failed: Count,
    pub logins_locked: Count,
    pub password_checks: Count,
    pub tokens_refused: Count,
    pub csrf_refused: Count,
    pub setup_tokens_refused: Count,
    pub enrolments: Count,
    pub enrolments_refused: Count,
    pub reports_refused: Count,
    pub reports_replayed: Count,
    pub runs_replaced: Count,
    pub rate_limited: Count,
}

impl Counters {
    /// Counts a report by why it is not taken in.
    pub fn count_refused_report(&self, error: &Error) {
        match error {
            Error::KeyRequired | Error::ProofInvalid => self.reports_refused.add(),
            Error::Replayed { .. } => self.reports_replayed.add(),
            Error::RunReplaced => self.runs_replaced.add(),
            _ => {}
        }
    }
}

/// A snapshot of the counts and sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Successful logins.
    pub logins: u64,
    /// Logins with a wrong name or password.
    pub logins_failed: u64,
    /// Logins refused because of earlier failures.
    pub logins_locked: u64,
    /// Times a password was compared with a hash, or with the one that stands in for unknown users.
    pub password_checks: u64,
    /// Requests with an unknown, expired or revoked token.
    pub tokens_refused: u64,
    /// Requests with a wrong CSRF token, or without one.
    pub csrf_refused: u64,
    /// Wrong set-up tokens.
    pub setup_tokens_refused: u64,
    /// Agents enrolled.
    pub enrolments: u64,
    /// Enrolments refused.
    pub enrolments_refused: u64,
    /// Reports without, or with a wrong, proof of key.
    pub reports_refused: u64,
    /// Reports with a number that was accepted before.
    pub reports_replayed: u64,
    /// Reports of an agent's run that a later one had replaced: a copied key, or a replay.
    pub runs_replaced: u64,
    /// Requests over a limit.
    pub rate_limited: u64,
    /// Live sessions.
    pub sessions: usize,
    /// API tokens.
    pub tokens: usize,
    /// Enrolled agents.
    pub agents: usize,
    /// User names and networks with failures on record.
    pub lockout_entries: usize,
    /// Request counts kept.
    pub rate_entries: usize,
}
