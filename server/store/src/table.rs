//! The name and type of a table, and the frame round each record in it.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

const CHECKSUM: usize = 4;
const HEADER: usize = CHECKSUM + 2;
/// Longest key; keys are ids and paths of ids, not documents.
const MAX_KEY: usize = 512;
/// Largest record, so that one runaway document cannot fill memory and disk.
const MAX_RECORD: usize = 16 << 20;

/// Names a table of records of type `V` under string keys.
///
/// A record is framed as checksum (over table, key and content), schema version, JSON. The version
/// goes up when an older build must not touch the record; members that merely get added need a
/// serde default instead.
#[derive(Debug)]
pub struct Table<V> {
    pub(crate) name: &'static str,
    schema: u16,
    record: PhantomData<fn() -> V>,
}

impl<V> Table<V> {
    /// Declares a table; meant for a `const`.
    pub const fn new(name: &'static str, schema: u16) -> Self {
        Self {
            name,
            schema,
            record: PhantomData,
        }
    }

    /// Returns the table's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Fails if `frame` was written by a later version, whose record must stay as it is.
    pub(crate) fn check_schema(&self, key: &str, frame: &[u8]) -> Result<(), Error> {
        let found = match frame.get(CHECKSUM..HEADER) {
            Some(&[low, high]) => u16::from_le_bytes([low, high]),
            _ => return Ok(()),
        };
        if found > self.schema && self.has_good_checksum(key, frame) {
            let (table, key, known) = (self.name, key.to_owned(), self.schema);
            return Err(Error::NewerSchema {
                table,
                key,
                found,
                known,
            });
        }
        Ok(())
    }

    fn checksum(&self, key: &str, content: &[u8]) -> u32 {
        let mut sum = crc32fast::Hasher::new();
        for part in [self.name.as_bytes(), b"\0", key.as_bytes(), b"\0", content] {
            sum.update(part);
        }
        sum.finalize()
    }

    fn has_good_checksum(&self, key: &str, frame: &[u8]) -> bool {
        match frame.split_first_chunk::<CHECKSUM>() {
            Some((sum, content)) => u32::from_le_bytes(*sum) == self.checksum(key, content),
            None => false,
        }
    }

    fn damaged(&self, key: &str, reason: String) -> Error {
        Error::Damaged {
            table: self.name,
            key: key.to_owned(),
            reason,
        }
    }
}

impl<V: Serialize> Table<V> {
    pub(crate) fn encode(&self, key: &str, value: &V) -> Result<Vec<u8>, Error> {
        check_size(
            format_args!("a key of table {}", self.name),
            key.len(),
            MAX_KEY,
        )?;
        let mut frame = vec![0; CHECKSUM];
        frame.extend(self.schema.to_le_bytes());
        serde_json::to_writer(&mut frame, value).map_err(|source| Error::Encode {
            table: self.name,
            key: key.to_owned(),
            source,
        })?;
        check_size(
            format_args!("record {key:?} of table {}", self.name),
            frame.len(),
            MAX_RECORD,
        )?;
        let sum = self.checksum(key, &frame[CHECKSUM..]);
        frame[..CHECKSUM].copy_from_slice(&sum.to_le_bytes());
        Ok(frame)
    }
}

impl<V: DeserializeOwned> Table<V> {
    pub(crate) fn decode(&self, key: &str, frame: &[u8]) -> Result<V, Error> {
        if frame.len() < HEADER {
            return Err(self.damaged(key, format!("only {} bytes long", frame.len())));
        }
        if !self.has_good_checksum(key, frame) {
            return Err(self.damaged(key, "wrong checksum".to_owned()));
        }
        self.check_schema(key, frame)?;
        serde_json::from_slice(&frame[HEADER..])
            .map_err(|error| self.damaged(key, error.to_string()))
    }
}

fn check_size(what: std::fmt::Arguments<'_>, size: usize, limit: usize) -> Result<(), Error> {
    if size <= limit {
        return Ok(());
    }
    Err(Error::TooLarge {
        what: what.to_string(),
        size: size as u64,
        limit: limit as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Table<String> = Table::new("words", 2);

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let frame = WORDS.encode("a", &"alpha".to_owned()).unwrap();
        assert_eq!(WORDS.decode("a", &frame).unwrap(), "alpha");
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let frame = WORDS.encode("a", &"alpha".to_owned()).unwrap();
        for bit in 0..frame.len() * 8 {
            let mut flipped = frame.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(
                matches!(WORDS.decode("a", &flipped), Err(Error::Damaged { .. })),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn a_truncated_record_is_damaged() {
        let frame = WORDS.encode("a", &"alpha".to_owned()).unwrap();
        for length in 0..frame.len() {
            assert!(
                WORDS.decode("a", &frame[..length]).is_err(),
                "{length} bytes"
            );
        }
    }

    #[test]
    fn a_record_moved_to_another_key_or_table_is_damaged() {
        let frame = WORDS.encode("a", &"alpha".to_owned()).unwrap();
        assert!(matches!(
            WORDS.decode("b", &frame),
            Err(Error::Damaged { .. })
        ));
        let others: Table<String> = Table::new("others", 2);
        assert!(matches!(
            others.decode("a", &frame),
            Err(Error::Damaged { .. })
        ));
    }

    #[test]
    fn a_newer_schema_is_an_error_and_an_older_one_is_read() {
        let older: Table<String> = Table::new("words", 1);
        let newer: Table<String> = Table::new("words", 3);
        let frame = newer.encode("a", &"alpha".to_owned()).unwrap();
        assert!(matches!(
            WORDS.decode("a", &frame),
            Err(Error::NewerSchema {
                found: 3,
                known: 2,
                ..
            })
        ));
        let frame = older.encode("a", &"alpha".to_owned()).unwrap();
        assert_eq!(WORDS.decode("a", &frame).unwrap(), "alpha");
    }

    #[test]
    fn keys_and_records_have_a_largest_size() {
        let long = "k".repeat(MAX_KEY + 1);
        assert!(matches!(
            WORDS.encode(&long, &String::new()),
            Err(Error::TooLarge { .. })
        ));
        let huge = "v".repeat(MAX_RECORD);
        assert!(matches!(
            WORDS.encode("a", &huge),
            Err(Error::TooLarge { .. })
        ));
    }
}
