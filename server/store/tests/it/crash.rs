//! What was acknowledged survives a power cut, whole; what failed leaves nothing behind.

use std::collections::BTreeMap;

use pulse_model::Entropy;
use pulse_store::{Error, Store, Table};

use crate::fault_disk::{Fault, FaultDisk};

const LEFT: Table<u64> = Table::new("left", 1);
const RIGHT: Table<u64> = Table::new("right", 1);
const SEEDS: u64 = 300;

/// What is expected in both tables, which every commit changes alike.
type Rows = BTreeMap<String, u64>;

/// Applies one random commit to `rows` and describes it as puts and removals.
fn dice(luck: &Entropy, number: u64, rows: &mut Rows) -> Vec<(String, Option<u64>)> {
    let [size, ..] = luck.bytes::<8>();
    let mut steps = Vec::new();
    for _ in 0..=size % 6 {
        let [key, action] = luck.bytes::<2>();
        let key = format!("key-{}", key % 20);
        let value = (action % 4 != 0).then_some(number);
        match value {
            Some(number) => rows.insert(key.clone(), number),
            None => rows.remove(&key),
        };
        steps.push((key, value));
    }
    steps
}

fn commit(store: &Store, steps: &[(String, Option<u64>)]) -> Result<(), Error> {
    store.write_now(|tables| {
        for (key, value) in steps {
            for table in [&LEFT, &RIGHT] {
                match value {
                    Some(number) => tables.put(table, key, number)?,
                    None => drop(tables.remove(table, key)?),
                }
            }
        }
        Ok(())
    })
}

fn contents(store: &Store) -> Rows {
    let [left, right] = [&LEFT, &RIGHT].map(|table| {
        let scan = store.read_now(|tables| tables.scan(table, "")).unwrap();
        assert!(scan.damaged.is_empty(), "{:?}", scan.damaged);
        Rows::from_iter(scan.rows)
    });
    assert_eq!(left, right, "half of a commit is there");
    left
}

fn open(disk: &FaultDisk) -> Result<Store, Error> {
    let disk = disk.clone();
    Store::over(move || disk.clone())
}

#[test]
fn every_acknowledged_commit_survives_a_power_cut_and_none_by_half() {
    for seed in 0..SEEDS {
        let luck = Entropy::seeded(seed);
        // A database gets its name only once it is whole, so creation is not cut short here.
        let mut disk = FaultDisk::default();
        drop(open(&disk));
        let mut acknowledged = Rows::new();
        for round in 0..3 {
            let calls = u64::from(u16::from_le_bytes(luck.bytes()) % 400);
            disk.fail_after(calls, Fault::ForEver);
            let mut attempted = acknowledged.clone();
            if let Ok(store) = open(&disk) {
                for number in 0.. {
                    let steps = dice(&luck, number, &mut attempted);
                    if commit(&store, &steps).is_err() {
                        break;
                    }
                    acknowledged.clone_from(&attempted);
                }
            }
            disk = disk.after_power_cut(&luck);
            let store =
                open(&disk).unwrap_or_else(|error| panic!("seed {seed} round {round}: {error:?}"));
            let found = contents(&store);
            assert!(
                found == acknowledged || found == attempted,
                "seed {seed} round {round}: {found:?}, acknowledged {acknowledged:?}"
            );
            acknowledged = found;
        }
    }
}

#[test]
fn one_failing_disk_call_loses_at_most_the_commit_it_hit() {
    for call in 0.. {
        let luck = Entropy::seeded(7);
        let disk = FaultDisk::default();
        let store = open(&disk).unwrap();
        disk.fail_after(call, Fault::Once);
        let (mut acknowledged, mut failures) = (Rows::new(), 0);
        for number in 0..12 {
            let mut attempted = acknowledged.clone();
            let steps = dice(&luck, number, &mut attempted);
            match commit(&store, &steps) {
                Ok(()) => acknowledged = attempted,
                Err(_) => {
                    failures += 1;
                    let found = contents(&store);
                    assert!(
                        found == acknowledged || found == attempted,
                        "call {call}: {found:?}"
                    );
                    acknowledged = found;
                }
            }
        }
        assert!(failures <= 1, "call {call}: {failures} commits failed");
        assert_eq!(contents(&store), acknowledged, "call {call}");
        if disk.is_waiting_to_fail() {
            return;
        }
    }
}

#[test]
fn a_closure_that_panics_changes_nothing_and_the_store_works_on() {
    let store = Store::in_memory();
    let outcome = store.write_now(|tables| -> Result<(), Error> {
        tables.put(&LEFT, "a", &1)?;
        panic!("planned");
    });
    assert!(matches!(outcome, Err(Error::Panicked { message }) if message == "planned"));
    assert_eq!(
        store.read_now(|tables| tables.get(&LEFT, "a")).unwrap(),
        None
    );
    store
        .write_now(|tables| tables.put(&LEFT, "a", &2))
        .unwrap();
    assert_eq!(
        store.read_now(|tables| tables.get(&LEFT, "a")).unwrap(),
        Some(2)
    );
}
