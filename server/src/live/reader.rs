//! The reader at the other end of a stream: what is sent to it waits in a small buffer, and a task of its own fills it.

use axum::body::Bytes;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

/// Frames that wait for a slow reader before this stream, and only this one, waits too.
const WAITING: usize = 16;
/// So many heartbeats may pass while a reader takes nothing; then it has to come again.
const HEARTBEATS: u32 = 2;
/// However short the heartbeat is, a reader on a busy machine gets so long.
const AT_LEAST: Duration = Duration::from_millis(500);

/// The body of a stream's answer.
pub type Stream = ReceiverStream<Result<Bytes, Infallible>>;

/// Where frames go.
pub type Reader = mpsc::Sender<Result<Bytes, Infallible>>;

/// The stream has ended: its reader has left, may no longer read, or has to come again.
pub struct Ended;

/// Opens a stream that `run` feeds, until it ends, its reader leaves, or the server stops. `place` is dropped then.
pub fn open<F>(mut stopping: watch::Receiver<bool>, place: impl Send + 'static, run: impl FnOnce(Reader) -> F) -> Stream
where
    F: Future<Output = Ended> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    let reader = sender.clone();
    let running = run(sender);
    tokio::spawn(async move {
        let _place = place;
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = reader.closed() => {}
            Ended = running => {}
        }
    });
    ReceiverStream::new(receiver)
}

/// How long a stream with this heartbeat waits for a reader that takes nothing.
#[must_use]
pub fn patience(heartbeat: Duration) -> Duration {
    (heartbeat * HEARTBEATS).max(AT_LEAST)
}

/// Sends a frame; waits while the buffer is full, but not for a reader that takes nothing for so long: all that is
/// said on a stream can be asked for again.
pub async fn send_within(patience: Duration, reader: &Reader, frame: Bytes) -> Result<(), Ended> {
    let sent = tokio::time::timeout(patience, reader.send(Ok(frame))).await;
    sent.map_or(Err(Ended), |sent| sent.map_err(|_| Ended))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_stream::StreamExt;

    const FRAME: Bytes = Bytes::from_static(b"event: x\n\n");

    #[tokio::test]
    async fn a_reader_that_takes_nothing_has_its_stream_ended_and_what_waits_is_bounded() {
        let (tell, sent) = mpsc::unbounded_channel();
        let (_stop, stopping) = watch::channel(false);
        let stream = open(stopping, (), |reader| async move {
            while send_within(Duration::from_millis(20), &reader, FRAME).await.is_ok() {
                let _ = tell.send(());
            }
            Ended
        });
        let mut sent = sent;
        let mut frames = 0;
        while sent.recv().await.is_some() {
            frames += 1;
        }
        assert_eq!(frames, WAITING, "then it was let go");
        assert_eq!(stream.collect::<Vec<_>>().await.len(), WAITING, "it gets what was waiting, and the end");
    }

    #[tokio::test]
    async fn a_reader_that_left_and_a_server_that_stops_end_the_feeding() {
        for leaves in [true, false] {
            let (held, mut let_go) = mpsc::channel::<()>(1);
            let (stop, stopping) = watch::channel(false);
            let stream = open(stopping, (), |reader| async move {
                let _held = (held, reader);
                std::future::pending().await
            });
            if leaves {
                drop(stream);
            } else {
                stop.send(true).expect("it listens");
            }
            assert_eq!(let_go.recv().await, None);
        }
    }
}
