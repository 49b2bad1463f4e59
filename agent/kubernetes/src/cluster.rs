//! One cluster, read whole for every report.

use std::sync::Arc;
use std::time::Duration;

use pulse_protocol::Time;
use pulse_protocol::report::kubernetes::{
    Cluster as About, Deployment, Gap, GapReason, KubernetesReport, Node,
};
use serde::Deserialize;
use tokio::time::Instant;

use crate::access::{Identity, Link, Places};
use crate::client::Limits;
use crate::error::Error;
use crate::events::{EVENTS, Events};
use crate::kept::{Round, gap, left_out, unread};
use crate::kind::{node, workload};
use crate::lists::{DEPLOYMENTS, Lists, NODES};
use crate::pods::{PODS, Pods};
use crate::port::Programs;
use crate::watch::Watched;
use crate::{Settings, text, usage};

/// Longest time for one report.
const COLLECTION: Duration = Duration::from_secs(45);

/// How long a connection's credentials must still be good.
const MARGIN: i64 = 60;

/// How often the cluster is asked for its version.
const VERSION: Duration = Duration::from_secs(10 * 60);

/// What is known of a cluster.
#[derive(Debug)]
pub struct Reading {
    /// The report, without who reports.
    pub report: KubernetesReport,
    /// What is missing of it, for people.
    pub remarks: Vec<String>,
}

/// Reads one cluster.
pub struct Cluster {
    places: Places,
    settings: Settings,
    programs: Arc<dyn Programs>,
    link: Option<Link>,
    version: Option<(Instant, String)>,
    pods: Watched<Pods>,
    events: Watched<Events>,
    lists: Lists,
}

impl Cluster {
    /// Will look for the cluster in these places; nothing is asked yet.
    #[must_use]
    pub fn new(places: Places, settings: Settings, programs: Arc<dyn Programs>) -> Self {
        let pods = Pods::of(settings.namespaces.clone(), settings.all_pods);
        let events = Events::of(settings.namespaces.clone());
        Self {
            places,
            programs,
            link: None,
            version: None,
            pods: Watched::new(PODS, pods),
            events: Watched::new(EVENTS, events),
            lists: Lists::default(),
            settings,
        }
    }

    /// Reads the cluster. What may not be read is named and left out.
    ///
    /// # Errors
    /// When the API cannot be reached, refuses the credentials, or does not tell its nodes, pods or
    /// deployments: half a cluster would look like one that lost them.
    pub async fn collect(&mut self, now: Time) -> Result<Reading, Error> {
        let deadline = Instant::now() + COLLECTION;
        let is_used = self.link.is_some();
        let mut outcome = self.read(now, deadline).await;
        let is_stale = |error: &Error| is_used && error.is_unauthorized();
        if outcome.as_ref().err().is_some_and(is_stale) {
            // The credentials were good once: there may be others by now.
            self.let_go();
            outcome = self.read(now, deadline).await;
        }
        if outcome.is_err() {
            self.let_go();
        }
        outcome
    }

    /// Forgets the connection; the next one begins with the kubeconfig.
    fn let_go(&mut self) {
        self.link = None;
        self.pods.let_go();
        self.events.let_go();
    }

    async fn read(&mut self, now: Time, deadline: Instant) -> Result<Reading, Error> {
        let ends = |link: &Link| {
            link.expires
                .is_some_and(|end| end.as_second() - MARGIN < now.as_second())
        };
        if self.link.as_ref().is_some_and(ends) {
            self.let_go();
        }
        let link = match self.link.take() {
            Some(link) => link,
            None => self.places.connect(&self.programs, now).await?,
        };
        let outcome = self.read_over(&link, deadline).await;
        self.link = Some(link);
        let mut report = outcome?;
        report.timestamp = Some(now);
        let remarks = report.gaps.iter().map(remark).collect();
        Ok(Reading { report, remarks })
    }

    async fn read_over(
        &mut self,
        link: &Link,
        deadline: Instant,
    ) -> Result<KubernetesReport, Error> {
        let round = Round {
            client: &link.client,
            namespaces: &self.settings.namespaces,
            named: self.settings.namespaces.named(),
            deadline,
        };
        let mut gaps = Vec::new();
        let (nodes, provider) = nodes(&round, &mut gaps).await?;
        let named = round.named.as_deref();
        let pods = self.pods.refresh(&link.client, named, deadline).await;
        essential(pods, "pods", &mut gaps)?;
        let deployments = deployments(&round, self.settings.all_deployments, &mut gaps).await?;
        if let Err(error) = self.events.refresh(&link.client, named, deadline).await {
            gaps.push(unread("events", &error));
        }
        self.lists.refresh(&round).await;
        read_version(&mut self.version, &round).await;

        let version = self.version.as_ref().map(|(_, version)| version.as_str());
        let (pods, more) = self.pods.kept().first(self.settings.most_pods);
        if more > 0 {
            let text = format!("more than the {} pods to report", self.settings.most_pods);
            gaps.push(gap("pods", GapReason::Limit, more as u64, &text));
        }
        for (member, listed) in [
            ("pods", self.pods.listed()),
            ("events", self.events.listed()),
        ] {
            gaps.extend(listed.iter().flat_map(|listed| left_out(member, listed)));
        }
        let mut report = KubernetesReport {
            cluster: self.about(&link.identity, version, provider),
            nodes,
            pods,
            deployments,
            events: self.events.kept().newest(),
            ..KubernetesReport::default()
        };
        self.lists.fill(&mut report);
        gaps.extend(self.lists.gaps().cloned());
        gaps.extend(usage::fill(&round, &mut report).await);
        report.gaps = gaps;
        Ok(report)
    }

    fn about(&self, identity: &Identity, version: Option<&str>, provider: String) -> About {
        let named = self.settings.namespaces.named();
        let only = named.and_then(|names| <[String; 1]>::try_from(names).ok());
        About {
            id: identity.id(),
            name: text::name(Some(&identity.context)),
            server: text::long(Some(&identity.shown_server())),
            context: text::name(Some(&identity.context)),
            version: text::name(version),
            provider: flavour(version).map_or(provider, str::to_owned),
            namespace: only.map_or(String::new(), |[name]| text::name(Some(&name))),
        }
    }
}

/// Without nodes, pods and deployments there is no report, unless they may not be read.
fn essential<T: Default>(
    outcome: Result<T, Error>,
    member: &str,
    gaps: &mut Vec<Gap>,
) -> Result<T, Error> {
    match outcome {
        Err(error) if error.is_forbidden() => {
            gaps.push(unread(member, &error));
            Ok(T::default())
        }
        outcome => outcome,
    }
}

async fn nodes(round: &Round<'_>, gaps: &mut Vec<Gap>) -> Result<(Vec<Node>, String), Error> {
    let mut provider = None;
    let keep = |object: node::Node| {
        provider = provider.take().or_else(|| object.provider());
        Some(node::node(&object))
    };
    let read = round.list(&NODES, keep).await;
    let (nodes, listed) = essential(read, "nodes", gaps)?;
    gaps.extend(left_out("nodes", &listed));
    Ok((nodes, provider.unwrap_or_default()))
}

async fn deployments(
    round: &Round<'_>,
    all: bool,
    gaps: &mut Vec<Gap>,
) -> Result<Vec<Deployment>, Error> {
    let keep = |object: workload::Replicated| {
        (all || object.is_in_trouble()).then(|| workload::deployment(object))
    };
    let read = round.list(&DEPLOYMENTS, keep).await;
    let (deployments, listed) = essential(read, "deployments", gaps)?;
    gaps.extend(left_out("deployments", &listed));
    Ok(deployments)
}

/// Asks which Kubernetes it is, now and then. One that does not say keeps the version it had.
async fn read_version(kept: &mut Option<(Instant, String)>, round: &Round<'_>) {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Version {
        git_version: String,
    }
    if kept.as_ref().is_some_and(|(at, _)| at.elapsed() < VERSION) {
        return;
    }
    let limits = Limits::until(round.deadline, 64 * 1024);
    if let Ok(version) = round.client.object::<Version>("/version", limits).await {
        *kept = Some((Instant::now(), version.git_version));
    }
}

/// Names the distribution that signs its versions.
fn flavour(version: Option<&str>) -> Option<&'static str> {
    let version = version?;
    [
        ("-eks-", "eks"),
        ("-gke.", "gke"),
        ("+k3s", "k3s"),
        ("+rke2", "rke2"),
        ("+k0s", "k0s"),
    ]
    .into_iter()
    .find_map(|(mark, name)| version.contains(mark).then_some(name))
}

fn remark(gap: &Gap) -> String {
    let Gap {
        member,
        reason,
        left_out,
        detail,
        ..
    } = gap;
    let count = match left_out {
        0 => String::new(),
        count => format!(", {count} left out"),
    };
    match reason {
        GapReason::Forbidden => format!("{member}: not allowed to read them{count}: {detail}"),
        _ => format!("{member}{count}: {detail}"),
    }
}
