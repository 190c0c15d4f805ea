//! The pages about where words are: what waits to be sent, what the council has, what each field has said, and the file
//! that rescues a report; the choice between two texts of one field; and where a person is signed in.

pub mod conflict;
pub mod council;
mod difference;
pub mod history;
pub mod outbox;
pub mod rescue;
pub mod sessions;
mod value;
