//! Messages that were published to the topic and that the bot has not taken yet.

use std::collections::BTreeMap;

use relevo_connect::stream::Notification;
use serde_json::{Value, json};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("published");

/// The messages, by their ids. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Published(pub Disk);

impl Published {
    /// Answers when the message is on disk.
    pub(crate) async fn add(&self, id: &str, notification: &Notification) -> Result<(), DiskError> {
        let id = id.to_owned();
        let value = json!({ "message": notification.message, "attributes": notification.attributes }).to_string();
        self.0.write(move |transaction| transaction.put(SPACE, &id, value.as_bytes())).await
    }

    /// Removes one.
    pub(crate) async fn remove(&self, id: &str) -> Result<(), DiskError> {
        let id = id.to_owned();
        self.0.write(move |transaction| transaction.remove(SPACE, &id)).await
    }

    /// All that are kept.
    pub(crate) fn all(&self) -> Result<Vec<(String, Notification)>, DiskError> {
        self.0.scan(SPACE, "")?.into_iter().map(|(id, value)| Ok((id.clone(), read(&id, &value)?))).collect()
    }
}

fn read(id: &str, value: &[u8]) -> Result<Notification, DiskError> {
    let unreadable = || DiskError::Value(format!("published/{id}"), "no notification".into());
    let value: Value = serde_json::from_slice(value).map_err(|_| unreadable())?;
    let message = value.get("message").and_then(Value::as_str).ok_or_else(unreadable)?.to_owned();
    let attributes = value.get("attributes").and_then(Value::as_object).ok_or_else(unreadable)?;
    let attributes: BTreeMap<_, _> =
        attributes.iter().filter_map(|(name, it)| Some((name.clone(), it.as_str()?.to_owned()))).collect();
    Ok(Notification { message, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_published_is_there_until_it_is_removed() {
        let published = Published(Disk::forgetful());
        let notification = Notification { message: "ñ".into(), attributes: [("a".into(), "b".into())].into() };
        published.add("1", &notification).await.unwrap();
        assert_eq!(published.all().unwrap(), [("1".to_owned(), notification)]);
        published.remove("1").await.unwrap();
        assert!(published.all().unwrap().is_empty());
    }
}
