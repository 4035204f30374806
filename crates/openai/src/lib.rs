//! The agents' [`Model`](relevo_agents::model::Model) over chat completions, and their
//! [`Embedder`](relevo_agents::knowledge::Embedder) over embeddings: OpenAI's, and any endpoint compatible with it.
//!
//! Compatible endpoints differ in what they leave out, repeat and invent. So this adapter is strict in what it sends, the
//! documented request and nothing that was not asked for, and lenient in what it reads. The answer is streamed, so that
//! the customer may read it while it is written, and so that a provider that has gone silent is noticed.

mod calls;
mod collect;
mod embedder;
mod fault;
mod model;
mod read;
mod request;
mod sse;
mod start;
mod thoughts;

pub use embedder::OpenAiEmbedder;
pub use model::OpenAiModel;
pub use start::StartError;
