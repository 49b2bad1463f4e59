//! What of an observation is kept: a source that invents things without end is cut short, and what
//! was cut is counted and shown.

use std::collections::HashSet;

use pulse_model::Sighting;

/// Things one slice of a polled source may hold.
pub(crate) const MOST_PER_SLICE: usize = 20_000;
/// Things one agent may see beside its machine.
pub(crate) const MOST_PER_HOST: usize = 2_000;
/// Longest name, in bytes.
pub(crate) const LONGEST_NAME: usize = 256;
/// Longest native name; a longer one is not shortened, as two things must not become one.
pub(crate) const LONGEST_NATIVE: usize = 512;
const LONGEST_TAG: usize = 64;
const MOST_TAGS: usize = 64;
const MOST_HINTS: usize = 64;
const LONGEST_HINT: usize = 256;

/// What was left out of one observation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shed {
    /// Things beyond the most there may be.
    pub surplus: usize,
    /// Things with the native name of one before them, or with one that is no name.
    pub unnamed: usize,
}

impl Shed {
    /// Returns how many things were left out.
    pub fn total(self) -> usize {
        self.surplus + self.unnamed
    }

    /// Says it in words, when there is anything to say.
    pub fn note(self) -> Option<String> {
        let mut words = Vec::new();
        if self.surplus > 0 {
            words.push(format!("{} more than are kept", self.surplus));
        }
        if self.unnamed > 0 {
            words.push(format!("{} without a name of their own", self.unnamed));
        }
        (!words.is_empty()).then(|| format!("left out: {}", words.join(", ")))
    }
}

/// Keeps the first `most` of `sightings`, each native name once, texts within bounds.
pub(crate) fn keep(sightings: &mut Vec<Sighting>, most: usize) -> Shed {
    let mut shed = Shed::default();
    let mut seen = HashSet::with_capacity(sightings.len().min(most));
    sightings.retain(|sighting| {
        let native = sighting.native.as_str();
        let is_name = !native.is_empty() && native.len() <= LONGEST_NATIVE;
        if !is_name || !seen.insert(sighting.native.clone()) {
            shed.unnamed += 1;
            return false;
        }
        true
    });
    if sightings.len() > most {
        shed.surplus = sightings.len() - most;
        sightings.truncate(most);
    }
    sightings.iter_mut().for_each(shorten);
    shed
}

/// Brings the texts of one sighting within bounds.
pub(crate) fn shorten(sighting: &mut Sighting) {
    cut(&mut sighting.name, LONGEST_NAME);
    if sighting.name.trim().is_empty() {
        sighting.name = sighting.native.as_str().to_owned();
        cut(&mut sighting.name, LONGEST_NAME);
    }
    if let Some(technology) = &mut sighting.technology {
        cut(technology, LONGEST_TAG);
    }
    each(&mut sighting.tags, MOST_TAGS, LONGEST_TAG);
    let identity = &mut sighting.identity;
    each(&mut identity.hostnames, MOST_HINTS, LONGEST_HINT);
    each(&mut identity.ip_addresses, MOST_HINTS, LONGEST_HINT);
    each(&mut identity.mac_addresses, MOST_HINTS, LONGEST_HINT);
    let single = [
        &mut identity.machine_id,
        &mut identity.dmi_uuid,
        &mut identity.cluster_name,
        &mut identity.proxmox_guest_key,
    ];
    for text in single.into_iter().flatten() {
        cut(text, LONGEST_HINT);
    }
}

fn each(texts: &mut Vec<String>, most: usize, longest: usize) {
    texts.truncate(most);
    texts.iter_mut().for_each(|text| cut(text, longest));
}

/// Cuts `text` to at most `longest` bytes, between characters.
pub(crate) fn cut(text: &mut String, longest: usize) {
    if text.len() > longest {
        let at = (0..=longest).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(at.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use pulse_model::Kind;

    use super::*;

    fn thing(native: &str) -> Sighting {
        Sighting::new(Kind::AppContainer, native, native)
    }

    #[test]
    fn what_is_too_much_or_named_twice_is_left_out_and_counted() {
        let mut seen = vec![thing("a"), thing("b"), thing("a"), thing(""), thing("c")];
        let shed = keep(&mut seen, 2);
        assert_eq!((shed.surplus, shed.unnamed), (1, 2));
        let kept: Vec<_> = seen.iter().map(|s| s.native.as_str()).collect();
        assert_eq!(kept, ["a", "b"]);
        let note = shed.note();
        assert_eq!(
            note.as_deref(),
            Some("left out: 1 more than are kept, 2 without a name of their own")
        );
    }

    #[test]
    fn of_two_with_one_native_name_the_first_stays() {
        let mut seen = vec![
            thing("a"),
            Sighting {
                name: "second".into(),
                ..thing("a")
            },
        ];
        keep(&mut seen, 10);
        assert_eq!(seen[0].name, "a");
    }

    #[test]
    fn long_texts_are_cut_between_characters_and_an_empty_name_is_the_native_one() {
        let mut seen = vec![
            Sighting {
                name: "ä".repeat(2_048),
                tags: vec!["🦀".repeat(1_000); 100],
                ..thing("a")
            },
            Sighting {
                name: " ".into(),
                ..thing("b")
            },
        ];
        keep(&mut seen, 10);
        assert_eq!(seen[0].name.len(), LONGEST_NAME);
        assert_eq!(
            (seen[0].tags.len(), seen[0].tags[0].len()),
            (MOST_TAGS, LONGEST_TAG)
        );
        assert_eq!(seen[1].name, "b");
    }
}
