//! Podman as the second engine of a machine.

use pulse_protocol::report::docker::{ContainerState, EngineRuntime};
use tokio::process::Command;

use crate::machine::{Docker, Service, archive, named, now, output, quiet, until};

/// Where everything of Podman's is, as flags for each of its commands.
fn flags(root: &std::path::Path) -> Vec<String> {
    let path = |name: &str| root.join(name).display().to_string();
    [
        "--root",
        &path("pods"),
        "--runroot",
        &path("pods-run"),
        "--cgroup-manager=cgroupfs",
        "--events-backend=file",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[tokio::test]
#[ignore = "needs Docker Engine, Podman and root"]
async fn podman_is_read_beside_docker() {
    let docker = Docker::start().await;
    let root = docker.root.path().to_owned();
    let podman = async |line: &str| {
        let mut command = Command::new("podman");
        command.args(flags(&root)).args(line.split_whitespace());
        output(command).await
    };
    std::fs::create_dir_all(root.join("run/podman")).expect("a directory");
    let socket = format!("unix://{}", root.join("run/podman/podman.sock").display());
    let mut arguments = flags(&root);
    arguments
        .extend(["--log-level=info", "system", "service", "--time=0", &socket].map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let _service = Service::start("podman", &arguments, "API service listening on").await;
    let image = archive(&root, "pod").await;
    podman(&format!("import {} localhost/db:1", image.display())).await;
    podman(
        "run -d --name db --network none --cgroup-parent /pulse-engines --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
         --label io.podman.compose.project=shop localhost/db:1 /bin/sleep 600",
    )
    .await;
    docker
        .cli("run -d --name web --network none web:1 /bin/sleep 600")
        .await;

    let mut engines = docker.engines(quiet());
    let report = until(
        &mut engines,
        "Podman's container, measured twice",
        |report| named(report, "db").is_some_and(|db| db.cpu_percent.is_some()),
    )
    .await;
    assert_eq!(report.host.runtime, EngineRuntime::Podman);
    let db = named(&report, "db").expect("the container");
    assert_eq!(
        (&db.state, db.restart_count),
        (&ContainerState::Running, Some(0))
    );
    assert!(db.memory_usage_bytes.is_some_and(|bytes| bytes > 0) && db.started_at.is_some());
    let facts = db.podman.as_ref().expect("what Podman knows");
    assert_eq!(facts.compose_project, "shop");
    let outcomes = engines.collect(now()).await;
    let suffixes: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.suffix.as_str())
        .collect();
    assert_eq!(suffixes, ["", "podman"]);
    for outcome in &outcomes {
        let remarks = &outcome.reading.as_ref().expect("a reading").remarks;
        assert!(remarks.is_empty(), "{}: {remarks:?}", outcome.address);
    }

    podman("kill db").await;
    until(&mut engines, "Podman's container stopped", |report| {
        named(report, "db")
            .is_some_and(|db| db.state == ContainerState::Exited && db.exit_code == Some(137))
    })
    .await;
    podman("rm -f db").await;
    docker.cli("rm -f web").await;
}
