//! A registry on this machine: a tag that moves on is an update.

use pulse_agent_docker::Settings;
use pulse_protocol::report::docker::{ContainerUpdate, DockerReport};

use crate::machine::{Docker, Service, named, until};

async fn registry(docker: &Docker) -> (Service, String) {
    let root = docker.root.path();
    let settings = format!(
        "version: 0.1\nstorage: {{ filesystem: {{ rootdirectory: {} }} }}\nhttp: {{ addr: \"127.0.0.1:0\" }}\n",
        root.join("registry").display()
    );
    let file = root.join("registry.yml");
    #[expect(clippy::disallowed_methods, reason = "a file for another program")]
    std::fs::write(&file, settings).expect("a file");
    let arguments = ["serve", &file.display().to_string()];
    let (service, line) = Service::start("docker-registry", &arguments, "listening on ").await;
    let address = line.split("listening on ").nth(1).expect("an address");
    let address: String = address
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':'))
        .collect();
    (service, address)
}

fn status(report: &DockerReport, name: &str) -> Option<ContainerUpdate> {
    named(report, name)?.update_status.clone()
}

#[tokio::test]
#[ignore = "needs Docker Engine, docker-registry and root"]
async fn a_tag_that_moves_on_is_an_update_and_what_cannot_be_told_says_why() {
    let docker = Docker::start().await;
    let (_registry, address) = registry(&docker).await;
    let image = format!("{address}/shop/web:1");
    docker.cli(&format!("tag web:1 {image}")).await;
    docker.cli(&format!("push {image}")).await;
    let digest = docker
        .cli(&format!("inspect --format {{{{.RepoDigests}}}} {image}"))
        .await;
    let digest = digest.trim_matches(['[', ']']);
    for (name, image) in [
        ("web", image.as_str()),
        ("local", "web:1"),
        ("pinned", digest),
    ] {
        docker
            .cli(&format!(
                "run -d --name {name} --network none {image} /bin/sleep 600"
            ))
            .await;
    }
    let mut engines = docker.engines(Settings::default());
    let report = until(&mut engines, "an answer of the registry", |report| {
        status(report, "web").is_some()
    })
    .await;
    let web = status(&report, "web").expect("a status");
    assert_eq!((web.update_available, web.error.as_str()), (false, ""));
    assert!(
        digest.ends_with(&web.latest_digest) && web.latest_digest == web.current_digest,
        "{web:?}"
    );
    assert_eq!(
        status(&report, "local").expect("a status").error,
        "image was made on this machine"
    );
    assert_eq!(
        status(&report, "pinned").expect("a status").error,
        "digest-pinned image"
    );

    // Another image under the same tag, pushed by somebody else as it were.
    docker.import("web:2", "two").await;
    docker.cli(&format!("tag web:2 {image}")).await;
    docker.cli(&format!("push {image}")).await;
    engines.checker().check().await;
    let report = until(&mut engines, "an update", |report| {
        status(report, "web").is_some_and(|update| update.update_available)
    })
    .await;
    let moved = status(&report, "web").expect("a status");
    assert_eq!(moved.current_digest, web.current_digest);
    assert!(
        moved.latest_digest != web.latest_digest && moved.error.is_empty(),
        "{moved:?}"
    );
    assert_eq!(
        named(&report, "web").expect("the container").image,
        image,
        "its name, not its id"
    );
    docker.cli("rm -f web local pinned").await;
}
