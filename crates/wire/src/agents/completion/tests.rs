//! How streams end, and that nothing waits for what comes after it.

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use axum::body::to_bytes;
use serde_json::Value;
use tokio::sync::mpsc;

use super::*;
use crate::error::Kind;

fn error(kind: AgentErrorKind) -> AgentError {
    AgentError { kind, message: "too fast".into(), cause: None }
}

fn chunk(text: &str) -> AgentEvent {
    AgentEvent::Chunk(text.into())
}

/// The type header and the payload of every frame.
async fn frames(events: Vec<Result<AgentEvent, AgentError>>) -> Result<Vec<(String, Value)>, AwsError> {
    let body = body(stream::iter(events).boxed()).await?;
    Ok(decode(&to_bytes(body, usize::MAX).await.unwrap()))
}

fn decode(mut bytes: &[u8]) -> Vec<(String, Value)> {
    let (mut decoder, mut frames) = (MessageFrameDecoder::new(), Vec::new());
    while let DecodedFrame::Complete(message) = decoder.decode_frame(&mut bytes).unwrap() {
        let name = message.headers()[0].value().as_string().unwrap().as_str().to_owned();
        frames.push((name, serde_json::from_slice(message.payload()).unwrap()));
    }
    assert!(bytes.is_empty(), "no half frame");
    frames
}

fn names(frames: &[(String, Value)]) -> Vec<&str> {
    frames.iter().map(|(name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn an_answer_ends_after_its_chunk() {
    let events = vec![Ok(AgentEvent::Trace(json!({"trace": {}}))), Ok(chunk("a")), Ok(chunk("b"))];
    assert_eq!(names(&frames(events).await.unwrap()), ["trace", "chunk", "chunk"]);
}

#[tokio::test]
async fn a_failure_before_the_first_event_is_a_refusal() {
    let refusal = frames(vec![Err(error(AgentErrorKind::Throttling))]).await.unwrap_err();
    assert_eq!((refusal.kind, refusal.message.as_str()), (Kind::Throttling, "too fast"));
    assert_eq!(frames(vec![]).await.unwrap_err().kind, Kind::Internal);
}

#[tokio::test]
async fn a_later_failure_is_an_exception_frame_and_the_last() {
    let events = vec![Ok(chunk("a")), Err(error(AgentErrorKind::Throttling)), Ok(chunk("never"))];
    let frames = frames(events).await.unwrap();
    assert_eq!(names(&frames), ["chunk", "throttlingException"]);
    assert_eq!(frames[1].1, json!({"message": "too fast"}));
}

#[tokio::test]
async fn a_stream_without_an_answer_never_ends_as_if_it_were_complete() {
    let frames = frames(vec![Ok(AgentEvent::Trace(json!({})))]).await.unwrap();
    assert_eq!(names(&frames), ["trace", "internalServerException"]);
}

#[tokio::test]
async fn a_panic_of_the_run_is_an_exception_frame() {
    let events = stream::iter([0, 1]).map(|index| if index == 0 { Ok(chunk("a")) } else { panic!("a defect") });
    let body = body(events.boxed()).await.unwrap();
    let frames = decode(&to_bytes(body, usize::MAX).await.unwrap());
    assert_eq!(names(&frames), ["chunk", "internalServerException"]);
}

#[tokio::test]
async fn frames_go_out_one_by_one() {
    let (sender, receiver) = mpsc::unbounded_channel();
    let events = stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    sender.send(Ok(chunk("a"))).unwrap();
    let mut body = body(events.boxed()).await.unwrap().into_data_stream();
    let first = body.next().await.unwrap().unwrap();
    assert_eq!(names(&decode(&first)), ["chunk"]);
    assert!(body.next().now_or_never().is_none(), "the second has not happened yet");
    sender.send(Ok(chunk("b"))).unwrap();
    assert_eq!(names(&decode(&body.next().await.unwrap().unwrap())), ["chunk"]);
    drop(sender);
    assert!(body.next().await.is_none());
}
