//! What is changed of a contact from outside: its data, its tags, its place among those that wait.

use super::{Contact, Here};
use crate::{
    api::{
        Attributes,
        contacts::{RoutingData, UpdateContact},
    },
    error::{Error, ErrorKind},
};

/// So many tags has a contact at most (model of `Contact.Tags`), and so long are their values.
const MOST_TAGS: usize = 6;
const LONGEST_TAG: usize = 256;

impl Contact {
    /// `UpdateContact`; also for a contact that is over.
    pub(crate) fn update(&mut self, update: UpdateContact, here: &Here<'_>) {
        let profile = &mut self.profile;
        profile.name = update.name.or(profile.name.take());
        profile.description = update.description.or(profile.description.take());
        profile.references.extend(update.references);
        profile.segment_attributes.extend(update.segment_attributes);
        self.updated_ms = here.now_ms;
    }

    /// `TagContact`; also for a contact that is over.
    pub(crate) fn tag(&mut self, tags: Attributes, here: &Here<'_>) -> Result<(), Error> {
        if !self.add_tags(tags) {
            return Err(Error::new(ErrorKind::InvalidRequest, "A contact can have at most 6 tags."));
        }
        self.updated_ms = here.now_ms;
        Ok(())
    }

    /// All of the tags, or none of them when they are too many or too long.
    pub(super) fn add_tags(&mut self, tags: Attributes) -> bool {
        let mut all = self.profile.tags.clone();
        all.extend(tags);
        let fits = all.len() <= MOST_TAGS && all.values().all(|value| value.chars().count() <= LONGEST_TAG);
        if fits {
            self.profile.tags = all;
        }
        fits
    }

    /// `UntagContact`: one that it has not is away already.
    pub(crate) fn untag(&mut self, keys: &[String], here: &Here<'_>) {
        self.profile.tags.retain(|key, _| !keys.contains(key));
        self.updated_ms = here.now_ms;
    }

    /// `UpdateContactRoutingData`: the queue is ordered anew.
    pub(crate) fn route(&mut self, data: RoutingData, here: &Here<'_>) {
        match data {
            RoutingData::Priority(priority) => self.flow.routing.priority = priority,
            RoutingData::AgeSeconds(seconds) => self.flow.routing.age_s = i64::from(seconds),
        }
        self.updated_ms = here.now_ms;
    }
}
