//! The control socket: what the person who runs the server asks of it while it runs, because an embedded database has
//! one process. It stands beside the database's folder (`data.control` beside `data`), and only its owner can open it.
//!
//! One question a connection, and answers until it is closed, each a JSON value on a line. Whoever closes the connection
//! takes the question back.

use serde::{Deserialize, Serialize};
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use store::Store;
use store::backup::{Manifest, Progress};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

/// Bytes of a question, at most.
const QUESTION: u64 = 16 << 10;
/// For its owner.
const MODE: u32 = 0o600;
/// Words of progress that may wait; further ones are dropped.
const WAITING: usize = 16;

/// What can be asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Write a backup.
    Backup {
        /// Where to: a whole path.
        file: PathBuf,
    },
}

/// What is answered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// How far it is; more follows.
    Progress(Progress),
    /// The backup is made.
    Made(Manifest),
    /// It is not, and why.
    Refused(String),
}

/// The socket of a database; none where other processes can open the database themselves.
#[must_use]
pub fn path(database: &str) -> Option<PathBuf> {
    let mut path = store::disk::folder_of(database)?.into_os_string();
    path.push(".control");
    Some(PathBuf::from(path))
}

/// A socket that is listened on; its file goes with it.
#[derive(Debug)]
pub struct Control(PathBuf);

impl Drop for Control {
    fn drop(&mut self) {
        // The next server takes the place of one that was left behind.
        let _ = fs::remove_file(&self.0);
    }
}

/// Listens for questions until it is dropped.
///
/// # Errors
/// When the socket cannot be made.
pub fn listen(path: PathBuf, store: Store) -> io::Result<Control> {
    // This process has the database, so a socket that is there is of one that has ended.
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, Permissions::from_mode(MODE))?;
    tokio::spawn(accept(listener, store));
    Ok(Control(path))
}

async fn accept(listener: UnixListener, store: Store) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(answer(stream, store.clone()))),
            Err(error) => {
                tracing::warn!(%error, "the control socket could not be answered");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }
}

async fn answer(stream: UnixStream, store: Store) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(QUESTION));
    let mut text = String::new();
    if lines.read_line(&mut text).await.is_err() {
        return;
    }
    let Ok(question) = serde_json::from_str::<Question>(&text) else {
        let _ = say(&mut write, &Answer::Refused("this program does not understand the question".to_owned())).await;
        return;
    };
    let (tell, mut told) = mpsc::channel(WAITING);
    let working = work(&store, &question, tell);
    tokio::pin!(working);
    let last = loop {
        let mut more = [0];
        tokio::select! {
            last = &mut working => break last,
            Some(progress) = told.recv() => {
                if say(&mut write, &Answer::Progress(progress)).await.is_err() {
                    return;
                }
            }
            // Closed: nobody waits for it any more.
            _ = lines.read(&mut more) => return,
        }
    };
    let _ = say(&mut write, &last).await;
}

async fn work(store: &Store, question: &Question, tell: mpsc::Sender<Progress>) -> Answer {
    let Question::Backup { file } = question;
    tracing::info!(file = %file.display(), "a backup is asked for");
    let tell = |progress| {
        // Whoever reads slowly hears of the next one.
        let _ = tell.try_send(progress);
    };
    match store.back_up(file, tell).await {
        Ok(manifest) => {
            tracing::info!(file = %file.display(), seq = manifest.seq, "the backup is made");
            Answer::Made(manifest)
        }
        Err(error) => {
            tracing::error!(file = %file.display(), %error, "the backup failed");
            Answer::Refused(error.to_string())
        }
    }
}

async fn say(write: &mut OwnedWriteHalf, answer: &Answer) -> io::Result<()> {
    let mut text = serde_json::to_vec(answer)?;
    text.push(b'\n');
    write.write_all(&text).await
}

/// Asks the server that runs on a database; none when there is none.
///
/// # Errors
/// When the socket cannot be opened, or the server ends before it has answered.
pub async fn ask(path: &Path, question: &Question, told: impl Fn(Progress)) -> io::Result<Option<Answer>> {
    let mut stream = match UnixStream::connect(path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = serde_json::to_vec(question)?;
    text.push(b'\n');
    stream.write_all(&text).await?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)? {
            Answer::Progress(progress) => told(progress),
            last => return Ok(Some(last)),
        }
    }
    Err(io::Error::new(ErrorKind::UnexpectedEof, "the server ended before it had answered"))
}
