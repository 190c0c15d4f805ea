//! Sync: what a device writes down with no network, and how it reaches the council once and only once.
//!
//! A device keeps a **journal**: the present value of every field, and a queue of [operations](op). A change is
//! in the journal before the page says "Saved on this device". The queue goes out in order; an operation leaves
//! the journal only on a JSON answer that echoes its id and content hash.
//!
//! | who | state | module |
//! |---|---|---|
//! | device | the rows of its journal, and those of older programs | [`journal`] |
//! | device | a report's fields and queue together: typing, settling, taking over | [`local`] |
//! | device | a subject without fields: its queue alone | [`plain`] |
//! | device | the queue: adding, coalescing, choosing a batch, settling its answers | [`outbox`] |
//! | device | taking over the council's draft without touching what is unsent | [`reconcile`] |
//! | device | merging two people's changes of one field | [`merge`] |
//! | device | what the status line says | [`status`] |
//! | device | when to try again | [`backoff`] |
//! | server | what one operation does to its subject, and whose subject it is | [`decide`], [`dispatch`] |
//! | server, reader | which past a log is of, how far a reader has come | [`chain`], [`reader`] |
//! | both | the messages, and what an operation is about | [`op`], [`wire`], [`subject`] |
//! | both | who wrote what in a field, who else is in the report | [`history`], [`presence`] |
//! | tests | what could be wrong, put in on purpose | [`fault`] |
//!
#![doc = ""]
#![doc = include_str!("../../../docs/sync.md")]

pub mod backoff;
pub mod chain;
pub mod decide;
pub mod dispatch;
pub mod fault;
pub mod history;
pub mod journal;
pub mod local;
pub mod merge;
pub mod op;
pub mod outbox;
pub mod plain;
pub mod presence;
pub mod reader;
pub mod reconcile;
pub mod status;
pub mod subject;
pub mod wire;
