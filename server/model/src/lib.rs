//! The nouns two or more areas share: resources and their facets, observations, ids, units, time.
//!
//! No I/O and no policy lives here. What only one area needs stays in that area: an edit in this
//! crate rebuilds all the others. Types carry the current wire names, so that one encoding serves
//! every reader.

pub mod annotation;
pub mod clock;
pub mod entropy;
pub mod facet;
mod few;
mod host_name;
pub mod ids;
pub mod metric;
pub mod observation;
pub mod push;
pub mod redact;
pub mod resource;
pub mod sample;
pub mod secret;
mod standing;
pub mod units;

pub use annotation::{Annotation, Family, OtherNames, places};
pub use clock::{Clock, Hands, TimeSource};
pub use entropy::Entropy;
pub use facet::Facets;
pub use few::Few;
pub use host_name::same_hostname;
pub use ids::{NativeId, ResourceId, Scope, SourceId, SourceKind};
pub use metric::{MetricValue, Metrics, Unit};
pub use observation::{Claim, Counters, Observation, Outcome, Sequence, Sighting};
pub use push::PushResource;
pub use redact::redact;
pub use resource::{
    CanonicalIdentity, Identity, Kind, MetricsTarget, Resource, SourceState, SourceStatus, Status,
};
pub use sample::{Class, Metric, Reading};
pub use secret::Secret;
pub use standing::{Standing, reporting_source};
pub use units::{Bytes, BytesPerSecond, Celsius, Percent, Seconds};
