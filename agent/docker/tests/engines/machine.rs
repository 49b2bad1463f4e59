//! Engines started for a test, and an image made of what is on this machine.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use pulse_agent_docker::{Engines, Outcome, Places, Settings};
use pulse_protocol::Time;
use pulse_protocol::report::docker::{Container, DockerReport};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(90);

/// Time between two looks.
const PACE: Duration = Duration::from_millis(200);

/// A program that runs until the test ends.
pub(crate) struct Service {
    pub(crate) pid: u32,
    _child: Child,
}

impl Service {
    /// Starts a program and waits until it says `ready`; returns that line too.
    pub(crate) async fn start(program: &str, arguments: &[&str], ready: &str) -> (Self, String) {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut lines = BufReader::new(child.stderr.take().expect("its words")).lines();
        let mut said = Vec::new();
        let line = timeout(PATIENCE, async {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains(ready) {
                    return line;
                }
                said.push(line);
            }
            panic!("{program} ended: {said:#?}")
        });
        let line = line
            .await
            .unwrap_or_else(|_| panic!("{program} never said {ready:?}"));
        // Somebody has to listen, or it stops at a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let pid = child.id().expect("it runs");
        (Self { pid, _child: child }, line)
    }
}

/// Docker's daemon with a directory of its own.
pub(crate) struct Docker {
    pub(crate) root: tempfile::TempDir,
    pub(crate) service: Service,
}

impl Docker {
    pub(crate) async fn start() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        let run = root.path().join("var/run");
        std::fs::create_dir_all(&run).expect("a directory");
        let path = |name: &str| root.path().join(name).display().to_string();
        let host = format!("unix://{}", path("var/run/docker.sock"));
        let (data, exec, pid) = (path("data"), path("exec"), path("pid"));
        let arguments = [
            "--host",
            &host,
            "--data-root",
            &data,
            "--exec-root",
            &exec,
            "--pidfile",
            &pid,
            "--iptables=false",
            "--bridge=none",
            "--cgroup-parent=/pulse-engines",
        ];
        let (service, _) = Service::start("dockerd", &arguments, "API listen on").await;
        let docker = Self { root, service };
        docker.import("web:1", "one").await;
        docker
    }

    /// Asks Docker's own client; the words of the line are its arguments.
    pub(crate) async fn cli(&self, line: &str) -> String {
        let host = format!(
            "unix://{}",
            self.root.path().join("var/run/docker.sock").display()
        );
        let mut command = Command::new("docker");
        command
            .args(line.split_whitespace())
            .env("DOCKER_HOST", host)
            .env("HOME", self.root.path());
        output(command).await
    }

    /// Makes an image of this machine's static busybox; `mark` makes it another one.
    pub(crate) async fn import(&self, name: &str, mark: &str) {
        let archive = archive(self.root.path(), mark).await;
        self.cli(&format!("import {} {name}", archive.display()))
            .await;
    }

    pub(crate) fn engines(&self, settings: Settings) -> Engines {
        engines(self.root.path(), settings)
    }
}

pub(crate) fn engines(root: &Path, settings: Settings) -> Engines {
    let places = Places {
        root: root.to_owned(),
        ..Places::default()
    };
    Engines::in_places(&places, settings).expect("places")
}

/// Settings that ask no registry.
pub(crate) fn quiet() -> Settings {
    Settings {
        updates: false,
        ..Settings::default()
    }
}

/// Packs a root file system with nothing but busybox in it.
pub(crate) async fn archive(directory: &Path, mark: &str) -> PathBuf {
    let tree = directory.join(format!("tree-{mark}"));
    let bin = tree.join("bin");
    std::fs::create_dir_all(&bin).expect("a directory");
    std::fs::create_dir_all(tree.join(mark)).expect("a directory");
    std::fs::copy("/bin/busybox", bin.join("busybox")).expect("busybox-static is installed");
    for name in ["sh", "sleep", "true", "false", "tail", "yes"] {
        std::os::unix::fs::symlink("busybox", bin.join(name)).expect("a link");
    }
    script(&bin.join("greedy"));
    let archive = directory.join(format!("{mark}.tar"));
    let mut command = Command::new("tar");
    command
        .arg("-C")
        .arg(&tree)
        .arg("-cf")
        .arg(&archive)
        .arg(".");
    output(command).await;
    archive
}

/// Writes a script that takes all memory there is. It waits first and afterwards: an engine loses
/// the word of it when the container has only just begun or is gone already.
fn script(path: &Path) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new();
    let file = file
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o755)
        .open(path);
    let text = "#!/bin/sh\nsleep 1\ntail /dev/zero\ncode=$?\nsleep 1\nexit $code\n";
    file.expect("a file")
        .write_all(text.as_bytes())
        .expect("written");
}

/// Runs a program to its end and returns what it wrote.
pub(crate) async fn output(mut command: Command) -> String {
    let run = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = timeout(PATIENCE, run)
        .await
        .expect("it ends")
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// The time, as an agent's clock tells it.
#[expect(
    clippy::disallowed_methods,
    reason = "the engines go by the system's clock too"
)]
pub(crate) fn now() -> Time {
    Time::now()
}

/// Reads until the report is as wanted, and returns it.
pub(crate) async fn until(
    engines: &mut Engines,
    what: &str,
    wanted: impl Fn(&DockerReport) -> bool,
) -> DockerReport {
    let mut last = Vec::new();
    let mut pace = interval(PACE);
    let reading = async {
        loop {
            pace.tick().await;
            let outcomes: Vec<Outcome> = engines.collect(now()).await;
            let report = outcomes.iter().find_map(|outcome| {
                let report = &outcome.reading.as_ref().ok()?.report;
                wanted(report).then(|| report.clone())
            });
            if let Some(report) = report {
                return report;
            }
            last = outcomes;
        }
    };
    let report = timeout(PATIENCE, reading).await;
    report.unwrap_or_else(|_| panic!("{what}: never seen; last:\n{}", shown(&last)))
}

/// Says in short what was read last.
fn shown(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        match &outcome.reading {
            Ok(reading) => {
                text.push_str(&format!("{}: {:?}\n", outcome.address, reading.remarks));
                for c in &reading.report.containers {
                    let counts = (c.exit_code, c.restart_count, c.oom_killed, c.cpu_percent);
                    text.push_str(&format!(
                        "  {} {} {} {counts:?}\n",
                        c.name, c.state, c.status
                    ));
                }
            }
            Err(error) => text.push_str(&format!("{}: {error}\n", outcome.address)),
        }
    }
    text
}

pub(crate) fn named<'a>(report: &'a DockerReport, name: &str) -> Option<&'a Container> {
    report
        .containers
        .iter()
        .find(|container| container.name == name)
}

/// Milliseconds of processor time a process has used.
pub(crate) fn processor_time(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("its figures");
    let after = stat.rsplit_once(") ").expect("its name").1;
    let ticks = after
        .split(' ')
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("a number"));
    ticks.sum::<u64>() * 10
}
