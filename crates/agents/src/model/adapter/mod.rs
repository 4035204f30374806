//! What the adapters of real models share: which history goes out, how a route is asked for and read in words, and what
//! an answer means by how it ended. An adapter is left with its provider's shapes and failures.

mod history;
mod reply;
mod routes;

pub use history::history;
pub use reply::{Stop, arguments, reply};
pub use routes::system;
