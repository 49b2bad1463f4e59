//! Reports that are wrong: each has its status, is counted, and changes nothing.

use serde_json::json;

use pulse_tests::{REPORT, Site, gzip};

#[tokio::test]
async fn every_kind_of_bad_report_has_its_answer_and_its_count() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let good = web.next(1.0).to_string();
    let agent = web.person();
    let huge = vec![b' '; 300 << 10];
    let bomb = gzip(&vec![b' '; 40 << 20]);
    let cut = &gzip(good.as_bytes())[..80];
    let twice = format!("{{\"host\":{{\"hostname\":\"a\",\"hostname\":\"b\"}}}}");
    let gz = Some("gzip");
    let cases: [(&str, Option<&str>, Vec<u8>, u16, &str, &str); 9] = [
        ("huge", None, huge, 413, "body_too_large", ""),
        ("bomb", gz, bomb, 413, "report_too_large", "too_large"),
        (
            "truncated gzip",
            gz,
            cut.to_vec(),
            400,
            "invalid_compression",
            "unreadable",
        ),
        (
            "not gzip",
            gz,
            good.clone().into_bytes(),
            400,
            "invalid_compression",
            "unreadable",
        ),
        (
            "truncated JSON",
            None,
            good.as_bytes()[..good.len() - 9].to_vec(),
            400,
            "invalid_json",
            "unreadable",
        ),
        (
            "wrong type",
            None,
            br#"{"host": []}"#.to_vec(),
            400,
            "invalid_json",
            "unreadable",
        ),
        (
            "duplicate keys",
            None,
            twice.into_bytes(),
            400,
            "invalid_json",
            "unreadable",
        ),
        (
            "unknown encoding",
            Some("br"),
            good.clone().into_bytes(),
            415,
            "unsupported_encoding",
            "unsupported_encoding",
        ),
        (
            "no host name",
            None,
            br#"{"host": {"id": "x"}}"#.to_vec(),
            400,
            "invalid_report",
            "refused",
        ),
    ];
    for (name, encoding, body, status, code, counted) in cases {
        let figure = format!("pulse_reports_total{{result=\"{counted}\"}}");
        let before = if counted.is_empty() {
            0.0
        } else {
            admin.figure(&figure).await
        };
        let answer = agent.post_bytes(REPORT, encoding, body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{name}: {}",
            answer.text()
        );
        if !counted.is_empty() {
            assert_eq!(admin.figure(&figure).await, before + 1.0, "{name}");
        }
    }
    assert_eq!(
        admin.figure("pulse_resources").await,
        0.0,
        "nothing of it is monitored"
    );
}

#[tokio::test]
async fn a_token_opens_what_it_is_for_until_it_is_revoked() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let report = web.next(1.0);
    let unknown = site
        .nobody()
        .with_token(&format!("pulse_{}", "ab".repeat(32)));
    let answer = unknown.post(REPORT, &report).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers["www-authenticate"], "Bearer");

    let (reader, _) = admin.mint(&["monitoring:read"]).await;
    let answer = site
        .nobody()
        .with_token(&reader)
        .post(REPORT, &report)
        .await;
    assert_eq!(
        (answer.status, answer.json()["requiredScope"].as_str()),
        (403, Some("agent:report"))
    );

    let (token, id) = admin.mint(&["agent:report"]).await;
    let agent = site.nobody().with_token(&token);
    assert_eq!(agent.post(REPORT, &report).await.status, 200);
    assert_eq!(
        admin
            .delete(&format!("/api/security/tokens/{id}"))
            .await
            .status,
        204
    );
    assert_eq!(agent.post(REPORT, &report).await.status, 401);
}

#[tokio::test]
async fn an_enrolled_agents_token_reports_for_nobody_else() {
    let (site, admin) = Site::set_up().await;
    let mut victim = site.machine(&admin, "victim").await;
    assert_eq!(victim.report(11.0).await.status, 200);
    let code = site.data_file("local-agent.token");
    let enrolled = site.nobody().with_token(code.trim());
    let enrolled = enrolled
        .post(
            "/api/agents/agent/enroll",
            &json!({"hostname": "own", "machineId": "own"}),
        )
        .await;
    let token = enrolled.json()["runtimeToken"]
        .as_str()
        .expect("a token")
        .to_owned();
    let agent = site.nobody().with_token(&token);

    let own = json!({"agent": {"id": "own"}, "host": {"id": "own", "machineId": "own", "hostname": "own"}});
    assert_eq!(agent.post(REPORT, &own).await.status, 200);
    let stolen = json!({"agent": {"id": "victim"}, "host": {"id": "victim", "machineId": "own", "hostname": "own"},
                        "metrics": {"cpuUsagePercent": 99.0}});
    let refused = agent.post(REPORT, &stolen).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "invalid_report")
    );
    assert_eq!(
        admin
            .figure("pulse_reports_total{result=\"refused\"}")
            .await,
        1.0
    );
    let mut live = admin.live("delta=1").await;
    let state = live.expect("initialState").await;
    let hosts = state["data"]["resources"]
        .as_array()
        .expect("resources")
        .clone();
    let victim = hosts
        .iter()
        .find(|host| host["name"] == "victim")
        .expect("still there");
    assert_eq!(victim["cpu"]["current"], 11.0);
}

#[tokio::test]
async fn a_report_from_before_set_up_is_kept_by_its_agent() {
    let site = Site::start().await;
    let answer = site
        .nobody()
        .with_token("anything")
        .post(REPORT, &json!({}))
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (503, "setup_required")
    );
    assert!(answer.headers.contains_key("retry-after"));
}
