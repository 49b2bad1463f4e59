//! The `pulse` command.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser};

use pulse_server::config::{Cli, Command, Config, HealthcheckArgs, ServeArgs};

fn main() -> ExitCode {
    // First of all: nothing that speaks TLS may exist before this.
    pulse_net::install_crypto();
    bound_process();
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // One sentence, whatever went wrong inside.
            let _ = writeln!(std::io::stderr(), "pulse: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Leaves no secrets in core files, and lets the server have the open files its owner allows.
#[cfg(unix)]
fn bound_process() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    // What cannot be had is gone without: neither is a reason not to start.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
}

#[cfg(not(unix))]
fn bound_process() {}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        None => serve(cli.serve),
        Some(Command::Serve(args)) => serve(*args),
        Some(Command::BootstrapToken(args)) => bootstrap_token(args.data_dir),
        Some(Command::Healthcheck(args)) => block_on(healthcheck(args)),
        Some(Command::Openapi) => {
            let document = pulse_api::openapi_document(pulse_server::VERSION);
            print(&format!("{document:#}\n"))
        }
        Some(Command::Completions { shell }) => {
            clap_complete::generate(shell, &mut Cli::command(), "pulse", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn block_on(future: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.context("starting the runtime")?.block_on(future)
}

fn serve(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let mut config = Config::resolve(args)?;
    config.journal = pulse_server::logging::start(&config.log)?;
    block_on(async {
        let mut signals = Signals::listen()?;
        let running = pulse_server::start(config).await?;
        signals.wait().await;
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).context("listening for signals");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        // Without a console there is nobody to interrupt us; then only the service manager ends us.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn bootstrap_token(data_dir: std::path::PathBuf) -> anyhow::Result<ExitCode> {
    let path = data_dir.join(".bootstrap_token");
    let bytes = pulse_store::file::read_private(&path, 4_096);
    let bytes = bytes.with_context(|| format!("reading {}", path.display()))?;
    let Some(bytes) = bytes else {
        anyhow::bail!(
            "there is no bootstrap token in {}: set-up is done, or the server has not started yet",
            data_dir.display()
        );
    };
    print(&format!("{}\n", String::from_utf8_lossy(&bytes).trim()))
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("writing to standard output")?;
    Ok(ExitCode::SUCCESS)
}

async fn healthcheck(args: HealthcheckArgs) -> anyhow::Result<ExitCode> {
    let client = args.client()?;
    let url = format!("{}/api/health", args.url.trim_end_matches('/'));
    let answer = client
        .get(&url)
        .send()
        .await
        .with_context(|| format!("asking {url}"))?;
    anyhow::ensure!(
        answer.status().is_success(),
        "{url} answered {}",
        answer.status()
    );
    Ok(ExitCode::SUCCESS)
}
