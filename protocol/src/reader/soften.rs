//! The deserializer in between: what each type asks for, and what it gets instead.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{CowStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::collections::{Elements, Members};
use super::skip::Skip;
use super::{Rules, Tally};
use crate::limits::Bounds;

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
pub(super) struct Soft<'s, D> {
    pub(super) inner: D,
    pub(super) tally: &'s Tally,
    pub(super) bounds: Bounds,
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

    /// What nobody asked for has no bounds but the depth, and counts as nothing left out.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        Skip.deserialize(self.inner)?;
        visitor.visit_unit()
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
        visitor.visit_seq(Elements::new(list, tally, bounds))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let Self {
            visitor,
            tally,
            bounds,
            ..
        } = self;
        let is_struct = matches!(self.want, Want::Struct);
        visitor.visit_map(Members::new(members, tally, bounds, is_struct))
    }
}

/// Reads a value through the softening.
pub(super) struct SoftSeed<'s, T> {
    pub(super) seed: T,
    pub(super) tally: &'s Tally,
    pub(super) bounds: Bounds,
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
pub(super) struct PlainText;

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
