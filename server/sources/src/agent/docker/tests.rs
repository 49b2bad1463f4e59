//! A report, and what it becomes.

use pulse_model::Status;

use super::*;

const REPORT: &[u8] = br#"{
    "agent": {"id": "a-1", "version": "v6.3.0", "type": "unified", "intervalSeconds": 10},
    "host": {"hostname": "dock", "machineId": "m-1", "runtime": "docker", "totalCpu": 4,
             "totalMemoryBytes": 1000, "memory": {"totalBytes": 1000, "usedBytes": 500},
             "swarm": {"nodeId": "n1", "nodeRole": "manager", "controlAvailable": true, "clusterId": "cl-1"}},
    "containers": [
        {"id": "c1", "name": "web", "image": "nginx:1", "state": "running", "status": "Up",
         "cpuPercent": 100, "memoryUsageBytes": 250, "memoryLimitBytes": 0, "health": "unhealthy",
         "networkRxBytes": 7, "blockIo": {"readBytes": 9}, "exitCode": 0,
         "startedAt": "2026-05-01T09:59:00Z",
         "ports": [{"privatePort": 80, "publicPort": 8080, "protocol": "tcp"}],
         "updateStatus": {"updateAvailable": true, "lastChecked": "2026-05-01T09:00:00Z"}},
        {"id": "c2", "name": "", "image": "job", "state": "exited", "status": "Exited (137)",
         "cpuPercent": 0, "memoryUsageBytes": 0, "memoryLimitBytes": 0, "exitCode": 137, "oomKilled": true},
        {"id": "c3", "name": "odd", "image": "x", "state": "levitating", "status": "?"}],
    "images": [{"id": "sha256:0123456789abcdef", "sharedSizeBytes": -1}],
    "volumes": [{"name": "db", "refCount": -1, "createdAt": "2026-04-01T00:00:00Z"}],
    "services": [{"id": "s1", "name": "edge", "desiredTasks": 3, "runningTasks": 1}],
    "tasks": [{"id": "t1", "serviceName": "edge", "slot": 2, "currentState": "failed",
               "desiredState": "running", "createdAt": "0001-01-01T00:00:00Z"}],
    "timestamp": "2026-05-01T10:00:00Z"
}"#;

fn mapped() -> (SourceId, Vec<Sighting>) {
    let report = DockerReport::from_json(REPORT).expect("a report");
    let claim = Claim {
        token_id: Some("t-1".into()),
        ..claim(&report).expect("a claim")
    };
    let observation = map(report, &claim, goes_by(&claim, None), Timestamp::UNIX_EPOCH);
    let Outcome::Slice { sightings, .. } = observation.outcome else {
        panic!("a slice")
    };
    (observation.source, sightings)
}

fn named<'a>(sightings: &'a [Sighting], name: &str) -> &'a Sighting {
    let found = sightings.iter().find(|sighting| sighting.name == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_engine_is_named_after_its_agent_and_holds_the_rest() {
    let (source, sightings) = mapped();
    assert_eq!(source, SourceId::new(SourceKind::Docker, "a-1"));
    let engine = named(&sightings, "dock");
    assert_eq!(
        (engine.kind, engine.parent.as_ref()),
        (Kind::DockerHost, None)
    );
    assert_eq!(engine.identity.machine_id.as_deref(), Some("m-1"));
    let rest = sightings.iter().skip(1);
    assert!(rest.clone().all(|held| held.parent == Some(ENGINE.into())));
    assert_eq!(rest.count(), 7);
    let facts = engine
        .facets
        .docker
        .as_ref()
        .and_then(|docker| docker.engine.clone());
    let facts = facts.expect("an engine");
    assert_eq!(facts.updates_available_count, Some(1));
    assert_eq!(facts.token_id.as_deref(), Some("t-1"));
    assert!(!facts.is_legacy);
}

#[test]
fn a_container_uses_a_share_of_all_cores_and_of_the_machine_when_it_has_no_limit() {
    let (_, sightings) = mapped();
    let web = named(&sightings, "web");
    let value = |metric: &Option<MetricValue>| metric.as_ref().map(|metric| metric.value);
    assert_eq!(value(&web.metrics.cpu), Some(25.0));
    assert_eq!(value(&web.metrics.memory), Some(25.0));
    assert_eq!(web.counters.net_in, Some(Bytes(7)));
    assert_eq!(web.counters.disk_read, Some(Bytes(9)));
    assert_eq!(web.uptime, Some(Seconds(60)));
    let docker = web.facets.docker.as_ref().expect("a facet");
    let facts = docker.container.as_ref().expect("a container");
    assert_eq!(facts.cpu_raw_percent, Some(Percent(100.0)));
    assert_eq!(facts.exit_code, None);
}

#[test]
fn what_does_not_run_measures_nothing() {
    let (_, sightings) = mapped();
    let job = named(&sightings, "c2");
    assert_eq!(job.metrics, Metrics::default());
    let docker = job.facets.docker.as_ref().expect("a facet");
    let facts = docker.container.as_ref().expect("a container");
    assert_eq!((facts.exit_code, facts.oom_killed), (Some(137), Some(true)));
}

#[test]
fn states_are_judged_and_a_word_nobody_knows_is_unknown() {
    let (_, sightings) = mapped();
    let status = |name| named(&sightings, name).status;
    assert_eq!(status("web"), Some(Status::Warning));
    assert_eq!(status("c2"), Some(Status::Offline));
    assert_eq!(status("odd"), Some(Status::Unknown));
    assert_eq!(status("edge"), Some(Status::Warning));
    assert_eq!(status("edge.2"), Some(Status::Warning));
}

#[test]
fn what_an_engine_did_not_count_is_not_there() {
    let (_, sightings) = mapped();
    let object = |name| {
        let docker = named(&sightings, name).facets.docker.clone();
        docker
            .and_then(|docker| docker.object.clone())
            .expect("an object")
    };
    assert_eq!(object("0123456789ab").shared_size_bytes, None);
    assert_eq!(object("db").ref_count, None);
}

#[test]
fn an_engine_without_a_name_is_refused() {
    let report = DockerReport::from_json(br#"{"host":{"hostname":" "}}"#).expect("JSON");
    assert!(matches!(claim(&report), Err(NotTaken::Invalid(_))));
}

#[test]
fn an_agents_credential_names_its_engines() {
    let claim = |id: &str| Claim {
        agent_id: Some(id.to_owned()),
        ..Claim::default()
    };
    assert_eq!(goes_by(&claim("b"), Some("a")), "a");
    assert_eq!(goes_by(&claim("a"), Some("a")), "a");
    assert_eq!(goes_by(&claim("a-podman"), Some("a")), "a-podman");
    assert_eq!(goes_by(&claim("ab"), Some("a")), "a");
}

#[test]
fn labels_of_a_report_are_kept_up_to_a_bound() {
    let label = "x".repeat(4_000);
    let container = |number: usize| {
        serde_json::json!({
            "id": format!("c{number}"), "name": format!("c{number}"), "state": "running", "status": label,
            "labels": {"big": label},
        })
    };
    let containers: Vec<serde_json::Value> = (0..1_000).map(container).collect();
    let json = serde_json::json!({"host": {"hostname": "dock"}, "containers": containers});
    let report = DockerReport::from_json(json.to_string().as_bytes()).expect("a report");
    let claim = claim(&report).expect("a claim");
    let observation = map(report, &claim, "dock", Timestamp::UNIX_EPOCH);
    let Outcome::Slice { sightings, .. } = observation.outcome else {
        panic!("a slice")
    };
    assert_eq!(sightings.len(), 1_001);
    let kept = sightings
        .iter()
        .filter_map(|sighting| sighting.facets.docker.as_ref());
    let labels: usize = kept
        .clone()
        .flat_map(|docker| docker.labels.values())
        .map(String::len)
        .sum();
    assert!(
        (KEPT / 2..=KEPT).contains(&labels),
        "{labels} bytes of labels"
    );
    let status = kept.filter_map(|docker| docker.container.as_ref()?.container_status.as_ref());
    assert!(
        status
            .map(String::len)
            .all(|length| length <= crate::agent::room::LONGEST_TEXT)
    );
}

#[test]
fn what_a_swarm_holds_says_of_which_swarm_it_is_and_what_an_engine_holds_does_not() {
    let (_, sightings) = mapped();
    let swarm = |kind: Kind| {
        let found = sightings.iter().find(|sighting| sighting.kind == kind);
        found.and_then(|sighting| sighting.identity.cluster_name.as_deref())
    };
    assert_eq!(swarm(Kind::DockerService), Some("cl-1"));
    assert_eq!(swarm(Kind::DockerTask), Some("cl-1"));
    assert_eq!(swarm(Kind::AppContainer), None);
    assert_eq!(swarm(Kind::DockerHost), None);
}
