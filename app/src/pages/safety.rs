//! The pages about where words are: what waits to be sent, and the file that rescues a report.

pub mod outbox;
pub mod rescue;
