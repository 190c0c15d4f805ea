//! Connections: how many there may be, how long one may take to say what it wants, and how they end.
//!
//! Before anybody has signed in, a connection is all that a stranger needs to be in the way: each is a file of this
//! process. There is a cap on all of them and one for each peer, below the limit of open files, with room kept for health
//! checks. HTTP/1.1 only: browsers speak HTTP/2 to a proxy, which has limits of its own.

mod admission;
mod files;
mod unread;

pub use admission::Caps;
pub use files::raise_limit;

use crate::middleware::limits::Peer;
use admission::{ConnectionCounter, HealthOnly};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

/// Bytes of a request's line and headers together.
const HEAD_BYTES: usize = 32 << 10;
/// How long to wait after a connection could not be accepted, as when this process has no file left.
const PAUSE: Duration = Duration::from_millis(50);
/// The head's time-out of a connection beyond the caps: it is for health checks only.
const ASIDE: Duration = Duration::from_secs(2);

/// How connections are treated.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How many there may be.
    pub caps: Caps,
    /// How long a request's head may take, from when the one before was answered: idle connections end after that too.
    pub head: Duration,
    /// How long a reader may take nothing of what waits for it.
    pub unread: Duration,
    /// Whether all connections are of one proxy: it counts its peers itself.
    pub behind_proxy: bool,
}

/// Accepts until `stopping` turns true; then it lets go of the listener, asks all connections to end after the answer
/// that is under way, and returns when they have.
pub async fn accept(
    listener: TcpListener,
    everything: Router,
    health: Router,
    limits: ConnectionLimits,
    mut stopping: watch::Receiver<bool>,
) {
    let (counter, mut aside) = (ConnectionCounter::new(limits.caps), HealthOnly::default());
    // Every task holds a receiver: when they are all dropped, no connection is left.
    let (open, held) = watch::channel(());
    loop {
        let accepted = tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if !is_of_the_connection(&error) {
                    tracing::error!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
        };
        let peer = (!limits.behind_proxy).then(|| Peer::from(address.ip()));
        prepare(&stream, limits.unread);
        let place = counter.admit(peer);
        let beside = place.is_none();
        let (router, head) = if beside { (&health, ASIDE.min(limits.head)) } else { (&everything, limits.head) };
        let serving = serve(stream, address, router.clone(), head, stopping.clone());
        let held = held.clone();
        let task = tokio::spawn(async move {
            let _held = (place, held);
            serving.await;
        });
        if beside {
            aside.push(task.abort_handle());
        }
    }
    drop((listener, held));
    open.closed().await;
}

/// Whether it was the other end that failed, as one that left before it was accepted.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn prepare(stream: &TcpStream, unread: Duration) {
    // A small event is sent at once, and not held back for a larger packet.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    if let Err(error) = unread::drop_when_unread(stream, unread) {
        tracing::debug!(%error, "no TCP_USER_TIMEOUT");
    }
}

async fn serve(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    head: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(HEAD_BYTES);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut told = false;
    let done = loop {
        tokio::select! {
            done = connection.as_mut() => break done,
            _ = stopping.wait_for(|stopping| *stopping), if !told => {
                connection.as_mut().graceful_shutdown();
                told = true;
            }
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a connection ended early");
    }
}
