//! Settings documents: stored before they are seen.

use pulse_store::{Error, Settings, Store};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Taste {
    colour: String,
    #[serde(default)]
    visits: u32,
}

#[tokio::test]
async fn a_document_starts_as_its_default_and_is_there_after_a_restart() {
    let store = Store::in_memory();
    let settings = Settings::<Taste>::load(&store, "taste").unwrap();
    assert_eq!(*settings.get(), Taste::default());
    let before = settings
        .update(|taste| {
            let before = std::mem::replace(&mut taste.colour, "green".to_owned());
            Ok::<_, Error>(before)
        })
        .await
        .unwrap();
    assert_eq!(before, "");
    let reloaded = Settings::<Taste>::load(&store, "taste").unwrap();
    assert_eq!(reloaded.get().colour, "green");
    let other = Settings::<Taste>::load(&store, "other").unwrap();
    assert_eq!(*other.get(), Taste::default());
}

#[tokio::test]
async fn a_subscriber_is_told_of_a_change_but_not_of_a_refused_one() {
    let settings = Settings::<Taste>::load(&Store::in_memory(), "taste").unwrap();
    let mut subscriber = settings.subscribe();
    let refused = settings
        .update(|taste| {
            taste.colour = "mud".to_owned();
            Err::<(), _>(Error::ShuttingDown)
        })
        .await;
    assert!(refused.is_err());
    assert!(!subscriber.has_changed().unwrap());
    settings
        .update(|taste| {
            taste.visits = 3;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(subscriber.borrow_and_update().visits, 3);
}

#[tokio::test]
async fn concurrent_updates_all_count() {
    let store = Store::in_memory();
    let settings = Settings::<Taste>::load(&store, "taste").unwrap();
    let visits: Vec<_> = (0..32)
        .map(|_| {
            let settings = settings.clone();
            tokio::spawn(async move {
                settings
                    .update(|taste| {
                        taste.visits += 1;
                        Ok::<_, Error>(())
                    })
                    .await
                    .unwrap();
            })
        })
        .collect();
    for visit in visits {
        visit.await.unwrap();
    }
    assert_eq!(settings.get().visits, 32);
    assert_eq!(
        Settings::<Taste>::load(&store, "taste")
            .unwrap()
            .get()
            .visits,
        32
    );
}
