//! What is in a frame of the log.
//!
//! `kind | sequence | window | body`. A definition's body is resources: `number | step | id |
//! metrics`. A body of rows is, per resource, `number | length | rows`, and the rows are the bytes
//! they are in memory. Rows of an hour that was sealed already are marked as late: they are merged,
//! whatever the database says of that hour.

use pulse_model::{Metric, ResourceId};

use crate::register::Known;
use crate::varint::{self, Corrupt, Input, zigzag};

/// Longest id of a resource with a history.
pub(crate) const LONGEST_ID: usize = 512;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Who is who.
    Define,
    /// Rows of an open hour.
    Rows,
    /// Rows of an hour that was sealed.
    Late,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub kind: Kind,
    pub sequence: u64,
    pub window: u32,
}

impl Head {
    pub fn write(self) -> Vec<u8> {
        let kind = match self.kind {
            Kind::Define => 1,
            Kind::Rows => 2,
            Kind::Late => 3,
        };
        let mut out = vec![kind];
        varint::put(&mut out, self.sequence);
        varint::put(&mut out, u64::from(self.window));
        out
    }

    pub fn read(input: &mut Input<'_>) -> Result<Self, Corrupt> {
        let kind = match input.byte()? {
            1 => Kind::Define,
            2 => Kind::Rows,
            3 => Kind::Late,
            _ => return Err(Corrupt),
        };
        Ok(Self {
            kind,
            sequence: input.number()?,
            window: input.small()?,
        })
    }
}

/// Adds the definition of a resource to the body of a frame.
pub(crate) fn define(out: &mut Vec<u8>, number: u32, known: &Known) {
    varint::put(out, u64::from(number));
    varint::put(out, u64::from(known.step));
    put_text(out, known.id.as_str());
    varint::put(out, known.metrics.len() as u64);
    for metric in &known.metrics {
        put_text(out, metric.word());
    }
}

/// Reads the next definition.
pub(crate) fn definition(input: &mut Input<'_>) -> Result<(u32, Known), Corrupt> {
    let number = input.small()?;
    let step = input.small()?;
    let id = ResourceId::new(text(input)?);
    let mut metrics = Vec::new();
    for _ in 0..input.number()?.min(crate::row::MOST_SLOTS as u64) {
        metrics.push(Metric::from_word(text(input)?).ok_or(Corrupt)?);
    }
    let known = Known {
        id,
        metrics,
        step,
        is_saved: false,
        week: 0,
        defined: (0, 0),
    };
    Ok((number, known))
}

/// Adds a resource's rows to the body of a frame; `before` is the resource before it.
pub(crate) fn put_rows(out: &mut Vec<u8>, before: &mut u32, number: u32, rows: &[u8]) {
    varint::put(out, zigzag(i64::from(number) - i64::from(*before)));
    *before = number;
    varint::put(out, rows.len() as u64);
    out.extend(rows);
}

/// Reads the rows of the next resource.
pub(crate) fn rows<'a>(
    input: &mut Input<'a>,
    before: &mut u32,
) -> Result<(u32, &'a [u8]), Corrupt> {
    let number = i64::from(*before).checked_add(input.signed()?);
    let number = number.ok_or(Corrupt)?.try_into().map_err(|_| Corrupt)?;
    *before = number;
    let length = usize::try_from(input.number()?).map_err(|_| Corrupt)?;
    Ok((number, input.bytes(length)?))
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    varint::put(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn text<'a>(input: &mut Input<'a>) -> Result<&'a str, Corrupt> {
    let length = input.number()?;
    if length > LONGEST_ID as u64 {
        return Err(Corrupt);
    }
    std::str::from_utf8(input.bytes(length as usize)?).map_err(|_| Corrupt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_definition_reads_back() {
        let known = Known {
            id: ResourceId::new("vm-ü-101"),
            metrics: vec![Metric::Memory, Metric::Cpu],
            step: 30,
            is_saved: true,
            week: 3,
            defined: (9, 9),
        };
        let mut out = Vec::new();
        define(&mut out, 77, &known);
        let (number, back) = definition(&mut Input(&out)).unwrap();
        assert_eq!((number, back.step), (77, 30));
        assert_eq!((back.id, back.metrics), (known.id, known.metrics));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            let mut input = Input(&bytes);
            let _ = Head::read(&mut input);
            let mut before = 0;
            let mut same = input.clone();
            while definition(&mut input).is_ok() {}
            while rows(&mut same, &mut before).is_ok() {}
        }
    }
}
