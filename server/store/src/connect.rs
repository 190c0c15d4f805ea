//! Opening the database, and the handle that the rest of the program holds.

use crate::compact::Busy;
use crate::credentials::{self, Credentials};
use crate::directory::Directory;
use crate::disk::{self, DiskOptions, RESERVE};
use crate::error::StoreError;
use crate::keeper::Keeper;
use crate::log::Mark;
use crate::memory::Memory;
use crate::migrate;
use crate::search::Words;
use crate::secret;
use crate::sessions::SessionCache;
use crate::tables::{self, Tables};
use crate::told::Told;
use crate::writer::{self, Command, Spent, Writer};
use domain::id::InstanceId;
use std::sync::{Arc, Once};
use std::time::Duration;
use surrealdb::Surreal;
use surrealdb::engine::any::{self, Any};
use tokio::sync::{mpsc, watch};

/// How many pushes may wait for the writer before the next one has to wait at the door.
const WAITING_PUSHES: usize = 1_024;

/// How often to prepare a database that other servers may be preparing too, and the pause between two attempts.
const PREPARATIONS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(250);

/// The namespace; with the database's name it keeps several installations on one server apart.
pub const NAMESPACE: &str = "roundtable";
/// The database within it.
pub const DATABASE: &str = "council";

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// Go on although acknowledged changes are missing: under a new instance, so that every device offers again what it
    /// holds.
    pub accept_loss: bool,
    /// Bytes kept free on the disk of an embedded database.
    pub reserve: u64,
    /// The user of a database server; none where it lets everybody in.
    pub credentials: Option<Credentials>,
}

impl Default for Options {
    fn default() -> Self {
        Self { accept_loss: false, reserve: RESERVE, credentials: None }
    }
}

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
    pub(crate) keeper: Keeper,
    pub(crate) words: Words,
    pub(crate) session_cache: SessionCache,
    secret: [u8; 32],
    remote: bool,
}

/// A database that is open and was not looked into.
pub(crate) struct Opened {
    pub(crate) db: Surreal<Any>,
    keeper: Keeper,
}

impl Store {
    /// [`Store::open_with`] what is usual.
    ///
    /// # Errors
    /// As for [`Store::open_with`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, &Options::default()).await
    }

    /// Connects (`surrealkv://path`, `mem://`, `ws://host`), signs in to a server, holds the database against its
    /// witness, migrates, reads the end of the log, and starts the writer and the reader that keeps the tables.
    ///
    /// # Errors
    /// When the database cannot be opened, does not let the user in, lacks what was acknowledged, is newer than this
    /// program, or a migration fails.
    pub async fn open_with(url: &str, options: &Options) -> Result<Self, StoreError> {
        let opened = Self::connect(url, options).await?;
        let lost = opened.keeper.lost(&opened.db).await?;
        if let (Some(loss), false) = (&lost, options.accept_loss) {
            return Err(StoreError::Lost(loss.clone()));
        }
        let mut instance = prepare(&opened.db, is_remote(url)).await?;
        if let Some(loss) = lost {
            instance = crate::council::renew_instance(&opened.db).await?;
            tracing::error!(%loss, %instance, "went on without what is missing, under a new instance");
        }
        Self::start(opened, url, instance).await
    }

    /// Connects, and looks at nothing yet.
    pub(crate) async fn connect(url: &str, options: &Options) -> Result<Opened, StoreError> {
        hold_no_files_of_processes();
        if options.credentials.is_some() && !is_remote(url) {
            return Err(StoreError::NoUsers);
        }
        let folder = disk::folder_of(url);
        let (db, guard) = match &folder {
            Some(folder) => {
                let how = DiskOptions { reserve: options.reserve, accept_loss: options.accept_loss };
                let opened = disk::open(url, folder, &how).await?;
                (opened.db, Some(opened.guard))
            }
            None => (any::connect(url).await?, None),
        };
        if is_remote(url) {
            credentials::enter(&db, options.credentials.as_ref()).await?;
        }
        db.use_ns(NAMESPACE).use_db(DATABASE).await?;
        let keeper = Keeper::new(folder.as_deref(), guard, options.reserve);
        Ok(Opened { db, keeper })
    }

    /// Reads the end of the log, begins to witness it, and starts the writer and the readers.
    pub(crate) async fn start(
        Opened { db, mut keeper }: Opened,
        url: &str,
        instance: InstanceId,
    ) -> Result<Self, StoreError> {
        let db = Arc::new(db);
        let remote = is_remote(url);
        let memory = Memory::new(tables::mark(&db).await?);
        writer::follow(&db, &memory).await?;
        keeper.begin(instance, memory.head())?;
        let (tell_head, head) = watch::channel(memory.head());
        let tables = Tables::start(Arc::clone(&db), memory.clone(), keeper.clone(), head.clone());
        let (busy, directory) = (Busy::default(), Directory::new(remote));
        let (writer, commands) = mpsc::channel(WAITING_PUSHES);
        let task = Writer {
            db: Arc::clone(&db),
            memory: memory.clone(),
            directory: directory.clone(),
            tables: tables.clone(),
            head: tell_head,
            busy: busy.clone(),
            keeper: keeper.clone(),
            shared: remote,
            spent: Spent::default(),
        };
        tokio::spawn(task.run(commands));
        let words = Words::start(Arc::clone(&db), memory.clone(), tables.clone(), head.clone());
        let told = Told::default();
        let session_cache = SessionCache::new(remote);
        let secret = secret::ensure(&db).await?;
        Ok(Self {
            db,
            instance,
            memory,
            tables,
            directory,
            writer,
            head,
            told,
            busy,
            keeper,
            words,
            session_cache,
            secret,
            remote,
        })
    }

    /// Which database this is.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        self.instance
    }

    /// The server's own key.
    #[must_use]
    pub const fn secret(&self) -> [u8; 32] {
        self.secret
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

    /// Asks the database whether it answers, and its disk whether it takes what is written.
    ///
    /// # Errors
    /// When one of them does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db.query("RETURN 1").await?.check()?;
        self.keeper.may_write()
    }

    /// Looks whether the folder of an embedded database is still the one that is written into, and how long its log is.
    /// For a watcher, twice a second.
    pub fn look_at_disk(&self) {
        self.keeper.look();
    }

    /// Whether the database is to be opened anew before anything can be written: on a full disk a write ended half way, and
    /// there is room again.
    #[must_use]
    pub fn wants_reopening(&self) -> bool {
        self.keeper.wants_reopening()
    }
}

/// Migrates, and makes what every database has. Servers that start at once on one database get in each other's way:
/// whose transaction fails finds it done when it looks again.
async fn prepare(db: &Surreal<Any>, shared: bool) -> Result<InstanceId, StoreError> {
    let mut attempt = 1;
    loop {
        let prepared = async {
            migrate::migrate(db).await?;
            migrate::bring_along(db).await?;
            crate::council::ensure_instance(db).await
        };
        match prepared.await {
            Err(StoreError::Database(error)) if shared && attempt < PREPARATIONS && !error.is_not_allowed() => {
                tracing::info!(%error, attempt, "another server may be preparing the database; looking again");
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// Whether an address is that of a server.
fn is_remote(url: &str) -> bool {
    url.starts_with("ws://") || url.starts_with("wss://")
}

/// The database measures its process with sysinfo, which would keep a file of `/proc` open for each thread and process
/// that it sees, up to half of what this process may open. To be said before the first connection, and once: the limit
/// counts down.
fn hold_no_files_of_processes() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        sysinfo::set_open_files_limit(0);
    });
}
