//! `GET /api/board/{edition}/stream` by a reader that stops reading: it is dropped, nobody else notices, and it goes on
//! by its cursor.

use crate::sse::{Frame, PATIENCE, Stream};
use crate::support::{Person, Server, session_cookie};
use domain::id::ItemId;
use domain::sync::wire::Seq;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// Long texts, so that what is on its way fills every buffer between the two ends.
const LONG: usize = 20_000;
const ITEMS: usize = 60;

/// A connection with a small window.
async fn connect(reader: &Person, after: Seq) -> TcpStream {
    let signed_in = reader.server.nobody().sign_in("council@demo.example", store::DEMO_PASSPHRASE).await;
    let cookie = session_cookie(&signed_in).split(';').next().expect("a pair").to_owned();
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small window");
    let mut connection = socket.connect(reader.server.address).await.expect("a connection");
    let path = format!("/api/board/{}/stream?after={after}", reader.edition());
    let head = format!("GET {path} HTTP/1.0\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    connection.write_all(head.as_bytes()).await.expect("sent");
    connection
}

/// What a connection still has, to its end, as whole frames.
async fn rest(mut connection: TcpStream) -> Vec<Frame> {
    let mut bytes = Vec::new();
    let end = timeout(3 * PATIENCE, connection.read_to_end(&mut bytes)).await.expect("it was dropped");
    if cfg!(target_os = "linux") {
        end.expect_err("cut, and not held for a reader that may never come back");
    }
    let text = String::from_utf8_lossy(&bytes);
    let whole = text.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
    whole.split("\n\n").filter(|frame| frame.starts_with("event: ")).map(Frame::parse).collect()
}

fn cards(frames: &[Frame], of: &[ItemId]) -> Vec<ItemId> {
    frames.iter().filter_map(Frame::card).filter(|card| of.contains(card)).collect()
}

#[tokio::test]
async fn it_is_dropped_without_harm_to_the_others_and_goes_on_by_its_cursor() {
    let server = Server::with(|settings| {
        settings.heartbeat = Duration::from_millis(100);
        settings.behind = 4;
    });
    let reader = server.person("council").await;
    let member = Server::shared().person("kelowna").await;
    let start = crate::support::SHARED.store.head().await.expect("the sequence");
    let slow = connect(&reader, start).await;
    let path = format!("/api/board/{}/stream", reader.edition());
    let mut quick = Stream::at(&reader, &path, Some(start)).await;
    let (mut expected, mut seen) = (Vec::new(), Vec::new());
    let long = "é".repeat(LONG);
    for _ in 0..ITEMS {
        expected.push(member.publish(&long).await);
        seen.extend(quick.until(|frame| frame.card() == expected.last().copied()).await);
    }
    assert_eq!(cards(&seen, &expected), expected, "who reads gets everything, once and in order");
    tokio::time::sleep(Duration::from_secs(1)).await;

    let before = rest(slow).await;
    let told = cards(&before, &expected);
    assert!(told.len() < ITEMS, "what waits for it is bounded");
    assert_eq!(told, expected[..told.len()]);
    let last = before.iter().filter_map(|frame| frame.id).max().unwrap_or(start);
    let mut again = Stream::at(&reader, &path, Some(last)).await;
    let after = again.until(|frame| frame.card() == expected.last().copied()).await;
    assert_eq!([told, cards(&after, &expected)].concat(), expected, "each exactly once");
    member.take(domain::sync::op::KnownChange::Withdraw {}).await;
}
