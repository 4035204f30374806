//! What the runtime adds to a call of a model: `cargo run --release -p relevo-openai --example overhead`.
//!
//! A server on this machine answers chat completions as a model does, in pieces and after some time. It is called bare, with
//! the client and the bytes of the adapter, and by a turn of the runtime: session loaded, request made, answer read, session
//! stored in memory after each step. Both take turns, so that other work on the machine meets both.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark prints its figures, and ends where it cannot go on"
)]

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::Response,
    serve::ListenerExt as _,
};
use futures_util::{StreamExt as _, stream};
use relevo_agents::{
    definition::{
        Definition,
        models::{InferenceConfiguration, OpenAiChoice},
    },
    ports::{Clock, Ids},
    runtime::{AgentEvent, InvokeAgent, MemoryRuns, Ports, Runtime},
    tools::{ToolCall, ToolError, ToolOutput, Tools},
};
use relevo_openai::OpenAiModel;
use reqwest::{Client, header::ACCEPT, header::CONTENT_TYPE, redirect::Policy};
use serde_json::{Value, json};

/// Before the first piece, and before each of the others.
const FIRST: Duration = Duration::from_millis(10);
const NEXT: Duration = Duration::from_millis(2);
const PIECES: [&str; 5] =
    ["Your order 10020030 ", "is planned for delivery ", "on August 6, ", "at Calle las acacias 123, ", "Providencia."];
/// How often each is measured.
const CALLS: usize = 300;

const DEFINITION: &str = "
name: parcels
languages: [en]
agent:
  agentName: front
  instruction: You are the first line of a parcel service, and you look up orders for customers.
  actionGroups:
    - actionGroupName: Orders
      functionSchema:
        functions:
          - name: getOrderStatus
            description: Status, delivery date and shipping address of an order.
            parameters:
              order_number: {type: string, description: 'The number of the order, 8 digits.', required: true}
conversation: {}
tools:
  Orders:
    getOrderStatus: {insert: {table: orders, row: {number: {randomDigits: 8}}, return: [number]}}
tables:
  orders: {key: number}
";

/// Keeps what it was sent last.
type Sent = Arc<Mutex<Bytes>>;

async fn complete(State(sent): State<Sent>, body: Bytes) -> Response<Body> {
    *sent.lock().unwrap() = body;
    let event = |value: &Value| Ok::<_, Infallible>(Bytes::from(format!("data: {value}\n\n")));
    let pieces = stream::iter(PIECES.into_iter().enumerate()).then(move |(number, text)| async move {
        tokio::time::sleep(if number == 0 { FIRST } else { NEXT }).await;
        event(&json!({"id": "1", "model": "small", "choices": [{"index": 0, "delta": {"content": text}}]}))
    });
    let end = [
        event(&json!({"id": "1", "model": "small", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})),
        event(&json!({"id": "1", "choices": [], "usage": {"prompt_tokens": 900, "completion_tokens": 30}})),
        Ok(Bytes::from_static(b"data: [DONE]\n\n")),
    ];
    let body = Body::from_stream(pieces.chain(stream::iter(end)));
    Response::builder().header("content-type", "text/event-stream").body(body).unwrap()
}

/// Serves from a thread of its own; gives the address.
fn serve(sent: Sent) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            // A piece is sent when it is there.
            let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
            axum::serve(listener, Router::new().fallback(complete).with_state(sent)).await.unwrap();
        });
    });
    address
}

struct Bare {
    client: Client,
    url: String,
}

impl Bare {
    async fn call(&self, body: Bytes) -> Duration {
        let begin = Instant::now();
        let call = self.client.post(&self.url).body(body).header(CONTENT_TYPE, "application/json");
        let mut response = call.header(ACCEPT, "text/event-stream, application/json").send().await.unwrap();
        let mut bytes = 0;
        while let Some(piece) = response.chunk().await.unwrap() {
            bytes += piece.len();
        }
        assert!(bytes > 0);
        begin.elapsed()
    }
}

#[derive(Default)]
struct Machine(AtomicU64);

impl Clock for Machine {
    fn now_ms(&self) -> i64 {
        1_767_603_600_000
    }
}

impl Ids for Machine {
    fn new_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0.fetch_add(1, Relaxed))
    }
}

struct NoTools;

#[async_trait]
impl Tools for NoTools {
    async fn call(&self, _: ToolCall) -> Result<ToolOutput, ToolError> {
        Err(ToolError::TimedOut)
    }
}

fn runtime(address: &str) -> Runtime {
    let definition = Definition::<Value>::parse(DEFINITION, "bot.yaml").unwrap();
    let choice = OpenAiChoice {
        base_url: address.into(),
        model: "small".into(),
        api_key_from: None,
        inference_configuration: InferenceConfiguration::default(),
        timeout_ms: None,
        silence_ms: 30_000,
    };
    let model = Arc::new(OpenAiModel::new(choice, |_| None).unwrap());
    let machine = Arc::new(Machine::default());
    let runs = Arc::new(MemoryRuns::default());
    Runtime::new(
        &definition.split().0,
        Ports { model, tools: Arc::new(NoTools), runs, clock: machine.clone(), ids: machine },
    )
}

/// One turn, which is one call of the model; none: there was another beside it, for a summary.
async fn turn(runtime: &Runtime, session: &str, number: usize) -> Option<Duration> {
    let request = InvokeAgent {
        session_id: session.into(),
        input_text: Some(format!("and where is my order {number} by now? It was to be here last week.")),
        turn_id: Some(format!("turn-{number}")),
        ..InvokeAgent::default()
    };
    let begin = Instant::now();
    let events: Vec<_> = runtime.invoke(request).await.unwrap().collect().await;
    let took = begin.elapsed();
    let answered = matches!(&events[..], [.., Ok(AgentEvent::Chunk(words))] if words == PIECES.concat().as_bytes());
    assert!(answered, "{events:?}");
    (events.len() == 1).then_some(took)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let sent = Sent::default();
    let address = serve(sent.clone());
    let client = Client::builder().connect_timeout(Duration::from_secs(3)).redirect(Policy::none()).build().unwrap();
    let bare = Bare { client, url: format!("{address}/chat/completions") };
    let runtime = runtime(&address);
    // Connections are open, and the second conversation is near its budget.
    for number in 0..5 {
        turn(&runtime, "warm", number).await;
        let body = sent.lock().unwrap().clone();
        bare.call(body).await;
    }
    for number in 0..500 {
        turn(&runtime, "long", number).await;
    }
    for (name, long) in [("conversations of 20 turns", false), ("a conversation of 500 turns and more", true)] {
        let (mut through, mut alone, mut added) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..CALLS {
            let (session, number) =
                if long { ("long".to_owned(), 500 + number) } else { (format!("short-{}", number / 20), number) };
            let Some(by_turn) = turn(&runtime, &session, number).await else { continue };
            let body = sent.lock().unwrap().clone();
            let by_call = bare.call(body).await;
            through.push(by_turn);
            alone.push(by_call);
            added.push(by_turn.saturating_sub(by_call));
        }
        let bytes = sent.lock().unwrap().len();
        let [through, alone] = [through, alone].map(|mut times| {
            times.sort_unstable();
            [50, 95].map(|share| times[times.len() * share / 100].as_secs_f64() * 1e3)
        });
        println!("{name}, last request {bytes} bytes, {} calls of each", added.len());
        for (place, share) in ["median", "95 of 100"].into_iter().enumerate() {
            let (through, alone) = (through[place], alone[place]);
            println!(
                "  {share}: bare {alone:.2} ms, by the runtime {through:.2} ms: {:.2} ms more, {:.1} %",
                through - alone,
                100.0 * (through - alone) / alone
            );
        }
        added.sort_unstable();
        println!("  of the pairs, the median of what is added: {:.2?}", added[added.len() / 2]);
    }
}
