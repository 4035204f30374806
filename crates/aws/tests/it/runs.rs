//! The agents' sessions and the added rows in the table: requests, refusals, lost answers, sizes.

use relevo_agents::{
    definition::Row,
    runtime::{Kept, RunStore, RunStoreError, Settled},
    tools::{Inserted, NewRow, Tables},
};
use relevo_aws::{DynamoRuns, DynamoTables};
use serde_json::{Value, json};

use crate::{
    connector::{Answer, Scripted, clients},
    sessions::{echo, refused},
};

fn runs(script: &Scripted) -> DynamoRuns {
    DynamoRuns::new(&clients(script.clone()), "sessions")
}

fn kept(revision: u64) -> Kept {
    Kept::whole(r#"{"said":"¿Qué?"}"#, revision)
}

fn done() -> Answer {
    Answer::json(200, "", &json!({}))
}

#[tokio::test]
async fn a_run_is_an_item_of_its_own_with_its_revision_as_the_condition() {
    let script = Scripted::new([done(), done(), done()]);
    let runs = runs(&script);
    runs.save("contact-1", kept(1)).await.unwrap();
    runs.save("contact-1", kept(7)).await.unwrap();
    runs.remove("contact-1").await.unwrap();
    let [first, next, gone] = <[_; 3]>::try_from(script.sent()).unwrap();
    let item = &first.body["Item"];
    assert_eq!((&item["contactId"]["S"], &item["revision"]["N"]), (&json!("run#contact-1"), &json!("1")));
    assert_eq!(item["json"]["S"], kept(1).json);
    assert!(item["ttl"]["N"].as_str().unwrap().parse::<i64>().unwrap() > 1_700_000_000);
    assert_eq!(first.body["ConditionExpression"], "attribute_not_exists(#it)");
    assert_eq!(next.body["ConditionExpression"], "#it = :before");
    assert_eq!(next.body["ExpressionAttributeNames"]["#it"], "revision");
    assert_eq!(next.body["ExpressionAttributeValues"][":before"]["N"], "6");
    assert_eq!(
        (gone.target.as_str(), &gone.body["Key"]["contactId"]["S"]),
        ("DynamoDB_20120810.DeleteItem", &json!("run#contact-1"))
    );
}

#[tokio::test]
async fn a_run_is_read_consistently_and_only_in_its_own_shape() {
    let item = json!({"contactId": {"S": "run#s"}, "json": {"S": kept(3).json}, "revision": {"N": "3"}});
    let other = json!({"contactId": {"S": "run#s"}, "json": {"S": "mi secreto"}});
    let script = Scripted::new(
        [json!({"Item": item}), json!({}), json!({"Item": other})].map(|body| Answer::json(200, "", &body)),
    );
    let runs = runs(&script);
    assert_eq!(runs.load("s").await, Ok(Some(kept(3))));
    assert_eq!(runs.load("s").await, Ok(None));
    let error = runs.load("s").await.unwrap_err();
    assert!(!error.to_string().contains("secreto"), "{error}");
    assert!(script.sent().iter().all(|sent| sent.body["ConsistentRead"] == true));
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_answer_was_lost_is_no_foreign_one() {
    let item = |write_id: &str| refused(Some(json!({"contactId": {"S": "run#s"}, "writeId": {"S": write_id}})));
    let lost = echo::Echo::new(Answer::Broken, item);
    let store = DynamoRuns::new(&clients(lost), "sessions");
    assert_eq!(store.save("s", kept(1)).await, Ok(()));
    for there in [None, Some(json!({"contactId": {"S": "run#s"}, "writeId": {"S": "other"}}))] {
        let script = Scripted::new([refused(there)]);
        assert_eq!(runs(&script).save("s", kept(2)).await, Err(RunStoreError::Superseded));
        assert_eq!(script.sent().len(), 1);
    }
    let broken = Scripted::new([Answer::Broken, Answer::Broken, Answer::Broken]);
    assert!(matches!(runs(&broken).save("s", kept(2)).await, Err(RunStoreError::Unavailable(_))));
}

#[tokio::test]
async fn what_is_larger_than_an_item_is_said_and_not_sent() {
    let script = Scripted::new([done()]);
    let large = |bytes: usize| Kept::whole("x".repeat(bytes), 1);
    let error = runs(&script).save("s", large(409_600)).await.unwrap_err();
    assert!(matches!(error, RunStoreError::TooLarge { bytes, most_bytes: 409_600 } if bytes > 409_600), "{error}");
    assert!(script.sent().is_empty());
    runs(&script).save("s", large(409_000)).await.unwrap();
    // A settled part that is not sent is in the item all the same.
    let settled = Some(Settled { json: "x".repeat(300_000).into(), revision: 1 });
    let error = runs(&script).save("s", Kept { settled, revision: 2, ..large(110_000) }).await.unwrap_err();
    assert!(matches!(error, RunStoreError::TooLarge { .. }), "{error}");
    assert_eq!(script.sent().len(), 1);
}

fn parted(since: u64, revision: u64) -> Kept {
    Kept { settled: Some(Settled { json: r#"["¿Qué?"]"#.into(), revision: since }), ..kept(revision) }
}

#[tokio::test(start_paused = true)]
async fn a_settled_part_is_sent_once_and_stays() {
    let script = Scripted::new([done(), done(), done()]);
    let store = runs(&script);
    store.save("s", parted(4, 4)).await.unwrap();
    store.save("s", parted(4, 5)).await.unwrap();
    store.save("s", kept(6)).await.unwrap();
    let [new, same, gone] = <[_; 3]>::try_from(script.sent()).unwrap();
    assert_eq!(new.target, "DynamoDB_20120810.PutItem");
    assert_eq!(new.body["Item"]["settled"]["S"], *parted(4, 4).settled.unwrap().json);
    assert_eq!(new.body["Item"]["settledRevision"]["N"], "4");
    assert_eq!(same.target, "DynamoDB_20120810.UpdateItem");
    assert_eq!(same.body["Key"], json!({"contactId": {"S": "run#s"}}));
    assert_eq!(
        (&same.body["UpdateExpression"], &same.body["ConditionExpression"]),
        (
            &json!("SET #json = :json, #revision = :revision, #ttl = :ttl, #writeId = :writeId"),
            &json!("#revision = :before")
        )
    );
    let values = &same.body["ExpressionAttributeValues"];
    assert_eq!((&values[":before"]["N"], &values[":revision"]["N"]), (&json!("4"), &json!("5")));
    assert_eq!(values[":json"]["S"], kept(5).json);
    assert!(!same.body.to_string().contains("settled"), "{}", same.body);
    // An item that is put takes the other's place, with all of its attributes.
    assert_eq!((gone.target.as_str(), gone.body["Item"].get("settled")), ("DynamoDB_20120810.PutItem", None));
    // Read together; refused by another's write, and not by its own.
    let item = json!({"contactId": {"S": "run#s"}, "json": {"S": kept(5).json}, "revision": {"N": "5"},
        "settled": {"S": r#"["¿Qué?"]"#}, "settledRevision": {"N": "4"}});
    let script = Scripted::new([Answer::json(200, "", &json!({"Item": item})), refused(None)]);
    assert_eq!(runs(&script).load("s").await, Ok(Some(parted(4, 5))));
    assert_eq!(runs(&script).save("s", parted(4, 6)).await, Err(RunStoreError::Superseded));
    let item = |write_id: &str| refused(Some(json!({"contactId": {"S": "run#s"}, "writeId": {"S": write_id}})));
    let lost = DynamoRuns::new(&clients(echo::Echo::new(Answer::Broken, item)), "sessions");
    assert_eq!(lost.save("s", parted(4, 5)).await, Ok(()));
}

fn row(text: &str) -> Row {
    Row::from_iter([("text".to_owned(), Value::from(text))])
}

fn new() -> NewRow {
    NewRow { key: "TK 1".into(), row: row("a"), idempotency_key: "s:1:f".into() }
}

#[tokio::test]
async fn a_row_is_added_by_one_conditional_write() {
    let there = json!({"contactId": {"S": "table#tickets"}, "row:TK 1": {"S": r#"{"text":"first"}"#}, "done:s:1:f": {"S": "TK 1"}});
    let taken = json!({"contactId": {"S": "table#tickets"}, "row:TK 1": {"S": r#"{"text":"first"}"#}});
    let script = Scripted::new([done(), refused(Some(there)), refused(Some(taken))]);
    let tables = DynamoTables::new(&clients(script.clone()), "sessions");
    assert_eq!(tables.insert_if_absent("tickets", new()).await, Ok(Inserted::New));
    assert_eq!(tables.insert_if_absent("tickets", new()).await, Ok(Inserted::Before(row("first"))));
    assert_eq!(tables.insert_if_absent("tickets", new()).await, Ok(Inserted::KeyTaken));
    let sent = &script.sent()[0].body;
    assert_eq!(sent["Key"], json!({"contactId": {"S": "table#tickets"}}));
    assert_eq!(sent["ExpressionAttributeNames"], json!({"#row": "row:TK 1", "#done": "done:s:1:f"}));
    assert_eq!(sent["ExpressionAttributeValues"], json!({":row": {"S": r#"{"text":"a"}"#}, ":key": {"S": "TK 1"}}));
}

#[tokio::test]
async fn rows_are_read_in_the_order_of_their_keys_and_a_full_table_says_so() {
    let item = json!({"contactId": {"S": "table#t"}, "row:b": {"S": r#"{"text":"2"}"#}, "done:x": {"S": "b"},
        "row:a": {"S": r#"{"text":"1"}"#}});
    let full = json!({"__type": "com.amazon.coral.validate#ValidationException",
        "message": "Item size to update has exceeded the maximum allowed size"});
    let script = Scripted::new([Answer::json(200, "", &json!({"Item": item})), done(), Answer::json(400, "", &full)]);
    let tables = DynamoTables::new(&clients(script.clone()), "sessions");
    assert_eq!(tables.rows("t").await, Ok(vec![row("1"), row("2")]));
    assert_eq!(tables.rows("t").await, Ok(Vec::new()));
    let error = tables.insert_if_absent("t", new()).await.unwrap_err();
    assert_eq!(error.to_string(), "t is full: its rows are one item of 400 KB at most");
    assert_eq!(script.sent()[0].body["ConsistentRead"], true);
}
