//! Pods.

use pulse_protocol::limits;
use pulse_protocol::report::kubernetes as report;
use serde::Deserialize;

use crate::object::{Meta, objects};
use crate::text;

/// A pod.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Pod {
    pub(crate) metadata: Meta,
    spec: Spec,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    node_name: Option<String>,
    containers: Option<Vec<Planned>>,
}

/// A container as it is to be.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Planned {
    name: Option<String>,
    image: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    phase: Option<String>,
    reason: Option<String>,
    message: Option<String>,
    qos_class: Option<String>,
    start_time: Option<String>,
    init_container_statuses: Option<Vec<Container>>,
    container_statuses: Option<Vec<Container>>,
}

/// A container as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Container {
    name: Option<String>,
    image: Option<String>,
    ready: Option<bool>,
    restart_count: Option<i64>,
    state: State,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct State {
    waiting: Option<Detail>,
    running: Option<Detail>,
    terminated: Option<Detail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    reason: Option<String>,
    message: Option<String>,
    exit_code: Option<i64>,
}

objects!(Pod);

impl Pod {
    /// Tells whether something is wrong with it.
    pub(crate) fn is_in_trouble(&self) -> bool {
        let phase = self.status.phase.as_deref().unwrap_or_default();
        let containers = self.status.container_statuses.iter().flatten();
        matches!(phase, "Pending" | "Failed" | "Unknown")
            || self.failing_start().is_some()
            || containers.into_iter().any(Container::is_in_trouble)
    }

    /// Returns the container that keeps the others from starting.
    fn failing_start(&self) -> Option<&Container> {
        let mut starting = self.status.init_container_statuses.iter().flatten();
        starting.find(|container| {
            let state = &container.state;
            let is_failed =
                (state.terminated.as_ref()).is_some_and(|end| end.exit_code.unwrap_or(0) != 0);
            let is_ready = container.ready == Some(true);
            state.waiting.is_some() || is_failed || (!is_ready && state.running.is_none())
        })
    }
}

impl Container {
    fn is_in_trouble(&self) -> bool {
        let state = &self.state;
        state.waiting.is_some() || state.terminated.is_some() || self.ready != Some(true)
    }

    fn reported(&self) -> report::PodContainer {
        let (state, detail) = self.state.named();
        report::PodContainer {
            name: text::name(self.name.as_deref()),
            image: text::long(self.image.as_deref()),
            ready: self.ready == Some(true),
            restart_count: self.restart_count.unwrap_or(0),
            state: state.to_owned(),
            reason: text::long(detail.and_then(|detail| detail.reason.as_deref())),
            message: text::long(detail.and_then(|detail| detail.message.as_deref())),
        }
    }
}

impl State {
    fn named(&self) -> (&'static str, Option<&Detail>) {
        let states = [
            ("waiting", &self.waiting),
            ("terminated", &self.terminated),
            ("running", &self.running),
        ];
        let state = states.into_iter().find(|(_, detail)| detail.is_some());
        state.map_or(("", None), |(state, detail)| (state, detail.as_ref()))
    }
}

/// Returns what is reported of a pod.
pub(crate) fn pod(pod: &Pod) -> report::Pod {
    let (meta, status) = (&pod.metadata, &pod.status);
    let (owner_kind, owner_name) = meta.owner();
    let all = (status.init_container_statuses.iter()).chain(&status.container_statuses);
    let restarts = all
        .flatten()
        .filter_map(|container| container.restart_count);
    let (reason, message) = explanation(pod);
    report::Pod {
        uid: meta.uid(),
        name: meta.name(),
        namespace: meta.namespace(),
        node_name: text::name(pod.spec.node_name.as_deref()),
        phase: text::name(status.phase.as_deref()),
        reason,
        message,
        qos_class: text::name(status.qos_class.as_deref()),
        created_at: meta.created(),
        start_time: text::moment(status.start_time.as_deref()),
        restarts: restarts.fold(0, i64::saturating_add),
        labels: meta.labels(),
        owner_kind,
        owner_name,
        usage: None,
        containers: containers(pod),
    }
}

/// Returns why the pod is not as it should be, in the words of whoever knows it best.
fn explanation(pod: &Pod) -> (String, String) {
    let status = &pod.status;
    let said = (
        text::long(status.reason.as_deref()),
        text::long(status.message.as_deref()),
    );
    if !said.0.is_empty() || !said.1.is_empty() {
        return said;
    }
    if pod.metadata.is_being_deleted() {
        return ("Terminating".to_owned(), String::new());
    }
    let detail = pod.failing_start().and_then(|start| start.state.named().1);
    let Some(reason) = detail.and_then(|detail| detail.reason.as_deref()) else {
        return said;
    };
    let message = text::long(detail.and_then(|detail| detail.message.as_deref()));
    (text::long(Some(&format!("Init:{reason}"))), message)
}

/// Returns the containers; those of a pod no node has yet, as they are to be.
fn containers(pod: &Pod) -> Vec<report::PodContainer> {
    let running = pod.status.container_statuses.iter().flatten();
    let running: Vec<_> = running
        .take(limits::LIST)
        .map(Container::reported)
        .collect();
    if !running.is_empty() {
        return running;
    }
    let planned = pod.spec.containers.iter().flatten().take(limits::LIST);
    planned
        .map(|container| report::PodContainer {
            name: text::name(container.name.as_deref()),
            image: text::long(container.image.as_deref()),
            ..report::PodContainer::default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(status: Value) -> Pod {
        let spec = json!({"containers": [{"name": "web", "image": "nginx"}]});
        let pod = json!({"metadata": {"name": "p"}, "spec": spec, "status": status});
        serde_json::from_value(pod).expect("a pod")
    }

    #[test]
    fn a_pod_is_in_trouble_when_any_of_its_containers_is() {
        let running = json!({"name": "web", "ready": true, "state": {"running": {}}});
        let healthy = json!({"phase": "Running", "containerStatuses": [running]});
        assert!(!read(healthy.clone()).is_in_trouble());
        let done = json!({"ready": true, "state": {"terminated": {"exitCode": 0}}});
        let sidecar = json!({"ready": false, "state": {"running": {}}});
        let failed = json!({"ready": false, "state": {"terminated": {"exitCode": 1}}});
        let waiting = json!({"ready": false, "state": {"waiting": {"reason": "PodInitializing"}}});
        for (init, expected) in [
            (json!([done]), false),
            (json!([done, sidecar]), false),
            (json!([failed]), true),
            (json!([waiting]), true),
        ] {
            let mut status = healthy.clone();
            status["initContainerStatuses"] = init.clone();
            assert_eq!(read(status).is_in_trouble(), expected, "{init}");
        }
        for status in [
            json!({"phase": "Pending"}),
            json!({"phase": "Failed", "reason": "Evicted"}),
            json!({"phase": "Unknown"}),
            json!({"phase": "Running", "containerStatuses": [{"ready": false, "state": {"running": {}}}]}),
            json!({"phase": "Running", "containerStatuses": [{"ready": true, "state": {"waiting": {}}}]}),
        ] {
            assert!(read(status.clone()).is_in_trouble(), "{status}");
        }
    }

    #[test]
    fn a_pod_that_cannot_start_says_why() {
        let waiting = json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m"}});
        let init = json!([{"name": "migrate", "restartCount": 4, "state": waiting}]);
        let reported = pod(&read(
            json!({"phase": "Pending", "initContainerStatuses": init}),
        ));
        assert_eq!(
            (
                reported.reason.as_str(),
                reported.message.as_str(),
                reported.restarts
            ),
            ("Init:CrashLoopBackOff", "back-off 5m", 4)
        );
        assert_eq!(reported.containers.len(), 1, "what is to run is named");
        assert_eq!(reported.containers[0].image, "nginx");
    }
}
