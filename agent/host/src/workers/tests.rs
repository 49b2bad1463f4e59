//! Invented collectors that behave well, fail, panic and hang.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};

use super::*;

const NOW: Time = Time::UNIX_EPOCH;
const SOON: Duration = Duration::from_secs(30);

/// A collector made of one function.
struct Invented {
    name: &'static str,
    every: Duration,
    budget: Option<Duration>,
    run: fn(&Context<'_>) -> Result<Reading, Error>,
}

impl Collector for Invented {
    fn name(&self) -> &'static str {
        self.name
    }
    fn every(&self) -> Duration {
        self.every
    }
    fn budget(&self) -> Option<Duration> {
        self.budget
    }
    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        (self.run)(cx)
    }
}

fn good() -> Box<dyn Collector> {
    let run = |_: &Context<'_>| Ok(Reading::new(|report| report.host.cpu_count = Some(4)));
    Box::new(Invented {
        name: "good",
        every: Duration::ZERO,
        budget: None,
        run,
    })
}

fn absent() -> Box<dyn Collector> {
    let run = |_: &Context<'_>| Err(Error::Absent("a flux capacitor"));
    Box::new(Invented {
        name: "absent",
        every: Duration::ZERO,
        budget: None,
        run,
    })
}

fn failing() -> Box<dyn Collector> {
    let run = |_: &Context<'_>| Err(Error::Format("the answer"));
    Box::new(Invented {
        name: "failing",
        every: Duration::ZERO,
        budget: None,
        run,
    })
}

fn start(collectors: &[MakeCollector]) -> Workers {
    let workers = Workers::start(collectors, Roots::default(), Settings::default());
    let mut workers = workers.expect("workers");
    workers.limit = SOON;
    workers
}

fn round(workers: &mut Workers) -> HostReport {
    let mut report = HostReport::default();
    workers.collect(NOW, &mut report);
    report
}

fn health_of(workers: &Workers, name: &str) -> Option<ModuleStatus> {
    workers
        .health()
        .into_iter()
        .find(|status| status.name == name)
}

#[test]
fn a_failing_collector_is_named_and_costs_nothing_else() {
    let mut workers = start(&[failing, good]);
    assert_eq!(round(&mut workers).host.cpu_count, Some(4));
    let failing = health_of(&workers, "failing").expect("an entry");
    assert_eq!(failing.state, ModuleState::Retrying);
    assert_eq!(failing.last_error, "cannot make sense of the answer");
    assert_eq!(
        health_of(&workers, "good").expect("an entry").state,
        ModuleState::Running
    );
}

#[test]
fn what_a_machine_does_not_have_is_no_health_entry() {
    let mut workers = start(&[absent, good]);
    round(&mut workers);
    assert_eq!(health_of(&workers, "absent"), None);
}

#[test]
fn what_a_machine_does_not_have_keeps_no_thread_and_is_looked_for_again_later() {
    static MADE: AtomicU32 = AtomicU32::new(0);
    fn plugged_in_later() -> Box<dyn Collector> {
        MADE.fetch_add(1, Ordering::SeqCst);
        let run = |_: &Context<'_>| match MADE.load(Ordering::SeqCst) {
            1 => Err(Error::Absent("a flux capacitor")),
            _ => Ok(Reading::new(|report| report.tags.push("there".to_owned()))),
        };
        Box::new(Invented {
            name: "late",
            every: Duration::ZERO,
            budget: None,
            run,
        })
    }
    let mut workers = start(&[plugged_in_later]);
    for _ in 0..3 {
        assert!(round(&mut workers).tags.is_empty());
    }
    let worker = &mut workers.workers[0];
    assert!(worker.requests.is_none(), "its thread has ended");
    assert_eq!(
        MADE.load(Ordering::SeqCst),
        1,
        "not looked for with every report"
    );
    let before = Instant::now().checked_sub(ABSENT);
    worker.asked = worker.asked.zip(before).map(|((round, _), at)| (round, at));
    for _ in 0..2 {
        assert_eq!(round(&mut workers).tags, ["there"]);
    }
    assert_eq!(MADE.load(Ordering::SeqCst), 2);
}

#[test]
fn a_collector_that_panics_is_made_anew() {
    static MADE: AtomicU32 = AtomicU32::new(0);
    fn clumsy() -> Box<dyn Collector> {
        MADE.fetch_add(1, Ordering::SeqCst);
        let run = |_: &Context<'_>| {
            assert!(
                MADE.load(Ordering::SeqCst) > 1,
                "planted: the first one falls over"
            );
            Ok(Reading::new(|report| report.tags.push("second".to_owned())))
        };
        Box::new(Invented {
            name: "clumsy",
            every: Duration::ZERO,
            budget: None,
            run,
        })
    }
    let mut workers = start(&[clumsy, good]);
    let first = round(&mut workers);
    assert_eq!((first.host.cpu_count, first.tags.len()), (Some(4), 0));
    assert_eq!(
        health_of(&workers, "clumsy").expect("an entry").state,
        ModuleState::Retrying
    );
    assert_eq!(round(&mut workers).tags, ["second"]);
    assert_eq!(
        health_of(&workers, "clumsy").expect("an entry").state,
        ModuleState::Running
    );
}

#[test]
fn a_collector_that_hangs_is_left_out_until_it_returns() {
    static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    fn hanging() -> Box<dyn Collector> {
        let run = |_: &Context<'_>| {
            let guard = GATE.0.lock().expect("the gate");
            drop(GATE.1.wait_while(guard, |open| !*open).expect("the gate"));
            Ok(Reading::new(|report| report.tags.push("hung".to_owned())))
        };
        Box::new(Invented {
            name: "hanging",
            every: Duration::ZERO,
            budget: None,
            run,
        })
    }
    let mut workers = start(&[hanging, good]);
    workers.limit = Duration::from_millis(20);
    for _ in 0..2 {
        let report = round(&mut workers);
        assert_eq!((report.host.cpu_count, report.tags.len()), (Some(4), 0));
    }
    let stuck = health_of(&workers, "hanging").expect("an entry");
    assert_eq!(stuck.last_error, "no answer within 20ms");
    assert_eq!(workers.collectors()[0].state, CollectorState::TimedOut);

    *GATE.0.lock().expect("the gate") = true;
    GATE.1.notify_all();
    let late = workers.replies.recv().expect("the late reply");
    workers.take(late, NOW);
    workers.limit = SOON;
    assert_eq!(round(&mut workers).tags, ["hung"]);
}

#[test]
fn a_slow_subject_is_asked_rarely_and_reported_every_time() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    fn slow() -> Box<dyn Collector> {
        let run = |_: &Context<'_>| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Ok(Reading::new(|report| {
                report.host.os_name = "debian".to_owned()
            }))
        };
        Box::new(Invented {
            name: "slow",
            every: Duration::from_secs(3_600),
            budget: None,
            run,
        })
    }
    let mut workers = start(&[slow]);
    for _ in 0..3 {
        assert_eq!(round(&mut workers).host.os_name, "debian");
    }
    assert_eq!(ASKED.load(Ordering::SeqCst), 1);
}

#[test]
fn an_agent_short_of_time_asks_for_slow_subjects_less_often_and_goes_on_telling_them() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    fn slow() -> Box<dyn Collector> {
        let run = |_: &Context<'_>| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Ok(Reading::new(|report| {
                report.host.os_name = "debian".to_owned()
            }))
        };
        Box::new(Invented {
            name: "slow",
            every: Duration::from_secs(100),
            budget: None,
            run,
        })
    }
    let mut workers = start(&[slow, good]);
    let mut after = |passed: u64, is_spared: bool| {
        let asked = &mut workers.workers[0].asked;
        *asked = asked
            .and_then(|(round, at)| Some((round, at.checked_sub(Duration::from_secs(passed))?)));
        workers.spare_slow(is_spared);
        let report = round(&mut workers);
        assert_eq!(
            (report.host.os_name.as_str(), report.host.cpu_count),
            ("debian", Some(4))
        );
        ASKED.load(Ordering::SeqCst)
    };
    assert_eq!(after(0, true), 1, "never read is read at once");
    assert_eq!(after(100, true), 1);
    assert_eq!(after(1, false), 2);
}

#[test]
fn a_collector_with_a_budget_is_not_waited_for_and_its_reading_is_repeated() {
    static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
    fn patient() -> Box<dyn Collector> {
        let run = |_: &Context<'_>| {
            let guard = GATE.0.lock().expect("the gate");
            drop(GATE.1.wait_while(guard, |open| !*open).expect("the gate"));
            let reading = Reading::new(|report| report.tags.push("disks".to_owned()));
            Ok(reading.with_remark("one of three disks cannot be read"))
        };
        Box::new(Invented {
            name: "patient",
            every: Duration::from_secs(3_600),
            budget: Some(SOON),
            run,
        })
    }
    let mut workers = start(&[patient, good]);
    let first = round(&mut workers);
    assert_eq!((first.host.cpu_count, first.tags.len()), (Some(4), 0));
    assert_eq!(workers.collectors()[0].state, CollectorState::Starting);
    assert_eq!(health_of(&workers, "patient"), None);

    *GATE.0.lock().expect("the gate") = true;
    GATE.1.notify_all();
    workers.settle(NOW, SOON);
    for _ in 0..2 {
        assert_eq!(round(&mut workers).tags, ["disks"]);
    }
    let status = workers.collectors().remove(0);
    assert_eq!(status.state, CollectorState::Ok);
    assert_eq!(status.last_error, "one of three disks cannot be read");
    assert_eq!(status.every_seconds, Some(3_600));
    assert!(status.last_duration_ms.is_some());
}

#[test]
fn what_is_switched_off_never_runs_and_is_named() {
    let settings = Settings {
        disabled: vec!["failing".to_owned()],
        ..Settings::default()
    };
    let workers = Workers::start(&[failing, absent, good], Roots::default(), settings);
    let mut workers = workers.expect("workers");
    round(&mut workers);
    let states: Vec<_> = workers
        .collectors()
        .into_iter()
        .map(|status| (status.name, status.state))
        .collect();
    let expected = [
        ("absent", CollectorState::Absent),
        ("good", CollectorState::Ok),
        ("failing", CollectorState::Off),
    ];
    assert_eq!(
        states,
        expected.map(|(name, state)| (name.to_owned(), state))
    );
}
