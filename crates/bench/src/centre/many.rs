//! Many chats: what an open one costs in memory and time, and how soon the waiting ones are there after a kill.
#![expect(clippy::print_stdout, reason = "this is what the benchmark says")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

use super::{
    client::{Customer, Socket},
    server::Server,
};

/// Chats that are begun at once.
const AT_ONCE: usize = 32;
/// How long nothing is done, and how long every chat beats once, as Connect's clients do every ten seconds.
const IDLE: Duration = Duration::from_secs(10);

/// Opens chats with websockets; prints memory and CPU.
pub(super) async fn open(centre: &Server, many: usize) -> Result<()> {
    let (before, began) = (centre.memory_bytes()?, Instant::now());
    let sockets = begin(centre, many, true).await?;
    let took = began.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let memory = centre.memory_bytes()?.saturating_sub(before);
    println!("{many} open chats with websockets, begun in {:.1} s", took.as_secs_f64());
    println!("  memory: {:.1} KB a chat, with its transcript of some four items", share(memory, many) / 1e3);
    let cpu = centre.cpu()?;
    tokio::time::sleep(IDLE).await;
    let idle = centre.cpu()?.saturating_sub(cpu);
    println!("  CPU, nothing said: {:.2} % of a core", idle.as_secs_f64() / IDLE.as_secs_f64() * 100.0);
    let (cpu, began) = (centre.cpu()?, Instant::now());
    let mut beating = JoinSet::new();
    for (number, mut socket) in sockets.into_iter().enumerate() {
        let after = IDLE * u32::try_from(number)? / u32::try_from(many.max(1))?;
        beating.spawn(async move {
            tokio::time::sleep(after).await;
            socket.send(Message::text(r#"{"topic":"aws/heartbeat"}"#)).await.ok()?;
            socket.next().await?.ok()?;
            Some(socket)
        });
    }
    let beaten = beating.join_all().await.into_iter().flatten().count();
    let busy = centre.cpu()?.saturating_sub(cpu);
    println!(
        "  CPU, each beats every ten seconds: {:.1} % of a core ({beaten} answered)\n",
        busy.as_secs_f64() / began.elapsed().as_secs_f64() * 100.0
    );
    Ok(())
}

/// Makes it `many` contacts in the queue in all, kills the server, and starts it again.
pub(super) async fn waiting<F>(centre: Server, already: usize, many: usize, again: impl FnOnce(u16) -> F) -> Result<()>
where
    F: Future<Output = Result<Server>>,
{
    let began = Instant::now();
    begin(&centre, many.saturating_sub(already), false).await?;
    println!(
        "{many} contacts in the queue, the last {} begun in {:.0} s",
        many.saturating_sub(already),
        began.elapsed().as_secs_f64()
    );
    println!("  memory of the server: {:.0} MB", share(centre.memory_bytes()?, 1) / 1e6);
    let port = centre.port()?;
    centre.kill().await?;
    let centre = again(port).await?;
    println!("  killed and started again: ready after {:.1} s", centre.started_in.as_secs_f64());
    println!("  memory then: {:.0} MB", share(centre.memory_bytes()?, 1) / 1e6);
    let began = Instant::now();
    begin(&centre, 1, false).await?;
    println!("  one more chat begins in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

/// The sockets, if they are kept.
async fn begin(centre: &Server, many: usize, keep: bool) -> Result<Vec<Socket>> {
    let customer = Customer::of(&centre.url).await?;
    let next = Arc::new(AtomicUsize::new(0));
    let mut beginners = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (customer, next) = (customer.clone(), Arc::clone(&next));
        beginners.spawn(async move {
            let mut sockets = Vec::new();
            while next.fetch_add(1, Ordering::Relaxed) < many {
                let chat = customer.begin().await?;
                if keep {
                    sockets.push(chat.socket);
                }
            }
            anyhow::Ok(sockets)
        });
    }
    let mut sockets = Vec::new();
    while let Some(some) = beginners.join_next().await {
        sockets.extend(some??);
    }
    Ok(sockets)
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn share(bytes: u64, of: usize) -> f64 {
    bytes as f64 / of.max(1) as f64
}
