//! How polling works, connection by connection: what each poller says of itself, put together for
//! those who ask.
//!
//! Pollers write their own entry after each attempt; nothing here decides when anything is polled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// Tasks due within this many seconds count as due soon.
const SOON: i64 = 12;
/// Age of the last success at which a connection counts as wholly stale.
const STALE: f64 = 300.0;
/// Dead letters shown.
const MOST_DEAD: usize = 25;
/// Connections known at most; far more than anybody can set up.
const MOST: usize = 10_000;

/// What one poller says of its connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connection {
    /// The kind of product: `pve`, `pbs`, `pmg`, `truenas`.
    pub kind: String,
    /// The connection's name, unique among its kind.
    pub instance: String,
    /// The name people gave it.
    pub display_name: String,
    /// Its address.
    pub address: String,
    /// When the poller first heard of it.
    pub since: Timestamp,
    /// When it is polled next; nothing while it is being polled.
    pub next_run: Option<Timestamp>,
    /// When it last answered.
    pub last_success: Option<Timestamp>,
    /// What went wrong last, since it last answered.
    pub last_error: Option<Failure>,
    /// Attempts in a row that failed.
    pub consecutive_failures: u32,
    /// The first of those.
    pub first_failure_at: Option<Timestamp>,
    /// Its breaker.
    pub breaker: Breaker,
    /// Since when it has been given up for now, and why.
    pub dead_letter: Option<DeadLetter>,
    /// What people should know.
    pub warnings: Vec<String>,
}

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PollFailure)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// Why, without secrets.
    pub message: String,
    /// Whether trying again may help.
    pub category: Category,
}

/// Whether trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PollFailureCategory)]
pub enum Category {
    /// It may.
    Transient,
    /// Not before somebody changes something.
    Permanent,
}

/// What keeps a poller from asking a server that does not answer over and over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breaker {
    /// How it is.
    pub state: BreakerState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// When it next lets one attempt through.
    pub retry_at: Option<Timestamp>,
}

/// How a breaker is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Attempts go through.
    #[default]
    Closed,
    /// One attempt is let through to see.
    HalfOpen,
    /// None goes through.
    Open,
}

/// A connection given up for now.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// Why.
    pub reason: String,
    /// The first attempt after that.
    pub first_attempt: Timestamp,
    /// The latest.
    pub last_attempt: Timestamp,
    /// How many there were.
    pub retry_count: u32,
    /// The next.
    pub next_retry: Option<Timestamp>,
}

/// Where pollers leave word. Clones share it.
#[derive(Clone, Default)]
pub struct Registry(Arc<Mutex<BTreeMap<String, Connection>>>);

impl Registry {
    /// Replaces what is known of a connection. One too many is not taken, and that is said.
    pub fn report(&self, connection: Connection) -> bool {
        let key = key(&connection);
        let mut known = self.known();
        let has_room = known.len() < MOST || known.contains_key(&key);
        if has_room {
            known.insert(key, connection);
        }
        has_room
    }

    /// Forgets a connection that is no longer polled.
    pub fn forget(&self, kind: &str, instance: &str) {
        self.known().remove(&format!("{kind}::{instance}"));
    }

    /// Returns how everything is at `now`.
    pub fn health(&self, now: Timestamp, is_adaptive: bool) -> Health {
        let known = self.known();
        let connections = || known.values();
        let waiting = || connections().filter(|c| c.next_run.is_some());
        let mut per_type = BTreeMap::new();
        for connection in waiting() {
            *per_type.entry(connection.kind.clone()).or_insert(0) += 1;
        }
        let soon = now + SignedDuration::from_secs(SOON);
        let dead = || connections().filter(|c| c.dead_letter.is_some());
        let troubled = connections()
            .filter(|c| c.breaker.state != BreakerState::Closed || c.consecutive_failures > 0);
        Health {
            updated_at: now,
            enabled: is_adaptive,
            queue: Queue {
                depth: waiting().count(),
                due_within_seconds: waiting().filter(|c| c.next_run <= Some(soon)).count(),
                per_type,
            },
            dead_letter: DeadLetters {
                count: dead().count(),
                tasks: dead().take(MOST_DEAD).map(DeadTask::of).collect(),
            },
            breakers: troubled.map(BreakerHealth::of).collect(),
            staleness: connections().map(|c| Staleness::of(c, now)).collect(),
            instances: known
                .iter()
                .map(|(key, connection)| Instance::of(key, connection))
                .collect(),
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(connection: &Connection) -> String {
    format!("{}::{}", connection.kind, connection.instance)
}

/// How polling works.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SchedulerHealth)]
pub struct Health {
    /// When this was put together.
    pub updated_at: Timestamp,
    /// Whether intervals follow how fresh things are.
    pub enabled: bool,
    /// What waits.
    pub queue: Queue,
    /// What was given up for now.
    pub dead_letter: DeadLetters,
    /// Breakers that are not at rest.
    pub breakers: Vec<BreakerHealth>,
    /// How stale each connection is.
    pub staleness: Vec<Staleness>,
    /// Every connection.
    pub instances: Vec<Instance>,
}

/// What waits to be polled.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SchedulerQueue)]
pub struct Queue {
    /// How many.
    pub depth: usize,
    /// How many within the next 12 seconds.
    pub due_within_seconds: usize,
    /// How many of each kind.
    pub per_type: BTreeMap<String, usize>,
}

/// What was given up for now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SchedulerDeadLetters)]
pub struct DeadLetters {
    /// How many.
    pub count: usize,
    /// The first 25.
    pub tasks: Vec<DeadTask>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SchedulerDeadTask)]
pub struct DeadTask {
    instance: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_run: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    failures: u32,
}

impl DeadTask {
    fn of(connection: &Connection) -> Self {
        let dead = connection.dead_letter.as_ref();
        Self {
            instance: connection.instance.clone(),
            kind: connection.kind.clone(),
            next_run: dead.and_then(|dead| dead.next_retry),
            last_error: dead.map(|dead| dead.reason.clone()),
            failures: connection.consecutive_failures,
        }
    }
}

/// A breaker that is not at rest.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BreakerHealth {
    instance: String,
    #[serde(rename = "type")]
    kind: String,
    state: BreakerState,
    failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_at: Option<Timestamp>,
}

impl BreakerHealth {
    fn of(connection: &Connection) -> Self {
        Self {
            instance: connection.instance.clone(),
            kind: connection.kind.clone(),
            state: connection.breaker.state,
            failures: connection.consecutive_failures,
            retry_at: connection.breaker.retry_at,
        }
    }
}

/// How stale a connection is. Both spellings are promised.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Staleness {
    instance: String,
    #[serde(rename = "type")]
    kind: String,
    /// From 0, fresh, to 1: no answer for five minutes, or ever.
    score: f64,
    staleness_score: f64,
    /// Since the last answer; left out when there never was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    staleness_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Timestamp>,
}

impl Staleness {
    fn of(connection: &Connection, now: Timestamp) -> Self {
        let age = connection
            .last_success
            .map(|at| now.duration_since(at).as_secs_f64().max(0.0));
        let score = age.map_or(1.0, |age| (age / STALE).min(1.0));
        Self {
            instance: connection.instance.clone(),
            kind: connection.kind.clone(),
            score,
            staleness_score: score,
            staleness_seconds: age,
            last_success: connection.last_success,
            last_error: connection.last_error.as_ref().map(|error| error.at),
        }
    }
}

/// A connection with everything known of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SchedulerInstance)]
pub struct Instance {
    /// Kind and name, as `pve::lab`.
    key: String,
    #[serde(rename = "type")]
    kind: String,
    display_name: String,
    instance: String,
    connection: String,
    poll_status: PollStatus,
    breaker: InstanceBreaker,
    dead_letter: InstanceDeadLetter,
    warnings: Vec<String>,
}

/// How polls of a connection went.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PollStatus {
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Failure>,
    consecutive_failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_failure_at: Option<Timestamp>,
}

/// A connection's breaker.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstanceBreaker {
    state: BreakerState,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_transition: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_at: Option<Timestamp>,
    failure_count: u32,
}

/// Whether a connection was given up for now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstanceDeadLetter {
    present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_attempt: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_attempt: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_retry: Option<Timestamp>,
}

impl Instance {
    fn of(key: &str, connection: &Connection) -> Self {
        let breaker = &connection.breaker;
        let dead = connection.dead_letter.as_ref();
        Self {
            key: key.to_owned(),
            kind: connection.kind.clone(),
            display_name: connection.display_name.clone(),
            instance: connection.instance.clone(),
            connection: connection.address.clone(),
            poll_status: PollStatus {
                last_success: connection.last_success,
                last_error: connection.last_error.clone(),
                consecutive_failures: connection.consecutive_failures,
                first_failure_at: connection.first_failure_at,
            },
            breaker: InstanceBreaker {
                state: breaker.state,
                since: breaker.since,
                last_transition: breaker.since,
                retry_at: breaker.retry_at,
                failure_count: connection.consecutive_failures,
            },
            dead_letter: dead.map_or_else(InstanceDeadLetter::default, |dead| InstanceDeadLetter {
                present: true,
                reason: Some(dead.reason.clone()),
                first_attempt: Some(dead.first_attempt),
                last_attempt: Some(dead.last_attempt),
                retry_count: Some(dead.retry_count),
                next_retry: dead.next_retry,
            }),
            warnings: connection.warnings.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn lab() -> Connection {
        Connection {
            kind: "pve".to_owned(),
            instance: "lab".to_owned(),
            next_run: Some(at(1_010)),
            last_success: Some(at(970)),
            ..Connection::default()
        }
    }

    #[test]
    fn nothing_polled_is_an_empty_queue() {
        let health = Registry::default().health(at(1_000), true);
        assert!(health.enabled && health.instances.is_empty() && health.breakers.is_empty());
        assert_eq!((health.queue.depth, health.dead_letter.count), (0, 0));
    }

    #[test]
    fn a_healthy_connection_is_due_soon_and_a_tenth_stale() {
        let registry = Registry::default();
        registry.report(lab());
        registry.report(Connection {
            next_run: Some(at(1_100)),
            instance: "far".to_owned(),
            last_success: None,
            ..lab()
        });
        let health = registry.health(at(1_000), false);
        assert_eq!(
            (health.queue.depth, health.queue.due_within_seconds),
            (2, 1)
        );
        assert_eq!(health.queue.per_type["pve"], 2);
        let scores: Vec<f64> = health.staleness.iter().map(|s| s.score).collect();
        assert_eq!(scores, [1.0, 0.1], "never heard is wholly stale");
        assert_eq!(health.instances[1].key, "pve::lab");
    }

    #[test]
    fn a_connection_given_up_is_a_dead_letter_with_its_reason_until_it_is_forgotten() {
        let registry = Registry::default();
        registry.report(Connection {
            consecutive_failures: 5,
            breaker: Breaker {
                state: BreakerState::Open,
                since: Some(at(900)),
                retry_at: Some(at(1_200)),
            },
            dead_letter: Some(DeadLetter {
                reason: "wrong password".to_owned(),
                first_attempt: at(900),
                last_attempt: at(950),
                retry_count: 1,
                next_retry: Some(at(2_700)),
            }),
            ..lab()
        });
        let health = serde_json::to_value(registry.health(at(1_000), false)).expect("JSON");
        assert_eq!(
            health["deadLetter"]["tasks"][0]["lastError"],
            "wrong password"
        );
        assert_eq!(health["breakers"][0]["state"], "open");
        assert_eq!(health["instances"][0]["deadLetter"]["present"], true);
        registry.forget("pve", "lab");
        assert!(registry.health(at(1_000), false).instances.is_empty());
    }

    #[test]
    fn there_is_an_end_to_connections() {
        let registry = Registry::default();
        for number in 0..MOST {
            let instance = number.to_string();
            assert!(registry.report(Connection { instance, ..lab() }));
        }
        assert!(!registry.report(lab()), "one too many");
        let instance = "7".to_owned();
        assert!(registry.report(Connection { instance, ..lab() }), "known");
    }
}
