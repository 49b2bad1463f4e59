//! Follows objects instead of listing them for every report.
//!
//! A list first, then a watch from where the list stood, in a task of its own. Whatever is wrong
//! with the watch (torn, silent, out of date, not allowed) has one answer: the next report lists
//! again. So it does every ten minutes anyway.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;
use tracing::debug;

use crate::client::{Answer, Client, encoded};
use crate::error::{Error, chain};
use crate::list::{self, Listed, Resource, Sink};
use crate::object::{Meta, Object};

/// How long what a watch told is believed.
const RESYNC: Duration = Duration::from_secs(10 * 60);

/// How long the API is asked to keep a watch open.
const OPEN: Duration = Duration::from_secs(240);

/// Longest silence on a watch. The API sends a bookmark about every minute.
const SILENCE: Duration = Duration::from_secs(150);

/// Largest change that is read; no object is larger.
const LINE: usize = 4 << 20;

/// Shortest time from one watch to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Objects that are followed.
pub(crate) trait Store: Sink<Self::Object> + Default + Send + 'static {
    /// What the API sends.
    type Object: Object + DeserializeOwned + Send;
    /// Makes room for those that are to be kept.
    fn prepared(like: &Self) -> Self;
    /// Forgets one.
    fn remove(&mut self, object: &Self::Object);
}

/// Objects of one kind, kept up to date.
pub(crate) struct Watched<S> {
    resource: Resource,
    kept: Arc<Mutex<S>>,
    task: Option<AbortOnDropHandle<()>>,
    listed: Option<(Instant, Listed)>,
}

impl<S: Store> Watched<S> {
    /// Follows nothing yet.
    pub(crate) fn new(resource: Resource, store: S) -> Self {
        Self {
            resource,
            kept: Arc::new(Mutex::new(store)),
            task: None,
            listed: None,
        }
    }

    /// Lets go of the watch; the next reading lists.
    pub(crate) fn let_go(&mut self) {
        self.task = None;
        self.listed = None;
    }

    /// Brings what is kept up to date. Named namespaces are listed one by one, every time.
    pub(crate) async fn refresh(
        &mut self,
        client: &Client,
        namespaces: Option<&[String]>,
        deadline: Instant,
    ) -> Result<(), Error> {
        let is_followed = (self.task.as_ref()).is_some_and(|task| !task.is_finished());
        let is_fresh = (self.listed.as_ref()).is_some_and(|(at, _)| at.elapsed() < RESYNC);
        if is_followed && is_fresh {
            return Ok(());
        }
        self.task = None;
        let mut store = S::prepared(&self.kept());
        let listed = list::list(client, &self.resource, namespaces, deadline, &mut store).await?;
        *self.kept() = store;
        if namespaces.is_none() && !listed.version.is_empty() {
            let follower = Follower {
                client: client.clone(),
                resource: self.resource,
                kept: Arc::clone(&self.kept),
                version: listed.version.clone(),
            };
            self.task = Some(AbortOnDropHandle::new(tokio::spawn(follower.run())));
        }
        self.listed = Some((Instant::now(), listed));
        Ok(())
    }

    /// Returns what is kept.
    pub(crate) fn kept(&self) -> MutexGuard<'_, S> {
        lock(&self.kept)
    }

    /// Returns what the last list told.
    pub(crate) fn listed(&self) -> Option<&Listed> {
        self.listed.as_ref().map(|(_, listed)| listed)
    }
}

fn lock<S>(kept: &Mutex<S>) -> MutexGuard<'_, S> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What follows the objects of one kind.
struct Follower<S> {
    client: Client,
    resource: Resource,
    kept: Arc<Mutex<S>>,
    version: String,
}

/// One change.
#[derive(Deserialize)]
struct Change<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    object: &'a RawValue,
}

/// The part of a bookmark that matters.
#[derive(Deserialize)]
struct Bookmark {
    metadata: Meta,
}

impl<S: Store> Follower<S> {
    /// Follows until something is wrong.
    async fn run(mut self) {
        let member = self.resource.member;
        loop {
            let opened = Instant::now();
            if let Err(error) = self.follow().await {
                debug!(member, error = chain(&error), "a watch ended");
                return;
            }
            tokio::time::sleep_until(opened + PAUSE).await;
        }
    }

    /// Follows one watch until the API ends it.
    async fn follow(&mut self) -> Result<(), Error> {
        let mut path = format!(
            "{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={}",
            self.resource.path(None),
            OPEN.as_secs(),
            encoded(&self.version),
        );
        if !self.resource.selector.is_empty() {
            path.push_str("&fieldSelector=");
            path.push_str(&encoded(self.resource.selector));
        }
        let mut lines = Lines::of(self.client.open(&path).await?);
        while let Some(line) = lines.next().await? {
            self.apply(&line)?;
        }
        Ok(())
    }

    fn apply(&mut self, line: &[u8]) -> Result<(), Error> {
        let change: Change = serde_json::from_slice(line).map_err(Error::Json)?;
        let text = change.object.get();
        match change.kind.as_str() {
            "ADDED" | "MODIFIED" => {
                let object: S::Object = serde_json::from_str(text).map_err(Error::Json)?;
                self.reach(object.meta());
                lock(&self.kept).take(object);
            }
            "DELETED" => {
                let object: S::Object = serde_json::from_str(text).map_err(Error::Json)?;
                self.reach(object.meta());
                lock(&self.kept).remove(&object);
            }
            "BOOKMARK" => {
                let bookmark: Bookmark = serde_json::from_str(text).map_err(Error::Json)?;
                self.reach(&bookmark.metadata);
            }
            _ => return Err(Error::Watch),
        }
        Ok(())
    }

    /// The next watch goes on from here.
    fn reach(&mut self, meta: &Meta) {
        if let Some(version) = meta.resource_version.as_ref().filter(|v| !v.is_empty()) {
            self.version.clone_from(version);
        }
    }
}

/// Lines of an answer without end.
struct Lines {
    answer: Answer,
    pending: Vec<u8>,
    /// How much of `pending` holds no end of a line.
    searched: usize,
}

impl Lines {
    fn of(answer: Answer) -> Self {
        Self {
            answer,
            pending: Vec::new(),
            searched: 0,
        }
    }

    /// Returns the next line that is not empty; `None` at a clean end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let found = self.pending[self.searched..]
                .iter()
                .position(|b| *b == b'\n');
            if let Some(found) = found {
                let rest = self.pending.split_off(self.searched + found + 1);
                let mut line = std::mem::replace(&mut self.pending, rest);
                self.searched = 0;
                line.pop();
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Ok(Some(line));
            }
            self.searched = self.pending.len();
            if self.pending.len() > LINE {
                return Err(Error::TooLarge { limit: LINE });
            }
            match timeout(SILENCE, self.answer.0.body_mut().frame()).await {
                Err(_) => return Err(Error::Late { limit: SILENCE }),
                Ok(Some(frame)) => {
                    let frame = frame.map_err(Error::Broken)?;
                    self.pending
                        .extend_from_slice(frame.data_ref().map_or(&[], |data| data));
                }
                Ok(None) if self.pending.is_empty() => return Ok(None),
                Ok(None) => return Err(Error::Watch),
            }
        }
    }
}
