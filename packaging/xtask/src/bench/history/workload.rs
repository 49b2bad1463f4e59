//! What is recorded: a harsh invention, and what a machine really did.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use jiff::Timestamp;

use pulse_model::{Class, Kind, Metric, Reading, ResourceId};

use super::site::STEP;

/// Figures of one machine, second by second; each line a class and its values.
const RECORDED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/fixtures/series/machine.txt.gz"
);

/// Metrics of the harsh workload: every value noisy, half of them rates.
const HARSH: [Metric; 8] = [
    Metric::Cpu,
    Metric::Memory,
    Metric::Disk,
    Metric::Temperature,
    Metric::NetIn,
    Metric::NetOut,
    Metric::DiskRead,
    Metric::DiskWrite,
];

/// A source of readings.
#[derive(Clone)]
pub enum Workload {
    /// Eight noisy series per resource.
    Harsh(u64),
    /// Recorded series by resource, tiled over time and over further resources.
    Recorded(Vec<Vec<(Metric, Vec<Option<f64>>)>>),
}

impl Workload {
    /// Returns the harsh one.
    pub fn harsh() -> Self {
        Self::Harsh(0x9e37_79b9_7f4a_7c15)
    }

    /// Returns the recorded one.
    ///
    /// # Errors
    /// When the recording is missing or damaged.
    pub fn recorded() -> Result<Self> {
        let file = std::fs::File::open(RECORDED).context("the recorded workload")?;
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text)?;
        let mut machines: Vec<Vec<(Metric, Vec<Option<f64>>)>> = Vec::new();
        for line in text.lines() {
            let (class, values) = line.split_once(' ').context("a line without values")?;
            let values: Vec<Option<f64>> = values.split(' ').map(|v| v.parse().ok()).collect();
            let class = class_of(class)?;
            let of_class = || Metric::ALL.iter().filter(|metric| metric.class() == class);
            let free = |machine: &[(Metric, Vec<Option<f64>>)]| {
                let is_taken = |metric: &Metric| machine.iter().any(|(taken, _)| taken == metric);
                (machine.len() < 8)
                    .then(|| of_class().find(|m| !is_taken(m)).copied())
                    .flatten()
            };
            let place = machines.iter_mut().find_map(|machine| {
                let metric = free(machine)?;
                Some((machine, metric))
            });
            match place {
                Some((machine, metric)) => machine.push((metric, values)),
                None => {
                    let metric = free(&[]).context("a class without metrics")?;
                    machines.push(vec![(metric, values)]);
                }
            }
        }
        for machine in &mut machines {
            machine.sort_by_key(|(metric, _)| *metric);
        }
        Ok(Self::Recorded(machines))
    }

    /// Returns one reading of each of `resources` resources.
    pub fn readings(&mut self, resources: usize, at: Timestamp, tick: i64) -> Vec<Reading> {
        (0..resources)
            .map(|resource| Reading {
                resource: ResourceId::new(format!("resource-{resource}")),
                kind: Kind::Agent,
                at,
                step: Duration::from_secs(STEP as u64),
                values: self.values(resource, tick as usize),
            })
            .collect()
    }

    fn values(&mut self, resource: usize, tick: usize) -> Vec<(Metric, f64)> {
        match self {
            Self::Harsh(seed) => HARSH
                .iter()
                .map(|metric| (*metric, noise(seed, *metric, resource, tick)))
                .collect(),
            Self::Recorded(machines) => {
                let machine = &machines[resource % machines.len()];
                // Copies of a machine are at different places of the recording.
                let ahead = resource / machines.len() * 131;
                let value = |(metric, values): &(Metric, Vec<Option<f64>>)| {
                    let value = values[(tick + ahead) % values.len()];
                    value.map(|value| (*metric, value))
                };
                machine.iter().filter_map(value).collect()
            }
        }
    }
}

fn class_of(word: &str) -> Result<Class> {
    Ok(match word {
        "percent" => Class::Percent,
        "celsius" => Class::Celsius,
        "count" => Class::Count,
        "rate" => Class::Rate,
        "size" => Class::Size,
        other => anyhow::bail!("{other} is no class"),
    })
}

/// Returns a number between 0 and 1.
fn draw(seed: &mut u64) -> f64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed >> 11) as f64 / (1_u64 << 53) as f64
}

/// Roughly normal, mean 0 and deviation 1.
fn bell(seed: &mut u64) -> f64 {
    (0..4).map(|_| draw(seed)).sum::<f64>() * 1.732 - 3.464
}

/// Noise of such a size that each class costs, sealed, what it cost in the workload the budgets were set with, per
/// sample of an hour: percent 0.63 bytes, degrees 0.45, rates 1.12.
fn noise(seed: &mut u64, metric: Metric, resource: usize, tick: usize) -> f64 {
    let wave = ((tick as f64 / 500.0) + resource as f64).sin();
    match metric {
        Metric::Cpu => (35.0 + 15.0 * wave + 0.07 * bell(seed)).clamp(0.0, 100.0),
        Metric::Memory => (60.0 + 10.0 * wave + 0.025 * bell(seed)).clamp(0.0, 100.0),
        Metric::Disk => {
            (50.0 + tick as f64 / 10_000.0 % 20.0 + 0.04 * bell(seed)).clamp(0.0, 100.0)
        }
        Metric::Temperature => 55.0 + 5.0 * wave + 0.11 * bell(seed),
        _ => 4e6 * (1.0 + 0.5 * wave) * (0.031 * bell(seed)).exp(),
    }
}
