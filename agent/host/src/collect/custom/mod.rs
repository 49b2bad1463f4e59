//! Sensors the operator defines in a file: a program or an address that says one value.

mod definition;
mod fetch;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pulse_protocol::Time;
use pulse_protocol::report::host::{CustomSensor, SensorKind, SensorStatus};

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;
use definition::{Definition, Source};

/// The shortest interval a sensor may have.
const EVERY: Duration = Duration::from_secs(10);

/// Longest run; sensors that were not reached keep what they said.
const BUDGET: Duration = Duration::from_secs(90);

/// Bytes of one answer.
const ANSWER: usize = 4 * 1024;

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Custom::default())
}

/// What each sensor said last, by its id.
#[derive(Default)]
struct Custom {
    told: BTreeMap<String, Told>,
}

struct Told {
    asked: Instant,
    sensor: CustomSensor,
}

impl Collector for Custom {
    fn name(&self) -> &'static str {
        "custom-sensors"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(BUDGET)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let path = cx.settings.custom_sensors.as_deref();
        let path = path.ok_or(Error::Absent("a file of sensors"))?;
        let definitions = definition::read(path)?;
        self.told
            .retain(|id, _| definitions.iter().any(|definition| definition.id == *id));
        for definition in &definitions {
            let asked = self.told.get(&definition.id).map(|told| told.asked);
            let is_due = asked.is_none_or(|asked| asked.elapsed() >= definition.interval);
            if is_due && Instant::now() < cx.deadline {
                self.ask(definition, cx.now);
            }
        }
        let sensors: Vec<CustomSensor> = definitions
            .iter()
            .filter_map(|definition| {
                let told = self.told.get(&definition.id)?;
                Some(aged(definition, &told.sensor, cx.now))
            })
            .collect();
        Ok(Reading::new(move |report| {
            report.sensors.custom.clone_from(&sensors);
        }))
    }
}

impl Custom {
    /// Asks one sensor and notes what it said; one that fails keeps its last value as an old one.
    fn ask(&mut self, definition: &Definition, now: Time) {
        let asked = Instant::now();
        let answer = answer(&definition.source, definition.timeout)
            .and_then(|text| value(&definition.kind, &text, now));
        let earlier = self.told.remove(&definition.id).map(|told| told.sensor);
        let mut sensor = definition.sensor();
        match answer {
            Ok(answer) => {
                sensor.status = definition.judge(answer.value);
                sensor.value = Some(answer.value);
                sensor.observed_at = Some(answer.observed_at);
                sensor.event_at = answer.event_at;
            }
            Err(error) => {
                let earlier = earlier.unwrap_or_default();
                sensor.stale = earlier.value.is_some();
                sensor.value = earlier.value;
                sensor.observed_at = earlier.observed_at.or(Some(now));
                sensor.event_at = earlier.event_at;
                sensor.status = SensorStatus::Error;
                sensor.error = error;
            }
        }
        self.told
            .insert(definition.id.clone(), Told { asked, sensor });
    }
}

/// Marks what was observed too long ago.
fn aged(definition: &Definition, sensor: &CustomSensor, now: Time) -> CustomSensor {
    let mut sensor = sensor.clone();
    let age = sensor
        .observed_at
        .map(|at| now.as_second() - at.as_second());
    if let (Some(age), Some(limit)) = (age, definition.stale_after) {
        sensor.stale |= u64::try_from(age).is_ok_and(|age| age > limit.as_secs());
    }
    sensor
}

fn answer(source: &Source, timeout: Duration) -> Result<String, String> {
    let limits = Limits {
        time: timeout,
        output: ANSWER,
    };
    match source {
        Source::Command(path) => Tool::trusted(path)
            .and_then(|tool| tool.text(&[], limits))
            .map_err(|error| error.to_string()),
        Source::Url(url) => fetch::get(url, limits),
    }
}

/// What a sensor said.
#[derive(Debug, PartialEq)]
struct Answer {
    value: f64,
    observed_at: Time,
    event_at: Option<Time>,
}

/// Reads a bare value, or `{"value": …, "observedAt": "…"}`.
fn value(kind: &SensorKind, text: &str, now: Time) -> Result<Answer, String> {
    let json: Option<serde_json::Value> = serde_json::from_str(text.trim()).ok();
    let member = |name: &str| match json.as_ref()?.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let word = match member("value") {
        Some(value) => value,
        None => text.trim().trim_matches('"').to_owned(),
    };
    let observed_at = member("observedAt").and_then(|text| text.parse().ok());
    let mut answer = Answer {
        value: 0.0,
        observed_at: observed_at.unwrap_or(now),
        event_at: None,
    };
    let shown: String = word.chars().take(40).collect();
    match kind {
        SensorKind::Boolean => {
            answer.value = match word.to_lowercase().as_str() {
                "true" | "1" | "on" | "yes" => 1.0,
                "false" | "0" | "off" | "no" => 0.0,
                _ => return Err(format!("{shown:?} is neither true nor false")),
            };
        }
        SensorKind::Timestamp => {
            let at: Time = word
                .parse()
                .map_err(|_| format!("{shown:?} is no RFC 3339 time"))?;
            answer.event_at = Some(at);
            // What is judged is how long ago that was.
            answer.value = (now.as_second() - at.as_second()) as f64;
        }
        _ => {
            let number: Option<f64> = word.parse().ok().filter(|number: &f64| number.is_finite());
            answer.value = number.ok_or_else(|| format!("{shown:?} is no number"))?;
        }
    }
    Ok(answer)
}

#[cfg(all(test, unix))]
mod tests;
