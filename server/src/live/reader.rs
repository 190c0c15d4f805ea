//! The reader at the other end of a stream: what is sent to it waits in a small buffer, and a task of its own fills it.

use axum::body::Bytes;
use std::convert::Infallible;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

/// Frames that wait for a slow reader before this stream, and only this one, waits too.
const WAITING: usize = 16;

/// The body of a stream's answer.
pub type Stream = ReceiverStream<Result<Bytes, Infallible>>;

/// Where frames go.
pub type Reader = mpsc::Sender<Result<Bytes, Infallible>>;

/// The stream has ended: its reader has left, may no longer read, or has to come again.
pub struct Ended;

/// Opens a stream that `run` feeds, until it ends, its reader leaves, or the server stops.
pub fn open<F>(mut stopping: watch::Receiver<bool>, run: impl FnOnce(Reader) -> F) -> Stream
where
    F: Future<Output = Ended> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    let reader = sender.clone();
    let running = run(sender);
    tokio::spawn(async move {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = reader.closed() => {}
            Ended = running => {}
        }
    });
    ReceiverStream::new(receiver)
}

/// Sends a frame; waits while the buffer is full.
pub async fn send(reader: &Reader, frame: Bytes) -> Result<(), Ended> {
    reader.send(Ok(frame)).await.map_err(|_| Ended)
}
