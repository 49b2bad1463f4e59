//! What only Podman knows of a container: its pod, and what its labels say.

use std::collections::BTreeMap;

use pulse_protocol::report::docker::Podman;
use serde::Deserialize;

use super::Details;
use crate::text;

/// One container as Podman's own interface lists it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PodMember {
    pub(crate) id: String,
    pod: Option<String>,
    pod_name: Option<String>,
    is_infra: Option<bool>,
}

/// Gathers what is known; `None` when nothing is.
pub(crate) fn facts(
    member: Option<&PodMember>,
    labels: &BTreeMap<String, String>,
    details: Option<&Details>,
) -> Option<Podman> {
    // The first label that is there counts.
    let label = |names: &[&str]| {
        let value = names.iter().find_map(|name| labels.get(*name));
        text::name(value.map(String::as_str))
    };
    let of_pod = |value: fn(&PodMember) -> Option<&String>| {
        text::name(member.and_then(value).map(String::as_str))
    };
    let facts = Podman {
        pod_name: of_pod(|member| member.pod_name.as_ref()),
        pod_id: of_pod(|member| member.pod.as_ref()),
        infra: member.and_then(|member| member.is_infra).unwrap_or(false),
        compose_project: label(&["io.podman.compose.project", "com.docker.compose.project"]),
        compose_service: label(&["io.podman.compose.service", "com.docker.compose.service"]),
        compose_workdir: label(&["com.docker.compose.project.working_dir"]),
        compose_config_hash: label(&[
            "io.podman.compose.config-hash",
            "com.docker.compose.config-hash",
        ]),
        auto_update_policy: label(&["io.containers.autoupdate"]),
        auto_update_restart: label(&["io.containers.autoupdate.restart"]),
        user_namespace: details
            .map(|details| details.user_namespace.clone())
            .unwrap_or_default(),
    };
    (facts != Podman::default()).then_some(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_and_its_labels_are_told_and_nothing_is_nothing() {
        let member =
            serde_json::from_str(r#"{"Id":"a","Pod":"p1","PodName":"web","IsInfra":true}"#);
        let labels = [
            ("io.containers.autoupdate", "registry"),
            ("io.podman.compose.project", "shop"),
        ];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let member: PodMember = member.expect("a member");
        let found = facts(Some(&member), &labels.into(), None).expect("facts");
        assert_eq!(
            (found.pod_name.as_str(), found.pod_id.as_str(), found.infra),
            ("web", "p1", true)
        );
        assert_eq!(found.auto_update_policy, "registry");
        assert_eq!(found.compose_project, "shop");
        assert_eq!(
            facts(Some(&PodMember::default()), &BTreeMap::new(), None),
            None
        );
    }
}
