//! An append-only file of checksummed frames: cheap to make durable, safe to cut anywhere.
//!
//! The header names the file by a random id, and every frame's checksum starts from that id, so
//! bytes another file left on the same blocks never pass for ours. Space is taken ahead of need:
//! an append then touches data only, and a full disk is noticed before anything is half written.
//! What the frames mean is the caller's affair.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::{Error, file};

const MAGIC: &[u8; 4] = b"PLSH";
const VERSION: u16 = 1;
const HEADER: usize = 32;
const FRAME_HEADER: usize = 8;
/// Largest frame; a length beyond it is damage.
pub const MAX_FRAME: usize = 8 << 20;
/// Space is taken in steps of this, or of [`LARGE_STEP`] when appends are large themselves.
const STEP: u64 = 1 << 20;
const LARGE_STEP: u64 = 16 << 20;
/// How much is looked through for the next good frame after a bad one.
const MOST_SEARCHED: usize = 64 << 20;

/// An open log, ready to be appended to.
#[derive(Debug)]
pub struct Log {
    file: File,
    path: PathBuf,
    seed: u32,
    end: u64,
    taken: u64,
    is_durable: bool,
}

/// What opening a log found besides good frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flaws {
    /// Places where frames were skipped to the next good one.
    pub skipped: u64,
    /// Whether the end was cut off after the last good frame.
    pub torn: bool,
}

impl Log {
    /// Creates the log `path`, which must not exist. Without `is_durable` appends are not synced.
    pub fn create(path: &Path, is_durable: bool) -> Result<Self, Error> {
        let mut id = [0; 8];
        getrandom::fill(&mut id)
            .map_err(|error| Error::io("name", path)(std::io::Error::other(error)))?;
        let mut header = [0; HEADER];
        header[..4].copy_from_slice(MAGIC);
        header[4..6].copy_from_slice(&VERSION.to_le_bytes());
        header[8..16].copy_from_slice(&id);
        let sum = crc32fast::hash(&header[..16]);
        header[16..20].copy_from_slice(&sum.to_le_bytes());
        let mut log = Self {
            file: file::create_private(path)?,
            path: path.to_owned(),
            seed: crc32fast::hash(&id),
            end: HEADER as u64,
            taken: 0,
            is_durable,
        };
        let begun = log.begin(&header);
        if begun.is_err() {
            // Best effort: the error to report is the one that led here.
            let _ = fs::remove_file(path);
        }
        begun.map(|()| log)
    }

    fn begin(&mut self, header: &[u8]) -> Result<(), Error> {
        self.take_space(header.len() as u64)?;
        self.file
            .write_all_at(header, 0)
            .map_err(Error::io("write", &self.path))?;
        if !self.is_durable {
            return Ok(());
        }
        self.file
            .sync_all()
            .map_err(Error::io("sync", &self.path))?;
        file::sync_parent(&self.path)
    }

    /// Hands every good frame of the log `path` to `visit`, with whether frames before it were
    /// lost, and cuts off what follows the last one.
    ///
    /// A file whose header is not a log's has no frames and counts as torn.
    pub fn replay(path: &Path, mut visit: impl FnMut(&[u8], bool)) -> Result<Flaws, Error> {
        let file = file::open_private(path)?;
        let length = file.metadata().map_err(Error::io("look at", path))?.len();
        let mut flaws = Flaws::default();
        let Some(seed) = read_header(&file) else {
            flaws.torn = true;
            return Ok(flaws);
        };
        let mut source = Source {
            file: &file,
            path,
            seed,
            length,
            frame: Vec::new(),
        };
        let mut at = HEADER as u64;
        let mut is_after_loss = false;
        loop {
            match source.frame_at(at)? {
                Found::Frame(next) => {
                    visit(&source.frame, is_after_loss);
                    is_after_loss = false;
                    at = next;
                }
                Found::End => break,
                Found::Damage => {
                    let Some(next) = source.next_good(at + 1)? else {
                        flaws.torn = true;
                        break;
                    };
                    flaws.skipped += 1;
                    is_after_loss = true;
                    at = next;
                }
            }
        }
        file.set_len(at).map_err(Error::io("shorten", path))?;
        Ok(flaws)
    }

    /// Appends `frames` in one write and, if the log is durable, returns when they are on disk.
    ///
    /// If it fails, the frames count as not written; the next append takes their place.
    pub fn append(&mut self, frames: &[Vec<u8>]) -> Result<u64, Error> {
        let size = frames.iter().map(|frame| frame.len() + FRAME_HEADER).sum();
        let mut bytes = Vec::with_capacity(size);
        for frame in frames {
            if frame.len() > MAX_FRAME || frame.is_empty() {
                return Err(Error::TooLarge {
                    what: "a frame".to_owned(),
                    size: frame.len() as u64,
                    limit: MAX_FRAME as u64,
                });
            }
            bytes.extend((frame.len() as u32).to_le_bytes());
            bytes.extend(checksum(self.seed, frame).to_le_bytes());
            bytes.extend(frame);
        }
        self.take_space(bytes.len() as u64)?;
        self.file
            .write_all_at(&bytes, self.end)
            .map_err(Error::io("write", &self.path))?;
        if self.is_durable {
            self.file
                .sync_data()
                .map_err(Error::io("sync", &self.path))?;
        }
        self.end += bytes.len() as u64;
        Ok(bytes.len() as u64)
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns how long it is, space taken ahead not counted.
    pub fn len(&self) -> u64 {
        self.end
    }

    /// Tells whether nothing has been appended yet.
    pub fn is_empty(&self) -> bool {
        self.end == HEADER as u64
    }

    fn take_space(&mut self, more: u64) -> Result<(), Error> {
        if self.end + more <= self.taken {
            return Ok(());
        }
        let step = if more > STEP { LARGE_STEP } else { STEP };
        let wanted = (self.end + more).next_multiple_of(step);
        if reserve(&self.file, self.taken, wanted - self.taken)
            .map_err(Error::io("take space for", &self.path))?
        {
            self.taken = wanted;
        }
        Ok(())
    }
}

/// Takes space ahead; tells whether the file system could. One that cannot just lets files grow.
#[cfg(target_os = "linux")]
fn reserve(file: &File, from: u64, length: u64) -> std::io::Result<bool> {
    use nix::errno::Errno;
    use nix::fcntl::{FallocateFlags, fallocate};
    let range = i64::try_from(from).ok().zip(i64::try_from(length).ok());
    let (from, length) = range.ok_or(ErrorKind::FileTooLarge)?;
    match fallocate(file, FallocateFlags::empty(), from, length) {
        Ok(()) => Ok(true),
        Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(_: &File, _: u64, _: u64) -> std::io::Result<bool> {
    Ok(false)
}

fn checksum(seed: u32, frame: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new_with_initial(seed);
    sum.update(&(frame.len() as u32).to_le_bytes());
    sum.update(frame);
    sum.finalize()
}

/// Returns what frames' checksums start from, if this is a log's header.
fn read_header(file: &File) -> Option<u32> {
    let mut header = [0; HEADER];
    file.read_exact_at(&mut header, 0).ok()?;
    let sum = u32::from_le_bytes(header[16..20].try_into().ok()?);
    let is_ours = header.starts_with(MAGIC)
        && header[4..6] == VERSION.to_le_bytes()
        && sum == crc32fast::hash(&header[..16]);
    is_ours.then(|| crc32fast::hash(&header[8..16]))
}

enum Found {
    /// A good frame, and where the next begins.
    Frame(u64),
    End,
    Damage,
}

struct Source<'a> {
    file: &'a File,
    path: &'a Path,
    seed: u32,
    length: u64,
    frame: Vec<u8>,
}

impl Source<'_> {
    fn frame_at(&mut self, at: u64) -> Result<Found, Error> {
        let mut header = [0; FRAME_HEADER];
        let left = self.length.saturating_sub(at);
        if left < FRAME_HEADER as u64 {
            return Ok(if self.is_zero_from(at)? {
                Found::End
            } else {
                Found::Damage
            });
        }
        self.read(&mut header, at)?;
        let (length, sum) = split(header);
        if length == 0 && self.is_zero_from(at)? {
            return Ok(Found::End);
        }
        if length == 0 || length > MAX_FRAME || length as u64 > left - FRAME_HEADER as u64 {
            return Ok(Found::Damage);
        }
        let mut frame = std::mem::take(&mut self.frame);
        frame.resize(length, 0);
        self.read(&mut frame, at + FRAME_HEADER as u64)?;
        self.frame = frame;
        if checksum(self.seed, &self.frame) != sum {
            return Ok(Found::Damage);
        }
        Ok(Found::Frame(at + (FRAME_HEADER + length) as u64))
    }

    /// Returns where the next frame that holds begins, looking from `from` on.
    fn next_good(&self, from: u64) -> Result<Option<u64>, Error> {
        let left = usize::try_from(self.length.saturating_sub(from)).unwrap_or(usize::MAX);
        let mut rest = vec![0; left.min(MOST_SEARCHED)];
        self.read(&mut rest, from)?;
        let mut hashed = 0;
        for at in 0..rest.len().saturating_sub(FRAME_HEADER) {
            let header = rest[at..at + FRAME_HEADER].try_into();
            let (length, sum) = split(header.expect("a slice of that length"));
            let body = at + FRAME_HEADER;
            if length == 0 || length > MAX_FRAME || length > rest.len() - body {
                continue;
            }
            hashed += length;
            if hashed > 4 * MOST_SEARCHED {
                return Ok(None);
            }
            if checksum(self.seed, &rest[body..body + length]) == sum {
                return Ok(Some(from + at as u64));
            }
        }
        Ok(None)
    }

    fn is_zero_from(&self, mut at: u64) -> Result<bool, Error> {
        let mut piece = vec![0; 64 << 10];
        while at < self.length {
            let size = (self.length - at).min(piece.len() as u64) as usize;
            self.read(&mut piece[..size], at)?;
            if piece[..size].iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at += size as u64;
        }
        Ok(true)
    }

    fn read(&self, into: &mut [u8], at: u64) -> Result<(), Error> {
        self.file
            .read_exact_at(into, at)
            .map_err(Error::io("read", self.path))
    }
}

fn split(header: [u8; FRAME_HEADER]) -> (usize, u32) {
    let [a, b, c, d, e, f, g, h] = header;
    (
        u32::from_le_bytes([a, b, c, d]) as usize,
        u32::from_le_bytes([e, f, g, h]),
    )
}
