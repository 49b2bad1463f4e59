//! The history as a whole: a task, its files, and processes that are killed.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod kill;
mod task;
