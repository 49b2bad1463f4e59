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
            | Self::Count(v) => v,
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
        }
    }
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    /// Not more than this.
    AtMost(Quantity),
    /// Shown for orientation; another figure is the gate.
    None,
}

/// The figures of one run.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    /// Adds a figure.
    pub fn add(&mut self, figure: &str, measured: Quantity, budget: Budget) {
        let (limit, verdict) = match budget {
            Budget::AtMost(limit) if measured.value() <= limit.value() => {
                (format!("<= {limit}"), "kept")
            }
            Budget::AtMost(limit) => (format!("<= {limit}"), "MISSED"),
            Budget::None => (String::new(), ""),
        };
        self.rows.push([
            figure.to_owned(),
            measured.to_string(),
            limit,
            verdict.to_owned(),
        ]);
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
    }
}
