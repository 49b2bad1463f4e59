//! The writer: the one task that changes the estate. No rule is in here, only the order of things.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use pulse_model::{Claim, Clock, Observation, Outcome, Scope, Sighting, SourceId, SourceKind};
use pulse_store::Store;

use crate::agenda::Agenda;
use crate::annotate::{Annotations, Pages};
use crate::decide::Decided;
use crate::error::{Error, Refusal};
use crate::fold::{machine_id, sign};
use crate::handle::{Ask, Counters, Deed, Folded, Handle};
use crate::identity::{Agents, Resolved};
use crate::ledger::{Effects, Ledger, Moment, Seen};
use crate::links::LinkError;
use crate::outage::Transition;
use crate::part::SliceKey;
use crate::port::Recorder;
use crate::saver::Saver;
use crate::snapshot::Estate;
use crate::tables;
use crate::time::Times;

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
/// Views of all sources together; what comes beyond is turned away and counted.
const MOST_PARTS: usize = 400_000;
/// The slice of an agent: its machine and what is on it.
pub(crate) const HOST: &str = "host";

/// How to run an estate.
#[derive(Clone, Debug)]
pub struct Options {
    /// What time it is.
    pub clock: Clock,
    /// Most hosts taken; more are refused.
    pub most_hosts: usize,
    /// Most hosts taken from one token, so that a stolen one cannot fill the estate.
    pub most_hosts_per_token: usize,
    /// Snapshots are numbered from here: two estates shown one after the other share no number.
    pub first_revision: u64,
}

/// Starts an estate with the hosts known from before; what is measured goes to `recorder`. It ends,
/// and writes what it knows, when `stop` is cancelled.
pub fn spawn(
    store: Store,
    options: Options,
    recorder: Arc<dyn Recorder>,
    stop: CancellationToken,
) -> Result<(Handle, JoinHandle<()>), Error> {
    let known = tables::load(&store)?;
    let annotations = Annotations::load(&store).map_err(Error::Read)?;
    let (intake, asks) = mpsc::channel(INTAKE);
    let (transitions, _) = broadcast::channel(TRANSITIONS);
    let added = annotations.subscribe();
    let mut writer = Writer::new(store, options, recorder, transitions.clone(), added);
    writer.remember(known);
    writer.ledger.estate.bump_revision();
    let (publish, estate) = watch::channel(Arc::new(writer.ledger.estate.clone()));
    let handle = Handle {
        intake,
        estate,
        transitions,
        counters: writer.counters.clone(),
        annotations,
    };
    let task = tokio::spawn(writer.run(asks, publish, stop));
    Ok((handle, task))
}

pub(crate) struct Writer {
    options: Options,
    pub(crate) ledger: Ledger,
    /// Who reports, each kind of report by itself: they are numbered by themselves.
    pub(crate) agents: BTreeMap<SourceKind, Agents>,
    agenda: Agenda,
    watching_since: Duration,
    last_beat: Duration,
    changed: bool,
    published_at: Option<Duration>,
    transitions: broadcast::Sender<Transition>,
    added: watch::Receiver<Pages>,
    recorder: Arc<dyn Recorder>,
    counters: Arc<Counters>,
    saver: Saver,
}

impl Writer {
    fn new(
        store: Store,
        options: Options,
        recorder: Arc<dyn Recorder>,
        transitions: broadcast::Sender<Transition>,
        mut added: watch::Receiver<Pages>,
    ) -> Self {
        let mono = options.clock.monotonic();
        let counters: Arc<Counters> = Arc::default();
        let mut ledger = Ledger::new(MOST_PARTS);
        ledger.estate.annotate(added.borrow_and_update().clone());
        let saver = Saver::new(store, counters.clone(), mono);
        ledger.estate.number_from(options.first_revision);
        Self {
            options,
            ledger,
            agents: BTreeMap::new(),
            agenda: Agenda::default(),
            watching_since: mono,
            last_beat: mono,
            changed: false,
            published_at: None,
            transitions,
            added,
            recorder,
            counters,
            saver,
        }
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment {
            now: self.options.clock.now(),
            mono: self.options.clock.monotonic(),
            watching_since: self.watching_since,
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
                // Before what is observed, so that it shows on it at once.
                Ok(()) = self.added.changed() => {
                    let added = self.added.borrow_and_update().clone();
                    self.changed |= self.ledger.estate.annotate(added);
                }
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
            Ask::Forget(source, reply) => {
                self.forget(&source);
                let _ = reply.send(());
            }
            Ask::Stand(source, standing, reply) => {
                self.changed |= self.ledger.stand(source, standing);
                let _ = reply.send(());
            }
            Ask::Decide(deed, reply) => match self.decide(deed) {
                Ok(decided) => self.saver.note_reply(decided, reply),
                Err(error) => {
                    let _ = reply.send(Err(error.into()));
                }
            },
            Ask::Ties(reply) => {
                let links = &self.ledger.links;
                let _ = reply.send((links.all(), links.decisions()));
            }
            Ask::Number(reply) => {
                let _ = reply.send(self.ledger.estate.revision() + u64::from(self.changed));
            }
        }
    }

    fn take(&mut self, observation: Observation) -> Result<Folded, Error> {
        let Observation {
            source,
            at,
            interval,
            outcome,
        } = observation;
        let moment = self.moment();
        let times = Times {
            made_at: at,
            now: moment.now,
        };
        let seen = |scope, others| Seen {
            source: source.clone(),
            scope,
            interval,
            times,
            machine: None,
            others,
        };
        match outcome {
            Outcome::Host {
                claim,
                sighting,
                others,
            } => self.take_host(&claim, *sighting, seen(Scope::new(HOST), others)),
            Outcome::Slice { scope, sightings } => {
                let seen = seen(scope, sightings);
                if self.ledger.is_overtaken(&seen, moment.mono) {
                    self.note_overtaken(&seen);
                } else {
                    self.fold(seen)?;
                }
                Ok(Folded::of(&source, times.true_at()))
            }
            Outcome::Failed { scope, reason } => {
                Counters::add(&self.counters.failed_polls);
                let slice = self.ledger.slices.find(&source, &scope);
                let effects = self.ledger.fail(&source, &scope, &reason, moment);
                self.apply(slice, effects);
                Ok(Folded::of(&source, times.true_at()))
            }
        }
    }

    fn decide(&mut self, deed: Deed) -> Result<Decided, LinkError> {
        let now = self.options.clock.now();
        let mut copy = self.ledger.clone();
        let (decided, effects) = match deed {
            Deed::Link(id, target, by) => copy.link(&id, &target, by),
            Deed::Unlink(id, target, by) => copy.unlink(&id, &target, by),
            Deed::ReportMerge(id, sources, by) => copy.report_merge(&id, &sources, by),
            Deed::Undo(number) => copy.undo(number, now),
        }?;
        self.ledger = copy;
        self.apply(None, effects);
        Ok(decided)
    }

    fn forget(&mut self, source: &SourceId) {
        let effects = self.ledger.forget(source, self.options.clock.now());
        self.apply(None, effects);
        if let Some(agents) = self.agents.get_mut(&source.kind) {
            agents.forget(&source.name);
            self.saver.note_event(machine_id(source));
        }
    }

    fn take_host(
        &mut self,
        claim: &Claim,
        mut sighting: Sighting,
        mut seen: Seen,
    ) -> Result<Folded, Error> {
        let (times, interval, kind) = (seen.times, seen.interval, seen.source.kind);
        let mono = self.options.clock.monotonic();
        let resolved = match self.resolve(kind, claim, times.made_at, mono) {
            Ok(resolved) => resolved,
            Err(refusal) => {
                Counters::add(&self.counters.refused);
                return Err(refusal.into());
            }
        };
        let agent_id = resolved.agent_id;
        seen.source = SourceId::new(kind, &agent_id);
        let id = machine_id(&seen.source);
        sign(&mut sighting, &agent_id, claim, times);
        seen.machine = Some((id.clone(), sighting));
        if resolved.is_news {
            self.fold(seen)?;
            let agents = self.agents.entry(kind).or_default();
            agents.accept(&agent_id, claim, times.made_at, interval, mono);
            self.saver.note_change(id.clone());
        } else {
            self.note_overtaken(&seen);
        }
        let entry = self.ledger.estate.get(id.as_str());
        let last_seen = entry.map_or(times.now, |entry| entry.resource().last_seen);
        Ok(Folded {
            agent_id,
            was_news: resolved.is_news,
            last_seen,
        })
    }

    /// Keeps the figures of what a later report has overtaken; it changes nothing, but its source is alive.
    fn note_overtaken(&mut self, seen: &Seen) {
        Counters::add(&self.counters.overtaken);
        let readings = self.ledger.late(seen);
        self.record(readings);
        let moment = self.moment();
        if let Some(slice) = self.ledger.slices.find(&seen.source, &seen.scope) {
            let effects = self.ledger.hear(slice, seen.interval, moment);
            self.apply(Some(slice), effects);
        }
    }

    fn resolve(
        &self,
        kind: SourceKind,
        claim: &Claim,
        made_at: Timestamp,
        mono: Duration,
    ) -> Result<Resolved, Refusal> {
        let nobody = Agents::default();
        let agents = self.agents.get(&kind).unwrap_or(&nobody);
        let resolved = agents.resolve(claim, made_at, mono)?;
        if agents.get(&resolved.agent_id).is_some() {
            return Ok(resolved);
        }
        let (limit, per_token) = (self.options.most_hosts, self.options.most_hosts_per_token);
        if agents.len() >= limit {
            return Err(Refusal::Full { limit });
        }
        if agents.count_of(claim.token_id.as_deref()) >= per_token {
            return Err(Refusal::TokenFull { limit: per_token });
        }
        Ok(resolved)
    }

    /// Folds what was seen into a copy, which takes the place of the original when that went well.
    fn fold(&mut self, seen: Seen) -> Result<(), Error> {
        let moment = self.moment();
        let (source, scope) = (seen.source.clone(), seen.scope.clone());
        let name = |ledger: &Ledger| {
            let slice = ledger.slices.find(&source, &scope)?;
            let host = ledger.machine_of(slice)?;
            Some((host.own.clone(), host.sighting.name.clone()))
        };
        let mut copy = self.ledger.clone();
        let folded = catch_unwind(AssertUnwindSafe(|| copy.see(seen, moment)));
        let Ok(effects) = folded else {
            Counters::add(&self.counters.quarantined);
            tracing::error!(%source, %scope, "an observation could not be folded and was set aside");
            return Err(Error::Quarantined);
        };
        let (before, after) = (name(&self.ledger), name(&copy));
        self.ledger = copy;
        if before != after
            && let Some((id, _)) = after
        {
            self.saver.note_event(id);
        }
        Counters::add(&self.counters.folded);
        self.apply(self.ledger.slices.find(&source, &scope), effects);
        Ok(())
    }

    /// Tells everybody what a change led to.
    fn apply(&mut self, slice: Option<SliceKey>, effects: Effects) {
        self.changed |= effects.changed;
        let left_out = effects.shed.total() + effects.turned_away;
        Counters::add_many(&self.counters.shed, left_out);
        if let Some(slice) = slice {
            self.schedule(slice);
            let machine = self.ledger.machine_of(slice);
            if let Some(machine) = machine.filter(|_| !effects.transitions.is_empty()) {
                self.saver.note_event(machine.own.clone());
            }
        }
        self.record(effects.readings);
        for own in effects.trails {
            self.saver.note_trail(own);
        }
        for unsaved in effects.unsaved {
            self.saver.note_decision(unsaved);
        }
        for transition in effects.transitions {
            self.announce(transition);
        }
    }

    fn record(&self, readings: Vec<pulse_model::Reading>) {
        if !readings.is_empty() {
            self.recorder.record(readings);
        }
    }

    fn let_silence_count(&mut self) {
        let moment = self.moment();
        while let Some(slice) = self.agenda.take_due(moment.mono) {
            let effects = self.ledger.tick(slice, moment);
            self.apply(Some(slice), effects);
        }
    }

    pub(crate) fn schedule(&mut self, slice: SliceKey) {
        let due = self.ledger.slices.get(slice);
        if let Some(due) = due.and_then(|slice| slice.watch.due(self.watching_since)) {
            self.agenda.note(slice, due);
        }
    }

    fn announce(&mut self, transition: Transition) {
        match &transition {
            Transition::Down { id, .. } => {
                Counters::add(&self.counters.went_down);
                tracing::warn!(host = %id, "is offline");
            }
            Transition::Recovered { id, .. } => {
                Counters::add(&self.counters.recovered);
                tracing::info!(host = %id, "is back");
            }
        }
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
        self.ledger.estate.bump_revision();
        publish.send_replace(Arc::new(self.ledger.estate.clone()));
        Counters::add(&self.counters.published);
    }

    fn save_if_due(&mut self) {
        if let Some(due) = self.saver.take_due(self.options.clock.monotonic()) {
            let batch = self.batch(&due);
            self.saver.start(due, batch);
        }
    }

    async fn save_everything(&mut self) {
        let rest = self.saver.take_rest().await;
        let batch = self.batch(&rest);
        self.saver.save(rest, batch).await;
    }
}
