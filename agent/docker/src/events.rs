//! Listens to what changes, so that nothing has to be asked for again that has not changed.
//!
//! The stream is opened before the containers are listed: what happens in between is news, not a
//! gap. When it breaks off, everything counts as changed once, and the next report opens it anew.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio_util::task::AbortOnDropHandle;
use tracing::debug;

use crate::client::Client;
use crate::error::Error;
use crate::wire::Event;

/// Longest line of the stream that is understood; a longer one means that anything may have changed.
const LINE: usize = 256 * 1024;

/// Most containers remembered as changed; beyond that all of them are.
const CHANGED: usize = 4_096;

/// Longest wait for the stream to begin.
const OPENING: Duration = Duration::from_secs(5);

/// Docker is asked for what matters only. Health checks run commands all the time, and each would
/// be three events otherwise: {"type":["container","image","network","volume"],"event":[…]}
const OF_DOCKER: &str = "/events?filters=%7B%22type%22%3A%5B%22container%22%2C%22image%22%2C%22network%22%2C%22volume%22%5D%2C\
    %22event%22%3A%5B%22create%22%2C%22start%22%2C%22restart%22%2C%22die%22%2C%22oom%22%2C%22pause%22%2C%22unpause%22%2C\
    %22rename%22%2C%22update%22%2C%22destroy%22%2C%22health_status%22%2C%22connect%22%2C%22disconnect%22%2C%22remove%22%2C\
    %22pull%22%2C%22tag%22%2C%22untag%22%2C%22delete%22%2C%22import%22%2C%22load%22%2C%22prune%22%5D%7D";

/// Podman has other words for the same events, so all of these types are sorted out here.
const OF_PODMAN: &str =
    "/events?filters=%7B%22type%22%3A%5B%22container%22%2C%22image%22%2C%22volume%22%5D%7D";

/// What changed since it was last looked at.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Anything may have changed.
    pub(crate) everything: bool,
    /// Containers that changed.
    pub(crate) containers: HashSet<String>,
    /// Whether images did.
    pub(crate) images: bool,
    /// Whether volumes did.
    pub(crate) volumes: bool,
    /// Whether networks did.
    pub(crate) networks: bool,
}

/// An open stream.
pub(crate) struct Events {
    news: Arc<Mutex<News>>,
    reader: AbortOnDropHandle<()>,
}

impl Events {
    /// Opens the stream. At first everything is new.
    pub(crate) async fn open(client: &Client, is_podman: bool) -> Result<Self, Error> {
        let path = if is_podman { OF_PODMAN } else { OF_DOCKER };
        let body = client.open(path, OPENING).await?;
        let news = Arc::new(Mutex::new(News {
            everything: true,
            ..News::default()
        }));
        let reader = tokio::spawn(listen(body, Arc::clone(&news)));
        Ok(Self {
            news,
            reader: AbortOnDropHandle::new(reader),
        })
    }

    /// Tells whether the stream still runs.
    pub(crate) fn is_open(&self) -> bool {
        !self.reader.is_finished()
    }

    /// Takes what changed since the last time.
    pub(crate) fn take(&self) -> News {
        std::mem::take(&mut self.news.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn listen(mut body: Incoming, news: Arc<Mutex<News>>) {
    let mut line = Vec::new();
    let mut is_too_long = false;
    while let Some(Ok(frame)) = body.frame().await {
        let Some(chunk) = frame.data_ref() else {
            continue;
        };
        for part in chunk.split_inclusive(|byte| *byte == b'\n') {
            if line.len() + part.len() > LINE {
                is_too_long = true;
                line.clear();
            } else if !is_too_long {
                line.extend_from_slice(part);
            }
            if part.ends_with(b"\n") {
                let mut news = news.lock().unwrap_or_else(PoisonError::into_inner);
                news.note(if is_too_long { b"" } else { &line });
                line.clear();
                is_too_long = false;
            }
        }
    }
    debug!("the engine's events broke off");
}

impl News {
    /// Notes one line.
    fn note(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        let Ok(event) = serde_json::from_slice::<Event>(line) else {
            self.everything = true;
            return;
        };
        let action = event.action.unwrap_or_default();
        match event.kind.as_deref() {
            Some("container") => {
                self.note_container(&action, event.actor.and_then(|actor| actor.id))
            }
            Some("image") => self.images = true,
            Some("volume") => self.volumes = true,
            // Which container joined or left one is in the list of containers.
            Some("network") => self.networks = true,
            _ => {}
        }
    }

    fn note_container(&mut self, action: &str, id: Option<String>) {
        let is_noise = [
            "exec", "top", "attach", "detach", "resize", "export", "archive", "commit", "copy",
        ]
        .iter()
        .any(|word| action.starts_with(word));
        if is_noise {
            return;
        }
        match id {
            Some(id) if self.containers.len() < CHANGED => {
                self.containers.insert(id);
            }
            _ => self.everything = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(lines: &[&str]) -> News {
        let mut news = News::default();
        lines.iter().for_each(|line| news.note(line.as_bytes()));
        news
    }

    #[test]
    fn only_what_changes_a_container_counts() {
        let news = noted(&[
            r#"{"Type":"container","Action":"die","Actor":{"ID":"a"}}"#,
            r#"{"Type":"container","Action":"health_status: healthy","Actor":{"ID":"b"}}"#,
            r#"{"Type":"container","Action":"exec_start: /bin/true","Actor":{"ID":"c"}}"#,
            r#"{"Type":"daemon","Action":"reload"}"#,
        ]);
        let mut changed: Vec<_> = news.containers.into_iter().collect();
        changed.sort();
        assert_eq!(changed, ["a", "b"]);
        assert!(!news.everything && !news.images);
    }

    #[test]
    fn lists_are_marked_each_by_its_own_events() {
        let news = noted(&[
            r#"{"Type":"image","Action":"pull","Actor":{"ID":"x"}}"#,
            r#"{"Type":"volume","Action":"create"}"#,
        ]);
        assert!(news.images && news.volumes && !news.networks);
    }

    #[test]
    fn a_line_that_makes_no_sense_means_that_anything_may_have_changed() {
        for line in [
            "",
            "{",
            "[1]",
            r#"{"Type":7}"#,
            r#"{"Type":"container","Action":"die"}"#,
        ] {
            assert!(noted(&[line]).everything, "{line}");
        }
    }

    #[test]
    fn a_storm_is_remembered_as_everything() {
        let mut news = News::default();
        for number in 0..=CHANGED {
            news.note_container("start", Some(number.to_string()));
        }
        assert!(news.everything && news.containers.len() == CHANGED);
    }
}
