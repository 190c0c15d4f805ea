//! `GET /api/board/{edition}/stream`.

use crate::sse::{Frame, PATIENCE, Stream};
use crate::support::{Person, Server, add, new_item, session_cookie, text};
use domain::board::{Applied, Board, BoardEvent};
use domain::field::{FieldValue, ItemValue};
use domain::id::EditionId;
use domain::sync::op::KnownChange;
use domain::sync::wire::Seq;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

async fn open(person: &Person, edition: EditionId, after: Option<Seq>, last: Option<Seq>) -> Stream {
    let after = after.map_or_else(String::new, |after| format!("?after={after}"));
    Stream::at(person, &format!("/api/board/{edition}/stream{after}"), last).await
}

async fn head() -> Seq {
    crate::support::SHARED.store.head().await.expect("the sequence")
}

#[tokio::test]
async fn a_submission_is_on_the_open_boards_in_less_than_a_second() {
    let reader = Server::shared().person("council").await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = open(&reader, reader.edition(), Some(head().await), None).await;
        stream.until(|frame| frame.event == "heartbeat").await;
        streams.push(stream);
    }
    let item = Server::shared().person("toronto").await.publish("en direct").await;
    let acknowledged = Instant::now();
    for stream in &mut streams {
        stream.until(|frame| frame.card() == Some(item)).await;
    }
    assert!(acknowledged.elapsed() < Duration::from_secs(1), "{:?}", acknowledged.elapsed());
}

#[tokio::test]
async fn a_heartbeat_comes_at_once_and_again_with_the_cursor() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(50));
    let reader = server.person("observer").await;
    let mut stream = open(&reader, reader.edition(), None, None).await;
    let caught_up = stream.until(|frame| frame.event == "heartbeat").await;
    let last = caught_up.iter().rev().find(|frame| frame.event == "board").and_then(|frame| frame.id).expect("events");
    let beat = caught_up.last().expect("a heartbeat");
    assert!(beat.data["cursor"].as_u64().expect("a cursor") >= last);
    assert_eq!(beat.data["instance"], serde_json::json!(reader.view.council.instance));
    assert!((store::now().millis() - beat.data["at"].as_i64().expect("a time")).abs() < 10_000);
    stream.until(|frame| frame.event == "heartbeat").await;
}

#[tokio::test]
async fn coming_back_there_is_no_gap_and_no_repetition() {
    let reader = Server::shared().person("secretariat").await;
    let member = Server::shared().person("ottawa").await;
    let edition = reader.edition();
    let start = head().await;
    let mut stream = open(&reader, edition, Some(start), None).await;
    let mut expected = vec![member.publish("un").await];
    let seen = stream.until(|frame| frame.card() == Some(expected[0])).await;
    let last = seen.last().and_then(|frame| frame.id).expect("an id");
    drop(stream);
    for words in ["deux", "trois"] {
        expected.push(member.publish(words).await);
    }
    let mut stream = open(&reader, edition, Some(0), Some(last)).await;
    expected.push(member.publish("quatre").await);
    let seen = stream.until(|frame| frame.card() == expected.last().copied()).await;
    let ids: Vec<Seq> = seen.iter().filter(|frame| frame.event == "board").filter_map(|frame| frame.id).collect();
    assert!(ids.iter().all(|id| *id > last) && ids.is_sorted_by(|a, b| a < b), "{ids:?} after {last}");
    let cards: Vec<_> = seen.iter().filter_map(Frame::card).filter(|card| expected.contains(card)).collect();
    assert_eq!(cards, expected[1..]);
}

#[tokio::test]
async fn the_cursor_of_a_heartbeat_is_never_ahead_of_what_was_sent() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(3));
    let reader = server.person("observer").await;
    let member = Server::shared().person("mississauga").await;
    let mut stream = open(&reader, reader.edition(), Some(head().await), None).await;
    let writing = tokio::spawn(async move {
        for n in 0..20 {
            member.publish(&format!("article {n}")).await;
        }
        member.publish("fin").await
    });
    let (mut told, mut cards) = (0, 0);
    let start = Instant::now();
    while cards < 21 {
        assert!(start.elapsed() < 3 * PATIENCE, "{cards} cards");
        let frame = stream.next().await.expect("the stream goes on");
        match frame.event.as_str() {
            "heartbeat" => told = told.max(frame.data["cursor"].as_u64().expect("a cursor")),
            "projection" => {}
            _ => {
                assert!(frame.id > Some(told), "{frame:?} after a heartbeat at {told}");
                cards += usize::from(
                    frame.data.to_string().contains("\"article ") || frame.data.to_string().contains("\"fin\""),
                );
            }
        }
    }
    writing.await.expect("written");
}

#[tokio::test]
async fn a_reader_that_stopped_reading_gets_everything_and_holds_nobody_up() {
    let server = Server::with(|settings| {
        settings.behind = 4;
        // It is waited for by the heartbeat, and a busy machine may take its time.
        settings.heartbeat = 20 * PATIENCE;
    });
    let member = Server::shared().person("hamilton").await;
    let reader = server.person("council").await;
    let mut slow = unread(&reader, head().await).await;
    let mut quick = open(&reader, reader.edition(), Some(head().await), None).await;
    let long = "é".repeat(20_000);
    let mut expected = Vec::new();
    for _ in 0..80 {
        expected.push(member.publish(&long).await);
        quick.until(|frame| frame.card() == expected.last().copied()).await;
    }
    // Other tests write on the same board, before and after the last card of this one.
    let (mut bytes, last) = (Vec::new(), expected.last().expect("items").to_string());
    let (mut whole, mut place) = (false, None);
    while !whole {
        let looked_at = bytes.len().saturating_sub(last.len());
        let read = timeout(PATIENCE, slow.read_buf(&mut bytes)).await.expect("something in time").expect("read");
        assert_ne!(read, 0, "the stream goes on");
        let find = |from: usize, what: &str| {
            bytes[from..].windows(what.len()).position(|found| found == what.as_bytes()).map(|at| from + at)
        };
        place = place.or_else(|| find(looked_at, &last));
        whole = place.is_some_and(|place| find(place, "\n\n").is_some());
    }
    let text = String::from_utf8_lossy(&bytes);
    let (text, _) = text.rsplit_once("\n\n").expect("whole frames");
    let frames = text.split("\n\n").filter(|frame| frame.starts_with("event: ")).map(Frame::parse);
    let cards: Vec<_> = frames.filter_map(|frame| frame.card()).filter(|card| expected.contains(card)).collect();
    assert_eq!(cards, expected);
}

/// A stream with a small window that nobody reads yet.
async fn unread(reader: &Person, after: Seq) -> TcpStream {
    let signed_in = reader.server.nobody().sign_in("council@demo.example", store::DEMO_PASSPHRASE).await;
    let cookie = session_cookie(&signed_in).split(';').next().expect("a pair").to_owned();
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small window");
    let mut connection = socket.connect(reader.server.address).await.expect("a connection");
    let edition = reader.edition();
    let head = format!("GET /api/board/{edition}/stream?after={after} HTTP/1.0\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    connection.write_all(head.as_bytes()).await.expect("sent");
    connection
}

#[tokio::test]
async fn what_a_reader_has_heard_is_always_marked_and_a_batch_only_once() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(50));
    let reader = server.person("observer").await;
    let path = format!("/api/board/{}", reader.edition());
    let mut board: Board = reader.get(&path).send().await.expect("an answer").json().await.expect("a board");
    let mut stream = Stream::at(&reader, &format!("{path}/stream?{}", board.after()), None).await;
    let member = Server::shared().person("nanaimo").await;
    let mut items = vec![member.publish("one").await];
    let more: Vec<_> = (0..3).map(|_| new_item()).collect();
    let title = |item| FieldValue::Item(item, ItemValue::Title("with others".to_owned()));
    let titled = |item| [add(item), KnownChange::Set { base_rev: 0, value: title(item) }, text(item, 0, "and a text")];
    let mut changes: Vec<_> = more.iter().copied().flat_map(titled).collect();
    changes.push(KnownChange::Submit {});
    let operations: Vec<_> = changes.into_iter().map(|change| member.operation(change)).collect();
    assert_eq!(member.push(&operations).send().await.expect("an answer").status(), 200);
    items.extend(more);
    let mut marked = Vec::new();
    while !items.iter().all(|item| board.cards.contains_key(item)) {
        let frame = stream.next().await.expect("the stream goes on");
        match frame.event.as_str() {
            "board" => {
                let event: BoardEvent = serde_json::from_value(frame.data).expect("an event");
                if board.apply(&event) != Applied::Nothing {
                    marked.push(event.mark.is_some());
                }
            }
            "heartbeat" => {
                let mark = serde_json::from_value(frame.data["mark"].clone()).expect("a mark");
                board.advance(frame.data["cursor"].as_u64().expect("a cursor"), store::now(), Some(mark));
            }
            _ => {}
        }
        let mark = board.mark.expect("from the first word on");
        assert!(mark.seq >= board.cursor, "{mark:?} at {}", board.cursor);
        assert!(crate::support::SHARED.store.knows(&mark).await.expect("an answer"), "{mark:?}");
    }
    assert!(marked.contains(&true) && marked.contains(&false), "{marked:?}");
}

#[tokio::test]
async fn two_editions_are_two_boards() {
    let reader = Server::shared().person("council").await;
    let closed = reader.view.editions.iter().find(|edition| !edition.is_open()).expect("a closed edition").id;
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(200));
    let reader_there = server.person("council").await;
    let mut other = open(&reader_there, closed, Some(head().await), None).await;
    let mut open = open(&reader, reader.edition(), Some(head().await), None).await;
    let item = Server::shared().person("london").await.publish("ici seulement").await;
    let seq = open.until(|frame| frame.card() == Some(item)).await.last().and_then(|frame| frame.id).expect("an id");
    let seen = other.until(|frame| frame.data["cursor"].as_u64().is_some_and(|cursor| cursor >= seq)).await;
    assert!(seen.iter().all(|frame| frame.event != "board"), "{seen:?}");
}

#[tokio::test]
async fn a_cursor_from_a_longer_log_is_set_back() {
    let reader = Server::shared().person("observer").await;
    let mut stream = open(&reader, reader.edition(), Some(9_007_199_254_740_991), None).await;
    let seen = stream.until(|frame| frame.event == "heartbeat").await;
    let beat = seen.last().expect("a heartbeat");
    assert!(beat.data["cursor"].as_u64().expect("a cursor") < 9_007_199_254_740_991);
    let item = Server::shared().person("kingston").await.publish("quand même").await;
    stream.until(|frame| frame.card() == Some(item)).await;
}

#[tokio::test]
async fn signing_out_ends_the_stream() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(50));
    let reader = server.person("observer").await;
    let mut stream = open(&reader, reader.edition(), Some(head().await), None).await;
    stream.until(|frame| frame.event == "heartbeat").await;
    reader.post("/api/sign-out").json(&serde_json::json!({})).send().await.expect("an answer");
    while stream.next().await.is_some() {}
}

#[tokio::test]
async fn stopping_the_server_ends_its_streams_promptly() {
    let (server, stop) = Server::stoppable(|_| {});
    let reader = server.person("observer").await;
    let mut stream = open(&reader, reader.edition(), Some(head().await), None).await;
    stream.until(|frame| frame.event == "heartbeat").await;
    let told = Instant::now();
    stop.send(()).expect("running");
    while stream.next().await.is_some() {}
    assert!(told.elapsed() < Duration::from_secs(1), "{:?}", told.elapsed());
}
