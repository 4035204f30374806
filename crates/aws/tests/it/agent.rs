//! `InvokeAgent`: event-stream frames as the service sends them, and the request that goes out.

use std::time::Duration;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use futures_util::StreamExt as _;
use relevo_aws::BedrockAgent;
use relevo_bot::ports::{
    Agent, AgentError, AgentEvent, Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, Question,
    RequestBody, ResultState,
};
use serde_json::{Value, json};

use crate::connector::{Answer, Scripted, clients};

type Events = Vec<Result<AgentEvent, AgentError>>;

fn frame(kind: &'static str, name: &'static str, payload: &Value) -> Vec<u8> {
    let text = |text: &'static str| HeaderValue::String(text.into());
    let (message_type, type_header) =
        if kind == "exception" { ("exception", ":exception-type") } else { ("event", ":event-type") };
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(Header::new(type_header, text(name)))
        .add_header(Header::new(":content-type", text("application/json")))
        .add_header(Header::new(":message-type", text(message_type)));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

/// Bytes as base64, the three at a time that the tests need.
fn chunk(base64: &str) -> Vec<u8> {
    frame("event", "chunk", &json!({"bytes": base64}))
}

fn exception(name: &'static str) -> Vec<u8> {
    frame("exception", name, &json!({"message": "mi RUT es 12.345.678-5"}))
}

fn ok(frames: &[Vec<u8>]) -> Answer {
    Answer::Http(200, "", frames.concat())
}

fn agent(script: &Scripted) -> BedrockAgent {
    BedrockAgent::new(&clients(script.clone()), "AGENT", "ALIAS", Duration::from_mins(1), true)
}

fn question(input: Input) -> Question {
    Question {
        session_id: "session-1".into(),
        input,
        session_attributes: [("contactId".to_owned(), "c".to_owned())].into(),
        prompt_session_attributes: [("language".to_owned(), "es".to_owned())].into(),
        end_session: false,
    }
}

async fn ask(script: &Scripted) -> Events {
    match agent(script).ask(question(Input::Text("¿Dónde está mi pedido?".into()))).await {
        Ok(answer) => answer.collect().await,
        Err(error) => vec![Err(error)],
    }
}

async fn heard(frames: &[Vec<u8>]) -> Events {
    ask(&Scripted::new([ok(frames), ok(frames)])).await
}

#[tokio::test]
async fn an_answer_in_chunks_that_cut_a_character() {
    // "¡Hola" with its first character cut in two.
    let events = heard(&[chunk("wg=="), chunk("oUhvbGE=")]).await;
    assert_eq!(events, [Ok(AgentEvent::Chunk(vec![0xc2])), Ok(AgentEvent::Chunk(b"\xa1Hola".to_vec()))]);
}

#[tokio::test]
async fn a_frame_that_another_sdk_reads() {
    let hex = include_str!("frame.hex");
    let bytes: Vec<u8> = hex
        .trim()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    assert_eq!(heard(&[bytes]).await, [Ok(AgentEvent::Chunk("¡Hola! ¿En qué te ayudo?".into()))]);
}

#[tokio::test]
async fn what_is_not_an_answer_is_skipped() {
    let trace =
        frame("event", "trace", &json!({"sessionId": "s", "trace": {"failureTrace": {"failureReason": "mi secreto"}}}));
    let files = frame("event", "files", &json!({"files": [{"name": "a.csv", "type": "text/csv", "bytes": "YQ=="}]}));
    let new = frame("event", "somethingNew", &json!({"x": [1]}));
    let events = heard(&[trace, new, files, chunk("YQ==")]).await;
    // That something failed is told, and not why.
    let failed = Ok(AgentEvent::Trace(json!({"trace": {"failureTrace": {}}})));
    assert_eq!(events, [failed, Ok(AgentEvent::Chunk(b"a".to_vec()))]);
}

#[tokio::test]
async fn calls_are_told_without_what_was_said() {
    let part = |input: Value| {
        frame(
            "event",
            "trace",
            &json!({"agentId": "A", "sessionId": "s", "collaboratorName": "orders",
            "trace": {"orchestrationTrace": {"invocationInput": input}}}),
        )
    };
    let function = json!({"invocationType": "ACTION_GROUP", "traceId": "t", "actionGroupInvocationInput":
        {"actionGroupName": "Orders", "function": "getOrderStatus", "executionType": "LAMBDA",
            "parameters": [{"name": "n", "type": "string", "value": "mi secreto"}]}});
    let operation =
        json!({"actionGroupInvocationInput": {"actionGroupName": "O", "verb": "get", "apiPath": "/o/{id}"}});
    let lookup = json!({"knowledgeBaseLookupInput": {"knowledgeBaseId": "K", "text": "mi secreto"}});
    let send =
        json!({"agentCollaboratorInvocationInput": {"agentCollaboratorName": "x", "input": {"text": "mi secreto"}}});
    let events = heard(&[part(function), part(operation), part(lookup), part(send), chunk("YQ==")]).await;
    let told = |input: Value| {
        Ok(AgentEvent::Trace(json!({"agentId": "A", "collaboratorName": "orders",
            "trace": {"orchestrationTrace": {"invocationInput": input}}})))
    };
    assert_eq!(
        events,
        [
            told(json!({"actionGroupInvocationInput":
                {"actionGroupName": "Orders", "function": "getOrderStatus", "executionType": "LAMBDA"}})),
            told(json!({"actionGroupInvocationInput": {"actionGroupName": "O", "verb": "get", "apiPath": "/o/{id}"}})),
            told(json!({"knowledgeBaseLookupInput": {}})),
            Ok(AgentEvent::Chunk(b"a".to_vec())),
        ]
    );
}

#[tokio::test]
async fn a_test_sees_arguments_results_and_who_is_at_work() {
    let part = |trace: Value| {
        let part = json!({"agentId": "A", "sessionId": "s", "collaboratorName": "orders", "trace": trace});
        frame("event", "trace", &part)
    };
    let parameter = |name: &str, value: &str| json!({"name": name, "type": "string", "value": value});
    let call = json!({"actionGroupName": "Orders", "function": "getOrderStatus", "executionType": "LAMBDA",
        "parameters": [parameter("n", "7")]});
    let operation = json!({"actionGroupName": "O", "verb": "post", "apiPath": "/o", "executionType": "RETURN_CONTROL",
        "invocationId": "i", "requestBody": {"content": {"application/json": [parameter("m", "8")]}}});
    let input =
        |input: &Value| json!({"orchestrationTrace": {"invocationInput": {"actionGroupInvocationInput": input}}});
    let output = json!({"orchestrationTrace": {"observation": {"actionGroupInvocationOutput": {"text": "{}"}}}});
    let frames = [
        part(json!({"routingClassifierTrace": {"modelInvocationInput": {"text": "mi secreto"}}})),
        part(input(&call)),
        part(output.clone()),
        part(input(&operation)),
        chunk("YQ=="),
    ];
    let script = Scripted::new([ok(&frames)]);
    let answer = agent(&script).whole_traces().ask(question(Input::Text("hola".into()))).await.unwrap();
    let events: Events = answer.collect().await;
    let told =
        |trace: Value| Ok(AgentEvent::Trace(json!({"agentId": "A", "collaboratorName": "orders", "trace": trace})));
    let sent = json!({"actionGroupName": "O", "verb": "post", "apiPath": "/o", "executionType": "RETURN_CONTROL",
        "invocationId": "i", "parameters": [parameter("m", "8")]});
    let wanted =
        [told(json!({})), told(input(&call)), told(output), told(input(&sent)), Ok(AgentEvent::Chunk(b"a".to_vec()))];
    assert_eq!(events, wanted);
}

#[tokio::test]
async fn a_test_sees_what_an_answer_stands_on() {
    let citation = json!({
        "generatedResponsePart": {"textResponsePart": {"text": "a", "span": {"start": 0, "end": 0}}},
        "retrievedReferences": [{"content": {"type": "TEXT", "text": "A."}, "metadata": {"page": 2.0},
            "location": {"type": "S3", "s3Location": {"uri": "s3://b/faq.md"}}}],
    });
    let chunk = json!({"bytes": "YQ==", "attribution": {"citations": [citation]}});
    let frames = [frame("event", "chunk", &chunk), frame("event", "chunk", &json!({"bytes": "YQ=="}))];
    for whole in [true, false] {
        let script = Scripted::new([ok(&frames)]);
        let agent = if whole { agent(&script).whole_traces() } else { agent(&script) };
        let events: Events = agent.ask(question(Input::Text("hola".into()))).await.unwrap().collect().await;
        let said = || Ok(AgentEvent::Chunk(b"a".to_vec()));
        match events.as_slice() {
            [one, Ok(AgentEvent::Citations(citations)), other] if whole => {
                assert_eq!((one, other, citations), (&said(), &said(), &json!([citation])));
            }
            events => assert_eq!((whole, events), (false, [said(), said()].as_slice())),
        }
    }
}

#[tokio::test]
async fn traces_are_asked_for_unless_they_are_switched_off() {
    for traced in [true, false] {
        let script = Scripted::new([ok(&[chunk("YQ==")])]);
        let agent = if traced { agent(&script) } else { agent(&script).untraced() };
        let answer = agent.ask(question(Input::Text("hola".into()))).await.unwrap();
        assert_eq!(answer.count().await, 1);
        assert_eq!(script.sent()[0].body["enableTrace"], traced);
    }
}

#[tokio::test]
async fn after_a_call_a_refusal_is_not_asked_around() {
    let call = json!({"actionGroupInvocationInput": {"actionGroupName": "A", "function": "f"}});
    let trace = frame("event", "trace", &json!({"trace": {"orchestrationTrace": {"invocationInput": call}}}));
    let script = Scripted::new([ok(&[trace, exception("validationException")]), ok(&[chunk("YQ==")])]);
    let events = ask(&script).await;
    assert!(matches!(events.as_slice(), [Ok(AgentEvent::Trace(_)), Err(AgentError::Refused(_))]), "{events:?}");
    assert_eq!(script.sent().len(), 1, "the function has been called: not again");
}

#[tokio::test]
async fn control_is_returned_for_functions_and_operations() {
    let inputs = json!([
        {"functionInvocationInput": {"actionGroup": "Escalation", "actionInvocationType": "RESULT",
            "agentId": "ORXFDFEY5N", "collaboratorName": "escalation", "function": "escalate", "parameters": [
                {"name": "identity_document_number", "type": "string", "value": "12345678-9"},
                {"name": "description", "type": "string", "value": "Pedido con 220 días de retraso"},
                {"type": "string", "value": "no name"}, {"name": "empty", "type": "string"}]}},
        {"apiInvocationInput": {"actionGroup": "Orders", "actionInvocationType": "USER_CONFIRMATION_AND_RESULT",
            "apiPath": "/orders/{id}", "httpMethod": "post", "parameters": [{"name": "id", "value": "7"}],
            "requestBody": {"content": {"application/json": {"properties": [{"name": "note", "value": "x"}]}}}}},
        {"functionInvocationInput": {"actionGroup": "A", "actionInvocationType": "USER_CONFIRMATION", "function": "f"}}]);
    let control = frame("event", "returnControl", &json!({"invocationId": "inv-1", "invocationInputs": inputs}));
    let events = heard(&[chunk("YQ=="), control, chunk("Yg==")]).await;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let wanted = vec![
        FunctionInput {
            action_group: "Escalation".into(),
            function: "escalate".into(),
            agent_id: Some("ORXFDFEY5N".into()),
            collaborator_name: Some("escalation".into()),
            parameters: vec![
                pair("identity_document_number", "12345678-9"),
                pair("description", "Pedido con 220 días de retraso"),
                pair("empty", ""),
            ],
            body: None,
            confirmation: Confirmation::NotNeeded,
        },
        FunctionInput {
            action_group: "Orders".into(),
            function: "POST /orders/{id}".into(),
            agent_id: None,
            collaborator_name: None,
            parameters: vec![pair("id", "7")],
            body: Some(RequestBody { content_type: "application/json".into(), properties: vec![pair("note", "x")] }),
            confirmation: Confirmation::AskAndRun,
        },
        FunctionInput {
            action_group: "A".into(),
            function: "f".into(),
            agent_id: None,
            collaborator_name: None,
            parameters: Vec::new(),
            body: None,
            confirmation: Confirmation::Ask,
        },
    ];
    let control = AgentEvent::ReturnControl { invocation_id: "inv-1".into(), inputs: wanted };
    assert_eq!(events, [Ok(AgentEvent::Chunk(b"a".to_vec())), Ok(control)], "the stream ends with it");
}

#[tokio::test]
async fn control_returned_for_nothing_that_can_be_done_is_a_failure() {
    for payload in [
        json!({"invocationId": "i", "invocationInputs": []}),
        json!({"invocationInputs": [{"functionInvocationInput": {"actionGroup": "A", "function": "f"}}]}),
        json!({"invocationId": "i", "invocationInputs": [{"functionInvocationInput": {"actionGroup": "A"}}]}),
        json!({"invocationId": "i", "invocationInputs": [{"apiInvocationInput": {"actionGroup": "A", "apiPath": "/x"}}]}),
        json!({"invocationId": "i", "invocationInputs": [{"somethingNew": {"actionGroup": "A"}}]}),
    ] {
        let events = heard(&[frame("event", "returnControl", &payload)]).await;
        assert!(matches!(events.as_slice(), [Err(AgentError::Unavailable(_))]), "{payload}: {events:?}");
    }
}

#[tokio::test]
async fn exceptions_in_the_middle_of_the_stream() {
    let refused = |name: &str| AgentError::Refused(format!("{name} in the stream"));
    let passing = |name: &str| AgentError::Unavailable(format!("{name} in the stream"));
    let table = [
        ("throttlingException", AgentError::Throttled),
        ("serviceQuotaExceededException", AgentError::Throttled),
        ("accessDeniedException", refused("accessDeniedException")),
        ("validationException", refused("validationException")),
        ("resourceNotFoundException", refused("resourceNotFoundException")),
        ("internalServerException", passing("internalServerException")),
        ("badGatewayException", passing("badGatewayException")),
        ("dependencyFailedException", passing("dependencyFailedException")),
        ("modelNotReadyException", passing("modelNotReadyException")),
        ("conflictException", passing("conflictException")),
        ("somethingNewException", passing("an exception")),
    ];
    for (name, wanted) in table {
        let events = heard(&[chunk("YQ=="), exception(name), chunk("Yg==")]).await;
        assert_eq!(events, [Ok(AgentEvent::Chunk(b"a".to_vec())), Err(wanted)], "{name}");
    }
}

#[tokio::test]
async fn a_stream_that_ends_too_early_is_a_failure() {
    let whole = chunk("aG9sYQ==");
    let cut = whole[..whole.len() - 5].to_vec();
    let mut broken = whole.clone();
    *broken.last_mut().unwrap() ^= 1;
    for frames in [vec![], vec![frame("event", "trace", &json!({}))], vec![cut.clone()], vec![broken]] {
        let events = heard(&frames).await;
        assert!(matches!(events.as_slice(), [Err(AgentError::Unavailable(_))]), "{events:?}");
    }
    let events = heard(&[whole, cut]).await;
    assert!(matches!(events.as_slice(), [Ok(_), Err(AgentError::Unavailable(_))]), "{events:?}");
}

#[tokio::test]
async fn refusals_before_the_stream() {
    let unavailable = |text: &str| AgentError::Unavailable(text.into());
    let table = [
        (429, "ThrottlingException", AgentError::Throttled),
        (400, "ServiceQuotaExceededException", AgentError::Throttled),
        (409, "ConflictException", unavailable("ConflictException (409)")),
        (424, "DependencyFailedException", unavailable("DependencyFailedException (424)")),
        (424, "ModelNotReadyException", unavailable("ModelNotReadyException (424)")),
        (502, "BadGatewayException", unavailable("BadGatewayException (502)")),
        (500, "InternalServerException", unavailable("InternalServerException (500)")),
    ];
    for (status, name, wanted) in table {
        let script = Scripted::new([Answer::json(status, name, &json!({"message": "mi RUT"}))]);
        assert_eq!(ask(&script).await, [Err(wanted)]);
        assert_eq!(script.sent().len(), 1, "{name}: one attempt");
    }
    let script = Scripted::new([Answer::Broken]);
    assert_eq!(ask(&script).await, [Err(unavailable("no connection"))]);
}

#[tokio::test]
async fn streaming_is_asked_for_until_the_agent_refuses_it() {
    let refusals = [
        Answer::json(400, "ValidationException", &json!({"message": "streaming is not supported"})),
        ok(&[exception("accessDeniedException")]),
    ];
    for refusal in refusals {
        let script = Scripted::new([refusal, ok(&[chunk("YQ==")]), ok(&[chunk("Yg==")])]);
        let agent = agent(&script);
        for word in ["a", "b"] {
            let answer = agent.ask(question(Input::Text("hola".into()))).await.unwrap();
            let events: Events = answer.collect().await;
            assert_eq!(events, [Ok(AgentEvent::Chunk(word.into()))]);
        }
        let asked: Vec<_> =
            script.sent().iter().map(|it| it.body["streamingConfigurations"]["streamFinalResponse"] == true).collect();
        assert_eq!(asked, [true, false, false]);
    }
}

#[tokio::test]
async fn a_question_that_is_refused_either_way_leaves_streaming_on() {
    let refusal = || Answer::json(403, "AccessDeniedException", &json!({"message": "no"}));
    let script = Scripted::new([refusal(), refusal(), ok(&[chunk("YQ==")])]);
    let agent = agent(&script);
    let text = || question(Input::Text("hola".into()));
    assert!(matches!(agent.ask(text()).await.err(), Some(AgentError::Refused(_))));
    let _: Events = agent.ask(text()).await.unwrap().collect().await;
    assert_eq!(script.sent()[2].body["streamingConfigurations"]["streamFinalResponse"], true);
}

#[tokio::test]
async fn the_question_goes_out_in_bedrock_s_shape() {
    let script = Scripted::new([ok(&[chunk("YQ==")])]);
    let _ = ask(&script).await;
    let sent = script.sent().remove(0);
    assert_eq!(sent.path, "/agents/AGENT/agentAliases/ALIAS/sessions/session-1/text");
    let wanted = json!({
        "inputText": "¿Dónde está mi pedido?",
        "enableTrace": true,
        "endSession": false,
        "sessionState": {"sessionAttributes": {"contactId": "c"}, "promptSessionAttributes": {"language": "es"}},
        "streamingConfigurations": {"streamFinalResponse": true}});
    assert_eq!(sent.body, wanted);
}

#[tokio::test]
async fn results_go_back_with_who_asked_and_how_it_went() {
    let result = |function: &str, state, confirmation| FunctionResult {
        action_group: "G".into(),
        function: function.into(),
        agent_id: Some("COLLAB".into()),
        body: "{\"a\":1}".into(),
        state,
        confirmation,
    };
    let results = vec![
        result("getOrder", ResultState::Done, None),
        result("getOrder", ResultState::Failure, Some(ConfirmationAnswer::Confirm)),
        result("POST /orders/{id}", ResultState::Reprompt, Some(ConfirmationAnswer::Deny)),
        result("GET /orders", ResultState::Done, None),
    ];
    let script = Scripted::new([ok(&[chunk("YQ==")])]);
    let input = Input::Results { invocation_id: "inv-1".into(), results };
    let answer = agent(&script).ask(question(input)).await.unwrap();
    let _: Events = answer.collect().await;
    let body = script.sent().remove(0).body;
    assert_eq!(body.get("inputText"), None);
    let state = &body["sessionState"];
    assert_eq!(state["invocationId"], "inv-1");
    let text = json!({"TEXT": {"body": "{\"a\":1}"}});
    let api = json!({"application/json": {"body": "{\"a\":1}"}});
    let wanted = json!([
        {"functionResult": {"actionGroup": "G", "function": "getOrder", "agentId": "COLLAB", "responseBody": text}},
        {"functionResult": {"actionGroup": "G", "function": "getOrder", "agentId": "COLLAB", "responseBody": text,
            "responseState": "FAILURE", "confirmationState": "CONFIRM"}},
        {"apiResult": {"actionGroup": "G", "httpMethod": "POST", "apiPath": "/orders/{id}", "agentId": "COLLAB",
            "httpStatusCode": 400, "responseState": "REPROMPT", "confirmationState": "DENY", "responseBody": api}},
        {"apiResult": {"actionGroup": "G", "httpMethod": "GET", "apiPath": "/orders", "agentId": "COLLAB",
            "httpStatusCode": 200, "responseBody": api}}]);
    assert_eq!(state["returnControlInvocationResults"], wanted);
}

#[tokio::test(start_paused = true)]
async fn forgetting_ends_the_session_asks_nothing_and_waits_for_nobody() {
    let script = Scripted::new([ok(&[chunk("YQ==")]), Answer::Silence, Answer::Broken]);
    let agent = agent(&script);
    for _ in 0..3 {
        let begin = tokio::time::Instant::now();
        agent.forget("session-1").await;
        assert!(begin.elapsed() <= Duration::from_secs(2));
    }
    let sent = script.sent();
    assert_eq!((sent.len(), sent[0].body.get("inputText"), &sent[0].body["endSession"]), (3, None, &json!(true)));
}
