//! The agent's process, with an engine to read and a server to report to.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};

use super::sink::Sink;
use crate::bench::process::Measured;
use crate::command::command;

/// How an agent is started.
pub struct Start<'a> {
    /// The program.
    pub program: &'a Path,
    /// Where its state goes; a directory of its own.
    pub state: &'a Path,
    /// Whom it reports to.
    pub sink: &'a Sink,
    /// Socket of the engine it reads; without one it reads none.
    pub engine: Option<&'a Path>,
    /// Time between its reports.
    pub interval: Duration,
    /// Address of its health page.
    pub health: &'a str,
}

impl Start<'_> {
    /// Starts it.
    ///
    /// # Errors
    /// When that fails.
    pub fn run(&self) -> Result<Measured> {
        let interval = format!("{}ms", self.interval.as_millis());
        let docker = format!("--enable-docker={}", self.engine.is_some());
        let mut agent = command(&self.program.to_string_lossy());
        agent
            .args(["--url", &self.sink.base, "--interval", &interval, &docker])
            .args(["--docker-runtime", "docker"])
            // Registries are the internet; asking them is not what is measured.
            .args([
                "--disable-docker-update-checks",
                "--health-addr",
                self.health,
            ])
            .arg("--state-dir")
            .arg(self.state)
            .envs([("PULSE_TOKEN", "bench"), ("LOG_LEVEL", "error")])
            .stdin(Stdio::null());
        if let Some(socket) = self.engine {
            agent.env("DOCKER_HOST", format!("unix://{}", socket.display()));
        }
        Ok(Measured(agent.spawn().context("start the agent")?))
    }
}

/// An address of loopback that was free a moment ago.
pub fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.to_string())
}
