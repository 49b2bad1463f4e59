//! The `pulse` binary as a process: its commands, and being killed.

mod command;
mod kill;
mod process;
