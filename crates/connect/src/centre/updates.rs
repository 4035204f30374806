//! The operations that change a contact's data, its tags, its place among those that wait, and who processes what is said.

use std::collections::BTreeMap;

use super::{Centre, inner::Context};
use crate::{
    api::{
        Attributes, MediaProcessing,
        contacts::{ChatTimer, Reference, RoutingData, UpdateContact},
    },
    contact::{Contact, Effects, Here},
    error::{Error, ErrorKind},
};

impl Centre {
    /// `UpdateContact`, of a contact that is going on or over.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn update_contact(
        &self,
        instance_id: &str,
        contact_id: &str,
        update: UpdateContact,
    ) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        let change = move |contact: &mut Contact, here: &Here<'_>, _: &mut Effects| {
            contact.update(update.clone(), here);
            Ok(())
        };
        self.inner.change(contact_id, change).await
    }

    /// `ListContactReferences`: all of them, by their names.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn references(&self, instance_id: &str, contact_id: &str) -> Result<BTreeMap<String, Reference>, Error> {
        self.inner.check_instance(instance_id)?;
        self.inner.with_contact(contact_id, |contact| contact.profile.references.clone()).await
    }

    /// `TagContact`, of a contact that is going on or over.
    ///
    /// # Errors
    /// `NotFound`; `InvalidRequest`: too many tags.
    pub async fn tag_contact(&self, instance_id: &str, contact_id: &str, tags: Attributes) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        self.inner.change(contact_id, move |contact, here, _| contact.tag(tags.clone(), here)).await
    }

    /// `UntagContact`, of a contact that is going on or over.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn untag_contact(&self, instance_id: &str, contact_id: &str, keys: Vec<String>) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        let change = move |contact: &mut Contact, here: &Here<'_>, _: &mut Effects| {
            contact.untag(&keys, here);
            Ok(())
        };
        self.inner.change(contact_id, change).await
    }

    /// `UpdateContactRoutingData`, of a contact that is going on.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn update_contact_routing(
        &self,
        instance_id: &str,
        contact_id: &str,
        data: RoutingData,
    ) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        let change = move |contact: &mut Contact, context: &Context<'_>, _: &mut Effects| {
            contact.route(data, &context.here);
            Ok(())
        };
        self.inner.apply(contact_id, change).await
    }

    /// `UpdateParticipantRoleConfig`, of a contact that is going on.
    ///
    /// # Errors
    /// `NotFound`; `InvalidParameter`: a timer is out of its limits, or there twice.
    pub async fn update_chat_timers(
        &self,
        instance_id: &str,
        contact_id: &str,
        timers: Vec<ChatTimer>,
    ) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        let change = move |contact: &mut Contact, context: &Context<'_>, _: &mut Effects| {
            contact.set_timers(&timers, &context.here)
        };
        self.inner.apply(contact_id, change).await
    }

    /// `StartContactMediaProcessing`, of a contact that is going on: what is said from now on goes through this function.
    ///
    /// # Errors
    /// `NotFound`: the contact, or the function.
    pub async fn start_contact_media_processing(
        &self,
        instance_id: &str,
        contact_id: &str,
        processing: MediaProcessing,
    ) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        if !self.inner.ports.functions.can_process(&processing.processor_arn) {
            return Err(Error::new(ErrorKind::NotFound, "ProcessorArn is of no function that is known here."));
        }
        let change = move |contact: &mut Contact, _: &Context<'_>, _: &mut Effects| {
            contact.set_processor(Some(processing));
            Ok(())
        };
        self.inner.apply(contact_id, change).await
    }

    /// `StopContactMediaProcessing`, of a contact that is going on; stopping again is done already.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn stop_contact_media_processing(&self, instance_id: &str, contact_id: &str) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        let change = |contact: &mut Contact, _: &Context<'_>, _: &mut Effects| {
            contact.set_processor(None);
            Ok(())
        };
        self.inner.apply(contact_id, change).await
    }

    /// `TransferContact`: AWS transfers tasks and e-mails alone, and a contact here is a chat.
    ///
    /// # Errors
    /// `NotFound`, else always `InvalidRequest`.
    pub async fn transfer_contact(&self, instance_id: &str, contact_id: &str) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        self.inner.with_contact(contact_id, |_| ()).await?;
        Err(Error::new(ErrorKind::InvalidRequest, "TransferContact supports TASK and EMAIL contacts only."))
    }
}
