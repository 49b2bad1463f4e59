//! Any value of any wire type: a deserializer whose input is chance instead of JSON.
//!
//! It builds whatever derives `Deserialize`, so new members are covered without a line here.

use std::fmt;

use proptest::prelude::*;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};

/// Any value of the type.
pub fn any_of<T: for<'de> Deserialize<'de> + fmt::Debug>() -> impl Strategy<Value = T> {
    prop::collection::vec(any::<u8>(), 0..2_000).prop_map(|bytes| {
        let mut chance = Chance {
            bytes: bytes.into_iter(),
            everything: false,
        };
        T::deserialize(&mut chance).expect("chance builds every type")
    })
}

/// A value in which every member is present, every list and map has one element.
pub fn full<T: for<'de> Deserialize<'de>>() -> T {
    let mut chance = Chance {
        bytes: Vec::new().into_iter(),
        everything: true,
    };
    T::deserialize(&mut chance).expect("chance builds every type")
}

/// Prefix of every map key that [`full`] makes.
pub const KEY: &str = "key-";

/// A source of choices; when it runs dry, every choice is the simplest.
struct Chance {
    bytes: std::vec::IntoIter<u8>,
    everything: bool,
}

impl Chance {
    fn byte(&mut self) -> u8 {
        self.bytes.next().unwrap_or(0)
    }

    fn number(&mut self) -> u64 {
        // Mostly small, sometimes of full size.
        match self.byte() % 8 {
            7 => u64::from_le_bytes(std::array::from_fn(|_| self.byte())),
            _ => u64::from(self.byte()),
        }
    }

    fn is_present(&mut self) -> bool {
        self.everything || !self.byte().is_multiple_of(4)
    }

    fn length(&mut self) -> usize {
        if self.everything {
            1
        } else {
            usize::from(self.byte() % 3)
        }
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 8] = [
            "a",
            "Z9",
            " ",
            "\"",
            "\\",
            "é",
            "\u{1F4A1}",
            "{\"x\":[null]}",
        ];
        if self.everything {
            return "some".to_owned();
        }
        let length = self.byte() % 8;
        (0..length)
            .map(|_| PIECES[usize::from(self.byte() % 8)])
            .collect()
    }

    fn time(&mut self) -> String {
        let seconds = i64::try_from(self.number() % 4_000_000_000).expect("in range");
        let nanoseconds = i32::from(self.byte()) * 1_000_003;
        jiff::Timestamp::new(seconds, nanoseconds)
            .expect("in range")
            .to_string()
    }

    /// Three decimals: what every JSON parser reads back exactly.
    fn fraction(&mut self) -> f64 {
        (f64::from(self.byte()) * 256.0 + f64::from(self.byte()) - 9_000.0) / 1_000.0
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.number() as $type)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Chance {
    type Error = Error;

    numbers! {
        deserialize_i64 visit_i64 i64;
        deserialize_u64 visit_u64 u64;
        deserialize_u32 visit_u32 u32;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        panic!(
            "chance does not know what to make of {}",
            &visitor as &dyn Expected
        )
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.is_present())
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.fraction())
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let is_time = (&visitor as &dyn Expected).to_string().contains("time");
        visitor.visit_string(if is_time { self.time() } else { self.text() })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_present() {
            visitor.visit_some(self)
        } else {
            visitor.visit_none()
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let left = self.length();
        visitor.visit_seq(Several { chance: self, left })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let left = self.length();
        visitor.visit_map(Several { chance: self, left })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields {
            chance: self,
            fields: fields.iter(),
        })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 char bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct enum identifier ignored_any
    }
}

/// Some elements or entries.
struct Several<'c> {
    chance: &'c mut Chance,
    left: usize,
}

impl<'de> SeqAccess<'de> for Several<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.chance).map(Some)
    }
}

impl<'de> MapAccess<'de> for Several<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let key = format!("{KEY}{}", self.chance.text());
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.chance)
    }
}

/// Some of a struct's members.
struct Fields<'c> {
    chance: &'c mut Chance,
    fields: std::slice::Iter<'static, &'static str>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        for field in self.fields.by_ref() {
            if self.chance.is_present() {
                let name: StrDeserializer<'_, Error> = (*field).into_deserializer();
                return seed.deserialize(name).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.chance)
    }
}

#[test]
fn chance_makes_full_values() {
    let full: pulse_protocol::report::host::HostReport = full();
    assert_eq!(full.disks.len(), 1);
    assert!(full.timestamp.is_some());
}
