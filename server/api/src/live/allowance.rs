//! How often a client may ask for the whole state.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Times a client may ask within a minute.
const MOST: usize = 10;
const WINDOW: Duration = Duration::from_secs(60);

/// What one client has left.
#[derive(Default)]
pub(super) struct Allowance(VecDeque<Instant>);

impl Allowance {
    /// What a client is told that asked too often.
    pub const REFUSAL: &str = "The whole state was asked for more than 10 times in a minute; \
                               changes come by themselves.";

    /// Takes one; false when nothing is left.
    pub fn take(&mut self) -> bool {
        let now = Instant::now();
        while self
            .0
            .front()
            .is_some_and(|at| now.duration_since(*at) >= WINDOW)
        {
            self.0.pop_front();
        }
        if self.0.len() >= MOST {
            return false;
        }
        self.0.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_a_minute_and_then_again() {
        let mut allowance = Allowance::default();
        assert!((0..MOST).all(|_| allowance.take()));
        assert!(!allowance.take());
        tokio::time::advance(WINDOW).await;
        assert!(allowance.take());
    }
}
