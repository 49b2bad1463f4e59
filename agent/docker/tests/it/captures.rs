//! Answers of real engines, kept beside the checkout; tests go on without them, saying so.

use pulse_protocol::report::docker::ContainerHealth;
use serde_json::Value;

use crate::daemon::{Daemon, Reply, read, stats};

/// Reads a capture, if the captures are there.
fn capture(name: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let directory = option_env!("PULSE_CAPTURES").unwrap_or(beside);
    let path = std::path::Path::new(directory)
        .join("docker/telegraf")
        .join(name);
    let text = std::fs::read(path).ok();
    if text.is_none() {
        println!("no capture docker/telegraf/{name} here, nothing compared");
    }
    Some(serde_json::from_slice(&text?).expect("a capture is JSON"))
}

/// Docker 17.09 to 20, as Telegraf recorded it.
fn recorded() -> Option<Daemon> {
    let names = [
        "info.json",
        "list.json",
        "inspect.json",
        "nodes.json",
        "services.json",
        "tasks.json",
        "disk.json",
    ];
    let captures: Option<Vec<Value>> = names.iter().map(|name| capture(name)).collect();
    let captures = captures?;
    let [about, list, inspected, nodes, services, tasks, disk] = &captures[..] else {
        panic!("seven captures")
    };
    let daemon = Daemon::start();
    {
        let mut world = daemon.world();
        world.about = about.clone();
        world.about["Swarm"] = serde_json::json!({"NodeID":"0cl4jturcyd1ks3fwpd010kor","LocalNodeState":"active","ControlAvailable":true});
        world.containers = list.as_array().expect("a list").clone();
        for container in &world.containers.clone() {
            let id = container["Id"].as_str().expect("an id").to_owned();
            let counters =
                capture(&format!("stats_{}.json", &id[..12])).unwrap_or_else(|| stats(1, 1));
            world.stats.insert(id.clone(), counters);
            world.inspected.insert(id, inspected.clone());
        }
        for (path, answer) in [
            ("/nodes", nodes),
            ("/services", services),
            ("/tasks", tasks),
            ("/system/df", disk),
        ] {
            world
                .instead
                .insert(path.to_owned(), Reply::Json(answer.clone()));
        }
    }
    Some(daemon)
}

#[tokio::test]
async fn recorded_answers_become_a_report() {
    let Some(daemon) = recorded() else {
        return;
    };
    let mut engines = daemon.engines();
    let mut reading = read(&mut engines).await;
    while reading.report.storage_usage.is_none() {
        reading = read(&mut engines).await;
    }
    let report = &reading.report;
    assert_eq!(
        (report.host.name.as_str(), report.host.total_cpu),
        ("absol", 4)
    );
    let etcd = report
        .containers
        .iter()
        .find(|container| container.name == "etcd")
        .expect("etcd");
    assert_eq!(
        (etcd.image.as_str(), etcd.ports.len()),
        ("quay.io/coreos/etcd:v3.3.25", 4)
    );
    assert_eq!(etcd.health, ContainerHealth::from("unhealthy"));
    assert_eq!(
        (etcd.memory_usage_bytes, etcd.memory_limit_bytes),
        (None, Some(3_840_757_760))
    );
    let modes: Vec<_> = report
        .services
        .iter()
        .map(|service| service.mode.as_str())
        .collect();
    assert_eq!(
        modes,
        ["replicated", "global", "replicated-job", "global-job"]
    );
    assert_eq!(
        (report.tasks.len(), report.tasks[0].service_name.as_str()),
        (3, "test1")
    );
    let usage = report.storage_usage.as_ref().expect("usage");
    assert_eq!(
        usage
            .images
            .as_ref()
            .and_then(|images| images.total_size_bytes),
        Some(10_000_000_000)
    );
    let json = serde_json::to_vec(report).expect("JSON");
    let back = pulse_protocol::report::docker::DockerReport::from_json(&json).expect("a report");
    assert_eq!((&back, back.shed.is_nothing()), (report, true));
}
