//! The bot's ports behind the gate that the wire's calls pass: what is slow, throttled or lost over HTTP is so for the bot in
//! this process as well. So is a flow's call of a function (`lambda` `Invoke`), and what a contact publishes (`sns` `Publish`).

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use relevo_bot::ports::{Agent, AgentError, AgentEvent, Chat, ChatError, Connection, Participant, Question, Token};
use relevo_connect::{
    item::Role,
    ports::{FunctionError, Functions, Stream, StreamError, TimeLimit},
    stream::Notification,
};
use relevo_wire::{Broken, Gate, exceptions::Exception, faults::Called, quotas::Quotas};
use serde_json::Value;

use super::system::System;

/// The quotas of a new account, by this machine's clock.
pub(crate) fn quotas() -> Quotas {
    Quotas::new(Arc::new(System))
}

/// A port behind the gate.
#[derive(Clone)]
pub(super) struct Gated<P> {
    pub(super) port: P,
    pub(super) gate: Gate,
}

/// A call of the bot.
fn bots(service: &'static str, operation: &'static str) -> Called {
    Called { service, operation, role: Some(Role::CustomBot) }
}

/// A call of nobody's in a chat.
fn nobodys(service: &'static str, operation: &'static str) -> Called {
    Called { service, operation, role: None }
}

/// As the adapter of AWS reads an answer of the chat service.
fn chat_error(broken: Broken) -> ChatError {
    let Broken::Refused(exception) = broken else { return ChatError::Unavailable("no answer".into()) };
    match exception.status().as_u16() {
        429 => ChatError::Throttled,
        403 => ChatError::AccessDenied,
        404 | 410 => ChatError::NotFound,
        402 | 409 => ChatError::Conflict,
        500.. => ChatError::Unavailable(exception.name()),
        _ => ChatError::Invalid(exception.name()),
    }
}

fn agent_error(broken: Broken) -> AgentError {
    let Broken::Refused(exception) = broken else { return AgentError::Unavailable("no answer".into()) };
    match exception.status().as_u16() {
        429 => AgentError::Throttled,
        409 | 424 | 500.. => AgentError::Unavailable(exception.name()),
        _ => AgentError::Refused(exception.name()),
    }
}

/// Connect invokes a throttled or failing function again, and takes the error branch at once for any other refusal.
fn function_error(broken: Broken) -> FunctionError {
    let passing = |exception: &Exception| exception.is_throttle() || exception.status().is_server_error();
    match broken {
        Broken::Unanswered => FunctionError::TimedOut,
        Broken::Refused(exception) if !passing(&exception) => FunctionError::Failed(exception.name()),
        Broken::Refused(exception) => FunctionError::Retryable(exception.name()),
        Broken::Lost => FunctionError::Retryable("the answer was lost".into()),
    }
}

#[async_trait]
impl<P: Chat> Chat for Gated<P> {
    async fn create_participant(
        &self,
        instance_id: &str,
        contact_id: &str,
        display_name: &str,
        client_token: &str,
    ) -> Result<Participant, ChatError> {
        let call = self.port.create_participant(instance_id, contact_id, display_name, client_token);
        self.gate.through(bots("connect", "CreateParticipant"), chat_error, call).await
    }

    async fn create_connection(&self, participant_token: &Token) -> Result<Connection, ChatError> {
        let call = self.port.create_connection(participant_token);
        self.gate.through(bots("connectparticipant", "CreateParticipantConnection"), chat_error, call).await
    }

    async fn start_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, ChatError> {
        let call = self.port.start_streaming(instance_id, contact_id, topic_arn, client_token);
        self.gate.through(bots("connect", "StartContactStreaming"), chat_error, call).await
    }

    async fn stop_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), ChatError> {
        let call = self.port.stop_streaming(instance_id, contact_id, streaming_id);
        self.gate.through(bots("connect", "StopContactStreaming"), chat_error, call).await
    }

    async fn send_message(
        &self,
        connection_token: &Token,
        content_type: &str,
        content: &str,
        client_token: &str,
    ) -> Result<(), ChatError> {
        let call = self.port.send_message(connection_token, content_type, content, client_token);
        self.gate.through(bots("connectparticipant", "SendMessage"), chat_error, call).await
    }

    async fn send_typing(&self, connection_token: &Token) -> Result<(), ChatError> {
        let call = self.port.send_typing(connection_token);
        self.gate.through(bots("connectparticipant", "SendEvent"), chat_error, call).await
    }

    async fn update_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        let call = self.port.update_attributes(instance_id, initial_contact_id, attributes);
        self.gate.through(bots("connect", "UpdateContactAttributes"), chat_error, call).await
    }

    async fn transcript(&self, connection_token: &Token) -> Result<Vec<Value>, ChatError> {
        let call = self.port.transcript(connection_token);
        self.gate.through(bots("connectparticipant", "GetTranscript"), chat_error, call).await
    }

    async fn disconnect(&self, connection_token: &Token, client_token: &str) -> Result<(), ChatError> {
        let call = self.port.disconnect(connection_token, client_token);
        self.gate.through(bots("connectparticipant", "DisconnectParticipant"), chat_error, call).await
    }
}

#[async_trait]
impl<P: Agent> Agent for Gated<P> {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        let call = self.port.ask(question);
        self.gate.through(bots("bedrock-agent-runtime", "InvokeAgent"), agent_error, call).await
    }

    fn goes_on(&self) -> bool {
        self.port.goes_on()
    }

    fn allowed(&self, words: &str) -> Option<String> {
        self.port.allowed(words)
    }

    async fn forget(&self, session_id: &str) {
        self.port.forget(session_id).await;
    }
}

#[async_trait]
impl<P: Functions> Functions for Gated<P> {
    fn can_process(&self, arn: &str) -> bool {
        self.port.can_process(arn)
    }

    async fn invoke(&self, arn: &str, event: Value, limit: &TimeLimit) -> Result<Value, FunctionError> {
        let verdict = self.gate.next(nobodys("lambda", "Invoke"));
        // A function that is made slow is slow.
        if !verdict.is_harmless() {
            limit.begin();
        }
        verdict.through(function_error, self.port.invoke(arn, event, limit)).await
    }
}

#[async_trait]
impl<P: Stream> Stream for Gated<P> {
    async fn publish(&self, topic_arn: &str, notification: Notification) -> Result<(), StreamError> {
        let broken = |broken| StreamError(format!("{broken:?}"));
        let call = self.port.publish(topic_arn, notification);
        self.gate.through(nobodys("sns", "Publish"), broken, call).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use relevo_wire::{
        exceptions::exceptions,
        faults::{Faults, Rules},
    };

    use super::*;

    fn refused(service: &str, operation: &str, name: &str) -> Broken {
        let found = exceptions(service, operation).into_iter().find(|it| it.name() == name);
        Broken::Refused(found.unwrap())
    }

    #[test]
    fn the_bot_reads_a_fault_as_it_would_at_aws() {
        for (operation, name, expected) in [
            ("CreateParticipant", "ThrottlingException", ChatError::Throttled),
            ("StartContactStreaming", "LimitExceededException", ChatError::Throttled),
            ("CreateParticipant", "ConflictException", ChatError::Conflict),
            ("CreateParticipant", "ServiceQuotaExceededException", ChatError::Conflict),
            ("CreateParticipant", "ResourceNotFoundException", ChatError::NotFound),
            (
                "StopContactStreaming",
                "InternalServiceException",
                ChatError::Unavailable("InternalServiceException".into()),
            ),
            (
                "UpdateContactAttributes",
                "InvalidParameterException",
                ChatError::Invalid("InvalidParameterException".into()),
            ),
        ] {
            assert_eq!(chat_error(refused("connect", operation, name)), expected, "{operation} {name}");
        }
        assert!(chat_error(Broken::Lost).is_passing() && chat_error(Broken::Unanswered).is_passing());
    }

    #[test]
    fn connect_tries_a_function_again_only_where_that_may_help() {
        let error = |name| function_error(refused("lambda", "Invoke", name));
        assert!(matches!(error("TooManyRequestsException"), FunctionError::Retryable(_)));
        assert!(matches!(error("ServiceException"), FunctionError::Retryable(_)));
        assert!(matches!(error("ResourceNotFoundException"), FunctionError::Failed(_)));
        assert!(matches!(function_error(Broken::Unanswered), FunctionError::TimedOut));
    }

    /// No call of a function gets through.
    struct NoRoom;

    #[async_trait]
    impl Functions for NoRoom {
        fn can_process(&self, _: &str) -> bool {
            false
        }

        async fn invoke(&self, _: &str, _: Value, _: &TimeLimit) -> Result<Value, FunctionError> {
            std::future::pending().await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_flow_waits_for_room_and_not_for_a_function_that_faults_make_slow() {
        for (rules, over) in
            [("[]", false), ("[{service: lambda, latency: 1}]", true), ("[{service: lambda, hang: 600000}]", true)]
        {
            let faults = Faults::new(Rules::parse(&format!("rules: {rules}")).unwrap());
            let functions = Gated { port: NoRoom, gate: Gate { faults, ..Gate::default() } };
            let limit = TimeLimit::new(Duration::from_secs(8));
            let call = limit.within(functions.invoke("start-bot", Value::Null, &limit));
            let ended = tokio::time::timeout(Duration::from_mins(1), call).await;
            assert_eq!(ended.is_ok_and(|outcome| outcome.is_none()), over, "{rules}");
        }
    }
}
