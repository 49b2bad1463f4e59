//! `kill -9`: what was answered with 2xx is there afterwards.

use serde_json::json;

use crate::process::{PASSWORD, Server};

const ROUNDS: usize = 6;

#[tokio::test]
async fn accounts_tokens_and_known_hosts_survive_being_killed() {
    let dir = tempfile::tempdir().expect("a directory");
    let data_dir = dir.path().join("data");
    let mut server = Server::start(&data_dir);
    let admin = server.set_up(&data_dir).await;
    let mut tokens = vec![admin.clone()];
    for round in 0..ROUNDS {
        let hostname = format!("host-{round}");
        let report = json!({"host": {"id": hostname, "machineId": hostname, "hostname": hostname}});
        assert_eq!(
            server
                .post("/api/agents/agent/report", &admin, &report)
                .await
                .status,
            200
        );
        while server.figure("pulse_known_hosts_saves_total").await < 1.0 {}
        // The last thing before the cut is a promise.
        let minted = server
            .post(
                "/api/security/tokens",
                &admin,
                &json!({"scopes": ["monitoring:read"]}),
            )
            .await;
        tokens.push(minted.body["token"].as_str().expect("a token").to_owned());
        server.kill();
        server = Server::start(&data_dir);
        for token in &tokens {
            assert_eq!(
                server.get("/api/resources/stats", token).await.status,
                200,
                "round {round}"
            );
        }
        let stats = server.get("/api/resources/stats", &admin).await.body;
        assert_eq!(stats["total"], round + 1, "{stats}");
        assert_eq!(
            stats["byStatus"]["unknown"],
            round + 1,
            "stale, not online: {stats}"
        );
    }
    let login = json!({"username": "admin", "password": PASSWORD});
    let answer = server.post("/api/login", "", &login).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.cookies.contains("pulse_session="));
}
