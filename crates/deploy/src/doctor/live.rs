//! A synthetic contact (`--live`): starts a chat in the deployed flow, writes a message, waits for the bot, leaves.

use serde_json::Value;

use super::{Finding, items, text};
use crate::{
    deploy::stack::Stack,
    programs::{Aws, AwsError, Programs},
};

/// What the customer of nobody writes.
pub const MESSAGE: &str = "Hello, this is a test. What can you do?";

const WHAT: &str = "a chat is answered";

/// Holds the contact. `pause` waits a second; it is called at most `seconds` times for each answer.
pub fn contact(
    programs: &dyn Programs,
    name: &str,
    region: Option<&str>,
    seconds: u32,
    pause: &mut dyn FnMut(),
) -> Finding {
    let aws = Aws::new(programs, region);
    let stack = match Stack::read(&aws, name) {
        Ok(Some(stack)) => stack,
        Ok(None) => return Finding::wrong(WHAT, format!("there is no stack {name}")),
        Err(error) => return Finding::unknown(WHAT, &error),
    };
    let mut chat = match Chat::open(&aws, &stack) {
        Ok(chat) => chat,
        Err(error) => return Finding::wrong(WHAT, format!("no chat could be started: {error}")),
    };
    let found = chat.hold(seconds, pause);
    // Whatever came of it, nobody is to wait for a person.
    let left = chat.leave();
    match (found, left) {
        (Err(advice), _) => Finding::wrong(WHAT, advice),
        (Ok(()), Err(error)) => Finding::warning(WHAT, format!("the test contact could not be ended: {error}")),
        (Ok(()), Ok(())) => Finding::well(WHAT),
    }
}

struct Chat<'a> {
    aws: &'a Aws<'a>,
    token: String,
}

impl<'a> Chat<'a> {
    fn open(aws: &'a Aws<'a>, stack: &Stack) -> Result<Self, AwsError> {
        let of =
            |map: &std::collections::BTreeMap<String, String>, name: &str| map.get(name).cloned().unwrap_or_default();
        let flow = of(&stack.outputs, "FlowArn");
        let answer = aws.ask([
            "connect",
            "start-chat-contact",
            "--instance-id",
            &of(&stack.parameters, "instanceId"),
            "--contact-flow-id",
            flow.rsplit('/').next().unwrap_or(&flow),
            "--participant-details",
            "DisplayName=relevo doctor",
            "--supported-messaging-content-types",
            "text/plain",
        ])?;
        let participant = text(&answer, "/ParticipantToken");
        let contact = text(&answer, "/ContactId");
        // Nobody opens a websocket here. Then a customer counts as there, and the flow begins, when streaming was started
        // before the connection (Connect admin guide, message streaming). The bot knows a message that comes twice.
        aws.ask([
            "connect",
            "start-contact-streaming",
            "--instance-id",
            &of(&stack.parameters, "instanceId"),
            "--contact-id",
            &contact,
            "--chat-streaming-configuration",
            &format!("StreamingEndpointArn={}", of(&stack.outputs, "TopicArn")),
            "--client-token",
            &contact,
        ])?;
        let answer = aws.ask([
            "connectparticipant",
            "create-participant-connection",
            "--type",
            "CONNECTION_CREDENTIALS",
            "--connect-participant",
            "--participant-token",
            &participant,
        ])?;
        Ok(Self { aws, token: text(&answer, "/ConnectionCredentials/ConnectionToken") })
    }

    /// The greeting, and an answer to a message.
    fn hold(&mut self, seconds: u32, pause: &mut dyn FnMut()) -> Result<(), String> {
        let greeted = self.wait_for(1, seconds, pause)?;
        if greeted == 0 {
            return Err(format!(
                "the bot did not greet in {seconds} s: look at the errors of start-bot, and at the flow's log"
            ));
        }
        let sent = self.aws.ask([
            "connectparticipant",
            "send-message",
            "--content-type",
            "text/plain",
            "--content",
            MESSAGE,
            "--connection-token",
            &self.token,
        ]);
        sent.map_err(|error| format!("the message was not taken: {error}"))?;
        if self.wait_for(greeted + 1, seconds, pause)? <= greeted {
            return Err(format!(
                "the bot greeted, but did not answer in {seconds} s: look at the topic's policy, the queue and chat-bot's errors"
            ));
        }
        Ok(())
    }

    /// How many messages of the bot there are, once there are this many, or the time is up.
    fn wait_for(&self, wanted: usize, seconds: u32, pause: &mut dyn FnMut()) -> Result<usize, String> {
        let mut count = 0;
        for _ in 0..seconds.max(1) {
            let answer = self.aws.ask([
                "connectparticipant",
                "get-transcript",
                "--max-results",
                "100",
                "--connection-token",
                &self.token,
            ]);
            let answer = answer.map_err(|error| format!("the transcript could not be read: {error}"))?;
            count = items(&answer, "Transcript").filter(|item| is_the_bots(item)).count();
            if count >= wanted {
                break;
            }
            pause();
        }
        Ok(count)
    }

    fn leave(&self) -> Result<(), AwsError> {
        self.aws.ask(["connectparticipant", "disconnect-participant", "--connection-token", &self.token]).map(drop)
    }
}

fn is_the_bots(item: &Value) -> bool {
    text(item, "/ParticipantRole") == "CUSTOM_BOT" && text(item, "/Type") == "MESSAGE"
}
