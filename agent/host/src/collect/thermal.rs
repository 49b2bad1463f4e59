//! Whether a Mac slows itself down to stay cool, as `pmset` tells.

use std::time::Duration;

use pulse_protocol::report::host::ThermalState;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// Limits of the question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    output: 64 * 1024,
};

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Thermal)
}

struct Thermal;

impl Collector for Thermal {
    fn name(&self) -> &'static str {
        "thermal"
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let pmset = Tool::find(cx.roots, "pmset")?;
        let state = parse(&pmset.text(&["-g", "therm"], LIMITS)?);
        Ok(Reading::new(move |report| {
            report.sensors.thermal_state = Some(state.clone());
        }))
    }
}

/// Reads `Thermal warning level = 0` and `CPU_Speed_Limit = 100`; a level that was never reached is
/// a note instead.
fn parse(text: &str) -> ThermalState {
    let mut state = ThermalState {
        source: "pmset".to_owned(),
        ..ThermalState::default()
    };
    let is_noted = text.contains("No thermal warning level has been recorded");
    for line in text.lines() {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let Ok(value) = value.trim().parse::<i64>() else {
            continue;
        };
        match name.trim().to_lowercase().as_str() {
            "thermal warning level" => state.thermal_warning_level = Some(value),
            "performance warning level" => state.performance_warning_level = Some(value),
            "cpu power status" => state.cpu_power_status = Some(value),
            name if name.ends_with("_limit") && state.limits_percent.len() < 32 => {
                state.limits_percent.insert(name.to_owned(), value);
            }
            _ => {}
        }
    }
    let is_warned = state.thermal_warning_level.is_some_and(|level| level > 0)
        || state
            .performance_warning_level
            .is_some_and(|level| level > 0)
        || state.limits_percent.values().any(|limit| *limit < 100);
    let is_told =
        is_noted || state.thermal_warning_level.is_some() || !state.limits_percent.is_empty();
    state.pressure = match (is_warned, is_told) {
        (true, _) => "constrained",
        (false, true) => "nominal",
        (false, false) => "unknown",
    }
    .to_owned();
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_below_all_is_pressure() {
        let hot =
            parse("CPU_Scheduler_Limit \t= 100\nCPU_Available_CPUs \t= 8\nCPU_Speed_Limit = 62\n");
        assert_eq!(hot.pressure, "constrained");
        assert_eq!(hot.limits_percent.get("cpu_speed_limit"), Some(&62));
        assert_eq!(hot.limits_percent.len(), 2);
        let warned = parse("Thermal warning level = 2\n");
        assert_eq!(
            (warned.pressure.as_str(), warned.thermal_warning_level),
            ("constrained", Some(2))
        );
    }

    #[test]
    fn what_was_never_recorded_is_nominal_and_silence_is_unknown() {
        let cool = parse("Note: No thermal warning level has been recorded\n");
        assert_eq!(cool.pressure, "nominal");
        assert_eq!(parse("\u{fffd}").pressure, "unknown");
    }
}
