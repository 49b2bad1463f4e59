//! Tasks a maintainer types more than twice.

fn main() {}
