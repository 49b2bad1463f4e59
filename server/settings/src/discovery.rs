//! How the network is searched for servers.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Most ranges or addresses in a list.
const MOST: usize = 64;

/// How the network is searched. Stored and shown with underscores, as it always was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = DiscoveryConfig)]
pub struct Discovery {
    /// What kind of place this runs in; `auto` to find out.
    pub environment_override: String,
    /// Ranges to search besides those found.
    pub subnet_allowlist: Vec<String>,
    /// Ranges never to search.
    pub subnet_blocklist: Vec<String>,
    /// Addresses never to ask.
    pub ip_blocklist: Vec<String>,
    /// Addresses asked in one search.
    pub max_hosts_per_scan: u32,
    /// Asked at the same time.
    pub max_concurrent: u32,
    /// Whether names are looked up.
    pub enable_reverse_dns: bool,
    /// Whether gateways are asked.
    pub scan_gateways: bool,
    /// Milliseconds to connect.
    pub dial_timeout_ms: u32,
    /// Milliseconds to answer.
    pub http_timeout_ms: u32,
}

impl Default for Discovery {
    fn default() -> Self {
        Self {
            environment_override: "auto".to_owned(),
            subnet_allowlist: Vec::new(),
            subnet_blocklist: vec!["169.254.0.0/16".to_owned()],
            ip_blocklist: Vec::new(),
            max_hosts_per_scan: 1_024,
            max_concurrent: 50,
            enable_reverse_dns: true,
            scan_gateways: true,
            dial_timeout_ms: 1_000,
            http_timeout_ms: 2_000,
        }
    }
}

/// Returns `present` with the members of `patch`, whichever way they are spelled, or what the
/// object has to be.
pub(crate) fn merge(present: &Value, patch: &Map<String, Value>) -> Result<Value, String> {
    let mut merged = present.clone();
    for (name, value) in patch {
        let name = with_underscores(name);
        if merged.get(&name).is_some() {
            merged[name] = value.clone();
        }
    }
    let merged: Discovery = serde_json::from_value(merged)
        .map_err(|_| "an object whose members have their own types".to_owned())?;
    check(&merged)?;
    serde_json::to_value(merged).map_err(|error| error.to_string())
}

fn check(wanted: &Discovery) -> Result<(), String> {
    let place = &wanted.environment_override;
    let is_word =
        |text: &str| text.len() <= 32 && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if !is_word(place) {
        return Err("an object whose environment_override is one lower case word".to_owned());
    }
    let numbers = [
        (
            "max_hosts_per_scan",
            wanted.max_hosts_per_scan,
            1..=1_048_576,
        ),
        ("max_concurrent", wanted.max_concurrent, 1..=1_000),
        ("dial_timeout_ms", wanted.dial_timeout_ms, 1..=60_000),
        ("http_timeout_ms", wanted.http_timeout_ms, 1..=60_000),
    ];
    for (name, number, range) in numbers {
        if !range.contains(&number) {
            let (least, most) = range.into_inner();
            return Err(format!("an object whose {name} is from {least} to {most}"));
        }
    }
    let is_range = |text: &String| text.parse::<IpNet>().is_ok();
    let is_address = |text: &String| text.parse::<IpAddr>().is_ok();
    let lists: [(&str, &Vec<String>, bool); 3] = [
        (
            "subnet_allowlist",
            &wanted.subnet_allowlist,
            wanted.subnet_allowlist.iter().all(is_range),
        ),
        (
            "subnet_blocklist",
            &wanted.subnet_blocklist,
            wanted.subnet_blocklist.iter().all(is_range),
        ),
        (
            "ip_blocklist",
            &wanted.ip_blocklist,
            wanted.ip_blocklist.iter().all(is_address),
        ),
    ];
    for (name, list, is_valid) in lists {
        if !is_valid || list.len() > MOST {
            return Err(format!(
                "an object whose {name} holds at most {MOST} addresses or ranges"
            ));
        }
    }
    Ok(())
}

fn with_underscores(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
