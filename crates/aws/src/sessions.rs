//! [`Sessions`] over DynamoDB: one item a contact in the sample's table (partition key `contactId`, TTL attribute `ttl`).
//!
//! Most operations are one conditional write that needs no read ([`shortcut`]). Where its condition does not hold, the
//! refusal brings the item along: [`decide`] says what to do with it, and the result is written if the version is still
//! the same, else once more from the item as it is now.
//!
//! Each call writes an id of its own into the item (`writeId`). A write that was done, but whose answer was lost, is
//! recognised by it when it is repeated: it is not refused by its own effect.

mod item;
mod shortcut;

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure},
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use relevo_bot::sessions::{Change, Op, Outcome, SessionRecord, Sessions, SessionsError, decide};
use uuid::Uuid;

pub(crate) use self::item::KEY;
use self::{
    item::{Item, Stored},
    shortcut::Shortcut,
};
use crate::{clients::Clients, fault::Fault};

/// How often an operation is begun again because somebody else wrote meanwhile.
const ROUNDS: u32 = 16;
/// The pause before the second round; each further one is longer by as much.
const PAUSE: Duration = Duration::from_millis(8);

/// The table of sessions.
#[derive(Debug, Clone)]
pub struct DynamoSessions {
    client: Client,
    table: String,
}

/// What came of a conditional write.
enum Written<T> {
    Done(T),
    /// The condition did not hold; the item as it is.
    Refused(Option<Box<Stored>>),
}

impl DynamoSessions {
    /// In this table (its name or ARN).
    pub fn new(clients: &Clients, table: impl Into<String>) -> Self {
        Self { client: clients.dynamodb.clone(), table: table.into() }
    }

    async fn read(&self, key: &str) -> Result<Option<Box<Stored>>, SessionsError> {
        let call = self.client.get_item().table_name(&self.table).consistent_read(true);
        let answer = call.key(KEY, text(key)).send().await.map_err(|error| failed(&error))?;
        stored(answer.item)
    }

    async fn update(
        &self,
        key: &str,
        shortcut: &Shortcut,
        write_id: &str,
    ) -> Result<Written<SessionRecord>, SessionsError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KEY, text(key))
            .update_expression(shortcut.update())
            .condition_expression(shortcut.condition())
            .set_expression_attribute_names(Some(shortcut.names()))
            .set_expression_attribute_values(Some(shortcut.values(write_id)))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        match call.send().await {
            Ok(answer) => match stored(answer.attributes)? {
                Some(stored) => Ok(Written::Done(stored.record)),
                None => Err(SessionsError("an update without its item".into())),
            },
            Err(error) => refusal(&error, |refused| refused.item().cloned()).map(Written::Refused),
        }
    }

    /// Writes what was decided, if the record still has this version (none: if there is no record).
    async fn write(
        &self,
        key: &str,
        version: Option<u64>,
        change: Change,
        write_id: &str,
    ) -> Result<Written<()>, SessionsError> {
        let (condition, name) = match version {
            Some(_) => ("#it = :version", "version"),
            None => ("attribute_not_exists(#it)", KEY),
        };
        let values = version.map(|version| HashMap::from([(":version".to_owned(), number(version))]));
        match change {
            Change::Keep => Ok(Written::Done(())),
            Change::Put(record) => {
                let item = item::write(&record, write_id).map_err(SessionsError)?;
                let call = self.client.put_item().table_name(&self.table).set_item(Some(item));
                let call = call.condition_expression(condition).expression_attribute_names("#it", name);
                let call = call.set_expression_attribute_values(values);
                match call.return_values_on_condition_check_failure(OnFailure::AllOld).send().await {
                    Ok(_) => Ok(Written::Done(())),
                    Err(error) => refusal(&error, |refused| refused.item().cloned()).map(Written::Refused),
                }
            }
            Change::Remove => {
                let call = self.client.delete_item().table_name(&self.table).key(KEY, text(key));
                let call = call.condition_expression(condition).expression_attribute_names("#it", name);
                let call = call.set_expression_attribute_values(values);
                match call.return_values_on_condition_check_failure(OnFailure::AllOld).send().await {
                    Ok(_) => Ok(Written::Done(())),
                    Err(error) => refusal(&error, |refused| refused.item().cloned()).map(Written::Refused),
                }
            }
        }
    }
}

#[async_trait]
impl Sessions for DynamoSessions {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let write_id = Uuid::new_v4().to_string();
        let mut known = match Shortcut::of(&op).map_err(SessionsError)? {
            Some(shortcut) => match self.update(key, &shortcut, &write_id).await? {
                Written::Done(record) => return Ok(shortcut.outcome(record)),
                Written::Refused(Some(stored)) if stored.write_id == write_id => {
                    return Ok(shortcut.outcome(stored.record));
                }
                Written::Refused(stored) => stored,
            },
            // A new contact has no record: if there is one, the refusal brings it.
            None if matches!(op, Op::Reserve { .. }) => None,
            None => self.read(key).await?,
        };
        for round in 1..=ROUNDS {
            let record = known.as_ref().map(|stored| &stored.record);
            let version = record.map(|record| record.version);
            let (outcome, change) = decide(key, record, op.clone());
            match self.write(key, version, change, &write_id).await? {
                Written::Done(()) => return Ok(outcome),
                Written::Refused(Some(stored)) if stored.write_id == write_id => return Ok(outcome),
                Written::Refused(stored) => known = stored,
            }
            tokio::time::sleep(PAUSE * round).await;
        }
        Err(SessionsError("too many writers".into()))
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

#[allow(clippy::needless_pass_by_value)] // numbers, by value or by reference
fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn stored(item: Option<Item>) -> Result<Option<Box<Stored>>, SessionsError> {
    let stored = item.filter(|item| !item.is_empty()).map(item::read).transpose();
    stored.map(|stored| stored.map(Box::new)).map_err(SessionsError)
}

fn failed<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> SessionsError {
    SessionsError(Fault::of(error).to_string())
}

/// The item that a refused condition brings along; any other error is one.
fn refusal<E: ProvideErrorMetadata + Refusable>(
    error: &SdkError<E, HttpResponse>,
    item: impl FnOnce(&aws_sdk_dynamodb::types::error::ConditionalCheckFailedException) -> Option<Item>,
) -> Result<Option<Box<Stored>>, SessionsError> {
    match error.as_service_error().and_then(Refusable::refused) {
        Some(refused) => stored(item(refused)),
        None => Err(failed(error)),
    }
}

/// An operation whose condition may not hold.
trait Refusable {
    fn refused(&self) -> Option<&aws_sdk_dynamodb::types::error::ConditionalCheckFailedException>;
}

macro_rules! refusable {
    ($($error:path),*) => {$(
        impl Refusable for $error {
            fn refused(&self) -> Option<&aws_sdk_dynamodb::types::error::ConditionalCheckFailedException> {
                match self {
                    Self::ConditionalCheckFailedException(refused) => Some(refused),
                    _ => None,
                }
            }
        }
    )*};
}

refusable!(
    aws_sdk_dynamodb::operation::update_item::UpdateItemError,
    aws_sdk_dynamodb::operation::put_item::PutItemError,
    aws_sdk_dynamodb::operation::delete_item::DeleteItemError
);
