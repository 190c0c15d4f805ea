//! The journal: the device's own record of drafts, operations and the board, written before the page says
//! "Saved on this device".
//!
//! Rows are JSON under string keys. One primitive reads and writes: [`Journal::update`] reads some rows,
//! plans from them, and writes, all in one transaction, so that two tabs never overwrite each other's work.
//! IndexedDB keeps it; where that is refused, `localStorage`; where that is too, the page's memory, with a warning.

mod fallback;
mod indexed;

use domain::id::PersonId;
use domain::json::Object;
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// One of the journal's two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Drafts, queues, and what is known of the council.
    Drafts,
    /// The board's replica.
    Board,
}

impl Table {
    const ALL: [Self; 2] = [Self::Drafts, Self::Board];

    const fn name(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Board => "board",
        }
    }
}

/// Rows by key, in the order of the keys.
pub type Rows = Object;

/// A row to write, or to remove when there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Its key.
    pub key: String,
    /// Its JSON.
    pub value: Option<Value>,
}

/// What a change writes, from what it reads; one type for all, so that the storage behind it is compiled once.
type Plan<'a> = Box<dyn FnOnce(&Rows) -> Vec<Write> + 'a>;

/// The browser did not store or read: its space is full, its storage is blocked, or it threw the database away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalError(pub String);

/// Where the journal is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// In IndexedDB: survives a killed browser.
    Indexed,
    /// In `localStorage`: may lose the last seconds.
    Local,
    /// In the page: lost with it.
    Memory,
}

enum Backend {
    Indexed(indexed::Indexed),
    Local,
    Memory(RefCell<Rows>),
}

/// The journal of this browser. Every key begins with the person's id, so that nobody reads another's draft.
#[derive(Clone)]
pub struct Journal(Rc<Backend>);

impl Journal {
    /// Opens the best storage that the browser allows.
    pub async fn open() -> Self {
        let backend = match indexed::Indexed::open().await {
            Ok(indexed) => Backend::Indexed(indexed),
            Err(error) => {
                leptos::logging::warn!("IndexedDB refused: {}", error.0);
                if super::local::available() { Backend::Local } else { Backend::Memory(RefCell::default()) }
            }
        };
        Self(Rc::new(backend))
    }

    /// Where it is kept.
    #[must_use]
    pub fn kept(&self) -> Kept {
        match &*self.0 {
            Backend::Indexed(_) => Kept::Indexed,
            Backend::Local => Kept::Local,
            Backend::Memory(_) => Kept::Memory,
        }
    }

    /// Reads the rows under the prefixes, plans, and writes what was planned: all or nothing. When this returns,
    /// the transaction is complete.
    ///
    /// # Errors
    /// When the browser refuses; then nothing was written.
    pub async fn update<T>(
        &self,
        table: Table,
        prefixes: &[String],
        plan: impl FnOnce(&Rows) -> (Vec<Write>, T),
    ) -> Result<T, JournalError> {
        let mut told = None;
        let plan: Plan<'_> = Box::new(|rows| {
            let (writes, tell) = plan(rows);
            told = Some(tell);
            writes
        });
        match &*self.0 {
            Backend::Indexed(indexed) => indexed.update(table, prefixes, plan).await?,
            Backend::Local => fallback::update_local(table, prefixes, plan)?,
            Backend::Memory(rows) => fallback::update_memory(&mut rows.borrow_mut(), table, prefixes, plan),
        }
        told.ok_or_else(|| JournalError("nothing was planned".to_owned()))
    }

    /// Reads the rows under one prefix.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn read(&self, table: Table, prefix: &str) -> Result<Rows, JournalError> {
        self.update(table, &[prefix.to_owned()], |rows| (Vec::new(), rows.clone())).await
    }

    /// Issues writes without waiting: for the moment when the page goes away and no answer can be waited for.
    pub fn write_now(&self, table: Table, writes: Vec<Write>) {
        match &*self.0 {
            Backend::Indexed(indexed) => indexed.write_now(table, writes),
            Backend::Local | Backend::Memory(_) => {
                let _ = fallback::update_local(table, &[], Box::new(|_| writes));
            }
        }
    }
}

/// The prefix of everything that belongs to a person.
#[must_use]
pub fn owned_by(person: PersonId) -> String {
    format!("{person}/")
}

/// The first key after all that begin with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{ffff}")
}
