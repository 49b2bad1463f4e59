//! Files that are not what was written.

use std::os::unix::fs::FileExt;

use super::*;
use crate::hour::HOUR;
use crate::tables::{KnownRow, RAW, RESOURCES};

const H: i64 = HOUR as i64;

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(bytes, at).unwrap();
}

#[test]
fn any_byte_of_a_log_may_be_wrong_and_five_minutes_are_lost_at_most() {
    let mut site = Site::start();
    site.run("a", 0, 1_200);
    site.core = None;
    let log = site.logs().remove(0);
    let good = std::fs::read(&log).unwrap();
    let end = good.iter().rposition(|byte| *byte != 0).unwrap();
    let wanted = expected(0, 1_200);
    for at in 32..=end {
        std::fs::remove_dir_all(site.path()).unwrap();
        pulse_store::file::open_private_dir(site.path()).unwrap();
        pulse_store::file::write_private(&log, &good[..=end]).unwrap();
        overwrite(&log, at as u64, &[good[at] ^ 0xff]);
        // Only the log matters here: a fresh database on disk for each byte would take minutes.
        let opened = (pulse_store::Store::in_memory(), None, false);
        site.core = Some(Core::over(opened, site.options(), Arc::default()).unwrap());
        let found = site.samples("a", 0, 1_200);
        assert!(
            found.iter().all(|sample| wanted.contains(sample)),
            "byte {at}"
        );
        assert!(
            found.len() + 30 >= wanted.len(),
            "byte {at}: {} left",
            found.len()
        );
        site.core = None;
    }
}

#[test]
fn a_torn_end_is_cut_off_and_the_rest_is_there() {
    let mut site = Site::start();
    site.run("a", 0, 600);
    site.core = None;
    let log = site.logs().remove(0);
    let good = std::fs::read(&log).unwrap();
    let end = good.iter().rposition(|byte| *byte != 0).unwrap() as u64;
    let file = std::fs::OpenOptions::new().write(true).open(&log).unwrap();
    file.set_len(end - 5).unwrap();
    site.open();
    assert_eq!(site.samples("a", 0, 600), expected(0, 540));
    assert_eq!(site.counted(|c| &c.torn_logs), 1);
    site.run("a", 600, 1_200);
    site.open();
    let mut wanted = expected(0, 540);
    wanted.extend(expected(600, 1_200));
    assert_eq!(site.samples("a", 0, 1_200), wanted);
    assert_eq!(site.counted(|c| &c.torn_logs), 0, "it was cut off for good");
}

#[test]
fn a_log_of_another_kind_of_file_is_no_log() {
    let mut site = Site::start();
    site.core = None;
    let path = site.path().join("head-0000000001.log");
    pulse_store::file::write_private(&path, b"something else entirely, and longer than a header")
        .unwrap();
    site.open();
    site.run("a", 0, 120);
    assert_eq!(site.samples("a", 0, 120), expected(0, 120));
}

#[test]
fn a_bad_row_is_a_gap_costs_only_itself_and_is_kept() {
    let site = Site::start();
    site.run("a", 0, H);
    site.run("b", 0, 2 * H + 100);
    site.seal();
    let key = (second(0).as_second() as u32 / HOUR, 0);
    let bad = b"not a row at all";
    site.core()
        .store
        .write_now(|tables| tables.put_blocks(RAW, [(key, &bad[..])]))
        .unwrap();
    assert!(site.samples("a", 0, H).is_empty());
    assert_eq!(site.samples("b", 0, 2 * H), expected(0, 2 * H));
    assert_eq!(site.counted(|c| &c.bad_blocks), 1);
    site.record("a", 500, 9.0);
    site.at(3 * H + 100);
    site.seal();
    assert_eq!(site.samples("a", 0, H), [(500, 9.0)]);
    let kept = site.core().store.read_now(|tables| {
        let kept = tables.blocks(crate::tables::QUARANTINE)?;
        kept.get(key, <[u8]>::to_vec)
    });
    assert_eq!(kept.unwrap().as_deref(), Some(&bad[..]));
}

#[test]
fn a_database_that_does_not_open_is_set_aside_and_a_fresh_one_begun() {
    let mut site = Site::start();
    site.run("a", 0, H + 600);
    site.seal();
    site.core = None;
    let path = site.path().join("metrics.redb");
    overwrite(&path, 0, &[0x5a; 4_096]);
    site.open();
    assert!(site.core().was_replaced);
    // What the log still has is there; what was sealed is in the file that was set aside.
    assert_eq!(site.samples("a", 0, 2 * H), expected(H, H + 600));
    let names: Vec<String> = std::fs::read_dir(site.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.starts_with("metrics.redb.bad-")),
        "{names:?}"
    );
    site.run("a", H + 600, 2 * H + 200);
    site.seal();
    assert_eq!(site.samples("a", 0, 3 * H), expected(H, 2 * H + 200));
}

#[test]
fn a_resource_of_a_later_build_keeps_its_number() {
    let mut site = Site::start();
    site.run("later", 0, 300);
    site.at(2 * 3_600);
    site.seal();
    let core = site.core.take().unwrap();
    core.store
        .write_now(|tables| {
            let row = KnownRow {
                number: 7,
                metrics: vec!["warp_speed".to_owned()],
                step: 10,
                week: 0,
            };
            tables.put(&RESOURCES, "from-later", &row)
        })
        .unwrap();
    drop(core);
    site.open();
    site.record("fresh", 2 * 3_600, 1.0);
    let head = crate::core::read(&site.core().head);
    assert_eq!(head.register.number("from-later"), None);
    assert_eq!(head.register.number("fresh"), Some(8));
}
