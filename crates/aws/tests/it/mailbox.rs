//! What `start-bot` publishes to the stream's topic.

use relevo_aws::SnsMailbox;
use relevo_bot::ports::{Mailbox, MailboxError};

use crate::connector::{Answer, Scripted, clients};

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:chat";

fn mailbox(answer: Answer) -> (SnsMailbox, Scripted) {
    let script = Scripted::new([answer]);
    (SnsMailbox::new(&clients(script.clone()), TOPIC), script)
}

#[tokio::test]
async fn an_item_goes_out_with_the_attributes_that_filters_go_by() {
    let answer = b"<PublishResponse><PublishResult><MessageId>n</MessageId></PublishResult></PublishResponse>";
    let (mailbox, script) = mailbox(Answer::Http(200, "", answer.to_vec()));
    mailbox.deliver_later("{\"Id\":\"m1\"}").await.unwrap();
    let form = script.sent().remove(0).text;
    for part in [
        "Action=Publish",
        "Message=%7B%22Id%22%3A%22m1%22%7D",
        "Name=ParticipantRole",
        "StringValue=CUSTOMER",
        "Name=Type",
        "StringValue=MESSAGE",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_say_nothing_of_the_item_and_are_one_attempt() {
    let error =
        b"<ErrorResponse><Error><Code>AuthorizationError</Code><Message>mi secreto</Message></Error></ErrorResponse>";
    let table = [
        (Answer::Http(403, "", error.to_vec()), "AuthorizationError (403)"),
        (Answer::Silence, "time-out"),
        (Answer::Broken, "no connection"),
    ];
    for (answer, wanted) in table {
        let (mailbox, script) = mailbox(answer);
        assert_eq!(mailbox.deliver_later("mi secreto").await, Err(MailboxError(wanted.into())));
        assert_eq!(script.sent().len(), 1);
    }
}
