//! Entity tags: which version of an answer somebody has.

use http::{HeaderMap, HeaderValue, header};

/// The name of one version among all versions of an answer. Weak: what it names says the same, in
/// whatever coding.
#[derive(Clone, Debug)]
pub(crate) struct Tag(HeaderValue);

impl Tag {
    /// Makes a tag of hexadecimal digits and dashes.
    pub fn new(name: &str) -> Self {
        Self(HeaderValue::try_from(format!("W/\"{name}\"")).expect("tags are hexadecimal"))
    }

    /// Tells whether one who asks with those headers has this version.
    pub fn is_known(&self, asked: &HeaderMap) -> bool {
        let own = opaque(self.0.as_bytes());
        let known = asked.get_all(header::IF_NONE_MATCH).iter();
        let mut known = known.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
        known.any(|tag| tag.trim_ascii() == b"*" || opaque(tag.trim_ascii()) == own)
    }

    /// Puts it on an answer, which may be kept and has to be asked for again.
    pub fn put_on(&self, headers: &mut HeaderMap) {
        headers.insert(header::ETAG, self.0.clone());
        let keep = HeaderValue::from_static("private, no-cache");
        headers.insert(header::CACHE_CONTROL, keep);
    }
}

/// Returns the tag without its mark: for reading, weak and strong are the same.
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}
