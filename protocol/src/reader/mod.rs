//! The lenient reader every report and message goes through.
//!
//! It stands between `serde_json` and the plain derived types and softens what the wire may do:
//! `null` is the empty value of whatever is expected, numbers may be written as integer or float
//! and saturate at the range of their type, lists and texts keep the bounds of [`limits`].
//! Unknown members are skipped. Signed types and typed operations use the strict rules, under which
//! none of this happens. What stays an error everywhere: broken JSON, a wrong type, a duplicate
//! member, nesting deeper than [`limits::DEPTH`], anything after the end.

mod collections;
mod skip;
mod soften;

use std::borrow::Cow;
use std::cell::Cell;

use serde::de::Deserialize;

use self::soften::Soft;
use crate::error::Error;
use crate::limits::{self, Bounds, Shed};
use crate::text;

/// How much a sender may do differently from what the types say.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Rules {
    /// Everything is softened; over-long lists and texts are shortened and counted.
    Report,
    /// Everything is softened; over-long lists and texts are refused, texts stay as they were sent.
    Message,
    /// Nothing is softened, excess is refused. Types add `deny_unknown_fields`.
    Strict,
}

/// Reads one JSON object.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    json: &'de [u8],
    rules: Rules,
) -> Result<(T, Shed), Error> {
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::NotAnObject);
    }
    let tally = Tally {
        rules,
        elements_left: Cell::new(limits::ELEMENTS),
        shed: Cell::new(Shed::default()),
    };
    let mut parser = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(Soft {
        inner: &mut parser,
        tally: &tally,
        bounds: Bounds::USUAL,
    })?;
    parser.end()?;
    Ok((value, tally.shed.get()))
}

/// What has been used up and left out so far.
struct Tally {
    rules: Rules,
    elements_left: Cell<usize>,
    shed: Cell<Shed>,
}

impl Tally {
    fn shed_elements<E: serde::de::Error>(&self, count: u64) -> Result<(), E> {
        if count > 0 && self.rules != Rules::Report {
            return Err(E::custom("too many elements"));
        }
        let shed = self.shed.get();
        self.shed.set(Shed {
            elements: shed.elements + count,
            ..shed
        });
        Ok(())
    }

    fn bounds_of(&self, member: &str) -> Bounds {
        match self.rules {
            Rules::Report => Bounds::in_report(member),
            Rules::Message | Rules::Strict => Bounds::in_message(member),
        }
    }

    fn fit<'t, E: serde::de::Error>(&self, raw: &'t str, max: usize) -> Result<Cow<'t, str>, E> {
        if self.rules != Rules::Report {
            return match raw.len() > max {
                true => Err(E::custom("text too long")),
                false => Ok(Cow::Borrowed(raw)),
            };
        }
        let fitted = text::fit(raw, max);
        if matches!(fitted, Cow::Owned(_)) || fitted.len() != raw.len() {
            let shed = self.shed.get();
            self.shed.set(Shed {
                texts: shed.texts + 1,
                ..shed
            });
        }
        Ok(fitted)
    }
}
