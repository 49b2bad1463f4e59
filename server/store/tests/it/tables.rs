//! Typed tables: what is put is found, in order, and changes happen together or not at all.

use pulse_store::{Error, Store, Table};
use serde::{Deserialize, Serialize};

const WORDS: Table<String> = Table::new("words", 1);
const NUMBERS: Table<u64> = Table::new("numbers", 1);

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("not today")]
    NotToday,
    #[error(transparent)]
    Store(#[from] Error),
}

#[tokio::test]
async fn records_of_one_commit_appear_together() {
    let store = Store::in_memory();
    let answer = store
        .write(|tables| {
            tables.put(&WORDS, "a", &"alpha".to_owned())?;
            tables.put(&NUMBERS, "a", &1)?;
            Ok("done")
        })
        .await
        .unwrap();
    assert_eq!(answer, "done");
    assert_eq!(
        store
            .read(|tables| tables.get(&NUMBERS, "a"))
            .await
            .unwrap(),
        Some(1)
    );
    let word = store.read(|tables| tables.get(&WORDS, "a")).await.unwrap();
    assert_eq!(word.as_deref(), Some("alpha"));
}

#[tokio::test]
async fn a_refused_transaction_changes_nothing() {
    let store = Store::in_memory();
    let outcome: Result<(), Refusal> = store
        .transact(|tables| {
            tables.put(&NUMBERS, "a", &1)?;
            Err(Refusal::NotToday)
        })
        .await;
    assert!(matches!(outcome, Err(Refusal::NotToday)));
    assert_eq!(
        store
            .read(|tables| tables.get(&NUMBERS, "a"))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn of_many_concurrent_takers_of_one_record_exactly_one_wins() {
    let store = Store::in_memory();
    store
        .write(|tables| tables.put(&NUMBERS, "prize", &1))
        .await
        .unwrap();
    let takers: Vec<_> = (0..64)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.write(|t| t.remove(&NUMBERS, "prize")).await.unwrap() })
        })
        .collect();
    let mut winners = 0;
    for taker in takers {
        winners += u32::from(taker.await.unwrap());
    }
    assert_eq!(winners, 1);
}

#[test]
fn a_scan_is_ordered_bounded_and_stays_within_its_prefix() {
    let store = Store::in_memory();
    store
        .write_now(|tables| {
            for (key, number) in [("b/2", 2), ("a/1", 0), ("b/10", 1), ("c", 3), ("b", 4)] {
                tables.put(&NUMBERS, key, &number)?;
            }
            assert_eq!(tables.count(&NUMBERS)?, 5);
            assert_eq!(tables.scan(&NUMBERS, "b/")?.rows.len(), 2);
            Ok(())
        })
        .unwrap();
    let keys = |prefix: &'static str, limit| {
        let scan = store
            .read_now(|t| t.scan_at_most(&NUMBERS, prefix, limit))
            .unwrap();
        scan.rows
            .into_iter()
            .map(|(key, _)| key)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("b/", usize::MAX), ["b/10", "b/2"]);
    assert_eq!(keys("", 3), ["a/1", "b", "b/10"]);
    assert!(keys("d", usize::MAX).is_empty());
}

#[test]
fn a_table_nobody_wrote_is_empty() {
    let store = Store::in_memory();
    assert_eq!(
        store.read_now(|tables| tables.get(&WORDS, "a")).unwrap(),
        None
    );
    assert!(
        store
            .read_now(|tables| tables.scan(&WORDS, ""))
            .unwrap()
            .rows
            .is_empty()
    );
}

#[test]
fn removing_tells_whether_there_was_something() {
    let store = Store::in_memory();
    store
        .write_now(|tables| tables.put(&NUMBERS, "a", &1))
        .unwrap();
    assert!(
        store
            .write_now(|tables| tables.remove(&NUMBERS, "a"))
            .unwrap()
    );
    assert!(
        !store
            .write_now(|tables| tables.remove(&NUMBERS, "a"))
            .unwrap()
    );
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Grown {
    name: String,
    #[serde(default)]
    colour: Option<String>,
}

#[test]
fn a_record_of_a_later_version_is_reported_and_left_alone() {
    const TODAY: Table<Grown> = Table::new("things", 1);
    const TOMORROW: Table<Grown> = Table::new("things", 2);
    let store = Store::in_memory();
    let later = Grown {
        name: "lamp".into(),
        colour: Some("red".into()),
    };
    let ours = Grown {
        name: "desk".into(),
        colour: None,
    };
    store
        .write_now(|tables| tables.put(&TOMORROW, "1", &later))
        .unwrap();
    store
        .write_now(|tables| tables.put(&TODAY, "2", &ours))
        .unwrap();

    let found = store.read_now(|tables| tables.get(&TODAY, "1"));
    assert!(matches!(
        found,
        Err(Error::NewerSchema {
            found: 2,
            known: 1,
            ..
        })
    ));
    let overwritten = store.write_now(|tables| tables.put(&TODAY, "1", &ours));
    assert!(matches!(overwritten, Err(Error::NewerSchema { .. })));
    let scan = store.read_now(|tables| tables.scan(&TODAY, "")).unwrap();
    assert_eq!((scan.rows.len(), scan.damaged.len()), (1, 1));
    assert_eq!(
        store.read_now(|tables| tables.get(&TOMORROW, "1")).unwrap(),
        Some(later)
    );
}

#[test]
fn unreadable_json_is_damage_of_that_record() {
    const AS_TEXT: Table<String> = Table::new("mixed", 1);
    const AS_NUMBER: Table<u64> = Table::new("mixed", 1);
    let store = Store::in_memory();
    store
        .write_now(|tables| tables.put(&AS_TEXT, "a", &"no number".to_owned()))
        .unwrap();
    store
        .write_now(|tables| tables.put(&AS_NUMBER, "b", &2))
        .unwrap();
    let found = store.read_now(|tables| tables.get(&AS_NUMBER, "a"));
    assert!(matches!(found, Err(Error::Damaged { table: "mixed", key, .. }) if key == "a"));
    let scan = store
        .read_now(|tables| tables.scan(&AS_NUMBER, ""))
        .unwrap();
    assert_eq!(scan.rows, [("b".to_owned(), 2)]);
}
