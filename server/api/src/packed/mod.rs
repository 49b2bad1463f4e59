//! Answers made smaller: which coding a client takes, compressing; and large
//! answers, put together of shared bytes; which version somebody has.

mod coding;
mod parts;
mod rope;
mod shared;
mod tag;

pub(crate) use coding::{Coding, accepts};
pub(crate) use parts::Parts;
pub(crate) use rope::Rope;
pub(crate) use shared::Shared;
pub(crate) use tag::Tag;
