//! Golden frames, checked against the decoder of botocore, and what a decoder makes of ours.

use std::fmt::Write as _;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use relevo_agents::runtime::{FunctionInvocationInput, FunctionParameter, InvocationInput, ReturnControl};

use super::*;

const CHUNK_HOLA: &str = "0000008b0000004b421ac6f20b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170706c6963\
     6174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a2277714649623278684953444376\
     3056754948463177366b676447556759586c315a47382f227d944c656f";
const CHUNK_EMPTY: &str = "000000670000004baf3eec2c0b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170706c6963\
     6174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a22227db52517f9";
const RETURN_CONTROL_ESCALATE: &str = "000001e80000005344b8809c0b3a6576656e742d7479706507000d72657475726e436f6e74726f6c0d3a636f6e74656e742d7479706507\
     00106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22696e766f636174696f6e496422\
     3a2237623735613137352d623031612d343866362d623366612d356162626264333531343964222c22696e766f636174696f6e496e7075\
     7473223a5b7b2266756e6374696f6e496e766f636174696f6e496e707574223a7b22616374696f6e47726f7570223a22457363616c6174\
     696f6e222c22616374696f6e496e766f636174696f6e54797065223a22524553554c54222c226167656e744964223a22455343414c4154\
     494f4e222c22636f6c6c61626f7261746f724e616d65223a22657363616c6174696f6e222c2266756e6374696f6e223a22657363616c61\
     7465222c22706172616d6574657273223a5b7b226e616d65223a226964656e746974795f646f63756d656e745f6e756d626572222c2274\
     797065223a22737472696e67222c2276616c7565223a2231323334353637382d39227d2c7b226e616d65223a226f726465725f6e756d62\
     6572222c2274797065223a22737472696e67222c2276616c7565223a223130303230303330227d5d7d7d5d7dfdf5e05a";
const THROTTLING: &str = "000000bf00000061cd0011620f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e\
     74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b\
     226d657373616765223a22596f75722072657175657374207261746520697320746f6f20686967682e2052656475636520746865206672\
     657175656e6379206f662072657175657374732e227df9a0caed";
const DEPENDENCY: &str = "0000010c00000067b85815360f3a657863657074696f6e2d74797065070019646570656e64656e63794661696c6564457863657074696f\
     6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7479706507000965786365\
     7074696f6e7b226d657373616765223a225468652073657276657220656e636f756e746572656420616e206572726f722070726f636573\
     73696e6720746865204c616d62646120726573706f6e73652e20436865636b20746865204c616d62646120726573706f6e736520616e64\
     207265747279207468652072657175657374222c227265736f757263654e616d65223a224c616d626461227d56daac47";

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

fn parameter(name: &str, value: &str) -> FunctionParameter {
    FunctionParameter { name: name.into(), r#type: "string".into(), value: value.into() }
}

#[test]
fn chunks_are_the_service_s_bytes() {
    let text = "¡Hola! ¿En qué te ayudo?";
    assert_eq!(hex(&event(&AgentEvent::Chunk(text.into())).unwrap()), CHUNK_HOLA);
    assert_eq!(hex(&event(&AgentEvent::Chunk(Vec::new())).unwrap()), CHUNK_EMPTY);
}

#[test]
fn return_of_control_is_the_service_s_bytes() {
    let control = ReturnControl {
        invocation_id: "7b75a175-b01a-48f6-b3fa-5abbbd35149d".into(),
        invocation_inputs: vec![InvocationInput::FunctionInvocationInput(FunctionInvocationInput {
            action_group: "Escalation".into(),
            action_invocation_type: "RESULT".into(),
            agent_id: "ESCALATION".into(),
            collaborator_name: Some("escalation".into()),
            function: "escalate".into(),
            parameters: vec![
                parameter("identity_document_number", "12345678-9"),
                parameter("order_number", "10020030"),
            ],
        })],
    };
    assert_eq!(hex(&event(&AgentEvent::ReturnControl(control)).unwrap()), RETURN_CONTROL_ESCALATE);
}

#[test]
fn exceptions_are_the_service_s_bytes() {
    let throttled = json!({"message": "Your request rate is too high. Reduce the frequency of requests."});
    assert_eq!(hex(&exception(AgentErrorKind::Throttling, &throttled).unwrap()), THROTTLING);
    let failed = json!({
        "message": "The server encountered an error processing the Lambda response. Check the Lambda response and retry the request",
        "resourceName": "Lambda",
    });
    assert_eq!(hex(&exception(AgentErrorKind::DependencyFailed, &failed).unwrap()), DEPENDENCY);
}

#[test]
fn a_long_text_goes_into_several_chunks() {
    let text = "ñ".repeat(MAX_CHUNK);
    let frames = event(&AgentEvent::Chunk(text.clone().into())).unwrap();
    let (mut decoder, mut rest, mut parts) = (MessageFrameDecoder::new(), frames.as_slice(), Vec::new());
    while let DecodedFrame::Complete(message) = decoder.decode_frame(&mut rest).unwrap() {
        let payload: Value = serde_json::from_slice(message.payload()).unwrap();
        parts.push(STANDARD.decode(payload["bytes"].as_str().unwrap()).unwrap());
    }
    assert!(rest.is_empty());
    assert_eq!(parts.len(), 2);
    assert!(parts.iter().all(|part| part.len() <= MAX_CHUNK));
    assert_eq!(parts.concat(), text.into_bytes());
}
