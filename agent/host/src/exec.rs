//! The only place that starts programs.
//!
//! Absolute paths, an empty environment, no shell, a process group of its own, a cap on what is
//! read and an end by the clock: a tool that hangs or chatters costs its collector one reading.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;

/// Where programs may look for others; nothing a user can write to.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How often the end of a program that closed its output is looked for.
const GRACE: Duration = Duration::from_millis(5);

/// How long the end of a program that was killed is waited for.
const FAREWELL: Duration = Duration::from_secs(1);

/// What may be spent on one run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From start to end.
    pub time: Duration,
    /// Bytes of standard output.
    pub output: usize,
}

/// What a program left behind.
#[derive(Debug)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub bytes: Vec<u8>,
}

/// Runs `program` and returns what it wrote to standard output.
///
/// # Errors
/// As [`output`], and when the program failed.
pub fn run(program: &Path, arguments: &[&str], limits: Limits) -> Result<Vec<u8>, Error> {
    run_with(program, arguments, &[], limits)
}

/// Finds a program by its name where programs may look for others.
#[must_use]
pub fn find(name: &str) -> Option<PathBuf> {
    if name.is_empty() || name.contains(['/', '\\']) {
        return None;
    }
    let mut places = PATH.split(':').map(|place| Path::new(place).join(name));
    places.find(|path| path.is_file())
}

/// Runs `program` with some environment of its own.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    program: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
    limits: Limits,
) -> Result<Vec<u8>, Error> {
    let Output { status, bytes } = end_of(program, arguments, environment, limits)?;
    if status.success() {
        Ok(bytes)
    } else {
        Err(Error::Failed {
            program: program.display().to_string(),
            status,
        })
    }
}

/// Runs `program` to its end, whichever that is.
///
/// # Errors
/// [`Error::Absent`] when there is no such program, others when it could not run, wrote too much or
/// took too long.
pub fn output(program: &Path, arguments: &[&str], limits: Limits) -> Result<Output, Error> {
    end_of(program, arguments, &[], limits)
}

fn end_of(
    program: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
    limits: Limits,
) -> Result<Output, Error> {
    let name = || program.display().to_string();
    if !program.is_absolute() {
        return Err(Error::RelativeProgram(name()));
    }
    let deadline = Instant::now() + limits.time;
    let mut command = command(program, arguments);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::Absent("the program"));
        }
        Err(source) => {
            return Err(Error::Run {
                program: name(),
                source,
            });
        }
    };
    let outcome = attend(&mut child, deadline, limits);
    if outcome.is_err() {
        kill(child);
    }
    outcome.map_err(|stop| stop.error(name(), limits))
}

#[expect(clippy::disallowed_methods, reason = "the one spawner")]
fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("PATH", PATH)
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// Why a program was not let finish.
enum Stop {
    Late,
    Chatty,
    Io(io::Error),
}

impl Stop {
    fn error(self, program: String, limits: Limits) -> Error {
        match self {
            Self::Late => Error::Timeout(limits.time),
            Self::Chatty => Error::TooMuchOutput {
                program,
                limit: limits.output,
            },
            Self::Io(source) => Error::Run { program, source },
        }
    }
}

fn attend(child: &mut Child, deadline: Instant, limits: Limits) -> Result<Output, Stop> {
    let output = read_output(child, limits.output).map_err(Stop::Io)?;
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = match output.recv_timeout(left) {
        Ok(bytes) => bytes.map_err(Stop::Io)?,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(Stop::Late),
    };
    if bytes.len() > limits.output {
        return Err(Stop::Chatty);
    }
    let status = await_end(child, deadline)?;
    Ok(Output { status, bytes })
}

/// Reads in a thread of its own, because a pipe cannot be read with a time limit.
fn read_output(child: &mut Child, limit: usize) -> io::Result<Receiver<io::Result<Vec<u8>>>> {
    let (sender, receiver) = sync_channel(1);
    let stdout = child
        .stdout
        .take()
        .ok_or_else(|| io::Error::other("no standard output"))?;
    thread::Builder::new()
        .name("exec".to_owned())
        .stack_size(128 * 1024)
        .spawn(move || {
            let mut output = Vec::new();
            let read = stdout.take(limit as u64 + 1).read_to_end(&mut output);
            let _ = sender.send(read.map(|_| output));
        })?;
    Ok(receiver)
}

fn await_end(child: &mut Child, deadline: Instant) -> Result<ExitStatus, Stop> {
    // Nobody ever sends: receiving is how to wait for a moment.
    let (_keep, never) = sync_channel::<()>(0);
    loop {
        if let Some(status) = child.try_wait().map_err(Stop::Io)? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            return Err(Stop::Late);
        }
        let _ = never.recv_timeout(GRACE);
    }
}

/// Ends the program and whatever it started.
///
/// One that hangs in the kernel, on a disk that died, ends when the kernel lets go of it; a thread
/// waits for that, so that the collector need not.
fn kill(mut child: Child) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        use nix::sys::signal::{Signal, killpg};
        let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGKILL);
    }
    let _ = child.kill();
    if await_end(&mut child, Instant::now() + FAREWELL).is_err() {
        let reaper = thread::Builder::new().name("reaper".to_owned());
        let _ = reaper
            .stack_size(64 * 1024)
            .spawn(move || drop(child.wait()));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(20),
        output: 1_000,
    };

    fn sh(script: &str, limits: Limits) -> Result<Vec<u8>, Error> {
        run(Path::new("/bin/sh"), &["-c", script], limits)
    }

    #[test]
    fn output_comes_back() {
        assert_eq!(sh("echo hello", LIMITS).expect("output"), b"hello\n");
    }

    #[test]
    fn the_environment_is_empty_but_for_path_and_locale() {
        let output = run(Path::new("/usr/bin/env"), &[], LIMITS).expect("output");
        let output = String::from_utf8(output).expect("text");
        let mut names: Vec<_> = output
            .lines()
            .filter_map(|line| Some(line.split_once('=')?.0))
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["LC_ALL", "PATH"]);
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_its_children() {
        let limits = Limits {
            time: Duration::from_millis(50),
            ..LIMITS
        };
        let started = Instant::now();
        let result = sh("sleep 600 & sleep 600", limits);
        assert!(matches!(result, Err(Error::Timeout(_))), "{result:?}");
        assert!(started.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn a_program_that_writes_without_end_is_ended() {
        let result = sh("while :; do echo again; done", LIMITS);
        assert!(
            matches!(result, Err(Error::TooMuchOutput { limit: 1_000, .. })),
            "{result:?}"
        );
    }

    #[test]
    fn failure_absence_and_relative_paths_are_told_apart() {
        assert!(matches!(sh("exit 3", LIMITS), Err(Error::Failed { .. })));
        let absent = run(Path::new("/nonexistent/tool"), &[], LIMITS);
        assert!(matches!(absent, Err(Error::Absent(_))), "{absent:?}");
        let relative = run(Path::new("sh"), &[], LIMITS);
        assert!(
            matches!(relative, Err(Error::RelativeProgram(_))),
            "{relative:?}"
        );
    }
}
