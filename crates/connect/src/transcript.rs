//! A contact's transcript in memory: appending, what was already said with a `ClientToken`, and the pages of
//! `GetTranscript`.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use crate::{
    api::{GetTranscript, Sent, StartPosition, Transcript},
    contact::{End, Entry},
    error::{Error, ErrorKind},
    item::{Item, parse_iso_time},
};

/// How many events in passing are remembered by their `ClientToken`: repeating an older one does no harm.
const PASSING: usize = 64;
const DEFAULT_PAGE: u32 = 10;
const LARGEST_PAGE: u32 = 100;

/// The transcript of one contact, and the idempotency of what was said.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Vec<Arc<Entry>>,
    said: HashMap<(String, String), usize>,
    signalled: VecDeque<(String, String, Sent)>,
}

impl Log {
    pub(crate) fn from_entries(entries: Vec<Entry>) -> Self {
        let mut log = Self::default();
        for entry in entries {
            log.append(entry.into());
        }
        log
    }

    pub(crate) fn append(&mut self, entry: Arc<Entry>) {
        if let (Some(by), Some(token)) = (&entry.item.participant_id, &entry.client_token) {
            self.said.insert((by.clone(), token.clone()), self.entries.len());
        }
        self.entries.push(entry);
    }

    /// Where it ends.
    pub(crate) fn end(&self) -> End {
        self.entries.last().map(|entry| End::with(entry)).unwrap_or_default()
    }

    /// Puts an entry in the place of the one it was.
    pub(crate) fn renew(&mut self, entry: Arc<Entry>) {
        if let Some(known) = self.entries.iter_mut().rfind(|known| known.seq == entry.seq) {
            *known = entry;
        }
    }

    /// What the participant said with this `ClientToken`.
    pub(crate) fn said_with(&self, participant_id: &str, client_token: &str) -> Option<Sent> {
        let at = self.said.get(&(participant_id.to_owned(), client_token.to_owned()))?;
        self.entries.get(*at).map(|entry| Sent::from(&entry.item))
    }

    /// Remembers an event in passing.
    pub(crate) fn signalled(&mut self, participant_id: &str, client_token: &str, sent: &Sent) {
        if self.signalled_with(participant_id, client_token).is_some() {
            return;
        }
        if self.signalled.len() >= PASSING {
            self.signalled.pop_front();
        }
        self.signalled.push_back((participant_id.to_owned(), client_token.to_owned(), sent.clone()));
    }

    /// The event in passing that the participant sent with this `ClientToken`.
    pub(crate) fn signalled_with(&self, participant_id: &str, client_token: &str) -> Option<Sent> {
        let same = |(by, token, _): &&(String, String, Sent)| by == participant_id && token == client_token;
        self.signalled.iter().find(same).map(|(_, _, sent)| sent.clone())
    }

    /// The item with this id; the latest are looked at first.
    pub(crate) fn find(&self, item_id: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.item.id == item_id).map(|entry| &**entry)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|entry| &**entry)
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.entries().map(|e| &e.item)
    }

    /// One page of `GetTranscript`, as this participant sees it. Its token counts what others may not see too, so that it
    /// stays true when they may.
    pub(crate) fn page(
        &self,
        contact_id: &str,
        participant_id: &str,
        request: &GetTranscript,
    ) -> Result<Transcript, Error> {
        let seen = |entry: &Entry| entry.item.is_for(participant_id);
        let size = match request.max_results {
            None | Some(0) => DEFAULT_PAGE,
            Some(n) if n <= LARGEST_PAGE => n,
            Some(_) => return Err(invalid("MaxResults must be from 0 to 100.")),
        };
        let size = usize::try_from(size).unwrap_or_default();
        // `edge` lies between two entries: a page forward begins after it, a page backward ends before it.
        let (forward, edge) = match &request.next_token {
            Some(token) => parse_token(token).ok_or_else(|| invalid("NextToken is not one of this operation's."))?,
            None => self.begin(participant_id, request)?,
        };
        let (before, after) = self.entries.split_at(edge.min(self.entries.len()));
        let (mut items, next_token) = if forward {
            let mut left = after.iter().filter(|entry| seen(entry));
            let page: Vec<&Arc<Entry>> = left.by_ref().take(size).collect();
            (page, left.next().map(|entry| format!("F{}", entry.seq)))
        } else {
            let mut left = before.iter().rev().filter(|entry| seen(entry));
            let mut page: Vec<&Arc<Entry>> = left.by_ref().take(size).collect();
            page.reverse();
            (page, left.next().map(|entry| format!("B{}", entry.seq + 1)))
        };
        if !request.ascending {
            items.reverse();
        }
        let items = items.into_iter().map(|entry| entry.item.clone()).collect();
        Ok(Transcript { initial_contact_id: contact_id.to_owned(), items, next_token })
    }

    /// The direction and the edge of a first page. The start position's own item is on the page.
    fn begin(&self, participant_id: &str, request: &GetTranscript) -> Result<(bool, usize), Error> {
        let forward = request.forward.unwrap_or(request.start.is_some());
        let edge = match &request.start {
            None if forward => 0,
            None => self.entries.len(),
            Some(StartPosition::Id(id)) => {
                let at = self.entries.iter().position(|e| e.item.id == *id);
                let at = at.ok_or_else(|| invalid("StartPosition.Id is no item of this contact."))?;
                if forward { at } else { at + 1 }
            }
            Some(StartPosition::AbsoluteTime(time)) => {
                let time =
                    parse_iso_time(time).ok_or_else(|| invalid("StartPosition.AbsoluteTime is not ISO-8601."))?;
                if forward {
                    self.entries.partition_point(|e| e.at_ms < time)
                } else {
                    self.entries.partition_point(|e| e.at_ms <= time)
                }
            }
            Some(StartPosition::MostRecent(n)) => {
                if *n > LARGEST_PAGE {
                    return Err(invalid("StartPosition.MostRecent must be from 0 to 100."));
                }
                let recent =
                    self.entries.iter().enumerate().rev().filter(|(_, entry)| entry.item.is_for(participant_id));
                let recent = recent.take(usize::try_from(*n).unwrap_or_default());
                let at = recent.last().map_or(self.entries.len(), |(at, _)| at);
                if forward { at } else { (at + 1).min(self.entries.len()) }
            }
        };
        Ok((forward, edge))
    }
}

fn parse_token(token: &str) -> Option<(bool, usize)> {
    let forward = match token.get(..1)? {
        "F" => true,
        "B" => false,
        _ => return None,
    };
    Some((forward, token.get(1..)?.parse().ok()?))
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidParameter, message)
}

#[cfg(test)]
#[path = "transcript_tests.rs"]
mod tests;
