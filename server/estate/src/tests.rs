//! The estate as a whole: what a host's reports, its silence and a restart lead to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance};
use tokio_util::sync::CancellationToken;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::NetworkInterface;
use pulse_model::{
    Bytes, Claim, Clock, Facets, Kind, Metric, MetricValue, Metrics, Observation, Outcome, Percent,
    Reading, Sequence, Sighting, SourceId, Status, TimeSource,
};
use pulse_store::Store;

use crate::{By, Change, Error, Folded, Handle, Options, Recorder, Refusal, Transition, spawn};

const INTERVAL: Duration = Duration::from_secs(10);

/// Follows tokio's clock, which a test holds still and moves.
struct Paced(Instant);

impl TimeSource for Paced {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).expect("a valid second") + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
}

struct Running {
    handle: Handle,
    task: JoinHandle<()>,
    stop: CancellationToken,
    store: Store,
    clock: Clock,
    recorded: Arc<Recorded>,
}

/// Keeps what is recorded.
#[derive(Default)]
struct Recorded(Mutex<Vec<Reading>>);

impl Recorder for Recorded {
    fn record(&self, readings: Vec<Reading>) {
        self.0
            .lock()
            .expect("no test panics in here")
            .extend(readings);
    }
}

impl Running {
    fn start() -> Self {
        Self::over(Store::in_memory())
    }

    fn over(store: Store) -> Self {
        Self::with(store, |clock| Options {
            clock,
            most_hosts: 3,
            most_hosts_per_token: 3,
            first_revision: 0,
        })
    }

    fn with(store: Store, options: impl Fn(Clock) -> Options) -> Self {
        let clock = Clock::from_source(Arc::new(Paced(Instant::now())));
        let stop = CancellationToken::new();
        let options = options(clock.clone());
        let recorded: Arc<Recorded> = Arc::default();
        let (handle, task) =
            spawn(store.clone(), options, recorded.clone(), stop.clone()).expect("an estate");
        Self {
            handle,
            task,
            stop,
            store,
            clock,
            recorded,
        }
    }

    async fn restart(self) -> Self {
        self.stop.cancel();
        self.task.await.expect("the estate ends in order");
        Self::over(self.store)
    }

    async fn report(&self, report: Report) -> Result<Folded, Error> {
        self.handle
            .observe(report.observation(self.clock.now()))
            .await
    }

    async fn settle(&self) {
        advance(Duration::from_millis(60)).await;
        for _ in 0..16 {
            tokio::task::yield_now().await;
        }
    }

    /// Lets `span` pass in steps a running server would notice.
    async fn pass(&self, span: Duration) {
        let step = Duration::from_secs(1);
        let mut left = span;
        while !left.is_zero() {
            let by = left.min(step);
            advance(by).await;
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
            left -= by;
        }
        self.settle().await;
    }

    fn status(&self, id: &str) -> Option<Status> {
        self.handle
            .estate()
            .get(id)
            .map(|entry| entry.resource().status)
    }
}

#[derive(Clone)]
struct Report {
    hostname: &'static str,
    rx: u64,
    sequence: Option<Sequence>,
    made_before: Duration,
}

fn report(hostname: &'static str) -> Report {
    Report {
        hostname,
        rx: 0,
        sequence: None,
        made_before: Duration::ZERO,
    }
}

impl Report {
    fn numbered(self, number: u64) -> Self {
        Self {
            sequence: Some(Sequence {
                stream: [1; 16],
                number,
            }),
            ..self
        }
    }

    fn observation(self, now: Timestamp) -> Observation {
        let interface = NetworkInterface {
            name: "eth0".into(),
            rx_bytes: Some(Bytes(self.rx)),
            ..NetworkInterface::default()
        };
        let host = AgentHost {
            hostname: self.hostname.into(),
            machine_id: Some(self.hostname.into()),
            network_interfaces: vec![interface],
            ..AgentHost::default()
        };
        let facets = Facets {
            agent: Some(Arc::new(host)),
            ..Facets::default()
        };
        let metrics = Metrics {
            cpu: Some(MetricValue::percent(Percent(10.0))),
            ..Metrics::default()
        };
        let sighting = Sighting {
            metrics,
            facets,
            ..Sighting::new(Kind::Agent, "host", self.hostname)
        };
        let claim = Claim {
            host_id: Some(self.hostname.into()),
            machine_id: Some(self.hostname.into()),
            hostname: self.hostname.into(),
            token_id: Some("t".into()),
            sequence: self.sequence,
            ..Claim::default()
        };
        Observation {
            source: SourceId::agent(self.hostname),
            at: now - self.made_before,
            interval: INTERVAL,
            outcome: Outcome::Host {
                claim,
                sighting: Box::new(sighting),
                others: Vec::new(),
            },
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reported_host_is_in_the_next_snapshot() {
    let site = Running::start();
    let folded = site.report(report("web")).await.expect("taken");
    assert_eq!((folded.agent_id.as_str(), folded.was_news), ("web", true));
    site.settle().await;
    assert_eq!(site.status("web"), Some(Status::Online));
    assert_eq!(site.handle.estate().stats().total, 1);
}

#[tokio::test(start_paused = true)]
async fn rates_come_from_two_reports() {
    let site = Running::start();
    site.report(report("web")).await.expect("taken");
    site.pass(INTERVAL).await;
    site.report(Report {
        rx: 10_000,
        ..report("web")
    })
    .await
    .expect("taken");
    site.settle().await;
    let estate = site.handle.estate();
    let metrics = &estate.get("web").expect("known").resource().metrics;
    let rate = metrics.net_in.as_ref().map(|metric| metric.value.round());
    assert!(matches!(rate, Some(990.0..=1_000.0)), "{rate:?}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_stale_then_offline_and_a_report_brings_the_host_back() {
    let site = Running::start();
    let mut transitions = site.handle.transitions();
    site.report(report("web")).await.expect("taken");
    site.pass(Duration::from_secs(31)).await;
    assert_eq!(site.status("web"), Some(Status::Unknown));
    site.pass(Duration::from_secs(120)).await;
    assert_eq!(site.status("web"), Some(Status::Offline));
    site.report(report("web")).await.expect("taken");
    site.settle().await;
    assert_eq!(site.status("web"), Some(Status::Online));
    let Ok(Transition::Down { at, .. }) = transitions.try_recv() else {
        panic!("went down first")
    };
    let Ok(Transition::Recovered { down_since, .. }) = transitions.try_recv() else {
        panic!("then came back")
    };
    assert_eq!(at, down_since);
    assert!(transitions.try_recv().is_err(), "and nothing else happened");
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_known_hosts_are_stale_and_keep_their_facts() {
    let site = Running::start();
    site.report(Report {
        rx: 7,
        ..report("web")
    })
    .await
    .expect("taken");
    site.settle().await;
    let site = site.restart().await;
    assert_eq!(site.status("web"), Some(Status::Unknown));
    let estate = site.handle.estate();
    let resource = estate.get("web").expect("known").resource();
    let host = resource.facets.agent.as_deref().expect("a facet");
    assert_eq!(host.network_interfaces[0].rx_bytes, Some(Bytes(7)));
    site.pass(Duration::from_secs(100)).await;
    assert_eq!(
        site.status("web"),
        Some(Status::Unknown),
        "two minutes are not over"
    );
    site.pass(Duration::from_secs(31)).await;
    assert_eq!(site.status("web"), Some(Status::Offline));
}

#[tokio::test(start_paused = true)]
async fn a_pause_of_the_server_itself_takes_nobody_down() {
    let site = Running::start();
    let mut transitions = site.handle.transitions();
    site.report(report("web")).await.expect("taken");
    site.settle().await;
    advance(Duration::from_secs(3_600)).await;
    site.settle().await;
    assert_ne!(site.status("web"), Some(Status::Offline));
    assert!(transitions.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn an_overtaken_report_keeps_the_host_alive_but_changes_nothing() {
    let site = Running::start();
    let newer = Report {
        rx: 9,
        ..report("web")
    }
    .numbered(2);
    site.report(newer).await.expect("taken");
    site.settle().await;
    let older = Report {
        rx: 1,
        made_before: INTERVAL,
        ..report("web")
    }
    .numbered(1);
    let folded = site.report(older).await.expect("answered");
    assert!(!folded.was_news);
    site.settle().await;
    let estate = site.handle.estate();
    let host = estate
        .get("web")
        .expect("known")
        .resource()
        .facets
        .agent
        .clone()
        .expect("a facet");
    assert_eq!(host.network_interfaces[0].rx_bytes, Some(Bytes(9)));
}

#[tokio::test(start_paused = true)]
async fn more_hosts_than_allowed_are_refused_by_name() {
    let site = Running::start();
    for hostname in ["a", "b", "c"] {
        site.report(report(hostname)).await.expect("taken");
    }
    let refused = site.report(report("d")).await;
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::Full { limit: 3 }))),
        "{refused:?}"
    );
    site.report(report("a"))
        .await
        .expect("a known host still reports");
}

#[tokio::test(start_paused = true)]
async fn a_diff_names_what_changed_and_nothing_else() {
    let site = Running::start();
    for hostname in ["a", "b"] {
        site.report(report(hostname)).await.expect("taken");
    }
    site.settle().await;
    let before = site.handle.estate();
    site.report(Report {
        rx: 5,
        ..report("b")
    })
    .await
    .expect("taken");
    site.settle().await;
    let after = site.handle.estate();
    let changes: Vec<Change> = after.changes_since(&before).collect();
    let [Change::Updated { to, .. }] = changes.as_slice() else {
        panic!("one update: {changes:?}")
    };
    assert_eq!(to.resource().id.as_str(), "b");
}

#[tokio::test(start_paused = true)]
async fn what_is_measured_is_recorded_and_late_reports_at_their_own_time() {
    let site = Running::start();
    site.report(report("web").numbered(1)).await.expect("taken");
    site.pass(INTERVAL * 3).await;
    for (number, late) in [(2, 20), (3, 10), (4, 0)] {
        let rx = number * 1_000;
        let made_before = Duration::from_secs(late);
        let queued = Report {
            rx,
            made_before,
            ..report("web")
        }
        .numbered(number);
        site.report(queued).await.expect("taken");
    }
    let recorded = site.recorded.0.lock().expect("no test panics in here");
    let host = || {
        recorded
            .iter()
            .filter(|reading| reading.resource.as_str() == "web")
    };
    let rate = |reading: &Reading| {
        let mut values = reading.values.iter();
        values
            .find(|(metric, _)| *metric == Metric::NetIn)
            .map(|(_, rate)| *rate)
    };
    assert_eq!(host().count(), 4);
    assert!(host().is_sorted_by_key(|reading| reading.at));
    // A rate takes two reports.
    assert_eq!(host().next().and_then(rate), None);
    assert!(
        host()
            .skip(1)
            .all(|reading| rate(reading).is_some_and(|rate| rate > 0.0))
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_that_panics_is_set_aside_and_nobody_else_notices() {
    let site = Running::start();
    site.report(report("web")).await.expect("taken");
    let poisoned = site.report(report(crate::place::POISON)).await;
    assert!(matches!(poisoned, Err(Error::Quarantined)), "{poisoned:?}");
    site.report(report("web")).await.expect("still taken");
    site.settle().await;
    assert_eq!(site.handle.estate().len(), 1);
    assert_eq!(
        site.handle
            .counters()
            .quarantined
            .load(std::sync::atomic::Ordering::Relaxed),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn one_token_fills_no_more_than_its_share() {
    let options = |clock| Options {
        clock,
        most_hosts: 10,
        most_hosts_per_token: 2,
        first_revision: 0,
    };
    let site = Running::with(Store::in_memory(), options);
    for hostname in ["a", "b"] {
        site.report(report(hostname)).await.expect("taken");
    }
    let refused = site.report(report("c")).await;
    assert!(
        matches!(
            refused,
            Err(Error::Refused(Refusal::TokenFull { limit: 2 }))
        ),
        "{refused:?}"
    );
    site.report(report("b"))
        .await
        .expect("a known host still reports");
    let site = site.restart().await;
    assert_eq!(site.handle.estate().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_link_and_its_undo_outlast_a_restart() {
    let site = Running::start();
    for hostname in ["old", "new"] {
        site.report(report(hostname)).await.expect("taken");
    }
    let by = By {
        who: "ada".into(),
        reason: "installed anew".into(),
        now: site.clock.now(),
    };
    let linked = site.handle.link("old", "new", by).await.expect("linked");
    let site = site.restart().await;
    let estate = site.handle.estate();
    let id = estate
        .get("new")
        .map(|entry| entry.resource().id.to_string());
    assert_eq!((estate.len(), id.as_deref()), (1, Some("old")));
    site.handle.undo(linked.number).await.expect("undone");
    let site = site.restart().await;
    assert_eq!(site.handle.estate().len(), 2);
    let (ties, decisions) = site.handle.ties().await.expect("an answer");
    assert!(ties.is_empty() && decisions.is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_queued_report_leaves_its_reading_at_its_own_time_and_nobody_goes_down() {
    let site = Running::start();
    let mut transitions = site.handle.transitions();
    let start = site.clock.now();
    site.pass(INTERVAL * 10).await;
    let late = |number: u64| Report {
        rx: number * 1_000,
        made_before: INTERVAL * (10 - u32::try_from(number).expect("a small number")),
        ..report("web")
    };
    // The freshest came first; what was cut off before it follows.
    for number in [9, 4, 5, 10] {
        let queued = late(number).numbered(number);
        site.report(queued).await.expect("taken");
    }
    site.settle().await;
    let tape = site
        .recorded
        .0
        .lock()
        .expect("no test panics in here")
        .clone();
    let seconds = |reading: &Reading| reading.at.duration_since(start).as_secs();
    assert_eq!(
        tape.iter().map(seconds).collect::<Vec<_>>(),
        [90, 40, 50, 100]
    );
    assert!(
        tape.iter()
            .all(|reading| reading.resource.as_str() == "web")
    );
    let rate = |reading: &&Reading| {
        reading
            .values
            .iter()
            .any(|(metric, _)| *metric == Metric::NetIn)
    };
    assert_eq!(
        tape.iter().filter(rate).count(),
        1,
        "rates need two in order"
    );
    assert_eq!(site.status("web"), Some(Status::Online));
    assert!(transitions.try_recv().is_err());
}
