//! What each member takes, and which environment variable fixes it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Map, Value};
use url::Url;

use crate::discovery;
use crate::document::words;

/// Longest list of origins, ranges and the like, in bytes.
const LONGEST_LIST: usize = 4_096;
/// Largest object kept for pages of old, as JSON.
const LARGEST_DISPLAY: usize = 4_096;
/// Largest picture on reports, as a `data:` address.
const LARGEST_LOGO: usize = 256 << 10;
const LONGEST_NAME: usize = 100;

/// One member.
pub(crate) struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What fixes it.
    pub variable: Option<&'static str>,
}

/// What a member takes.
pub(crate) enum Takes {
    Switch,
    Number { least: u64, most: u64 },
    ZeroOr { least: u64, most: u64 },
    OneOf(&'static [&'static str]),
    Origins,
    Ranges,
    Subnets,
    Address,
    Discovery,
    Branding,
    Display,
}

use Takes::{
    Address, Branding, Discovery, Display, Number, OneOf, Origins, Ranges, Subnets, Switch, ZeroOr,
};

const POLLING: Takes = Number {
    least: 10,
    most: 3_600,
};
const ADAPTIVE: Takes = Number {
    least: 1,
    most: 3_600,
};
const PORT: Takes = Number {
    least: 1,
    most: 65_535,
};
const DAYS: Takes = Number {
    least: 1,
    most: 3_650,
};

const fn field(name: &'static str, takes: Takes, variable: &'static str) -> Field {
    Field {
        name,
        takes,
        variable: if variable.is_empty() {
            None
        } else {
            Some(variable)
        },
    }
}

/// Every member of the document.
#[rustfmt::skip]
pub(crate) const FIELDS: &[Field] = &[
    field("pvePollingInterval", POLLING, "PVE_POLLING_INTERVAL"),
    field("pbsPollingInterval", POLLING, "PBS_POLLING_INTERVAL"),
    field("pmgPollingInterval", POLLING, "PMG_POLLING_INTERVAL"),
    field("backupPollingInterval", ZeroOr { least: 10, most: 604_800 }, "BACKUP_POLLING_INTERVAL"),
    field("backupPollingEnabled", Switch, "ENABLE_BACKUP_POLLING"),
    field("adaptivePollingEnabled", Switch, "ADAPTIVE_POLLING_ENABLED"),
    field("adaptivePollingBaseInterval", ADAPTIVE, "ADAPTIVE_POLLING_BASE_INTERVAL"),
    field("adaptivePollingMinInterval", ADAPTIVE, "ADAPTIVE_POLLING_MIN_INTERVAL"),
    field("adaptivePollingMaxInterval", ADAPTIVE, "ADAPTIVE_POLLING_MAX_INTERVAL"),
    field("connectionTimeout", Number { least: 1, most: 3_600 }, "CONNECTION_TIMEOUT"),
    field("updateChannel", OneOf(&["stable", "rc"]), "UPDATE_CHANNEL"),
    field("autoUpdateEnabled", Switch, "AUTO_UPDATE_ENABLED"),
    // The command line's own: what it says is given to `Fixed` by name.
    field("logLevel", OneOf(&["debug", "info", "warn", "error"]), ""),
    field("discoveryEnabled", Switch, "DISCOVERY_ENABLED"),
    field("discoverySubnet", Subnets, "DISCOVERY_SUBNET"),
    field("discoveryConfig", Discovery, ""),
    field("theme", OneOf(&["", "light", "dark"]), ""),
    field("fullWidthMode", Switch, ""),
    field("refreshInterval", Number { least: 1, most: 3_600 }, ""),
    field("display", Display, ""),
    field("allowEmbedding", Switch, ""),
    field("allowedEmbedOrigins", Origins, ""),
    field("allowedOrigins", Origins, ""),
    field("frontendPort", PORT, ""),
    field("temperatureMonitoringEnabled", Switch, "ENABLE_TEMPERATURE_MONITORING"),
    field("sshPort", PORT, "SSH_PORT"),
    field("dnsCacheTimeout", Number { least: 0, most: 86_400 }, "DNS_CACHE_TIMEOUT"),
    field("webhookAllowedPrivateCIDRs", Ranges, ""),
    field("hideLocalLogin", Switch, "PULSE_AUTH_HIDE_LOCAL_LOGIN"),
    field("publicURL", Address, "PULSE_PUBLIC_URL"),
    field("metricsRetentionRawHours", Number { least: 1, most: 720 }, ""),
    field("metricsRetentionMinuteHours", Number { least: 1, most: 8_760 }, ""),
    field("metricsRetentionHourlyDays", DAYS, ""),
    field("metricsRetentionDailyDays", DAYS, ""),
    field("disableDockerUpdateActions", Switch, "PULSE_DISABLE_DOCKER_UPDATE_ACTIONS"),
    field("enableProxmoxGuestDockerInventory", Switch, ""),
    field("telemetryEnabled", Switch, ""),
    field("reportBranding", Branding, ""),
];

/// Returns the member of that name.
pub(crate) fn named(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

impl Takes {
    /// Returns `value` as it is kept, or says what the member takes. `present` is what it is now.
    pub fn check(&self, value: &Value, present: &Value) -> Result<Value, String> {
        let is_taken = match self {
            Switch => value.is_boolean(),
            Number { least, most } => value
                .as_u64()
                .is_some_and(|number| (*least..=*most).contains(&number)),
            ZeroOr { least, most } => value
                .as_u64()
                .is_some_and(|number| number == 0 || (*least..=*most).contains(&number)),
            OneOf(known) => value.as_str().is_some_and(|word| known.contains(&word)),
            Origins => every_word(value, is_origin),
            Ranges => every_word(value, is_narrow_range),
            Subnets => every_word(value, |word| {
                word == "auto" || word.parse::<IpNet>().is_ok()
            }),
            Address => value
                .as_str()
                .is_some_and(|text| text.is_empty() || is_address(text)),
            Display => value.is_object() && value.to_string().len() <= LARGEST_DISPLAY,
            Branding => value.as_object().is_some_and(is_branding),
            Discovery => {
                let patch = value.as_object().ok_or_else(|| self.wanted())?;
                return discovery::merge(present, patch);
            }
        };
        is_taken
            .then(|| self.tidied(value))
            .ok_or_else(|| self.wanted())
    }

    /// Returns the value a variable's text means.
    pub fn read(&self, text: &str) -> Option<Value> {
        match self {
            Switch => match text.to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "y" | "on" => Some(true.into()),
                "0" | "false" | "no" | "n" | "off" => Some(false.into()),
                _ => None,
            },
            // Seconds were also written with their letter.
            Number { .. } | ZeroOr { .. } => {
                let digits = text.strip_suffix('s').unwrap_or(text);
                digits.parse::<u64>().ok().map(Value::from)
            }
            _ => Some(text.into()),
        }
    }

    fn tidied(&self, value: &Value) -> Value {
        match (self, value) {
            (Address, Value::String(text)) => text.trim_end_matches('/').into(),
            (Origins | Ranges | Subnets, Value::String(list)) => {
                words(list).collect::<Vec<_>>().join(",").into()
            }
            _ => value.clone(),
        }
    }

    fn wanted(&self) -> String {
        match self {
            Switch => "true or false".to_owned(),
            Number { least, most } => format!("a whole number from {least} to {most}"),
            ZeroOr { least, most } => {
                format!("0 or a whole number from {least} to {most}")
            }
            OneOf(known) => {
                let known: Vec<String> = known.iter().map(|word| format!("{word:?}")).collect();
                format!("one of {}", known.join(", "))
            }
            Origins => "origins such as https://wall.example.org, commas between".to_owned(),
            Ranges => {
                "ranges such as 10.0.0.0/8, commas between, none of them everything".to_owned()
            }
            Subnets => "auto, or ranges such as 10.0.0.0/24, commas between".to_owned(),
            Address => "an address such as https://pulse.example.org, or empty".to_owned(),
            Display => format!("an object of at most {LARGEST_DISPLAY} bytes"),
            Branding => format!(
                "an object with a displayName of at most {LONGEST_NAME} bytes and a logo that is a \
                 data: address of a PNG or JPEG of at most {LARGEST_LOGO} bytes"
            ),
            Discovery => "an object".to_owned(),
        }
    }
}

fn every_word(value: &Value, is_taken: impl Fn(&str) -> bool) -> bool {
    value
        .as_str()
        .is_some_and(|list| list.len() <= LONGEST_LIST && words(list).all(is_taken))
}

/// Tells whether `text` is an origin and nothing more, as browsers write it.
fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
    })
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && text.len() <= LONGEST_LIST
    })
}

/// A bare address is a range of one.
fn is_narrow_range(text: &str) -> bool {
    let range = text
        .parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    range.is_ok_and(|range| range.prefix_len() > 0)
}

fn is_branding(branding: &Map<String, Value>) -> bool {
    let name = branding.get("displayName").unwrap_or(&Value::Null);
    let logo = branding.get("logo").unwrap_or(&Value::Null);
    let is_name = name
        .as_str()
        .is_some_and(|name| name.len() <= LONGEST_NAME && !name.contains(char::is_control));
    let is_picture = logo.as_str().is_some_and(|logo| {
        let starts = ["data:image/png;base64,", "data:image/jpeg;base64,"];
        let coded = starts.iter().find_map(|start| logo.strip_prefix(start));
        let is_coded = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        logo.len() <= LARGEST_LOGO && coded.is_some_and(|coded| coded.chars().all(is_coded))
    });
    (name.is_null() || is_name) && (logo.is_null() || logo == "" || is_picture)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{ReportBranding, System};

    #[test]
    fn every_member_of_the_document_says_what_it_takes() {
        let whole = System {
            refresh_interval: Some(1),
            display: Some(Map::new()),
            report_branding: Some(ReportBranding::default()),
            ..System::default()
        };
        let whole = serde_json::to_value(whole).expect("plain values");
        let members: BTreeSet<&str> = whole
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let fields: BTreeSet<&str> = FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(members, fields);
        assert_eq!(fields.len(), FIELDS.len(), "a field is there twice");
    }
}
