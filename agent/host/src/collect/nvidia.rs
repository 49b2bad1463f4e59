//! Graphics cards of NVIDIA, as `nvidia-smi` tells.

use std::time::Duration;

use pulse_protocol::report::host::GpuSensor;

use crate::collector::{Collector, Context, Reading};
use crate::error::Error;
use crate::exec::Limits;
use crate::tools::Tool;

/// Starting the tool wakes cards that nothing else uses, so it is not asked for every short report.
const EVERY: Duration = Duration::from_secs(30);

/// Limits of one question.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(5),
    output: 256 * 1024,
};

const QUESTION: [&str; 2] = [
    "--query-gpu=index,uuid,name,temperature.gpu,utilization.gpu,memory.used,memory.total,power.draw",
    "--format=csv,noheader,nounits",
];

pub(super) fn new() -> Box<dyn Collector> {
    Box::new(Nvidia)
}

struct Nvidia;

impl Collector for Nvidia {
    fn name(&self) -> &'static str {
        "nvidia"
    }

    fn every(&self) -> Duration {
        EVERY
    }

    fn budget(&self) -> Option<Duration> {
        Some(LIMITS.time)
    }

    fn collect(&mut self, cx: &Context<'_>) -> Result<Reading, Error> {
        let tool = Tool::find(cx.roots, "nvidia-smi")?;
        let cards: Vec<Card> = tool
            .text(&QUESTION, LIMITS)?
            .lines()
            .filter_map(parse)
            .collect();
        if cards.is_empty() {
            return Err(Error::Format("what nvidia-smi says"));
        }
        Ok(Reading::new(move |report| {
            for card in &cards {
                let key = format!("gpu_nvidia_{}", card.index);
                let sensors = &mut report.sensors;
                if let Some(celsius) = card.sensor.temperature_celsius {
                    sensors.temperature_celsius.insert(key.clone(), celsius);
                }
                if let Some(watts) = card.watts {
                    sensors.power_watts.insert(key, watts);
                }
                sensors.gpu.push(card.sensor.clone());
            }
        }))
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Card {
    index: u32,
    watts: Option<f64>,
    sensor: GpuSensor,
}

/// Reads a line; what a card does not measure is `[N/A]` or `[Not Supported]`.
fn parse(line: &str) -> Option<Card> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let &[index, uuid, name, celsius, percent, used, total, watts] = fields.as_slice() else {
        return None;
    };
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let bytes = |text: &str| {
        let mebibytes: u64 = text.parse().ok()?;
        mebibytes.checked_mul(1024 * 1024)
    };
    Some(Card {
        index: index.parse().ok()?,
        watts: number(watts),
        sensor: GpuSensor {
            id: uuid.to_owned(),
            name: name.to_owned(),
            temperature_celsius: number(celsius),
            utilization_percent: number(percent),
            memory_used_bytes: bytes(used),
            memory_total_bytes: bytes(total),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_card_and_what_it_does_not_measure_is_not_known() {
        let card = parse("1, GPU-5a, NVIDIA A100-SXM4-40GB, 38, 12, 512, 40960, 61.25");
        let card = card.expect("a card");
        assert_eq!((card.index, card.watts), (1, Some(61.25)));
        assert_eq!(card.sensor.memory_used_bytes, Some(512 * 1024 * 1024));
        let card = parse("0, GPU-6b, Quadro, [N/A], [Not Supported], [N/A], [N/A], [N/A]");
        let card = card.expect("a card");
        assert_eq!(card.sensor.temperature_celsius, None);
        assert_eq!((card.sensor.utilization_percent, card.watts), (None, None));
    }

    #[test]
    fn other_texts_are_no_card() {
        for line in [
            "",
            "No devices were found",
            "x, y, z, 1, 2, 3, 4, 5",
            "1,2,3",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
