//! Connections, before anybody has signed in: how many, for how long, and what a request's head may be.

use crate::support::{Server, refused};
use server::connection::Caps;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const HEAD: Duration = Duration::from_millis(800);

async fn connect(server: Server) -> TcpStream {
    TcpStream::connect(server.address).await.expect("a connection")
}

/// Says something on a connection of its own, and returns all that is answered until the server closes it.
async fn say(server: Server, words: &str) -> String {
    let mut stream = connect(server).await;
    // One that is not let in may be closed before it has said all.
    let _ = stream.write_all(words.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: council.example\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn idle_connections_stop_nobody_and_end() {
    let server = Server::with(|settings| {
        settings.connections = Caps { all: 60, of_one: 40 };
        settings.head = 4 * HEAD;
    });
    let mut idle = Vec::new();
    // The last ones are beyond what one peer may have.
    for _ in 0..140 {
        idle.push(connect(server).await);
    }
    let ready = say(server, &get("/readyz")).await;
    assert!(ready.starts_with("HTTP/1.1 200"), "whoever watches the server is answered: {ready}");
    let page = say(server, &get("/en")).await;
    assert!(page.starts_with("HTTP/1.1 503") && page.contains("connection: close"), "{page}");
    for mut stream in idle {
        let mut byte = [0];
        let ended = tokio::time::timeout(12 * HEAD, stream.read(&mut byte)).await;
        assert!(matches!(ended, Ok(Ok(0) | Err(_))), "an idle connection ends");
    }
    assert!(say(server, &get("/en")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn half_a_head_does_not_stand_for_long() {
    let server = Server::with(|settings| settings.head = HEAD);
    let mut half = Vec::new();
    for _ in 0..20 {
        let mut stream = connect(server).await;
        stream.write_all(b"GET /en HTTP/1.1\r\nHost: council.exam").await.expect("written");
        half.push(stream);
    }
    let began = Instant::now();
    for stream in &mut half {
        // Something more now and then puts nothing off.
        let _ = stream.write_all(b"p").await;
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(10 * HEAD, stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "after {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_connection_that_is_used_stays() {
    let server = Server::with(|settings| settings.head = HEAD);
    let nobody = server.nobody();
    let began = Instant::now();
    while began.elapsed() < 3 * HEAD {
        assert_eq!(nobody.get("/healthz").send().await.expect("an answer").status(), 200);
        tokio::time::sleep(HEAD / 4).await;
    }
    let person = server.person("windsor").await;
    let mut stream = person.get(&format!("/api/board/{}/stream", person.edition())).send().await.expect("a stream");
    while began.elapsed() < 7 * HEAD {
        tokio::time::sleep(HEAD / 4).await;
        person.publish("Nouvelles").await;
        let news = tokio::time::timeout(10 * HEAD, stream.chunk()).await.expect("news").expect("a stream");
        assert!(news.is_some(), "an open stream is not idle");
    }
}

#[tokio::test]
async fn a_request_says_once_which_host_it_is_for() {
    let server = Server::shared();
    let with = |hosts: &str, version: &str| format!("GET /healthz HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
    let cases = [
        (with("Host: a\r\n", "1.1"), "HTTP/1.1 200"),
        (with("Host: a\r\nHost: b\r\n", "1.1"), "HTTP/1.1 400"),
        (with("Host: a\r\nHost: a\r\n", "1.1"), "HTTP/1.1 400"),
        (with("", "1.1"), "HTTP/1.1 400"),
        (with("", "1.0"), "HTTP/1.0 200"),
    ];
    for (words, expected) in cases {
        let answer = say(server, &words).await;
        assert!(answer.starts_with(expected), "{words}: {answer}");
    }
    let answer = say(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "HTTP/2 is not spoken: {answer:?}");
    let endless = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(100_000));
    let answer = say(server, &endless).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer:?}");
}

#[tokio::test]
async fn a_path_is_what_it_decodes_to() {
    for path in [
        "/%73ite.json",
        "//site.json",
        "/./site.json",
        "/site%2ejson",
        "//sw.js",
        "/%73w.js",
        "/pkg/../site.json",
        "/pkg/%2e%2e/site.json",
        "/%2fsite.json",
        "/site.json/",
        "///site.json",
    ] {
        let answer = say(Server::shared(), &get(path)).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    assert!(say(Server::shared(), &get("/sw.js")).await.starts_with("HTTP/1.1 200"));
    let api = say(Server::shared(), &get("//api/council")).await;
    assert!(api.starts_with("HTTP/1.1 404") && api.contains("not_found"), "{api}");
}

#[tokio::test]
async fn a_person_has_so_many_streams() {
    let server = Server::with(|settings| settings.streams_per_person = 3);
    let (person, other) = (server.person("observer").await, server.person("council").await);
    let path = format!("/api/board/{}/stream", person.edition());
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(person.get(&path).send().await.expect("a stream"));
    }
    assert!(refused(person.get(&path), 429, "too_many").await.contains_key("retry-after"));
    assert_eq!(other.get(&path).send().await.expect("a stream").status(), 200, "nobody else is");
    drop(open);
    let began = Instant::now();
    while person.get(&path).send().await.expect("an answer").status() != 200 {
        assert!(began.elapsed() < Duration::from_secs(10), "streams that ended make room");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_costs_more_may_be_asked_for_less_often() {
    let server = Server::with(|settings| settings.per_second = 10.try_into().expect("not zero"));
    let person = server.person("observer").await;
    let passed = async |path: String, times: usize| {
        let mut passed = 0;
        for _ in 0..times {
            passed += usize::from(person.get(&path).send().await.expect("an answer").status() == 200);
        }
        passed
    };
    let board = format!("/api/board/{}", person.edition());
    // Forty units at once, and ten a second.
    let began = Instant::now();
    let boards = passed(board, 60).await;
    let allowed = |cost: usize| (40 + 10 * (usize::try_from(began.elapsed().as_secs()).expect("seconds") + 1)) / cost;
    assert!((1..=allowed(10)).contains(&boards), "{boards} boards");
    let councils = passed("/api/council".to_owned(), 600).await;
    assert!(councils <= allowed(1), "{councils} of 600");
    // Ninety files at once, and six a second: however slow this machine is.
    let nobody = Server::with(|settings| settings.per_second = 1.try_into().expect("not zero")).nobody();
    let mut told = 0;
    for _ in 0..400 {
        told += usize::from(nobody.get("/manifest.webmanifest").send().await.expect("an answer").status() == 429);
    }
    assert!(told > 0, "files too");
    assert_eq!(nobody.get("/readyz").send().await.expect("an answer").status(), 200, "but how the server is, is said");
}
