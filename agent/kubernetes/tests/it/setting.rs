//! A cluster, and the agent's reader of it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use pulse_agent_kubernetes::port::{Invocation, Programs};
use pulse_agent_kubernetes::{Cluster, Error, Places, Reading, Settings};
use pulse_protocol::Time;
use pulse_protocol::report::kubernetes::{Gap, KubernetesReport};
use serde_json::Value;

use crate::fake::Api;

pub(crate) fn now() -> Time {
    "2026-01-02T03:04:05Z".parse().expect("a time")
}

/// Programs that say what a test wants, and remember what they were asked.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) answer: Mutex<String>,
    pub(crate) asked: Mutex<Vec<Invocation>>,
}

impl Programs for Told {
    fn run(&self, invocation: &Invocation) -> Result<Vec<u8>, String> {
        self.asked.lock().expect("a list").push(invocation.clone());
        let answer = self.answer.lock().expect("an answer").clone();
        match answer.strip_prefix("fails: ") {
            Some(why) => Err(why.to_owned()),
            None => Ok(answer.into_bytes()),
        }
    }
}

/// A directory with a kubeconfig in it.
pub(crate) struct Setting {
    pub(crate) api: Api,
    pub(crate) directory: tempfile::TempDir,
    pub(crate) programs: Arc<Told>,
}

impl Setting {
    pub(crate) async fn start() -> Self {
        pulse_net::install_crypto();
        let setting = Self {
            api: Api::start().await,
            directory: tempfile::tempdir().expect("a directory"),
            programs: Arc::default(),
        };
        setting.put("config", &setting.api.kubeconfig());
        setting
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "what an operator would put there"
    )]
    pub(crate) fn put(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    pub(crate) fn places(&self) -> Places {
        Places {
            kubeconfig: Some(self.path("config")),
            ..Places::default()
        }
    }

    pub(crate) fn add(&self, list: &str, object: Value) {
        self.api.world().add(list, object);
    }

    pub(crate) fn cluster(&self, settings: Settings) -> Cluster {
        self.cluster_at(self.places(), settings)
    }

    pub(crate) fn cluster_at(&self, places: Places, settings: Settings) -> Cluster {
        Cluster::new(places, settings, self.programs.clone())
    }

    pub(crate) async fn read(&self, settings: Settings) -> Result<Reading, Error> {
        self.cluster(settings).collect(now()).await
    }

    pub(crate) async fn report(&self, settings: Settings) -> KubernetesReport {
        self.read(settings).await.expect("a reading").report
    }
}

pub(crate) fn everything() -> Settings {
    Settings {
        all_pods: true,
        all_deployments: true,
        most_pods: 10_000,
        ..Settings::default()
    }
}

/// Returns the gap about a member.
pub(crate) fn gap(report: &KubernetesReport, member: &str) -> Option<Gap> {
    report.gaps.iter().find(|gap| gap.member == member).cloned()
}
