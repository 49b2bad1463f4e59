//! What the handle promises: nothing blocks, what waits is bounded, stopping flushes.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use pulse_history::{Ask, Error, Options, Span};
use pulse_model::{Clock, Kind, Metric, Reading, ResourceId};

const NOW: i64 = 1_800_000_000;

fn options(dir: &std::path::Path) -> Options {
    let clock = Clock::manual(Timestamp::from_second(NOW).unwrap()).0;
    let retention = watch::channel(pulse_history::Retention::default()).1;
    Options::new(dir.to_owned(), clock, retention)
}

fn reading(at: i64) -> Reading {
    Reading {
        resource: ResourceId::new("a"),
        kind: Kind::Agent,
        at: Timestamp::from_second(at).unwrap(),
        step: Duration::from_secs(10),
        values: vec![(Metric::Cpu, 12.5)],
    }
}

fn hour() -> Span {
    Span {
        start: Timestamp::from_second(NOW - 3_600).unwrap(),
        end: Timestamp::from_second(NOW + 10).unwrap(),
        points: 60,
    }
}

fn ask() -> Ask {
    Ask {
        resource: ResourceId::new("a"),
        metrics: Vec::new(),
    }
}

#[tokio::test]
async fn an_ordered_stop_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let stop = CancellationToken::new();
    let (history, task) = pulse_history::spawn(options(dir.path()), stop.clone());
    for at in (NOW - 600..NOW).step_by(10) {
        history.record(vec![reading(at)]);
    }
    stop.cancel();
    task.await.unwrap();
    history.record(vec![reading(NOW)]);
    assert_eq!(history.counters().shed.load(Ordering::Relaxed), 1);
    let (history, _task) = pulse_history::spawn(options(dir.path()), CancellationToken::new());
    history.opened().await.unwrap();
    let answer = history.query(ask(), hour()).await.unwrap();
    let count: u64 = answer.series[0]
        .points
        .iter()
        .map(|point| point.count)
        .sum();
    assert_eq!(count, 60);
}

#[tokio::test]
async fn too_many_readings_are_shed_and_counted_and_nobody_waits() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options(dir.path());
    options.limits.waiting = 10;
    let (history, _task) = pulse_history::spawn(options, CancellationToken::new());
    // The task has had no turn yet: everything waits.
    for at in 0..15 {
        history.record(vec![reading(NOW - 100 + at)]);
    }
    assert_eq!(history.counters().shed.load(Ordering::Relaxed), 5);
    history.flush().await.unwrap();
    assert_eq!(history.counters().recorded.load(Ordering::Relaxed), 10);
}

#[tokio::test]
async fn before_it_is_open_it_says_so_and_what_is_recorded_waits() {
    let dir = tempfile::tempdir().unwrap();
    let (history, _task) = pulse_history::spawn(options(dir.path()), CancellationToken::new());
    history.record(vec![reading(NOW)]);
    let early = history.query(ask(), hour()).await;
    assert!(matches!(early, Err(Error::Starting)), "{early:?}");
    history.flush().await.unwrap();
    assert_eq!(history.query(ask(), hour()).await.unwrap().series.len(), 1);
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_said_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::File::create(&file).unwrap();
    let (history, task) = pulse_history::spawn(options(&file), CancellationToken::new());
    assert!(matches!(history.opened().await, Err(Error::Closed)));
    task.await.unwrap();
    history.record(vec![reading(NOW)]);
    assert!(history.stats().await.is_err());
}

#[tokio::test]
async fn more_points_than_one_answer_holds_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (history, _task) = pulse_history::spawn(options(dir.path()), CancellationToken::new());
    history.record(vec![reading(NOW)]);
    history.flush().await.unwrap();
    let span = Span {
        points: usize::MAX,
        start: Timestamp::from_second(0).unwrap(),
        ..hour()
    };
    let refused = history.query_many(vec![ask(); 2], span).await;
    assert!(matches!(refused, Err(Error::TooMuch { .. })), "{refused:?}");
}
