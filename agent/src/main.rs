//! The agent as a program: settings, log, signals, exit status.

use std::io::{self, Write};
use std::process::ExitCode;

use pulse_agent::config::{self, Action, Config};
use pulse_agent::logging::Logger;
use pulse_agent::{Clock, Collected, Error, Surroundings, chain, collect_once, run};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

fn main() -> ExitCode {
    forbid_core_dumps();
    pulse_net::install_crypto();
    match act() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "Error: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn act() -> Result<(), Error> {
    match config::load(std::env::args().skip(1), &config::of_process)? {
        Action::Say(text) => {
            let _ = io::stdout().write_all(text.as_bytes());
            Ok(())
        }
        Action::SelfTest(config) => Logger::new(&config, Clock::system()).map(drop),
        Action::Print(config) => print(&config),
        Action::Run(config) => serve(*config),
    }
}

fn serve(config: Config) -> Result<(), Error> {
    Logger::new(&config, Clock::system())?.install();
    let runtime = runtime()?;
    let shutdown = CancellationToken::new();
    let outcome = runtime.block_on(async {
        tokio::spawn(stop_on_signal(shutdown.clone()));
        run(config, shutdown).await
    });
    // A collector that hangs in the kernel is not waited for.
    runtime.shutdown_background();
    outcome
}

fn print(config: &Config) -> Result<(), Error> {
    Logger::new(config, Clock::system())?.install();
    let runtime = runtime()?;
    let collected = runtime.block_on(collect_once(config, Surroundings::default()))?;
    let Collected {
        host,
        engines,
        cluster,
    } = collected;
    runtime.shutdown_background();
    let pretty = "a report always makes JSON";
    let mut texts = vec![serde_json::to_string_pretty(&host).expect(pretty)];
    for report in &engines {
        texts.push(serde_json::to_string_pretty(report).expect(pretty));
    }
    if let Some(report) = &cluster {
        texts.push(serde_json::to_string_pretty(report).expect(pretty));
    }
    for text in texts {
        let _ = writeln!(io::stdout(), "{text}");
    }
    Ok(())
}

/// A crash must not leave the token in a file.
fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, setrlimit};
        let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    }
}

/// One thread: the agent waits nearly all the time, and every thread costs memory.
fn runtime() -> Result<Runtime, Error> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)
}

#[cfg(unix)]
async fn stop_on_signal(shutdown: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    shutdown.cancel();
}

#[cfg(not(unix))]
async fn stop_on_signal(shutdown: CancellationToken) {
    if tokio::signal::ctrl_c().await.is_ok() {
        shutdown.cancel();
    }
}
