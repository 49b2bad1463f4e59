//! The table: figure, what was measured, its budget, and whether it is kept.

use std::fmt;

/// A quantity with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// Bytes, shown in MB.
    Megabytes(f64),
    /// Bytes, shown in kB.
    Kilobytes(f64),
    /// Milliseconds.
    Millis(f64),
    /// Things per second.
    PerSecond(f64),
    /// Share of one core, in percent.
    CorePercent(f64),
    /// How many times the baseline.
    Times(f64),
    /// Bytes of one of many.
    BytesEach(f64),
    /// A plain count.
    Count(f64),
    /// How often in one reporting interval, on average.
    PerRound(f64),
}

impl Quantity {
    fn value(self) -> f64 {
        match self {
            Self::Megabytes(v)
            | Self::Kilobytes(v)
            | Self::Millis(v)
            | Self::PerSecond(v)
            | Self::CorePercent(v)
            | Self::Times(v)
            | Self::BytesEach(v)
            | Self::Count(v)
            | Self::PerRound(v) => v,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Megabytes(v) => write!(f, "{v:.1} MB"),
            Self::Kilobytes(v) => write!(f, "{v:.1} kB"),
            Self::Millis(v) => write!(f, "{v:.3} ms"),
            Self::PerSecond(v) => write!(f, "{v:.0}/s"),
            Self::CorePercent(v) => write!(f, "{v:.2} % of a core"),
            Self::Times(v) => write!(f, "{v:.2} x"),
            Self::BytesEach(v) => write!(f, "{v:.3} B"),
            Self::Count(v) => write!(f, "{v:.0}"),
            Self::PerRound(v) => write!(f, "{v:.2} per interval"),
        }
    }
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    /// Not more than this.
    AtMost(Quantity),
    /// Not less than this.
    AtLeast(Quantity),
    /// This, and nothing else.
    Exactly(Quantity),
    /// Shown for orientation; another figure is the gate.
    None,
}

/// The figures of one run.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
    missed: usize,
}

impl Table {
    /// Adds a figure.
    pub fn add(&mut self, figure: &str, measured: Quantity, budget: Budget) {
        let value = measured.value();
        let (limit, is_kept) = match budget {
            Budget::AtMost(limit) => (format!("<= {limit}"), Some(value <= limit.value())),
            Budget::AtLeast(limit) => (format!(">= {limit}"), Some(value >= limit.value())),
            Budget::Exactly(limit) => (limit.to_string(), Some(value == limit.value())),
            Budget::None => (String::new(), None),
        };
        self.missed += usize::from(is_kept == Some(false));
        let verdict = match is_kept {
            Some(true) => "kept",
            Some(false) => "MISSED",
            None => "",
        };
        self.rows.push([
            figure.to_owned(),
            measured.to_string(),
            limit,
            verdict.to_owned(),
        ]);
    }

    /// How many budgets are missed.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.missed
    }

    /// Prints the table, ready to be pasted into docs/PERFORMANCE.md.
    #[expect(clippy::print_stdout, reason = "the table is what the task is for")]
    pub fn print(&self) {
        println!("{self}");
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["Figure", "Measured", "Budget", "Verdict"].map(str::to_owned);
        let rule = ["---", "---", "---", "---"].map(str::to_owned);
        for row in [&head, &rule].into_iter().chain(&self.rows) {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_kept_to_the_limit_and_missed_beyond_it() {
        let mut table = Table::default();
        table.add(
            "a",
            Quantity::Megabytes(60.0),
            Budget::AtMost(Quantity::Megabytes(60.0)),
        );
        table.add(
            "b",
            Quantity::Times(3.1),
            Budget::AtMost(Quantity::Times(3.0)),
        );
        table.add("c", Quantity::Count(7.0), Budget::None);
        let text = table.to_string();
        assert!(
            text.contains("| a | 60.0 MB | <= 60.0 MB | kept |"),
            "{text}"
        );
        assert!(
            text.contains("| b | 3.10 x | <= 3.00 x | MISSED |"),
            "{text}"
        );
        assert!(text.contains("| c | 7 |  |  |"), "{text}");
        assert_eq!(table.missed(), 1);
    }

    #[test]
    fn what_is_to_be_exact_may_be_neither_more_nor_less() {
        let missed = |measured: f64, budget: fn(Quantity) -> Budget| {
            let mut table = Table::default();
            let budget = budget(Quantity::Count(50.0));
            table.add("a", Quantity::Count(measured), budget);
            table.missed()
        };
        assert_eq!(
            [49.9, 50.0, 50.1].map(|count| missed(count, Budget::Exactly)),
            [1, 0, 1]
        );
        assert_eq!(
            [49.9, 50.0, 50.1].map(|count| missed(count, Budget::AtLeast)),
            [1, 0, 0]
        );
    }
}
