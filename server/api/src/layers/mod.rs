//! What happens round every handler, outermost first: `request`, `headers`, `path`, `compress`,
//! then, at the matched row, `gate`.

pub mod compress;
pub mod cookie;
mod credentials;
pub mod gate;
pub mod headers;
pub mod origin;
pub mod path;
pub mod request;
