//! Whether newer images exist: asked of the registries in the background, one question at a time.
//!
//! A container is up to date when any digest its image has *in that repository* is the one the tag
//! stands for today, or one of the platforms in that list. What cannot be told says why: pinned by
//! digest, made on this machine, login needed, registry wants to be left alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pulse_protocol::report::docker::{Container, ContainerUpdate, Image};
use pulse_protocol::{Time, text};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, warn};

use crate::error::chain;
use crate::registry::{Asker, Latest, Logins, Reference, Refusal};

/// How long an answer holds.
const ANSWERED: Duration = Duration::from_secs(6 * 60 * 60);

/// How long a failure holds.
const FAILED: Duration = Duration::from_secs(15 * 60);

/// How long a registry is left alone that says it is asked too often.
const RATE_LIMITED: Duration = Duration::from_secs(60 * 60);

/// Time between two questions.
const PAUSE: Duration = Duration::from_secs(1);

/// How long an image is remembered that no container runs any more.
const UNWANTED: Duration = Duration::from_secs(60 * 60);

/// Most images remembered.
const IMAGES: usize = 2_048;

/// Longest reason in a report.
const REASON: usize = 200;

/// What is known of the images of this machine's containers.
pub(crate) struct Updates {
    shared: Arc<Shared>,
    worker: Mutex<Option<AbortOnDropHandle<()>>>,
    logins: Option<Logins>,
}

struct Shared {
    state: Mutex<State>,
    wake: Notify,
    busy: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    images: HashMap<Reference, Known>,
    /// Registries that want to be left alone, and until when.
    paused: HashMap<String, Instant>,
    /// Nothing is asked for now.
    is_spared: bool,
}

/// What is known of one image.
struct Known {
    is_secure: bool,
    local: Vec<String>,
    wanted: Instant,
    answer: Option<Answer>,
}

struct Answer {
    outcome: Result<Latest, String>,
    until: Instant,
    /// Set by the first report that holds it.
    seen: Option<Time>,
}

impl Updates {
    /// Nothing is known yet. Without `logins` nothing stored on this machine is used.
    pub(crate) fn new(logins: Option<Logins>) -> Self {
        Self {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                wake: Notify::new(),
                busy: watch::Sender::new(false),
            }),
            worker: Mutex::new(None),
            logins,
        }
    }

    /// Writes into `containers` what is known, and has asked what is not.
    pub(crate) fn judge(
        &self,
        containers: &mut [Container],
        images: &[Image],
        is_secure: impl Fn(&str) -> bool,
        now: Time,
    ) {
        let images: HashMap<&str, &Image> = images
            .iter()
            .map(|image| (digits(&image.id), image))
            .collect();
        let at = Instant::now();
        let mut state = self.shared.state();
        for container in containers {
            let Some(image) = images.get(digits(&container.image_digest)) else {
                continue;
            };
            container.update_status = match question(&container.image, &image.repo_digests) {
                Question::Pointless(why) => Some(unknown(why, None)),
                Question::Ask(reference, local) => {
                    let is_secure = is_secure(&reference.registry);
                    state.want(reference, is_secure, local, at, now)
                }
            };
        }
        state
            .images
            .retain(|_, known| at.duration_since(known.wanted) < UNWANTED);
        let is_due = state.next(at).is_some();
        drop(state);
        if is_due {
            self.wake();
        }
    }

    /// Stops asking and forgets every answer, or begins anew.
    pub(crate) fn spare(&self, is_spared: bool) {
        let mut state = self.shared.state();
        if is_spared && !state.is_spared {
            state.images = HashMap::new();
        }
        state.is_spared = is_spared;
    }

    /// Forgets every answer and asks anew; returns when all that is wanted has been asked, or at
    /// once with `false` while nothing is asked.
    pub(crate) async fn check(&self) -> bool {
        let at = Instant::now();
        let is_due = {
            let mut state = self.shared.state();
            if state.is_spared {
                return false;
            }
            state.paused.clear();
            for known in state.images.values_mut() {
                if let Some(answer) = &mut known.answer {
                    answer.until = at;
                }
            }
            !state.images.is_empty()
        };
        if is_due {
            self.wake();
        }
        self.settled().await;
        true
    }

    /// Waits until nothing is left to ask.
    pub(crate) async fn settled(&self) {
        let mut busy = self.shared.busy.subscribe();
        // An error means that the sender is gone, and it is ours.
        let _ = busy.wait_for(|busy| !busy).await;
    }

    /// Has somebody ask what is due.
    fn wake(&self) {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if worker.as_ref().is_none_or(AbortOnDropHandle::is_finished) {
            let asker = match Asker::new(self.logins.clone()) {
                Ok(asker) => asker,
                Err(error) => {
                    warn!(error = chain(&error), "registries cannot be asked");
                    return;
                }
            };
            let task = tokio::spawn(work(Arc::clone(&self.shared), asker));
            *worker = Some(AbortOnDropHandle::new(task));
        }
        self.shared.busy.send_replace(true);
        self.shared.wake.notify_one();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes that a container runs this image, and returns what is known of it.
    fn want(
        &mut self,
        reference: Reference,
        is_secure: bool,
        local: Vec<String>,
        at: Instant,
        now: Time,
    ) -> Option<ContainerUpdate> {
        if self.images.len() >= IMAGES && !self.images.contains_key(&reference) {
            return Some(unknown("too many images on this machine", None));
        }
        let known = self.images.entry(reference).or_insert_with(|| Known {
            is_secure,
            local: Vec::new(),
            wanted: at,
            answer: None,
        });
        known.wanted = at;
        known.is_secure = is_secure;
        known.local.clone_from(&local);
        let answer = known.answer.as_mut()?;
        let seen = *answer.seen.get_or_insert(now);
        let status = match &answer.outcome {
            Ok(latest) => {
                let is_current =
                    |digest: &String| *digest == latest.digest || latest.platforms.contains(digest);
                ContainerUpdate {
                    update_available: !local.iter().any(is_current),
                    current_digest: local.first().cloned().unwrap_or_default(),
                    latest_digest: latest.digest.clone(),
                    last_checked: Some(seen),
                    error: String::new(),
                }
            }
            Err(why) => unknown(why, Some(seen)),
        };
        Some(status)
    }

    /// Finds an image to ask about.
    fn next(&self, at: Instant) -> Option<(&Reference, &Known)> {
        self.images.iter().find(|(reference, known)| {
            let is_due = known
                .answer
                .as_ref()
                .is_none_or(|answer| answer.until <= at);
            let is_paused = self
                .paused
                .get(&reference.registry)
                .is_some_and(|until| *until > at);
            is_due && !is_paused
        })
    }

    fn note(&mut self, reference: &Reference, outcome: Result<Latest, Refusal>, at: Instant) {
        let (outcome, time) = match outcome {
            Ok(latest) => (Ok(latest), ANSWERED),
            Err(Refusal::Because(why)) => (Err(why), FAILED),
            Err(Refusal::RateLimited(asked)) => {
                let time = asked.unwrap_or(RATE_LIMITED).max(FAILED);
                self.limit(&reference.registry, at, time);
                (Err("rate limited".to_owned()), time)
            }
        };
        if let Some(known) = self.images.get_mut(reference) {
            known.answer = Some(Answer {
                outcome,
                until: at + time,
                seen: None,
            });
        }
    }

    /// Leaves a registry alone. What it never answered about says why; what it did stays.
    fn limit(&mut self, registry: &str, at: Instant, time: Duration) {
        self.paused.retain(|_, until| *until > at);
        self.paused.insert(registry.to_owned(), at + time);
        let waiting = self.images.iter_mut();
        for (_, known) in waiting.filter(|(reference, _)| reference.registry == registry) {
            known.answer.get_or_insert_with(|| Answer {
                outcome: Err("rate limited".to_owned()),
                until: at + time,
                seen: None,
            });
        }
    }
}

/// Asks what is due, with a pause in between, and waits when nothing is.
async fn work(shared: Arc<Shared>, asker: Asker) {
    loop {
        let next = {
            let state = shared.state();
            let next = state.next(Instant::now());
            next.map(|(reference, known)| (reference.clone(), known.is_secure, known.local.clone()))
        };
        let Some((reference, is_secure, local)) = next else {
            shared.busy.send_replace(false);
            shared.wake.notified().await;
            continue;
        };
        let outcome = asker.ask(&reference, is_secure, &local).await;
        debug!(?reference, ?outcome, "asked a registry");
        shared.state().note(&reference, outcome, Instant::now());
        sleep(PAUSE).await;
    }
}

/// What there is to ask of a container's image.
#[derive(Debug, PartialEq, Eq)]
enum Question {
    /// Nothing, and why.
    Pointless(&'static str),
    /// What the tag stands for, and the digests it is compared with.
    Ask(Reference, Vec<String>),
}

fn question(image: &str, digests: &[String]) -> Question {
    let Some(reference) = Reference::parse(image) else {
        return Question::Pointless("image has no name any more");
    };
    if reference.digest.is_some() {
        return Question::Pointless("digest-pinned image");
    }
    let own = digests.iter().filter_map(|text| {
        let found = Reference::parse(text)?;
        found
            .digest
            .clone()
            .filter(|_| found.is_same_repository(&reference))
    });
    let own: Vec<String> = own.collect();
    if own.is_empty() {
        return Question::Pointless("image was made on this machine");
    }
    Question::Ask(reference, own)
}

/// Engines write ids with and without what they are a digest by.
fn digits(id: &str) -> &str {
    id.strip_prefix("sha256:").unwrap_or(id)
}

fn unknown(why: &str, checked: Option<Time>) -> ContainerUpdate {
    ContainerUpdate {
        error: text::fit(why, REASON).into_owned(),
        last_checked: checked,
        ..ContainerUpdate::default()
    }
}

#[cfg(test)]
#[path = "updates/tests.rs"]
mod tests;
