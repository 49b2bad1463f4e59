//! A column of whole numbers in few bytes: constant, small differences, or a pco page.

use pco::ChunkConfig;
use pco::wrapped::{FileCompressor, FileDecompressor};

use crate::varint::{self, Corrupt, Input, zigzag};

/// Most values of a column; a count beyond it is refused before anything is allocated for it.
pub(crate) const MOST_VALUES: usize = 8_192;
/// Better ratios cost more than they save; worse save little time.
const LEVEL: usize = 4;
/// What pco writes before its first chunk, left out of every block: its format version, 4.1.
const PCO_HEADER: [u8; 2] = [4, 1];
/// Columns up to this long may be smaller as plain differences.
const SHORT: usize = 128;

const CONSTANT: u8 = 0;
const NARROW: u8 = 1;
const WIDE: u8 = 2;
const DIFFERENCES: u8 = 3;

/// Writes `values`, of which there must be at least one.
pub(crate) fn write(out: &mut Vec<u8>, values: &[i64]) {
    let first = values.first().copied().unwrap_or_default();
    if values.iter().all(|value| *value == first) {
        out.push(CONSTANT);
        varint::put(out, zigzag(first));
        return;
    }
    let start = out.len();
    let narrow: Option<Vec<i32>> = values.iter().map(|v| i32::try_from(*v).ok()).collect();
    let page = match narrow {
        Some(narrow) => (NARROW, compressed(&narrow)),
        None => (WIDE, compressed(values)),
    };
    if let (kind, Some(page)) = page {
        out.push(kind);
        varint::put(out, page.len() as u64);
        out.extend(page);
    } else {
        return write_differences(out, values);
    }
    if values.len() <= SHORT {
        let mut plain = Vec::new();
        write_differences(&mut plain, values);
        if plain.len() < out.len() - start {
            out.truncate(start);
            out.extend(plain);
        }
    }
}

fn write_differences(out: &mut Vec<u8>, values: &[i64]) {
    out.push(DIFFERENCES);
    let mut before = 0_i64;
    for value in values {
        varint::put(out, zigzag(value.wrapping_sub(before)));
        before = *value;
    }
}

/// Reads `count` values.
pub(crate) fn read(input: &mut Input<'_>, count: usize) -> Result<Vec<i64>, Corrupt> {
    let mut values = Vec::with_capacity(count.min(MOST_VALUES));
    each(input, count, |value| values.push(value))?;
    Ok(values)
}

/// Hands `count` values to `visit`, which may have seen some of them when the column proves corrupt.
pub(crate) fn each(
    input: &mut Input<'_>,
    count: usize,
    mut visit: impl FnMut(i64),
) -> Result<(), Corrupt> {
    if count == 0 || count > MOST_VALUES {
        return Err(Corrupt);
    }
    match input.byte()? {
        CONSTANT => {
            let value = input.signed()?;
            (0..count).for_each(|_| visit(value));
        }
        NARROW => {
            let values: Vec<i32> = decompressed(page(input)?, count)?;
            values.into_iter().map(i64::from).for_each(visit);
        }
        WIDE => decompressed(page(input)?, count)?
            .into_iter()
            .for_each(visit),
        DIFFERENCES => {
            let mut value = 0_i64;
            for _ in 0..count {
                value = value.wrapping_add(input.signed()?);
                visit(value);
            }
        }
        _ => return Err(Corrupt),
    }
    Ok(())
}

fn page<'a>(input: &mut Input<'a>) -> Result<&'a [u8], Corrupt> {
    let length = usize::try_from(input.number()?).map_err(|_| Corrupt)?;
    input.bytes(length)
}

fn compressed<T: pco::data_types::Number>(values: &[T]) -> Option<Vec<u8>> {
    let config = ChunkConfig::default().with_compression_level(LEVEL);
    let mut chunk = FileCompressor::default()
        .chunk_compressor(values, &config)
        .ok()?;
    let page = chunk.write_meta(Vec::new()).ok()?;
    chunk.write_page(0, page).ok()
}

fn decompressed<T: pco::data_types::Number + Default>(
    page: &[u8],
    count: usize,
) -> Result<Vec<T>, Corrupt> {
    let corrupt = |_| Corrupt;
    let (file, _) = FileDecompressor::new(&PCO_HEADER[..]).map_err(corrupt)?;
    let (mut chunk, rest) = file.chunk_decompressor::<T, _>(page).map_err(corrupt)?;
    let mut values = vec![T::default(); count];
    let mut pages = chunk.page_decompressor(rest, count).map_err(corrupt)?;
    let progress = pages.read(&mut values).map_err(corrupt)?;
    (progress.n_processed == count)
        .then_some(values)
        .ok_or(Corrupt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_library_still_writes_the_header_that_is_left_out() {
        let header = FileCompressor::default().write_header(Vec::new());
        assert_eq!(header.expect("memory does not fail"), PCO_HEADER);
    }

    #[test]
    fn a_count_beyond_the_bound_is_refused() {
        let mut out = Vec::new();
        write(&mut out, &[7]);
        for count in [0, MOST_VALUES + 1, usize::MAX] {
            assert_eq!(read(&mut Input(&out), count), Err(Corrupt), "{count}");
        }
    }

    proptest! {
        #[test]
        fn a_column_reads_back(values in proptest::collection::vec(any::<i64>(), 1..400), narrow: bool) {
            let values: Vec<i64> = values
                .into_iter()
                .map(|value| if narrow { value % 1_000 } else { value })
                .collect();
            let mut out = Vec::new();
            write(&mut out, &values);
            prop_assert_eq!(read(&mut Input(&out), values.len()), Ok(values));
        }

        #[test]
        fn no_bytes_make_reading_panic(mut bytes in proptest::collection::vec(any::<u8>(), 1..200), kind in 0..5_u8, count in 1..300_usize) {
            bytes[0] = kind;
            let _ = read(&mut Input(&bytes), count);
        }

        #[test]
        fn no_flipped_byte_makes_reading_panic(values in proptest::collection::vec(0..5_000_i64, 200..300), at: prop::sample::Index, flip in 1..=255_u8) {
            let mut out = Vec::new();
            write(&mut out, &values);
            let at = at.index(out.len());
            out[at] ^= flip;
            let _ = read(&mut Input(&out), values.len());
        }
    }
}
