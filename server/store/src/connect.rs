//! Opening the database, and the handle that the rest of the program holds.

use crate::compact::Busy;
use crate::disk::{self, DiskOptions};
use crate::error::StoreError;
use crate::migrate;
use crate::told::Told;
use crate::writer::{self, Command};
use domain::id::InstanceId;
use domain::sync::wire::Seq;
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::{self, Any};
use tokio::sync::{mpsc, watch};

/// How many pushes may wait for the writer before the next one has to wait at the door.
const WAITING_PUSHES: usize = 1_024;

/// The namespace; with the database's name it keeps several installations on one server apart.
pub const NAMESPACE: &str = "roundtable";
/// The database within it.
pub const DATABASE: &str = "council";

/// The council's database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Arc<Surreal<Any>>,
    pub(crate) instance: InstanceId,
    pub(crate) writer: mpsc::Sender<Command>,
    pub(crate) head: watch::Receiver<Seq>,
    pub(crate) told: Told,
    pub(crate) busy: Busy,
    remote: bool,
}

impl Store {
    /// Connects (`surrealkv://path`, `mem://`, `ws://host`), migrates, and starts the writer.
    ///
    /// # Errors
    /// When the database cannot be opened, is newer than this program, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = match disk::folder_of(url) {
            Some(folder) => disk::open(url, &folder, &DiskOptions::default()).await?.db,
            None => any::connect(url).await?,
        };
        db.use_ns(NAMESPACE).use_db(DATABASE).await?;
        migrate::migrate(&db).await?;
        let instance = crate::council::ensure_instance(&db).await?;
        let db = Arc::new(db);
        let first = crate::events::head(&db).await?;
        let (tell_head, head) = watch::channel(first);
        let (writer, commands) = mpsc::channel(WAITING_PUSHES);
        let busy = Busy::default();
        tokio::spawn(writer::run(Arc::clone(&db), commands, tell_head, busy.clone()));
        let remote = url.starts_with("ws");
        Ok(Self { db, instance, writer, head, told: Told::default(), busy, remote })
    }

    /// Which database this is.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.instance
    }

    /// Whether other server processes may write to the same database, so that their changes must be looked for.
    #[must_use]
    pub const fn is_remote(&self) -> bool {
        self.remote
    }

    /// The sequence as this process last wrote it; changes when this process commits.
    #[must_use]
    pub fn watch_head(&self) -> watch::Receiver<Seq> {
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
