//! What is in the cluster, and how the API answers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Where every kind of object is, and what its list is called.
const COLLECTIONS: [(&str, &str); 30] = [
    ("/api/v1/nodes", "NodeList"),
    ("/api/v1/namespaces", "NamespaceList"),
    ("/api/v1/pods", "PodList"),
    ("/api/v1/services", "ServiceList"),
    ("/api/v1/persistentvolumes", "PersistentVolumeList"),
    (
        "/api/v1/persistentvolumeclaims",
        "PersistentVolumeClaimList",
    ),
    ("/api/v1/configmaps", "ConfigMapList"),
    ("/api/v1/secrets", "SecretList"),
    ("/api/v1/serviceaccounts", "ServiceAccountList"),
    ("/api/v1/resourcequotas", "ResourceQuotaList"),
    ("/api/v1/limitranges", "LimitRangeList"),
    ("/api/v1/events", "EventList"),
    ("/apis/apps/v1/deployments", "DeploymentList"),
    ("/apis/apps/v1/replicasets", "ReplicaSetList"),
    ("/apis/apps/v1/statefulsets", "StatefulSetList"),
    ("/apis/apps/v1/daemonsets", "DaemonSetList"),
    ("/apis/batch/v1/jobs", "JobList"),
    ("/apis/batch/v1/cronjobs", "CronJobList"),
    ("/apis/networking.k8s.io/v1/ingresses", "IngressList"),
    (
        "/apis/networking.k8s.io/v1/networkpolicies",
        "NetworkPolicyList",
    ),
    (
        "/apis/discovery.k8s.io/v1/endpointslices",
        "EndpointSliceList",
    ),
    ("/apis/storage.k8s.io/v1/storageclasses", "StorageClassList"),
    ("/apis/rbac.authorization.k8s.io/v1/roles", "RoleList"),
    (
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "ClusterRoleList",
    ),
    (
        "/apis/rbac.authorization.k8s.io/v1/rolebindings",
        "RoleBindingList",
    ),
    (
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "ClusterRoleBindingList",
    ),
    (
        "/apis/policy/v1/poddisruptionbudgets",
        "PodDisruptionBudgetList",
    ),
    (
        "/apis/autoscaling/v2/horizontalpodautoscalers",
        "HorizontalPodAutoscalerList",
    ),
    (
        "/apis/snapshot.storage.k8s.io/v1/volumesnapshots",
        "VolumeSnapshotList",
    ),
    ("/apis/velero.io/v1/backups", "BackupList"),
];

/// What is answered to a question instead of the truth.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A status, with the API's usual sentence about it.
    Refuse(u16, String),
    /// A status with a header that asks for patience, in seconds.
    Busy(u16, u64),
    /// This body.
    Body(Vec<u8>),
    /// A body of that many bytes, without saying so first.
    Endless(u64),
    /// Never.
    Hang,
    /// Half an answer, then the end of the connection.
    Cut,
}

/// How watches go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watching {
    /// Every change is told.
    Faithful,
    /// They are not allowed.
    Forbidden,
    /// They begin with the news that their place is gone.
    Gone,
    /// They break off in the middle of a change.
    Torn,
    /// Nothing is ever told.
    Silent,
}

/// One question that was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub path: String,
    /// The form it was asked for in.
    pub accept: String,
    /// Who asked.
    pub authorization: String,
}

/// The cluster.
pub struct World {
    /// Objects by the path of the list of all of their kind.
    pub objects: BTreeMap<String, Vec<Value>>,
    /// Answers to exactly these paths.
    pub answers: BTreeMap<String, Value>,
    /// Answers to whatever begins like that, before anything else.
    pub instead: Vec<(String, Reply)>,
    /// The only token that is believed, if any is asked for.
    pub token: Option<String>,
    /// How watches go.
    pub watching: Watching,
    /// How many places in lists are forgotten before they are asked for.
    pub forgotten: u32,
    /// Objects that come into a list, first, when its second page is asked for.
    pub between_pages: BTreeMap<String, Value>,
    /// Whether the API can leave content out.
    pub knows_metadata_only: bool,
    /// Every question.
    pub seen: Vec<Asked>,
    version: u64,
}

impl Default for World {
    fn default() -> Self {
        let empty = |(path, _): (&str, &str)| (path.to_owned(), Vec::new());
        let version = json!({"major": "1", "minor": "33", "gitVersion": "v1.33.2"});
        Self {
            objects: COLLECTIONS.into_iter().map(empty).collect(),
            answers: BTreeMap::from([("/version".to_owned(), version)]),
            instead: Vec::new(),
            token: None,
            watching: Watching::Faithful,
            forgotten: 0,
            between_pages: BTreeMap::new(),
            knows_metadata_only: true,
            seen: Vec::new(),
            version: 1_000,
        }
    }
}

impl World {
    /// Adds an object to a list.
    pub fn add(&mut self, list: &str, object: Value) {
        self.objects
            .entry(list.to_owned())
            .or_default()
            .push(object);
    }

    /// Answers whatever begins like that in this way, and no longer in another.
    pub fn answer_instead(&mut self, prefix: &str, reply: Reply) {
        self.instead.retain(|(known, _)| known != prefix);
        self.instead.push((prefix.to_owned(), reply));
    }

    /// Returns how often something that begins like that was asked for.
    #[must_use]
    pub fn count(&self, prefix: &str) -> usize {
        let seen = self.seen.iter();
        seen.filter(|asked| asked.path.starts_with(prefix)).count()
    }

    /// Makes a change; returns the line watches tell of it.
    pub(super) fn change(&mut self, verb: &str, list: &str, mut object: Value) -> Vec<u8> {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        let uid = object["metadata"]["uid"].clone();
        let objects = self.objects.entry(list.to_owned()).or_default();
        objects.retain(|known| known["metadata"]["uid"] != uid);
        if verb != "DELETED" {
            objects.push(object.clone());
        }
        line(verb, &object)
    }

    /// Returns one page of a list, or a status; `None` if there is no such list.
    pub(super) fn page(&mut self, path: &str, query: &Query, accept: &str) -> Option<Page> {
        let (list, namespace) = self.list_of(path)?;
        if !query.next.is_empty() {
            if self.forgotten > 0 {
                self.forgotten -= 1;
                return Some(Err((
                    410,
                    "The provided continue parameter is too old".to_owned(),
                )));
            }
            if let Some(object) = self.between_pages.remove(&list) {
                self.objects
                    .entry(list.clone())
                    .or_default()
                    .insert(0, object);
            }
        }
        let is_asked = |object: &&Value| {
            let phase = object["status"]["phase"].as_str();
            let is_in = namespace.is_none()
                || object["metadata"]["namespace"].as_str() == namespace.as_deref();
            is_in && (query.selector.is_empty() || phase != Some("Succeeded"))
        };
        let objects = self.objects.get(&list)?.iter().filter(is_asked);
        let start: usize = query.next.parse().unwrap_or(0);
        let limit = query.limit.unwrap_or(usize::MAX);
        let all: Vec<&Value> = objects.skip(start).collect();
        let is_bare = accept.contains("as=PartialObjectMetadataList") && self.knows_metadata_only;
        let bare = |object: &&Value| match is_bare {
            true => json!({"metadata": object["metadata"]}),
            false => (*object).clone(),
        };
        let items: Vec<Value> = all.iter().take(limit).map(bare).collect();
        let remaining = all.len() - items.len();
        let kind = COLLECTIONS.iter().find(|(path, _)| *path == list);
        let kind = kind.map_or("List", |(_, kind)| kind);
        let mut meta = json!({"resourceVersion": self.version.to_string()});
        if remaining > 0 {
            meta["continue"] = json!((start + limit).to_string());
            if query.selector.is_empty() {
                meta["remainingItemCount"] = json!(remaining);
            }
        }
        Some(Ok(json!({
            "kind": if is_bare { "PartialObjectMetadataList" } else { kind },
            "metadata": meta,
            "items": items,
        })))
    }

    /// Finds the list a path is about, and the namespace it is limited to.
    pub(super) fn list_of(&self, path: &str) -> Option<(String, Option<String>)> {
        if self.objects.contains_key(path) {
            return Some((path.to_owned(), None));
        }
        let (group, rest) = path.split_once("/namespaces/")?;
        let (namespace, plural) = rest.split_once('/')?;
        let list = format!("{group}/{plural}");
        self.objects
            .contains_key(&list)
            .then(|| (list, Some(namespace.to_owned())))
    }
}

/// A page, or a status with its sentence.
pub(super) type Page = Result<Value, (u16, String)>;

/// The part of a query the API minds.
#[derive(Default)]
pub(super) struct Query {
    pub(super) limit: Option<usize>,
    pub(super) next: String,
    pub(super) selector: String,
    pub(super) is_watch: bool,
}

impl Query {
    pub(super) fn of(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "limit" => read.limit = value.parse().ok(),
                "continue" => value.clone_into(&mut read.next),
                "fieldSelector" => value.clone_into(&mut read.selector),
                "watch" => read.is_watch = value == "true",
                _ => {}
            }
        }
        read
    }
}

/// Returns one change as a watch tells it.
pub(super) fn line(verb: &str, object: &Value) -> Vec<u8> {
    let mut line = json!({"type": verb, "object": object})
        .to_string()
        .into_bytes();
    line.push(b'\n');
    line
}
