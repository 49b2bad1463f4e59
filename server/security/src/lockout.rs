//! Five failures lock a user name or a network for a quarter of an hour.
//!
//! In memory only: a restart forgives, and an attacker cannot cause disk writes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::identity::network_of;

/// Failures that lock.
pub(crate) const MAX_FAILURES: u32 = 5;
/// How long a lock lasts.
pub(crate) const LOCK: Duration = Duration::from_secs(15 * 60);
const FORGET_AFTER: Duration = Duration::from_secs(30 * 60);
const MAX_ENTRIES: usize = 10_000;

/// What failures are counted against.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    User(String),
    Network(IpAddr),
}

impl Subject {
    pub fn user(name: &str) -> Self {
        Self::User(name.to_ascii_lowercase())
    }

    pub fn network(ip: IpAddr) -> Self {
        Self::Network(network_of(ip))
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    failures: u32,
    locked_until: Option<Duration>,
    last: Duration,
}

impl Entry {
    fn is_locked(&self, now: Duration) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

/// The failures on record. `now` is monotonic time throughout.
#[derive(Debug, Default)]
pub(crate) struct Lockouts(HashMap<Subject, Entry>);

impl Lockouts {
    /// Returns how much longer any of `subjects` is locked.
    pub fn remaining(&self, subjects: &[Subject], now: Duration) -> Option<Duration> {
        let locks = subjects
            .iter()
            .filter_map(|subject| self.0.get(subject)?.locked_until);
        locks
            .max()
            .and_then(|until| until.checked_sub(now))
            .filter(|left| !left.is_zero())
    }

    /// Counts a failure against all of `subjects` and returns the highest count, at most
    /// [`MAX_FAILURES`], which locks.
    pub fn fail(&mut self, subjects: &[Subject], now: Duration) -> u32 {
        let mut highest = 0;
        for subject in subjects {
            if !self.0.contains_key(subject) {
                self.make_room(now);
            }
            let fresh = Entry {
                failures: 0,
                locked_until: None,
                last: now,
            };
            let entry = self.0.entry(subject.clone()).or_insert(fresh);
            if entry.locked_until.is_some_and(|until| until <= now) {
                *entry = fresh;
            }
            entry.failures = (entry.failures + 1).min(MAX_FAILURES);
            entry.last = now;
            if entry.failures == MAX_FAILURES && entry.locked_until.is_none() {
                entry.locked_until = Some(now + LOCK);
            }
            highest = highest.max(entry.failures);
        }
        highest
    }

    /// Forgets the failures of `subjects`.
    pub fn clear(&mut self, subjects: &[Subject]) {
        for subject in subjects {
            self.0.remove(subject);
        }
    }

    /// Drops what is unlocked and has been quiet for long.
    pub fn sweep(&mut self, now: Duration) {
        self.0.retain(|_, entry| {
            entry.is_locked(now) || now.saturating_sub(entry.last) < FORGET_AFTER
        });
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// At the bound the quietest entry goes, an unlocked one if there is any.
    fn make_room(&mut self, now: Duration) {
        if self.0.len() < MAX_ENTRIES {
            return;
        }
        self.sweep(now);
        if self.0.len() < MAX_ENTRIES {
            return;
        }
        let oldest = self
            .0
            .iter()
            .min_by_key(|(_, entry)| (entry.is_locked(now), entry.last));
        if let Some(subject) = oldest.map(|(subject, _)| subject.clone()) {
            self.0.remove(&subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn alice() -> [Subject; 1] {
        [Subject::user("Alice")]
    }

    #[test]
    fn the_fifth_failure_locks_for_a_quarter_of_an_hour() {
        let mut lockouts = Lockouts::default();
        for expected in 1..=4 {
            assert_eq!(lockouts.fail(&alice(), SECOND), expected);
            assert_eq!(lockouts.remaining(&alice(), SECOND), None);
        }
        assert_eq!(lockouts.fail(&alice(), SECOND), MAX_FAILURES);
        assert_eq!(lockouts.remaining(&alice(), SECOND), Some(LOCK));
        assert_eq!(lockouts.remaining(&alice(), LOCK), Some(SECOND));
        assert_eq!(lockouts.remaining(&alice(), SECOND + LOCK), None);
    }

    #[test]
    fn a_failure_during_the_lock_does_not_prolong_it() {
        let mut lockouts = Lockouts::default();
        for second in 0..9 {
            lockouts.fail(&alice(), SECOND * second);
        }
        assert_eq!(lockouts.remaining(&alice(), SECOND * 4), Some(LOCK));
    }

    #[test]
    fn after_the_lock_the_count_starts_again() {
        let mut lockouts = Lockouts::default();
        for _ in 0..5 {
            lockouts.fail(&alice(), Duration::ZERO);
        }
        assert_eq!(lockouts.fail(&alice(), LOCK), 1);
        assert_eq!(lockouts.remaining(&alice(), LOCK), None);
    }

    #[test]
    fn the_highest_count_of_user_and_network_decides() {
        let mut lockouts = Lockouts::default();
        let network = Subject::network("192.0.2.1".parse().unwrap());
        for name in ["a", "b", "c", "d"] {
            lockouts.fail(&[Subject::user(name), network.clone()], SECOND);
        }
        let fifth = [Subject::user("e"), network.clone()];
        assert_eq!(lockouts.fail(&fifth, SECOND), MAX_FAILURES);
        assert!(lockouts.remaining(&[network], SECOND).is_some());
        assert!(lockouts.remaining(&[Subject::user("e")], SECOND).is_none());
    }

    #[test]
    fn user_names_are_counted_whatever_their_case() {
        let mut lockouts = Lockouts::default();
        for name in ["admin", "Admin", "ADMIN", "aDmin", "adMin"] {
            lockouts.fail(&[Subject::user(name)], SECOND);
        }
        assert!(
            lockouts
                .remaining(&[Subject::user("admin")], SECOND)
                .is_some()
        );
    }

    #[test]
    fn a_quiet_entry_is_forgotten_and_a_locked_one_is_not() {
        let mut lockouts = Lockouts::default();
        lockouts.fail(&alice(), Duration::ZERO);
        lockouts.sweep(FORGET_AFTER - SECOND);
        assert_eq!(lockouts.len(), 1);
        lockouts.sweep(FORGET_AFTER);
        assert_eq!(lockouts.len(), 0);
    }

    #[test]
    fn a_flood_of_names_neither_grows_without_end_nor_unlocks_anybody() {
        let mut lockouts = Lockouts::default();
        for _ in 0..5 {
            lockouts.fail(&alice(), Duration::ZERO);
        }
        for index in 0..u32::try_from(MAX_ENTRIES).unwrap() + 50 {
            lockouts.fail(&[Subject::User(index.to_string())], SECOND);
        }
        assert_eq!(lockouts.len(), MAX_ENTRIES);
        assert!(lockouts.remaining(&alice(), SECOND).is_some());
    }
}
