//! Sync: what a device writes down with no network, and how it reaches the council once and only once.
//!
//! A device keeps a **journal**: the present value of every field, and a queue of [operations](op). A change is
//! in the journal before the page says "Saved on this device". The queue goes out in order; an operation leaves
//! the journal only on a JSON answer that echoes its id and content hash.
//!
//! | who | state | module |
//! |---|---|---|
//! | device | a report's fields and queue together: typing, settling, taking over | [`local`] |
//! | device | the queue: adding, coalescing, choosing a batch, settling its answers | [`outbox`] |
//! | device | taking over the council's draft without touching what is unsent | [`reconcile`] |
//! | device | merging two people's changes of one field | [`merge`] |
//! | device | what the status line says | [`status`] |
//! | device | when to try again | [`backoff`] |
//! | server | what one operation does to a report | [`decide`] |
//! | both | the messages | [`op`], [`wire`] |
//! | both | who wrote what in a field, what the council has, who else is in the report | [`history`], [`submitted`], [`presence`] |
//! | tests | what could be wrong, put in on purpose | [`fault`] |
//!
//! # Guarantees
//! 1. Repeating an operation does nothing twice: the server stores each answer by `op_id` and gives it again.
//! 2. An `op_id` with other content is refused with 422.
//! 3. A change made on an older revision than the council's is answered 409 with base, theirs and mine; the
//!    server keeps mine beside the head, the device keeps both.
//! 4. Order is the server's sequence, never a device's clock.
//! 5. What one side does not understand it keeps and passes on, or answers as not understood.

pub mod backoff;
pub mod decide;
pub mod fault;
pub mod history;
pub mod journal;
pub mod local;
pub mod merge;
pub mod op;
pub mod outbox;
pub mod presence;
pub mod reconcile;
pub mod status;
pub mod submitted;
pub mod wire;
