//! `Converse`: the request that goes out, the answers of the service as they are recorded, and its failures.

use relevo_agents::definition::models::BedrockChoice;
use relevo_agents::model::{
    Candidate, Content, Message, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Role, Route, ToolKind,
    ToolResult, ToolSpec, ToolUse, Usage,
};
use relevo_aws::ConverseModel;
use serde_json::{Value, json};

use crate::connector::{Answer, Scripted, clients};

/// Settings of a model that is asked for whole answers.
fn choice() -> BedrockChoice {
    BedrockChoice { model_id: Some("us.vendor.default-v1:0".into()), streaming: false, ..BedrockChoice::default() }
}

fn model(script: &Scripted) -> ConverseModel {
    ConverseModel::new(&clients(script.clone()), choice())
}

fn text(text: &str) -> Content {
    Content::Text(text.into())
}

fn tool() -> ToolSpec {
    ToolSpec {
        name: "Orders__getOrderStatus".into(),
        description: "Tells where an order is.".into(),
        input_schema: json!({"type": "object", "properties": {"order_number": {"type": "string"}}, "required": []}),
        kind: ToolKind::AskUser,
    }
}

/// A history with a call and its result.
fn request(purpose: Purpose) -> ModelRequest {
    let call = ToolUse { tool_use_id: "call-1".into(), name: "Orders__getOrderStatus".into(), input: json!({"n": 1}) };
    let result = ToolResult { tool_use_id: "call-1".into(), text: "{\"found\":false}".into(), error: true };
    ModelRequest {
        agent_name: "orders".into(),
        model_id: None,
        system: "You look up orders.".into(),
        messages: [
            Message { role: Role::User, content: vec![text("mi secreto")] },
            Message { role: Role::Assistant, content: vec![text("I look."), Content::ToolUse(call)] },
            Message { role: Role::User, content: vec![Content::ToolResult(result), text("¿y?")] },
        ]
        .into_iter()
        .collect(),
        purpose,
        language: Some("es".into()),
    }
}

fn orchestrate() -> ModelRequest {
    request(Purpose::Orchestrate { tools: vec![tool()] })
}

fn route(previous: Option<&str>) -> ModelRequest {
    let candidate = |name: &str| Candidate {
        name: name.into(),
        instruction: "i".into(),
        functions: Vec::new(),
        knowledge: Vec::new(),
    };
    let candidates = vec![candidate("orders"), candidate("tickets")];
    request(Purpose::Route { candidates, previous: previous.map(str::to_owned) })
}

/// The body of an answer as the API reference and recordings have it.
fn answer(stop_reason: &str, content: &Value) -> Answer {
    let body = json!({
        "metrics": {"latencyMs": 1275},
        "output": {"message": {"content": content, "role": "assistant"}},
        "stopReason": stop_reason,
        "usage": {"inputTokens": 418, "outputTokens": 77, "totalTokens": 495, "cacheReadInputTokens": 0,
            "cacheWriteInputTokens": 0, "serverToolUsage": {}},
    });
    Answer::json(200, "", &body)
}

async fn asked(request: ModelRequest, answer: Answer) -> (Result<ModelReply, ModelError>, Value, String) {
    let script = Scripted::new([answer]);
    let reply = model(&script).answer(request).await;
    let [sent] = <[_; 1]>::try_from(script.sent()).unwrap();
    (reply, sent.body, sent.path)
}

#[tokio::test]
async fn a_question_and_its_answer_with_a_call() {
    let content = json!([
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}},
        {"text": "Let me see."},
        {"toolUse": {"toolUseId": "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "name": "Orders__getOrderStatus",
            "input": {"order_number": "10020030", "count": 2, "list": [1.5, null, true]}}},
    ]);
    let (reply, body, path) = asked(orchestrate(), answer("tool_use", &content)).await;
    assert_eq!(path, "/model/us.vendor.default-v1%3A0/converse");
    assert_eq!(
        body,
        json!({
            "system": [{"text": "You look up orders."}],
            "messages": [
                {"role": "user", "content": [{"text": "mi secreto"}]},
                {"role": "assistant", "content": [{"text": "I look."}, {"toolUse":
                    {"toolUseId": "call00000", "name": "Orders__getOrderStatus", "input": {"n": 1}}}]},
                {"role": "user", "content": [{"toolResult": {"toolUseId": "call00000", "status": "error",
                    "content": [{"text": "{\"found\":false}"}]}}, {"text": "¿y?"}]},
            ],
            "toolConfig": {"tools": [{"toolSpec": {"name": "Orders__getOrderStatus",
                "description": "Tells where an order is.",
                "inputSchema": {"json": {"type": "object", "properties": {"order_number": {"type": "string"}},
                    "required": []}}}}]},
        })
    );
    let call = ToolUse {
        tool_use_id: "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q".into(),
        name: "Orders__getOrderStatus".into(),
        input: json!({"count": 2, "list": [1.5, null, true], "order_number": "10020030"}),
    };
    let content = Outcome::Content(vec![text("Let me see."), Content::ToolUse(call)]);
    let usage = Usage { input_tokens: 418, output_tokens: 77 };
    assert_eq!(reply.unwrap(), ModelReply { outcome: content, usage, model: Some("us.vendor.default-v1:0".into()) });
}

#[tokio::test]
async fn an_agents_own_model_goes_before_the_default_one() {
    let own = ModelRequest { model_id: Some("vendor.own-v2".into()), ..orchestrate() };
    let (reply, _, path) = asked(own.clone(), answer("end_turn", &json!([{"text": "a"}]))).await;
    assert_eq!(path, "/model/vendor.own-v2/converse");
    assert_eq!(reply.unwrap().model.as_deref(), Some("vendor.own-v2"));
    let script = Scripted::new([answer("end_turn", &json!([{"text": "a"}]))]);
    let further = model(&script).without_own_models();
    assert_eq!(further.model_id(&own).as_deref(), Some("us.vendor.default-v1:0"));
    further.answer(own).await.unwrap();
    assert_eq!(script.sent()[0].path, "/model/us.vendor.default-v1%3A0/converse");
    let nobody = ConverseModel::new(&clients(Scripted::default()), BedrockChoice::default());
    let error = nobody.answer(orchestrate()).await.unwrap_err();
    assert!(matches!(error, ModelError::Failed(why) if why.contains("no model")));
}

#[tokio::test]
async fn without_tools_what_was_said_is_all_that_goes_out() {
    let bare = request(Purpose::Orchestrate { tools: Vec::new() });
    let (_, body, _) = asked(bare, answer("end_turn", &json!([{"text": "a"}]))).await;
    assert_eq!(body.get("toolConfig"), None);
    assert!(!body.to_string().contains("toolUse") && !body.to_string().contains("toolResult"), "{body}");
}

#[tokio::test]
async fn routes() {
    let table = [
        (Some("orders"), "<agent>tickets</agent>", Route::Agent("tickets".into())),
        (Some("orders"), "<agent>[same]</agent>", Route::KeepPrevious),
        (None, "<agent>[undecidable]</agent>", Route::Undecidable),
        (None, "I am not sure", Route::Undecidable),
    ];
    for (previous, said, wanted) in table {
        let (reply, body, _) = asked(route(previous), answer("end_turn", &json!([{"text": said}]))).await;
        assert_eq!(reply.unwrap().outcome, Outcome::Route(wanted), "{said}");
        let system = body["system"][0]["text"].as_str().unwrap();
        assert!(system.starts_with("You look up orders.") && system.contains("<agent>[undecidable]</agent>"));
        assert_eq!(system.contains("[same]"), previous.is_some());
        assert!(body.get("toolConfig").is_none() && !body.to_string().contains("toolUse"));
    }
}

#[tokio::test]
async fn answers_that_are_cut_or_malformed() {
    let call = json!([{"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}]);
    let words = json!([{"text": "Hola"}]);
    let said = |content: Vec<Content>| Some(Outcome::Content(content));
    let table = [
        ("max_tokens", &words, said(vec![text("Hola")])),
        ("max_tokens", &call, None),
        ("guardrail_intervened", &words, said(vec![text("Hola")])),
        ("malformed_tool_use", &call, said(Vec::new())),
        ("model_context_window_exceeded", &words, None),
        ("something_new", &words, said(vec![text("Hola")])),
        ("end_turn", &json!([]), said(Vec::new())),
    ];
    for (reason, content, wanted) in table {
        let (reply, ..) = asked(orchestrate(), answer(reason, content)).await;
        assert_eq!(reply.ok().map(|reply| reply.outcome), wanted, "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_by_kind_without_what_was_said() {
    let failure = |status, name: &'static str| move || Answer::json(status, name, &json!({"message": "mi secreto"}));
    // What is thrown, how often it is asked, and what comes of it.
    let table: [(&str, &dyn Fn() -> Answer, usize); 9] = [
        ("throttled: ThrottlingException (429)", &failure(429, "ThrottlingException"), 5),
        ("throttled: ModelNotReadyException (429)", &failure(429, "ModelNotReadyException"), 5),
        ("throttled: ServiceQuotaExceededException (400)", &failure(400, "ServiceQuotaExceededException"), 1),
        ("ServiceUnavailableException (503)", &failure(503, "ServiceUnavailableException"), 5),
        ("timed out", &failure(408, "ModelTimeoutException"), 1),
        ("ModelErrorException (424)", &failure(424, "ModelErrorException"), 1),
        ("AccessDeniedException (403)", &failure(403, "AccessDeniedException"), 1),
        ("ValidationException (400)", &failure(400, "ValidationException"), 1),
        ("no connection", &|| Answer::Broken, 5),
    ];
    for (wanted, answer, asked) in table {
        let script = Scripted::new((0..8).map(|_| answer()));
        let error = model(&script).answer(orchestrate()).await.unwrap_err();
        assert_eq!(error.to_string(), wanted);
        assert_eq!(script.sent().len(), asked, "{wanted}");
        assert!(!format!("{error:?}").contains("secreto"));
    }
    let empty = Scripted::new([Answer::json(200, "", &json!({"stopReason": "end_turn"}))]);
    let error = model(&empty).answer(orchestrate()).await.unwrap_err();
    assert!(matches!(error, ModelError::Failed(why) if why == "an answer without a message"));
}
