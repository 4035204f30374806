//! `ConverseStream`: frames as the service sends them, split anywhere, and a service that fails before and within them.

use std::time::Duration;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message as Frame};
use proptest::prelude::*;
use relevo_agents::{
    definition::{
        agent::{Agent, GuardrailConfiguration},
        models::{BedrockChoice, InferenceConfiguration},
    },
    model::{
        Content, Message, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Role, Speech, ToolKind,
        ToolSpec, ToolUse, Usage,
    },
};
use relevo_aws::ConverseModel;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::connector::{Answer, Scripted, clients};

fn frame(kind: &'static str, name: &'static str, payload: &Value) -> Vec<u8> {
    let text = |text: &'static str| HeaderValue::String(text.into());
    let of_type = if kind == "exception" { ":exception-type" } else { ":event-type" };
    let message = Frame::new(payload.to_string().into_bytes())
        .add_header(Header::new(of_type, text(name)))
        .add_header(Header::new(":content-type", text("application/json")))
        .add_header(Header::new(":message-type", text(kind)));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn event(name: &'static str, payload: &Value) -> Vec<u8> {
    frame("event", name, payload)
}

fn exception(name: &'static str) -> Vec<u8> {
    frame("exception", name, &json!({"message": "mi secreto"}))
}

fn text(index: u32, piece: &str) -> Vec<u8> {
    event("contentBlockDelta", &json!({"delta": {"text": piece}, "contentBlockIndex": index}))
}

fn begin(index: u32, id: &str, name: &str) -> Vec<u8> {
    let start = json!({"toolUse": {"toolUseId": id, "name": name}});
    event("contentBlockStart", &json!({"start": start, "contentBlockIndex": index}))
}

fn input(index: u32, piece: &str) -> Vec<u8> {
    event("contentBlockDelta", &json!({"delta": {"toolUse": {"input": piece}}, "contentBlockIndex": index}))
}

fn stop(reason: &str) -> Vec<u8> {
    event("messageStop", &json!({"stopReason": reason}))
}

fn metadata() -> Vec<u8> {
    event(
        "metadata",
        &json!({"usage": {"inputTokens": 18, "outputTokens": 77, "totalTokens": 495, "cacheReadInputTokens": 400,
            "cacheWriteInputTokens": 0}, "metrics": {"latencyMs": 1275}}),
    )
}

/// An answer with reasoning, a text and two calls whose inputs come in pieces.
fn whole() -> Vec<Vec<u8>> {
    let reasoning = json!({"delta": {"reasoningContent": {"text": "hm"}}, "contentBlockIndex": 0});
    vec![
        event("messageStart", &json!({"role": "assistant"})),
        event("contentBlockDelta", &reasoning),
        event("contentBlockStop", &json!({"contentBlockIndex": 0})),
        text(1, "Déja"),
        text(1, "me ver 📦."),
        event("contentBlockStop", &json!({"contentBlockIndex": 1})),
        begin(2, "tooluse_1", "Orders__getOrderStatus"),
        input(2, ""),
        input(2, "{\"order_num"),
        input(2, "ber\": \"10020030\", \"n\": [1"),
        input(2, ".5, null]}"),
        event("contentBlockStop", &json!({"contentBlockIndex": 2})),
        begin(3, "tooluse_2", "f"),
        event("contentBlockStop", &json!({"contentBlockIndex": 3})),
        event("somethingNew", &json!({"x": 1})),
        stop("tool_use"),
        metadata(),
    ]
}

fn call(id: &str, name: &str, input: Value) -> Content {
    Content::ToolUse(ToolUse { tool_use_id: id.into(), name: name.into(), input })
}

fn said(text: &str) -> Content {
    Content::Text(text.into())
}

fn request() -> ModelRequest {
    let schema = json!({"type": "object", "properties": {}});
    let tool = ToolSpec { name: "f".into(), description: "d".into(), input_schema: schema, kind: ToolKind::AskUser };
    ModelRequest {
        agent_name: "orders".into(),
        model_id: None,
        system: "You look up orders.".into(),
        messages: [Message { role: Role::User, content: vec![said("mi secreto")] }].into_iter().collect(),
        purpose: Purpose::Orchestrate { tools: vec![tool] },
        language: None,
    }
}

fn choice() -> BedrockChoice {
    BedrockChoice { model_id: Some("m".into()), ..BedrockChoice::default() }
}

async fn asked(script: &Scripted) -> Result<ModelReply, ModelError> {
    ConverseModel::new(&clients(script.clone()), choice()).answer(request()).await
}

fn stream(frames: &[Vec<u8>]) -> Answer {
    Answer::Http(200, "", frames.concat())
}

fn wanted() -> Outcome {
    Outcome::Content(vec![
        said("Déjame ver 📦."),
        call("tooluse_1", "Orders__getOrderStatus", json!({"order_number": "10020030", "n": [1.5, null]})),
        call("tooluse_2", "f", json!({})),
    ])
}

#[tokio::test]
async fn an_answer_in_pieces() {
    let script = Scripted::new([stream(&whole())]);
    let reply = asked(&script).await.unwrap();
    let usage = Usage { input_tokens: 418, output_tokens: 77 };
    assert_eq!(reply, ModelReply { outcome: wanted(), usage, model: Some("m".into()) });
    assert_eq!(script.sent()[0].path, "/model/m/converse-stream");
}

#[tokio::test]
async fn what_the_settings_add() {
    let inference_configuration = InferenceConfiguration {
        maximum_length: Some(300),
        temperature: Some(0.5),
        top_p: None,
        stop_sequences: vec!["END".into()],
    };
    let guardrail = GuardrailConfiguration { guardrail_identifier: "g-1".into(), guardrail_version: "DRAFT".into() };
    let agent: Agent = serde_json::from_value(json!({"agentName": "front", "instruction": "i", "collaborators":
        [{"agentName": "orders", "instruction": "i", "guardrailConfiguration": guardrail}]}))
    .unwrap();
    for streaming in [true, false] {
        let body = json!({"output": {"message": {"role": "assistant", "content": [{"text": "a"}]}},
            "stopReason": "end_turn", "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
            "metrics": {"latencyMs": 1}});
        let answer = if streaming { stream(&[text(0, "a"), stop("end_turn")]) } else { Answer::json(200, "", &body) };
        let script = Scripted::new([answer]);
        let inference_configuration = inference_configuration.clone();
        let choice = BedrockChoice { prompt_caching: true, streaming, inference_configuration, ..choice() };
        let model = ConverseModel::new(&clients(script.clone()), choice).guarding(&agent);
        model.answer(request()).await.unwrap();
        let body = &script.sent()[0].body;
        let point = json!({"cachePoint": {"type": "default"}});
        assert_eq!(body["system"], json!([{"text": "You look up orders."}, point]));
        assert_eq!(body["toolConfig"]["tools"][1], point);
        assert_eq!(body["inferenceConfig"], json!({"maxTokens": 300, "temperature": 0.5, "stopSequences": ["END"]}));
        let guardrail = &body["guardrailConfig"];
        assert_eq!(
            (&guardrail["guardrailIdentifier"], &guardrail["guardrailVersion"]),
            (&json!("g-1"), &json!("DRAFT"))
        );
    }
    let script = Scripted::new([stream(&[text(0, "a"), stop("end_turn")])]);
    asked(&script).await.unwrap();
    let body = &script.sent()[0].body;
    assert!(["inferenceConfig", "guardrailConfig"].iter().all(|name| body.get(name).is_none()), "{body}");
    assert!(!body.to_string().contains("cachePoint"));
}

#[tokio::test]
async fn every_end_of_an_answer() {
    let table = [
        ("end_turn", Some(vec![said("Hola")])),
        ("stop_sequence", Some(vec![said("Hola")])),
        ("max_tokens", Some(vec![said("Hola")])),
        ("guardrail_intervened", Some(vec![said("Hola")])),
        ("content_filtered", Some(vec![said("Hola")])),
        ("something_new", Some(vec![said("Hola")])),
        ("malformed_model_output", Some(Vec::new())),
        ("malformed_tool_use", Some(Vec::new())),
        ("model_context_window_exceeded", None),
    ];
    for (reason, wanted) in table {
        let reply = asked(&Scripted::new([stream(&[text(0, "Hola"), stop(reason), metadata()])])).await;
        assert_eq!(reply.ok().map(|reply| reply.outcome), wanted.map(Outcome::Content), "{reason}");
    }
    let cut = [begin(0, "t", "f"), input(0, "{\"a"), stop("max_tokens")];
    assert!(matches!(asked(&Scripted::new([stream(&cut)])).await, Err(ModelError::Refused(_))));
    let blocked = [text(0, "No puedo."), begin(1, "t", "f"), input(1, "{}"), stop("guardrail_intervened")];
    let reply = asked(&Scripted::new([stream(&blocked)])).await.unwrap();
    assert_eq!(reply.outcome, Outcome::Content(vec![said("No puedo.")]), "what was stopped is not called");
    let wrong = [begin(0, "t", "f"), input(0, "{\"a\": "), stop("tool_use")];
    let reply = asked(&Scripted::new([stream(&wrong)])).await.unwrap();
    assert_eq!(reply.outcome, Outcome::Content(vec![call("t", "f", json!("{\"a\": "))]), "a wrong call, for the run");
}

#[tokio::test(start_paused = true)]
async fn failures_within_the_answer() {
    let broken = || vec![text(0, "Ho"), text(0, "la")];
    let with = |name| [broken(), vec![exception(name)]].concat();
    let garbage = || vec![text(0, "Ho"), vec![0, 0, 0, 20, 1, 2, 3]];
    let table: [(&str, Vec<Vec<u8>>, usize); 8] = [
        ("throttled: throttlingException in the stream", with("throttlingException"), 3),
        ("serviceUnavailableException in the stream", with("serviceUnavailableException"), 3),
        ("modelStreamErrorException in the stream", with("modelStreamErrorException"), 3),
        ("internalServerException in the stream", with("internalServerException"), 3),
        ("validationException in the stream", with("validationException"), 1),
        ("an exception in the stream", with("somethingNewException"), 3),
        ("the stream broke off", broken(), 3),
        ("unreadable stream", garbage(), 3),
    ];
    for (wanted, frames, times) in table {
        let script = Scripted::new((0..6).map(|_| stream(&frames)));
        let error = asked(&script).await.unwrap_err();
        assert_eq!((error.to_string().as_str(), script.sent().len()), (wanted, times));
        assert!(!format!("{error:?}").contains("secreto"));
    }
    let again = Scripted::new([stream(&with("throttlingException")), stream(&broken()), stream(&whole())]);
    assert_eq!(asked(&again).await.unwrap().outcome, wanted());
    let late = Scripted::new([stream(&[text(0, "Hola"), stop("end_turn"), exception("internalServerException")])]);
    assert_eq!(asked(&late).await.unwrap().outcome, Outcome::Content(vec![said("Hola")]), "it was complete");
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_said_while_it_is_written_and_again_only_as_long_as_nobody_reads_it() {
    for read in [false, true] {
        let broken = [text(0, "Dé"), text(0, "ja")].concat();
        let script = Scripted::new([Answer::Pieces(vec![broken]), stream(&whole())]);
        let (model, speech) = (ConverseModel::new(&clients(script.clone()), choice()), Speech::default());
        if read {
            speech.tell();
        }
        let reply = model.speak(request(), &speech).await;
        if read {
            assert_eq!((reply.is_err(), speech.text().as_str(), script.sent().len()), (true, "Déja", 1));
        } else {
            assert_eq!((reply.unwrap().outcome, speech.text().as_str()), (wanted(), "Déjame ver 📦."));
        }
    }
}

#[tokio::test]
async fn of_an_answer_that_begins_with_a_call_or_is_guarded_nothing_is_said() {
    let guardrail = GuardrailConfiguration { guardrail_identifier: "g-1".into(), guardrail_version: "DRAFT".into() };
    let agent: Agent =
        serde_json::from_value(json!({"agentName": "orders", "instruction": "i", "guardrailConfiguration": guardrail}))
            .unwrap();
    let plain = || vec![text(0, "Hola"), stop("end_turn")];
    let called = vec![begin(0, "t", "f"), input(0, "{}"), text(1, "Hola"), stop("tool_use")];
    for (frames, guarded, wanted) in [(plain(), false, "Hola"), (plain(), true, ""), (called, false, "")] {
        let model = ConverseModel::new(&clients(Scripted::new([stream(&frames)])), choice());
        let model = if guarded { model.guarding(&agent) } else { model };
        let speech = Speech::default();
        model.speak(request(), &speech).await.unwrap();
        assert_eq!(speech.text(), wanted);
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_noticed() {
    let choice = BedrockChoice { silence_ms: 3_000, ..choice() };
    for frames in [None, Some(Vec::new()), Some(vec![text(0, "Ho")])] {
        let script = Scripted::new([frames.map_or(Answer::Silence, |frames| Answer::Unending(frames.concat()))]);
        let model = ConverseModel::new(&clients(script.clone()), choice.clone());
        let began = Instant::now();
        assert!(matches!(model.answer(request()).await, Err(ModelError::TimedOut)));
        assert_eq!((began.elapsed().as_secs(), script.sent().len()), (3, 1));
    }
    let done = [text(0, "Hola"), stop("end_turn")].concat();
    let model = ConverseModel::new(&clients(Scripted::new([Answer::Unending(done)])), choice);
    let began = Instant::now();
    let reply = model.answer(request()).await.unwrap();
    assert_eq!(reply.outcome, Outcome::Content(vec![said("Hola")]));
    assert!(began.elapsed() <= Duration::from_secs(1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_split_of_the_bytes_gives_the_same_answer(sizes in proptest::collection::vec(1_usize..90, 1..80)) {
        let bytes = whole().concat();
        let mut rest = bytes.as_slice();
        let mut pieces = Vec::new();
        for size in sizes.into_iter().chain(std::iter::repeat(usize::MAX)) {
            if rest.is_empty() {
                break;
            }
            let (piece, more) = rest.split_at(size.min(rest.len()));
            pieces.push(piece.to_vec());
            rest = more;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let reply = runtime.block_on(asked(&Scripted::new([Answer::Pieces(pieces)])));
        prop_assert_eq!(reply.unwrap().outcome, wanted());
    }
}
