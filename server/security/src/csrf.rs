//! The second token of a session, which a foreign page cannot read.
//!
//! In memory: after a restart a session is handed a fresh one with its first refusal.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::digest::{self, Hash};
use crate::session::SessionKey;

/// How long a token is good for.
const LIFE: Duration = Duration::from_secs(4 * 3600);
const MAX_PER_SESSION: usize = 8;

/// Live tokens by session, oldest first; sessions bound the map. Time is monotonic.
#[derive(Default)]
pub(crate) struct CsrfTokens(HashMap<SessionKey, VecDeque<(Hash, Duration)>>);

impl CsrfTokens {
    pub fn add(&mut self, session: SessionKey, token: Hash, now: Duration) {
        let live = self.0.entry(session).or_default();
        if live.len() == MAX_PER_SESSION {
            live.pop_front();
        }
        live.push_back((token, now + LIFE));
    }

    pub fn verify(&self, session: SessionKey, token: Hash, now: Duration) -> bool {
        let Some(live) = self.0.get(&session) else {
            return false;
        };
        // All are compared, so that the time taken does not tell which one was near.
        live.iter()
            .filter(|(_, until)| now < *until)
            .fold(false, |found, (known, _)| {
                digest::same(known, &token) | found
            })
    }

    pub fn end_session(&mut self, session: SessionKey) {
        self.0.remove(&session);
    }

    pub fn sweep(&mut self, now: Duration) {
        self.0.retain(|_, live| {
            live.retain(|(_, until)| now < *until);
            !live.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: SessionKey = SessionKey([1; 32]);
    const THEIRS: SessionKey = SessionKey([2; 32]);

    #[test]
    fn a_token_is_good_for_its_own_session_until_it_ends() {
        let mut tokens = CsrfTokens::default();
        tokens.add(OURS, [7; 32], Duration::ZERO);
        tokens.add(THEIRS, [8; 32], Duration::ZERO);
        assert!(tokens.verify(OURS, [7; 32], Duration::ZERO));
        assert!(
            !tokens.verify(OURS, [8; 32], Duration::ZERO),
            "another session's"
        );
        assert!(!tokens.verify(OURS, [7; 32], LIFE), "too old");
        tokens.sweep(LIFE);
        assert!(tokens.0.is_empty());
    }

    #[test]
    fn the_ninth_token_replaces_the_first() {
        let mut tokens = CsrfTokens::default();
        for number in 0..9 {
            tokens.add(OURS, [number; 32], Duration::ZERO);
        }
        assert!(!tokens.verify(OURS, [0; 32], Duration::ZERO));
        assert!((1..9).all(|number| tokens.verify(OURS, [number; 32], Duration::ZERO)));
    }

    #[test]
    fn an_ended_session_has_no_tokens() {
        let mut tokens = CsrfTokens::default();
        tokens.add(OURS, [7; 32], Duration::ZERO);
        tokens.end_session(OURS);
        assert!(!tokens.verify(OURS, [7; 32], Duration::ZERO));
    }
}
