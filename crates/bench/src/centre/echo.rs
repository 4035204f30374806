//! The bare echo beside the centre: the body of a `POST` as its answer.
#![expect(clippy::print_stdout, reason = "this is what the benchmark says")]

use anyhow::Result;
use axum::{Router, body::Bytes, routing::post, serve::ListenerExt as _};
use tokio::net::TcpListener;

/// Serves until it is killed; prints its address as `relevo up` does.
pub(crate) async fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
    axum::serve(listener, Router::new().route("/participant/message", post(|body: Bytes| async move { body }))).await?;
    Ok(())
}
