//! Lists and objects, up to their bounds.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess};

use super::skip::Skip;
use super::soften::{PlainText, SoftSeed};
use super::{Rules, Tally};
use crate::limits::{self, Bounds};

/// The elements of a list, up to its bound.
pub(super) struct Elements<'s, A> {
    list: A,
    tally: &'s Tally,
    bounds: Bounds,
    left: usize,
}

impl<'s, A> Elements<'s, A> {
    pub(super) fn new(list: A, tally: &'s Tally, bounds: Bounds) -> Self {
        Self {
            list,
            tally,
            bounds,
            left: bounds.list,
        }
    }

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
            while self.list.next_element_seed(Skip)?.is_some() {
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
pub(super) struct Members<'s, A> {
    members: A,
    tally: &'s Tally,
    bounds: Bounds,
    is_struct: bool,
    left: usize,
    /// Names so far, where saying one twice is refused. Structs see to that themselves.
    seen: BTreeSet<String>,
}

impl<'s, A> Members<'s, A> {
    pub(super) fn new(members: A, tally: &'s Tally, bounds: Bounds, is_struct: bool) -> Self {
        // A struct's own members are few; only what a map holds counts.
        let left = if is_struct { usize::MAX } else { bounds.list };
        Self {
            members,
            tally,
            bounds,
            is_struct,
            left,
            seen: BTreeSet::new(),
        }
    }
}

impl<'de, A: MapAccess<'de>> Members<'_, A> {
    fn skip_rest(&mut self) -> Result<(), A::Error> {
        let mut count = 0;
        while self.members.next_key_seed(Skip)?.is_some() {
            self.members.next_value_seed(Skip)?;
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
