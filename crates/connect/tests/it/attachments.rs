//! Attachments: from the upload to the download, what is refused on the way, and what a restart finds.

use std::sync::{Arc, atomic::Ordering};

use relevo_connect::{
    ErrorKind,
    attachment::{Access, AttachmentUpload, GetAttachment, MAX_PER_CHAT, SignedAccess, StartAttachmentUpload},
    ports::Files as _,
};
use secrecy::SecretString;
use serde_json::Value;

use crate::{
    fakes::Counted,
    world::{Customer, GREETING, START_MS, World, accept, config, connect, kind, pass, queue_flow},
};

const EICAR: &str = concat!(r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");

fn bill(client_token: &str, size: usize) -> StartAttachmentUpload {
    StartAttachmentUpload {
        content_type: "text/plain".into(),
        size_bytes: u64::try_from(size).unwrap(),
        name: "bill.txt".into(),
        client_token: client_token.into(),
    }
}

pub(crate) fn get(attachment_id: &str) -> GetAttachment {
    GetAttachment { attachment_id: attachment_id.into(), url_expiry_s: Some(5), inline: false }
}

async fn upload(world: &World, token: &SecretString, client_token: &str, content: &str) -> AttachmentUpload {
    let begun = world.centre.start_attachment_upload(token, bill(client_token, content.len())).await.unwrap();
    world.centre.upload(begun.access.clone(), content.into()).await.unwrap();
    begun
}

/// Uploaded, completed and scanned.
pub(crate) async fn attach(world: &World, token: &SecretString, client_token: &str, content: &str) -> String {
    let begun = upload(world, token, client_token, content).await;
    world.centre.complete_attachment_upload(token, begun.attachment_id.clone(), "done".into()).await.unwrap();
    pass(1).await;
    begun.attachment_id
}

/// What a socket has heard of attachments: id and status.
fn statuses(customer: &mut Customer) -> Vec<(String, String)> {
    let items = std::iter::from_fn(|| customer.socket.items.try_recv().ok());
    let items = items.map(|json| serde_json::from_str::<Value>(&json).unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items
        .filter(|item| item["Type"] == "ATTACHMENT")
        .map(|item| (text(&item["Id"]), text(&item["Attachments"][0]["Status"])))
        .collect()
}

async fn files(world: &World) -> usize {
    world.store.files.list().await.unwrap().len()
}

#[tokio::test(start_paused = true)]
async fn a_file_is_scanned_and_can_then_be_had() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    world.stream(&customer.contact_id, "s").await;
    let begun = upload(&world, &customer.token, "t", "hello").await;
    let complete = |token: &str| {
        world.centre.complete_attachment_upload(&customer.token, begun.attachment_id.clone(), token.into())
    };
    complete("c").await.unwrap();
    // Nobody may have it while it is scanned.
    assert_eq!(
        kind(world.centre.get_attachment(&customer.token, &get(&begun.attachment_id)).await),
        ErrorKind::InvalidParameter
    );
    pass(1).await;
    complete("c").await.unwrap();
    assert_eq!(kind(complete("another").await), ErrorKind::Conflict);

    let given = world.centre.get_attachment(&customer.token, &get(&begun.attachment_id)).await.unwrap();
    assert_eq!(given.size_bytes, 5);
    let content = world.centre.download(&given.access).await.unwrap();
    assert_eq!((content.name.as_str(), content.bytes.as_slice()), ("bill.txt", &b"hello"[..]));
    pass(5).await;
    assert_eq!(kind(world.centre.download(&given.access).await), ErrorKind::AccessDenied);

    let heard = statuses(&mut customer);
    assert_eq!(heard.iter().map(|(_, status)| status.as_str()).collect::<Vec<_>>(), ["IN_PROGRESS", "APPROVED"]);
    assert_eq!(heard[0].0, heard[1].0);
    let items = world.centre.transcript(&customer.contact_id).await.unwrap();
    let item = serde_json::to_value(items.last().unwrap()).unwrap();
    assert_eq!((&item["Attachments"][0]["Status"], item.get("ContentType")), (&"APPROVED".into(), None));
    // The topics hear of it once, with the verdict.
    let published = world.topic.taken.lock().unwrap().clone();
    let files: Vec<_> = published.iter().filter(|(_, n)| n.attributes["Type"] == "ATTACHMENT").collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].1.message.contains("APPROVED") && !files[0].1.attributes.contains_key("ContentType"));
}

#[tokio::test(start_paused = true)]
async fn what_the_scanner_rejects_is_gone() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let id = attach(&world, &customer.token, "t", EICAR).await;
    assert_eq!(statuses(&mut customer).last().unwrap().1, "REJECTED");
    assert_eq!(kind(world.centre.get_attachment(&customer.token, &get(&id)).await), ErrorKind::InvalidParameter);
    assert_eq!((files(&world).await, world.store.keys("file/").len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_upload_is_what_was_said_in_its_time_and_by_its_signature() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let begin = async |client_token: &str| {
        world.centre.start_attachment_upload(&customer.token, bill(client_token, 5)).await.unwrap()
    };
    let (begun, same, other) = (begin("t").await, begin("t").await, begin("u").await);
    assert_eq!((&begun.attachment_id, &begun.access), (&same.attachment_id, &same.access));
    assert_ne!(begun.attachment_id, other.attachment_id);
    let put = |access: SignedAccess, content: &str| world.centre.upload(access, content.into());
    assert_eq!(kind(put(begun.access.clone(), "hell").await), ErrorKind::InvalidParameter);
    let expires_ms = begun.access.expires_ms + 1;
    for wrong in [
        SignedAccess { expires_ms, ..begun.access.clone() },
        SignedAccess { attachment_id: other.attachment_id.clone(), ..begun.access.clone() },
        SignedAccess { access: Access::Inline, ..begun.access.clone() },
        SignedAccess { contact_id: "nobody".into(), ..begun.access.clone() },
    ] {
        assert_eq!(kind(put(wrong.clone(), "hello").await), ErrorKind::AccessDenied);
        assert_eq!(kind(world.centre.download(&wrong).await), ErrorKind::AccessDenied);
    }
    let complete = |id: &str| world.centre.complete_attachment_upload(&customer.token, id.to_owned(), "c".into());
    assert_eq!(kind(complete(&begun.attachment_id).await), ErrorKind::InvalidParameter, "not uploaded yet");
    assert_eq!(kind(complete("nothing").await), ErrorKind::InvalidParameter);
    // The last one counts, and the earlier content goes.
    put(begun.access.clone(), "first").await.unwrap();
    put(begun.access.clone(), "hello").await.unwrap();
    pass(1).await;
    assert_eq!(files(&world).await, 1);
    pass(15 * 60).await;
    assert_eq!(kind(put(other.access, "hello").await), ErrorKind::AccessDenied, "too late");
    complete(&begun.attachment_id).await.unwrap();
    assert_eq!(kind(put(begun.access, "hello").await), ErrorKind::AccessDenied, "too late");
}

#[tokio::test(start_paused = true)]
async fn a_chat_has_so_many_and_what_is_not_completed_makes_room() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    for n in 0..MAX_PER_CHAT {
        upload(&world, &customer.token, &n.to_string(), "hello").await;
    }
    let more = world.centre.start_attachment_upload(&customer.token, bill("more", 1)).await;
    assert_eq!(kind(more), ErrorKind::ServiceQuotaExceeded);
    assert_eq!(files(&world).await, MAX_PER_CHAT);
    // The wait of the flow is over after an hour too, and the chat with it.
    pass(59 * 60).await;
    assert_eq!(files(&world).await, MAX_PER_CHAT);
    pass(2 * 60).await;
    assert_eq!((files(&world).await, world.store.keys("file/").len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_bot_has_no_access_and_a_person_has_the_whole_conversations() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    let id = attach(&world, &customer.token, "t", "hello").await;
    let bot = world.bot(&customer.contact_id).await;
    assert_eq!(kind(world.centre.get_attachment(&bot, &get(&id)).await), ErrorKind::AccessDenied);
    assert_eq!(kind(world.centre.start_attachment_upload(&bot, bill("t", 5)).await), ErrorKind::AccessDenied);
    let completed = world.centre.complete_attachment_upload(&bot, "any".into(), "done".into());
    assert_eq!(kind(completed.await), ErrorKind::AccessDenied);
    world.centre.disconnect_participant(&bot).await.unwrap();

    let person = accept(&world.centre, &customer.contact_id).await;
    let (person, _) = connect(&world.centre, &person.participant_token).await;
    let given = world.centre.get_attachment(&person, &get(&id)).await.unwrap();
    assert_eq!(world.centre.download(&given.access).await.unwrap().bytes, b"hello");
    let theirs = upload(&world, &person, "t", "a leaflet").await;
    let stolen = world.centre.complete_attachment_upload(&customer.token, theirs.attachment_id.clone(), "c".into());
    assert_eq!(kind(stolen.await), ErrorKind::AccessDenied, "it is the person's");

    // The chat is over: a signed URL is good until it ends, and nothing else is.
    world.centre.disconnect_participant(&person).await.unwrap();
    assert_eq!(world.centre.download(&given.access).await.unwrap().bytes, b"hello");
    assert_eq!(kind(world.centre.get_attachment(&person, &get(&id)).await), ErrorKind::AccessDenied);
    assert_eq!(kind(world.centre.upload(theirs.access, b"a leaflet".to_vec()).await), ErrorKind::AccessDenied);
    assert_eq!(files(&world).await, 1, "what was not completed is gone");
}

#[tokio::test(start_paused = true)]
async fn the_next_process_goes_on_and_removes_what_nobody_knows() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let begun = upload(&world, &customer.token, "t", "hello").await;
    world.centre.complete_attachment_upload(&customer.token, begun.attachment_id.clone(), "c".into()).await.unwrap();
    world.store.files.write("cut-off", b"half".to_vec()).await.unwrap();

    let store = Arc::new(world.store.reopened());
    let next = World::open(config(&[("main", GREETING)]), store, Arc::new(Counted::default()), START_MS).await;
    pass(1).await;
    let given = next.centre.get_attachment(&customer.token, &get(&begun.attachment_id)).await.unwrap();
    assert_eq!(next.centre.download(&given.access).await.unwrap().bytes, b"hello");
    assert_eq!(files(&next).await, 1);
    let items = next.centre.transcript(&customer.contact_id).await.unwrap();
    assert_eq!(items.iter().filter(|item| !item.attachments.is_empty()).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_cannot_be_kept_leaves_nothing() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let begun = world.centre.start_attachment_upload(&customer.token, bill("t", 5)).await.unwrap();
    world.store.fails.store(1, Ordering::Relaxed);
    assert_eq!(kind(world.centre.upload(begun.access.clone(), b"hello".to_vec()).await), ErrorKind::Internal);
    pass(1).await;
    assert_eq!(files(&world).await, 0);
    world.centre.upload(begun.access, b"hello".to_vec()).await.unwrap();
}
