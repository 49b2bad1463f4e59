//! Kubernetes' amounts: `250m`, `1.5Gi`, `12e6`.

/// Factors by suffix.
const SUFFIXES: [(&str, f64); 16] = [
    ("Ki", 1_024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("", 1.0),
];

/// Reads an amount; what is none, or negative, is `None`.
fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_number = |text: &str| {
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
        text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+'))
            && text.chars().all(is_part)
    };
    let (number, factor) = SUFFIXES
        .iter()
        .filter_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, factor)))
        .find(|(number, _)| is_number(number) && !number.ends_with(['e', 'E']))?;
    let number: f64 = number.parse().ok()?;
    let amount = number * factor;
    (amount.is_finite() && amount >= 0.0).then_some(amount)
}

/// Returns an amount in whole units, rounded up as Kubernetes itself does.
pub(crate) fn units(text: Option<&str>) -> Option<u64> {
    whole(parse(text?)?)
}

/// Returns an amount in thousandths, rounded up.
pub(crate) fn thousandths(text: Option<&str>) -> Option<u64> {
    whole(parse(text?)? * 1e3)
}

fn whole(amount: f64) -> Option<u64> {
    // Decimal fractions are not exact: 0.1 + 0.2 cores must not become one thousandth more.
    let amount = (amount - 1e-6).ceil().max(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked against both ends"
    )]
    (amount < u64::MAX as f64).then_some(amount as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_every_spelling() {
        for (text, expected) in [
            ("128974848", 128_974_848),
            ("129e6", 129_000_000),
            ("129E6", 129_000_000),
            ("129M", 129_000_000),
            ("123Mi", 128_974_848),
            ("1.5Gi", 1_610_612_736),
            ("2Ti", 2_199_023_255_552),
            ("1E", 1_000_000_000_000_000_000),
            ("100m", 1),
            ("0", 0),
        ] {
            assert_eq!(units(Some(text)), Some(expected), "{text}");
        }
    }

    #[test]
    fn processor_time_is_counted_in_thousandths() {
        for (text, expected) in [
            ("4", 4_000),
            ("250m", 250),
            ("0.3", 300),
            ("156740n", 1),
            ("2500000u", 2_500),
        ] {
            assert_eq!(thousandths(Some(text)), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in [
            "", "m", "Ki", "-1", "NaN", "inf", "1 Gi", "1Xi", "e3", "1e", "99999Ei",
        ] {
            assert_eq!(units(Some(text)), None, "{text}");
        }
        assert_eq!(units(None), None);
    }
}
