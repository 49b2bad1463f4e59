//! What outlasts the process, and the second server that must not start.

use pulse_server::config::Config;
use pulse_tests::Site;

#[tokio::test]
async fn accounts_tokens_and_known_hosts_outlast_a_restart() {
    let (mut site, admin) = Site::set_up().await;
    let mut web = site.machine(&admin, "web").await;
    web.report(42.0).await;
    let (token, _) = admin.mint(&["monitoring:read"]).await;
    site.restart().await;
    let reader = site.nobody().with_token(&token);
    let state = reader.get("/api/state").await.json();
    let host = &state["resources"][0];
    assert_eq!(
        (host["id"].as_str(), host["status"].as_str()),
        (Some("web"), Some("unknown"))
    );
    assert_eq!(host["sourceStatus"]["agent"]["status"], "stale");
    assert_eq!(
        host["cpu"]["current"], 42.0,
        "its last figures, with their age"
    );
    assert_eq!(site.try_sign_in("wrong wrong wrong").await.status, 401);
    site.sign_in().await;
}

#[tokio::test]
async fn a_second_server_on_the_same_data_says_why_it_does_not_start() {
    let site = Site::start().await;
    let second = pulse_server::start(Config::for_tests(site.data_dir())).await;
    let text = second.err().expect("refused").to_string();
    let directory = site.data_dir().display().to_string();
    assert!(text.contains(&directory) && !text.contains('\n'), "{text}");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let site = Site::start().await;
    let mut config = Config::for_tests(site.agent_dir("other"));
    config.listen = site
        .url()
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let text = pulse_server::start(config)
        .await
        .err()
        .expect("refused")
        .to_string();
    assert!(text.contains("cannot listen on"), "{text}");
}
