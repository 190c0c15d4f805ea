//! The program on a copy of one database, with faults made in the copy.

use crate::support::{Person, Server, add, fixture_site, new_item, text};
use domain::id::{InstanceId, ItemId};
use domain::sync::op::Operation;
use domain::sync::wire::{PROTOCOL, Push, PushAnswer};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// How long the program may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(120);

/// A closed database with the demonstration in it, and its witness: made once, for it takes longer than a test.
static LOADED: OnceCell<Council> = OnceCell::const_new();

async fn loaded() -> &'static Path {
    let loaded = LOADED.get_or_init(|| async {
        let mut council = Council::empty();
        council.start(&["--demo"]).await.expect("a start");
        council.end("-TERM");
        council
    });
    &loaded.await.home
}

/// What follows a signal, or a refusal to start.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub said: String,
}

/// What a device sent, and keeps.
pub struct Sent {
    pub item: ItemId,
    pub words: String,
    operations: Vec<Operation>,
}

impl Sent {
    /// A new item with a text.
    pub fn new(person: &Person, words: &str) -> Self {
        let item = new_item();
        let operations = vec![person.operation(add(item)), person.operation(text(item, 0, words))];
        Self { item, words: words.to_owned(), operations }
    }

    /// The status, if there is an answer.
    pub async fn try_push(&self, person: &Person) -> Option<u16> {
        Some(self.send(person, None).await.ok()?.status().as_u16())
    }

    /// The status and the body.
    pub async fn push(&self, person: &Person, instance: Option<InstanceId>) -> (u16, String) {
        let response = self.send(person, instance).await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a body"))
    }

    async fn send(&self, person: &Person, instance: Option<InstanceId>) -> reqwest::Result<reqwest::Response> {
        let operations = self.operations.clone();
        let person_id = person.identity.person;
        let push = Push { protocol: PROTOCOL, person: person_id, device: None, instance, mark: None, operations };
        person.post("/api/operations").json(&push).send().await
    }
}

/// A council in a folder of its own, its program, and what it said on its error output.
pub struct Council {
    site: TempDir,
    root: TempDir,
    /// Where `data` and its witness are: in `root`, unless a disk was mounted elsewhere.
    pub home: PathBuf,
    running: Option<Child>,
    pub server: Server,
}

impl Council {
    fn empty() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = Server { address: port.local_addr().expect("an address") };
        let root = tempfile::tempdir().expect("a folder");
        let home = root.path().to_owned();
        Self { site: fixture_site(), root, home, running: None, server }
    }

    /// With the demonstration in it.
    pub async fn new() -> Self {
        let council = Self::empty();
        copy(loaded().await, &council.home);
        council
    }

    /// The same, on another disk.
    pub async fn on(disk: &Path) -> Self {
        let mut council = Self::empty();
        council.home = disk.to_owned();
        copy(loaded().await, &council.home);
        council
    }

    /// With the database of the release before the log.
    pub fn of_earlier_release() -> Self {
        let council = Self::empty();
        fs::create_dir(council.data()).expect("a folder");
        let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/store/tests/fixtures/release-1.tar.gz");
        let unpacking = Command::new("tar").args(["-xzf", fixture, "-C"]).arg(council.data()).status().expect("tar");
        assert!(unpacking.success());
        council
    }

    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub fn witness(&self) -> PathBuf {
        self.home.join("data.witness")
    }

    pub fn control(&self) -> PathBuf {
        self.home.join("data.control")
    }

    /// The segment of the log that was written last.
    pub fn log(&self) -> PathBuf {
        let folder = fs::read_dir(self.data().join("wal")).expect("a log");
        let segments = folder.map(|entry| entry.expect("an entry").path());
        segments.filter(|path| path.extension().is_some_and(|ending| ending == "wal")).max().expect("a segment")
    }

    /// How long the log is that was not brought into tables.
    pub fn log_bytes(&self) -> u64 {
        let folder = fs::read_dir(self.data().join("wal")).expect("a log");
        folder.map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |log| log.len())).sum()
    }

    /// Starts it and waits until it answers, or ends.
    pub async fn start(&mut self, arguments: &[&str]) -> Result<(), Ended> {
        let errors = fs::File::create(self.errors()).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
        command.args(["--log-level", "error", "--sign-in-per-minute", "1000"]).args(arguments);
        command.arg("--database").arg(format!("surrealkv://{}", self.data().display()));
        command.args(["--address", &self.server.address.to_string()]).arg("--site").arg(self.site.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        self.running = Some(command.spawn().expect("the program"));
        let (started, nobody) = (Instant::now(), self.server.nobody());
        while nobody.get("/healthz").send().await.is_err() {
            let running = self.running.as_mut().expect("a process");
            if let Some(status) = running.try_wait().expect("a process") {
                self.running = None;
                return Err(Ended { code: status.code(), said: self.said() });
            }
            assert!(started.elapsed() < PATIENCE, "it does not start: {}", self.said());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Carries out a command with a file, on this council's database.
    pub async fn command(&self, what: &[&str], file: &Path) -> Output {
        let mut command = self.asking(what, file);
        tokio::task::spawn_blocking(move || command.output().expect("the program")).await.expect("an end")
    }

    /// Begins one.
    pub fn begin(&self, what: &[&str], file: &Path) -> Begun {
        let mut command = self.asking(what, file);
        Begun(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program"))
    }

    fn asking(&self, what: &[&str], file: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
        command.args(what).arg(file).arg("--database").arg(format!("surrealkv://{}", self.data().display()));
        command.env("ROUNDTABLE_LOG_LEVEL", "error");
        command
    }

    fn errors(&self) -> PathBuf {
        self.root.path().join("errors")
    }

    pub fn said(&self) -> String {
        fs::read_to_string(self.errors()).expect("its words")
    }

    /// Sends a signal, and waits for the end.
    pub fn end(&mut self, signal: &str) -> Ended {
        let mut running = self.running.take().expect("a process");
        let told = Command::new("kill").args([signal, &running.id().to_string()]).status().expect("kill");
        assert!(told.success());
        Ended { code: running.wait().expect("an end").code(), said: self.said() }
    }

    /// The process's id.
    pub fn process(&self) -> u32 {
        self.running.as_ref().expect("a process").id()
    }

    /// How many files it has open.
    pub fn open_files(&self) -> usize {
        let id = self.process();
        fs::read_dir(format!("/proc/{id}/fd")).expect("its files").count()
    }

    pub async fn readiness(&self) -> (u16, String) {
        let response = self.server.nobody().get("/readyz").send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a body"))
    }
}

/// A command that was begun.
pub struct Begun(Child);

impl Begun {
    /// Sends a signal if it has not ended; whether it had done what it was asked for.
    pub fn end(&mut self, signal: &str) -> bool {
        let _ = Command::new("kill").args([signal, &self.0.id().to_string()]).output();
        self.0.wait().expect("an end").success()
    }
}

impl Drop for Council {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.kill();
            let _ = running.wait();
        }
    }
}

/// Pushes, and keeps what was acknowledged.
pub async fn acknowledged(person: &Person, words: &str) -> Sent {
    let sent = Sent::new(person, words);
    let (status, body) = sent.push(person, None).await;
    assert_eq!(status, 200, "{body}");
    sent
}

/// The instance of the database that a person talks to.
pub async fn instance(person: &Person) -> InstanceId {
    let (status, body) = Sent::new(person, "which database").push(person, None).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str::<PushAnswer>(&body).expect("a push answer").instance
}

/// How many of them the server does not have, with their texts.
pub async fn lost(person: &Person, sent: &[Sent]) -> usize {
    let draft = person.draft().await;
    let items = draft["items"].as_array().expect("items");
    let there = |sent: &Sent| {
        items.iter().any(|item| item["id"] == sent.item.to_string() && item["text"]["value"] == sent.words.as_str())
    };
    sent.iter().filter(|sent| !there(sent)).count()
}

/// A folder's content into one that is there.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
