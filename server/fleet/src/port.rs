//! What the fleet needs of others.

use std::future::Future;
use std::pin::Pin;

use pulse_model::{SourceId, Standing};

/// A future that may move between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where what reports is shown.
pub trait Display: Send + Sync {
    /// Shows how `source` stands with the operators.
    fn show(&self, source: SourceId, standing: Standing) -> Pending<'_, ()>;

    /// Takes back all `source` has shown.
    fn forget(&self, source: SourceId) -> Pending<'_, ()>;
}
