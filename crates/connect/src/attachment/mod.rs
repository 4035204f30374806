//! Attachments of a chat: what their operations take and give, what Connect allows, and signed access to their content.
//!
//! A file comes in three steps: `StartAttachmentUpload` signs an upload, the client puts the content there, and
//! `CompleteAttachmentUpload` brings it into the transcript, where it is scanned before anybody can have it.

mod allowed;
mod files;
mod signed;

pub(crate) use self::allowed::{check, is_clean};
pub use self::{
    allowed::{CONTENT_TYPES, EXTENSIONS, MAX_BYTES, MAX_PER_CHAT},
    files::MemoryFiles,
    signed::{Access, SignedAccess},
};

/// Connectparticipant's `StartAttachmentUpload`, without the token.
#[derive(Debug, Clone)]
pub struct StartAttachmentUpload {
    /// One of [`CONTENT_TYPES`].
    pub content_type: String,
    /// 1 to [`MAX_BYTES`].
    pub size_bytes: u64,
    /// The file's name, with one of [`EXTENSIONS`].
    pub name: String,
    /// The same token of the same participant gives the same attachment.
    pub client_token: String,
}

/// The answer to [`StartAttachmentUpload`].
#[derive(Debug, Clone)]
pub struct AttachmentUpload {
    /// The attachment.
    pub attachment_id: String,
    /// Where its content goes, and until when.
    pub access: SignedAccess,
    /// What the upload must be.
    pub expected: Expected,
}

/// What an upload must be, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// As it was said to `StartAttachmentUpload`.
    pub content_type: String,
    /// In bytes.
    pub size_bytes: u64,
}

/// Connectparticipant's `GetAttachment`, without the token.
#[derive(Debug, Clone)]
pub struct GetAttachment {
    /// The attachment.
    pub attachment_id: String,
    /// 5 to 300 seconds; 300 unless said.
    pub url_expiry_s: Option<u32>,
    /// Shown by the browser rather than saved by it.
    pub inline: bool,
}

/// The answer to [`GetAttachment`].
#[derive(Debug, Clone)]
pub struct AttachmentAccess {
    /// Where the content can be had, and until when.
    pub access: SignedAccess,
    /// In bytes.
    pub size_bytes: u64,
}

/// The content of an attachment.
#[derive(Debug, Clone)]
pub struct Content {
    /// The file's name, as its sender said it.
    pub name: String,
    /// As its sender said it.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}
