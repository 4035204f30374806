//! The offline model: deterministic, no network, no weights.
