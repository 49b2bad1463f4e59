//! An invented estate, for demonstrations, for development and for measuring: every kind of thing,
//! of any size, with load curves, some of it stopped and some in trouble.
//!
//! It is handed over as observations, like what real sources see, but to an estate of its own:
//! nothing invented ever meets anything real. Everything in it carries the tag [`MARK`].

mod appliance;
mod config;
mod curve;
mod docker;
mod kubernetes;
mod machine;
mod name;
mod past;
mod proxmox;
mod world;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use pulse_model::{Clock, Outcome};

use crate::port::{Intake, NotTaken};

pub use config::{MOST_RESOURCES, MockConfig, OutOfRange};
pub use past::Past;
pub use world::{MARK, World};

/// Hands an invented estate over, again and again.
pub struct Generator {
    world: World,
    intake: Arc<dyn Intake>,
    clock: Clock,
}

impl Generator {
    /// Makes one that hands `world` to `intake`.
    pub fn new(world: World, intake: Arc<dyn Intake>, clock: Clock) -> Self {
        Self {
            world,
            intake,
            clock,
        }
    }

    /// Hands over everything, at once. Machines are seen twice, an interval apart: their rates are made of two reports.
    pub async fn fill(&self) -> Result<(), NotTaken> {
        let before = self.clock.now().checked_sub(self.world.interval).ok();
        for index in 0..self.world.systems() {
            let earlier = before.map(|before| self.world.observe(index, before));
            for observation in earlier.into_iter().flatten() {
                if matches!(observation.outcome, Outcome::Host { .. }) {
                    self.intake.observe(observation).await?;
                }
            }
            self.hand_over(index).await?;
        }
        Ok(())
    }

    /// Hands over one system after the other, all of them once an interval, for as long as it is
    /// polled.
    pub async fn run(self) {
        let systems = self.world.systems().max(1);
        let between = self.world.interval / u32::try_from(systems).unwrap_or(u32::MAX);
        let between = between.max(Duration::from_millis(1));
        let mut turn = tokio::time::interval(between);
        turn.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for index in (0..systems).cycle() {
            turn.tick().await;
            if let Err(error) = self.hand_over(index).await {
                tracing::warn!(%error, "an invented observation was not taken");
            }
        }
    }

    async fn hand_over(&self, index: usize) -> Result<(), NotTaken> {
        for observation in self.world.observe(index, self.clock.now()) {
            self.intake.observe(observation).await?;
        }
        Ok(())
    }
}
