//! A real SurrealDB server: the program of `server/database`, which `cargo xtask test` builds before these tests.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::{Credentials, Level, Options};
use surrealdb::Surreal;
use surrealdb::engine::any::{Any, connect};
use surrealdb::opt::auth::Root;

const ROOT: [&str; 2] = ["root", "the root's own password"];
const USER: [&str; 2] = ["council", "the council's own password"];
/// The store's names for its place, and its user there, who may edit it and nothing else.
const DEFINE: &str = "DEFINE NAMESPACE IF NOT EXISTS roundtable; USE NS roundtable;
    DEFINE DATABASE IF NOT EXISTS council; USE DB council;";
/// How long a server may take until it answers, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, with a user for the store. It is killed with its handle, and ends with the process of the tests.
pub struct Server {
    process: Child,
    address: SocketAddr,
    data: String,
}

impl Server {
    /// Starts one on its own data: `memory`, or `surrealkv://folder`.
    pub async fn start(data: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let server = Self { process: run(address, data), address, data: data.to_owned() };
        server.answers().await;
        let [user, password] = USER;
        let define = format!("{DEFINE} DEFINE USER {user} ON DATABASE PASSWORD \"{password}\" ROLES EDITOR;");
        server.root().await.query(define).await.expect("an answer").check().expect("made");
        server
    }

    /// Ends it as a power failure would, and starts it again on its data.
    pub async fn restart(&mut self) {
        self.kill();
        self.process = run(self.address, &self.data);
        self.answers().await;
    }

    pub fn kill(&mut self) {
        self.process.kill().expect("it ran");
        self.process.wait().expect("it has ended");
    }

    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// A connection that may do everything.
    async fn root(&self) -> Surreal<Any> {
        let db = connect(self.url()).await.expect("a server");
        let [username, password] = ROOT.map(str::to_owned);
        db.signin(Root { username, password }).await.expect("the root user");
        db
    }

    /// As its user of the one database.
    pub fn options(&self) -> Options {
        Options { credentials: Some(user_of(Level::Database)), ..Options::default() }
    }

    async fn answers(&self) {
        let began = Instant::now();
        while !is_ready(self.address) {
            assert!(began.elapsed() < PATIENCE, "the database server does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The user of every database here, or the server's own.
pub fn user_of(level: Level) -> Credentials {
    let [user, password] = if level == Level::Root { ROOT } else { USER };
    Credentials { level, user: user.to_owned(), password: password.to_owned().into() }
}

fn run(address: SocketAddr, data: &str) -> Child {
    let program = program();
    let mut command = Command::new(&program);
    command.args(["start", "--no-banner", "--log", "error", "--bind", &address.to_string(), data]);
    // Its standard input stays open for as long as this process runs.
    let command = command.stdin(Stdio::piped()).stdout(Stdio::null());
    let command = command.env("SURREAL_USER", ROOT[0]).env("SURREAL_PASS", ROOT[1]);
    command
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}: `cargo xtask test --only database` builds it", program.display()))
}

/// Beside the folder of the tests' own program.
fn program() -> PathBuf {
    let tests = std::env::current_exe().expect("this program");
    tests.parent().and_then(|folder| folder.parent()).expect("a target folder").join("surreal")
}

fn is_ready(address: SocketAddr) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(1_000).read_to_string(&mut answer).map(|_| answer)
    };
    ask().is_ok_and(|answer: String| answer.split(' ').nth(1) == Some("200"))
}
