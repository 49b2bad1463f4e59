//! Asks registries which digest a tag stands for today.

mod ask;
mod challenge;
mod credentials;
mod reference;

pub(crate) use ask::{Asker, Latest, Refusal};
pub(crate) use credentials::Logins;
pub(crate) use reference::Reference;
