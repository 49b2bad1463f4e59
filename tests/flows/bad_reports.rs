//! Reports that are wrong: each has its status, is counted, and changes nothing.

use serde_json::json;

use pulse_tests::{REPORT, Site, gzip};

/// A bad report and what has to become of it.
struct Bad {
    name: &'static str,
    encoding: Option<&'static str>,
    body: Vec<u8>,
    status: u16,
    code: &'static str,
    /// The `result` it is counted under; nothing when it never reaches the ingest.
    counted: Option<&'static str>,
}

fn bad(name: &'static str, status: u16, code: &'static str, body: impl Into<Vec<u8>>) -> Bad {
    Bad {
        name,
        encoding: None,
        body: body.into(),
        status,
        code,
        counted: Some("unreadable"),
    }
}

impl Bad {
    fn sent_as(self, encoding: &'static str) -> Self {
        Self {
            encoding: Some(encoding),
            ..self
        }
    }

    fn counted(self, counted: Option<&'static str>) -> Self {
        Self { counted, ..self }
    }
}

/// Every way of being wrong, made from one good report.
fn bad_reports(good: &str) -> Vec<Bad> {
    let bomb = gzip(&vec![b' '; 40 << 20]);
    let cut_gzip = &gzip(good.as_bytes())[..80];
    let cut_json = &good[..good.len() - 9];
    let twice = r#"{"host": {"hostname": "a", "hostname": "b"}}"#;
    vec![
        bad("huge", 413, "body_too_large", vec![b' '; 300 << 10]).counted(None),
        bad("bomb", 413, "report_too_large", bomb)
            .sent_as("gzip")
            .counted(Some("too_large")),
        bad("truncated gzip", 400, "invalid_compression", cut_gzip).sent_as("gzip"),
        bad("not gzip", 400, "invalid_compression", good).sent_as("gzip"),
        bad("truncated JSON", 400, "invalid_json", cut_json),
        bad("wrong type", 400, "invalid_json", r#"{"host": []}"#),
        bad("duplicate keys", 400, "invalid_json", twice),
        bad("unknown encoding", 415, "unsupported_encoding", good)
            .sent_as("br")
            .counted(Some("unsupported_encoding")),
        bad(
            "no host name",
            400,
            "invalid_report",
            r#"{"host": {"id": "x"}}"#,
        )
        .counted(Some("refused")),
    ]
}

#[tokio::test]
async fn every_kind_of_bad_report_has_its_answer_and_its_count() {
    let (site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    let good = web.next(1.0).to_string();
    for case in bad_reports(&good) {
        let Bad {
            name,
            encoding,
            body,
            status,
            code,
            counted,
        } = case;
        let figure = counted.map(|result| format!("pulse_reports_total{{result=\"{result}\"}}"));
        let before = match &figure {
            Some(figure) => admin.figure(figure).await,
            None => 0.0,
        };
        let answer = web.person().post_bytes(REPORT, encoding, body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{name}: {}",
            answer.text()
        );
        if let Some(figure) = &figure {
            assert_eq!(admin.figure(figure).await, before + 1.0, "{name}");
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
    let victim = live.until("victim", |_| true).await;
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
