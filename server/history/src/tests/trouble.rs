//! Disks that are full and passes that are cut short.

use std::sync::atomic::{AtomicBool, Ordering};

use pulse_store::Store;

use super::*;
use crate::hour::HOUR;

const H: i64 = HOUR as i64;

#[test]
fn a_pass_cut_short_anywhere_is_done_again_and_nothing_is_there_twice() {
    for steps in 0..12 {
        let mut site = Site::start();
        for id in ["a", "b", "c"] {
            for hour in 0..6 {
                site.run(id, hour * H, hour * H + 300);
            }
        }
        site.at(6 * H + 100);
        let options = site.options();
        let core = site.core();
        let mut pass = core.next_pass().unwrap();
        for _ in 0..steps {
            if !pass.step(core).unwrap() {
                break;
            }
        }
        drop(pass);
        site.core = None;
        let mut small = options;
        small.limits.commit_rows = 2;
        site.core = Some(Core::open(small, Arc::default()).unwrap());
        site.seal();
        for id in ["a", "b", "c"] {
            let mut wanted = Vec::new();
            for hour in 0..6 {
                wanted.extend(expected(hour * H, hour * H + 300));
            }
            assert_eq!(site.samples(id, 0, 6 * H), wanted, "{steps} steps");
            let minutes = site.ask(id, 0, 6 * H, 360);
            let count: u64 = minutes.series[0].points.iter().map(|p| p.count).sum();
            assert_eq!((minutes.rows_read, count), (1, 180), "{steps} steps");
        }
        let points = site.core().marks.lock().unwrap().points;
        assert_eq!((points[0], points[1]), (540, 90), "{steps} steps");
    }
}

#[test]
fn while_the_disk_is_full_samples_stay_in_memory_and_are_stored_once_it_is_not() {
    let site = Site::start();
    let is_full = Arc::new(AtomicBool::new(false));
    let store = Store::on_a_disk_that_fills(is_full.clone());
    let mut options = site.options();
    options.dir = site.path().join("full");
    pulse_store::file::open_private_dir(&options.dir).unwrap();
    let core = Core::over((store, None, false), options, Arc::default()).unwrap();
    let mut site = site;
    site.core = Some(core);
    site.run("a", 0, H + 100);
    is_full.store(true, Ordering::Relaxed);
    let pass = site.core().next_pass().unwrap();
    assert!(site.core().run_pass(pass).unwrap_err().is_full());
    let trouble = site.core().trouble.lock().unwrap()[1].clone();
    assert!(trouble.is_some_and(|text| text.contains("disk is full")));
    site.run("a", H + 100, 2 * H + 100);
    let pass = site.core().next_pass().unwrap();
    assert!(site.core().run_pass(pass).is_err());
    is_full.store(false, Ordering::Relaxed);
    assert_eq!(site.samples("a", 0, 3 * H), expected(0, 2 * H + 100));
    site.seal();
    assert_eq!(*site.core().trouble.lock().unwrap(), [None, None]);
    assert_eq!(site.samples("a", 0, 3 * H), expected(0, 2 * H + 100));
    assert_eq!(site.core().marks.lock().unwrap().points[0], 720);
}

#[test]
fn when_memory_is_full_too_the_oldest_hour_goes_first_and_is_counted() {
    let site = Site::start();
    let is_full = Arc::new(AtomicBool::new(false));
    let store = Store::on_a_disk_that_fills(is_full.clone());
    let mut options = site.options();
    options.durability = Durability::Sealed;
    options.limits.memory = 4 << 20;
    let core = Core::over((store, None, false), options, Arc::default()).unwrap();
    is_full.store(true, Ordering::Relaxed);
    let ids: Vec<String> = (0..400).map(|at| format!("host-{at}")).collect();
    for minute in 0..6 * 60 {
        let seconds = minute * 60;
        site.at(seconds);
        let values = |id: &String| Reading {
            values: Metric::ALL[..7]
                .iter()
                .map(|m| (*m, (seconds % 97) as f64))
                .collect(),
            ..reading(id, seconds, 0.0)
        };
        let readings: Vec<Reading> = ids.iter().map(values).collect();
        core.record(&readings);
        if let Some(pass) = core.next_pass() {
            assert!(core.run_pass(pass).is_err());
        }
    }
    let lost = core.counters.lost.load(Ordering::Relaxed);
    assert!(lost > 0, "nothing was lost, so memory was not full");
    let head = core.head.read().unwrap();
    assert!(head.arena.used() <= 4 << 20);
    let windows: Vec<u32> = head.hours(0, u32::MAX).map(|hour| hour.window()).collect();
    let last = (START + 6 * H - 60) as u32 / HOUR;
    assert!(
        windows.contains(&last),
        "the newest hour is there: {windows:?}"
    );
    assert!(
        !windows.contains(&(START as u32 / HOUR)),
        "the oldest is not"
    );
}

#[test]
fn a_log_that_cannot_be_begun_is_begun_with_the_next_flush() {
    let site = Site::start();
    site.record("a", 0, 1.0);
    std::fs::remove_dir_all(site.path()).unwrap();
    assert!(site.core().flush().is_err());
    assert_eq!(site.counted(|c| &c.flush_errors), 1);
    pulse_store::file::open_private_dir(site.path()).unwrap();
    site.record("a", 10, 2.0);
    site.core().flush().unwrap();
    assert_eq!(site.samples("a", 0, 60), [(0, 1.0), (10, 2.0)]);
    assert_eq!(site.logs().len(), 1);
}

#[test]
fn asking_how_it_is_doing_holds_up_no_flush() {
    let site = Site::start();
    let (done, finished) = std::sync::mpsc::channel();
    let core = std::sync::Arc::new(site.core.unwrap());
    for asks in [true, false] {
        let (core, done) = (core.clone(), done.clone());
        std::thread::spawn(move || {
            for round in 0..1_000_i64 {
                if asks {
                    crate::handle::stats(&core, 0);
                } else {
                    core.record(&[reading("a", round, 1.0)]);
                    core.flush().unwrap();
                }
            }
            done.send(()).unwrap();
        });
    }
    for _ in 0..2 {
        let within = Duration::from_secs(120);
        finished
            .recv_timeout(within)
            .expect("neither waits for the other for ever");
    }
}
