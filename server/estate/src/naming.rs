//! The id of a thing that stands alone: made of its source and its name within it, and of nothing
//! that people or a migration may change.

use pulse_model::{NativeId, ResourceId, SourceId, SourceKind};

/// Longest id; what is longer keeps its beginning and a digest of the whole.
const LONGEST: usize = 160;
const KEPT: usize = 140;

/// Returns the id of `native` as `source` sees it.
pub(crate) fn own_id(shown_as: SourceKind, source: &SourceId, native: &NativeId) -> ResourceId {
    let mut id = String::with_capacity(64);
    id.push_str(shown_as.word());
    id.push(':');
    spell(&source.name, "~2f", &mut id);
    id.push(':');
    spell(native.as_str(), ":", &mut id);
    if id.len() <= LONGEST {
        return ResourceId::new(id);
    }
    let digest = digest(&id);
    let cut = (0..=KEPT).rev().find(|at| id.is_char_boundary(*at));
    id.truncate(cut.unwrap_or_default());
    ResourceId::new(format!("{id}~{digest:016x}"))
}

/// Adds `text` so that it can stand in a path and two texts never become one: a slash becomes
/// `slash`, what is neither letter, digit nor harmless is spelled as its bytes.
fn spell(text: &str, slash: &str, id: &mut String) {
    for c in text.chars() {
        match c {
            '/' => id.push_str(slash),
            '-' | '.' | '_' | '@' => id.push(c),
            c if c.is_alphanumeric() => id.push(c),
            c => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    id.push_str(&format!("~{byte:02x}"));
                }
            }
        }
    }
}

/// FNV-1a: a name, not a secret; it only has to be the same after a restart.
pub(crate) fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(source: &str, native: &str) -> String {
        let source = SourceId::new(SourceKind::Proxmox, source);
        let id = own_id(SourceKind::Proxmox, &source, &native.into());
        id.as_str().to_owned()
    }

    #[test]
    fn an_id_is_made_of_source_and_native_name() {
        assert_eq!(id("lab", "qemu/101"), "proxmox:lab:qemu:101");
    }

    #[test]
    fn no_two_names_share_an_id_and_all_fit_into_a_path() {
        let names = [
            "a b", "a-b", "a~20b", "a?b", "a#b", "a%b", "ä", "a:b", "a/b",
        ];
        let ids: std::collections::BTreeSet<_> = names.iter().map(|name| id("s", name)).collect();
        assert_eq!(ids.len(), names.len());
        assert!(ids.iter().all(|id| !id.contains(['?', '#', '%', '/', ' '])));
    }

    #[test]
    fn a_name_of_four_kilobytes_makes_a_short_id_of_its_own() {
        let (a, b) = (id("s", &"ä".repeat(2_048)), id("s", &"ä".repeat(2_049)));
        assert!(a.len() <= LONGEST && b.len() <= LONGEST);
        assert_ne!(a, b);
    }
}
