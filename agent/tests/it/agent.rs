//! An agent in this process, on an invented machine and with a clock that ticks once per look.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use pulse_agent::config::{Action, Config, load};
use pulse_agent::{Clock, Error, Surroundings, run_in};
use pulse_agent_host::{Collector, Context, Reading, Roots};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// An agent that runs until it is told to stop.
pub(crate) struct Agent {
    pub(crate) shutdown: CancellationToken,
    task: JoinHandle<Result<(), Error>>,
}

impl Agent {
    /// Starts an agent that reports at once and then every `interval`.
    pub(crate) fn start(url: &str, state: &Path, interval: &str, more: &[&str]) -> Self {
        let url = format!("--url={url}");
        let state_dir = format!("--state-dir={}", state.display());
        let interval = format!("--interval={interval}");
        let mut arguments = vec![url.as_str(), &state_dir, &interval, "--health-addr=off"];
        arguments.extend(more);
        Self::with(config(&arguments))
    }

    pub(crate) fn with(config: Config) -> Self {
        let shutdown = CancellationToken::new();
        let surroundings = surroundings(&config.state_dir);
        let task = tokio::spawn(run_in(config, surroundings, shutdown.clone()));
        Self { shutdown, task }
    }

    /// Tells the agent to stop and waits until it has.
    pub(crate) async fn stop(self) -> Result<(), Error> {
        self.shutdown.cancel();
        self.ended().await
    }

    /// Waits until the agent ends by itself.
    pub(crate) async fn ended(self) -> Result<(), Error> {
        self.task.await.expect("the agent does not panic")
    }
}

pub(crate) fn config(arguments: &[&str]) -> Config {
    let arguments = arguments.iter().map(|&argument| argument.to_owned());
    match load(arguments, &|_| None).expect("settings") {
        Action::Run(config) => *config,
        other => panic!("something else to do: {other:?}"),
    }
}

/// Writes a token file.
pub(crate) fn token_file(directory: &Path, token: &str) -> String {
    let path = directory.join("given.token");
    write(&path, token);
    format!("--token-file={}", path.display())
}

#[expect(
    clippy::disallowed_methods,
    reason = "what an operator would put there"
)]
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
    std::fs::write(path, text).expect("a file");
}

fn surroundings(state: &Path) -> Surroundings {
    let machine: PathBuf = state.join("machine");
    write(
        &machine.join("etc/machine-id"),
        "0123456789abcdef0123456789abcdef\n",
    );
    write(&machine.join("proc/sys/kernel/hostname"), "web1\n");
    let seconds = AtomicI64::new(1_700_000_000);
    let tick = move || Timestamp::from_second(seconds.fetch_add(1, Ordering::SeqCst));
    Surroundings {
        clock: Clock::telling(move || tick().expect("a time")),
        roots: Roots::under(machine.clone()),
        collectors: vec![memory],
        sockets: machine,
    }
}

fn memory() -> Box<dyn Collector> {
    struct Memory;
    impl Collector for Memory {
        fn name(&self) -> &'static str {
            "memory"
        }
        fn collect(&mut self, _: &Context<'_>) -> Result<Reading, pulse_agent_host::Error> {
            Ok(Reading::new(|report| {
                report.metrics.memory.total_bytes = Some(4096)
            }))
        }
    }
    Box::new(Memory)
}
