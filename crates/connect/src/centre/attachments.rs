//! The operations of attachments, and the content that goes to and comes from the files.

use std::sync::Arc;

use secrecy::SecretString;

use super::{
    inner::Inner,
    keys::{self, FILES},
    participants::denied_when_over,
    tokens::Holder,
};
use crate::{
    attachment::{
        AttachmentAccess, AttachmentUpload, Content, Expected, GetAttachment, SignedAccess, StartAttachmentUpload,
        is_clean,
    },
    contact::{
        access_denied,
        attachments::{unknown, wrong_signature},
        token::TokenKind,
    },
    error::{Error, ErrorKind},
};

impl Inner {
    pub(super) async fn start_attachment_upload(
        self: &Arc<Self>,
        connection_token: &SecretString,
        request: StartAttachmentUpload,
    ) -> Result<AttachmentUpload, Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        self.apply(&contact_id, move |contact, context, _| {
            contact.start_upload(&participant_id, request, &context.here)
        })
        .await
        .map_err(denied_when_over(self, &contact_id))
    }

    pub(super) async fn complete_attachment_upload(
        self: &Arc<Self>,
        connection_token: &SecretString,
        attachment_id: String,
        client_token: String,
    ) -> Result<(), Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        self.apply(&contact_id, move |contact, context, fx| {
            contact.complete_upload(&participant_id, &attachment_id, client_token, &context.here, fx)
        })
        .await
        .map_err(denied_when_over(self, &contact_id))
    }

    pub(super) async fn get_attachment(
        &self,
        connection_token: &SecretString,
        request: &GetAttachment,
    ) -> Result<AttachmentAccess, Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        let slot = self.slot(&contact_id).ok_or_else(access_denied)?;
        let (now_ms, mut before) = {
            let live = slot.lock().await;
            live.contact.sender(&participant_id)?;
            if live.contact.has_attachment(&request.attachment_id) {
                return live.contact.get_attachment(request, self.now_ms());
            }
            (self.now_ms(), live.contact.continued_from())
        };
        // A persistent chat shows the attachments of those that it goes on from.
        while let Some(earlier) = before {
            let contact = self.ended(&earlier).await?;
            if contact.has_attachment(&request.attachment_id) {
                return contact.get_attachment(request, now_ms);
            }
            before = contact.continued_from();
        }
        Err(unknown())
    }

    pub(super) async fn expected_upload(&self, access: &SignedAccess) -> Result<Expected, Error> {
        let slot = self.slot(&access.contact_id).ok_or_else(wrong_signature)?;
        let live = slot.lock().await;
        live.contact.may_upload(access, self.now_ms())
    }

    /// The content is on disk before the contact knows of it, under a name of its own: what goes wrong in between leaves a
    /// file that nobody knows, and the next start removes it.
    pub(super) async fn upload(self: &Arc<Self>, access: SignedAccess, content: Vec<u8>) -> Result<(), Error> {
        let expected = self.expected_upload(&access).await?;
        if u64::try_from(content.len()) != Ok(expected.size_bytes) {
            let message = format!("The content must have {} bytes, and has {}.", expected.size_bytes, content.len());
            return Err(Error::new(ErrorKind::InvalidParameter, message));
        }
        let (file, clean) = (self.ports.ids.uuid(), is_clean(&content));
        self.ports.files.write(&file, content).await.map_err(Error::internal)?;
        let (contact_id, name) = (access.contact_id.clone(), file.clone());
        let uploaded = self
            .apply(&contact_id, move |contact, context, fx| contact.uploaded(&access, name, clean, &context.here, fx));
        let uploaded = uploaded.await.map_err(denied_when_over(self, &contact_id));
        if uploaded.is_err() {
            self.forget_file(file);
        }
        uploaded
    }

    pub(super) async fn download(&self, access: &SignedAccess) -> Result<Content, Error> {
        let now_ms = self.now_ms();
        let found = self.with_contact(&access.contact_id, |contact| contact.may_download(access, now_ms)).await;
        let stored =
            found.map_err(|error| if error.kind == ErrorKind::NotFound { wrong_signature() } else { error })??;
        let bytes = self.ports.files.read(&stored.file).await.map_err(Error::internal)?;
        Ok(Content { name: stored.name, content_type: stored.content_type, bytes })
    }

    /// Removes a file beside whatever else happens. What stays is removed by the next start.
    pub(super) fn forget_file(&self, file: String) {
        let files = self.ports.files.clone();
        tokio::spawn(async move {
            if let Err(error) = files.remove(&file).await {
                tracing::warn!(%error, "a file of an attachment could not be removed");
            }
        });
    }

    /// Removes the files that no contact knows: uploads that were cut off.
    pub(super) async fn remove_orphans(&self) -> Result<(), Error> {
        let known = self.ports.store.scan(FILES).await.map_err(Error::internal)?;
        for file in self.ports.files.list().await.map_err(Error::internal)? {
            let key = keys::file(&file);
            if known.binary_search_by(|(known, _)| known.as_str().cmp(&key)).is_err() {
                self.forget_file(file);
            }
        }
        Ok(())
    }
}
