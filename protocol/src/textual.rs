//! Serde for types that are written and read as one text.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

/// Implements serde through `Display` and `FromStr`.
macro_rules! textual {
    ($name:ident) => {
        crate::textual::textual!(impl<> $name);
    };
    (impl<$(const $n:ident: usize)?> $name:ty) => {
        impl<$(const $n: usize)?> serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de, $(const $n: usize)?> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(crate::textual::Parsed(std::marker::PhantomData))
            }
        }

        #[cfg(feature = "schema")]
        impl<$(const $n: usize)?> utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                String::schema()
            }
        }

        #[cfg(feature = "schema")]
        impl<$(const $n: usize)?> utoipa::ToSchema for $name {}
    };
}

pub(crate) use textual;

/// Reads a value from its text.
pub(crate) struct Parsed<T>(pub(crate) PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}
