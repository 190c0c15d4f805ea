//! The journal in IndexedDB. The only module that names it.

use super::{JournalError, Plan, Rows, Table, Write, after, stored, understood};
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions};
use indexed_db_futures::{KeyRange, database::VersionChangeEvent};
use std::cell::RefCell;
use std::rc::Rc;

const NAME: &str = "roundtable";
const VERSION: u8 = 1;

impl From<Error> for JournalError {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<OpenDbError> for JournalError {
    fn from(error: OpenDbError) -> Self {
        Self(error.to_string())
    }
}

/// The open database. Browsers close it when they evict the site's data; it is then opened again.
pub struct Indexed(RefCell<Rc<Database>>);

async fn open() -> Result<Database, JournalError> {
    let upgrade = |_: VersionChangeEvent, db: Database| {
        for table in Table::ALL {
            if !db.object_store_names().any(|name| name == table.name()) {
                db.create_object_store(table.name()).build()?;
            }
        }
        Ok(())
    };
    Ok(Database::open(NAME).with_version(VERSION).with_on_upgrade_needed(upgrade).await?)
}

/// `relaxed` survives a killed browser; `strict` is for power loss and costs a disk flush on every pause in typing.
fn options() -> TransactionOptions {
    TransactionOptions::new().with_durability(TransactionDurability::Relaxed)
}

fn begin(db: &Database, table: Table) -> Result<Transaction<'_>, Error> {
    db.transaction(table.name()).with_mode(TransactionMode::Readwrite).with_options(options()).build()
}

async fn read(store: &ObjectStore<'_>, prefix: &str) -> Result<Rows, Error> {
    let range = || KeyRange::Bound(prefix.to_owned(), false, after(prefix), true);
    let keys = store.get_all_keys::<String>().with_query::<String, _>(range()).primitive()?;
    let values = store.get_all::<String>().with_query::<String, _>(range()).primitive()?;
    let keys = keys.await?.collect::<Result<Vec<_>, _>>()?;
    let values = values.await?.collect::<Result<Vec<_>, _>>()?;
    Ok(keys.into_iter().zip(values.iter().map(|row| understood(row))).collect())
}

fn issue(store: &ObjectStore<'_>, writes: Vec<Write>) -> Result<(), Error> {
    for write in writes {
        match write.value {
            Some(value) => drop(store.put(stored(value)).with_key(write.key).primitive()?),
            None => drop(store.delete::<String, _>(write.key).primitive()?),
        }
    }
    Ok(())
}

impl Indexed {
    /// Opens the database and tries it: some private windows open one that cannot be used.
    pub async fn open() -> Result<Self, JournalError> {
        let this = Self(RefCell::new(Rc::new(open().await?)));
        this.update(Table::Drafts, &["~".to_owned()], Box::new(|_| Vec::new())).await?;
        Ok(this)
    }

    pub async fn update(&self, table: Table, prefixes: &[String], plan: Plan<'_>) -> Result<(), JournalError> {
        let mut db = Rc::clone(&self.0.borrow());
        if begin(&db, table).is_err() {
            db = Rc::new(open().await?);
            self.0.replace(Rc::clone(&db));
        }
        let transaction = begin(&db, table)?;
        let store = transaction.object_store(table.name())?;
        let mut rows = Rows::new();
        for prefix in prefixes {
            rows.extend(read(&store, prefix).await?);
        }
        issue(&store, plan(&rows))?;
        Ok(transaction.commit().await?)
    }

    pub fn write_now(&self, table: Table, writes: Vec<Write>) {
        let db = Rc::clone(&self.0.borrow());
        leptos::task::spawn_local(async move {
            let written = async {
                let transaction = begin(&db, table)?;
                issue(&transaction.object_store(table.name())?, writes)?;
                transaction.commit().await
            };
            if let Err(error) = written.await {
                leptos::logging::warn!("the last words were not stored: {error}");
            }
        });
    }
}
