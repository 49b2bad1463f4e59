//! The environment: the only place that reads it.

use super::known::Flag;

/// Where variables come from; replaced in tests.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Returns a variable of this process.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub fn of_process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the value of the first variable that is set and not empty.
pub(super) fn value(flag: &Flag, env: Environment<'_>) -> Option<String> {
    flag.env
        .iter()
        .find_map(|name| env(name))
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

/// Reads a switch: anything that does not say yes means no.
pub(super) fn is_yes(value: &str) -> bool {
    ["1", "true", "yes", "y", "on"].contains(&value.to_lowercase().as_str())
}

/// Reads a list with commas between.
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
