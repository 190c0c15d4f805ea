//! Opening the database, and the handle that the rest of the program holds.

use crate::compact::Busy;
use crate::directory::Directory;
use crate::error::StoreError;
use crate::log::Mark;
use crate::memory::Memory;
use crate::migrate;
use crate::tables::{self, Tables};
use crate::told::Told;
use crate::writer::{self, Command, Writer};
use domain::id::InstanceId;
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::{self, Any};
use tokio::sync::{mpsc, watch};

/// How many pushes may wait for the writer before the next one has to wait at the door.
const WAITING_PUSHES: usize = 1_024;

/// The council's database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Arc<Surreal<Any>>,
    pub(crate) instance: InstanceId,
    pub(crate) memory: Memory,
    pub(crate) tables: Tables,
    pub(crate) directory: Directory,
    pub(crate) writer: mpsc::Sender<Command>,
    pub(crate) head: watch::Receiver<Mark>,
    pub(crate) told: Told,
    pub(crate) busy: Busy,
    remote: bool,
}

impl Store {
    /// Connects (`surrealkv://path`, `mem://`, `ws://host`), migrates, reads the end of the log, and starts the writer
    /// and the reader that keeps the tables.
    ///
    /// The two names keep several installations on one server apart.
    ///
    /// # Errors
    /// When the database cannot be opened, is newer than this program, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = any::connect(url).await?;
        db.use_ns("roundtable").use_db("council").await?;
        migrate::migrate(&db).await?;
        let instance = crate::council::ensure_instance(&db).await?;
        let db = Arc::new(db);
        let remote = url.starts_with("ws");
        let memory = Memory::new(tables::mark(&db).await?);
        writer::follow(&db, &memory).await?;
        let (tell_head, head) = watch::channel(memory.head());
        let tables = Tables::start(Arc::clone(&db), memory.clone(), head.clone());
        let (busy, directory) = (Busy::default(), Directory::new(remote));
        let (writer, commands) = mpsc::channel(WAITING_PUSHES);
        let task = Writer {
            db: Arc::clone(&db),
            memory: memory.clone(),
            directory: directory.clone(),
            tables: tables.clone(),
            head: tell_head,
            busy: busy.clone(),
            shared: remote,
        };
        tokio::spawn(task.run(commands));
        Ok(Self { db, instance, memory, tables, directory, writer, head, told: Told::default(), busy, remote })
    }

    /// Which database this is.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.instance
    }

    /// Whether other server processes may write to the same database.
    #[must_use]
    pub const fn is_remote(&self) -> bool {
        self.remote
    }

    /// Where the log ends, as far as this process knows; changes when it grows.
    #[must_use]
    pub fn watch_head(&self) -> watch::Receiver<Mark> {
        self.head.clone()
    }

    /// Asks the database whether it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db.query("RETURN 1").await?.check()?;
        Ok(())
    }
}
