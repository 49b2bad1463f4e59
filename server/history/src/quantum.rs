//! How finely a value is kept: each class of metric has its own whole-number code.
//!
//! Percent in hundredths, degrees in tenths, counts as they are, rates and sizes on a scale of ten
//! significant bits (an error of at most a twentieth of a percent, monotone, any `u64` in 16 bits).
//! Codes keep the order of values, so least and greatest may be found on either side.

use pulse_model::Class;

/// Largest value of a class that counts; beyond it doubles skip whole numbers.
const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;
const LARGEST_PERCENT: f64 = 1e7;
const LARGEST_DEGREES: f64 = 1e6;

/// Returns the code of `value`, or nothing where it is no measurement of that class.
pub(crate) fn code(class: Class, value: f64) -> Option<i64> {
    let (step, least, most) = match class {
        Class::Percent => (100.0, 0.0, LARGEST_PERCENT),
        Class::Celsius => (10.0, -273.2, LARGEST_DEGREES),
        Class::Count => (1.0, 0.0, LARGEST_COUNT),
        Class::Rate | Class::Size => {
            return (value >= 0.0 && value.is_finite()).then(|| logarithmic(value));
        }
    };
    (value >= least && value <= most).then(|| (value * step).round() as i64)
}

/// Returns the value behind `code`.
pub(crate) fn value(class: Class, code: i64) -> f64 {
    match class {
        Class::Percent => code as f64 / 100.0,
        Class::Celsius => code as f64 / 10.0,
        Class::Count => code as f64,
        Class::Rate | Class::Size => linear(code),
    }
}

fn logarithmic(value: f64) -> i64 {
    let whole = value.round() as u64;
    if whole < 2_048 {
        return whole as i64;
    }
    let exponent = 64 - 11 - whole.leading_zeros();
    let mantissa = if exponent == 0 {
        whole
    } else {
        // Half the step is added by hand: the largest values have no room for it.
        (whole >> exponent) + (whole >> (exponent - 1) & 1)
    };
    1_024 * i64::from(exponent) + mantissa as i64
}

fn linear(code: i64) -> f64 {
    if code < 2_048 {
        return code.max(0) as f64;
    }
    let exponent = (code / 1_024 - 1).min(64) as u64;
    // A power of two, by its exponent's bits: this runs once per sample of every chart.
    (code % 1_024 + 1_024) as f64 * f64::from_bits((1_023 + exponent) << 52)
}

/// Returns the number a class is stored under.
pub(crate) fn class_number(class: Class) -> u8 {
    match class {
        Class::Percent => 0,
        Class::Celsius => 1,
        Class::Count => 2,
        Class::Rate => 3,
        Class::Size => 4,
    }
}

/// Returns the class stored under `number`.
pub(crate) fn class_of(number: u8) -> Option<Class> {
    let all = [
        Class::Percent,
        Class::Celsius,
        Class::Count,
        Class::Rate,
        Class::Size,
    ];
    all.get(usize::from(number)).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_measurement_has_no_code() {
        for class in [Class::Percent, Class::Count, Class::Rate, Class::Size] {
            for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
                assert_eq!(code(class, nonsense), None, "{class:?} {nonsense}");
            }
        }
        assert_eq!(code(Class::Celsius, -40.0), Some(-400));
        assert_eq!(code(Class::Celsius, f64::NAN), None);
        assert_eq!(code(Class::Percent, 1e300), None);
    }

    #[test]
    fn classes_keep_their_numbers() {
        for class in [
            Class::Percent,
            Class::Celsius,
            Class::Count,
            Class::Rate,
            Class::Size,
        ] {
            assert_eq!(class_of(class_number(class)), Some(class));
        }
        assert_eq!(class_of(5), None);
    }

    proptest! {
        #[test]
        fn rates_are_kept_to_a_twentieth_of_a_percent(rate: u64) {
            let code = code(Class::Rate, rate as f64).unwrap();
            prop_assert!((0..=i64::from(u16::MAX)).contains(&code));
            let back = value(Class::Rate, code);
            prop_assert!((back - rate as f64).abs() <= rate as f64 * 0.0005);
        }

        #[test]
        fn codes_keep_the_order(left: u64, right: u64) {
            let [low, high] = [left.min(right), left.max(right)].map(|v| v as f64);
            prop_assert!(code(Class::Size, low) <= code(Class::Size, high));
        }

        #[test]
        fn a_code_read_back_is_the_same_code(number in 0..56_000_i64) {
            let back = value(Class::Rate, number);
            prop_assert_eq!(code(Class::Rate, back), Some(number));
        }

        #[test]
        fn no_code_makes_reading_panic(number: i64) {
            prop_assert!(value(Class::Rate, number).is_finite());
        }
    }
}
