//! A page of resources: what is asked for, which rows match, in which order.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use pulse_estate::{Entry, Estate};
use pulse_model::{Kind, Resource, SourceKind, Status};

use crate::error::ApiError;

const USUAL_PAGE: usize = 50;
const LARGEST_PAGE: usize = 100;
/// Longer parameters are nothing anybody means.
const LONGEST: usize = 1_024;

/// The query of a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    #[serde(rename = "type")]
    kinds: String,
    source: String,
    status: String,
    parent: String,
    cluster: String,
    namespace: String,
    q: String,
    tags: String,
    page: String,
    limit: String,
    sort: String,
    order: String,
}

impl Ask {
    /// Refuses parameters that are longer than anything sensible.
    fn check(&self) -> Result<(), ApiError> {
        let all = [
            ("type", &self.kinds),
            ("source", &self.source),
            ("status", &self.status),
            ("parent", &self.parent),
            ("cluster", &self.cluster),
            ("namespace", &self.namespace),
            ("q", &self.q),
            ("tags", &self.tags),
            ("page", &self.page),
            ("limit", &self.limit),
            ("sort", &self.sort),
            ("order", &self.order),
        ];
        match all.iter().find(|(_, value)| value.len() > LONGEST) {
            None => Ok(()),
            Some((name, _)) => {
                let text = format!("{name} is longer than {LONGEST} bytes.");
                Err(ApiError::bad_request("parameter_too_long", text).detail("parameter", *name))
            }
        }
    }
}

/// The rows of a page, and how many there are in all.
pub(super) struct Page<'a> {
    pub number: usize,
    pub limit: usize,
    pub total: usize,
    pub rows: Vec<&'a Arc<Entry>>,
}

/// Returns the page that is asked for. Costs a look at what the named kinds or sources hold; only
/// the page's own rows are sorted to the end.
pub(super) fn page<'a>(estate: &'a Estate, ask: &Ask) -> Result<Page<'a>, ApiError> {
    ask.check()?;
    let filter = Filter::parse(ask)?;
    let order = Order::parse(ask)?;
    let number = |text: &str, usual: usize| text.trim().parse().unwrap_or(usual).max(1);
    let limit = number(&ask.limit, USUAL_PAGE).min(LARGEST_PAGE);
    let number = number(&ask.page, 1);

    let mut rows = filter.rows(estate);
    let total = rows.len();
    let start = (number - 1).saturating_mul(limit).min(total);
    let end = start.saturating_add(limit).min(total);
    let compare = |a: &Row<'_>, b: &Row<'_>| order.compare(a, b);
    if end < total {
        rows.select_nth_unstable_by(end, compare);
        rows.truncate(end);
    }
    if (1..end).contains(&start) {
        rows.select_nth_unstable_by(start, compare);
    }
    let mut rows = rows.split_off(start);
    rows.sort_unstable_by(compare);
    Ok(Page {
        number,
        limit,
        total,
        rows: rows.into_iter().map(|row| row.entry).collect(),
    })
}

/// A row with its name as it is compared.
struct Row<'a> {
    name: String,
    entry: &'a Arc<Entry>,
}

/// What a row has to be to be listed. Nothing named means everything.
struct Filter {
    kinds: Vec<Kind>,
    sources: Vec<SourceKind>,
    statuses: Vec<Status>,
    parent: String,
    cluster: String,
    namespace: String,
    q: String,
    tags: Vec<String>,
}

impl Filter {
    fn parse(ask: &Ask) -> Result<Self, ApiError> {
        let (kinds, unknown): (Vec<_>, Vec<_>) = words(&ask.kinds)
            .map(|word| (Kind::from_filter(word), word))
            .partition(|(kind, _)| kind.is_some());
        if !unknown.is_empty() {
            let unknown: Vec<_> = unknown.into_iter().map(|(_, word)| word).collect();
            let text = format!("unsupported type filter token(s): {}", unknown.join(", "));
            return Err(ApiError::bad_request("unsupported_type", text));
        }
        let status = |word: &str| {
            let mut all = Status::ALL.into_iter();
            all.find(|status| status.word().eq_ignore_ascii_case(word))
        };
        Ok(Self {
            kinds: kinds.into_iter().filter_map(|(kind, _)| kind).collect(),
            sources: words(&ask.source)
                .filter_map(SourceKind::from_word)
                .collect(),
            statuses: words(&ask.status).filter_map(status).collect(),
            parent: ask.parent.trim().to_owned(),
            cluster: ask.cluster.trim().to_owned(),
            namespace: ask.namespace.trim().to_owned(),
            q: ask.q.trim().to_lowercase(),
            tags: words(&ask.tags).map(str::to_lowercase).collect(),
        })
    }

    fn rows<'a>(&self, estate: &'a Estate) -> Vec<Row<'a>> {
        let parent = estate.get(&self.parent).map(|entry| entry.resource());
        let is_nowhere = !self.parent.is_empty() && parent.is_none();
        if is_nowhere {
            return Vec::new();
        }
        let mut rows = Vec::new();
        let mut take = |entry: &'a Arc<Entry>| {
            if self.lets_through(entry, parent) {
                let name = entry.whole().name.to_lowercase();
                if self.q.is_empty() || name.contains(&self.q) {
                    rows.push(Row { name, entry });
                }
            }
        };
        if let Some(parent) = parent {
            estate.children(parent.id.as_str()).for_each(&mut take);
        } else if self.kinds.is_empty() {
            estate.iter().for_each(&mut take);
        } else {
            let kinds: BTreeSet<_> = self.kinds.iter().copied().collect();
            for kind in kinds {
                estate.of_kind(kind).for_each(&mut take);
            }
        }
        rows
    }

    fn lets_through(&self, entry: &Entry, parent: Option<&Resource>) -> bool {
        let resource = entry.resource();
        let is_child = || {
            let own = resource.parent_id.as_ref();
            parent.is_none_or(|parent| own == Some(&parent.id))
        };
        let has_source = || resource.sources.iter().any(|s| self.sources.contains(s));
        let has_tag = || {
            let added = entry.added().map_or(&[][..], |added| added.tags.as_slice());
            let mut tags = resource
                .tags
                .iter()
                .chain(added)
                .map(|tag| tag.to_lowercase());
            tags.any(|tag| self.tags.contains(&tag))
        };
        (self.kinds.is_empty() || self.kinds.contains(&resource.kind))
            && (self.statuses.is_empty() || self.statuses.contains(&resource.status))
            && (self.sources.is_empty() || has_source())
            && is_child()
            && (self.cluster.is_empty() || is_in_cluster(resource, &self.cluster))
            && (self.namespace.is_empty() || is_in_namespace(resource, &self.namespace))
            && (self.tags.is_empty() || has_tag())
    }
}

/// Tells whether any source says that the resource belongs to the cluster of that name or id.
pub(super) fn is_in_cluster(resource: &Resource, cluster: &str) -> bool {
    let facets = &resource.facets;
    let proxmox = facets.proxmox.as_deref();
    let engine = facets
        .docker
        .as_deref()
        .and_then(|docker| docker.engine.as_deref());
    let swarm = engine.and_then(|engine| engine.swarm.as_ref());
    let kubernetes = facets.kubernetes.as_deref();
    let names = [
        resource.identity.cluster_name.as_deref(),
        proxmox.and_then(|proxmox| proxmox.cluster_name.as_deref()),
        swarm.and_then(|swarm| swarm.cluster_name.as_deref()),
        swarm.and_then(|swarm| swarm.cluster_id.as_deref()),
        kubernetes.and_then(|cluster| cluster.cluster_name.as_deref()),
        kubernetes.and_then(|cluster| cluster.cluster_id.as_deref()),
    ];
    let wanted = cluster.to_lowercase();
    names
        .into_iter()
        .flatten()
        .any(|name| name.to_lowercase() == wanted)
}

fn is_in_namespace(resource: &Resource, namespace: &str) -> bool {
    let kubernetes = resource.facets.kubernetes.as_deref();
    let own = kubernetes.and_then(|object| object.namespace.as_deref());
    own.is_some_and(|own| own.eq_ignore_ascii_case(namespace))
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    let words = list.split(',').map(str::trim);
    words.filter(|word| !word.is_empty())
}

#[derive(Clone, Copy)]
enum Key {
    Name,
    Status,
    Type,
    LastSeen,
}

/// The order of a page. Ties go by name, then by id, so that pages never overlap.
struct Order {
    key: Key,
    is_descending: bool,
}

impl Order {
    fn parse(ask: &Ask) -> Result<Self, ApiError> {
        let key = match ask.sort.trim().to_ascii_lowercase().as_str() {
            "" | "name" => Key::Name,
            "status" => Key::Status,
            "type" => Key::Type,
            "lastseen" => Key::LastSeen,
            _ => {
                let text = "Sort by name, status, type or lastSeen.";
                return Err(ApiError::bad_request("unsupported_sort", text));
            }
        };
        let is_descending = match ask.order.trim().to_ascii_lowercase().as_str() {
            "" | "asc" => false,
            "desc" => true,
            _ => {
                let text = "The order is asc or desc.";
                return Err(ApiError::bad_request("unsupported_order", text));
            }
        };
        Ok(Self { key, is_descending })
    }

    fn compare(&self, a: &Row<'_>, b: &Row<'_>) -> Ordering {
        let (one, other) = (a.entry.resource(), b.entry.resource());
        let by_key = match self.key {
            Key::Name => a.name.cmp(&b.name),
            Key::Status => one.status.cmp(&other.status),
            Key::Type => one.kind.word().cmp(other.kind.word()),
            Key::LastSeen => one.last_seen.cmp(&other.last_seen),
        };
        let by_key = if self.is_descending {
            by_key.reverse()
        } else {
            by_key
        };
        by_key
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| one.id.cmp(&other.id))
    }
}
