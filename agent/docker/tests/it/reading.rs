//! What is read, when it is read again, and how often the engine is asked.

use pulse_protocol::report::docker::{ContainerHealth, ContainerState, EngineRuntime};
use serde_json::json;

use crate::daemon::{Daemon, engines_in, now, outcome, quiet, read, stats};

#[tokio::test]
async fn a_container_is_told_with_all_that_is_known_of_it() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines();
    let first = read(&mut engines).await;
    assert_eq!(first.remarks, Vec::<String>::new());
    let host = &first.report.host;
    assert_eq!(
        (&host.runtime, host.runtime_version.as_str()),
        (&EngineRuntime::Docker, "27.0")
    );
    assert_eq!(
        (host.name.as_str(), host.total_cpu, &host.swarm),
        ("lathe", 4, &None)
    );
    let [container] = &first.report.containers[..] else {
        panic!("one container")
    };
    assert_eq!(
        (container.name.as_str(), &container.state),
        ("web", &ContainerState::Running)
    );
    assert_eq!(
        container.cpu_percent, None,
        "one read tells nothing about use"
    );
    assert_eq!(
        (container.memory_usage_bytes, container.memory_limit_bytes),
        (Some(600), Some(3_000))
    );
    assert_eq!(container.memory_percent, Some(20.0));
    assert_eq!(container.uptime_seconds, Some(1_400));
    assert_eq!(
        (container.network_rx_bytes, container.network_tx_bytes),
        (Some(1), Some(2))
    );

    daemon
        .world()
        .stats
        .insert("c1".to_owned(), stats(2_000, 14_000));
    let second = read(&mut engines).await;
    assert_eq!(second.report.containers[0].cpu_percent, Some(100.0));
    assert_eq!(second.report.volumes[0].name, "shop");
    assert_eq!(second.report.networks[0].subnets[0].subnet, "172.17.0.0/16");
    assert!(second.report.networks[0].enable_ipv4);
}

#[tokio::test]
async fn with_fifty_containers_an_interval_costs_fifty_two_questions_and_stopped_ones_none() {
    let daemon = Daemon::start();
    for number in 0..50 {
        daemon.run(&format!("c{number}"), &format!("web{number}"));
    }
    for number in 0..30 {
        daemon.run(&format!("s{number}"), &format!("old{number}"));
        let mut world = daemon.world();
        let stopped = world.containers.last_mut().expect("a container");
        stopped["State"] = json!("exited");
        stopped["Status"] = json!("Exited (0) 2 days ago");
    }
    let mut engines = daemon.engines();
    read(&mut engines).await;
    let first = daemon.seen();
    let count =
        |seen: &[String], part: &str| seen.iter().filter(|path| path.contains(part)).count();
    assert_eq!(count(&first, "/stats"), 50);
    assert_eq!(count(&first, "/events"), 1);
    for _ in 0..3 {
        assert_eq!(read(&mut engines).await.report.containers.len(), 80);
        let seen = daemon.seen();
        let asked = seen
            .iter()
            .filter(|path| !path.contains("/system/df"))
            .count();
        assert_eq!(
            asked, 52,
            "one about the engine, one list, fifty reads: {seen:?}"
        );
        assert_eq!(
            (count(&seen, "/stats"), count(&seen, "/json?all=1")),
            (50, 1)
        );
        assert!(
            seen.iter().all(|path| path.starts_with("/v1.44/")),
            "{seen:?}"
        );
    }
}

#[tokio::test]
async fn only_what_something_happened_to_is_inspected_again() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    daemon.run("c2", "db");
    let mut engines = daemon.engines();
    read(&mut engines).await;
    daemon.seen();
    daemon.world().inspected.insert(
        "c2".to_owned(),
        json!({"RestartCount":3,"State":{"ExitCode":1}}),
    );
    daemon.tell(&json!({"Type":"container","Action":"die","Actor":{"ID":"c2"}}));
    daemon.tell(&json!({"Type":"container","Action":"exec_create: x","Actor":{"ID":"c1"}}));
    daemon.tell(&json!({"Type":"volume","Action":"create","Actor":{"ID":"v"}}));
    let restarts = |report: &pulse_protocol::report::docker::DockerReport| {
        let db = report
            .containers
            .iter()
            .find(|container| container.name == "db");
        db.and_then(|container| container.restart_count)
    };
    let mut asked = Vec::new();
    // The stream is another connection: when the news arrives is up to the scheduler.
    while restarts(&read(&mut engines).await.report) != Some(3)
        || !asked.contains(&"/v1.44/volumes".to_owned())
    {
        asked.extend(daemon.seen());
    }
    asked.extend(daemon.seen());
    let inspected = |id: &str| {
        asked
            .iter()
            .filter(|path| path.ends_with(&format!("/{id}/json")))
            .count()
    };
    assert_eq!((inspected("c1"), inspected("c2")), (0, 1));
    assert!(
        !asked.iter().any(|path| path.contains("/networks")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_container_that_stops_is_seen_stopped_and_costs_no_read() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines();
    read(&mut engines).await;
    {
        let mut world = daemon.world();
        world.containers[0]["State"] = json!("exited");
        world.containers[0]["Status"] = json!("Exited (137) 1 second ago");
        world.inspected.insert(
            "c1".to_owned(),
            json!({"RestartCount":2,"State":{"ExitCode":137,"OOMKilled":true,"FinishedAt":"2023-11-14T22:20:00Z"}}),
        );
        world.seen.clear();
    }
    let reading = read(&mut engines).await;
    let container = &reading.report.containers[0];
    assert_eq!(container.state, ContainerState::Exited);
    assert_eq!(
        (
            container.exit_code,
            container.oom_killed,
            container.restart_count
        ),
        (Some(137), Some(true), Some(2))
    );
    assert_eq!(
        (container.uptime_seconds, container.cpu_percent),
        (Some(0), None)
    );
    assert_eq!(container.health, ContainerHealth::default());
    assert!(!daemon.seen().iter().any(|path| path.contains("/stats")));
}

#[tokio::test]
async fn a_container_that_is_gone_is_gone() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines();
    read(&mut engines).await;
    daemon.world().containers.clear();
    assert!(read(&mut engines).await.report.containers.is_empty());
}

#[tokio::test]
async fn disk_usage_is_added_up_beside_the_reports() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines();
    let mut reading = read(&mut engines).await;
    while reading.report.storage_usage.is_none() {
        reading = read(&mut engines).await;
    }
    assert_eq!(reading.report.containers[0].writable_layer_bytes, Some(7));
    let asked = daemon
        .seen()
        .iter()
        .filter(|path| path.ends_with("/system/df"))
        .count();
    assert_eq!(asked, 1, "once an hour");
}

#[tokio::test]
async fn docker_and_podman_are_read_side_by_side() {
    let docker = Daemon::start();
    docker.run("c1", "web");
    let podman = Daemon::start();
    podman.run("p1", "db");
    {
        let mut world = podman.world();
        world.version =
            json!({"Version":"5.1","ApiVersion":"1.41","Components":[{"Name":"Podman Engine"}]});
        world.containers[0]["Labels"] = json!({"io.podman.compose.project":"shop"});
        world.instead.insert(
            "/v4.0.0/libpod/containers/json".to_owned(),
            crate::daemon::Reply::Json(
                json!([{"Id":"p1","Pod":"x","PodName":"pod1","IsInfra":false}]),
            ),
        );
    }
    // One root for both, as on one machine.
    let there = crate::daemon::socket(docker.root(), "run/podman");
    std::fs::create_dir_all(&there).expect("a directory");
    let socket = podman.root().join("var/run/docker.sock");
    std::os::unix::fs::symlink(socket, there.join("podman.sock")).expect("a link");
    let mut engines = docker.engines();
    let outcomes = engines.collect(now()).await;
    let suffixes: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.suffix.as_str())
        .collect();
    assert_eq!(suffixes, ["", "podman"]);
    let report = &outcomes[1].reading.as_ref().expect("a reading").report;
    assert_eq!(report.host.runtime, EngineRuntime::Podman);
    let facts = report.containers[0]
        .podman
        .as_ref()
        .expect("what Podman knows");
    assert_eq!(
        (facts.pod_name.as_str(), facts.compose_project.as_str()),
        ("pod1", "shop")
    );
    assert!(
        podman
            .seen()
            .iter()
            .any(|path| path.starts_with("/v1.41/info"))
    );

    let mut settings = quiet();
    settings.runtime = Some(EngineRuntime::Podman);
    let mut engines = engines_in(docker.root(), settings);
    let outcomes = engines.collect(now()).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    assert_eq!(
        outcomes[0]
            .reading
            .as_ref()
            .expect("a reading")
            .report
            .containers[0]
            .name,
        "db"
    );
}

#[tokio::test]
async fn two_ways_to_one_engine_are_one() {
    let daemon = Daemon::start();
    let other = daemon.root().join("run/podman");
    std::fs::create_dir_all(&other).expect("a directory");
    let forwarded = Daemon::start();
    std::os::unix::fs::symlink(
        forwarded.root().join("var/run/docker.sock"),
        other.join("podman.sock"),
    )
    .expect("a link");
    let mut engines = daemon.engines();
    for _ in 0..2 {
        outcome(&mut engines).await.reading.expect("a reading");
    }
}

#[tokio::test]
async fn an_engine_that_appears_later_is_found() {
    let nowhere = tempfile::tempdir().expect("a directory");
    let mut engines = engines_in(nowhere.path(), quiet());
    assert!(engines.collect(now()).await.is_empty() && !engines.are_there());
    let daemon = Daemon::start();
    std::os::unix::fs::symlink(daemon.root().join("var"), nowhere.path().join("var"))
        .expect("a link");
    assert!(engines.are_there());
    read(&mut engines).await;
}

#[tokio::test]
async fn a_leading_engine_tells_its_swarm() {
    let daemon = Daemon::start();
    daemon.run("c1", "shop_web.1.t1");
    {
        let mut world = daemon.world();
        world.about["Swarm"] = json!({"NodeID":"n1","LocalNodeState":"active","ControlAvailable":true,
            "Cluster":{"ID":"k1","Spec":{"Name":"default"}}});
        let mut say = |path: &str, value| {
            world
                .instead
                .insert(path.to_owned(), crate::daemon::Reply::Json(value))
        };
        say(
            "/nodes",
            json!([{"ID":"n1","Description":{"Hostname":"lathe"},"Spec":{"Role":"manager"},
            "ManagerStatus":{"Leader":true}}]),
        );
        say(
            "/services",
            json!([{"ID":"s1","Spec":{"Name":"shop_web","Labels":{"com.docker.stack.namespace":"shop"},
            "Mode":{"Replicated":{"Replicas":2}}},"ServiceStatus":{"RunningTasks":1,"DesiredTasks":2}}]),
        );
        say(
            "/tasks",
            json!([{"ID":"t1","ServiceID":"s1","NodeID":"n1","Slot":1,"DesiredState":"running",
            "Status":{"State":"running","ContainerStatus":{"ContainerID":"c1"}}}]),
        );
        say(
            "/secrets",
            json!([{"ID":"x1","Spec":{"Name":"pw","Data":"never read"}}]),
        );
        say("/configs", json!([]));
    }
    let reading = read(&mut daemon.engines()).await;
    assert_eq!(reading.remarks, Vec::<String>::new());
    let report = &reading.report;
    let swarm = report.host.swarm.as_ref().expect("a swarm");
    assert_eq!(
        (swarm.node_role.as_str(), swarm.cluster_id.as_str()),
        ("manager", "k1")
    );
    let service = &report.services[0];
    assert_eq!(
        (
            service.running_tasks,
            service.desired_tasks,
            service.stack.as_str()
        ),
        (1, 2, "shop")
    );
    let task = &report.tasks[0];
    assert_eq!(
        (task.service_name.as_str(), task.node_name.as_str()),
        ("shop_web", "lathe")
    );
    assert_eq!(task.container_name, "shop_web.1.t1");
    assert!(report.nodes[0].leader && report.secrets[0].name == "pw");
    assert!(
        !serde_json::to_string(report)
            .expect("JSON")
            .contains("never read")
    );
}
