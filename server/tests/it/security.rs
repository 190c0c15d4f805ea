//! What the program writes down of who tries to get in, and what many who try at once cost it.

use crate::support::{Server, add, fixture_site, new_item, refused};
use serde_json::{Value, json};
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use store::DEMO_PASSPHRASE;
use tempfile::TempDir;

/// The program with the demonstration in memory, and its log in a file.
struct Logged {
    folder: TempDir,
    child: Child,
    server: Server,
}

impl Logged {
    async fn start(arguments: &[&str]) -> Self {
        let folder = fixture_site();
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Server { address: port.local_addr().expect("an address") };
        drop(port);
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
        command.args(["--demo", "--log-format", "json", "--database", "mem://", "--sign-in-per-minute", "1000"]);
        command.args(arguments).arg("--site").arg(folder.path()).args(["--address", &server.address.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let log = File::create(folder.path().join("log")).expect("a file");
        let child = command.stderr(log).spawn().expect("the program");
        let mut started = Self { folder, child, server };
        while !server.nobody().get("/readyz").send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert_eq!(started.child.try_wait().expect("a process"), None, "{:?}", started.lines());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        started
    }

    fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).expect("a log");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Event, outcome, and whether it says which person or which account.
    fn events(&self) -> Vec<(String, String, &'static str)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let who = |line: &Value| match (line.get("person"), line.get("account")) {
            (Some(_), None) => "person",
            (None, Some(_)) => "account",
            _ => "nobody",
        };
        let of_security = self.lines().into_iter().filter(|line| line["target"] == "security");
        of_security
            .map(|line| {
                assert_eq!(line["peer"], "127.0.0.1");
                (text(&line["event"]), text(&line["outcome"]), who(&line))
            })
            .collect()
    }

    /// Kilobytes that it has in memory.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).expect("a number")
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn who_was_refused_and_who_came_in_is_in_the_log_and_nothing_that_was_typed() {
    let logged = Logged::start(&[]).await;
    let nobody = logged.server.nobody();
    refused(nobody.get("/api/council"), 401, "not_signed_in").await;
    for _ in 0..6 {
        nobody.sign_in("Somebody.Secret@council.example", "a wrong passphrase").await;
    }
    let observer = logged.server.person("observer").await;
    refused(observer.get(&format!("/api/projection/{}/presenters", observer.edition())), 403, "forbidden").await;
    let theirs = logged.server.person("on").await.operation(add(new_item()));
    assert_eq!(observer.push(&[theirs]).send().await.expect("an answer").status(), 403);
    assert_eq!(observer.post("/api/sign-out").json(&json!({})).send().await.expect("an answer").status(), 200);
    let expected: Vec<(&str, &str, &str)> =
        [vec![("ReadCouncil", "refused", "nobody")], vec![("sign_in", "refused", "account"); 5]]
            .concat()
            .into_iter()
            .chain([
                ("sign_in", "throttled", "account"),
                ("sign_in", "done", "person"),
                ("ListPresenters", "refused", "person"),
                ("sign_in", "done", "person"),
                ("Draft", "refused", "person"),
                ("sign_out", "done", "person"),
            ])
            .collect();
    let found = logged.events();
    let found: Vec<_> = found.iter().map(|(event, outcome, who)| (event.as_str(), outcome.as_str(), *who)).collect();
    assert_eq!(found, expected);
    let text = serde_json::to_string(&logged.lines()).expect("JSON").to_lowercase();
    for secret in ["somebody.secret", "a wrong passphrase", DEMO_PASSPHRASE, "observer@demo.example"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_endless_path_and_a_flood_do_not_fill_the_log() {
    let logged = Logged::start(&[]).await;
    let nobody = logged.server.nobody();
    let long = format!("/{}", "a".repeat(20_000));
    assert_eq!(nobody.get(&long).send().await.expect("an answer").status(), 404);
    let flood = (0..8).map(|_| {
        let nobody = logged.server.nobody();
        tokio::spawn(async move {
            for _ in 0..500 {
                nobody.get("/none.svg").send().await.expect("an answer");
            }
        })
    });
    for one in flood.collect::<Vec<_>>() {
        one.await.expect("no panic");
    }
    let size = std::fs::metadata(logged.folder.path().join("log")).expect("a log").len();
    let longest = logged.lines().iter().map(|line| line.to_string().len()).max().expect("lines");
    assert!(longest < 1_000, "{longest} bytes in a line");
    let answered = logged.lines().iter().filter(|line| line["message"] == "answered").count();
    assert!(answered < 3_900 && size < 3_900 * 400, "{answered} lines, {size} bytes");
}

#[tokio::test]
async fn forty_passphrases_at_once_cost_no_memory_for_good() {
    let logged = Logged::start(&["--log-level", "error"]).await;
    let attempt = |n: usize| {
        let nobody = logged.server.nobody();
        async move { nobody.sign_in(&format!("nobody{n}@demo.example"), "wrong").await.status().as_u16() }
    };
    let at_once = async |from: usize, count: usize| {
        let attempts: Vec<_> = (from..from + count).map(|n| tokio::spawn(attempt(n))).collect();
        for attempt in attempts {
            assert!(matches!(attempt.await.expect("no panic"), 401 | 429));
        }
    };
    // Each processor has its piece of memory to work in from here on.
    at_once(0, 8).await;
    let before = logged.resident();
    at_once(100, 40).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let after = logged.resident();
    assert!(after <= before * 6 / 5, "{before} kB before, {after} kB after");
}
