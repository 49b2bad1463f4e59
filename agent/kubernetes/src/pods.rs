//! The pods that are reported: those in trouble, unless every pod is wanted.

use std::collections::HashMap;

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;

use crate::kind::pod::{self, Pod};
use crate::list::{Resource, Sink};
use crate::namespaces::Namespaces;
use crate::object::Object;
use crate::watch::Store;

/// Pods that have not done their work yet.
pub(crate) const PODS: Resource =
    Resource::new("pods", "/api/v1", "pods", true).only("status.phase!=Succeeded");

/// Reported pods by what sets them apart.
#[derive(Default)]
pub(crate) struct Pods {
    namespaces: Namespaces,
    all: bool,
    by_key: HashMap<String, report::Pod>,
}

impl Pods {
    /// Keeps pods of these namespaces, healthy ones too if `all` are wanted.
    pub(crate) fn of(namespaces: Namespaces, all: bool) -> Self {
        Self {
            namespaces,
            all,
            by_key: HashMap::new(),
        }
    }

    /// Returns at most `most` of them in the order of their names, and how many more there are.
    pub(crate) fn first(&self, most: usize) -> (Vec<report::Pod>, usize) {
        let mut pods: Vec<&report::Pod> = self.by_key.values().collect();
        pods.sort_unstable_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        let left_out = pods.len().saturating_sub(most);
        (pods.into_iter().take(most).cloned().collect(), left_out)
    }
}

impl Sink<Pod> for Pods {
    fn clear(&mut self) {
        self.by_key.clear();
    }

    fn take(&mut self, object: Pod) -> bool {
        let key = object.meta().key();
        let is_wanted =
            self.namespaces.wants(object.within()) && (self.all || object.is_in_trouble());
        if !is_wanted {
            self.by_key.remove(&key);
        } else if self.by_key.len() < limits::PODS || self.by_key.contains_key(&key) {
            self.by_key.insert(key, pod::pod(&object));
        }
        self.by_key.len() < limits::PODS
    }
}

impl Store for Pods {
    type Object = Pod;

    fn prepared(like: &Self) -> Self {
        Self::of(like.namespaces.clone(), like.all)
    }

    fn remove(&mut self, object: &Pod) {
        self.by_key.remove(&object.meta().key());
    }
}
