//! The operator's file: `version: 1` and a list `sensors`, in the plain part of YAML that one list of
//! flat entries needs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pulse_protocol::report::host::{CustomSensor, SensorKind, SensorStatus};

use crate::error::Error;

/// Bytes of the file.
const LIMIT: u64 = 64 * 1024;

/// Sensors in it.
const SENSORS: usize = 32;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Command(PathBuf),
    Url(String),
}

/// One sensor as it is defined.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    pub(super) id: String,
    name: String,
    group: String,
    subgroup: String,
    pub(super) kind: SensorKind,
    unit: String,
    pub(super) source: Source,
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
    pub(super) stale_after: Option<Duration>,
    warning: Band,
    critical: Band,
    alert_on_error: bool,
}

/// Beyond what a value is not fine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Band {
    above: Option<f64>,
    below: Option<f64>,
}

impl Band {
    fn is_left_by(self, value: f64) -> bool {
        self.above.is_some_and(|limit| value > limit)
            || self.below.is_some_and(|limit| value < limit)
    }
}

impl Definition {
    pub(super) fn judge(&self, value: f64) -> SensorStatus {
        if self.critical.is_left_by(value) {
            SensorStatus::Critical
        } else if self.warning.is_left_by(value) {
            SensorStatus::Warning
        } else {
            SensorStatus::Ok
        }
    }

    /// Returns the sensor without a value.
    pub(super) fn sensor(&self) -> CustomSensor {
        CustomSensor {
            id: self.id.clone(),
            name: self.name.clone(),
            group: self.group.clone(),
            subgroup: self.subgroup.clone(),
            kind: self.kind.clone(),
            unit: self.unit.clone(),
            alert_on_error: self.alert_on_error,
            ..CustomSensor::default()
        }
    }
}

/// Reads the file, which names programs to run: nobody else may be able to change it.
pub(super) fn read(path: &Path) -> Result<Vec<Definition>, Error> {
    let failed = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    if !crate::tools::is_private(&file.metadata().map_err(failed)?) {
        return Err(wrong("others than root and the agent's user can change it"));
    }
    let mut text = String::new();
    file.take(LIMIT + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    if text.len() as u64 > LIMIT {
        return Err(wrong(format!("it is larger than {LIMIT} bytes")));
    }
    parse(&text).map_err(wrong)
}

fn wrong(message: impl Into<String>) -> Error {
    Error::Told {
        program: "the file of sensors",
        message: message.into(),
    }
}

/// Members of one entry.
type Entry = Vec<(String, String)>;

fn parse(text: &str) -> Result<Vec<Definition>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut is_in_list = false;
    let mut version = String::new();
    for (number, line) in text.lines().enumerate() {
        let content = without_comment(line);
        if content.trim().is_empty() {
            continue;
        }
        let is_top = !content.starts_with([' ', '-']);
        let content = content.trim();
        let (content, is_new) = match content.strip_prefix("- ") {
            Some(rest) => (rest.trim(), true),
            None => (content, false),
        };
        let member = content.split_once(':');
        let (name, value) =
            member.ok_or_else(|| format!("line {}: no `name: value`", number + 1))?;
        let (name, value) = (name.trim(), unquoted(value.trim()));
        match (is_top, name) {
            (true, "version") => version = value,
            (true, "sensors") => is_in_list = true,
            (true, _) => return Err(format!("line {}: {name} is not known", number + 1)),
            (false, _) if !is_in_list => return Err(format!("line {}: not in a list", number + 1)),
            (false, _) => {
                if is_new {
                    entries.push(Entry::new());
                }
                let entry = entries.last_mut();
                let entry =
                    entry.ok_or_else(|| format!("line {}: no `-` before it", number + 1))?;
                entry.push((name.to_owned(), value));
            }
        }
    }
    if version != "1" {
        return Err("version is not 1".to_owned());
    }
    if entries.len() > SENSORS {
        return Err(format!("more than {SENSORS} sensors"));
    }
    let definitions = entries
        .iter()
        .map(definition)
        .collect::<Result<Vec<_>, _>>()?;
    for (place, definition) in definitions.iter().enumerate() {
        if definitions[..place]
            .iter()
            .any(|other| other.id == definition.id)
        {
            return Err(format!("two sensors are called {}", definition.id));
        }
    }
    Ok(definitions)
}

fn without_comment(line: &str) -> &str {
    let is_quoted = line.contains(['"', '\'']);
    match line.find(" #") {
        _ if line.trim_start().starts_with('#') => "",
        Some(at) if !is_quoted => &line[..at],
        _ => line.trim_end(),
    }
}

fn unquoted(value: &str) -> String {
    let quotes = ['"', '\''];
    let inner = quotes
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(value).to_owned()
}

const KNOWN: [&str; 16] = [
    "id",
    "name",
    "group",
    "subgroup",
    "kind",
    "command",
    "url",
    "unit",
    "interval",
    "timeout",
    "staleAfter",
    "warningAbove",
    "criticalAbove",
    "warningBelow",
    "criticalBelow",
    "alertOnError",
];

fn definition(entry: &Entry) -> Result<Definition, String> {
    let find = |name: &str| {
        let found = entry.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    };
    let text = |name: &str| find(name).unwrap_or_default().to_owned();
    let id = text("id");
    let of = |problem: String| format!("sensor {id:?}: {problem}");
    if id.is_empty() || id.len() > 64 || text("name").is_empty() {
        return Err(of("needs an id of at most 64 bytes and a name".to_owned()));
    }
    if let Some((name, _)) = entry
        .iter()
        .find(|(name, _)| !KNOWN.contains(&name.as_str()))
    {
        return Err(of(format!("{name} is not known")));
    }
    let number = |name: &str| match find(name) {
        None => Ok(None),
        Some(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(of(format!("{name} is no number"))),
        },
    };
    let time = |name: &str, least: Duration, most: Duration| match find(name) {
        None => Ok(None),
        Some(text) => match duration(text) {
            Some(time) if time >= least && time <= most => Ok(Some(time)),
            _ => Err(of(format!("{name} is not between {least:?} and {most:?}"))),
        },
    };
    let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3_600));
    let interval = time("interval", second * 10, hour * 24)?;
    let timeout = time("timeout", Duration::from_millis(100), second * 10)?;
    Ok(Definition {
        name: text("name"),
        group: text("group"),
        subgroup: text("subgroup"),
        kind: kind(find("kind")).map_err(of)?,
        unit: text("unit"),
        source: source(find("command"), find("url")).map_err(of)?,
        interval: interval.unwrap_or(second * 60),
        timeout: timeout.unwrap_or(second * 3),
        stale_after: time("staleAfter", second * 10, hour * 24 * 30)?,
        warning: Band {
            above: number("warningAbove")?,
            below: number("warningBelow")?,
        },
        critical: Band {
            above: number("criticalAbove")?,
            below: number("criticalBelow")?,
        },
        alert_on_error: find("alertOnError") != Some("false"),
        id: id.clone(),
    })
}

fn kind(word: Option<&str>) -> Result<SensorKind, String> {
    match SensorKind::from(word.unwrap_or("number")) {
        SensorKind::Unknown(word) => Err(format!("{word} is no kind of value")),
        kind => Ok(kind),
    }
}

fn source(command: Option<&str>, url: Option<&str>) -> Result<Source, String> {
    match (command, url) {
        (Some(path), None) if Path::new(path).is_absolute() => Ok(Source::Command(path.into())),
        (Some(_), None) => Err("command is not an absolute path".to_owned()),
        (None, Some(url)) if url.starts_with("http://") => Ok(Source::Url(url.to_owned())),
        (None, Some(_)) => Err("url does not begin with http://; use a command".to_owned()),
        _ => Err("needs either a command or a url".to_owned()),
    }
}

/// Reads `100ms`, `30s`, `5m`, `24h`, `30d`.
fn duration(text: &str) -> Option<Duration> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(at);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# of the UPS\nversion: 1\nsensors:\n  - id: ups\n    name: \"Runtime: UPS\"\n    \
        unit: min # left\n    command: /usr/local/bin/ups\n    interval: 30s\n    warningBelow: 10\n    \
        criticalBelow: 5\n\n  - id: door\n    name: Door\n    kind: boolean\n    \
        url: http://127.0.0.1:8080/door\n    alertOnError: false\n";

    #[test]
    fn sensors_are_read_with_their_limits() {
        let definitions = parse(FILE).expect("sensors");
        let [ups, door] = definitions.as_slice() else {
            panic!("{definitions:?}")
        };
        assert_eq!(
            (ups.name.as_str(), ups.unit.as_str()),
            ("Runtime: UPS", "min")
        );
        assert_eq!(ups.interval, Duration::from_secs(30));
        for (value, status) in [
            (10.0, SensorStatus::Ok),
            (9.0, SensorStatus::Warning),
            (4.0, SensorStatus::Critical),
        ] {
            assert_eq!(ups.judge(value), status);
        }
        assert_eq!(
            door.source,
            Source::Url("http://127.0.0.1:8080/door".to_owned())
        );
        assert!(ups.alert_on_error && !door.alert_on_error);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let sensor = |members: &str| format!("version: 1\nsensors:\n  - id: a\n{members}");
        let many = (0..33).map(|n| format!("  - id: s{n}\n    name: x\n    command: /x\n"));
        for (text, expected) in [
            (String::new(), "version is not 1"),
            (
                sensor("    command: /x\n"),
                "sensor \"a\": needs an id of at most 64 bytes and a name",
            ),
            (
                sensor("    name: x\n    command: x\n"),
                "sensor \"a\": command is not an absolute path",
            ),
            (
                sensor("    name: x\n"),
                "sensor \"a\": needs either a command or a url",
            ),
            (
                sensor("    name: x\n    command: /x\n    interval: 1s\n"),
                "sensor \"a\": interval is not between 10s and 86400s",
            ),
            (
                sensor("    name: x\n    command: /x\n    colour: red\n"),
                "sensor \"a\": colour is not known",
            ),
            (
                "version: 1\nsensors:\n  nothing\n".to_owned(),
                "line 3: no `name: value`",
            ),
            (
                "version: 1\nother: 2\n".to_owned(),
                "line 2: other is not known",
            ),
            (
                format!("version: 1\nsensors:\n{}", many.collect::<String>()),
                "more than 32 sensors",
            ),
        ] {
            assert_eq!(parse(&text).expect_err("a mistake"), expected);
        }
    }
}
