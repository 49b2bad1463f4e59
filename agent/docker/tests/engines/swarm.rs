//! Swarm of one node.

use crate::machine::{Docker, named, quiet, until};

#[tokio::test]
#[ignore = "needs Docker Engine and root"]
async fn a_service_and_its_task_are_seen() {
    let docker = Docker::start().await;
    let mut engines = docker.engines(quiet());
    docker.cli("swarm init --advertise-addr 127.0.0.1").await;
    docker
        .cli(
            "service create -d --name shop_web --label com.docker.stack.namespace=shop --network host \
             --no-resolve-image web:1 /bin/sleep 600",
        )
        .await;
    let report = until(&mut engines, "a running task", |report| {
        let is_running = report
            .services
            .first()
            .is_some_and(|service| service.running_tasks == 1);
        let has_name = report
            .tasks
            .first()
            .is_some_and(|task| !task.container_name.is_empty());
        is_running && has_name
    })
    .await;
    let swarm = report.host.swarm.as_ref().expect("a swarm");
    assert_eq!(
        (swarm.node_role.as_str(), swarm.local_state.as_str()),
        ("manager", "active")
    );
    let service = &report.services[0];
    assert_eq!(
        (service.name.as_str(), service.stack.as_str()),
        ("shop_web", "shop")
    );
    assert_eq!(
        (service.mode.as_str(), service.desired_tasks),
        ("replicated", 1)
    );
    let task = &report.tasks[0];
    assert_eq!(
        (task.current_state.as_str(), task.node_id.as_str()),
        ("running", swarm.node_id.as_str())
    );
    assert!(
        named(&report, &task.container_name)
            .is_some_and(|container| container.id == task.container_id)
    );
    assert!(
        report
            .nodes
            .iter()
            .any(|node| node.leader && node.id == swarm.node_id)
    );
    docker.cli("service rm shop_web").await;
    until(&mut engines, "no service", |report| {
        report.services.is_empty() && report.tasks.is_empty()
    })
    .await;
    docker.cli("swarm leave --force").await;
    until(&mut engines, "no swarm", |report| {
        report.host.swarm.is_none()
    })
    .await;
}
