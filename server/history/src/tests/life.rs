//! From the first sample to the last bucket that remembers it.

use super::*;
use crate::hour::HOUR;

const H: i64 = HOUR as i64;

#[test]
fn a_sample_is_there_at_once_and_a_gap_is_a_gap() {
    let site = Site::start();
    site.at(200);
    for seconds in [100, 110, 150] {
        site.record("a", seconds, 5.0);
    }
    let times: Vec<i64> = site.samples("a", 0, 200).iter().map(|s| s.0).collect();
    assert_eq!(times, [100, 110, 150]);
    assert!(site.samples("b", 0, 200).is_empty());
    let answer = site.ask("a", 0, 200, 20);
    assert_eq!(answer.buckets(), 20);
    let filled = answer.series[0].filled(&answer);
    assert_eq!(filled[9], None);
    assert_eq!(filled[10], Some(5.0));
    assert_eq!(filled[13], None, "two missing samples are a gap");
}

#[test]
fn a_slow_series_has_no_gaps_between_its_samples() {
    let site = Site::start();
    site.at(600);
    for seconds in [0, 60, 120, 300] {
        let mut slow = reading("a", seconds, 1.0);
        slow.step = Duration::from_secs(60);
        site.core().record(&[slow]);
    }
    let answer = site.ask("a", 0, 600, 60);
    let filled = answer.series[0].filled(&answer);
    assert!(filled[..20].iter().all(Option::is_some), "{filled:?}");
    assert!(filled[22..30].iter().all(Option::is_none), "{filled:?}");
    assert!(filled[45..].iter().all(Option::is_none), "{filled:?}");
}

#[test]
fn what_was_flushed_outlives_the_process_and_what_was_not_is_gone() {
    let mut site = Site::start();
    site.run("a", 0, 600);
    site.record("a", 600, 1.0);
    site.open();
    assert_eq!(site.samples("a", 0, 700), expected(0, 600));
    site.run("a", 600, 1_200);
    site.open();
    assert_eq!(site.samples("a", 0, 1_200), expected(0, 1_200));
}

#[test]
fn an_hour_is_sealed_after_its_end_and_reads_the_same() {
    let mut site = Site::start();
    site.run("a", 0, H);
    site.seal();
    assert_eq!(site.core().marks.lock().unwrap().sealed, None);
    site.run("a", H, H + 100);
    site.seal();
    assert!(site.core().marks.lock().unwrap().sealed.is_some());
    assert_eq!(site.samples("a", 0, 2 * H), expected(0, H + 100));
    assert_eq!(site.ask("a", 0, H, H as usize).rows_read, 1);
    site.open();
    assert_eq!(site.samples("a", 0, 2 * H), expected(0, H + 100));
}

#[test]
fn logs_go_when_their_hours_are_in_the_database() {
    let site = Site::start();
    site.run("a", 0, 5 * H / 2);
    site.seal();
    assert_eq!(site.logs().len(), 1);
    assert_eq!(site.samples("a", 0, 3 * H), expected(0, 5 * H / 2));
}

#[test]
fn late_samples_of_a_sealed_hour_are_merged_and_the_last_to_arrive_wins() {
    let mut site = Site::start();
    site.run("a", 0, 1_000);
    site.at(H + 100);
    site.seal();
    site.record("a", 2_000, 42.0);
    site.record("a", 500, 99.0);
    let mut wanted = expected(0, 1_000);
    wanted[50].1 = 99.0;
    wanted.push((2_000, 42.0));
    assert_eq!(site.samples("a", 0, H), wanted, "before the merge");
    site.core().flush().unwrap();
    site.open();
    assert_eq!(site.samples("a", 0, H), wanted, "after a crash");
    site.at(2 * H + 100);
    site.seal();
    assert_eq!(site.samples("a", 0, H), wanted, "after the merge");
    assert_eq!(site.ask("a", 0, H, H as usize).rows_read, 1);
    assert_eq!(
        site.counted(|c| &c.late),
        0,
        "the counter is the process's own"
    );
}

#[test]
fn six_hours_become_minutes_and_late_samples_change_them() {
    let site = Site::start();
    for hour in 0..6 {
        site.run("a", hour * H, hour * H + 600);
        site.at((hour + 1) * H + 100);
        site.seal();
    }
    let answer = site.ask("a", 0, 6 * H, 360);
    assert_eq!((answer.step, answer.rows_read), (60_000, 1));
    let points = &answer.series[0].points;
    assert_eq!(points.len(), 60, "ten minutes of each hour");
    let first: Vec<f64> = (0..6).map(|at| value_at(at * 10)).collect();
    let mean = first.iter().sum::<f64>() / 6.0;
    assert_eq!(points[0].count, 6);
    assert!((points[0].mean - mean).abs() < 0.01);
    let greatest = first.iter().copied().fold(0.0, f64::max);
    assert_eq!(points[0].greatest, greatest);

    site.record("a", 5, 100.0);
    site.at(7 * H + 100);
    site.seal();
    let answer = site.ask("a", 0, 6 * H, 360);
    assert_eq!(answer.series[0].points[0].count, 7);
    assert_eq!(answer.series[0].points[0].greatest, 100.0);
    let points = site.core().marks.lock().unwrap().points;
    assert_eq!((points[0], points[1]), (361, 60));
}

#[test]
fn a_week_becomes_hours_and_ninety_days_are_few_rows() {
    let site = Site::start_light();
    let weeks = 13;
    for hour in 0..weeks * 7 * 24 {
        site.at(hour * H + H);
        site.record("a", hour * H + 60, (hour % 100) as f64);
        site.at((hour + 1) * H + 100);
        site.seal();
    }
    let end = weeks * 7 * 24 * H;
    let answer = site.ask("a", end - 90 * 24 * H, end, 1_000);
    assert!(answer.rows_read <= 46, "{} rows", answer.rows_read);
    assert!(answer.step >= 3_600_000);
    let count: u64 = answer.series[0].points.iter().map(|p| p.count).sum();
    assert!(count >= 90 * 24, "{count} samples");
    let marks = *site.core().marks.lock().unwrap();
    assert!(
        marks.points[0] <= 60 && marks.points[1] <= 16 * 24,
        "{marks:?}"
    );
    // Finer than what is left: the answer gets coarser, it does not get holes.
    let old = site.ask("a", end - 60 * 24 * H, end - 50 * 24 * H, 5_000);
    assert_eq!(old.step, 3_600_000);
    assert_eq!(old.series[0].points.len(), 240);
}

#[test]
fn nothing_is_on_disk_when_all_is_in_memory() {
    let site = Site::start_as(Durability::Memory);
    site.run("a", 0, H);
    site.at(H + 100);
    site.seal();
    assert_eq!(site.samples("a", 0, H), expected(0, H));
    assert_eq!(std::fs::read_dir(site.path()).unwrap().count(), 0);
}

#[test]
fn without_a_log_only_sealed_hours_outlive_a_crash() {
    let mut site = Site::start_as(Durability::Sealed);
    site.run("a", 0, H + 100);
    site.seal();
    assert!(site.logs().is_empty());
    site.open();
    assert_eq!(site.samples("a", 0, 2 * H), expected(0, H));
}

#[test]
fn a_log_left_by_another_setting_is_read_all_the_same() {
    let mut site = Site::start();
    site.run("a", 0, 600);
    site.durability = Durability::Sealed;
    site.open();
    assert_eq!(site.samples("a", 0, 600), expected(0, 600));
    site.at(H + 100);
    site.seal();
    assert!(site.logs().is_empty());
    site.open();
    assert_eq!(site.samples("a", 0, 600), expected(0, 600));
}

#[test]
fn what_is_late_for_hours_already_summed_up_shows_at_once() {
    let site = Site::start();
    for hour in 0..6 {
        site.run("a", hour * 3_600, hour * 3_600 + 300);
    }
    site.at(6 * 3_600 + 100);
    site.seal();
    let minutes = || site.ask("a", 0, 6 * 3_600, 360).series[0].points.len();
    let before = minutes();
    site.record("a", 5 * 3_600 + 1_800, 50.0);
    assert_eq!(minutes(), before + 1);
    site.at(7 * 3_600 + 100);
    site.seal();
    assert_eq!(minutes(), before + 1);
}
