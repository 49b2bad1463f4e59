//! Time and settings: clocks that jump, retention that changes, what is refused.

use super::*;
use crate::hour::HOUR;

const H: i64 = HOUR as i64;

#[test]
fn what_is_no_measurement_or_of_no_time_is_refused_and_counted() {
    let site = Site::start();
    site.at(100 * H);
    for value in [f64::NAN, f64::INFINITY, -3.0] {
        site.record("a", 100 * H, value);
    }
    site.record("a", 100 * H + 301, 1.0);
    site.record("a", 20 * H, 1.0);
    site.record("a", -START - 10, 1.0);
    assert_eq!(site.counted(|c| &c.invalid), 3);
    assert_eq!(site.counted(|c| &c.future), 1);
    assert_eq!(site.counted(|c| &c.too_old), 2);
    assert!(site.samples("a", 0, 101 * H).is_empty());
}

#[test]
fn one_bad_value_does_not_cost_the_others() {
    let site = Site::start();
    let mut mixed = reading("a", 0, 7.0);
    mixed.values.push((Metric::NetIn, -1.0));
    mixed.values.push((Metric::Memory, 3.0));
    site.core().record(&[mixed]);
    let span = Span {
        start: second(0),
        end: second(10),
        points: 10,
    };
    let ask = Ask {
        resource: ResourceId::new("a"),
        metrics: Vec::new(),
    };
    let answer = query(site.core(), &[ask], &span).unwrap();
    let metrics: Vec<Metric> = answer.series.iter().map(|s| s.metric).collect();
    assert_eq!(metrics, [Metric::Cpu, Metric::Memory]);
}

#[test]
fn a_clock_that_leaps_ahead_does_not_wipe_the_history() {
    let site = Site::start_light();
    for hour in 0..30 {
        site.run("a", hour * H, hour * H + 300);
        site.at((hour + 1) * H + 100);
        site.seal();
    }
    let years = 20 * 365 * 24 * H;
    site.at(years);
    site.record("a", years, 1.0);
    site.seal();
    site.at(31 * H);
    site.record("a", 31 * H, 2.0);
    site.at(32 * H + 100);
    site.seal();
    let left = site.samples("a", 0, 33 * H);
    assert!(left.len() >= 18 * 30, "{} samples are left", left.len());
    assert_eq!(left.last(), Some(&(31 * H, 2.0)));
}

#[test]
fn a_clock_set_back_makes_later_arrivals_win() {
    let mut site = Site::start();
    site.run("a", 2 * H, 2 * H + 600);
    site.run("a", 0, 600);
    site.at(3 * H + 100);
    site.seal();
    site.open();
    let mut wanted = expected(0, 600);
    wanted.extend(expected(2 * H, 2 * H + 600));
    assert_eq!(site.samples("a", 0, 3 * H), wanted);
}

#[test]
fn a_shorter_retention_takes_effect_a_few_windows_at_a_time() {
    let site = Site::start_light();
    for hour in 0..48 {
        site.at(hour * H + 10);
        site.record("a", hour * H, 1.0);
        site.at((hour + 1) * H + 100);
        site.seal();
    }
    assert_eq!(site.samples("a", 0, 49 * H).len(), 48);
    site.retention.send_replace(Retention {
        raw: Duration::from_secs(6 * 3_600),
        ..Retention::default()
    });
    site.at(49 * H + 100);
    site.seal();
    let marks = *site.core().marks.lock().unwrap();
    assert_eq!(marks.points[0], 36, "half a day went");
    for hour in 50..54 {
        site.at(hour * H + 100);
        site.seal();
    }
    let marks = *site.core().marks.lock().unwrap();
    assert_eq!(marks.points[0], 6);
    assert_eq!(marks.points[1], 48, "their minutes are there");
}

#[test]
fn a_source_that_keeps_inventing_resources_meets_a_bound() {
    let site = Site::start();
    let mut options = site.options();
    options.dir = site.path().join("small");
    options.limits.resources = 50;
    let core = Core::open(options, Arc::default()).unwrap();
    for at in 0..80 {
        core.record(&[reading(&format!("disk-{at}"), 0, 1.0)]);
    }
    core.record(&[reading(&"x".repeat(4_096), 0, 1.0)]);
    let refused = core
        .counters
        .resources_refused
        .load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(refused, 31);
    assert_eq!(core.head.read().unwrap().register.len(), 50);
}

#[test]
fn late_samples_that_pile_up_meet_a_bound() {
    let site = Site::start();
    let mut options = site.options();
    options.dir = site.path().join("small");
    options.limits.late_rows = 5;
    let core = Core::open(options, Arc::default()).unwrap();
    site.at(10 * H);
    core.record(&[reading("a", 10 * H, 1.0)]);
    core.run_pass(core.next_pass().unwrap()).unwrap();
    for at in 0..9 {
        core.record(&[reading("a", 2 * H + at * 10, 1.0)]);
    }
    let refused = core
        .counters
        .late_refused
        .load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(refused, 4);
}

#[test]
fn a_resource_none_of_whose_samples_are_kept_is_forgotten() {
    let site = Site::start_light();
    site.record("gone", 0, 1.0);
    let day = 24 * H;
    for at in 1..130 {
        site.at(at * day);
        site.record("stays", at * day, 1.0);
        site.at(at * day + H + 100);
        site.seal();
    }
    let head = site.core().head.read().unwrap();
    assert_eq!(head.register.number("gone"), None);
    assert!(head.register.number("stays").is_some());
}
