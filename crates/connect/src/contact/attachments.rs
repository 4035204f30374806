//! The attachments of a contact: begun, put there, completed, scanned, read; and given up.

use serde::{Deserialize, Serialize};

use super::{
    Contact, Effect, Effects, Entry, Here, Record, Speaker, access_denied, participant::Participant, token::Secret,
};
use crate::{
    attachment::{
        self, Access, AttachmentAccess, AttachmentUpload, Expected, GetAttachment, MAX_PER_CHAT, SignedAccess,
        StartAttachmentUpload,
    },
    error::{Error, ErrorKind},
    item::{AttachmentItem, AttachmentStatus, ItemType, Role},
};

/// How long an upload's signature is good.
const UPLOAD_MS: i64 = 15 * 60_000;
/// What is not completed by then is given up, with its content.
const GIVEN_UP_MS: i64 = 60 * 60_000;
/// How long a scan takes: long enough for a client to show that it is going on.
const SCAN_MS: i64 = 400;
/// How long a download's signature is good unless asked otherwise: the longest that Connect allows.
const DOWNLOAD_S: u32 = 300;

/// One attachment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    id: String,
    name: String,
    content_type: String,
    size_bytes: u64,
    /// The participant that sends it.
    by: String,
    /// The `ClientToken` it was begun with.
    client_token: String,
    started_ms: i64,
    /// What access to it is signed with.
    key: Secret,
    state: State,
}

/// How far an attachment has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum State {
    /// Not yet completed; its content may be there.
    Begun { upload: Option<Upload> },
    /// In the transcript, and nobody may have it yet. `entry` is its line there.
    Scanning { completed_with: String, until_ms: i64, upload: Upload, entry: Box<Entry> },
    /// It may be read.
    Approved { completed_with: String, file: String },
    /// Its content is gone.
    Rejected { completed_with: String },
}

/// The content that was put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Upload {
    /// Its name among the files.
    file: String,
    /// What the scanner says of it.
    clean: bool,
}

impl Attachment {
    fn sign(&self, contact_id: &str, access: Access, expires_ms: i64) -> SignedAccess {
        SignedAccess::sign(self.key.expose(), contact_id, &self.id, access, expires_ms)
    }

    fn expected(&self) -> Expected {
        Expected { content_type: self.content_type.clone(), size_bytes: self.size_bytes }
    }
}

/// What a download is: where the content lies, and what it is called.
pub(crate) struct Stored {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) content_type: String,
}

impl Contact {
    /// `StartAttachmentUpload`: once for each `ClientToken` of a participant.
    pub(crate) fn start_upload(
        &mut self,
        participant_id: &str,
        request: StartAttachmentUpload,
        here: &Here<'_>,
    ) -> Result<AttachmentUpload, Error> {
        self.sender(participant_id)?;
        let same = |a: &&Attachment| a.by == participant_id && a.client_token == request.client_token;
        if let Some(same) = self.attachments.iter().find(same) {
            return Ok(self.upload_of(same));
        }
        attachment::check(&request)?;
        if self.attachments.len() >= MAX_PER_CHAT {
            let message = format!("The chat already has {MAX_PER_CHAT} attachments; it can have no more.");
            return Err(Error::new(ErrorKind::ServiceQuotaExceeded, message));
        }
        let StartAttachmentUpload { content_type, size_bytes, name, client_token } = request;
        let begun = Attachment {
            id: here.ids.uuid(),
            name,
            content_type,
            size_bytes,
            by: participant_id.to_owned(),
            client_token,
            started_ms: here.now_ms,
            key: Secret::fresh(here.ids),
            state: State::Begun { upload: None },
        };
        let answer = self.upload_of(&begun);
        self.attachments.push(begun);
        Ok(answer)
    }

    fn upload_of(&self, begun: &Attachment) -> AttachmentUpload {
        let access = begun.sign(&self.id, Access::Upload, begun.started_ms + UPLOAD_MS);
        AttachmentUpload { attachment_id: begun.id.clone(), access, expected: begun.expected() }
    }

    /// Who may have to do with attachments: everybody in the chat but the bot.
    pub(crate) fn sender(&self, participant_id: &str) -> Result<&Participant, Error> {
        let by = self.acting(participant_id)?;
        if by.role == Role::CustomBot {
            return Err(Error::new(ErrorKind::AccessDenied, "A CUSTOM_BOT has no access to attachments."));
        }
        Ok(by)
    }

    /// Whether this chat has the attachment.
    pub(crate) fn has_attachment(&self, attachment_id: &str) -> bool {
        self.attachments.iter().any(|attachment| attachment.id == attachment_id)
    }

    /// Whether an upload may come now, and what it must be.
    pub(crate) fn may_upload(&self, access: &SignedAccess, now_ms: i64) -> Result<Expected, Error> {
        let signed = self.signed(access, now_ms)?;
        match signed.state {
            _ if access.access != Access::Upload || self.is_ended() => Err(wrong_signature()),
            State::Begun { .. } => Ok(signed.expected()),
            _ => Err(Error::new(ErrorKind::Conflict, "The attachment has been completed already.")),
        }
    }

    /// The content is among the files under this name. An earlier one gives way to it.
    pub(crate) fn uploaded(
        &mut self,
        access: &SignedAccess,
        file: String,
        clean: bool,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        self.may_upload(access, here.now_ms)?;
        let begun = self.attachments.iter_mut().find(|a| a.id == access.attachment_id).ok_or_else(wrong_signature)?;
        fx.push(Effect::KeepFile { file: file.clone() });
        let before = std::mem::replace(&mut begun.state, State::Begun { upload: Some(Upload { file, clean }) });
        drop_upload(before, fx);
        Ok(())
    }

    /// `CompleteAttachmentUpload`: the attachment is in the transcript, and the scan begins.
    pub(crate) fn complete_upload(
        &mut self,
        participant_id: &str,
        attachment_id: &str,
        client_token: String,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        let by = self.sender(participant_id)?.clone();
        let at = self.attachments.iter().position(|a| a.id == attachment_id);
        let begun = at.and_then(|at| self.attachments.get(at)).ok_or_else(unknown)?.clone();
        if begun.by != participant_id {
            return Err(Error::new(ErrorKind::AccessDenied, "The attachment is another participant's."));
        }
        let upload = match begun.state {
            State::Begun { upload: Some(upload) } => upload,
            State::Begun { upload: None } => {
                return Err(Error::new(ErrorKind::InvalidParameter, "The attachment has not been uploaded yet."));
            }
            State::Scanning { completed_with, .. }
            | State::Approved { completed_with, .. }
            | State::Rejected { completed_with } => {
                if completed_with == client_token {
                    return Ok(());
                }
                return Err(Error::new(ErrorKind::Conflict, "The attachment has been completed already."));
            }
        };
        let record = Record {
            r#type: ItemType::Attachment,
            // Attachments have none of their own on the wire.
            content_type: "",
            content: None,
            by: Speaker::from(&by),
            client_token: None,
        };
        let attachment = AttachmentItem {
            content_type: begun.content_type,
            attachment_id: begun.id,
            attachment_name: begun.name,
            status: AttachmentStatus::InProgress,
        };
        let entry = self.enter(record, vec![attachment], here, fx);
        let until_ms = here.now_ms + SCAN_MS;
        if let Some(begun) = at.and_then(|at| self.attachments.get_mut(at)) {
            begun.state =
                State::Scanning { completed_with: client_token, until_ms, upload, entry: Box::new((*entry).clone()) };
        }
        Ok(())
    }

    /// `GetAttachment`: of any participant's, but not for a bot.
    pub(crate) fn get_attachment(&self, request: &GetAttachment, now_ms: i64) -> Result<AttachmentAccess, Error> {
        let known = self.attachments.iter().find(|a| a.id == request.attachment_id).ok_or_else(unknown)?;
        if !matches!(known.state, State::Approved { .. }) {
            return Err(Error::new(ErrorKind::InvalidParameter, "The attachment is not approved."));
        }
        let expires_ms = now_ms + i64::from(request.url_expiry_s.unwrap_or(DOWNLOAD_S)) * 1000;
        let access = if request.inline { Access::Inline } else { Access::Attachment };
        Ok(AttachmentAccess { access: known.sign(&self.id, access, expires_ms), size_bytes: known.size_bytes })
    }

    /// Where the content lies that this access opens; also of a contact that is over.
    pub(crate) fn may_download(&self, access: &SignedAccess, now_ms: i64) -> Result<Stored, Error> {
        let signed = self.signed(access, now_ms)?;
        match &signed.state {
            State::Approved { file, .. } if access.access != Access::Upload => {
                Ok(Stored { file: file.clone(), name: signed.name.clone(), content_type: signed.content_type.clone() })
            }
            _ => Err(wrong_signature()),
        }
    }

    fn signed(&self, access: &SignedAccess, now_ms: i64) -> Result<&Attachment, Error> {
        let known = self.attachments.iter().find(|a| a.id == access.attachment_id);
        let known = known.filter(|a| access.is_good(a.key.expose())).ok_or_else(wrong_signature)?;
        if access.expires_ms <= now_ms {
            return Err(Error::new(ErrorKind::AccessDenied, "Request has expired"));
        }
        Ok(known)
    }

    /// When a scan is done, or an upload is given up.
    pub(super) fn attachments_wait_until(&self) -> Option<i64> {
        let deadline = |attachment: &Attachment| match attachment.state {
            State::Begun { .. } => Some(attachment.started_ms + GIVEN_UP_MS),
            State::Scanning { until_ms, .. } => Some(until_ms),
            State::Approved { .. } | State::Rejected { .. } => None,
        };
        self.attachments.iter().filter_map(deadline).min()
    }

    /// Ends the scans, and gives up the uploads, whose time has come; when the chat is over, all of them.
    pub(super) fn settle_attachments(&mut self, over: bool, here: &Here<'_>, fx: &mut Effects) {
        let mut kept = Vec::new();
        for mut attachment in std::mem::take(&mut self.attachments) {
            match attachment.state {
                State::Begun { .. } if over || attachment.started_ms + GIVEN_UP_MS <= here.now_ms => {
                    drop_upload(attachment.state, fx);
                    continue;
                }
                State::Scanning { completed_with, until_ms, upload, entry } if over || until_ms <= here.now_ms => {
                    let Upload { file, clean } = upload;
                    self.scanned(*entry, clean, here, fx);
                    attachment.state = if clean {
                        State::Approved { completed_with, file }
                    } else {
                        fx.push(Effect::DropFile { file });
                        State::Rejected { completed_with }
                    };
                }
                _ => {}
            }
            kept.push(attachment);
        }
        self.attachments = kept;
    }

    /// A line of the transcript has changed while its attachment is scanned: the verdict goes to what it is now.
    pub(super) fn note_in_scan(&mut self, changed: &Entry) {
        for attachment in &mut self.attachments {
            if let State::Scanning { entry, .. } = &mut attachment.state
                && entry.seq == changed.seq
            {
                (**entry).clone_from(changed);
            }
        }
    }

    /// The line in the transcript gets its verdict, and the topics hear of the attachment.
    fn scanned(&mut self, mut entry: Entry, clean: bool, here: &Here<'_>, fx: &mut Effects) {
        for attachment in &mut entry.item.attachments {
            attachment.status = if clean { AttachmentStatus::Approved } else { AttachmentStatus::Rejected };
        }
        let outgoing = self.outgoing(entry.seq, &entry.item, here);
        fx.push(Effect::Renew(entry.into()));
        for outgoing in outgoing {
            fx.push(Effect::Publish(outgoing));
        }
    }
}

fn drop_upload(state: State, fx: &mut Effects) {
    if let State::Begun { upload: Some(Upload { file, .. }) } = state {
        fx.push(Effect::DropFile { file });
    }
}

pub(crate) fn unknown() -> Error {
    Error::new(ErrorKind::InvalidParameter, "The chat has no attachment with this AttachmentId.")
}

/// In the words of S3.
pub(crate) fn wrong_signature() -> Error {
    Error { message: "The request signature does not match.".into(), ..access_denied() }
}
