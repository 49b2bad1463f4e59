//! What agents report besides their machine.

use serde_json::{Value, json};

use crate::site::{Caller, Site};

const DOCKER: &str = "/api/agents/docker/report";

fn docker_report(agent: &str, containers: &Value) -> Value {
    json!({
        "agent": {"id": agent, "version": "v6.3.0", "type": "unified", "intervalSeconds": 10},
        "host": {
            "hostname": agent, "machineId": agent, "runtime": "docker",
            "runtimeVersion": "28.3.3", "totalCpu": 4, "totalMemoryBytes": 8_000_000_000_u64, "memory": {},
        },
        "containers": containers,
        "images": null,
        "timestamp": "2027-01-15T08:00:00Z",
    })
}

fn two_containers() -> Value {
    json!([
        {"id": "c1", "name": "web", "image": "nginx:1", "state": "running", "status": "Up 2 hours",
         "cpuPercent": 100.0, "memoryUsageBytes": 250_000_000, "memoryLimitBytes": 500_000_000,
         "labels": {"com.docker.compose.project": "shop"},
         "ports": [{"privatePort": 80, "publicPort": 8080, "protocol": "tcp", "ip": "0.0.0.0"}]},
        {"id": "c2", "name": "it's \"odd\"\n", "image": "job", "state": "exited", "status": "Exited (1)",
         "exitCode": 1, "cpuPercent": 0, "memoryUsageBytes": 0, "memoryLimitBytes": 0},
    ])
}

async fn with_agents() -> (Site, Caller, Caller) {
    let (site, admin) = Site::set_up().await;
    let (agent, _) = site.token(&admin, &["agent:report", "docker:report"]).await;
    (site, admin, agent)
}

#[tokio::test]
async fn an_engine_and_its_containers_are_in_the_state_and_go_with_the_next_report() {
    let (site, admin, agent) = with_agents().await;
    let answer = site
        .send_report_to(&agent, DOCKER, &docker_report("dock", &two_containers()))
        .await;
    assert_eq!(answer["success"], true);
    assert_eq!(answer["agentId"], "dock");
    assert_eq!(answer["containers"], 2);
    let state = site.get(&admin, "/api/state").await.json();
    let host = &state["dockerHosts"][0];
    assert_eq!(host["hostname"], "dock");
    assert_eq!(host["containers"].as_array().expect("containers").len(), 2);
    assert_eq!(host["containers"][0]["name"], "web");
    let listed = site
        .get(&admin, "/api/resources?type=app-container&sort=name")
        .await
        .json();
    let of = |name: &str| {
        let all = listed["data"].as_array().expect("resources").iter();
        all.clone()
            .find(|one| one["name"] == name)
            .cloned()
            .expect("it is listed")
    };
    let web = of("web");
    assert_eq!(web["metrics"]["cpu"]["value"], 25.0);
    assert_eq!(web["metrics"]["memory"]["value"], 50.0);
    assert_eq!(web["docker"]["ports"][0]["publicPort"], 8080);
    assert_eq!(of("it's \"odd\"")["status"], "offline");
    site.send_report_to(&agent, DOCKER, &docker_report("dock", &json!(null)))
        .await;
    let listed = site
        .get(&admin, "/api/resources?type=app-container")
        .await
        .json();
    assert_eq!(listed["data"], json!([]));
}

#[tokio::test]
async fn what_one_agent_says_of_its_machine_and_its_engine_is_one_resource() {
    let (site, admin, agent) = with_agents().await;
    site.report(&agent, "dock").await;
    site.send_report_to(&agent, DOCKER, &docker_report("dock", &two_containers()))
        .await;
    let listed = site
        .get(&admin, "/api/resources?type=agent,docker-host")
        .await
        .json();
    let machines = listed["data"].as_array().expect("resources");
    assert_eq!(machines.len(), 1, "{listed:#}");
    assert_eq!(machines[0]["id"], "dock");
    assert_eq!(machines[0]["docker"]["runtimeVersion"], "28.3.3");
    assert_eq!(machines[0]["agent"]["hostname"], "dock");
    let of = site
        .get(&admin, "/api/resources/dock/children")
        .await
        .json();
    assert_eq!(of["data"].as_array().map_or(0, Vec::len), 2, "{of:#}");
    let container = json!({"targetId": of["data"][0]["id"]});
    let refused = site
        .post(&admin, "/api/resources/dock/link", &container)
        .await;
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (400, json!("invalid_link"))
    );
}

#[tokio::test]
async fn bad_docker_reports_say_what_is_wrong_and_change_nothing() {
    let (site, admin, agent) = with_agents().await;
    let nameless = json!({"host": {"hostname": " "}});
    let refused = site.post(&agent, DOCKER, &nameless).await;
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (400, json!("invalid_report"))
    );
    let refused = site.post(&agent, DOCKER, &json!([1])).await;
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (400, json!("invalid_json"))
    );
    site.report(&agent, "dock").await;
    let (other, _) = site.token(&admin, &["docker:report"]).await;
    let refused = site
        .post(&other, DOCKER, &docker_report("dock", &json!([])))
        .await;
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (400, json!("invalid_report"))
    );
    assert!(
        refused.json()["error"]
            .as_str()
            .is_some_and(|text| text.contains("already in use"))
    );
    let (hosts_only, _) = site.token(&admin, &["agent:report"]).await;
    let refused = site
        .post(&hosts_only, DOCKER, &docker_report("dock", &json!([])))
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["requiredScope"], "docker:report");
    let state = site.get(&admin, "/api/state").await.json();
    assert_eq!(state["dockerHosts"], json!([]));
}

#[tokio::test]
async fn a_report_kept_back_and_delivered_late_changes_nothing() {
    let (site, admin, agent) = with_agents().await;
    site.send_report_to(&agent, DOCKER, &docker_report("dock", &two_containers()))
        .await;
    let mut late = docker_report("dock", &json!([]));
    late["timestamp"] = json!("2027-01-15T07:59:30Z");
    let answer = site.post(&agent, DOCKER, &late).await;
    assert_eq!(
        (answer.status, answer.json()["success"].clone()),
        (200, json!(true))
    );
    // What is answered has been folded; nothing was to be published.
    let listed = site
        .get(&admin, "/api/resources?type=app-container")
        .await
        .json();
    assert_eq!(
        listed["data"].as_array().map_or(0, Vec::len),
        2,
        "{listed:#}"
    );
    let state = site.estate.settled().await.expect("an estate");
    assert_eq!(state.of_kind(pulse_model::Kind::AppContainer).count(), 2);
    site.hands.advance(std::time::Duration::from_secs(16));
    let answer = site.post(&agent, DOCKER, &late).await;
    assert_eq!(answer.status, 200);
    let state = site.estate.settled().await.expect("an estate");
    assert_eq!(
        state.of_kind(pulse_model::Kind::AppContainer).count(),
        0,
        "its clock was put right"
    );
}
