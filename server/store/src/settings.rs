//! A document of settings: in memory for everybody, on disk before anybody sees it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::db::offload;
use crate::{Error, Store, Table};

/// The settings document `T`, stored under one key.
///
/// Clones share the document.
pub struct Settings<T>(Arc<Document<T>>);

struct Document<T> {
    store: Store,
    key: String,
    current: watch::Sender<Arc<T>>,
    /// One update at a time, from reading the document to publishing it.
    turn: Mutex<()>,
}

impl<T> Settings<T>
where
    T: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static,
{
    const TABLE: Table<T> = Table::new("settings", 1);

    /// Reads the document stored under `key`, or starts from the default one. Blocks.
    pub fn load(store: &Store, key: &str) -> Result<Self, Error> {
        let stored = store.read_now(|tables| tables.get(&Self::TABLE, key))?;
        let (current, _) = watch::channel(Arc::new(stored.unwrap_or_default()));
        let (store, key) = (store.clone(), key.to_owned());
        Ok(Self(Arc::new(Document {
            store,
            key,
            current,
            turn: Mutex::new(()),
        })))
    }

    /// Returns the document as it is now.
    pub fn get(&self) -> Arc<T> {
        self.0.current.borrow().clone()
    }

    /// Returns a receiver that is told of each change.
    pub fn subscribe(&self) -> watch::Receiver<Arc<T>> {
        self.0.current.subscribe()
    }

    /// Changes the document: stored first, then published. If `change` or storing fails, nothing
    /// has changed.
    pub async fn update<R, E, F>(&self, change: F) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut T) -> Result<R, E> + Send + 'static,
    {
        let document = self.0.clone();
        offload(move || document.update_now(change)).await
    }
}

impl<T> Document<T>
where
    T: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static,
{
    fn update_now<R, E: From<Error>>(
        &self,
        change: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<R, E> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = T::clone(&self.current.borrow());
        let answer = change(&mut changed)?;
        self.store
            .write_now(|tables| tables.put(&Settings::<T>::TABLE, &self.key, &changed))?;
        self.current.send_replace(Arc::new(changed));
        Ok(answer)
    }
}

impl<T> Clone for Settings<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
