//! Damage on disk is reported; it is never read as truth and never ends the process.

use pulse_store::{Error, Store, Table};

use crate::fault_disk::FaultDisk;

const WORDS: Table<String> = Table::new("words", 1);
const RECORDS: usize = 40;

fn word(index: usize) -> String {
    format!("the value of record number {index:04} and nothing else")
}

/// Returns a closed database with [`RECORDS`] words in it.
fn image() -> Vec<u8> {
    let disk = FaultDisk::default();
    let below = disk.clone();
    let store = Store::over(move || below.clone()).unwrap();
    for index in 0..RECORDS {
        store
            .write_now(|tables| tables.put(&WORDS, &format!("{index:04}"), &word(index)))
            .unwrap();
    }
    drop(store);
    disk.image()
}

/// Opens `image` and returns how many words are lost, after checking that none is wrong.
fn lost_words(image: Vec<u8>) -> Result<usize, Error> {
    let disk = FaultDisk::holding(image);
    let store = Store::over(move || disk.clone())?;
    let scan = store.read_now(|tables| tables.scan(&WORDS, ""))?;
    for (key, value) in &scan.rows {
        assert_eq!(
            *value,
            word(key.parse().unwrap()),
            "a wrong value was passed off as good"
        );
    }
    for damage in &scan.damaged {
        let found = store.read_now(|tables| tables.get(&WORDS, &damage.key));
        assert!(
            matches!(found, Err(Error::Damaged { table: "words", .. })),
            "{found:?}"
        );
    }
    Ok(scan.damaged.len())
}

#[test]
fn a_flipped_byte_in_a_value_costs_that_record_alone() {
    let mut image = image();
    let needle = word(17).into_bytes();
    let places: Vec<usize> = (0..image.len() - needle.len())
        .filter(|&at| image[at..].starts_with(&needle))
        .collect();
    assert!(!places.is_empty(), "the record is stored as readable JSON");
    for at in places {
        image[at + 5] ^= 0x20;
    }
    assert_eq!(lost_words(image).unwrap(), 1);
}

#[test]
fn a_flipped_byte_anywhere_never_panics_and_never_gives_a_wrong_value() {
    let image = image();
    let used: Vec<usize> = (0..image.len()).filter(|&at| image[at] != 0).collect();
    // A prime stride visits headers, branch pages, leaf pages and values alike.
    for &at in used.iter().step_by(used.len() / 1500 + 1) {
        let mut damaged = image.clone();
        damaged[at] ^= 0xff;
        if let Ok(lost) = lost_words(damaged) {
            assert!(lost <= RECORDS, "byte {at}");
        }
    }
}

#[test]
fn a_truncated_or_foreign_file_is_an_error() {
    let whole = image();
    for length in [1, 100, 512, 4096, whole.len() / 2, whole.len() - 1] {
        assert!(
            lost_words(whole[..length].to_vec()).is_err(),
            "{length} bytes"
        );
    }
    assert!(lost_words(b"<!doctype html>".repeat(1000)).is_err());
}
