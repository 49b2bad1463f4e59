//! A development loop: server and agent from a debug build, and the dashboard with hot reload.

use std::process::Child;

use anyhow::{Context, Result};

use crate::command::{build, command, top};

const LISTEN: &str = "127.0.0.1:7655";

/// Runs the three until one of them ends or Ctrl-C ends them all.
///
/// # Errors
/// When one cannot be built or started.
pub fn dev() -> Result<()> {
    let pulse = build("pulse-server", "pulse", "dev")?;
    let agent = build("pulse-agent", "pulse-agent", "dev")?;
    let data = top().join("data");
    let url = format!("http://{LISTEN}");

    let mut server = command(&pulse.to_string_lossy());
    server
        .args(["serve", "--listen", LISTEN, "--data-dir"])
        .arg(&data);
    let mut reporting = command(&agent.to_string_lossy());
    reporting.args([
        "--enroll",
        "--url",
        &url,
        "--interval",
        "5s",
        "--token-file",
    ]);
    reporting
        .arg(data.join("local-agent.token"))
        .arg("--state-dir")
        .arg(data.join("agent"));
    reporting.env("PULSE_HEALTH_ADDR", "off");
    let mut pages = command("npm");
    pages.args(["run", "dev"]).current_dir(top().join("web"));

    let mut started = Started::default();
    started.0.push(server.spawn().context("start the server")?);
    started
        .0
        .push(reporting.spawn().context("start the agent")?);
    let mut pages = pages.spawn().context("start npm run dev in web")?;
    // Ctrl-C reaches the whole process group; the dashboard's server is the one that ends on it.
    pages.wait().context("wait for npm")?;
    Ok(())
}

/// Children that do not outlive the task.
#[derive(Default)]
struct Started(Vec<Child>);

impl Drop for Started {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
