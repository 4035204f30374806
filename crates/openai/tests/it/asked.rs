//! What goes out: the documented request, and nothing that was not asked for.

use relevo_agents::{
    definition::models::InferenceConfiguration,
    model::{Model as _, Purpose},
};
use relevo_openai::OpenAiModel;
use serde_json::{Value, json};

use crate::{
    server::{Act, Asked, Server},
    support::{choice, of, orchestrate, request, route},
};

const ANSWER: &str = include_str!("fixtures/documented_text.sse");

#[tokio::test]
async fn the_whole_request() {
    let (server, address) = Server::serve([Act::stream(ANSWER)]).await;
    let mut choice = choice(&format!("{address}/?api-version=1"));
    choice.api_key_from = Some("SOME_KEY".into());
    let key = |name: &str| (name == "SOME_KEY").then(|| " sk-1 \n".to_owned());
    OpenAiModel::new(choice, key).unwrap().answer(orchestrate()).await.unwrap();
    let [Asked { path, headers, body }] = <[_; 1]>::try_from(server.asked()).unwrap_or_else(|_| panic!());
    assert_eq!(path, "/v1/chat/completions?api-version=1");
    assert_eq!(headers["authorization"], "Bearer sk-1");
    assert_eq!(headers["content-type"], "application/json");
    let schema = json!({"type": "object", "properties": {"order_number": {"type": "string"}}, "required": []});
    let called = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
    let wanted = json!({
        "model": "small",
        "messages": [
            {"role": "system", "content": "You look up orders."},
            {"role": "user", "content": "mi secreto"},
            {"role": "assistant", "content": "I look.", "tool_calls": [
                called("call00000", "Orders__getOrderStatus", "{\"n\":1}"), called("call00001", "functions_other", "{}"),
            ]},
            {"role": "tool", "tool_call_id": "call00001", "content": "functions.other is not a tool."},
            {"role": "tool", "tool_call_id": "call00000", "content": "{\"found\":false}"},
            {"role": "user", "content": "¿y?\n\n¿Hola?"},
        ],
        "tools": [
            {"type": "function", "function": {"name": "Orders__getOrderStatus", "parameters": schema,
                "description": "Tells where an order is."}},
            {"type": "function", "function": {"name": "user__askuser", "parameters": schema}},
        ],
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    assert_eq!(body, wanted);
}

#[tokio::test]
async fn without_a_key_none_is_sent_and_parameters_go_as_they_are_written() {
    let (server, address) = Server::serve([Act::stream(ANSWER)]).await;
    let mut choice = choice(&address);
    choice.inference_configuration = InferenceConfiguration {
        maximum_length: Some(300),
        temperature: Some(0.2),
        top_p: Some(1.0),
        stop_sequences: vec!["END".into()],
    };
    of(choice).answer(request(Purpose::Orchestrate { tools: Vec::new() })).await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.headers.get("authorization"), None);
    assert_eq!(asked.body["max_tokens"], 300);
    assert_eq!((&asked.body["temperature"], &asked.body["top_p"]), (&json!(0.2), &json!(1.0)));
    assert_eq!(asked.body["stop"], json!(["END"]));
    let messages = asked.body["messages"].to_string();
    assert!(!messages.contains("tool") && asked.body.get("tools").is_none(), "{messages}");
}

#[tokio::test]
async fn a_route_is_asked_for_in_words() {
    for previous in [None, Some("orders")] {
        let (server, address) = Server::serve([Act::stream(ANSWER)]).await;
        of(choice(&address)).answer(route(previous)).await.unwrap();
        let body = &server.asked()[0].body;
        let system = body["messages"][0]["content"].as_str().unwrap();
        assert!(system.starts_with("You look up orders.") && system.contains("<agent>[undecidable]</agent>"));
        assert_eq!(system.contains("[same]"), previous.is_some());
        assert!(body.get("tools").is_none() && !body["messages"].to_string().contains("tool_call"));
    }
}

#[tokio::test]
async fn what_an_endpoint_does_not_know_is_learned_once() {
    let refusal =
        |words: &str| Act::status(400, &json!({"error": {"message": words, "code": "unsupported"}}).to_string());
    let (server, address) = Server::serve([
        refusal("Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."),
        refusal("stream_options: Extra inputs are not permitted"),
        Act::stream(ANSWER),
        Act::stream(ANSWER),
    ])
    .await;
    let mut choice = choice(&address);
    choice.inference_configuration.maximum_length = Some(300);
    let model = of(choice);
    for _ in 0..2 {
        model.answer(orchestrate()).await.unwrap();
    }
    let has = |body: &Value, name: &str| body.get(name).is_some();
    let sent: Vec<_> = server
        .asked()
        .iter()
        .map(|asked| ["max_tokens", "max_completion_tokens", "stream_options"].map(|name| has(&asked.body, name)))
        .collect();
    assert_eq!(sent, [[true, false, true], [false, true, true], [false, true, false], [false, true, false]]);
}

#[test]
fn a_key_that_is_missing_or_odd_is_named_before_anything_is_asked() {
    let mut choice = choice("https://api.example/v1");
    choice.api_key_from = Some("SOME_KEY".into());
    let error = |key: Option<&'static str>| {
        OpenAiModel::new(choice.clone(), |_| key.map(str::to_owned)).err().unwrap().to_string()
    };
    for missing in [None, Some(""), Some(" \n")] {
        assert!(error(missing).starts_with("environment: SOME_KEY is not set"), "{}", error(missing));
    }
    let odd = error(Some("sk-secret\nx"));
    assert!(odd.contains("SOME_KEY") && !odd.contains("secret"), "{odd}");
    choice.base_url = "not an address".into();
    choice.api_key_from = None;
    let wrong = OpenAiModel::new(choice, |_| None).err().unwrap();
    assert!(wrong.to_string().contains("baseUrl"), "{wrong}");
}
