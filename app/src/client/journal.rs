//! The journal: the device's own record of drafts, operations and the board, written before the page says
//! "Saved on this device".
//!
//! Rows are JSON, or a text that is marked as such, under string keys. One primitive reads and writes: [`Journal::update`] reads some rows,
//! plans from them, and writes, all in one transaction, so that two tabs never overwrite each other's work.
//! IndexedDB keeps it; where that is refused, `localStorage`; where that is too, the page's memory, with a warning.
//! Rows of an older program are brought along when it is opened; rows that cannot be are left as they are, and the
//! page works in its memory.

mod fallback;
mod indexed;

use domain::json::Object;
use domain::sync::journal::{SCHEMA, SCHEMA_ROW, Unreadable, Write, bring_along};
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
    /// In the page: a newer program wrote what is stored here, and it stays as it is.
    Newer,
    /// In the page: what an older program stored here cannot be read, and stays as it is.
    Unreadable,
}

enum Backend {
    Indexed(indexed::Indexed),
    Local,
    Memory(RefCell<Rows>),
    Frozen(Frozen),
}

/// Stored rows that this program must not touch, and the page's own.
struct Frozen {
    why: Unreadable,
    stored: Rows,
    own: RefCell<Rows>,
}

/// The journal of this browser. Every key begins with the person's id, so that nobody reads another's draft.
#[derive(Clone)]
pub struct Journal(Rc<Backend>);

impl Journal {
    /// Opens the best storage that the browser allows, and brings its rows along.
    pub async fn open() -> Self {
        let journal = Self::open_as_it_is().await;
        match journal.bring_along().await {
            Ok(Some((why, stored))) => Self(Rc::new(Backend::Frozen(Frozen { why, stored, own: RefCell::default() }))),
            Ok(None) => journal,
            Err(error) => {
                leptos::logging::warn!("the journal's schema could not be looked at: {}", error.0);
                journal
            }
        }
    }

    /// Gives the rows that cannot be brought along, and why.
    async fn bring_along(&self) -> Result<Option<(Unreadable, Rows)>, JournalError> {
        let marked = self.read(Table::Drafts, SCHEMA_ROW).await?;
        if marked.get(SCHEMA_ROW).and_then(Value::as_u64) == Some(SCHEMA) {
            return Ok(None);
        }
        let plan = |rows: &Rows| match bring_along(rows) {
            Ok(writes) => (writes, None),
            Err(why) => (Vec::new(), Some((why, rows.clone()))),
        };
        self.update(Table::Drafts, &[String::new()], plan).await
    }

    async fn open_as_it_is() -> Self {
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
            Backend::Frozen(Frozen { why: Unreadable::Newer, .. }) => Kept::Newer,
            Backend::Frozen(Frozen { why: Unreadable::Row(_), .. }) => Kept::Unreadable,
        }
    }

    /// The stored rows that must not be touched; none when all is well.
    #[must_use]
    pub fn frozen(&self) -> Option<&Rows> {
        match &*self.0 {
            Backend::Frozen(frozen) => Some(&frozen.stored),
            _ => None,
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
            Backend::Memory(rows) | Backend::Frozen(Frozen { own: rows, .. }) => {
                fallback::update_memory(&mut rows.borrow_mut(), table, prefixes, plan);
            }
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
            Backend::Local => drop(fallback::update_local(table, &[], Box::new(|_| writes))),
            // The page's memory goes away with the page.
            Backend::Memory(_) | Backend::Frozen(_) => {}
        }
    }
}

/// Before a row that is a text and not JSON: a long one need not be written in quotes and taken out of them again. It is
/// no letter of ASCII, of which the way into the module copies one after the other until the first that is none; the
/// rest the browser does at once.
const TEXT: char = '§';

/// A row as it is stored.
fn stored(value: Value) -> String {
    match value {
        Value::String(text) => format!("{TEXT}{text}"),
        other => other.to_string(),
    }
}

/// A row out of what is stored. What is neither text nor JSON is not this program's: it is not understood.
fn understood(stored: &str) -> Value {
    match stored.strip_prefix(TEXT) {
        Some(text) => text.into(),
        None => serde_json::from_str(stored).unwrap_or_default(),
    }
}

/// The first key after all that begin with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{ffff}")
}
