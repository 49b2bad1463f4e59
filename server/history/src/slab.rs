//! Memory for many byte streams that only grow: pieces of 128 bytes, chained, from chunks of a
//! mebibyte. Nothing is moved when a stream grows, and an hour gives all of it back at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const SLAB: usize = 128;
const LINK: usize = 4;
const BODY: usize = SLAB - LINK;
const CHUNK: usize = 1 << 20;
const PER_CHUNK: u32 = (CHUNK / SLAB) as u32;
/// Chunks kept for the next hour; beyond it they go back to the system.
const MOST_SPARE: usize = 160;

/// Chunks for every hour of one history, and the bound on them.
#[derive(Debug)]
pub(crate) struct Arena {
    spare: Mutex<Vec<Box<[u8]>>>,
    in_use: AtomicUsize,
    most: usize,
}

impl Arena {
    /// Makes an arena of at most `most_bytes`.
    pub fn new(most_bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            spare: Mutex::default(),
            in_use: AtomicUsize::new(0),
            most: (most_bytes / CHUNK).max(2),
        })
    }

    /// Returns the bytes in use.
    pub fn used(&self) -> usize {
        self.in_use.load(Ordering::Relaxed) * CHUNK
    }

    /// Tells whether nothing more can be taken.
    pub fn is_full(&self) -> bool {
        self.in_use.load(Ordering::Relaxed) >= self.most
    }

    /// Tells whether less than a sixteenth is left.
    pub fn is_tight(&self) -> bool {
        self.in_use.load(Ordering::Relaxed) >= self.most - self.most / 16
    }

    fn take(&self) -> Option<Box<[u8]>> {
        if self.is_full() {
            return None;
        }
        self.in_use.fetch_add(1, Ordering::Relaxed);
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        Some(
            spare
                .pop()
                .unwrap_or_else(|| vec![0; CHUNK].into_boxed_slice()),
        )
    }

    fn give_back(&self, chunks: &mut Vec<Box<[u8]>>) {
        self.in_use.fetch_sub(chunks.len(), Ordering::Relaxed);
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        chunks.truncate(MOST_SPARE.saturating_sub(spare.len()));
        spare.append(chunks);
    }
}

/// A place in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    slab: u32,
    fill: u8,
}

/// The streams of one hour.
#[derive(Debug)]
pub(crate) struct Slabs {
    arena: Arc<Arena>,
    chunks: Vec<Box<[u8]>>,
    used: u32,
}

impl Slabs {
    pub fn new(arena: Arc<Arena>) -> Self {
        Self {
            arena,
            chunks: Vec::new(),
            used: 0,
        }
    }

    /// Begins a stream; nothing when the arena is full.
    pub fn begin(&mut self) -> Option<Place> {
        self.take().map(|slab| Place { slab, fill: 0 })
    }

    /// Adds `bytes` at the end of a stream; nothing is added when the arena is full.
    pub fn append(&mut self, end: &mut Place, mut bytes: &[u8]) -> bool {
        let room = BODY - usize::from(end.fill);
        let more = bytes.len().saturating_sub(room).div_ceil(BODY);
        if !self.has_room_for(more) {
            return false;
        }
        loop {
            let fill = usize::from(end.fill);
            let fits = bytes.len().min(BODY - fill);
            let (now, later) = bytes.split_at(fits);
            let slab = self.slab_mut(end.slab);
            slab[LINK + fill..LINK + fill + fits].copy_from_slice(now);
            end.fill = (fill + fits) as u8;
            if later.is_empty() {
                return true;
            }
            let next = self.take().expect("room for it was made sure of");
            self.slab_mut(end.slab)[..LINK].copy_from_slice(&next.to_le_bytes());
            *end = Place {
                slab: next,
                fill: 0,
            };
            bytes = later;
        }
    }

    /// Copies what lies between two places of a stream into `out`.
    pub fn copy(&self, mut from: Place, to: Place, out: &mut Vec<u8>) {
        while from.slab != to.slab {
            let slab = self.slab(from.slab);
            out.extend(&slab[LINK + usize::from(from.fill)..]);
            let link = slab[..LINK].try_into().expect("a link is that long");
            from = Place {
                slab: u32::from_le_bytes(link),
                fill: 0,
            };
        }
        let slab = self.slab(to.slab);
        out.extend(&slab[LINK + usize::from(from.fill)..LINK + usize::from(to.fill)]);
    }

    fn has_room_for(&self, slabs: usize) -> bool {
        let left = self.chunks.len() * PER_CHUNK as usize - self.used as usize;
        // More than a chunk is never asked for at once.
        slabs <= left || !self.arena.is_full()
    }

    fn take(&mut self) -> Option<u32> {
        if self.used == self.chunks.len() as u32 * PER_CHUNK {
            self.chunks.push(self.arena.take()?);
        }
        self.used += 1;
        Some(self.used - 1)
    }

    fn slab(&self, number: u32) -> &[u8] {
        let start = (number % PER_CHUNK) as usize * SLAB;
        &self.chunks[(number / PER_CHUNK) as usize][start..start + SLAB]
    }

    fn slab_mut(&mut self, number: u32) -> &mut [u8] {
        let start = (number % PER_CHUNK) as usize * SLAB;
        &mut self.chunks[(number / PER_CHUNK) as usize][start..start + SLAB]
    }
}

impl Drop for Slabs {
    fn drop(&mut self) {
        self.arena.give_back(&mut self.chunks);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn streams_do_not_mix(pieces in proptest::collection::vec((0..3_usize, proptest::collection::vec(any::<u8>(), 0..300)), 0..60)) {
            let mut slabs = Slabs::new(Arena::new(4 << 20));
            let begin: Vec<Place> = (0..3).map(|_| slabs.begin().unwrap()).collect();
            let mut end = begin.clone();
            let mut expected = [Vec::new(), Vec::new(), Vec::new()];
            for (stream, piece) in pieces {
                prop_assert!(slabs.append(&mut end[stream], &piece));
                expected[stream].extend(piece);
            }
            for stream in 0..3 {
                let mut found = Vec::new();
                slabs.copy(begin[stream], end[stream], &mut found);
                prop_assert_eq!(&found, &expected[stream]);
            }
        }
    }

    #[test]
    fn a_full_arena_takes_nothing_and_has_room_again_when_an_hour_goes() {
        let arena = Arena::new(2 << 20);
        let mut slabs = Slabs::new(arena.clone());
        let mut end = slabs.begin().unwrap();
        let mut taken = 0;
        while slabs.append(&mut end, &[7; 1_000]) {
            taken += 1_000;
        }
        assert!(taken > 1_900_000 && arena.is_full(), "{taken}");
        drop(slabs);
        assert_eq!(arena.used(), 0);
        assert!(Slabs::new(arena).begin().is_some());
    }
}
