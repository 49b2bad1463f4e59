//! Child processes of the tasks, started at the top of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The top of the repository.
pub fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// A command that runs at the top of the repository.
#[expect(
    clippy::disallowed_methods,
    reason = "the maintainer's tasks may start processes"
)]
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(top());
    command
}

/// The cargo that runs this task.
pub fn cargo() -> Command {
    command(&variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
}

/// An environment variable, when it is set to something.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo talks to its tasks through the environment"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Runs `command` to its end; a failure names it.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("start {name}"))?;
    ensure!(
        status.success(),
        "{name} {:?} failed: {status}",
        command.get_args().collect::<Vec<_>>()
    );
    Ok(())
}

/// Builds `package` with `profile` and returns where its program `name` lies.
///
/// # Errors
/// When the build fails.
pub fn build(package: &str, name: &str, profile: &str) -> Result<PathBuf> {
    run(cargo().args([
        "build",
        "--quiet",
        "--locked",
        "--profile",
        profile,
        "--package",
        package,
    ]))?;
    let directory = if profile == "dev" { "debug" } else { profile };
    let program = target().join(directory).join(name);
    if !program.exists() {
        bail!("{} was built but is not there", program.display());
    }
    Ok(program)
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    let named = variable("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    top().join(named)
}
