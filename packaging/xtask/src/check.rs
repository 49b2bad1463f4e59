//! The quick checks, and the tests of one area.

use anyhow::{Result, bail};

use crate::command::{cargo, run, top};

/// Formatting, lints, house rules, unit tests; stops at the first that fails.
///
/// # Errors
/// When one of them fails.
pub fn check() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["test", "--quiet", "--locked", "--package", "pulse-house"]))?;
    let lint = [
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ];
    run(cargo().args(lint))?;
    run(cargo().args([
        "test",
        "--quiet",
        "--workspace",
        "--locked",
        "--lib",
        "--bins",
    ]))
}

/// All tests of one area.
///
/// # Errors
/// When the area is not known or a test fails.
pub fn test(area: &str) -> Result<()> {
    let Some(package) = package(area) else {
        bail!(
            "no directory {area}: name one of the workspace, such as estate, agent/host, house, flows"
        );
    };
    run(cargo().args(["test", "--locked", "--package", &package]))
}

/// The package that lives in the directory `area`, `server/area` or `tests/area`.
fn package(area: &str) -> Option<String> {
    if matches!(area, "flows" | "tests") {
        return Some("pulse-tests".to_owned());
    }
    let places = [
        area.to_owned(),
        format!("server/{area}"),
        format!("tests/{area}"),
    ];
    let manifests = places
        .iter()
        .map(|place| top().join(place).join("Cargo.toml"));
    let text = manifests
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .next()?;
    let name = text.lines().find_map(|line| line.strip_prefix("name = "))?;
    Some(name.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_found_by_its_directory() {
        assert_eq!(package("estate").as_deref(), Some("pulse-estate"));
        assert_eq!(package("agent/host").as_deref(), Some("pulse-agent-host"));
        assert_eq!(package("house").as_deref(), Some("pulse-house"));
        assert_eq!(package("flows").as_deref(), Some("pulse-tests"));
        assert_eq!(package("nowhere"), None);
    }
}
