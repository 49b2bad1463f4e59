//! From nothing to this machine, live.

use std::path::PathBuf;

use pulse_agent::config::{self, Action};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use pulse_tests::{Person, Site};

/// This machine's own agent, started as `make run` does.
struct LocalAgent {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), pulse_agent::Error>>,
}

impl LocalAgent {
    fn start(site: &Site, state_dir: PathBuf) -> Self {
        let token_file = site.data_dir().join("local-agent.token");
        let plain = |path: &PathBuf| path.to_str().expect("a plain path").to_owned();
        let arguments = [
            ("--url", site.url().to_owned()),
            ("--token-file", plain(&token_file)),
            ("--state-dir", plain(&state_dir)),
            ("--interval", "1s".to_owned()),
            ("--health-addr", String::new()),
        ];
        let arguments = arguments
            .into_iter()
            .map(|(flag, value)| format!("{flag}={value}"));
        let arguments = arguments.chain(["--enroll".to_owned()]);
        let Ok(Action::Run(config)) = config::load(arguments, &|_| None) else {
            panic!("these arguments run an agent")
        };
        let stop = CancellationToken::new();
        let task = tokio::spawn(pulse_agent::run(*config, stop.clone()));
        Self { stop, task }
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("no panic").expect("a clean end");
    }
}

/// Waits until the first host has figures, and returns it.
async fn first_host(admin: &Person) -> Value {
    let mut live = admin.live("delta=1").await;
    let mut frame = live.expect("initialState").await;
    loop {
        let whole = frame["data"]["resources"].get(0);
        let delta = frame["data"]["resourceDelta"]["upserts"].get(0);
        match whole.or(delta).cloned() {
            Some(host) => return host,
            None => frame = live.expect("rawDataDelta").await,
        }
    }
}

#[tokio::test]
async fn this_machine_enrols_by_itself_and_is_live_with_real_figures() {
    let site = Site::start().await;
    let agent = LocalAgent::start(&site, site.agent_dir("agent"));
    let admin = site.do_set_up().await;
    let host = first_host(&admin).await;
    assert_eq!(host["agent"]["trust"], "keyed");
    assert!(
        host["memory"]["total"]
            .as_u64()
            .is_some_and(|total| total > 0),
        "{host}"
    );
    assert!(host["agent"]["kernelVersion"].is_string() && host["agent"]["cpuCount"].is_u64());

    let id = host["id"].as_str().expect("an id").to_owned();
    let mut live = admin.live("delta=1").await;
    let first = live.expect("initialState").await;
    let uptime = |frame: &Value| frame["uptime"].as_u64();
    let before = uptime(&first["data"]["resources"][0]);
    loop {
        let frame = live.expect("rawDataDelta").await;
        let upsert = &frame["data"]["resourceDelta"]["upserts"][0];
        assert_eq!(upsert["id"], id.as_str());
        if uptime(upsert).is_some_and(|now| Some(now) > before) {
            break;
        }
    }
    agent.end().await;
    let (token, key) = (
        site.agent_dir("agent").join("runtime.token"),
        site.agent_dir("agent").join("identity.key"),
    );
    for path in [token, key] {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &path.metadata().expect("a file").permissions(),
        );
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn an_enrolled_agent_goes_on_after_both_sides_restart() {
    let mut site = Site::start().await;
    let agent = LocalAgent::start(&site, site.agent_dir("agent"));
    let admin = site.do_set_up().await;
    let id = first_host(&admin).await["id"].clone();
    agent.end().await;
    site.restart().await;
    let admin = site.sign_in().await;
    let known = admin.get("/api/state").await.json();
    assert_eq!(known["resources"][0]["id"], id);
    assert_eq!(
        known["resources"][0]["status"], "unknown",
        "not online before it reports"
    );

    let mut live = admin.live("delta=1").await;
    live.expect("initialState").await;
    let agent = LocalAgent::start(&site, site.agent_dir("agent"));
    loop {
        let frame = live.expect("rawDataDelta").await;
        let upsert = &frame["data"]["resourceDelta"]["upserts"][0];
        assert_eq!(upsert["id"], id, "the same host, not a second one");
        if upsert["status"] == "online" {
            break;
        }
    }
    agent.end().await;
}

#[tokio::test]
async fn an_enrolment_token_is_used_once() {
    let (site, _) = Site::set_up().await;
    let token = site.data_file("local-agent.token");
    let thief = site.nobody().with_token(token.trim());
    let body = serde_json::json!({"hostname": "first", "machineId": "m-1"});
    assert_eq!(
        thief.post("/api/agents/agent/enroll", &body).await.status,
        200
    );
    let again = thief.post("/api/agents/agent/enroll", &body).await;
    assert_eq!(
        (again.status, again.code().as_str()),
        (401, "enrolment_refused")
    );
}
