//! What an agent at its ceiling leaves out, and how it comes back.

use pulse_agent_docker::Spared;
use serde_json::json;

use crate::daemon::{Daemon, now, quiet, read};

/// What was asked besides what every report costs.
fn extra(daemon: &Daemon) -> Vec<String> {
    let always = ["/info", "/containers/json?all=1", "/stats?"];
    let seen = daemon.seen().into_iter();
    let extra = seen.filter(|path| !always.iter().any(|part| path.contains(part)));
    let mut extra: Vec<String> = extra
        .map(|path| path.trim_start_matches("/v1.44").to_owned())
        .map(|path| path.split('?').next().unwrap_or_default().to_owned())
        .collect();
    extra.sort();
    extra
}

#[tokio::test]
async fn what_is_spared_is_neither_asked_nor_told_and_comes_back_whole() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines_with(quiet());
    read(&mut engines).await;
    assert_eq!(read(&mut engines).await.report.images.len(), 1);
    extra(&daemon);

    engines.spare(Spared {
        updates: true,
        lists: true,
        usage: true,
        details: true,
    });
    daemon.run("c2", "db");
    for _ in 0..12 {
        let report = read(&mut engines).await.report;
        assert_eq!(report.containers.len(), 2, "containers are always told");
        assert!(
            report
                .containers
                .iter()
                .all(|c| c.memory_usage_bytes.is_some())
        );
        assert!(report.containers.iter().all(|c| c.restart_count.is_none()));
        assert!(report.images.is_empty() && report.networks.is_empty());
        assert_eq!(report.storage_usage, None);
        assert_eq!(extra(&daemon), Vec::<String>::new());
    }

    engines.spare(Spared::default());
    let report = read(&mut engines).await.report;
    let restarts = report.containers.iter().map(|c| c.restart_count);
    assert_eq!(restarts.collect::<Vec<_>>(), [Some(0), Some(0)]);
    assert_eq!((report.images.len(), report.volumes.len()), (1, 1));
    let mut asked = extra(&daemon);
    // It goes on beside the report, and may not have begun.
    asked.retain(|path| path != "/system/df");
    assert_eq!(
        asked,
        [
            "/containers/c1/json",
            "/containers/c2/json",
            "/events",
            "/images/json",
            "/networks",
            "/volumes"
        ]
    );
}

#[tokio::test]
async fn what_happens_while_events_are_spared_is_not_missed() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines_with(quiet());
    read(&mut engines).await;
    engines.spare(Spared {
        details: true,
        ..Spared::default()
    });
    read(&mut engines).await;
    daemon
        .world()
        .inspected
        .insert("c1".to_owned(), json!({"RestartCount":7}));
    engines.spare(Spared::default());
    let container = read(&mut engines).await.report.containers.remove(0);
    assert_eq!(container.restart_count, Some(7));
}

#[tokio::test]
async fn a_check_for_updates_says_that_it_was_not_done() {
    let daemon = Daemon::start();
    let mut engines = daemon.engines_with(quiet());
    engines.collect(now()).await;
    let checker = engines.checker();
    assert!(checker.check().await);
    engines.spare(Spared {
        updates: true,
        ..Spared::default()
    });
    assert!(!checker.check().await);
}
