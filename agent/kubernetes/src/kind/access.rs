//! Who may do what: service accounts, roles, bindings.

use std::collections::BTreeMap;

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::object::{Meta, objects};
use crate::text;

/// A service account.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ServiceAccount {
    pub(crate) metadata: Meta,
    automount_service_account_token: Option<bool>,
    secrets: Option<Vec<IgnoredAny>>,
    image_pull_secrets: Option<Vec<Reference>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reference {
    kind: Option<String>,
    name: Option<String>,
}

/// A role, of a namespace or of the cluster.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Role {
    pub(crate) metadata: Meta,
    rules: Option<Vec<IgnoredAny>>,
    aggregation_rule: Option<Aggregation>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Aggregation {
    cluster_role_selectors: Option<Vec<Selector>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Selector {
    match_labels: Option<BTreeMap<String, String>>,
}

/// A role binding, of a namespace or of the cluster.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RoleBinding {
    pub(crate) metadata: Meta,
    role_ref: Reference,
    subjects: Option<Vec<Reference>>,
}

objects!(ServiceAccount, Role, RoleBinding);

impl RoleBinding {
    fn subject_kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = Vec::new();
        for subject in self.subjects.iter().flatten() {
            let kind = text::name(subject.kind.as_deref());
            if !kind.is_empty() && !kinds.contains(&kind) && kinds.len() < limits::LIST {
                kinds.push(kind);
            }
        }
        kinds
    }
}

/// Returns what is reported of a service account.
pub(crate) fn service_account(of: ServiceAccount) -> report::ServiceAccount {
    let meta = &of.metadata;
    let pull = (of.image_pull_secrets.iter().flatten()).take(limits::LIST);
    report::ServiceAccount {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        automount_service_account_token: of.automount_service_account_token,
        secret_count: text::count(of.secrets.as_deref()),
        image_pull_secrets: pull.map(|one| text::name(one.name.as_deref())).collect(),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a role of a namespace.
pub(crate) fn role(of: Role) -> report::Role {
    let meta = &of.metadata;
    report::Role {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        rule_count: text::count(of.rules.as_deref()),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a role of the cluster.
pub(crate) fn cluster_role(of: Role) -> report::ClusterRole {
    let meta = &of.metadata;
    let aggregation = of.aggregation_rule.unwrap_or_default();
    let selectors = aggregation.cluster_role_selectors.unwrap_or_default();
    let selected = selectors.into_iter().filter_map(|one| one.match_labels);
    let selected: BTreeMap<String, String> = selected.flatten().collect();
    report::ClusterRole {
        uid: meta.uid(),
        name: meta.name(),
        created_at: meta.created(),
        rule_count: text::count(of.rules.as_deref()),
        aggregation_labels: text::labels(Some(&selected)),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a role binding of a namespace.
pub(crate) fn role_binding(of: RoleBinding) -> report::RoleBinding {
    let meta = &of.metadata;
    report::RoleBinding {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        created_at: meta.created(),
        role_kind: text::name(of.role_ref.kind.as_deref()),
        role_name: text::name(of.role_ref.name.as_deref()),
        subject_count: text::count(of.subjects.as_deref()),
        subject_kinds: of.subject_kinds(),
        labels: meta.labels(),
    }
}

/// Returns what is reported of a role binding of the cluster.
pub(crate) fn cluster_role_binding(of: RoleBinding) -> report::ClusterRoleBinding {
    let meta = &of.metadata;
    report::ClusterRoleBinding {
        uid: meta.uid(),
        name: meta.name(),
        created_at: meta.created(),
        role_kind: text::name(of.role_ref.kind.as_deref()),
        role_name: text::name(of.role_ref.name.as_deref()),
        subject_count: text::count(of.subjects.as_deref()),
        subject_kinds: of.subject_kinds(),
        labels: meta.labels(),
    }
}
