//! The API document that is checked in: written by the server itself, from its own routes.

use std::io::Write as _;

use anyhow::{Context, Result, ensure};

use crate::command::{build, command, top};

/// Writes docs/openapi.json.
///
/// # Errors
/// When the server cannot be built or does not print the document.
pub fn write() -> Result<()> {
    let pulse = build("pulse-server", "pulse", "dev")?;
    let output = command(&pulse.to_string_lossy())
        .arg("openapi")
        .output()
        .context("start pulse openapi")?;
    ensure!(
        output.status.success(),
        "pulse openapi: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice::<serde_json::Value>(&output.stdout)
        .context("pulse openapi printed no JSON")?;
    let path = top().join("docs/openapi.json");
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(&output.stdout))
        .with_context(|| format!("write {}", path.display()))
}
