//! Images, volumes, networks, disk usage and swarm names: read when they change, or now and then.

use std::time::Duration;

use pulse_protocol::limits;
use pulse_protocol::report::docker::{Image, Network, SwarmMembership, Volume};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use crate::Spared;
use crate::client::{Client, Limits};
use crate::error::{Error, chain};
use crate::events::News;
use crate::objects::{self, Sizes};
use crate::swarm::{self, Names};
use crate::wire::{About, DiskUsage, Volumes};
use std::sync::Arc;

/// How old a list may become when nothing is said to have changed.
const AGE: Duration = Duration::from_secs(10 * 60);

/// How often the disk usage is added up: the engine walks through its directories for it.
const USAGE: Duration = Duration::from_secs(60 * 60);

/// What is not read for every report.
#[derive(Default)]
pub(crate) struct Slow {
    pub(crate) images: Kept<Vec<Image>>,
    pub(crate) volumes: Kept<Vec<Volume>>,
    pub(crate) networks: Kept<Vec<Network>>,
    pub(crate) names: Kept<Names>,
    usage: Option<Sizes>,
    adding_up: Option<AddingUp>,
    added_up: Option<Instant>,
}

/// Which of it is wanted.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) lists: bool,
    pub(crate) usage: bool,
}

/// A list and when it was read.
#[derive(Default)]
pub(crate) struct Kept<T> {
    pub(crate) value: T,
    read: Option<Instant>,
}

impl<T> Kept<T> {
    /// Tells whether to read it now. A change there is no time for is remembered.
    fn is_due(&mut self, is_changed: bool, has_time: bool) -> bool {
        if is_changed {
            self.read = None;
        }
        has_time && self.read.is_none_or(|read| read.elapsed() >= AGE)
    }

    /// Takes a new list; an old one stays when there is no new one, and is asked for again.
    fn take(&mut self, what: &str, outcome: Result<T, Error>, remarks: &mut Vec<String>) {
        match outcome {
            Ok(value) => {
                self.value = value;
                self.read = Some(Instant::now());
            }
            Err(error) => {
                self.read = None;
                remarks.push(format!("{what}: {}", chain(&error)));
            }
        }
    }
}

/// Adding up that goes on while reports go out.
struct AddingUp {
    answer: oneshot::Receiver<Result<Sizes, Error>>,
    _task: AbortOnDropHandle<()>,
}

impl Slow {
    /// Lets go of what is not to be read for now; all of it is due when it is wanted again.
    pub(super) fn spare(&mut self, spared: Spared) {
        if spared.lists {
            self.images = Kept::default();
            self.volumes = Kept::default();
            self.networks = Kept::default();
        }
        if spared.usage {
            self.usage = None;
            self.adding_up = None;
            self.added_up = None;
        }
    }

    /// Reads what is due, as long as there is time.
    pub(super) async fn refresh(
        &mut self,
        client: &Arc<Client>,
        wanted: Wanted,
        news: &News,
        deadline: Instant,
        remarks: &mut Vec<String>,
    ) {
        if wanted.lists {
            self.read_lists(client, news, deadline, remarks).await;
        }
        if wanted.usage {
            self.add_up(client, remarks);
        }
    }

    async fn read_lists(
        &mut self,
        client: &Client,
        news: &News,
        deadline: Instant,
        remarks: &mut Vec<String>,
    ) {
        let has_time = || Instant::now() < deadline;
        if self
            .images
            .is_due(news.everything || news.images, has_time())
        {
            let read = list(client, "/images/json", objects::image).await;
            self.images.take("images", read, remarks);
        }
        if self
            .volumes
            .is_due(news.everything || news.volumes, has_time())
        {
            let read = client.object::<Volumes>("/volumes", Limits::LIST).await;
            let read = read.map(|answer| {
                let volumes = answer.volumes.unwrap_or_default();
                volumes
                    .iter()
                    .take(limits::CONTAINERS)
                    .map(objects::volume)
                    .collect()
            });
            self.volumes.take("volumes", read, remarks);
        }
        if self
            .networks
            .is_due(news.everything || news.networks, has_time())
        {
            let read = list(client, "/networks", objects::network).await;
            self.networks.take("networks", read, remarks);
        }
    }

    /// Starts adding up when it is due, and takes what came of it.
    fn add_up(&mut self, client: &Arc<Client>, remarks: &mut Vec<String>) {
        if let Some(adding_up) = &mut self.adding_up {
            match adding_up.answer.try_recv() {
                Ok(Ok(sizes)) => {
                    self.usage = Some(sizes);
                    self.adding_up = None;
                }
                Ok(Err(error)) => {
                    remarks.push(format!("disk usage: {}", chain(&error)));
                    self.adding_up = None;
                }
                Err(oneshot::error::TryRecvError::Closed) => self.adding_up = None,
                Err(oneshot::error::TryRecvError::Empty) => {}
            }
        }
        let is_due = self.added_up.is_none_or(|at| at.elapsed() >= USAGE);
        if is_due && self.adding_up.is_none() {
            self.added_up = Some(Instant::now());
            let (answer, receiver) = oneshot::channel();
            let client = Arc::clone(client);
            let task = tokio::spawn(async move {
                let read = client
                    .object::<DiskUsage>("/system/df", Limits::USAGE)
                    .await;
                // Nobody waits for it any more when the engine was let go.
                let _ = answer.send(read.map(|disk| Sizes::of(&disk)));
            });
            self.adding_up = Some(AddingUp {
                answer: receiver,
                _task: AbortOnDropHandle::new(task),
            });
        }
    }

    /// Returns what adding up told.
    pub(super) fn usage(&self) -> Option<&Sizes> {
        self.usage.as_ref()
    }

    /// Returns the sizes of a container, if they are known.
    pub(super) fn sizes(&self, id: &str) -> Option<(Option<u64>, Option<u64>)> {
        self.usage.as_ref()?.containers.get(id).copied()
    }
}

async fn list<W: DeserializeOwned, T>(
    client: &Client,
    path: &str,
    keep: impl Fn(&W) -> T,
) -> Result<Vec<T>, Error> {
    let list = client.list::<W>(path, Limits::LIST).await?;
    Ok(list
        .elements
        .iter()
        .take(limits::CONTAINERS)
        .map(keep)
        .collect())
}

/// Reads the engine's part in a swarm; Podman has none.
pub(super) async fn swarm(
    client: &Client,
    about: &About,
    is_podman: bool,
    slow: &mut Slow,
    remarks: &mut Vec<String>,
) -> Option<(SwarmMembership, Option<swarm::Lists>)> {
    let membership = swarm::membership(about.swarm.as_ref()?).filter(|_| !is_podman)?;
    if !membership.control_available {
        slow.names = Kept::default();
        return Some((membership, None));
    }
    let lists = swarm::read(client, &membership.node_id, remarks).await;
    if slow.names.is_due(false, true) {
        let names = swarm::read_names(client, remarks).await;
        slow.names.take("secrets", Ok(names), remarks);
    }
    Some((membership, Some(lists)))
}
