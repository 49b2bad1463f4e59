//! A zip archive of a few files, compressed, in memory.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Deflated, version 2.0, names in UTF-8, 1 January 1980: when something was packed says nothing.
const VERSION: u16 = 20;
const UTF8_NAMES: u16 = 1 << 11;
const DEFLATED: u16 = 8;
const NO_TIME: u16 = 0;
const FIRST_DATE: u16 = (1 << 5) | 1;

/// Returns an archive of `files`: names and contents, fewer and smaller than 65,536 and 4 GiB.
pub(super) fn pack(files: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let offset = small(archive.len())?;
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content)?;
        let packed = encoder.finish()?;
        let mut about = Vec::new();
        for number in [VERSION, UTF8_NAMES, DEFLATED, NO_TIME, FIRST_DATE] {
            about.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc.sum(), small(packed.len())?, small(content.len())?] {
            about.extend_from_slice(&number.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).map_err(io::Error::other)?;
        about.extend_from_slice(&name_length.to_le_bytes());
        about.extend_from_slice(&0_u16.to_le_bytes());
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&about);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(&packed);
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&VERSION.to_le_bytes());
        directory.extend_from_slice(&about);
        // No comment, disk 0, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, size) = (small(archive.len())?, small(directory.len())?);
    let count = u16::try_from(files.len()).map_err(io::Error::other)?;
    archive.append(&mut directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&size.to_le_bytes());
    archive.extend_from_slice(&start.to_le_bytes());
    archive.extend_from_slice(&[0; 2]);
    Ok(archive)
}

fn small(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(io::Error::other)
}
