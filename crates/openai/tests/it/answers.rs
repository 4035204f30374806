//! What is read, byte by byte off a socket.

use relevo_agents::model::{Model as _, ModelReply, Outcome, Purpose, Route, Speech, Usage};
use serde_json::json;

use crate::{
    server::{Act, Server, Then},
    support::{call, choice, of, orchestrate, request, route, text},
};

async fn answered(wire: &str) -> ModelReply {
    let (_, address) = Server::serve([Act::stream(wire)]).await;
    of(choice(&address)).answer(orchestrate()).await.unwrap()
}

fn usage(input_tokens: u32, output_tokens: u32) -> Usage {
    Usage { input_tokens, output_tokens }
}

#[tokio::test]
async fn a_text_as_documented() {
    let reply = answered(include_str!("fixtures/documented_text.sse")).await;
    assert_eq!(reply.outcome, Outcome::Content(vec![text("¡Hola! Tu pedido ya está en Ñuñoa 📦.")]));
    assert_eq!((reply.usage, reply.model.as_deref()), (usage(310, 12), Some("small")));
}

#[tokio::test]
async fn several_calls_in_pieces() {
    let reply = answered(include_str!("fixtures/parallel_calls.sse")).await;
    let content = vec![
        call("call_DdmO9pD3xa9XTPNJ32zg2hcA", "Orders__getOrderStatus", json!({"order_number": "10020030"})),
        call("call_ABCO9pD3xa9XTPNJ32zg2hcB", "user__askuser", json!({"question": "¿Cuál es tu RUT? ñ"})),
    ];
    assert_eq!((reply.outcome, reply.usage), (Outcome::Content(content), usage(418, 77)));
}

#[tokio::test]
async fn a_server_that_leaves_out_and_invents() {
    let reply = answered(include_str!("fixtures/compatible.sse")).await;
    let order = |number: &str| call("", "Orders__getOrderStatus", json!({"order_number": number}));
    assert_eq!(reply.outcome, Outcome::Content(vec![text("Un momento."), order("1"), order("2")]));
    assert_eq!(reply.usage, Usage::default());
}

#[tokio::test]
async fn a_server_that_does_not_stream_and_a_call_that_is_wrong() {
    let reply = answered(include_str!("fixtures/not_streamed.json")).await;
    let wrong = call("call_1", "Orders__getOrderStatus", json!("{\"order_number\":"));
    assert_eq!((reply.outcome, reply.usage), (Outcome::Content(vec![text("Veo."), wrong]), usage(9, 3)));
}

#[tokio::test]
async fn a_refusal_is_what_the_model_says() {
    let reply = answered(include_str!("fixtures/refusal.sse")).await;
    assert_eq!(reply.outcome, Outcome::Content(vec![text("No puedo ayudar con eso.")]));
    assert_eq!(reply.usage, usage(5, 6));
}

#[tokio::test]
async fn routes_and_summaries() {
    let said = |text: &str| {
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]});
        Act::stream(&format!("data: {chunk}\n\ndata: [DONE]\n\n"))
    };
    for (word, wanted) in [
        ("<agent>tickets</agent>", Route::Agent("tickets".into())),
        ("<think>Hm. <agent>orders</agent>?</think>\n<agent>[same]</agent>", Route::KeepPrevious),
        ("I am not sure", Route::Undecidable),
        ("", Route::Undecidable),
    ] {
        let (_, address) = Server::serve([said(word)]).await;
        let reply = of(choice(&address)).answer(route(Some("orders"))).await.unwrap();
        assert_eq!(reply.outcome, Outcome::Route(wanted), "{word}");
    }
    let (server, address) = Server::serve([said("En corto.")]).await;
    let summary = request(Purpose::Summarize { before: None, said: Vec::new() });
    let reply = of(choice(&address)).answer(summary).await.unwrap();
    assert_eq!(reply.outcome, Outcome::Content(vec![text("En corto.")]));
    assert_eq!(server.asked()[0].body.get("tools"), None);
}

#[tokio::test]
async fn an_answer_is_said_while_it_is_written_and_again_only_as_long_as_nobody_reads_it() {
    let documented = include_str!("fixtures/documented_text.sse");
    let half = &documented[..documented.len() / 2];
    for read in [false, true] {
        let acts = [Act::stream(half).then(Then::Break), Act::stream(documented)];
        let (server, address) = Server::serve(acts).await;
        let (model, speech) = (of(choice(&address)), Speech::default());
        let reader = async {
            speech.more().await;
            if read {
                speech.tell();
            }
        };
        let (reply, ()) = tokio::join!(model.speak(orchestrate(), &speech), reader);
        let whole = "¡Hola! Tu pedido ya está en Ñuñoa 📦.";
        if read {
            assert!(reply.is_err() && whole.starts_with(&speech.text()) && !speech.text().is_empty());
        } else {
            assert_eq!((reply.unwrap().outcome, speech.text()), (Outcome::Content(vec![text(whole)]), whole.into()));
        }
        assert_eq!(server.asked().len(), if read { 1 } else { 2 });
    }
}

#[tokio::test]
async fn thoughts_are_not_said_while_they_are_written() {
    let said = |text: &str| {
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]});
        Act::stream(&format!("data: {chunk}\n\ndata: [DONE]\n\n"))
    };
    let acts = [said("<think>Hm.</think>\n\nHola."), said("Hm.</think>Hola."), said("Hm.</think>Hola."), said("Hola.")];
    let (_, address) = Server::serve(acts).await;
    // Of a model whose name tells that it thinks, the first answer shows where; the second one that it is in the text.
    let model = of(relevo_agents::definition::models::OpenAiChoice { model: "r1-small".into(), ..choice(&address) });
    for wanted in ["", "Hm.</think>Hola.", "", ""] {
        let speech = Speech::default();
        let reply = model.speak(orchestrate(), &speech).await.unwrap();
        assert_eq!(reply.outcome, Outcome::Content(vec![text("Hola.")]));
        assert_eq!(speech.text(), wanted);
    }
}
