//! Many agents: each reports at its own phase of the interval, or all as fast as they are answered.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use tokio::task::LocalSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::sockets::SendTimes;
use crate::{Gzip, Link, Machine, Tally, Target, clock};

/// How the reports are spread over time.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// One report per agent and interval, agents spread evenly over the interval.
    Every(Duration),
    /// This many reports per agent, made beforehand, each sent as soon as the last was answered.
    Flood(usize),
}

/// A number of agents and where they report.
#[derive(Debug)]
pub struct Agents {
    links: Vec<(Machine, Link)>,
    times: Option<SendTimes>,
    pace: Pace,
}

impl Agents {
    /// Makes `count` agents numbered from `first`, which share the `tokens` in turn.
    ///
    /// # Errors
    /// When there is no token, or one cannot stand in a header.
    pub fn new(
        target: &Target,
        first: usize,
        count: usize,
        tokens: &[String],
        pace: Pace,
    ) -> Result<Self> {
        ensure!(!tokens.is_empty(), "agents need at least one token");
        let run = clock::now().as_microsecond() as u64;
        let stated = match pace {
            Pace::Every(interval) => interval,
            Pace::Flood(_) => Duration::from_secs(30),
        };
        let agent = |number: usize| {
            let link = Link::new(target.clone(), number, &tokens[number % tokens.len()])?;
            Ok((Machine::new(number, run, stated), link))
        };
        let links = (first..first + count).map(agent).collect::<Result<_>>()?;
        Ok(Self {
            links,
            times: None,
            pace,
        })
    }

    /// Notes when each machine's report was sent, for sockets to hold frames against.
    #[must_use]
    pub fn noting(mut self, times: SendTimes) -> Self {
        self.times = Some(times);
        self
    }

    /// Runs until `stop`, or until a flood is spent, and returns what came of it.
    pub async fn run(self, stop: CancellationToken) -> Tally {
        let shared = Rc::new(Shared {
            tally: RefCell::default(),
            gzip: RefCell::default(),
            times: self.times,
            stop,
        });
        let agents = LocalSet::new();
        let count = self.links.len().max(1) as u32;
        match self.pace {
            Pace::Every(interval) => {
                let start = Instant::now();
                for (at, (machine, link)) in self.links.into_iter().enumerate() {
                    let first = start + interval / count * at as u32;
                    agents.spawn_local(
                        Rc::clone(&shared).report_steadily(machine, link, first, interval),
                    );
                }
            }
            Pace::Flood(reports) => {
                for (mut machine, link) in self.links {
                    let bodies = (0..reports)
                        .map(|_| shared.next_body(&mut machine, Duration::from_secs(1)));
                    agents.spawn_local(Rc::clone(&shared).flood(bodies.collect(), link));
                }
            }
        }
        let started = Instant::now();
        agents.await;
        Tally {
            wall: started.elapsed(),
            ..shared.tally.take()
        }
    }
}

/// What the agents of one run have in common. They share a thread.
struct Shared {
    tally: RefCell<Tally>,
    gzip: RefCell<Gzip>,
    times: Option<SendTimes>,
    stop: CancellationToken,
}

impl Shared {
    fn next_body(&self, machine: &mut Machine, elapsed: Duration) -> Bytes {
        let plain = machine.next_report(clock::now(), elapsed);
        self.gzip.borrow_mut().member(plain).into()
    }

    async fn report_steadily(
        self: Rc<Self>,
        mut machine: Machine,
        mut link: Link,
        first: Instant,
        every: Duration,
    ) {
        let mut ticks = interval_at(first, every);
        // An agent that was held up reports once, not once for each interval it missed.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let body = self.next_body(&mut machine, every);
            if let Some(times) = &self.times {
                times.note(machine.hostname());
            }
            self.send(body, &mut link).await;
        }
    }

    async fn flood(self: Rc<Self>, bodies: Vec<Bytes>, mut link: Link) {
        for body in bodies {
            if self.stop.is_cancelled() {
                return;
            }
            self.send(body, &mut link).await;
        }
    }

    async fn send(&self, body: Bytes, link: &mut Link) {
        let length = body.len();
        let started = Instant::now();
        let outcome = link
            .post_report(body)
            .await
            .map_err(|failure| format!("{failure:#}"));
        self.tally
            .borrow_mut()
            .record(length, started.elapsed(), outcome);
    }
}
