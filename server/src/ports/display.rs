//! The fleet's way to what is shown.

use pulse_fleet::port::{Display, Pending};
use pulse_model::{SourceId, Standing};

/// Shows on an estate what a fleet decided.
pub struct EstateDisplay(pub pulse_estate::Handle);

impl Display for EstateDisplay {
    fn show(&self, source: SourceId, standing: Standing) -> Pending<'_, ()> {
        Box::pin(async move {
            // An estate that has ended shows nothing any more.
            let _ = self.0.stand(source, standing).await;
        })
    }

    fn forget(&self, source: SourceId) -> Pending<'_, ()> {
        Box::pin(async move {
            let _ = self.0.forget(source).await;
        })
    }
}
