//! The estate as a whole: what a host's reports, its silence and a restart lead to.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance};
use tokio_util::sync::CancellationToken;

use pulse_model::facet::AgentHost;
use pulse_model::facet::agent_host::NetworkInterface;
use pulse_model::{
    Bytes, Claim, Clock, Facets, Identity, Kind, Metrics, Observation, Outcome, Sequence, Sighting,
    SourceId, Status, TimeSource,
};
use pulse_store::Store;

use crate::{Change, Error, Folded, Handle, Options, Refusal, Transition, spawn};

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
        })
    }

    fn with(store: Store, options: impl Fn(Clock) -> Options) -> Self {
        let clock = Clock::from_source(Arc::new(Paced(Instant::now())));
        let stop = CancellationToken::new();
        let options = options(clock.clone());
        let (handle, task) = spawn(store.clone(), options, stop.clone()).expect("an estate");
        Self {
            handle,
            task,
            stop,
            store,
            clock,
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
        let sighting = Sighting {
            kind: Kind::Agent,
            name: self.hostname.into(),
            identity: Identity::default(),
            metrics: Metrics::default(),
            uptime: None,
            temperature: None,
            tags: Vec::new(),
            facets: Facets {
                agent: Some(Arc::new(host)),
            },
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
async fn the_last_hour_is_kept_and_late_samples_are_filed_at_their_time() {
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
    let series = site
        .handle
        .recent("web", Timestamp::UNIX_EPOCH)
        .expect("figures");
    let points = &series["netin"];
    assert_eq!(points.len(), 3);
    assert!(points.is_sorted_by_key(|point| point.at));
    assert!(points.iter().all(|point| point.value > 0.0));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_panics_is_set_aside_and_nobody_else_notices() {
    let site = Running::start();
    site.report(report("web")).await.expect("taken");
    let poisoned = site.report(report(crate::fold::POISON)).await;
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
