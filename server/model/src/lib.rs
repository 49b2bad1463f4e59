//! The nouns two or more areas share: resources and their facets, observations, ids, units, time.
//!
//! No I/O and no policy lives here. What only one area needs stays in that area: an edit in this
//! crate rebuilds all the others. Types carry the current wire names, so that one encoding serves
//! every reader.

pub mod clock;
pub mod entropy;
pub mod facet;
pub mod ids;
pub mod metric;
pub mod observation;
pub mod push;
pub mod resource;
pub mod secret;
pub mod units;

pub use clock::{Clock, Hands, TimeSource};
pub use entropy::Entropy;
pub use facet::Facets;
pub use ids::{ResourceId, SourceId, SourceKind};
pub use metric::{MetricValue, Metrics};
pub use observation::{Claim, Observation, Outcome, Sequence, Sighting};
pub use push::PushResource;
pub use resource::{Identity, Kind, MetricsTarget, Resource, SourceState, SourceStatus, Status};
pub use secret::Secret;
pub use units::{Bytes, BytesPerSecond, Celsius, Percent, Seconds};
