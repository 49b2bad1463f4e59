//! What people add to resources: kept in memory for everybody, on disk before anybody sees it.
//!
//! The writer is told of each change and puts it on the resource, so that it reaches whoever
//! watches the estate like any other fact.

use std::sync::{Arc, Mutex, PoisonError};

use imbl::OrdMap;
use thiserror::Error;
use tokio::sync::watch;

use pulse_model::{Annotation, Family, Resource, places};
use pulse_store::{Store, Table};

const ANNOTATIONS: Table<Annotation> = Table::new("estate_annotations", 1);
/// Divides the family from the id in a key; no id has it.
const DIVIDER: char = '\u{1f}';
/// Most annotations kept.
const MOST: usize = 50_000;

/// Why what somebody adds is not kept. Nothing has changed then.
#[derive(Debug, Error)]
pub enum NotKept {
    /// There are as many records as there may be.
    #[error("there are {limit} records already; take some away first")]
    Full {
        /// How many there may be.
        limit: usize,
    },
    /// It could not be written.
    #[error("writing to the store")]
    Store(#[from] pulse_store::Error),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// Annotations by family and id.
pub(crate) type Pages = OrdMap<(Family, Arc<str>), Arc<Annotation>>;

/// Every annotation. Clones share it.
#[derive(Clone)]
pub struct Annotations(Arc<Inner>);

struct Inner {
    store: Store,
    pages: watch::Sender<Pages>,
    /// One change at a time, from reading the record to publishing it.
    turn: Mutex<()>,
}

impl Annotations {
    /// Reads what is kept in `store`. A damaged record loses only itself.
    pub(crate) fn load(store: &Store) -> Result<Self, pulse_store::Error> {
        let scan = store.read_now(|reader| reader.scan(&ANNOTATIONS, ""))?;
        for damage in &scan.damaged {
            tracing::warn!(
                ?damage,
                "what somebody added to a resource could not be read"
            );
        }
        let pages = scan.rows.into_iter().filter_map(|(key, annotation)| {
            let (family, id) = key.split_once(DIVIDER)?;
            let mut all = Family::ALL.into_iter();
            let family = all.find(|known| known.word() == family)?;
            Some(((family, Arc::from(id)), Arc::new(annotation)))
        });
        Ok(Self(Arc::new(Inner {
            store: store.clone(),
            pages: watch::channel(pages.collect()).0,
            turn: Mutex::new(()),
        })))
    }

    /// Returns what was added under `id`.
    pub fn get(&self, family: Family, id: &str) -> Option<Arc<Annotation>> {
        let pages = self.0.pages.borrow();
        pages.get(&(family, Arc::from(id))).cloned()
    }

    /// Returns everything of a family, by id.
    pub fn all(&self, family: Family) -> Vec<(Arc<str>, Arc<Annotation>)> {
        let pages = self.0.pages.borrow().clone();
        let of_family = pages.into_iter().filter(|((own, _), _)| *own == family);
        of_family.map(|((_, id), page)| (id, page)).collect()
    }

    /// Changes what was added under `id`, and returns it as it is now. When `change` fails, or the
    /// disk does, nothing has changed.
    pub async fn change<E, F>(
        &self,
        family: Family,
        id: &str,
        change: F,
    ) -> Result<Arc<Annotation>, E>
    where
        E: From<NotKept> + Send + 'static,
        F: FnOnce(&mut Annotation) -> Result<(), E> + Send + 'static,
    {
        let (inner, id) = (self.0.clone(), Arc::<str>::from(id));
        let work = move || inner.change_now(family, id, change);
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|_| Err(NotKept::Stopping.into()))
    }

    /// Changes what was added to `resource`, wherever that is kept.
    pub async fn change_of<E, F>(
        &self,
        resource: &Resource,
        change: F,
    ) -> Result<Arc<Annotation>, E>
    where
        E: From<NotKept> + Send + 'static,
        F: FnOnce(&mut Annotation) -> Result<(), E> + Send + 'static,
    {
        let is_kept = |place: &&(Family, String)| self.get(place.0, &place.1).is_some();
        let all: Vec<_> = places(resource).collect();
        let kept = all.iter().find(is_kept).or(all.first());
        let first = Family::of(resource.kind)[0];
        let (family, id) = kept.map_or((first, resource.id.as_str()), |(family, id)| {
            (*family, id.as_str())
        });
        self.change(family, id, change).await
    }

    /// Takes away what was added under `id`.
    pub async fn remove(&self, family: Family, id: &str) -> Result<(), NotKept> {
        let (inner, id) = (self.0.clone(), Arc::<str>::from(id));
        let work = move || inner.remove_now(family, id);
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or(Err(NotKept::Stopping))
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Pages> {
        self.0.pages.subscribe()
    }
}

impl Inner {
    fn change_now<E: From<NotKept>>(
        &self,
        family: Family,
        id: Arc<str>,
        change: impl FnOnce(&mut Annotation) -> Result<(), E>,
    ) -> Result<Arc<Annotation>, E> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (family, id);
        let known = self.pages.borrow().get(&key).cloned();
        let is_full = known.is_none() && self.pages.borrow().len() >= MOST;
        if is_full {
            return Err(NotKept::Full { limit: MOST }.into());
        }
        let mut annotation = known.as_deref().cloned().unwrap_or_default();
        change(&mut annotation)?;
        let path = path(&key);
        let written = self
            .store
            .write_now(|writer| writer.put(&ANNOTATIONS, &path, &annotation));
        written.map_err(NotKept::from)?;
        let annotation = Arc::new(annotation);
        self.pages.send_modify(|pages| {
            pages.insert(key, annotation.clone());
        });
        Ok(annotation)
    }

    fn remove_now(&self, family: Family, id: Arc<str>) -> Result<(), NotKept> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (family, id);
        if !self.pages.borrow().contains_key(&key) {
            return Ok(());
        }
        let path = path(&key);
        let written = self
            .store
            .write_now(|writer| writer.remove(&ANNOTATIONS, &path));
        written.map_err(NotKept::from)?;
        self.pages.send_modify(|pages| {
            pages.remove(&key);
        });
        Ok(())
    }
}

fn path((family, id): &(Family, Arc<str>)) -> String {
    format!("{}{DIVIDER}{id}", family.word())
}

/// Returns what was added to `resource`, under its id or a name it had before.
pub(crate) fn of(pages: &Pages, resource: &Resource) -> Option<Arc<Annotation>> {
    if pages.is_empty() {
        return None;
    }
    let find = |(family, name): (Family, String)| pages.get(&(family, Arc::from(name)));
    places(resource).find_map(find).cloned()
}
