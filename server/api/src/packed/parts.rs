//! A large JSON document being put together of what is encoded already, which is taken over and not
//! copied.

use axum::body::Bytes;
use serde::Serialize;

/// What there is of it.
#[derive(Default)]
pub(crate) struct Parts {
    done: Vec<Bytes>,
    open: Vec<u8>,
}

impl Parts {
    /// Writes JSON that is short, or a piece of it.
    pub fn text(&mut self, text: &str) {
        self.open.extend_from_slice(text.as_bytes());
    }

    /// Encodes a value.
    pub fn value<T: Serialize>(&mut self, value: &T) {
        serde_json::to_writer(&mut self.open, value).expect("plain values encode into memory");
    }

    /// Takes over what is encoded already.
    pub fn shared(&mut self, bytes: Bytes) {
        self.close();
        self.done.push(bytes);
    }

    /// Writes a member: its name, then what `value` writes.
    pub fn member(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.text("\"");
        self.text(name);
        self.text("\":");
        value(self);
    }

    /// Writes what is encoded already as a list.
    pub fn list(&mut self, items: impl Iterator<Item = Bytes>) {
        self.text("[");
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.text(",");
            }
            self.shared(item);
        }
        self.text("]");
    }

    /// Returns the document.
    pub fn finish(mut self) -> Vec<Bytes> {
        self.close();
        self.done
    }

    fn close(&mut self) {
        match self.open.as_slice() {
            [] => return,
            b"," => self.done.push(Bytes::from_static(b",")),
            text => self.done.push(Bytes::copy_from_slice(text)),
        }
        self.open.clear();
    }
}
