//! The register and its rules, over a store in memory.

mod names;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use pulse_model::{Claim, Clock, Entropy, Hands, SourceId, SourceKind, Standing};
use pulse_store::Store;

use crate::port::{Display, Pending};
use crate::register::PER_TOKEN;
use crate::{Ack, AckError, Error, Handle, Options, Progress, Refusal, Told, Verb, spawn};

const HOUR: Duration = Duration::from_secs(3_600);

/// What was shown last, and what was taken back.
#[derive(Default)]
struct Board {
    shown: Mutex<Vec<(SourceId, Standing)>>,
    gone: Mutex<Vec<SourceId>>,
}

impl Board {
    fn last(&self) -> Standing {
        let shown = self.shown.lock().expect("unpoisoned");
        shown
            .last()
            .map(|(_, standing)| standing.clone())
            .expect("something is shown")
    }

    fn gone(&self) -> Vec<String> {
        let gone = self.gone.lock().expect("unpoisoned");
        gone.iter().map(ToString::to_string).collect()
    }
}

impl Display for Board {
    fn show(&self, source: SourceId, standing: Standing) -> Pending<'_, ()> {
        self.shown
            .lock()
            .expect("unpoisoned")
            .push((source, standing));
        Box::pin(std::future::ready(()))
    }

    fn forget(&self, source: SourceId) -> Pending<'_, ()> {
        self.gone.lock().expect("unpoisoned").push(source);
        Box::pin(std::future::ready(()))
    }
}

struct World {
    fleet: Handle,
    board: Arc<Board>,
    store: Store,
    clock: Clock,
    hands: Hands,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl World {
    fn start() -> Self {
        let (clock, hands) = Clock::manual(Timestamp::from_second(1_800_000_000).expect("a time"));
        Self::over(Store::in_memory(), clock, hands)
    }

    fn over(store: Store, clock: Clock, hands: Hands) -> Self {
        let (board, stop) = (Arc::<Board>::default(), CancellationToken::new());
        let options = Options {
            store: store.clone(),
            display: board.clone(),
            clock: clock.clone(),
            entropy: Entropy::seeded(1),
        };
        let (fleet, task) = spawn(options, stop.clone()).expect("a fleet");
        Self {
            fleet,
            board,
            store,
            clock,
            hands,
            stop,
            task,
        }
    }

    async fn restart(self) -> Self {
        self.stop.cancel();
        self.task.await.expect("it ends");
        Self::over(self.store, self.clock, self.hands)
    }

    fn admits(&self, name: &str, claim: &Claim) -> bool {
        self.fleet.admit(&engine(name), claim).is_ok()
    }
}

fn engine(name: &str) -> SourceId {
    SourceId::new(SourceKind::Docker, name)
}

fn token(id: &str) -> Claim {
    Claim {
        token_id: Some(id.to_owned()),
        hostname: "web".into(),
        ..Claim::default()
    }
}

fn bound(id: &str, agent: &str) -> Claim {
    Claim {
        bound_agent_id: Some(agent.to_owned()),
        ..token(id)
    }
}

#[tokio::test]
async fn an_engine_is_its_first_tokens_until_that_falls_silent() {
    let world = World::start();
    assert!(world.admits("dock", &token("a")));
    world.hands.advance(Duration::from_secs(599));
    assert!(!world.admits("dock", &token("b")));
    assert!(world.admits("dock", &token("a")));
    world.hands.advance(Duration::from_secs(599));
    let refused = world.fleet.admit(&engine("dock"), &token("b"));
    assert!(refused.is_err_and(|why| why.to_string().contains("is already in use by an agent")));
    world.hands.advance(Duration::from_secs(1));
    assert!(world.admits("dock", &token("b")));
}

#[tokio::test]
async fn whose_an_engine_is_outlasts_a_restart() {
    let world = World::start();
    assert!(world.admits("dock", &token("a")));
    let world = world.restart().await;
    assert!(
        !world.admits("dock", &token("b")),
        "it has its full time again"
    );
    assert!(world.admits("dock", &token("a")));
    world.hands.advance(Duration::from_secs(600));
    assert!(world.admits("dock", &token("b")));
}

#[tokio::test]
async fn a_machine_of_another_token_lends_its_name_to_no_engine() {
    let world = World::start();
    world
        .fleet
        .note_machine("web", &token("a"))
        .expect("it is noted");
    assert!(!world.admits("web", &token("b")));
    assert!(world.admits("web", &token("a")));
}

#[tokio::test]
async fn an_agents_own_credential_takes_its_name_back_and_keeps_it() {
    let world = World::start();
    assert!(world.admits("web", &token("evil")));
    assert!(world.admits("web", &bound("own", "web")));
    assert!(world.admits("web-podman", &bound("own", "web")));
    world.hands.advance(HOUR);
    assert!(!world.admits("web", &token("evil")));
    assert!(!world.admits("web", &bound("other", "other")));
    assert!(
        world.admits("web", &bound("rotated", "web")),
        "another token of the same agent"
    );
}

#[tokio::test]
async fn one_token_reports_a_few_engines_and_a_few_clusters_at_a_time() {
    let world = World::start();
    for claim in [token("a"), bound("own", "own")] {
        let prefix = claim.bound_agent_id.clone().unwrap_or("dock".into());
        for number in 0..PER_TOKEN {
            assert!(world.admits(&format!("{prefix}-{number}"), &claim));
            let cluster = SourceId::new(SourceKind::Kubernetes, &format!("{prefix}-{number}"));
            assert!(world.fleet.admit(&cluster, &claim).is_ok());
        }
        assert!(!world.admits(&format!("{prefix}-more"), &claim));
        assert!(world.admits(&format!("{prefix}-0"), &claim));
    }
    assert!(world.admits("dock-more", &token("b")));
}

#[tokio::test]
async fn a_name_no_table_could_keep_is_refused() {
    let world = World::start();
    let refused = world.fleet.admit(&engine(&"x".repeat(257)), &token("a"));
    assert!(matches!(refused, Err(Refusal::Taken(_))));
    assert!(world.admits(&"x".repeat(256), &token("a")));
}

#[tokio::test]
async fn what_was_removed_is_refused_for_a_day_in_words_its_agent_understands() {
    let world = World::start();
    let dock = engine("dock");
    assert!(world.admits("dock", &token("a")));
    world
        .fleet
        .remove(&dock, Told::default(), "ann")
        .await
        .expect("removed");
    assert_eq!(world.board.gone(), ["docker:dock"]);
    let refused = world
        .fleet
        .admit(&dock, &token("a"))
        .expect_err("it is refused");
    let text = refused.to_string();
    assert!(matches!(refused, Refusal::Removed(_)), "{text}");
    assert!(
        text.contains("was removed") && text.contains("monitoring stopped"),
        "{text}"
    );
    assert!(
        text.contains("allow-reenroll") && text.contains("token"),
        "{text}"
    );

    let world = world.restart().await;
    world.hands.advance(HOUR * 23);
    assert!(
        !world.admits("dock", &token("a")),
        "a restart forgives nothing"
    );
    let removed = world.fleet.removed(SourceKind::Docker);
    assert_eq!(removed.len(), 1);
    assert_eq!(
        (removed[0].source.clone(), removed[0].hostname.as_str()),
        (dock, "web")
    );
    world.hands.advance(HOUR);
    assert!(world.admits("dock", &token("a")));
    assert!(world.fleet.removed(SourceKind::Docker).is_empty());
}

#[tokio::test]
async fn a_token_made_since_or_an_operator_brings_back_what_was_removed() {
    let world = World::start();
    let dock = engine("dock");
    let made_at = |claim: Claim, seconds: i64| Claim {
        token_made_at: Timestamp::from_second(1_800_000_000 + seconds).ok(),
        ..claim
    };
    assert!(world.admits("dock", &token("a")));
    world
        .fleet
        .remove(&dock, Told::default(), "ann")
        .await
        .expect("removed");
    assert!(
        !world.admits("dock", &made_at(token("b"), -5)),
        "an older token"
    );
    assert!(
        !world.admits("dock", &made_at(token("a"), 5)),
        "the same token, made anew"
    );
    assert!(
        !world.admits("dock", &token("env")),
        "nobody knows when it was made"
    );
    assert!(world.admits("dock", &made_at(token("b"), 5)));

    world
        .fleet
        .remove(&dock, Told::default(), "ann")
        .await
        .expect("removed");
    assert!(!world.admits("dock", &token("a")));
    world.fleet.allow(&dock, "ann").await.expect("allowed");
    assert!(world.admits("dock", &token("a")));
    let unknown = world.fleet.allow(&engine("nobody"), "ann").await;
    assert!(matches!(unknown, Err(Error::Unknown)));
}

#[tokio::test]
async fn a_removed_machine_is_known_again_and_a_copy_of_its_disk_is_not_it() {
    let world = World::start();
    let web = Claim {
        host_id: Some("web".into()),
        machine_id: Some("m-1".into()),
        ..token("a")
    };
    world.fleet.note_machine("web", &web).expect("noted");
    let source = SourceId::agent("web");
    world
        .fleet
        .remove(&source, Told::default(), "ann")
        .await
        .expect("removed");
    assert!(world.fleet.admit_machine(&web).is_err());
    let renamed_id = Claim {
        host_id: Some("other".into()),
        ..web.clone()
    };
    assert!(
        world.fleet.admit_machine(&renamed_id).is_err(),
        "the same machine id and host name"
    );
    let copy = Claim {
        hostname: "web-2".into(),
        ..web.clone()
    };
    assert!(world.fleet.admit_machine(&copy).is_ok());
    assert!(world.fleet.note_machine("web-1a2b3c4d", &copy).is_ok());
    assert!(
        world.fleet.note_machine("web", &copy).is_err(),
        "not under its id"
    );
    assert!(world.fleet.admit_machine(&bound("own", "web")).is_err());
    assert!(world.fleet.admit_machine(&bound("own", "web-3")).is_ok());
}

#[tokio::test]
async fn what_is_hidden_or_leaving_shows_and_stays_so_over_a_restart() {
    let world = World::start();
    let dock = engine("dock");
    assert!(matches!(
        world.fleet.hide(&dock, true, "ann").await,
        Err(Error::Unknown)
    ));
    assert!(world.admits("dock", &token("a")));
    world.fleet.hide(&dock, true, "ann").await.expect("hidden");
    world
        .fleet
        .mark_leaving(&dock, "ann")
        .await
        .expect("marked");
    let standing = world.board.last();
    assert!(standing.hidden && standing.pending_uninstall);
    let world = world.restart().await;
    tokio::task::yield_now().await;
    assert!(world.board.last().hidden, "shown again after a start");
    world.fleet.hide(&dock, false, "ann").await.expect("shown");
    assert!(!world.board.last().hidden);
}

fn ack<'a>(id: &'a str, sender: &'a Claim, progress: Progress) -> Ack<'a> {
    Ack {
        id,
        agent_id: "dock",
        sender: Some(sender),
        progress,
        message: "so it says",
    }
}

#[tokio::test]
async fn one_command_at_a_time_goes_from_queued_to_done() {
    let world = World::start();
    let (dock, own) = (engine("dock"), token("a"));
    assert!(world.admits("dock", &own));
    assert_eq!(world.fleet.next_command(&dock).await, None);
    let queued = world
        .fleet
        .queue(&dock, Verb::CheckUpdates, "ann")
        .await
        .expect("queued");
    assert_eq!(
        (queued.verb.as_str(), queued.status.as_str()),
        ("check_updates", "queued")
    );
    let second = world.fleet.queue(&dock, Verb::Stop, "ann").await;
    assert!(matches!(second, Err(Error::Busy { id, .. }) if id == queued.id));
    let early = world
        .fleet
        .acknowledge(ack(&queued.id, &own, Progress::Completed))
        .await;
    assert!(matches!(early, Err(AckError::Early)));

    let world = world.restart().await;
    let told = world
        .fleet
        .next_command(&dock)
        .await
        .expect("it is handed over");
    assert_eq!(
        (told.id.as_str(), told.status.as_str()),
        (queued.id.as_str(), "dispatched")
    );
    assert_eq!(world.fleet.next_command(&dock).await, None, "once");
    for (progress, word) in [
        (Progress::Acknowledged, "acknowledged"),
        (Progress::InProgress, "in_progress"),
        (Progress::Completed, "completed"),
        (Progress::Completed, "completed"),
    ] {
        let command = world
            .fleet
            .acknowledge(ack(&queued.id, &own, progress))
            .await
            .expect("taken");
        assert_eq!(command.status, word);
        assert_eq!(world.board.last().command, Some(command));
    }
    let late = world
        .fleet
        .acknowledge(ack(&queued.id, &own, Progress::Failed))
        .await;
    assert!(matches!(late, Err(AckError::Over { status }) if status == "completed"));
    assert!(
        world
            .fleet
            .queue(&dock, Verb::CheckUpdates, "ann")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn nobody_else_speaks_for_an_engines_command() {
    let world = World::start();
    let dock = engine("dock");
    assert!(world.admits("dock", &token("a")));
    let queued = world
        .fleet
        .queue(&dock, Verb::CheckUpdates, "ann")
        .await
        .expect("queued");
    world.fleet.next_command(&dock).await.expect("handed over");
    let stranger = token("b");
    let own = token("a");
    for wrong in [
        ack(&queued.id, &stranger, Progress::Completed),
        ack("unknown", &own, Progress::Completed),
        Ack {
            agent_id: "other",
            ..ack(&queued.id, &own, Progress::Completed)
        },
    ] {
        let refused = world.fleet.acknowledge(wrong).await;
        assert!(matches!(refused, Err(AckError::Unknown)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_nobody_does_expires_after_ten_minutes() {
    let world = World::start();
    let dock = engine("dock");
    assert!(world.admits("dock", &token("a")));
    world
        .fleet
        .queue(&dock, Verb::Stop, "ann")
        .await
        .expect("queued");
    assert!(world.board.last().pending_uninstall);
    world.hands.advance(Duration::from_secs(600));
    tokio::time::advance(Duration::from_secs(16)).await;
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
    let standing = world.board.last();
    let command = standing.command.expect("it is shown");
    assert_eq!(command.status, "expired");
    assert!(command.failure_reason.is_some() && !standing.pending_uninstall);
    assert_eq!(world.fleet.next_command(&dock).await, None);
}

#[tokio::test]
async fn an_engine_that_stopped_is_gone_and_may_come_back() {
    let world = World::start();
    let (dock, own) = (engine("dock"), token("a"));
    assert!(world.admits("dock", &own));
    let queued = world
        .fleet
        .queue(&dock, Verb::Stop, "ann")
        .await
        .expect("queued");
    world.fleet.next_command(&dock).await.expect("handed over");
    let done = world
        .fleet
        .acknowledge(ack(&queued.id, &own, Progress::Completed))
        .await;
    assert_eq!(done.expect("taken").status, "completed");
    assert_eq!(world.board.gone(), ["docker:dock"]);
    assert!(!world.fleet.knows(&dock) && world.admits("dock", &own));

    let queued = world
        .fleet
        .queue(&dock, Verb::Stop, "ann")
        .await
        .expect("queued");
    world.fleet.next_command(&dock).await.expect("handed over");
    world
        .fleet
        .acknowledge(ack(&queued.id, &own, Progress::Failed))
        .await
        .expect("taken");
    assert!(!world.board.last().pending_uninstall, "it could not stop");
    assert_eq!(world.board.gone().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reports_that_change_nothing_write_nothing() {
    let world = World::start();
    for _ in 0..100 {
        assert!(world.admits("dock", &token("a")));
        world.fleet.note_machine("web", &token("a")).expect("noted");
    }
    tokio::time::advance(Duration::from_secs(1)).await;
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
    world
        .fleet
        .hide(&engine("dock"), true, "ann")
        .await
        .expect("hidden");
    assert!(!world.fleet.shared().is_unsaved());
    assert!(world.admits("dock", &token("a")));
    world.fleet.note_machine("web", &token("a")).expect("noted");
    assert!(!world.fleet.shared().is_unsaved());
}

#[tokio::test]
async fn a_full_disk_is_said_and_what_was_decided_holds_all_the_same() {
    let is_full = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (clock, hands) = Clock::manual(Timestamp::UNIX_EPOCH);
    let store = Store::on_a_disk_that_fills(is_full.clone());
    let world = World::over(store, clock, hands);
    let dock = engine("dock");
    assert!(world.admits("dock", &token("a")));
    world
        .fleet
        .hide(&dock, false, "ann")
        .await
        .expect("written");
    is_full.store(true, std::sync::atomic::Ordering::Relaxed);
    let removed = world.fleet.remove(&dock, Told::default(), "ann").await;
    assert!(matches!(removed, Err(Error::NotSaved(_))), "{removed:?}");
    assert!(!world.admits("dock", &token("a")), "it holds");
    is_full.store(false, std::sync::atomic::Ordering::Relaxed);
    let world = world.restart().await;
    assert!(
        !world.admits("dock", &token("a")),
        "it was written after all"
    );
}
