//! How many messages a second, and how late they are on the websocket; the echo gets the same bodies by the same client.
#![expect(clippy::print_stdout, reason = "this is what the benchmark says")]

use std::{
    cmp::Ordering,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_tungstenite::tungstenite::Message;

use super::{
    client::{Chat, Customer, Socket},
    server::Server,
};

/// Before the time in a message's text, after which it is looked for in a frame.
const MARK: &str = "sent-at-";
const WORDS: &str = "I would like to know where my parcel is; it should have been here on Tuesday.";

/// One round.
struct Round {
    per_second: f64,
    /// Of the server, for a request.
    cpu: Duration,
    /// Median and 99th of a hundred, from the request to its answer.
    answered: (Duration, Duration),
    /// The same, to the own websocket; zero where there is none.
    delivered: (Duration, Duration),
}

/// Measures both in turns and prints.
pub(super) async fn measure(centre: &Server, echo: &Server, clients: usize, seconds: u64, rounds: usize) -> Result<()> {
    let customer = Customer::of(&centre.url).await?;
    let (mut of_echo, mut of_centre) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        of_echo.push(round(echo, tokens(clients), Vec::new(), seconds).await?);
        let mut chats = Vec::new();
        for _ in 0..clients {
            chats.push(customer.begin().await?);
        }
        let (tokens, sockets) = chats.into_iter().map(|Chat { token, socket }| (token, socket)).unzip();
        of_centre.push(round(centre, tokens, sockets, seconds).await?);
    }
    let (echo_one, centre_one) = {
        let chat = customer.begin().await?;
        (
            round(echo, tokens(1), Vec::new(), seconds).await?,
            round(centre, vec![chat.token], vec![chat.socket], seconds).await?,
        )
    };
    println!(
        "SendMessage, {} bytes of text, each on disk before it is answered; medians of {rounds} rounds",
        WORDS.len()
    );
    println!("{:<34}{:>10}{:>14}{:>22}{:>24}", "", "a second", "CPU each", "answer p50 / p99", "websocket p50 / p99");
    // By neighbouring rounds: how fast a machine is changes from minute to minute.
    let pairs = of_echo.iter().zip(&of_centre);
    let (rates, cpus): (Vec<_>, Vec<_>) = pairs
        .map(|(echo, centre)| {
            (echo.per_second / centre.per_second, centre.cpu.as_secs_f64() / echo.cpu.as_secs_f64().max(f64::EPSILON))
        })
        .unzip();
    let (rate, cpu) = (middle(rates, f64::total_cmp), middle(cpus, f64::total_cmp));
    let by_rate = |a: &Round, b: &Round| a.per_second.total_cmp(&b.per_second);
    let (Some(echo), Some(centre)) = (middle(of_echo, by_rate), middle(of_centre, by_rate)) else { return Ok(()) };
    line(&format!("echo, {clients} clients"), &echo);
    line(&format!("relevo, {clients} clients"), &centre);
    line("echo, one client", &echo_one);
    line("relevo, one client", &centre_one);
    println!(
        "ratio to the echo at {clients} clients, median of neighbouring rounds: rate 1/{:.1}, CPU {:.1} times\n",
        rate.unwrap_or_default(),
        cpu.unwrap_or_default()
    );
    Ok(())
}

/// For the echo, in the size of the centre's.
fn tokens(clients: usize) -> Vec<String> {
    vec!["x".repeat(64); clients]
}

fn middle<T>(mut all: Vec<T>, order: impl Fn(&T, &T) -> Ordering) -> Option<T> {
    all.sort_by(order);
    let at = all.len() / 2;
    all.into_iter().nth(at)
}

fn line(name: &str, round: &Round) {
    let ms = |(p50, p99): (Duration, Duration)| {
        format!("{:.2} / {:.2} ms", p50.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3)
    };
    let delivered = if round.delivered.0.is_zero() { String::new() } else { ms(round.delivered) };
    let cpu = format!("{:.0} µs", round.cpu.as_secs_f64() * 1e6);
    println!("{name:<34}{:>10.0}{cpu:>14}{:>22}{delivered:>24}", round.per_second, ms(round.answered));
}

async fn round(server: &Server, tokens: Vec<String>, sockets: Vec<Socket>, seconds: u64) -> Result<Round> {
    let (began, cpu) = (Instant::now(), server.cpu()?);
    let end = began + Duration::from_secs(seconds);
    let (heard, mut hears) = mpsc::unbounded_channel();
    for socket in sockets {
        tokio::spawn(hear(socket, began, heard.clone()));
    }
    drop(heard);
    let http = reqwest::Client::builder().no_proxy().build()?;
    let url = reqwest::Url::parse(&format!("{}/participant/message", server.url))?;
    let mut senders = JoinSet::new();
    for (number, token) in tokens.into_iter().enumerate() {
        let (http, url) = (http.clone(), url.clone());
        senders.spawn(async move {
            let mut answered = Vec::new();
            while Instant::now() < end {
                let sent = Instant::now();
                let text = format!("{MARK}{} {WORDS}", sent.duration_since(began).as_nanos());
                let client_token = format!("{number}-{}-{}", began.elapsed().as_nanos(), answered.len());
                let body = json!({"ContentType": "text/plain", "Content": text, "ClientToken": client_token});
                let request = http.post(url.clone()).header("x-amz-bearer", &token).body(body.to_string());
                let answer = request.send().await?;
                ensure!(answer.status().is_success(), "SendMessage: {}", answer.status());
                answer.bytes().await?;
                answered.push(sent.elapsed());
            }
            Ok(answered)
        });
    }
    let mut answered = Vec::new();
    while let Some(sender) = senders.join_next().await {
        answered.extend(sender??);
    }
    let (took, cpu) = (began.elapsed(), server.cpu()?.saturating_sub(cpu));
    // The last ones are under way.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut delivered = Vec::new();
    while let Ok(late) = hears.try_recv() {
        delivered.push(late);
    }
    let listened = !delivered.is_empty();
    ensure!(!listened || delivered.len() == answered.len(), "{} of {} came", delivered.len(), answered.len());
    let count = u32::try_from(answered.len())?.max(1);
    Ok(Round {
        per_second: f64::from(count) / took.as_secs_f64(),
        cpu: cpu / count,
        answered: shares(answered),
        delivered: shares(delivered),
    })
}

/// Tells how late each message of one's own is.
async fn hear(mut socket: Socket, began: Instant, heard: mpsc::UnboundedSender<Duration>) {
    while let Some(Ok(frame)) = socket.next().await {
        let Message::Text(text) = frame else { continue };
        let sent = text.split_once(MARK).and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        if let Some(sent) = sent
            && heard.send(began.elapsed().saturating_sub(Duration::from_nanos(sent))).is_err()
        {
            return;
        }
    }
}

fn shares(mut all: Vec<Duration>) -> (Duration, Duration) {
    all.sort_unstable();
    let share = |of_hundred: usize| all.get((all.len() * of_hundred / 100).min(all.len().saturating_sub(1))).copied();
    (share(50).unwrap_or_default(), share(99).unwrap_or_default())
}
