//! Where facts come from: polled products and agent reports.
