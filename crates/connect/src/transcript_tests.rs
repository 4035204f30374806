//! The pages of `GetTranscript`.
