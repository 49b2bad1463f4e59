//! The one place where the generator looks at the wall clock; a report states when it was made.

use jiff::Timestamp;

/// Now, as a report states it.
#[expect(
    clippy::disallowed_methods,
    reason = "the generator stands for machines with clocks of their own"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
