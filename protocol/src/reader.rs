//! The lenient reader every report and message goes through.
//!
//! It stands between `serde_json` and the plain derived types and softens what the wire may do:
//! `null` is the empty value of whatever is expected, numbers may be written as integer or float
//! and saturate at the range of their type, lists and texts keep the bounds of [`limits`].
//! Unknown members are skipped by the types themselves. Signed types and typed operations use the
//! strict rules, under which none of this happens. What stays an error everywhere: broken JSON, a wrong
//! type, a duplicate member, nesting deeper than [`limits::DEPTH`], anything after the end.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{CowStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

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

/// What the type being read expects.
#[derive(Clone, Copy)]
enum Want {
    Anything,
    Bool,
    Integer { min: i64, max: u64 },
    Float,
    Text,
    List,
    Map,
    Struct,
}

const fn signed(min: i64, max: i64) -> Want {
    Want::Integer {
        min,
        max: max.unsigned_abs(),
    }
}

const fn unsigned(max: u64) -> Want {
    Want::Integer { min: 0, max }
}

/// A deserializer that softens the one inside.
struct Soft<'s, D> {
    inner: D,
    tally: &'s Tally,
    bounds: Bounds,
}

macro_rules! expect {
    ($($method:ident($($argument:ty),*) => $want:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(
            self,
            $(_: $argument,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            let Self { inner, tally, bounds } = self;
            inner.deserialize_any(Filter { visitor, want: $want, tally, bounds })
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Soft<'_, D> {
    type Error = D::Error;

    expect! {
        deserialize_any() => Want::Anything;
        deserialize_bool() => Want::Bool;
        deserialize_i8() => signed(i8::MIN as i64, i8::MAX as i64);
        deserialize_i16() => signed(i16::MIN as i64, i16::MAX as i64);
        deserialize_i32() => signed(i32::MIN as i64, i32::MAX as i64);
        deserialize_i64() => signed(i64::MIN, i64::MAX);
        deserialize_u8() => unsigned(u8::MAX as u64);
        deserialize_u16() => unsigned(u16::MAX as u64);
        deserialize_u32() => unsigned(u32::MAX as u64);
        deserialize_u64() => unsigned(u64::MAX);
        deserialize_f32() => Want::Float;
        deserialize_f64() => Want::Float;
        deserialize_char() => Want::Text;
        deserialize_str() => Want::Text;
        deserialize_string() => Want::Text;
        deserialize_bytes() => Want::Text;
        deserialize_byte_buf() => Want::Text;
        deserialize_unit() => Want::Anything;
        deserialize_unit_struct(&'static str) => Want::Anything;
        deserialize_seq() => Want::List;
        deserialize_tuple(usize) => Want::List;
        deserialize_tuple_struct(&'static str, usize) => Want::List;
        deserialize_map() => Want::Map;
        deserialize_struct(&'static str, &'static [&'static str]) => Want::Struct;
        deserialize_identifier() => Want::Text;
        // Not the parser's own skipping: that one does not count the depth.
        deserialize_ignored_any() => Want::Anything;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self {
            inner,
            tally,
            bounds,
        } = self;
        inner.deserialize_option(Filter {
            visitor,
            want: Want::Anything,
            tally,
            bounds,
        })
    }

    /// Closed enums are single words, under every rule.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let word = PlainText.deserialize(self.inner)?;
        CowStrDeserializer::new(word).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }
}

/// A visitor that hands on what was found in the shape that is wanted.
struct Filter<'s, V> {
    visitor: V,
    want: Want,
    tally: &'s Tally,
    bounds: Bounds,
}

type Nothing = std::iter::Empty<()>;
type NoEntries = std::iter::Empty<((), ())>;

impl<'de, V: Visitor<'de>> Visitor<'de> for Filter<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Soft {
            inner,
            tally: self.tally,
            bounds: self.bounds,
        })
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        match self.want {
            _ if self.tally.rules == Rules::Strict => self.visitor.visit_unit(),
            Want::Anything => self.visitor.visit_unit(),
            Want::Bool => self.visitor.visit_bool(false),
            Want::Integer { .. } => self.visitor.visit_u64(0),
            Want::Float => self.visitor.visit_f64(0.0),
            Want::Text => self.visitor.visit_str(""),
            Want::List => self
                .visitor
                .visit_seq(SeqDeserializer::new(Nothing::default())),
            Want::Map | Want::Struct => self
                .visitor
                .visit_map(MapDeserializer::new(NoEntries::default())),
        }
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.visitor.visit_bool(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<V::Value, E> {
        match self.want {
            _ if self.tally.rules == Rules::Strict => self.visitor.visit_u64(value),
            Want::Integer { max, .. } => self.visitor.visit_u64(value.min(max)),
            Want::Float => self.visitor.visit_f64(value as f64),
            _ => self.visitor.visit_u64(value),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<V::Value, E> {
        match self.want {
            _ if self.tally.rules == Rules::Strict => self.visitor.visit_i64(value),
            Want::Integer { min, .. } => self.visitor.visit_i64(value.max(min)),
            Want::Float => self.visitor.visit_f64(value as f64),
            _ => self.visitor.visit_i64(value),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<V::Value, E> {
        match self.want {
            _ if self.tally.rules == Rules::Strict => self.visitor.visit_f64(value),
            // Float to integer casts saturate, so no value is out of range here.
            Want::Integer { .. } if value < 0.0 => self.visit_i64(value as i64),
            Want::Integer { .. } => self.visit_u64(value as u64),
            _ => self.visitor.visit_f64(value),
        }
    }

    fn visit_str<E: serde::de::Error>(self, raw: &str) -> Result<V::Value, E> {
        match self.tally.fit(raw, self.bounds.text)? {
            Cow::Borrowed(text) => self.visitor.visit_str(text),
            Cow::Owned(text) => self.visitor.visit_string(text),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        if let Want::Struct | Want::Map = self.want {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        let Self {
            visitor,
            tally,
            bounds,
            ..
        } = self;
        visitor.visit_seq(Elements {
            list,
            tally,
            bounds,
            left: bounds.list,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let Self {
            visitor,
            tally,
            bounds,
            ..
        } = self;
        let is_struct = matches!(self.want, Want::Struct);
        let left = if is_struct { usize::MAX } else { bounds.list };
        visitor.visit_map(Members {
            members,
            tally,
            bounds,
            is_struct,
            left,
            seen: BTreeSet::new(),
        })
    }
}

/// The elements of a list, up to its bound.
struct Elements<'s, A> {
    list: A,
    tally: &'s Tally,
    bounds: Bounds,
    left: usize,
}

impl<'s, A> Elements<'s, A> {
    fn soften<T>(&self, seed: T) -> SoftSeed<'s, T> {
        SoftSeed {
            seed,
            tally: self.tally,
            bounds: self.bounds,
        }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let left_of_all = self.tally.elements_left.get();
        if self.left == 0 || left_of_all == 0 {
            let mut count = 0;
            while self
                .list
                .next_element_seed(self.soften(PhantomData::<IgnoredAny>))?
                .is_some()
            {
                count += 1;
            }
            self.tally.shed_elements(count)?;
            return Ok(None);
        }
        self.left -= 1;
        self.tally.elements_left.set(left_of_all - 1);
        let seed = self.soften(seed);
        self.list.next_element_seed(seed)
    }
}

/// The members of an object: those of a struct have bounds by name, those of a map share its own.
struct Members<'s, A> {
    members: A,
    tally: &'s Tally,
    bounds: Bounds,
    is_struct: bool,
    left: usize,
    /// Names so far, where saying one twice is refused. Structs see to that themselves.
    seen: BTreeSet<String>,
}

impl<'de, A: MapAccess<'de>> Members<'_, A> {
    fn skip_rest(&mut self) -> Result<(), A::Error> {
        let mut count = 0;
        while self.members.next_key::<IgnoredAny>()?.is_some() {
            self.next_value_seed(PhantomData::<IgnoredAny>)?;
            count += 1;
        }
        self.tally.shed_elements(count)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if !self.is_struct {
            let left_of_all = self.tally.elements_left.get();
            if self.left == 0 || left_of_all == 0 {
                self.skip_rest()?;
                return Ok(None);
            }
            self.left -= 1;
            self.tally.elements_left.set(left_of_all - 1);
        }
        let Some(mut name) = self.members.next_key_seed(PlainText)? else {
            return Ok(None);
        };
        if self.is_struct {
            self.bounds = self.tally.bounds_of(&name);
        } else {
            let fitted = self.tally.fit(&name, limits::NAME)?;
            if *fitted != *name {
                name = Cow::Owned(fitted.into_owned());
            }
            if self.tally.rules != Rules::Report && !self.seen.insert(name.to_string()) {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        seed.deserialize(CowStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.members.next_value_seed(SoftSeed {
            seed,
            tally: self.tally,
            bounds: self.bounds,
        })
    }
}

/// Reads a value through the softening.
struct SoftSeed<'s, T> {
    seed: T,
    tally: &'s Tally,
    bounds: Bounds,
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for SoftSeed<'_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T::Value, D::Error> {
        self.seed.deserialize(Soft {
            inner,
            tally: self.tally,
            bounds: self.bounds,
        })
    }
}

/// Reads a member's name or an enum's word, without a copy where the JSON holds it unescaped.
struct PlainText;

impl<'de> DeserializeSeed<'de> for PlainText {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<Cow<'de, str>, D::Error> {
        inner.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for PlainText {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
