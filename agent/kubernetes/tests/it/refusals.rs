//! What may not be read is named; what goes wrong costs its own part, or is said clearly.

use pulse_agent_kubernetes::Settings;
use pulse_protocol::report::kubernetes::GapReason;
use serde_json::json;

use crate::fake::{Reply, node, pod};
use crate::setting::{Setting, everything, gap, now};

fn forbidden(what: &str) -> Reply {
    Reply::Refuse(
        403,
        format!("{what} is forbidden: User \"agent\" cannot list it"),
    )
}

#[tokio::test]
async fn kinds_that_may_not_be_read_are_named_and_the_rest_is_reported() {
    let setting = Setting::start().await;
    setting.add("/api/v1/nodes", node("n1"));
    setting.add("/api/v1/pods", pod("shop", "web", "n1"));
    for path in [
        "/api/v1/secrets",
        "/api/v1/nodes?",
        "/apis/apps/v1/deployments",
    ] {
        setting.api.world().answer_instead(path, forbidden(path));
    }
    let reading = setting.read(everything()).await.expect("a reading");
    for member in ["secrets", "nodes", "deployments"] {
        let gap = gap(&reading.report, member).expect(member);
        assert_eq!(gap.reason, GapReason::Forbidden);
        let is_named = |one: &String| one.starts_with(member) && one.contains("not allowed");
        assert!(
            reading.remarks.iter().any(is_named),
            "{:?}",
            reading.remarks
        );
    }
    assert_eq!(
        (reading.report.pods.len(), reading.report.nodes.len()),
        (1, 0)
    );
    assert!(gap(&reading.report, "pods").is_none());
}

#[tokio::test]
async fn one_namespace_that_may_not_be_read_hides_no_other() {
    let setting = Setting::start().await;
    setting.add("/api/v1/pods", pod("a", "web", "n1"));
    let path = "/api/v1/namespaces/b/pods";
    setting.api.world().answer_instead(path, forbidden("pods"));
    let mut settings = everything();
    settings.namespaces.include = vec!["a".to_owned(), "b".to_owned()];
    let report = setting.report(settings).await;
    assert_eq!(report.pods.len(), 1);
    let gap = gap(&report, "pods").expect("a gap");
    assert!(
        gap.reason == GapReason::Forbidden && gap.detail.contains("namespaces b"),
        "{gap:?}"
    );
}

#[tokio::test]
async fn a_cluster_that_does_not_tell_its_pods_is_not_reported_as_empty() {
    for reply in [
        Reply::Refuse(500, "etcd is away".to_owned()),
        Reply::Body(b"<html>sign in".to_vec()),
        Reply::Cut,
        Reply::Endless(64 << 20),
    ] {
        let setting = Setting::start().await;
        setting
            .api
            .world()
            .answer_instead("/api/v1/pods", reply.clone());
        let error = setting.read(everything()).await.expect_err("no reading");
        let expected = match reply {
            Reply::Refuse(..) => "answered 500: etcd is away",
            Reply::Body(_) => "makes no sense",
            Reply::Cut => "broke off",
            _ => "larger than",
        };
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_list_that_fails_once_stays_as_it_was_and_says_so() {
    let setting = Setting::start().await;
    let set = json!({"metadata": {"uid": "u", "name": "db", "namespace": "shop"}});
    setting.add("/apis/apps/v1/statefulsets", set);
    let mut cluster = setting.cluster(everything());
    cluster.collect(now()).await.expect("a reading");
    let path = "/apis/apps/v1/statefulsets";
    let away = Reply::Refuse(500, "no".to_owned());
    setting.api.world().answer_instead(path, away);
    let report = cluster.collect(now()).await.expect("a reading").report;
    assert_eq!(report.stateful_sets.len(), 1);
    assert!(gap(&report, "statefulSets").is_some_and(|gap| gap.earlier));
    // A right that was taken away is another thing: nothing is known any more.
    setting.api.world().answer_instead(path, forbidden("it"));
    let report = cluster.collect(now()).await.expect("a reading").report;
    assert_eq!(report.stateful_sets.len(), 0);
    assert!(gap(&report, "statefulSets").is_some_and(|gap| !gap.earlier));
}

#[tokio::test]
async fn an_api_that_does_not_exist_is_no_gap() {
    let setting = Setting::start().await;
    let velero = "/apis/velero.io/v1/backups";
    setting.api.world().objects.remove(velero);
    let report = setting.report(everything()).await;
    assert_eq!(gap(&report, "recovery.veleroBackups"), None);
    assert_eq!(report.recovery, None);
}

#[tokio::test]
async fn wrong_credentials_are_a_clear_error() {
    let setting = Setting::start().await;
    setting.api.world().token = Some("another".to_owned());
    let error = setting
        .read(Settings::default())
        .await
        .expect_err("no reading");
    assert!(error.is_unauthorized(), "{error}");
    assert!(error.to_string().contains("401: Unauthorized"), "{error}");
}

#[tokio::test]
async fn a_busy_api_is_asked_again_as_late_as_it_wants() {
    let setting = Setting::start().await;
    setting
        .api
        .world()
        .answer_instead("/api/v1/pods", Reply::Busy(429, 0));
    let error = setting.read(everything()).await.expect_err("no reading");
    assert!(error.to_string().contains("429"), "{error}");
    assert_eq!(
        setting.api.world().count("/api/v1/pods"),
        4,
        "once, and three times more"
    );
}

#[tokio::test]
async fn a_hanging_list_costs_twenty_seconds_and_its_own_part() {
    let setting = Setting::start().await;
    setting.add("/api/v1/pods", pod("shop", "web", "n1"));
    let path = "/api/v1/services";
    setting.api.world().answer_instead(path, Reply::Hang);
    let started = tokio::time::Instant::now();
    let report = hurried(setting.cluster(everything()))
        .await
        .expect("a reading");
    assert_eq!(report.pods.len(), 1);
    let gap = gap(&report, "services").expect("a gap");
    assert!(gap.detail.contains("no answer within 20 s"), "{gap:?}");
    assert!(started.elapsed().as_secs() <= 50, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_cluster_that_hangs_altogether_is_left_in_time() {
    let setting = Setting::start().await;
    setting.api.world().answer_instead("/", Reply::Hang);
    let started = tokio::time::Instant::now();
    let error = hurried(setting.cluster(everything()))
        .await
        .expect_err("no reading");
    assert!(error.contains("no answer within 20 s"), "{error}");
    assert!(started.elapsed().as_secs() <= 50, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_cluster_that_hangs_in_everything_but_the_essential_is_reported_in_time() {
    let setting = Setting::start().await;
    setting.add("/api/v1/nodes", node("n1"));
    for path in [
        "/apis/batch",
        "/apis/networking",
        "/apis/rbac",
        "/api/v1/s",
        "/api/v1/c",
    ] {
        setting.api.world().answer_instead(path, Reply::Hang);
    }
    let started = tokio::time::Instant::now();
    let report = hurried(setting.cluster(everything()))
        .await
        .expect("a reading");
    assert_eq!(report.nodes.len(), 1);
    assert!(report.gaps.len() >= 9, "{:?}", report.gaps);
    assert!(started.elapsed().as_secs() <= 50, "{:?}", started.elapsed());
}

/// Reads while the clock runs ahead as soon as nothing else is to be done.
async fn hurried(
    mut cluster: pulse_agent_kubernetes::Cluster,
) -> Result<pulse_protocol::report::kubernetes::KubernetesReport, String> {
    let reading = tokio::spawn(async move { cluster.collect(now()).await });
    tokio::pin!(reading);
    let mut idle = 0;
    loop {
        tokio::select! {
            biased;
            outcome = &mut reading => {
                let outcome = outcome.expect("no panic");
                return outcome.map(|reading| reading.report).map_err(|error| error.to_string());
            }
            () = tokio::task::yield_now() => idle += 1,
        }
        // Real answers over real sockets come within many turns; then only a clock can help.
        if idle % 20_000 == 0 {
            tokio::time::pause();
            tokio::time::advance(std::time::Duration::from_secs(5)).await;
            tokio::time::resume();
        }
    }
}
