//! The settings file, for those who prefer one.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::{HistoryDurability, LogFormat, LogLevel};

const LARGEST: u64 = 64 << 10;

/// The file. Every member is optional; unknown ones are refused, so that a typing error is not a
/// silent default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileSettings {
    pub listen: Option<SocketAddr>,
    pub data_dir: Option<PathBuf>,
    pub https_enabled: Option<bool>,
    pub tls_cert_file: Option<PathBuf>,
    pub tls_key_file: Option<PathBuf>,
    pub log_level: Option<LogLevel>,
    pub log_format: Option<LogFormat>,
    pub trusted_proxy_cidrs: Option<Vec<String>>,
    pub allowed_origins: Option<Vec<String>>,
    pub rate_limits: Option<bool>,
    pub mock_mode: Option<bool>,
    pub hosts_per_token: Option<u64>,
    pub metrics_db_path: Option<PathBuf>,
    pub history_flush_seconds: Option<u64>,
    pub history_durability: Option<HistoryDurability>,
}

/// Reads the file at `path`, else the one in the data directory if there is one.
pub(super) fn read(path: Option<&Path>, data_dir: Option<&Path>) -> anyhow::Result<FileSettings> {
    let usual = data_dir.map(|dir| dir.join("pulse.toml"));
    let (path, must_exist) = match (path, &usual) {
        (Some(path), _) => (path, true),
        (None, Some(usual)) => (usual.as_path(), false),
        (None, None) => return Ok(FileSettings::default()),
    };
    if !must_exist && !path.exists() {
        return Ok(FileSettings::default());
    }
    let about = || format!("reading {}", path.display());
    let length = std::fs::metadata(path).with_context(about)?.len();
    anyhow::ensure!(
        length <= LARGEST,
        "{} is larger than any settings file",
        path.display()
    );
    let text = std::fs::read_to_string(path).with_context(about)?;
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].lines().count().max(1));
        // The parser's own words draw a picture over several lines; one sentence has to do.
        anyhow::anyhow!("{}, line {line}: {}", path.display(), error.message())
    })
}
