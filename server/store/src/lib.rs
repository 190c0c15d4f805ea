//! The council's database: the only crate that names SurrealDB.
//!
//! One [`Store`] is opened per process. Reads are methods that return domain types; every change to a report goes
//! through [`Store::push`], which one writer task carries out in the order of the council's sequence.
//!
//! | module | holds |
//! |---|---|
//! | `connect`, `credentials`, `migrate`, `error` | opening, signing in, numbered migrations, typed errors |
//! | `log` | the ordered log of batches: the one truth about reports |
//! | `memory` | what the process holds of the log's end: newest batches, reports in use, boards |
//! | `writer` | deciding operations, appending batches, following what other processes appended |
//! | `tables` | the tables that follow from the log, and how far they are |
//! | `directory` | editions, members, themes and people, held in memory |
//! | `council`, `people`, `drafts`, `board`, `events`, `contacts` | reading |
//! | `backup` | a copy of the log in a file, and the way back |
//! | `keeper` | what a commit is held against before it is acknowledged |
//! | `disk` | the folder of an embedded database: torn logs, full disks, a witness |
//! | `history`, `submitted` | reading what was written in a field, and what the council has of a report |
//! | `search`, `amendments` | finding cards by their words, and the versions of one |
//! | `told`, `compact` | what each device was told last, and which old texts nobody bases on any more |
//! | `projection` | what the wall of the meeting room shows |
//! | `passphrase` | argon2id |
//! | `demo` | the demonstration council |

mod amendments;
pub mod backup;
mod board;
mod compact;
mod connect;
mod contacts;
mod council;
mod credentials;
mod demo;
mod directory;
pub mod disk;
mod drafts;
mod error;
mod events;
mod gather;
mod history;
mod keeper;
mod log;
mod memory;
mod migrate;
mod passphrase;
mod people;
mod projection;
mod rows;
mod search;
mod secret;
mod sessions;
mod submitted;
mod tables;
mod told;
mod writer;

pub use connect::{Options, Store};
pub use credentials::{Credentials, Level, Password};
pub use demo::{Accounts, DEMO_PASSPHRASE, DemoLoaded};
pub use error::StoreError;
pub use events::{EventsAfter, LoggedEvent};
pub use log::Mark;
pub use memory::BoardSnapshot;
pub use search::{NothingToFind, SearchQuery};
pub use sessions::{LONGEST, SessionData, Sessions, key_of};
pub use writer::Source;

/// Reads the clock, in Unix milliseconds. The domain is handed the time; this is where it comes from.
#[must_use]
pub fn now() -> domain::time::Timestamp {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    domain::time::Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Draws the random part of one id.
#[must_use]
pub fn entropy() -> domain::id::Entropy {
    rand::random()
}

/// Draws random bytes, from the operating system's source by way of a generator that is seeded from it.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::Rng::fill(&mut rand::rng(), &mut bytes[..]);
    bytes
}
