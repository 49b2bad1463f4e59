//! What this crate wants of others.

use std::time::Duration;

/// A program a kubeconfig names, which writes credentials to its standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// An absolute path, or a name to be looked for where system programs are.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its environment, beyond what every program gets.
    pub environment: Vec<(String, String)>,
    /// From start to end.
    pub time: Duration,
    /// Most bytes of output.
    pub output: usize,
}

/// Starts programs. Blocks until they end, and bounds them as asked.
pub trait Programs: Send + Sync {
    /// Runs a program and returns what it wrote to standard output.
    ///
    /// # Errors
    /// When it could not run, failed, wrote too much or took too long; the text says which.
    fn run(&self, invocation: &Invocation) -> Result<Vec<u8>, String>;
}
