//! `GET /api/board/{edition}/stream`.

use crate::support::{Person, Server};
use domain::board::{BoardChange, KnownBoardChange};
use domain::board::BoardEvent;
use domain::id::{EditionId, ItemId};
use domain::sync::wire::Seq;
use reqwest::Response;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Frame {
    event: String,
    id: Option<Seq>,
    data: Value,
}

impl Frame {
    fn parse(text: &str) -> Self {
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        Self {
            event: field("event").expect("a name").to_owned(),
            id: field("id").map(|id| id.parse().expect("a number")),
            data: serde_json::from_str(field("data").expect("data")).expect("JSON"),
        }
    }

    fn card(&self) -> Option<ItemId> {
        let event: BoardEvent = serde_json::from_value(self.data.clone()).ok()?;
        assert_eq!(self.id, Some(event.seq));
        match event.change {
            BoardChange::Known(KnownBoardChange::Card { card }) => Some(card.item),
            _ => None,
        }
    }
}

struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(person: &Person, edition: EditionId, after: Option<Seq>, last: Option<Seq>) -> Self {
        let after = after.map_or_else(String::new, |after| format!("?after={after}"));
        let mut request = person.get(&format!("/api/board/{edition}/stream{after}")).header("accept-encoding", "br");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("a stream");
        assert_eq!(response.status(), 200);
        let headers = response.headers();
        assert_eq!(headers["content-type"], "text/event-stream");
        assert_eq!((&headers["cache-control"], &headers["x-accel-buffering"]), (&"no-store".parse().expect("a value"), &"no".parse().expect("a value")));
        assert!(!headers.contains_key("content-encoding"));
        Self { response, text: String::new() }
    }

    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, rest)) = self.text.split_once("\n\n") {
                let frame = Frame::parse(frame);
                self.text = rest.to_owned();
                return Some(frame);
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("something in time");
            self.text.push_str(std::str::from_utf8(&chunk.ok()??).expect("text"));
        }
    }

    async fn until(&mut self, wanted: impl Fn(&Frame) -> bool) -> Vec<Frame> {
        let mut seen = Vec::new();
        loop {
            let frame = self.next().await.expect("the stream goes on");
            let found = wanted(&frame);
            seen.push(frame);
            if found {
                return seen;
            }
        }
    }
}

async fn head() -> Seq {
    crate::support::SHARED.store.head().await.expect("the sequence")
}

#[tokio::test]
async fn a_submission_is_on_the_open_boards_in_less_than_a_second() {
    let reader = Server::shared().person("council").await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = Stream::open(&reader, reader.edition(), Some(head().await), None).await;
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
    let mut stream = Stream::open(&reader, reader.edition(), None, None).await;
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
    let mut stream = Stream::open(&reader, edition, Some(start), None).await;
    let mut expected = vec![member.publish("un").await];
    let seen = stream.until(|frame| frame.card() == Some(expected[0])).await;
    let last = seen.last().and_then(|frame| frame.id).expect("an id");
    drop(stream);
    for words in ["deux", "trois"] {
        expected.push(member.publish(words).await);
    }
    let mut stream = Stream::open(&reader, edition, Some(0), Some(last)).await;
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
    let mut stream = Stream::open(&reader, reader.edition(), Some(head().await), None).await;
    let writing = tokio::spawn(async move {
        for n in 0..20 {
            member.publish(&format!("article {n}")).await;
        }
        member.publish("fin").await
    });
    let (mut told, mut cards) = (0, 0);
    while cards < 21 {
        let frame = stream.next().await.expect("the stream goes on");
        match frame.event.as_str() {
            "heartbeat" => told = told.max(frame.data["cursor"].as_u64().expect("a cursor")),
            _ => {
                assert!(frame.id > Some(told), "{frame:?} after a heartbeat at {told}");
                cards += usize::from(frame.data.to_string().contains("\"article ") || frame.data.to_string().contains("\"fin\""));
            }
        }
    }
    writing.await.expect("written");
}

#[tokio::test]
async fn a_reader_that_stopped_reading_gets_everything_and_holds_nobody_up() {
    let reader = Server::shared().person("council").await;
    let member = Server::shared().person("hamilton").await;
    let edition = reader.edition();
    let mut slow = Stream::open(&reader, edition, Some(head().await), None).await;
    let mut quick = Stream::open(&reader, edition, Some(head().await), None).await;
    let long = "é".repeat(20_000);
    let mut expected = Vec::new();
    for _ in 0..60 {
        expected.push(member.publish(&long).await);
        quick.until(|frame| frame.card() == expected.last().copied()).await;
    }
    // More signals than the broadcast keeps: the slow one has to go back to the log.
    for _ in 0..12 {
        let operations: Vec<_> = (0..100).map(|_| member.operation(crate::support::text(expected[0], 0, "x"))).collect();
        member.push(&operations).send().await.expect("an answer");
    }
    let seen = slow.until(|frame| frame.card() == expected.last().copied()).await;
    let cards: Vec<_> = seen.iter().filter_map(Frame::card).filter(|card| expected.contains(card)).collect();
    assert_eq!(cards, expected);
}

#[tokio::test]
async fn two_editions_are_two_boards() {
    let reader = Server::shared().person("council").await;
    let closed = reader.view.editions.iter().find(|edition| !edition.is_open()).expect("a closed edition").id;
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(200));
    let reader_there = server.person("council").await;
    let mut other = Stream::open(&reader_there, closed, Some(head().await), None).await;
    let mut open = Stream::open(&reader, reader.edition(), Some(head().await), None).await;
    let item = Server::shared().person("london").await.publish("ici seulement").await;
    let seq = open.until(|frame| frame.card() == Some(item)).await.last().and_then(|frame| frame.id).expect("an id");
    let seen = other.until(|frame| frame.data["cursor"].as_u64().is_some_and(|cursor| cursor >= seq)).await;
    assert!(seen.iter().all(|frame| frame.event == "heartbeat"), "{seen:?}");
}

#[tokio::test]
async fn a_cursor_from_a_longer_log_is_set_back() {
    let reader = Server::shared().person("observer").await;
    let mut stream = Stream::open(&reader, reader.edition(), Some(9_007_199_254_740_991), None).await;
    let beat = stream.next().await.expect("a frame");
    assert!(beat.data["cursor"].as_u64().expect("a cursor") < 9_007_199_254_740_991);
    let item = Server::shared().person("kingston").await.publish("quand même").await;
    stream.until(|frame| frame.card() == Some(item)).await;
}

#[tokio::test]
async fn signing_out_ends_the_stream() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(50));
    let reader = server.person("observer").await;
    let mut stream = Stream::open(&reader, reader.edition(), Some(head().await), None).await;
    stream.until(|frame| frame.event == "heartbeat").await;
    reader.post("/api/sign-out").json(&serde_json::json!({})).send().await.expect("an answer");
    while stream.next().await.is_some() {}
}

#[tokio::test]
async fn stopping_the_server_ends_its_streams_promptly() {
    let (server, stop) = Server::stoppable(|_| {});
    let reader = server.person("observer").await;
    let mut stream = Stream::open(&reader, reader.edition(), Some(head().await), None).await;
    stream.until(|frame| frame.event == "heartbeat").await;
    let told = Instant::now();
    stop.send(()).expect("running");
    while stream.next().await.is_some() {}
    assert!(told.elapsed() < Duration::from_secs(1), "{:?}", told.elapsed());
}
