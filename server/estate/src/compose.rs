//! One resource of the views that were joined in it: pure.
//!
//! What it is and is called comes from whoever knows that best (the hypervisor of a guest), what it
//! measures from whoever sees it from inside (the agent on it). A view that is judged offline gives
//! figures only while there is no fresher one.

use std::collections::BTreeMap;

use jiff::Timestamp;

use pulse_model::{
    CanonicalIdentity, Few, Identity, Kind, Metrics, MetricsTarget, Resource, ResourceId,
    SourceKind, SourceState, SourceStatus, Status,
};

use crate::freshness::Verdict;
use crate::join::is_told_of;
use crate::part::Part;
use crate::slice::Slice;

/// One source's view with how fresh it is.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub part: &'a Part,
    pub slice: &'a Slice,
    /// The resource that what it belongs to is in; nothing while that is not there.
    pub home: Option<&'a ResourceId>,
}

/// What is around a resource and not in its views.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    pub now: Timestamp,
    pub parent: Option<(ResourceId, String)>,
    pub child_count: usize,
    pub superseded: Vec<ResourceId>,
    pub clones: Vec<ResourceId>,
}

impl Surroundings {
    /// Returns those of a view that stands alone.
    pub fn none(now: Timestamp) -> Self {
        Self {
            now,
            parent: None,
            child_count: 0,
            superseded: Vec::new(),
            clones: Vec::new(),
        }
    }
}

impl View<'_> {
    fn verdict(&self) -> Verdict {
        self.slice.watch.verdict()
    }

    fn is_fresh(&self) -> bool {
        self.verdict() == Verdict::Online
    }

    /// Tells whether silence about it means that it is down: the machine of an agent, or what a
    /// polled connection leads to. Of all else silence tells nothing.
    fn falls_silent(&self) -> bool {
        let is_top = self.part.parent.is_none()
            && matches!(
                self.part.sighting.kind,
                Kind::Agent | Kind::Pbs | Kind::Pmg | Kind::DockerHost | Kind::K8sCluster
            );
        self.part.is_machine || is_top
    }

    fn is_down(&self) -> bool {
        matches!(self.verdict(), Verdict::Offline { .. }) && self.falls_silent()
    }

    /// Returns the kinds of source it is listed under: an agent on a machine with a container engine
    /// speaks for that as well.
    fn speaks_as(&self) -> impl Iterator<Item = SourceKind> {
        let has_engine = self.part.is_machine && self.part.sighting.facets.docker.is_some();
        let engine = has_engine.then_some(SourceKind::Docker);
        [self.part.shown_as].into_iter().chain(engine)
    }

    fn status(&self) -> Status {
        match self.verdict() {
            Verdict::Online => self.part.sighting.status.unwrap_or(Status::Online),
            Verdict::Offline { .. } if self.falls_silent() => Status::Offline,
            Verdict::Stale | Verdict::Offline { .. } => Status::Unknown,
        }
    }

    fn source_status(&self) -> SourceStatus {
        SourceStatus {
            status: self.verdict().state(),
            last_seen: self.part.seen_at(),
            error: self.slice.error.clone(),
            matched_by: self.part.matched_by.clone(),
            note: self
                .slice
                .note
                .clone()
                .filter(|_| self.part.parent.is_none()),
        }
    }
}

/// Tells whether all who could see it fell silent, so that it counts as down. That a cluster or an engine still tells of
/// it does not cover for its own agent: whoever may report those could keep any outage quiet.
pub(crate) fn is_down(views: &[View<'_>]) -> bool {
    let is_silent = |view: &View<'_>| matches!(view.verdict(), Verdict::Offline { .. });
    own(views).any(View::is_down) && own(views).all(is_silent)
}

/// Returns the views of who is on it or runs it; of all while there is nobody but who tells of it.
fn own<'v, 'a>(views: &'v [View<'a>]) -> impl Iterator<Item = &'v View<'a>> {
    let is_own = |view: &View<'a>| !is_told_of(view.part);
    let nobody = !views.iter().any(is_own);
    views.iter().filter(move |view| nobody || is_own(view))
}

/// Returns the resource `id` that `views` make; there is at least one.
pub(crate) fn compose(id: &ResourceId, views: &[View<'_>], around: Surroundings) -> Resource {
    let by_authority = sorted(views, |view| authority(view.part));
    let by_insight = sorted(views, |view| {
        (!view.is_fresh(), insight(view.part.shown_as))
    });
    let lead = by_authority[0].part;
    let seen_at = |view: &View<'_>| view.part.seen_at();
    let mut facets = lead.sighting.facets.clone();
    let mut tags = lead.sighting.tags.clone();
    for view in &by_authority[1..] {
        facets.fill_from(&view.part.sighting.facets);
        for tag in &view.part.sighting.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
    }
    let measuring = measuring(&by_insight);
    let seen: Vec<_> = measuring.iter().map(|view| &view.part.sighting).collect();
    Resource {
        id: id.clone(),
        kind: lead.sighting.kind,
        technology: by_authority
            .iter()
            .find_map(|view| view.part.sighting.technology.clone()),
        name: lead.sighting.name.clone(),
        status: status(views),
        last_seen: views.iter().map(seen_at).max().unwrap_or_default(),
        updated_at: Some(around.now),
        sources: sources(views),
        source_status: source_status(views),
        identity: identity(&by_authority),
        canonical_identity: canonical(id, &by_authority, &around),
        metrics: metrics(measuring),
        uptime: seen.iter().find_map(|sighting| sighting.uptime),
        temperature: seen.iter().find_map(|sighting| sighting.temperature),
        parent_name: around.parent.as_ref().map(|(_, name)| name.clone()),
        parent_id: around.parent.map(|(parent, _)| parent),
        child_count: (around.child_count > 0).then_some(around.child_count),
        custom_url: None,
        notes: Vec::new(),
        tags,
        metrics_target: Some(MetricsTarget {
            resource_type: lead.sighting.kind,
            resource_id: id.clone(),
        }),
        facets,
    }
}

fn sorted<'v, 'a, K: Ord>(
    views: &'v [View<'a>],
    key: impl Fn(&View<'a>) -> K,
) -> Vec<&'v View<'a>> {
    let mut sorted: Vec<_> = views.iter().collect();
    sorted.sort_by_key(|view| (key(view), view.part.own.clone()));
    sorted
}

/// Ranks who says what a thing is: the hypervisor of a guest, then what has a kind of its own, then
/// machines.
pub(crate) fn authority(part: &Part) -> (u8, u8) {
    let kind = match part.sighting.kind {
        Kind::Vm | Kind::SystemContainer => 0,
        Kind::Agent => 2,
        Kind::DockerHost => 3,
        Kind::K8sNode => 4,
        _ => 1,
    };
    let source = match part.shown_as {
        SourceKind::Proxmox => 0,
        SourceKind::Truenas => 1,
        SourceKind::Agent => 2,
        SourceKind::Kubernetes => 3,
        SourceKind::Docker => 4,
        SourceKind::Pbs => 5,
        SourceKind::Pmg => 6,
    };
    (kind, source)
}

/// Ranks who knows best what a thing measures: whoever is on it.
fn insight(source: SourceKind) -> u8 {
    match source {
        SourceKind::Agent => 0,
        SourceKind::Docker => 1,
        SourceKind::Kubernetes => 2,
        SourceKind::Truenas => 3,
        SourceKind::Pbs => 4,
        SourceKind::Pmg => 5,
        SourceKind::Proxmox => 6,
    }
}

/// Returns the views whose figures count: as long as anybody is heard, not those judged offline.
fn measuring<'v, 'a>(by_insight: &'v [&'v View<'a>]) -> &'v [&'v View<'a>] {
    let fresh = by_insight.iter().filter(|view| view.is_fresh()).count();
    match fresh {
        0 => by_insight,
        fresh => &by_insight[..fresh],
    }
}

fn status(views: &[View<'_>]) -> Status {
    let any = |wanted: Status, only_fresh: bool| {
        views
            .iter()
            .any(|view| view.status() == wanted && (view.is_fresh() || !only_fresh))
    };
    if is_down(views) {
        return Status::Offline;
    }
    if any(Status::Warning, true) {
        return Status::Warning;
    }
    if any(Status::Online, true) {
        return Status::Online;
    }
    if views.iter().any(View::is_fresh) {
        return if any(Status::Offline, true) {
            Status::Offline
        } else {
            Status::Unknown
        };
    }
    // Nobody is heard, and somebody is merely late.
    Status::Unknown
}

fn sources(views: &[View<'_>]) -> Vec<SourceKind> {
    let mut sources: Vec<_> = views.iter().flat_map(View::speaks_as).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// Returns how fresh each kind of source is; of two of one kind the fresher one counts.
fn source_status(views: &[View<'_>]) -> Few<SourceKind, SourceStatus> {
    let rank = |status: &SourceStatus| match status.status {
        SourceState::Online => 2,
        SourceState::Stale => 1,
        SourceState::Offline => 0,
    };
    let mut all: BTreeMap<SourceKind, SourceStatus> = BTreeMap::new();
    let key = |status: &SourceStatus| (rank(status), status.last_seen);
    for view in views {
        for kind in view.speaks_as() {
            let status = view.source_status();
            match all.get_mut(&kind) {
                Some(there) if key(there) >= key(&status) => {}
                Some(there) => *there = status,
                None => {
                    all.insert(kind, status);
                }
            }
        }
    }
    all.into_iter().collect()
}

fn identity(by_authority: &[&View<'_>]) -> Identity {
    let mut identity = by_authority[0].part.sighting.identity.clone();
    for view in &by_authority[1..] {
        let other = &view.part.sighting.identity;
        let single = [
            (&mut identity.machine_id, &other.machine_id),
            (&mut identity.dmi_uuid, &other.dmi_uuid),
            (&mut identity.cluster_name, &other.cluster_name),
            (&mut identity.proxmox_guest_key, &other.proxmox_guest_key),
        ];
        for (slot, from) in single {
            if slot.is_none() {
                slot.clone_from(from);
            }
        }
        let lists = [
            (&mut identity.hostnames, &other.hostnames),
            (&mut identity.ip_addresses, &other.ip_addresses),
            (&mut identity.mac_addresses, &other.mac_addresses),
        ];
        for (list, from) in lists {
            let known = list.len();
            let news = from.iter().filter(|text| !list[..known].contains(text));
            let news: Vec<_> = news.cloned().collect();
            list.extend(news);
        }
    }
    identity
}

/// Returns what leads to the resource, when that is more than its id.
fn canonical(
    id: &ResourceId,
    by_authority: &[&View<'_>],
    around: &Surroundings,
) -> Option<Box<CanonicalIdentity>> {
    if by_authority.len() == 1 && around.superseded.is_empty() && around.clones.is_empty() {
        return None;
    }
    let lead = &by_authority[0].part.sighting;
    let mut aliases: Vec<_> = by_authority
        .iter()
        .map(|view| view.part.own.clone())
        .filter(|own| own != id)
        .collect();
    aliases.sort();
    Some(Box::new(CanonicalIdentity {
        display_name: Some(lead.name.clone()),
        hostname: by_authority
            .iter()
            .find_map(|view| view.part.sighting.identity.hostnames.first().cloned()),
        platform_id: Some(lead.native.as_str().to_owned()),
        primary_id: Some(id.as_str().to_owned()),
        aliases,
        superseded_ids: around.superseded.clone(),
        clones: around.clones.clone(),
    }))
}

fn metrics(measuring: &[&View<'_>]) -> Metrics {
    let mut metrics = measuring[0].part.sighting.metrics.clone();
    for view in &measuring[1..] {
        let other = &view.part.sighting.metrics;
        let all = [
            (&mut metrics.cpu, &other.cpu),
            (&mut metrics.memory, &other.memory),
            (&mut metrics.disk, &other.disk),
            (&mut metrics.net_in, &other.net_in),
            (&mut metrics.net_out, &other.net_out),
            (&mut metrics.disk_read, &other.disk_read),
            (&mut metrics.disk_write, &other.disk_write),
        ];
        for (slot, from) in all {
            if slot.is_none() {
                slot.clone_from(from);
            }
        }
    }
    metrics
}
