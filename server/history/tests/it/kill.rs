//! A process that records and seals is killed a hundred times. What it said was flushed is there,
//! once, with the right value; what it never recorded is not.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use pulse_history::{Ask, Handle, Limits, Options, Span};
use pulse_model::{Clock, Entropy, Hands, Kind, Metric, Reading, ResourceId};

const ROUNDS: usize = 100;
const START: i64 = 1_800_000_000 / 604_800 * 604_800;
const STEP: i64 = 10;
/// Seconds of the clock between two flushes.
const INTERVAL: i64 = 120;
const RESOURCES: usize = 12;
/// Where a child finds its directory, and from which second on it records.
const DIRECTORY: &str = "PULSE_TEST_HISTORY";
const FROM: &str = "PULSE_TEST_HISTORY_FROM";

fn options(dir: &Path, from: i64) -> (Options, Hands) {
    let (clock, hands) = Clock::manual(second(from));
    let retention = watch::channel(pulse_history::Retention::default()).1;
    let mut options = Options::new(dir.to_owned(), clock, retention);
    // Many small commits: most kills then hit the middle of a seal.
    options.limits = Limits {
        commit_rows: 8,
        ..Limits::default()
    };
    (options, hands)
}

fn second(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

fn value_at(resource: usize, seconds: i64) -> f64 {
    ((seconds / STEP * 37 + resource as i64 * 11) % 9_973) as f64 / 100.0
}

fn readings(seconds: i64) -> Vec<Reading> {
    let reading = |resource| Reading {
        resource: ResourceId::new(format!("host-{resource}")),
        kind: Kind::Agent,
        at: second(seconds),
        step: Duration::from_secs(STEP as u64),
        values: vec![
            (Metric::Cpu, value_at(resource, seconds)),
            (Metric::NetIn, (seconds % 1_000) as f64),
        ],
    };
    (0..RESOURCES).map(reading).collect()
}

/// Does nothing unless it is the process that is to be killed.
#[tokio::test]
async fn the_process_that_is_killed() {
    let (Some(dir), Some(from)) = (std::env::var_os(DIRECTORY), std::env::var_os(FROM)) else {
        return;
    };
    let from: i64 = from.to_str().unwrap().parse().unwrap();
    let (options, hands) = options(&PathBuf::from(dir), from);
    let (history, _task) = pulse_history::spawn(options, CancellationToken::new());
    history.opened().await.unwrap();
    for seconds in (from..).step_by(STEP as usize) {
        hands.set_wall(second(seconds));
        history.record(readings(seconds));
        if seconds % INTERVAL == INTERVAL - STEP {
            history.flush().await.unwrap();
            say("flushed", seconds);
        }
        if seconds % 3_600 == 120 {
            say("sealing", seconds);
            history.seal().await.unwrap();
        }
    }
}

fn say(what: &str, seconds: i64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what} {seconds}").unwrap();
    out.flush().unwrap();
}

#[expect(clippy::disallowed_methods, reason = "this test is about a process")]
fn child(dir: &Path, from: i64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_process_that_is_killed", "--nocapture"])
        .env(DIRECTORY, dir)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Runs a process until it has said `lines` lines and kills it; returns the last second it said was
/// flushed, and the last it can have recorded.
fn run_and_kill(dir: &Path, from: i64, lines: usize) -> (Option<i64>, i64) {
    let mut child = child(dir, from);
    let said = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut flushed, mut last) = (None, from);
    let mut seen = 0;
    for line in said {
        let line = line.unwrap();
        // The harness of the child talks too, and may have begun the line.
        let Some((what, seconds)) = ["flushed ", "sealing "].iter().find_map(|what| {
            let (_, rest) = line.split_once(what)?;
            Some((*what, rest.parse::<i64>().ok()?))
        }) else {
            continue;
        };
        last = seconds;
        if what == "flushed " {
            flushed = Some(seconds);
        }
        seen += 1;
        if seen == lines {
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(9), "it ended by itself: {status}");
    (flushed, last)
}

/// Opens what is there and returns the samples of a few resources between two seconds.
async fn samples(dir: &Path, from: i64, to: i64) -> Vec<(usize, BTreeMap<i64, f64>)> {
    let (options, _hands) = options(dir, to);
    let stop = CancellationToken::new();
    let (history, task) = pulse_history::spawn(options, stop.clone());
    history.opened().await.unwrap();
    let mut found = Vec::new();
    for resource in [0, RESOURCES - 1] {
        found.push((resource, of_one(&history, resource, from, to).await));
    }
    let unsound = ["bad_blocks", "log_skips"];
    for (name, count) in history.counters().all() {
        assert!(!unsound.contains(&name) || count == 0, "{name}: {count}");
    }
    stop.cancel();
    task.await.unwrap();
    found
}

async fn of_one(history: &Handle, resource: usize, from: i64, to: i64) -> BTreeMap<i64, f64> {
    let ask = Ask {
        resource: ResourceId::new(format!("host-{resource}")),
        metrics: vec![Metric::Cpu],
    };
    let span = Span {
        start: second(from),
        end: second(to),
        points: (to - from) as usize,
    };
    let answer = history.query(ask, span).await.unwrap();
    let points = answer.series.into_iter().flat_map(|series| series.points);
    points
        .map(|point| {
            assert_eq!(point.count, 1, "a sample is there twice");
            (point.at / 1_000 - START, point.mean)
        })
        .collect()
}

#[tokio::test]
async fn a_process_killed_a_hundred_times_loses_one_interval_at_most_and_doubles_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history");
    let luck = Entropy::seeded(20);
    let mut from = 0;
    for round in 0..ROUNDS {
        let [lines] = luck.bytes::<1>();
        let (flushed, last) = run_and_kill(&path, from, 1 + usize::from(lines) % 40);
        // It may have gone on after the last line we read.
        let until = last + 4 * 3_600;
        let mut next = from;
        for (resource, found) in samples(&path, from, until).await {
            for (seconds, value) in &found {
                assert_eq!(*value, value_at(resource, *seconds), "round {round}");
                assert_eq!(seconds % STEP, 0, "round {round}");
            }
            let wanted = flushed.map_or(0, |flushed| (flushed - from) / STEP + 1);
            let there = found.range(..=flushed.unwrap_or(from - 1)).count() as i64;
            assert_eq!(there, wanted, "round {round}: of {from} to {flushed:?}");
            let last = found.last_key_value().map_or(from, |(seconds, _)| *seconds);
            next = next.max(last + STEP);
        }
        from = next;
    }
}
