//! Figures that look like life: a daily shape, slow and quick noise, a burst now and then. Pure: the
//! same thing at the same time always has the same value, so a past can be written after the fact.

use std::f64::consts::TAU;

use jiff::Timestamp;

/// The figures of one estate.
#[derive(Clone, Copy, Debug)]
pub struct Curves {
    seed: u64,
    /// Whether figures move at all.
    moves: bool,
}

impl Curves {
    /// Returns the figures of the estate made of `seed`.
    pub fn new(seed: u64, moves: bool) -> Self {
        Self { seed, moves }
    }

    /// Returns a number that belongs to `what` of `key` for ever.
    pub fn fixed(self, key: &str, what: &str) -> u64 {
        mix(self.seed ^ text(key) ^ text(what).rotate_left(17))
    }

    /// Returns a share that belongs to `what` of `key` for ever.
    pub fn share(self, key: &str, what: &str) -> f64 {
        unit(self.fixed(key, what))
    }

    /// Returns one of `choices` that belongs to `what` of `key` for ever.
    pub fn pick<'a, T>(self, key: &str, what: &str, choices: &'a [T]) -> &'a T {
        &choices[(self.fixed(key, what) % choices.len() as u64) as usize]
    }

    /// Returns a number between `least` and `most` that belongs to `what` of `key` for ever.
    pub fn between(self, key: &str, what: &str, least: u64, most: u64) -> u64 {
        least + self.fixed(key, what) % (most - least + 1)
    }

    /// Returns how busy `what` of `key` is at `at`, 0 to 1, mostly below a half.
    pub fn load(self, key: &str, what: &str, at: Timestamp) -> f64 {
        let id = self.fixed(key, what);
        let base = 0.08 + 0.32 * unit(mix(id ^ 1));
        if !self.moves {
            return base;
        }
        let seconds = at.as_second() as f64;
        // Most work in the afternoon, some at night.
        let peak = if unit(mix(id ^ 2)) < 0.8 { 14.5 } else { 2.5 };
        let hour = (seconds / 3_600.0) % 24.0;
        let daily = 0.5 + 0.5 * ((hour - peak) / 24.0 * TAU).cos();
        let slow = noise(id ^ 3, seconds / 1_800.0) - 0.5;
        let quick = noise(id ^ 4, seconds / 45.0) - 0.5;
        let burst = (noise(id ^ 5, seconds / 700.0) - 0.86).max(0.0) * 4.0;
        let load = base * (0.55 + 0.75 * daily) + 0.14 * slow + 0.07 * quick + 0.5 * burst;
        load.clamp(0.005, 0.99)
    }

    /// Returns what has been counted by `at` since the beginning of `since`, at about `per_second`.
    ///
    /// Rates are made of two counts, so the count moves as the load does and never goes back.
    pub fn counted(
        self,
        key: &str,
        what: &str,
        since: Timestamp,
        at: Timestamp,
        per_second: f64,
    ) -> u64 {
        const STEP: i64 = 60;
        let from = since.as_second();
        let seconds = (at.as_second() - from).max(0);
        let id = self.fixed(key, what);
        let mean = per_second * (0.4 + 1.2 * unit(mix(id ^ 6)));
        if !self.moves {
            return (mean * seconds as f64) as u64;
        }
        // The integral of 1 + sin over several periods rises always and is known in one step.
        let wave = |period: f64, share: f64| {
            let turn = TAU / period;
            let phase = TAU * unit(mix(id ^ period as u64));
            share / turn * ((phase).cos() - (turn * at.as_second() as f64 + phase).cos())
        };
        let swing = wave(86_400.0, 0.45) + wave(4_100.0, 0.25) + wave(STEP as f64 * 5.0, 0.2);
        // No wave starts below zero: what they take from the count at most is added at the start.
        let floor = (86_400.0 * 0.45 + 4_100.0 * 0.25 + 300.0 * 0.2) / TAU * 2.0;
        (mean * (seconds as f64 + swing + floor)).max(0.0) as u64
    }

    /// Tells whether `key` runs at `at`, when `stopped` of all do not and `churn` of all change
    /// within an hour.
    pub fn runs(self, key: &str, stopped: f64, churn: f64, at: Timestamp) -> bool {
        let hour = u64::try_from(at.as_second().max(0)).unwrap_or_default() / 3_600;
        let id = self.fixed(key, "runs");
        let restless = unit(mix(id ^ 7)) < churn * 4.0;
        let lot = if restless {
            mix(id ^ (hour / 2))
        } else {
            mix(id)
        };
        unit(lot) >= stopped
    }
}

/// Smooth noise between 0 and 1 with one independent value per whole `x`.
fn noise(id: u64, x: f64) -> f64 {
    let (step, part) = (x.floor(), x - x.floor());
    let lattice = |step: f64| unit(mix(id ^ (step as i64 as u64).wrapping_mul(0x9E37_79B9)));
    let eased = part * part * (3.0 - 2.0 * part);
    lattice(step) * (1.0 - eased) + lattice(step + 1.0) * eased
}

fn unit(number: u64) -> f64 {
    (number >> 11) as f64 / (1u64 << 53) as f64
}

/// SplitMix64's finish: every bit of the input moves every bit of the output.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn text(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a valid second")
    }

    #[test]
    fn one_seed_makes_one_life_and_another_seed_another() {
        let (a, b) = (Curves::new(1, true), Curves::new(2, true));
        let values =
            |curves: Curves| (0..50).map(move |i| curves.load("web", "cpu", at(i * 300)).to_bits());
        assert!(values(a).eq(values(a)));
        assert!(!values(a).eq(values(b)));
    }

    #[test]
    fn a_load_is_a_share_and_moves_without_leaps() {
        let curves = Curves::new(7, true);
        let loads: Vec<f64> = (0..8_640)
            .map(|i| curves.load("web", "cpu", at(i * 10)))
            .collect();
        assert!(loads.iter().all(|load| (0.0..=1.0).contains(load)));
        let leap = loads
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .fold(0.0, f64::max);
        assert!((0.005..0.2).contains(&leap), "{leap}");
        let highest = loads.iter().copied().fold(0.0, f64::max);
        let lowest = loads.iter().copied().fold(1.0, f64::min);
        assert!(highest - lowest > 0.1, "a day has a shape");
    }

    #[test]
    fn what_is_counted_never_goes_back() {
        let curves = Curves::new(7, true);
        let counts: Vec<u64> = (0..20_000)
            .map(|i| curves.counted("web", "rx", at(0), at(1_000_000 + i * 10), 50_000.0))
            .collect();
        assert!(counts.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn about_as_many_stand_still_as_asked_for() {
        let curves = Curves::new(3, true);
        let stopped = (0..2_000)
            .filter(|i| !curves.runs(&format!("vm{i}"), 0.2, 0.1, at(1_000_000)))
            .count();
        assert!((300..500).contains(&stopped), "{stopped}");
        let none = (0..200).all(|i| curves.runs(&format!("vm{i}"), 0.0, 0.5, at(5)));
        assert!(none);
    }
}
