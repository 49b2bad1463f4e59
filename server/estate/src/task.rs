//! The writer: the one task that changes the estate. No rule is in here, only the order of things.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use pulse_model::{Claim, Clock, Observation, Outcome, ResourceId, Sighting};
use pulse_store::Store;

use crate::agenda::Agenda;
use crate::error::{Error, Refusal};
use crate::fold::{Times, fold_host, with_verdict};
use crate::freshness::{Transition, Verdict, Watch};
use crate::handle::{Ask, Counters, Folded, Handle};
use crate::identity::{Agent, Agents, Order, Resolved};
use crate::recent::Recent;
use crate::saver::Saver;
use crate::snapshot::Estate;
use crate::tables::{self, KnownHost};

const INTAKE: usize = 1_024;
const TRANSITIONS: usize = 1_024;
/// Observations folded before anything else gets its turn.
const BATCH: usize = 256;
/// Snapshots are published at most this often.
const PUBLISH_EVERY: Duration = Duration::from_millis(50);
/// How often the task wakes to notice that it did not.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A heartbeat this late means that the process was paused, not busy.
const PAUSED: Duration = Duration::from_secs(15);

/// How to run an estate.
#[derive(Clone, Debug)]
pub struct Options {
    /// What time it is.
    pub clock: Clock,
    /// Most hosts taken; more are refused.
    pub most_hosts: usize,
    /// Most hosts taken from one token, so that a stolen one cannot fill the estate.
    pub most_hosts_per_token: usize,
}

/// Starts an estate with the hosts known from before. It ends, and writes what it knows, when
/// `stop` is cancelled.
pub fn spawn(
    store: Store,
    options: Options,
    stop: CancellationToken,
) -> Result<(Handle, JoinHandle<()>), Error> {
    let known = tables::load(&store)?;
    let (intake, asks) = mpsc::channel(INTAKE);
    let (transitions, _) = broadcast::channel(TRANSITIONS);
    let mut writer = Writer::new(store, options, transitions.clone());
    writer.remember(known);
    let (publish, estate) = watch::channel(Arc::new(writer.estate.clone()));
    let handle = Handle {
        intake,
        estate,
        transitions,
        recent: writer.recent.clone(),
        counters: writer.counters.clone(),
    };
    let task = tokio::spawn(writer.run(asks, publish, stop));
    Ok((handle, task))
}

struct Writer {
    options: Options,
    estate: Estate,
    agents: Agents,
    watches: HashMap<ResourceId, Watch>,
    agenda: Agenda,
    watching_since: Duration,
    last_beat: Duration,
    changed: bool,
    published_at: Option<Duration>,
    transitions: broadcast::Sender<Transition>,
    recent: Arc<Recent>,
    counters: Arc<Counters>,
    saver: Saver,
}

impl Writer {
    fn new(store: Store, options: Options, transitions: broadcast::Sender<Transition>) -> Self {
        let mono = options.clock.monotonic();
        let counters: Arc<Counters> = Arc::default();
        let saver = Saver::new(store, counters.clone(), mono);
        Self {
            options,
            estate: Estate::default(),
            agents: Agents::default(),
            watches: HashMap::new(),
            agenda: Agenda::default(),
            watching_since: mono,
            last_beat: mono,
            changed: false,
            published_at: None,
            transitions,
            recent: Arc::default(),
            counters,
            saver,
        }
    }

    fn remember(&mut self, known: Vec<KnownHost>) {
        let now = self.options.clock.now();
        for host in known {
            let id = host.resource.id.clone();
            let facet = host.resource.facets.agent.as_deref();
            let agent = Agent {
                hostname: facet.map(|f| f.hostname.clone()).unwrap_or_default(),
                machine_id: facet.and_then(|f| f.machine_id.clone()),
                token_id: facet.and_then(|f| f.token_id.clone()),
                keyed: host.keyed,
                interval: host.interval(),
                heard: None,
                order: Order::default(),
            };
            self.agents.remember(id.as_str().to_owned(), agent);
            let watch = Watch::remembered(host.verdict, host.interval());
            self.estate
                .put(with_verdict(&host.resource, watch.verdict(), now));
            self.schedule(&id, &watch);
            self.watches.insert(id, watch);
        }
    }

    async fn run(
        mut self,
        mut asks: mpsc::Receiver<Ask>,
        publish: watch::Sender<Arc<Estate>>,
        stop: CancellationToken,
    ) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let wait = self
                .next_wake()
                .saturating_sub(self.options.clock.monotonic());
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                taken = asks.recv_many(&mut batch, BATCH) => {
                    if taken == 0 {
                        break;
                    }
                }
                () = tokio::time::sleep(wait) => {}
                () = self.saver.finished() => {}
            }
            self.notice_pause();
            for ask in batch.drain(..) {
                self.answer(ask);
            }
            self.let_silence_count();
            self.publish_if_due(&publish);
            self.save_if_due();
        }
        asks.close();
        self.publish(&publish);
        self.save_everything().await;
    }

    fn next_wake(&self) -> Duration {
        let mut wake = self.last_beat + HEARTBEAT;
        if let Some(due) = self.agenda.next() {
            wake = wake.min(due);
        }
        if self.changed {
            wake = wake.min(
                self.published_at
                    .map_or(Duration::ZERO, |at| at + PUBLISH_EVERY),
            );
        }
        wake
    }

    /// A pause of our own (suspend, stop signal) is nobody's silence but ours.
    fn notice_pause(&mut self) {
        let mono = self.options.clock.monotonic();
        if mono.saturating_sub(self.last_beat) > PAUSED {
            tracing::warn!(
                seconds = mono.saturating_sub(self.last_beat).as_secs(),
                "this server was paused; every host has its full time again"
            );
            self.watching_since = mono;
        }
        self.last_beat = mono;
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Observe(observation, reply) => {
                let _ = reply.send(self.take(*observation));
            }
        }
    }

    fn take(&mut self, observation: Observation) -> Result<Folded, Error> {
        let Outcome::Host { claim, sighting } = observation.outcome;
        let times = Times {
            made_at: observation.at,
            now: self.options.clock.now(),
        };
        let mono = self.options.clock.monotonic();
        let resolved = match self.resolve(&claim, times.made_at, mono) {
            Ok(resolved) => resolved,
            Err(refusal) => {
                Counters::add(&self.counters.refused);
                return Err(refusal.into());
            }
        };
        if resolved.is_news {
            self.fold(&resolved.agent_id, &claim, *sighting, times)?;
            self.agents.accept(
                &resolved.agent_id,
                &claim,
                times.made_at,
                observation.interval,
                mono,
            );
        } else {
            Counters::add(&self.counters.overtaken);
        }
        self.hear(&resolved.agent_id, observation.interval, mono, times.now);
        let last_seen = self
            .estate
            .get(&resolved.agent_id)
            .map_or(times.now, |entry| entry.resource().last_seen);
        Ok(Folded {
            agent_id: resolved.agent_id,
            was_news: resolved.is_news,
            last_seen,
        })
    }

    fn resolve(
        &self,
        claim: &Claim,
        made_at: Timestamp,
        mono: Duration,
    ) -> Result<Resolved, Refusal> {
        let resolved = self.agents.resolve(claim, made_at, mono)?;
        if self.estate.get(&resolved.agent_id).is_some() {
            return Ok(resolved);
        }
        let (limit, per_token) = (self.options.most_hosts, self.options.most_hosts_per_token);
        if self.estate.len() >= limit {
            return Err(Refusal::Full { limit });
        }
        if self.agents.count_of(claim.token_id.as_deref()) >= per_token {
            return Err(Refusal::TokenFull { limit: per_token });
        }
        Ok(resolved)
    }

    fn fold(
        &mut self,
        agent_id: &str,
        claim: &Claim,
        sighting: Sighting,
        times: Times,
    ) -> Result<(), Error> {
        let estate = &self.estate;
        // The snapshot is immutable: a panic in here leaves nothing half done.
        let folded = catch_unwind(AssertUnwindSafe(|| {
            fold_host(estate, agent_id, claim, sighting, times)
        }));
        let Ok(resource) = folded else {
            Counters::add(&self.counters.quarantined);
            tracing::error!(
                agent = agent_id,
                "an observation could not be folded and was set aside"
            );
            return Err(Error::Quarantined);
        };
        let id = resource.id.clone();
        if self
            .estate
            .get(agent_id)
            .is_none_or(|entry| entry.resource().name != resource.name)
        {
            self.saver.note_event(id.clone());
        }
        self.saver.note_change(id);
        self.recent.record(&resource, resource.last_seen);
        self.estate.put(resource);
        self.changed = true;
        Counters::add(&self.counters.folded);
        Ok(())
    }

    fn hear(&mut self, agent_id: &str, interval: Duration, mono: Duration, now: Timestamp) {
        let Some(entry) = self.estate.get(agent_id) else {
            return;
        };
        let id = entry.resource().id.clone();
        let Some(watch) = self.watches.get_mut(&id) else {
            let watch = Watch::heard_now(interval, mono);
            self.schedule(&id, &watch);
            self.watches.insert(id, watch);
            return;
        };
        let was = watch.verdict();
        let recovered = watch.hear(&id, interval, mono, now);
        if was == Verdict::Online {
            return;
        }
        let watch = watch.clone();
        self.schedule(&id, &watch);
        self.show_verdict(&id, watch.verdict(), now);
        self.announce(&id, recovered);
    }

    fn let_silence_count(&mut self) {
        let mono = self.options.clock.monotonic();
        let now = self.options.clock.now();
        while let Some(id) = self.agenda.take_due(mono) {
            let Some(watch) = self.watches.get_mut(&id) else {
                continue;
            };
            let (changed, fall) = watch.tick(&id, self.watching_since, mono, now);
            let watch = watch.clone();
            self.schedule(&id, &watch);
            if changed {
                self.show_verdict(&id, watch.verdict(), now);
                self.announce(&id, fall);
            }
        }
    }

    fn schedule(&mut self, id: &ResourceId, watch: &Watch) {
        if let Some(due) = watch.due(self.watching_since) {
            self.agenda.note(id, due);
        }
    }

    fn show_verdict(&mut self, id: &ResourceId, verdict: Verdict, now: Timestamp) {
        let Some(entry) = self.estate.get(id.as_str()) else {
            return;
        };
        let resource = with_verdict(entry.resource(), verdict, now);
        self.estate.put(resource);
        self.changed = true;
    }

    fn announce(&mut self, id: &ResourceId, transition: Option<Transition>) {
        let Some(transition) = transition else { return };
        match &transition {
            Transition::Down { .. } => {
                Counters::add(&self.counters.went_down);
                tracing::warn!(host = %id, "host is offline");
            }
            Transition::Recovered { .. } => {
                Counters::add(&self.counters.recovered);
                tracing::info!(host = %id, "host is back");
            }
        }
        self.saver.note_event(id.clone());
        // Nobody listening yet is fine: the verdict is in the snapshot.
        let _ = self.transitions.send(transition);
    }

    fn publish_if_due(&mut self, publish: &watch::Sender<Arc<Estate>>) {
        let mono = self.options.clock.monotonic();
        let is_due = self
            .published_at
            .is_none_or(|at| mono >= at + PUBLISH_EVERY);
        if self.changed && is_due {
            self.publish(publish);
        }
    }

    fn publish(&mut self, publish: &watch::Sender<Arc<Estate>>) {
        if !self.changed {
            return;
        }
        self.changed = false;
        self.published_at = Some(self.options.clock.monotonic());
        self.estate.bump_revision();
        publish.send_replace(Arc::new(self.estate.clone()));
        Counters::add(&self.counters.published);
    }

    fn save_if_due(&mut self) {
        if let Some(due) = self.saver.take_due(self.options.clock.monotonic()) {
            let known = self.known(&due);
            self.saver.start(known);
        }
    }

    async fn save_everything(&mut self) {
        let rest = self.saver.take_rest().await;
        self.saver.save(self.known(&rest)).await;
    }

    fn known(&self, ids: &HashSet<ResourceId>) -> Vec<KnownHost> {
        let known = |id: &ResourceId| {
            let entry = self.estate.get(id.as_str())?;
            let agent = self.agents.get(id.as_str())?;
            Some(KnownHost {
                resource: entry.resource().clone(),
                verdict: self.watches.get(id)?.verdict(),
                keyed: agent.keyed,
                interval_millis: u64::try_from(agent.interval.as_millis()).unwrap_or(u64::MAX),
            })
        };
        ids.iter().filter_map(known).collect()
    }
}
