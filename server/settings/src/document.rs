//! The document.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::discovery::Discovery;

/// Everything an administrator may change while the server runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = SystemSettings)]
pub struct System {
    /// Seconds between two looks at a Proxmox VE server.
    pub pve_polling_interval: u32,
    /// Seconds between two looks at a Proxmox Backup Server.
    pub pbs_polling_interval: u32,
    /// Seconds between two looks at a Proxmox Mail Gateway.
    pub pmg_polling_interval: u32,
    /// Seconds between two looks at backups; 0 leaves it to the server.
    pub backup_polling_interval: u32,
    /// Whether backups are looked at.
    pub backup_polling_enabled: bool,
    /// Whether intervals follow how fresh things are.
    pub adaptive_polling_enabled: bool,
    /// Seconds such an interval starts with.
    pub adaptive_polling_base_interval: u32,
    /// The least it may become.
    pub adaptive_polling_min_interval: u32,
    /// The most it may become.
    pub adaptive_polling_max_interval: u32,
    /// Seconds a connection may take for a long list.
    pub connection_timeout: u32,
    /// Which releases are offered: `stable` or `rc`.
    pub update_channel: String,
    /// Whether they are installed without asking; never of `rc`.
    pub auto_update_enabled: bool,
    /// From which level on the server logs: `debug`, `info`, `warn`, `error`.
    pub log_level: String,
    /// Whether the network is searched for servers.
    pub discovery_enabled: bool,
    /// Where: `auto`, or ranges with commas between.
    pub discovery_subnet: String,
    /// How.
    pub discovery_config: Discovery,
    /// `light`, `dark`, or empty to follow the browser.
    pub theme: String,
    /// Whether pages use the whole width.
    pub full_width_mode: bool,
    /// Seconds between two refreshes of a page, as earlier versions kept it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_interval: Option<u32>,
    /// What earlier versions' pages kept of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub display: Option<Map<String, Value>>,
    /// Whether other pages may show this one inside them.
    pub allow_embedding: bool,
    /// Which, besides pages of this server: origins with commas between.
    pub allowed_embed_origins: String,
    /// Origins besides the server's own that may open the live socket, commas between.
    pub allowed_origins: String,
    /// The port, from the next start on.
    pub frontend_port: u16,
    /// Whether temperatures are shown and collected.
    pub temperature_monitoring_enabled: bool,
    /// The port temperatures over SSH are read at.
    pub ssh_port: u16,
    /// Seconds an address is remembered.
    pub dns_cache_timeout: u32,
    /// Private ranges notifications may be sent to, commas between.
    #[serde(rename = "webhookAllowedPrivateCIDRs")]
    pub webhook_allowed_private_cidrs: String,
    /// Whether the sign-in form is hidden.
    pub hide_local_login: bool,
    /// The address people reach this server at, for links.
    #[serde(rename = "publicURL")]
    pub public_url: String,
    /// Hours figures are kept as they came.
    pub metrics_retention_raw_hours: u32,
    /// Hours they are kept by the minute.
    pub metrics_retention_minute_hours: u32,
    /// Days they are kept by the hour.
    pub metrics_retention_hourly_days: u32,
    /// Days they are kept by the day; the hour's tier keeps the longer of the two.
    pub metrics_retention_daily_days: u32,
    /// Whether containers cannot be updated from here.
    pub disable_docker_update_actions: bool,
    /// Whether containers inside Proxmox guests are looked for.
    pub enable_proxmox_guest_docker_inventory: bool,
    /// Whether figures are sent to the makers: there is nothing that would send them.
    pub telemetry_enabled: bool,
    /// Name and picture on reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_branding: Option<ReportBranding>,
}

impl Default for System {
    fn default() -> Self {
        Self {
            pve_polling_interval: 10,
            pbs_polling_interval: 60,
            pmg_polling_interval: 60,
            backup_polling_interval: 0,
            backup_polling_enabled: true,
            adaptive_polling_enabled: false,
            adaptive_polling_base_interval: 10,
            adaptive_polling_min_interval: 5,
            adaptive_polling_max_interval: 300,
            connection_timeout: 60,
            update_channel: "stable".to_owned(),
            auto_update_enabled: false,
            log_level: "info".to_owned(),
            discovery_enabled: false,
            discovery_subnet: "auto".to_owned(),
            discovery_config: Discovery::default(),
            theme: String::new(),
            full_width_mode: false,
            refresh_interval: None,
            display: None,
            allow_embedding: false,
            allowed_embed_origins: String::new(),
            allowed_origins: String::new(),
            frontend_port: 7655,
            temperature_monitoring_enabled: true,
            ssh_port: 22,
            dns_cache_timeout: 300,
            webhook_allowed_private_cidrs: String::new(),
            hide_local_login: false,
            public_url: String::new(),
            metrics_retention_raw_hours: 48,
            metrics_retention_minute_hours: 336,
            metrics_retention_hourly_days: 90,
            metrics_retention_daily_days: 90,
            disable_docker_update_actions: false,
            enable_proxmox_guest_docker_inventory: false,
            telemetry_enabled: false,
            report_branding: None,
        }
    }
}

impl System {
    /// Returns the origins that may open the live socket.
    pub fn socket_origins(&self) -> impl Iterator<Item = &str> {
        words(&self.allowed_origins)
    }

    /// Returns the origins whose pages may show this server's, nothing while none may.
    pub fn embedding_origins(&self) -> Option<impl Iterator<Item = &str>> {
        self.allow_embedding
            .then(|| words(&self.allowed_embed_origins))
    }
}

/// Returns the words of a list with commas between.
pub(crate) fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

/// Name and picture on reports.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportBranding {
    /// Whose reports they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// A PNG or JPEG as a `data:` address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}
