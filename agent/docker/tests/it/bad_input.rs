//! Engines that talk nonsense, too much, never, or go away in the middle of it.

use pulse_protocol::report::docker::ContainerState;
use serde_json::{Value, json};

use crate::daemon::{Daemon, Reply, engines_in, outcome, quiet, read};

#[tokio::test]
async fn one_odd_container_hides_no_other() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    daemon.world().containers.extend([
        json!(7),
        json!({"Id":["x"]}),
        json!({"Id":"../../info","Names":["/evil"]}),
        json!({"Id":"c2","Names":["/q\"u'o\nte"],"State":"hibernating","Labels":null,"Ports":null}),
    ]);
    let reading = read(&mut daemon.engines()).await;
    let names: Vec<_> = reading
        .report
        .containers
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(names, ["web", "q\"u'o te"]);
    assert_eq!(
        reading.report.containers[1].state,
        ContainerState::Unknown("hibernating".to_owned())
    );
    assert_eq!(reading.remarks, ["containers: 2 made no sense"]);
    assert!(!daemon.seen().iter().any(|path| path.contains("..")));
}

#[tokio::test]
async fn garbage_for_one_container_costs_its_figures_only() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    daemon.run("c2", "db");
    daemon.answer(
        "/containers/c1/",
        Reply::Text(200, "\u{1}\u{2}garbage".to_owned()),
    );
    let reading = read(&mut daemon.engines()).await;
    let [web, db] = &reading.report.containers[..] else {
        panic!("two containers")
    };
    assert_eq!((web.memory_usage_bytes, web.restart_count), (None, None));
    assert_eq!(
        (db.memory_usage_bytes, db.restart_count),
        (Some(600), Some(0))
    );
    assert_eq!(reading.remarks.len(), 2, "{:?}", reading.remarks);
    assert!(
        reading
            .remarks
            .iter()
            .all(|remark| remark.starts_with("1 of 2 containers could not be"))
    );
}

#[tokio::test]
async fn garbage_instead_of_an_engine_is_named() {
    for (path, reply, said) in [
        (
            "/version",
            Reply::Text(200, "<html>".to_owned()),
            "makes no sense",
        ),
        (
            "/version",
            Reply::Text(200, "{}".to_owned()),
            "something else than a container engine",
        ),
        (
            "/version",
            Reply::Text(500, r#"{"message":"broken\u001b[31m\nengine"}"#.to_owned()),
            "500: broken [31m engine",
        ),
        ("/info", Reply::Json(json!([1])), "makes no sense"),
        (
            "/containers/json",
            Reply::Text(200, "{\"x\":1}".to_owned()),
            "makes no sense",
        ),
        ("/containers/json", Reply::Cut, "broke off"),
    ] {
        let daemon = Daemon::start();
        daemon.answer(path, reply);
        let error = outcome(&mut daemon.engines())
            .await
            .reading
            .expect_err(path);
        assert!(error.contains(said), "{path}: {error}");
    }
}

#[tokio::test]
async fn an_answer_of_a_hundred_megabytes_is_not_read() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    for path in ["/containers/c1/stats", "/images/json", "/volumes"] {
        daemon.answer(path, Reply::Bytes(100 << 20));
    }
    let reading = read(&mut daemon.engines()).await;
    assert_eq!(reading.report.containers.len(), 1);
    assert_eq!(reading.remarks.len(), 3, "{:?}", reading.remarks);
    assert!(
        reading
            .remarks
            .iter()
            .all(|remark| remark.contains("larger than")),
        "{:?}",
        reading.remarks
    );
}

#[tokio::test(start_paused = true)]
async fn a_read_that_hangs_costs_that_container_only() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    daemon.run("c2", "db");
    daemon.answer("/containers/c1/stats", Reply::Hang);
    let reading = read(&mut daemon.engines()).await;
    assert_eq!(reading.report.containers[0].memory_usage_bytes, None);
    assert_eq!(reading.report.containers[1].memory_usage_bytes, Some(600));
    assert_eq!(
        reading.remarks,
        ["1 of 2 containers could not be measured: no answer within 15 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_hangs_altogether_is_given_up_in_time() {
    let daemon = Daemon::start();
    daemon.answer("/containers/json", Reply::Hang);
    let started = tokio::time::Instant::now();
    let error = outcome(&mut daemon.engines())
        .await
        .reading
        .expect_err("no reading");
    assert_eq!(error, "no answer within 20 s");
    assert!(started.elapsed().as_secs() < 30);
}

#[tokio::test(start_paused = true)]
async fn when_many_reads_hang_the_report_goes_out_all_the_same() {
    let daemon = Daemon::start();
    for number in 0..200 {
        daemon.run(&format!("c{number}"), &format!("web{number}"));
        daemon.answer(&format!("/containers/c{number}/stats"), Reply::Hang);
    }
    let started = tokio::time::Instant::now();
    let reading = read(&mut daemon.engines()).await;
    assert!(started.elapsed().as_secs() <= 30, "{:?}", started.elapsed());
    assert_eq!(reading.report.containers.len(), 200);
    assert!(reading.remarks[0].starts_with("200 of 200 containers could not be measured"));
}

#[tokio::test]
async fn an_engine_that_disappears_mid_read_leaves_what_is_known() {
    let daemon = Daemon::start();
    for number in 0..20 {
        daemon.run(&format!("c{number}"), &format!("web{number}"));
    }
    let mut engines = daemon.engines();
    read(&mut engines).await;
    daemon.answer("/containers/c13/stats", Reply::Vanish);
    let reading = read(&mut engines).await;
    assert_eq!(reading.report.containers.len(), 20);
    assert!(
        reading
            .report
            .containers
            .iter()
            .all(|container| container.restart_count == Some(0))
    );
    assert!(
        reading.remarks[0].contains("could not be measured"),
        "{:?}",
        reading.remarks
    );
    let error = outcome(&mut engines).await.reading.expect_err("it is away");
    assert!(error.starts_with("cannot reach the engine at"), "{error}");
}

#[tokio::test]
async fn an_engine_that_comes_back_is_read_again_from_scratch() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let root = daemon.root().to_owned();
    let mut engines = daemon.engines();
    read(&mut engines).await;
    let kept = daemon.vanish();
    while outcome(&mut engines).await.reading.is_ok() {}
    let other = Daemon::start();
    other.run("c2", "db");
    std::fs::remove_file(root.join("var/run/docker.sock")).expect("removed");
    std::os::unix::fs::symlink(
        other.root().join("var/run/docker.sock"),
        root.join("var/run/docker.sock"),
    )
    .expect("a link");
    let reading = read(&mut engines).await;
    assert_eq!(reading.report.containers[0].name, "db");
    assert_eq!(
        reading.report.containers[0].restart_count,
        Some(0),
        "everything is inspected anew"
    );
    drop(kept);
}

#[tokio::test]
async fn two_thousand_containers_are_read_and_more_are_counted() {
    let daemon = Daemon::start();
    {
        let mut world = daemon.world();
        for number in 0..2_100 {
            world.run(&format!("c{number}"), &format!("web{number}"));
            if number < 100 {
                world.containers[number]["State"] = json!("exited");
            }
        }
    }
    let reading = read(&mut daemon.engines()).await;
    assert_eq!(reading.report.containers.len(), 2_048);
    assert_eq!(reading.remarks, ["containers: 2048 of 2100 are reported"]);
    let running = reading
        .report
        .containers
        .iter()
        .filter(|c| c.state == ContainerState::Running);
    assert_eq!(running.count(), 2_000, "those that run are all there");
    assert!(
        reading
            .report
            .containers
            .iter()
            .all(|container| container.restart_count.is_some())
    );
}

#[tokio::test]
async fn an_engine_without_events_is_still_read() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    daemon.answer("/events", Reply::Text(500, "no".to_owned()));
    let mut engines = daemon.engines();
    read(&mut engines).await;
    let mut inspected = 0;
    for _ in 0..10 {
        daemon.seen();
        read(&mut engines).await;
        inspected += daemon
            .seen()
            .iter()
            .filter(|path| path.ends_with("/c1/json"))
            .count();
    }
    assert_eq!(inspected, 1, "now and then");
    daemon.world().containers[0]["State"] = json!("paused");
    read(&mut engines).await;
    assert!(
        daemon.seen().iter().any(|path| path.ends_with("/c1/json")),
        "what changed is looked at"
    );
}

#[tokio::test]
async fn a_list_that_fails_is_named_and_the_last_one_stays() {
    let daemon = Daemon::start();
    let mut engines = daemon.engines();
    assert_eq!(read(&mut engines).await.report.volumes.len(), 1);
    daemon.answer("/volumes", Reply::Json(Value::from("nonsense")));
    daemon.tell(&json!({"Type":"volume","Action":"create"}));
    let mut reading = read(&mut engines).await;
    while reading.remarks.is_empty() {
        reading = read(&mut engines).await;
    }
    assert_eq!(
        (
            reading.report.volumes.len(),
            reading.remarks[0].as_str().starts_with("volumes:")
        ),
        (1, true)
    );
}

#[tokio::test]
async fn a_socket_nobody_listens_at_is_named() {
    let daemon = Daemon::start();
    let kept = daemon.vanish();
    let mut engines = engines_in(kept.path(), quiet());
    let error = outcome(&mut engines).await.reading;
    // The socket's file is still there; whether its listener is gone already is up to the scheduler.
    while outcome(&mut engines).await.reading.is_ok() {}
    drop(error);
    let error = outcome(&mut engines)
        .await
        .reading
        .expect_err("nobody is there");
    assert!(error.starts_with("cannot reach the engine at"), "{error}");
}

#[tokio::test]
async fn news_of_a_round_that_failed_is_not_lost() {
    let daemon = Daemon::start();
    daemon.run("c1", "web");
    let mut engines = daemon.engines();
    read(&mut engines).await;
    daemon.world().inspected.insert(
        "c1".to_owned(),
        json!({"RestartCount":4,"State":{"ExitCode":0}}),
    );
    daemon.answer("/info", Reply::Text(500, "no".to_owned()));
    daemon.tell(&json!({"Type":"container","Action":"restart","Actor":{"ID":"c1"}}));
    for _ in 0..5 {
        let error = outcome(&mut engines).await.reading.expect_err("no reading");
        assert_eq!(error, "the engine answered 500");
    }
    daemon.world().instead.clear();
    let reading = read(&mut engines).await;
    assert_eq!(reading.report.containers[0].restart_count, Some(4));
}
