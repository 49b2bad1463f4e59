//! Docker Engine: what runs, what stopped, and what went wrong with it.

use pulse_protocol::report::docker::{ContainerHealth, ContainerState};

use crate::machine::{Docker, named, now, processor_time, quiet, until};

#[tokio::test]
#[ignore = "needs Docker Engine and root"]
async fn a_container_is_seen_running_and_then_stopped() {
    let docker = Docker::start().await;
    let mut engines = docker.engines(quiet());
    until(&mut engines, "an engine", |report| {
        report.containers.is_empty()
    })
    .await;
    docker
        .cli(
            "run -d --name web --network none --memory 64m -e API_KEY=hunter2 -v shop:/srv \
             --label com.docker.compose.project=shop --health-cmd true --health-interval 1s web:1 /bin/yes",
        )
        .await;
    let is_busy = |container: &pulse_protocol::report::docker::Container| {
        container.cpu_percent.is_some_and(|percent| percent > 1.0)
    };
    let report = until(
        &mut engines,
        "a healthy, busy container and its volume",
        |report| {
            let web = named(report, "web");
            let is_healthy =
                web.is_some_and(|web| web.health == ContainerHealth::Healthy && is_busy(web));
            is_healthy && report.volumes.iter().any(|volume| volume.name == "shop")
        },
    )
    .await;
    let web = named(&report, "web").expect("the container");
    assert_eq!(
        (&web.state, web.image.as_str()),
        (&ContainerState::Running, "web:1")
    );
    assert_eq!(web.memory_limit_bytes, Some(64 << 20));
    assert!(
        web.memory_usage_bytes
            .is_some_and(|bytes| bytes > 0 && bytes < 64 << 20)
    );
    assert_eq!(web.labels["com.docker.compose.project"], "shop");
    assert!(web.env.contains(&"API_KEY=***".to_owned()), "{:?}", web.env);
    assert_eq!(web.mounts[0].destination, "/srv");
    assert_eq!((web.restart_count, web.oom_killed), (Some(0), Some(false)));
    assert!(
        report
            .images
            .iter()
            .any(|image| image.repo_tags == ["web:1"])
    );
    assert!(report.networks.iter().any(|network| network.name == "host"));

    docker.cli("kill web").await;
    let report = until(&mut engines, "the container stopped", |report| {
        named(report, "web")
            .is_some_and(|web| web.state == ContainerState::Exited && web.finished_at.is_some())
    })
    .await;
    let web = named(&report, "web").expect("the container");
    assert_eq!(
        (web.exit_code, web.uptime_seconds, web.cpu_percent),
        (Some(137), Some(0), None)
    );
    docker.cli("rm web").await;
    until(&mut engines, "the container gone", |report| {
        report.containers.is_empty()
    })
    .await;
    until(&mut engines, "the disk usage", |report| {
        report.storage_usage.is_some()
    })
    .await;
}

#[tokio::test]
#[ignore = "needs Docker Engine and root"]
async fn what_goes_wrong_is_told() {
    let docker = Docker::start().await;
    let mut engines = docker.engines(quiet());
    for more in [
        "--name loop --restart on-failure:2 web:1 /bin/false",
        "--name greedy --memory 8m web:1 /bin/greedy",
        "--name ill --health-cmd false --health-interval 1s --health-retries 1 web:1 /bin/sleep 600",
    ] {
        docker.cli(&format!("run -d --network none {more}")).await;
    }
    until(&mut engines, "a restart loop that gave up", |report| {
        named(report, "loop").is_some_and(|c| {
            let counts = (c.restart_count, c.exit_code);
            counts == (Some(2), Some(1)) && c.state == ContainerState::Exited
        })
    })
    .await;
    until(&mut engines, "a container killed", |report| {
        named(report, "greedy").is_some_and(|c| c.exit_code == Some(137))
    })
    .await;
    // An engine under load may miss why it was killed: what it says itself is what is to be told.
    let said = docker
        .cli("inspect --format {{.State.OOMKilled}} greedy")
        .await;
    let said = said.trim() == "true";
    until(&mut engines, "an end for lack of memory", |report| {
        named(report, "greedy").is_some_and(|c| c.oom_killed == Some(said))
    })
    .await;
    until(&mut engines, "a verdict", |report| {
        named(report, "ill").is_some_and(|c| c.health == ContainerHealth::Unhealthy)
    })
    .await;
    docker.cli("rm -f loop greedy ill").await;
}

#[tokio::test]
#[ignore = "needs Docker Engine and root"]
async fn what_fifty_containers_cost_the_engine_is_printed() {
    const ROUNDS: u64 = 10;
    let docker = Docker::start().await;
    for number in 0..50 {
        let name = format!("web{number}");
        docker
            .cli(&format!(
                "run -d --name {name} --network none web:1 /bin/sleep 600"
            ))
            .await;
    }
    let mut engines = docker.engines(quiet());
    until(&mut engines, "fifty containers", |report| {
        report.containers.len() == 50
    })
    .await;
    let (engine, own) = (docker.service.pid, std::process::id());
    let before = (processor_time(engine), processor_time(own));
    for _ in 0..ROUNDS {
        let outcomes = engines.collect(now()).await;
        let reading = outcomes[0].reading.as_ref().expect("a reading");
        assert!(reading.remarks.is_empty(), "{:?}", reading.remarks);
        assert!(
            reading
                .report
                .containers
                .iter()
                .all(|container| container.memory_usage_bytes.is_some())
        );
    }
    let used = (
        processor_time(engine) - before.0,
        processor_time(own) - before.1,
    );
    println!(
        "50 running containers, per report: dockerd {} ms, agent {} ms of processor time",
        used.0 / ROUNDS,
        used.1 / ROUNDS
    );
    let names: Vec<String> = (0..50).map(|number| format!("web{number}")).collect();
    docker.cli(&format!("rm -f {}", names.join(" "))).await;
}
