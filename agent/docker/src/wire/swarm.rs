//! `/nodes`, `/services`, `/tasks`, `/secrets` and `/configs`.

use serde::Deserialize;

use super::Texts;

/// One node.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct NodeListed {
    #[serde(rename = "ID")]
    pub(crate) id: String,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) spec: Option<NodeSpec>,
    pub(crate) description: Option<NodeDescription>,
    pub(crate) status: Option<NodeStatus>,
    #[serde(rename = "ManagerStatus")]
    pub(crate) as_leader: Option<LeaderStatus>,
}

/// What the node is to do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct NodeSpec {
    pub(crate) labels: Option<Texts>,
    pub(crate) role: Option<String>,
    pub(crate) availability: Option<String>,
}

/// What the node is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct NodeDescription {
    pub(crate) hostname: Option<String>,
    pub(crate) platform: Option<Platform>,
    pub(crate) resources: Option<Resources>,
    pub(crate) engine: Option<NodeEngine>,
}

/// Its system.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Platform {
    pub(crate) architecture: Option<String>,
    #[serde(rename = "OS")]
    pub(crate) os: Option<String>,
}

/// Its size.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Resources {
    #[serde(rename = "NanoCPUs")]
    pub(crate) nano_cpus: Option<i64>,
    pub(crate) memory_bytes: Option<i64>,
}

/// Its engine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct NodeEngine {
    pub(crate) engine_version: Option<String>,
    pub(crate) labels: Option<Texts>,
}

/// How it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct NodeStatus {
    pub(crate) state: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) addr: Option<String>,
}

/// Its part in leading the swarm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct LeaderStatus {
    pub(crate) leader: Option<bool>,
    pub(crate) reachability: Option<String>,
    pub(crate) addr: Option<String>,
}

/// One service.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ServiceListed {
    #[serde(rename = "ID")]
    pub(crate) id: String,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) spec: Option<ServiceSpec>,
    pub(crate) endpoint: Option<ServiceEndpoint>,
    pub(crate) update_status: Option<UpdateProgress>,
    pub(crate) service_status: Option<ServiceStatus>,
}

/// What the service is to be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ServiceSpec {
    pub(crate) name: Option<String>,
    pub(crate) labels: Option<Texts>,
    pub(crate) task_template: Option<TaskTemplate>,
    pub(crate) mode: Option<ServiceMode>,
}

/// What its tasks run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct TaskTemplate {
    pub(crate) container_spec: Option<ContainerSpec>,
}

/// The image.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ContainerSpec {
    pub(crate) image: Option<String>,
}

/// How many tasks there are to be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ServiceMode {
    pub(crate) replicated: Option<Replicated>,
    pub(crate) global: Option<serde::de::IgnoredAny>,
    pub(crate) replicated_job: Option<ReplicatedJob>,
    pub(crate) global_job: Option<serde::de::IgnoredAny>,
}

/// A fixed number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Replicated {
    pub(crate) replicas: Option<i64>,
}

/// A number that are to end well.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ReplicatedJob {
    pub(crate) total_completions: Option<i64>,
}

/// Where it is reached.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ServiceEndpoint {
    pub(crate) ports: Option<Vec<EndpointPort>>,
}

/// One port.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct EndpointPort {
    pub(crate) name: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) target_port: Option<i64>,
    pub(crate) published_port: Option<i64>,
    pub(crate) publish_mode: Option<String>,
}

/// Its rolling update.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct UpdateProgress {
    pub(crate) state: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) completed_at: Option<String>,
}

/// How many tasks there are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ServiceStatus {
    pub(crate) running_tasks: Option<i64>,
    pub(crate) desired_tasks: Option<i64>,
    pub(crate) completed_tasks: Option<i64>,
}

/// One task.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct TaskListed {
    #[serde(rename = "ID")]
    pub(crate) id: String,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    #[serde(rename = "ServiceID")]
    pub(crate) service_id: Option<String>,
    #[serde(rename = "NodeID")]
    pub(crate) node_id: Option<String>,
    pub(crate) slot: Option<i64>,
    pub(crate) desired_state: Option<String>,
    pub(crate) status: Option<TaskStatus>,
}

/// How a task is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct TaskStatus {
    pub(crate) timestamp: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) err: Option<String>,
    pub(crate) container_status: Option<TaskContainer>,
}

/// The container of a task.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct TaskContainer {
    #[serde(rename = "ContainerID")]
    pub(crate) container_id: Option<String>,
}

/// A secret or a config; the content is not even read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Sealed {
    #[serde(rename = "ID")]
    pub(crate) id: String,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) spec: Option<SealedSpec>,
}

/// Its name and who keeps it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct SealedSpec {
    pub(crate) name: Option<String>,
    pub(crate) labels: Option<Texts>,
    pub(crate) driver: Option<DriverName>,
    pub(crate) templating: Option<DriverName>,
}

/// The name of a driver.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DriverName {
    pub(crate) name: Option<String>,
}
