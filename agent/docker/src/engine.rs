//! One engine: greeted once, then read for every report.
//!
//! A report costs one question about the engine, one list, and one read of the counters of every
//! running container. Containers are inspected when they are new or something happened to them,
//! the other lists are read when the engine says they changed, or now and then.

mod lists;
mod reading;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use pulse_protocol::report::docker::EngineRuntime;
use pulse_protocol::{Time, limits};
use tokio::time::{Instant, timeout_at};
use tracing::{debug, info};

use self::lists::{Slow, Wanted};
pub use self::reading::Reading;
use crate::client::{Client, Limits};
use crate::container::{Details, Known, PodMember};
use crate::endpoint::Endpoint;
use crate::error::{Error, chain};
use crate::events::{Events, News};
use crate::meter::{self, Figures, Machine};
use crate::updates::Updates;
use crate::wire::{About, Inspected, Listed, Stats, Version};
use crate::{Settings, Spared};

/// Containers inspected at once.
const INSPECTING: usize = 8;

/// Counters read at once. More, because engines before 25 answer when their own clock next ticks,
/// each second: that is waiting, not work.
const MEASURING: usize = 32;

/// Longest one round takes; what is not back by then is left out.
const ROUND: Duration = Duration::from_secs(25);

/// Rounds after which everything is inspected anew where there are no events.
const WITHOUT_EVENTS: u32 = 10;

/// The newest version of the interface this is written for; engines from 2024 on speak it.
const NEWEST: (u32, u32) = (1, 44);

/// Podman's own list of containers, which knows pods.
const PODS: &str = "/v4.0.0/libpod/containers/json?all=true";

/// An engine and what is known of it.
pub(crate) struct Engine {
    client: Arc<Client>,
    settings: Arc<Settings>,
    updates: Arc<Updates>,
    session: Option<Session>,
    known: HashMap<String, Known>,
    slow: Slow,
    spared: Spared,
    rounds: u32,
}

/// What holds while the engine is there.
struct Session {
    runtime: EngineRuntime,
    version: String,
    events: Option<Events>,
}

impl Engine {
    /// An engine at `endpoint`; nothing is asked yet.
    pub(crate) fn at(endpoint: Endpoint, settings: Arc<Settings>, updates: Arc<Updates>) -> Self {
        Self {
            client: Arc::new(Client::at(endpoint)),
            settings,
            updates,
            session: None,
            known: HashMap::new(),
            slow: Slow::default(),
            spared: Spared::default(),
            rounds: 0,
        }
    }

    /// Leaves work out and lets go of what it told, or takes it up again.
    pub(crate) fn spare(&mut self, spared: Spared) {
        self.spared = spared;
        self.slow.spare(spared);
        if spared.details {
            for known in self.known.values_mut() {
                known.details = None;
            }
            if let Some(session) = &mut self.session {
                session.events = None;
            }
        }
    }

    /// Returns where the engine is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        self.client.endpoint()
    }

    /// Reads everything that is due.
    pub(crate) async fn collect(&mut self, now: Time) -> Result<Reading, Error> {
        let outcome = self.read(now).await;
        match (&outcome, &mut self.session) {
            (Err(error), _) if error.is_engine_away() => {
                self.session = None;
                self.client.close();
            }
            // The news of this round came to nothing: a stream opened anew says that all is new.
            (Err(_), Some(session)) => session.events = None,
            _ => {}
        }
        outcome
    }

    /// Which of the slower subjects are wanted.
    fn wanted(&self) -> Wanted {
        Wanted {
            lists: !self.spared.lists,
            usage: self.settings.disk_usage && !self.spared.usage,
        }
    }

    async fn read(&mut self, now: Time) -> Result<Reading, Error> {
        let deadline = Instant::now() + ROUND;
        let mut session = match self.session.take() {
            Some(session) => session,
            None => self.greet().await?,
        };
        let news = self.news(&mut session).await;
        let runtime = session.runtime.clone();
        let version = session.version.clone();
        self.session = Some(session);
        let is_podman = runtime == EngineRuntime::Podman;

        let about: About = self.client.object("/info", Limits::ENGINE).await?;
        let mut remarks = Vec::new();
        let listed = self.listed(&mut remarks).await?;
        if !self.spared.details {
            self.inspect(&listed, &news, deadline, &mut remarks).await;
        }
        let machine = Machine {
            cpus: about
                .cpus
                .and_then(|count| u32::try_from(count).ok())
                .filter(|count| *count > 0),
            memory: crate::text::size(about.mem_total).filter(|bytes| *bytes > 0),
            is_podman,
        };
        let figures = self.measure(&listed, machine, deadline, &mut remarks).await;
        let pods = self.pods(is_podman, &mut remarks).await;
        self.slow
            .refresh(&self.client, self.wanted(), &news, deadline, &mut remarks)
            .await;
        let swarm = lists::swarm(
            &self.client,
            &about,
            is_podman,
            &mut self.slow,
            &mut remarks,
        )
        .await;
        self.rounds = self.rounds.wrapping_add(1);
        let containers = self.report(&listed, &figures, &pods, is_podman, now);
        let parts = reading::Parts {
            runtime,
            version,
            about,
            containers,
            swarm,
            slow: &self.slow,
            updates: &self.updates,
            checks: self.settings.updates && !self.spared.updates,
        };
        Ok(parts.reading(now, remarks))
    }

    /// Asks what the engine is and agrees on the version of the interface.
    async fn greet(&mut self) -> Result<Session, Error> {
        let endpoint = self.client.endpoint().clone();
        let mut client = Client::at(endpoint);
        let version: Version = client.object("/version", Limits::ENGINE).await?;
        let Some(agreed) = agreed(&version) else {
            return Err(Error::NoEngine(client.endpoint().to_string()));
        };
        client.speak(&agreed);
        let runtime = runtime(&version, client.endpoint());
        if let Some(wanted) = &self.settings.runtime
            && *wanted != runtime
        {
            return Err(Error::OtherRuntime {
                address: client.endpoint().to_string(),
                runtime: runtime.to_string(),
            });
        }
        let version = crate::text::name(version.version.as_deref());
        info!(engine = %client.endpoint(), %runtime, version, interface = agreed, "found an engine");
        self.client = Arc::new(client);
        Ok(Session {
            runtime,
            version,
            events: None,
        })
    }

    /// Takes what happened since the last round, opening the stream of events if it is not open.
    async fn news(&self, session: &mut Session) -> News {
        if self.spared.details {
            return News::default();
        }
        let is_open = session.events.as_ref().is_some_and(Events::is_open);
        if !is_open {
            let is_podman = session.runtime == EngineRuntime::Podman;
            let opened = Events::open(&self.client, is_podman).await;
            if let Err(error) = &opened {
                debug!(engine = %self.client.endpoint(), error = chain(error), "no events");
            }
            session.events = opened.ok();
        }
        match &session.events {
            Some(events) => events.take(),
            None => News {
                everything: self.rounds.is_multiple_of(WITHOUT_EVENTS),
                ..News::default()
            },
        }
    }

    /// Lists the containers, running or not, and forgets those that are gone.
    async fn listed(&mut self, remarks: &mut Vec<String>) -> Result<Vec<Listed>, Error> {
        let list = self
            .client
            .list::<Listed>("/containers/json?all=1", Limits::LIST)
            .await?;
        if list.odd > 0 {
            remarks.push(format!("containers: {} made no sense", list.odd));
        }
        let mut listed = list.elements;
        listed.retain(|container| container.is_reported() && self.settings.is_wanted(container));
        if listed.len() > limits::CONTAINERS {
            remarks.push(format!(
                "containers: {} of {} are reported",
                limits::CONTAINERS,
                listed.len()
            ));
            // Those that run matter most.
            listed.sort_by_key(|container| !container.is_running());
            listed.truncate(limits::CONTAINERS);
        }
        listed.sort_by(|a, b| a.id.cmp(&b.id));
        self.known.retain(|id, _| {
            listed
                .binary_search_by(|container| container.id.as_str().cmp(id))
                .is_ok()
        });
        Ok(listed)
    }

    /// Inspects the containers that are new, changed their state, or had something happen to them.
    async fn inspect(
        &mut self,
        listed: &[Listed],
        news: &News,
        deadline: Instant,
        remarks: &mut Vec<String>,
    ) {
        for id in &news.containers {
            if let Some(known) = self.known.get_mut(id) {
                known.is_due = true;
            }
        }
        let mut due = Vec::new();
        for container in listed {
            let state = container.state.clone().unwrap_or_default();
            let known = self.known.entry(container.id.clone()).or_default();
            known.is_due |= news.everything || known.details.is_none() || known.state != state;
            if known.is_due {
                known.state = state;
                due.push(container.id.clone());
            }
        }
        let client = &self.client;
        let ask = |id: String| async move {
            let path = format!("/containers/{id}/json");
            let inspected = client.object::<Inspected>(&path, Limits::CONTAINER).await;
            (id, inspected.map(|inspected| Details::of(&inspected)))
        };
        let answers = gather(due, ask, INSPECTING, deadline, "inspected", remarks).await;
        for (id, details) in answers {
            if let Some(known) = self.known.get_mut(&id) {
                known.details = Some(details);
                known.is_due = false;
            }
        }
    }

    /// Reads the counters of every running container, once.
    async fn measure(
        &mut self,
        listed: &[Listed],
        machine: Machine,
        deadline: Instant,
        remarks: &mut Vec<String>,
    ) -> HashMap<String, Figures> {
        let running = listed.iter().filter(|container| container.is_running());
        let mut running: Vec<String> = running.map(|container| container.id.clone()).collect();
        // Should there not be time for all, those that were left out last time come first.
        running.sort_by_key(|id| self.known.get(id).and_then(|known| Some(known.mark?.at())));
        let client = &self.client;
        let ask = |id: String| async move {
            let path = format!("/containers/{id}/stats?stream=false&one-shot=true");
            let stats = client.object::<Stats>(&path, Limits::CONTAINER).await;
            (id, stats.map(|stats| (stats, Instant::now())))
        };
        let answers = gather(running, ask, MEASURING, deadline, "measured", remarks).await;
        let mut figures = HashMap::with_capacity(answers.len());
        for (id, (stats, at)) in answers {
            let known = self.known.entry(id.clone()).or_default();
            figures.insert(id, meter::measure(&stats, &mut known.mark, at, machine));
        }
        figures
    }

    async fn pods(&self, is_podman: bool, remarks: &mut Vec<String>) -> HashMap<String, PodMember> {
        if !is_podman {
            return HashMap::new();
        }
        match self.client.list::<PodMember>(PODS, Limits::LIST).await {
            Ok(list) => list
                .elements
                .into_iter()
                .map(|member| (member.id.clone(), member))
                .collect(),
            Err(error) => {
                remarks.push(format!("pods: {}", chain(&error)));
                HashMap::new()
            }
        }
    }

    fn report(
        &self,
        listed: &[Listed],
        figures: &HashMap<String, Figures>,
        pods: &HashMap<String, PodMember>,
        is_podman: bool,
        now: Time,
    ) -> Vec<pulse_protocol::report::docker::Container> {
        let report = |container: &Listed| {
            let details = self
                .known
                .get(&container.id)
                .and_then(|known| known.details.as_ref());
            let figures = figures.get(&container.id).copied().unwrap_or_default();
            let mut report = container.report(details, figures, now);
            if let Some((layer, root)) = self.slow.sizes(&container.id) {
                report.writable_layer_bytes = layer;
                report.root_filesystem_bytes = root;
            }
            if is_podman {
                let member = pods.get(&container.id);
                report.podman = crate::container::podman_facts(member, &report.labels, details);
            }
            report
        };
        listed.iter().map(report).collect()
    }
}

/// Asks for each of `ids`, some at once, until the deadline. What failed is remarked on in one
/// line; what is gone meanwhile is nothing to remark on.
async fn gather<T, F: Future<Output = (String, Result<T, Error>)>>(
    ids: Vec<String>,
    ask: impl Fn(String) -> F,
    at_once: usize,
    deadline: Instant,
    verb: &str,
    remarks: &mut Vec<String>,
) -> Vec<(String, T)> {
    let count = ids.len();
    let mut answers = stream::iter(ids).map(ask).buffer_unordered(at_once);
    let mut found = Vec::with_capacity(count);
    let mut missing = count;
    let mut why = None;
    while let Ok(Some((id, answer))) = timeout_at(deadline, answers.next()).await {
        match answer {
            Ok(answer) => {
                missing -= 1;
                found.push((id, answer));
            }
            Err(Error::Refused {
                status: 404 | 409, ..
            }) => missing -= 1,
            Err(error) => {
                let is_away = matches!(error, Error::Connect { .. });
                why.get_or_insert_with(|| chain(&error));
                if is_away {
                    break;
                }
            }
        }
    }
    if missing > 0 {
        let why = why.unwrap_or_else(|| "no time left".to_owned());
        remarks.push(format!(
            "{missing} of {count} containers could not be {verb}: {why}"
        ));
    }
    found
}

/// Takes the lower of what both speak. `None` for an answer that is no engine's.
fn agreed(version: &Version) -> Option<String> {
    let read = |text: &Option<String>| {
        let (major, minor) = text.as_deref()?.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let theirs = read(&version.api_version)?;
    let least = read(&version.min_api_version).unwrap_or((1, 0));
    let (major, minor) = theirs.min(NEWEST).max(least);
    Some(format!("{major}.{minor}"))
}

fn runtime(version: &Version, endpoint: &Endpoint) -> EngineRuntime {
    let names = version
        .components
        .iter()
        .flatten()
        .filter_map(|part| part.name.as_deref());
    let mut names = names.map(str::to_ascii_lowercase).peekable();
    let is_podman = if names.peek().is_some() {
        names.any(|name| name.contains("podman") || name.contains("libpod"))
    } else {
        endpoint.looks_like_podman()
    };
    if is_podman {
        EngineRuntime::Podman
    } else {
        EngineRuntime::Docker
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(theirs: &str, least: &str) -> Option<String> {
        agreed(&Version {
            api_version: Some(theirs.to_owned()),
            min_api_version: Some(least.to_owned()),
            ..Version::default()
        })
    }

    #[test]
    fn the_lower_version_of_both_is_spoken() {
        assert_eq!(agree("1.41", "1.12").as_deref(), Some("1.41"));
        assert_eq!(agree("1.52", "1.44").as_deref(), Some("1.44"));
        assert_eq!(
            agree("1.60", "1.50").as_deref(),
            Some("1.50"),
            "no lower than they take"
        );
        assert_eq!(agree("1.9", "").as_deref(), Some("1.9"));
        assert_eq!(agree("new", "1.0"), None);
        assert_eq!(agreed(&Version::default()), None);
    }

    #[test]
    fn podman_is_told_by_its_parts_or_its_place() {
        let of = |json: &str, path: &str| {
            let version = serde_json::from_str(json).expect("a version");
            runtime(&version, &Endpoint::Socket(path.into()))
        };
        let podman = r#"{"Components":[{"Name":"Podman Engine"},{"Name":"Conmon"}]}"#;
        assert_eq!(of(podman, "/var/run/docker.sock"), EngineRuntime::Podman);
        let docker = r#"{"Components":[{"Name":"Engine"}]}"#;
        assert_eq!(of(docker, "/run/podman/podman.sock"), EngineRuntime::Docker);
        assert_eq!(of("{}", "/run/podman/podman.sock"), EngineRuntime::Podman);
        assert_eq!(of("{}", "/var/run/docker.sock"), EngineRuntime::Docker);
    }
}
