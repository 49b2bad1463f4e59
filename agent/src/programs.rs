//! Starts the program a kubeconfig names for its credentials, through the one place that starts
//! programs.

use std::path::PathBuf;

use pulse_agent_host::exec::{self, Limits};
use pulse_agent_kubernetes::port::{Invocation, Programs};

use crate::error::chain;

/// Programs of this machine.
pub(crate) struct MachinePrograms;

impl Programs for MachinePrograms {
    fn run(&self, invocation: &Invocation) -> Result<Vec<u8>, String> {
        let named = PathBuf::from(&invocation.program);
        let program = match named.is_absolute() {
            true => named,
            false => exec::find(&invocation.program)
                .ok_or("it is not where system programs are; name it with its whole path")?,
        };
        let arguments: Vec<&str> = invocation.arguments.iter().map(String::as_str).collect();
        let limits = Limits {
            time: invocation.time,
            output: invocation.output,
        };
        exec::run_with(&program, &arguments, &invocation.environment, limits)
            .map_err(|error| chain(&error))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::time::Duration;

    fn invocation(program: &str, arguments: &[&str]) -> Invocation {
        Invocation {
            program: program.to_owned(),
            arguments: arguments.iter().map(|&one| one.to_owned()).collect(),
            environment: vec![("KUBERNETES_EXEC_INFO".to_owned(), "{}".to_owned())],
            time: Duration::from_secs(20),
            output: 1_000,
        }
    }

    #[test]
    fn a_program_is_found_where_system_programs_are_and_told_what_is_asked() {
        let output = MachinePrograms
            .run(&invocation("env", &[]))
            .expect("output");
        let output = String::from_utf8(output).expect("text");
        assert!(output.contains("KUBERNETES_EXEC_INFO={}"), "{output}");
        let failed = MachinePrograms.run(&invocation("no-such-program", &[]));
        assert!(failed.is_err_and(|why| why.contains("whole path")));
        let failed = MachinePrograms.run(&invocation("sh", &["-c", "exit 3"]));
        assert!(failed.is_err_and(|why| why.contains("failed")));
    }
}
