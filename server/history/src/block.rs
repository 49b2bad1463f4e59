//! A sealed row: one series in one window.
//!
//! `kind | count | times | columns | checksum`. The kind says version, class and whether the row
//! holds samples or buckets; the checksum covers the key too, so that a row in the wrong place is
//! no row. Buckets have four columns: how many samples, their mean, and how far the least and the
//! greatest lie from it. Means are taken over values, never over codes.

use pulse_model::Class;
use pulse_store::BlockKey;

use crate::column;
use crate::quantum::{self, class_number, class_of};
use crate::varint::{self, Corrupt, Input};

const VERSION: u8 = 1;
const BUCKETS: u8 = 1 << 3;
const CHECKSUM: usize = 4;

const REGULAR: u8 = 0;
const REGULAR_WITH_GAPS: u8 = 1;
const EXPLICIT: u8 = 2;

/// Samples: seconds since the window's start, and code.
pub(crate) type Samples = Vec<(u32, i64)>;

/// What several samples amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Seconds since the window's start.
    pub at: u32,
    /// How many samples.
    pub count: u32,
    /// Code of their mean.
    pub mean: i64,
    /// Code of the least.
    pub least: i64,
    /// Code of the greatest.
    pub greatest: i64,
}

/// Writes samples, which must be in order of time, each second once.
pub(crate) fn write_samples(key: BlockKey, class: Class, samples: &[(u32, i64)]) -> Vec<u8> {
    let times: Vec<u32> = samples.iter().map(|(time, _)| *time).collect();
    let codes: Vec<i64> = samples.iter().map(|(_, code)| *code).collect();
    let mut out = begin(class, 0, samples.len());
    write_times(&mut out, &times);
    column::write(&mut out, &codes);
    finish(key, out)
}

/// Writes buckets, which must be in order of time.
pub(crate) fn write_buckets(key: BlockKey, class: Class, buckets: &[Bucket]) -> Vec<u8> {
    let times: Vec<u32> = buckets.iter().map(|bucket| bucket.at).collect();
    let mut out = begin(class, BUCKETS, buckets.len());
    write_times(&mut out, &times);
    let columns: [fn(&Bucket) -> i64; 4] = [
        |bucket| i64::from(bucket.count),
        |bucket| bucket.mean,
        |bucket| bucket.mean - bucket.least,
        |bucket| bucket.greatest - bucket.mean,
    ];
    for part in columns {
        let values: Vec<i64> = buckets.iter().map(part).collect();
        column::write(&mut out, &values);
    }
    finish(key, out)
}

/// Reads samples and their class.
pub(crate) fn read_samples(key: BlockKey, block: &[u8]) -> Result<(Class, Samples), Corrupt> {
    let mut samples = Vec::new();
    let class = each_sample(key, block, |time, code| samples.push((time, code)))?;
    Ok((class, samples))
}

/// Hands samples to `visit` in order of time and returns their class. Nothing is visited of a row whose checksum is
/// wrong.
pub(crate) fn each_sample(
    key: BlockKey,
    block: &[u8],
    mut visit: impl FnMut(u32, i64),
) -> Result<Class, Corrupt> {
    let (class, times, mut input) = open(key, block, 0)?;
    let mut next = times.iter();
    column::each(&mut input, times.len(), |code| {
        if let Some(time) = next.next() {
            visit(*time, code);
        }
    })?;
    Ok(class)
}

/// Reads buckets and their class.
pub(crate) fn read_buckets(key: BlockKey, block: &[u8]) -> Result<(Class, Vec<Bucket>), Corrupt> {
    let (class, times, mut input) = open(key, block, BUCKETS)?;
    let mut column = || column::read(&mut input, times.len());
    let (counts, means, below, above) = (column()?, column()?, column()?, column()?);
    let bucket = |at: usize| {
        Ok(Bucket {
            at: times[at],
            count: u32::try_from(counts[at]).map_err(|_| Corrupt)?,
            mean: means[at],
            least: means[at].checked_sub(below[at]).ok_or(Corrupt)?,
            greatest: means[at].checked_add(above[at]).ok_or(Corrupt)?,
        })
    };
    let buckets: Result<Vec<Bucket>, Corrupt> = (0..times.len()).map(bucket).collect();
    Ok((class, buckets?))
}

/// Returns how many samples or buckets a row says it holds.
pub(crate) fn count(block: &[u8]) -> u64 {
    let counted = Input(block.get(1..).unwrap_or_default()).number();
    counted.unwrap_or(0).min(column::MOST_VALUES as u64)
}

fn begin(class: Class, content: u8, count: usize) -> Vec<u8> {
    let mut out = vec![VERSION << 4 | content | class_number(class)];
    varint::put(&mut out, count as u64);
    out
}

fn finish(key: BlockKey, mut out: Vec<u8>) -> Vec<u8> {
    let sum = checksum(key, &out);
    out.extend(sum.to_le_bytes());
    out
}

fn checksum(key: BlockKey, content: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&key.0.to_le_bytes());
    sum.update(&key.1.to_le_bytes());
    sum.update(content);
    sum.finalize()
}

fn open(key: BlockKey, block: &[u8], content: u8) -> Result<(Class, Vec<u32>, Input<'_>), Corrupt> {
    let (body, sum) = block.split_last_chunk::<CHECKSUM>().ok_or(Corrupt)?;
    if u32::from_le_bytes(*sum) != checksum(key, body) {
        return Err(Corrupt);
    }
    let mut input = Input(body);
    let kind = input.byte()?;
    if kind >> 4 != VERSION || kind & BUCKETS != content {
        return Err(Corrupt);
    }
    let class = class_of(kind & 7).ok_or(Corrupt)?;
    let count = input.number()?;
    if count == 0 || count > column::MOST_VALUES as u64 {
        return Err(Corrupt);
    }
    let times = read_times(&mut input, count as usize)?;
    Ok((class, times, input))
}

fn write_times(out: &mut Vec<u8>, times: &[u32]) {
    let first = times.first().copied().unwrap_or_default();
    let steps = times.windows(2).map(|pair| pair[1] - pair[0]);
    let step = steps.clone().min().unwrap_or(1);
    let is_regular = steps.clone().all(|found| found.is_multiple_of(step));
    let gaps: Vec<(usize, u32)> = steps
        .enumerate()
        .filter(|(_, found)| *found != step)
        .map(|(at, found)| (at, found / step - 1))
        .collect();
    if !is_regular || gaps.len() > times.len() / 8 {
        out.push(EXPLICIT);
        let times: Vec<i64> = times.iter().map(|time| i64::from(*time)).collect();
        return column::write(out, &times);
    }
    out.push(if gaps.is_empty() {
        REGULAR
    } else {
        REGULAR_WITH_GAPS
    });
    varint::put(out, u64::from(first));
    varint::put(out, u64::from(step));
    if gaps.is_empty() {
        return;
    }
    varint::put(out, gaps.len() as u64);
    let mut before = 0;
    for (at, missing) in gaps {
        varint::put(out, (at - before) as u64);
        varint::put(out, u64::from(missing));
        before = at;
    }
}

fn read_times(input: &mut Input<'_>, count: usize) -> Result<Vec<u32>, Corrupt> {
    let kind = input.byte()?;
    if kind == EXPLICIT {
        let times = column::read(input, count)?;
        let times: Option<Vec<u32>> = times.into_iter().map(|t| u32::try_from(t).ok()).collect();
        return times.ok_or(Corrupt);
    }
    let (first, step) = (input.small()?, input.small()?);
    let mut gaps = Vec::new();
    if kind == REGULAR_WITH_GAPS {
        let mut at = 0_u64;
        for _ in 0..input.number()?.min(count as u64) {
            at = at.checked_add(input.number()?).ok_or(Corrupt)?;
            gaps.push((at, input.small()?));
        }
    } else if kind != REGULAR {
        return Err(Corrupt);
    }
    let mut gaps = gaps.into_iter().peekable();
    let (mut times, mut time) = (Vec::with_capacity(count), u64::from(first));
    for at in 0..count as u64 {
        times.push(u32::try_from(time).map_err(|_| Corrupt)?);
        let missing = gaps.next_if(|gap| gap.0 == at).map_or(0, |gap| gap.1);
        time += u64::from(step) * (1 + u64::from(missing));
    }
    Ok(times)
}

/// Sums samples up in buckets of `width` seconds.
pub(crate) fn roll_samples(class: Class, width: u32, samples: &[(u32, i64)]) -> Vec<Bucket> {
    let part = |(at, code): &(u32, i64)| Bucket {
        at: *at,
        count: 1,
        mean: *code,
        least: *code,
        greatest: *code,
    };
    let parts: Vec<Bucket> = samples.iter().map(part).collect();
    roll(class, width, &parts)
}

/// Sums buckets up in wider ones.
pub(crate) fn roll(class: Class, width: u32, parts: &[Bucket]) -> Vec<Bucket> {
    let buckets = parts.chunk_by(|a, b| a.at / width == b.at / width);
    buckets.map(|parts| sum_up(class, width, parts)).collect()
}

fn sum_up(class: Class, width: u32, parts: &[Bucket]) -> Bucket {
    let count: u64 = parts.iter().map(|part| u64::from(part.count)).sum();
    let weigh = |part: &Bucket| quantum::value(class, part.mean) * f64::from(part.count);
    let mean = parts.iter().map(weigh).sum::<f64>() / count.max(1) as f64;
    let least = parts.iter().map(|part| part.least).min().unwrap_or(0);
    let greatest = parts.iter().map(|part| part.greatest).max().unwrap_or(0);
    let mean = quantum::code(class, mean).unwrap_or(least);
    Bucket {
        at: parts[0].at / width * width,
        count: u32::try_from(count).unwrap_or(u32::MAX),
        // Rounding must not push a mean past the extremes.
        mean: mean.clamp(least, greatest),
        least,
        greatest,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: BlockKey = (500_000, 7 << 6);

    fn samples() -> impl Strategy<Value = Samples> {
        let regular = (1..60_u32, 1..300_usize, any::<u64>()).prop_map(|(step, count, holes)| {
            let time = |at: usize| at as u32 * step;
            (0..count)
                .filter(|at| *at == 0 || holes >> (at % 64) & 1 == 0)
                .map(|at| (time(at), (at as i64 * 37) % 10_000))
                .collect::<Samples>()
        });
        let odd = proptest::collection::btree_map(0..3_600_u32, any::<i64>(), 1..300)
            .prop_map(|samples| samples.into_iter().collect::<Samples>());
        prop_oneof![regular, odd]
    }

    proptest! {
        #[test]
        fn samples_read_back(samples in samples()) {
            let block = write_samples(KEY, Class::Rate, &samples);
            prop_assert_eq!(count(&block), samples.len() as u64);
            prop_assert_eq!(read_samples(KEY, &block), Ok((Class::Rate, samples)));
        }

        #[test]
        fn no_good_checksum_makes_bad_bytes_panic(mut body: Vec<u8>, kind in 0..5_u8, buckets: bool) {
            body.insert(0, VERSION << 4 | if buckets { BUCKETS } else { 0 } | kind);
            let block = finish(KEY, body);
            let _ = read_samples(KEY, &block);
            let _ = read_buckets(KEY, &block);
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed_and_so_is_a_row_in_the_wrong_place() {
        let samples: Samples = (0..60).map(|at| (at * 10, i64::from(at % 7))).collect();
        let block = write_samples(KEY, Class::Percent, &samples);
        for bit in 0..block.len() * 8 {
            let mut flipped = block.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read_samples(KEY, &flipped), Err(Corrupt), "bit {bit}");
        }
        assert_eq!(read_samples((KEY.0, KEY.1 + 1), &block), Err(Corrupt));
        assert_eq!(read_buckets(KEY, &block), Err(Corrupt));
    }

    #[test]
    fn a_count_beyond_the_bound_is_refused() {
        let mut body = vec![VERSION << 4];
        varint::put(&mut body, 1 << 40);
        body.extend([REGULAR, 0, 10, 0, 1]);
        assert_eq!(read_samples(KEY, &finish(KEY, body)), Err(Corrupt));
    }

    #[test]
    fn a_bucket_is_the_mean_and_the_extremes_of_its_samples_and_gaps_stay_gaps() {
        let samples = [(0, 100), (10, 300), (50, 200), (185, 7)];
        let buckets = roll_samples(Class::Percent, 60, &samples);
        let bucket = |at, count, mean, least, greatest| Bucket {
            at,
            count,
            mean,
            least,
            greatest,
        };
        assert_eq!(
            buckets,
            [bucket(0, 3, 200, 100, 300), bucket(180, 1, 7, 7, 7)]
        );
        let block = write_buckets(KEY, Class::Percent, &buckets);
        assert_eq!(read_buckets(KEY, &block), Ok((Class::Percent, buckets)));
    }

    #[test]
    fn rolling_twice_is_rolling_once() {
        let samples: Samples = (0..720).map(|at| (at * 5, i64::from(at % 11))).collect();
        let minutes = roll_samples(Class::Count, 60, &samples);
        let hours = roll(Class::Count, 3_600, &minutes);
        assert_eq!(hours.len(), 1);
        assert_eq!(
            (hours[0].count, hours[0].least, hours[0].greatest),
            (720, 0, 10)
        );
        assert_eq!(hours[0].mean, 5);
    }
}
