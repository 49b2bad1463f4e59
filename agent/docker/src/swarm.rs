//! Swarm: the engine's membership, and for one that leads, services, tasks and nodes.
//!
//! Tasks are those of this node: every node with an agent tells its own. A node that does not lead
//! knows no services; what its containers' labels say is told instead.

use std::collections::BTreeMap;

use pulse_protocol::limits;
use pulse_protocol::report::docker::{
    Container, ContainerState, Node, Service, ServicePort, ServiceUpdate, SwarmConfig,
    SwarmMembership, SwarmSecret, Task,
};

use crate::client::{Client, Limits, List};
use crate::container::is_id;
use crate::error::{Error, chain};
use crate::text;
use crate::wire::{self, NodeListed, Sealed, ServiceListed, TaskListed};

/// Label under which a stack's services are found.
const STACK: &str = "com.docker.stack.namespace";

/// What a swarm has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(crate) services: Vec<Service>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) nodes: Vec<Node>,
}

/// Names of secrets and configs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) secrets: Vec<SwarmSecret>,
    pub(crate) configs: Vec<SwarmConfig>,
}

/// Tells the engine's part in a swarm; `None` for an engine in none.
pub(crate) fn membership(swarm: &wire::Swarm) -> Option<SwarmMembership> {
    let local_state = text::name(swarm.local_node_state.as_deref());
    if matches!(local_state.as_str(), "" | "inactive")
        && swarm.node_id.as_deref().unwrap_or("").is_empty()
    {
        return None;
    }
    let leads = swarm.control_available.unwrap_or(false);
    let cluster = swarm.cluster.clone().unwrap_or_default();
    Some(SwarmMembership {
        node_id: text::name(swarm.node_id.as_deref()),
        node_role: if leads { "manager" } else { "worker" }.to_owned(),
        local_state,
        control_available: leads,
        cluster_id: text::name(cluster.id.as_deref()),
        cluster_name: text::name(cluster.spec.and_then(|spec| spec.name).as_deref()),
        scope: "node".to_owned(),
        error: text::long(swarm.error.as_deref()),
    })
}

/// Asks a leading engine for its services, the tasks of this node, and the nodes. What cannot be
/// read is named in `remarks`.
pub(crate) async fn read(client: &Client, node_id: &str, remarks: &mut Vec<String>) -> Lists {
    let nodes = client.list::<NodeListed>("/nodes", Limits::LIST).await;
    let nodes = kept("nodes", nodes, remarks);
    let services = client
        .list::<ServiceListed>("/services?status=true", Limits::LIST)
        .await;
    let services = kept("services", services, remarks);
    let tasks = if is_id(node_id) {
        // {"node":["ID"],"desired-state":["running"]}
        let filters = format!(
            "%7B%22node%22%3A%5B%22{node_id}%22%5D%2C%22desired-state%22%3A%5B%22running%22%5D%7D"
        );
        let tasks = client
            .list::<TaskListed>(&format!("/tasks?filters={filters}"), Limits::LIST)
            .await;
        kept("tasks", tasks, remarks)
    } else {
        Vec::new()
    };
    let named: BTreeMap<&str, &str> = services
        .iter()
        .filter_map(|service| Some((service.id.as_str(), service.spec.as_ref()?.name.as_deref()?)))
        .collect();
    let hosts: BTreeMap<&str, &str> = nodes
        .iter()
        .filter_map(|node| {
            Some((
                node.id.as_str(),
                node.description.as_ref()?.hostname.as_deref()?,
            ))
        })
        .collect();
    Lists {
        tasks: tasks
            .iter()
            .map(|listed| task(listed, &named, &hosts))
            .collect(),
        services: services.iter().map(service).collect(),
        nodes: nodes.iter().map(node).collect(),
    }
}

/// Asks a leading engine for the names of secrets and configs.
pub(crate) async fn read_names(client: &Client, remarks: &mut Vec<String>) -> Names {
    let secrets = client.list::<Sealed>("/secrets", Limits::LIST).await;
    let configs = client.list::<Sealed>("/configs", Limits::LIST).await;
    Names {
        secrets: kept("secrets", secrets, remarks)
            .iter()
            .map(secret)
            .collect(),
        configs: kept("configs", configs, remarks)
            .iter()
            .map(config)
            .collect(),
    }
}

/// Tells services and tasks from the labels of this node's containers.
pub(crate) fn inferred(containers: &[Container]) -> Lists {
    let mut services: BTreeMap<String, Service> = BTreeMap::new();
    let mut tasks = Vec::new();
    for container in containers {
        let label = |name: &str| {
            let value = container.labels.get(&format!("com.docker.swarm.{name}"));
            value.cloned().unwrap_or_default()
        };
        let (service_id, task_id) = (label("service.id"), label("task.id"));
        if service_id.is_empty() || task_id.is_empty() {
            continue;
        }
        let is_running = container.state == ContainerState::Running;
        let service = services
            .entry(service_id.clone())
            .or_insert_with(|| Service {
                id: service_id.clone(),
                name: label("service.name"),
                stack: container.labels.get(STACK).cloned().unwrap_or_default(),
                image: container.image.clone(),
                ..Service::default()
            });
        service.running_tasks += i64::from(is_running);
        tasks.push(Task {
            id: task_id,
            service_name: service.name.clone(),
            service_id,
            node_id: label("node.id"),
            current_state: container.state.as_str().to_owned(),
            container_id: container.id.clone(),
            container_name: container.name.clone(),
            created_at: container.created_at,
            started_at: container.started_at,
            ..Task::default()
        });
    }
    Lists {
        services: services.into_values().collect(),
        tasks,
        nodes: Vec::new(),
    }
}

/// Takes a list as far as it could be read, and remarks on the rest.
fn kept<T>(what: &str, list: Result<List<T>, Error>, remarks: &mut Vec<String>) -> Vec<T> {
    match list {
        Ok(mut list) => {
            if list.odd > 0 {
                remarks.push(format!("{what}: {} made no sense", list.odd));
            }
            list.elements.truncate(limits::CONTAINERS);
            list.elements
        }
        Err(error) => {
            remarks.push(format!("{what}: {}", chain(&error)));
            Vec::new()
        }
    }
}

fn service(listed: &ServiceListed) -> Service {
    let spec = listed.spec.clone().unwrap_or_default();
    let status = listed.service_status.clone().unwrap_or_default();
    let labels = text::labels(spec.labels.as_ref());
    let image = spec
        .task_template
        .and_then(|template| template.container_spec?.image);
    let mode = spec.mode.unwrap_or_default();
    let (word, wanted) = match (&mode.replicated, &mode.replicated_job) {
        (Some(replicated), _) => ("replicated", replicated.replicas),
        (_, Some(job)) => ("replicated-job", job.total_completions),
        _ if mode.global.is_some() => ("global", None),
        _ if mode.global_job.is_some() => ("global-job", None),
        _ => ("", None),
    };
    let ports = listed
        .endpoint
        .as_ref()
        .and_then(|endpoint| endpoint.ports.as_deref());
    let ports = ports.unwrap_or_default().iter().take(limits::LIST);
    let update = listed.update_status.as_ref().map(|update| ServiceUpdate {
        state: text::name(update.state.as_deref()),
        message: text::long(update.message.as_deref()),
        completed_at: text::moment(update.completed_at.as_deref()),
    });
    Service {
        id: text::name(Some(&listed.id)),
        name: text::name(spec.name.as_deref()),
        stack: labels.get(STACK).cloned().unwrap_or_default(),
        image: text::long(image.as_deref()),
        mode: word.to_owned(),
        desired_tasks: status.desired_tasks.or(wanted).unwrap_or(0),
        running_tasks: status.running_tasks.unwrap_or(0),
        completed_tasks: status.completed_tasks.unwrap_or(0),
        labels,
        endpoint_ports: ports
            .map(|port| ServicePort {
                name: text::name(port.name.as_deref()),
                protocol: text::name(port.protocol.as_deref()),
                target_port: port.target_port.unwrap_or(0),
                published_port: port.published_port.unwrap_or(0),
                publish_mode: text::name(port.publish_mode.as_deref()),
            })
            .collect(),
        update_status: update.filter(|update| !update.state.is_empty()),
        created_at: text::moment(listed.created_at.as_deref()),
        updated_at: text::moment(listed.updated_at.as_deref()),
    }
}

fn task(
    listed: &TaskListed,
    services: &BTreeMap<&str, &str>,
    hosts: &BTreeMap<&str, &str>,
) -> Task {
    let status = listed.status.clone().unwrap_or_default();
    let service_id = listed.service_id.as_deref().unwrap_or_default();
    let node_id = listed.node_id.as_deref().unwrap_or_default();
    let state = text::name(status.state.as_deref());
    let moved = text::moment(status.timestamp.as_deref());
    let is_over = matches!(
        state.as_str(),
        "complete" | "failed" | "rejected" | "shutdown" | "orphaned"
    );
    Task {
        id: text::name(Some(&listed.id)),
        service_id: text::name(Some(service_id)),
        service_name: text::name(services.get(service_id).copied()),
        slot: listed.slot.unwrap_or(0),
        node_id: text::name(Some(node_id)),
        node_name: text::name(hosts.get(node_id).copied()),
        desired_state: text::name(listed.desired_state.as_deref()),
        error: text::long(status.err.as_deref()),
        message: text::long(status.message.as_deref()),
        container_id: text::name(
            status
                .container_status
                .and_then(|c| c.container_id)
                .as_deref(),
        ),
        container_name: String::new(),
        created_at: text::moment(listed.created_at.as_deref()),
        updated_at: text::moment(listed.updated_at.as_deref()),
        started_at: moved.filter(|_| state == "running"),
        completed_at: moved.filter(|_| is_over),
        current_state: state,
    }
}

fn node(listed: &NodeListed) -> Node {
    let spec = listed.spec.clone().unwrap_or_default();
    let about = listed.description.clone().unwrap_or_default();
    let platform = about.platform.unwrap_or_default();
    let resources = about.resources.unwrap_or_default();
    let engine = about.engine.unwrap_or_default();
    let status = listed.status.clone().unwrap_or_default();
    let leading = listed.as_leader.clone().unwrap_or_default();
    Node {
        id: text::name(Some(&listed.id)),
        hostname: text::name(about.hostname.as_deref()),
        role: text::name(spec.role.as_deref()),
        availability: text::name(spec.availability.as_deref()),
        state: text::name(status.state.as_deref()),
        message: text::long(status.message.as_deref()),
        address: text::name(status.addr.as_deref()),
        manager_reachability: text::name(leading.reachability.as_deref()),
        manager_address: text::name(leading.addr.as_deref()),
        leader: leading.leader.unwrap_or(false),
        engine_version: text::name(engine.engine_version.as_deref()),
        os: text::name(platform.os.as_deref()),
        architecture: text::name(platform.architecture.as_deref()),
        nano_cpus: text::size(resources.nano_cpus),
        memory_bytes: text::size(resources.memory_bytes),
        labels: text::labels(spec.labels.as_ref()),
        engine_labels: text::labels(engine.labels.as_ref()),
        created_at: text::moment(listed.created_at.as_deref()),
        updated_at: text::moment(listed.updated_at.as_deref()),
    }
}

fn secret(sealed: &Sealed) -> SwarmSecret {
    let spec = sealed.spec.clone().unwrap_or_default();
    SwarmSecret {
        id: text::name(Some(&sealed.id)),
        name: text::name(spec.name.as_deref()),
        labels: text::labels(spec.labels.as_ref()),
        driver_name: text::name(spec.driver.and_then(|driver| driver.name).as_deref()),
        templating_driver: text::name(spec.templating.and_then(|driver| driver.name).as_deref()),
        created_at: text::moment(sealed.created_at.as_deref()),
        updated_at: text::moment(sealed.updated_at.as_deref()),
    }
}

fn config(sealed: &Sealed) -> SwarmConfig {
    let SwarmSecret {
        id,
        name,
        labels,
        templating_driver,
        created_at,
        updated_at,
        ..
    } = secret(sealed);
    SwarmConfig {
        id,
        name,
        labels,
        templating_driver,
        created_at,
        updated_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_in_no_swarm_says_nothing() {
        let read = |json: &str| membership(&serde_json::from_str(json).expect("a swarm"));
        assert_eq!(read(r#"{"NodeID":"","LocalNodeState":"inactive"}"#), None);
        assert_eq!(read("{}"), None);
        let leader = read(
            r#"{"NodeID":"n1","LocalNodeState":"active","ControlAvailable":true,"Cluster":{"ID":"c1","Spec":{"Name":"default"}}}"#,
        );
        let leader = leader.expect("a membership");
        assert_eq!(
            (leader.node_role.as_str(), leader.cluster_name.as_str()),
            ("manager", "default")
        );
        let locked =
            read(r#"{"NodeID":"","LocalNodeState":"locked","Error":"swarm is encrypted"}"#);
        assert_eq!(locked.expect("a membership").error, "swarm is encrypted");
    }

    #[test]
    fn every_mode_of_a_service_is_told_apart() {
        for (mode, word, wanted) in [
            (r#"{"Replicated":{"Replicas":3}}"#, "replicated", 3),
            (r#"{"Global":{}}"#, "global", 0),
            (
                r#"{"ReplicatedJob":{"TotalCompletions":2}}"#,
                "replicated-job",
                2,
            ),
            (r#"{"GlobalJob":{}}"#, "global-job", 0),
            (r#"{"Swirling":{}}"#, "", 0),
        ] {
            let json = format!(r#"{{"ID":"s1","Spec":{{"Name":"web","Mode":{mode}}}}}"#);
            let service = service(&serde_json::from_str(&json).expect("a service"));
            assert_eq!(
                (service.mode.as_str(), service.desired_tasks),
                (word, wanted),
                "{mode}"
            );
        }
    }

    #[test]
    fn a_worker_tells_services_by_the_labels_of_its_containers() {
        let labels = |task: &str| {
            [
                ("service.id", "s1"),
                ("service.name", "shop_web"),
                ("task.id", task),
                ("node.id", "n1"),
            ]
            .map(|(name, value)| (format!("com.docker.swarm.{name}"), value.to_owned()))
        };
        let container = |task: &str, state| Container {
            id: format!("c-{task}"),
            state,
            labels: labels(task).into(),
            ..Container::default()
        };
        let alone = Container::default();
        let lists = inferred(&[
            container("t1", ContainerState::Running),
            container("t2", ContainerState::Exited),
            alone,
        ]);
        assert_eq!((lists.services.len(), lists.tasks.len()), (1, 2));
        assert_eq!(
            (
                lists.services[0].name.as_str(),
                lists.services[0].running_tasks
            ),
            ("shop_web", 1)
        );
        assert_eq!(lists.tasks[1].container_id, "c-t2");
    }
}
