//! The words of the council and the rules of its reports, shared by the browser and the server.
//!
//! Nothing here reads a clock, draws a random number, or talks to a disk, a network or a screen: what a
//! function needs comes in as an argument. The crate is built for the server and for `wasm32`.
//!
//! | module | holds |
//! |---|---|
//! | [`id`], [`time`], [`language`] | identifiers, instants and dates, the two official languages |
//! | [`council`], [`member`], [`person`], [`edition`], [`theme`] | who sits at the table, and what a meeting cycle is |
//! | [`council::permit`], [`council::audience`] | who may do what, in one table; for whom an event is |
//! | [`section`], [`field`], [`report`], [`position`] | the form: four sections, their items, what is still missing |
//! | [`board`] | the theme board: cards, ordered events, and the replica that applies them |
//! | [`projection`] | what the wall of the meeting room shows, and who presents |
//! | [`json`] | forms of JSON that several of these share |
//! | [`rescue`] | a report as a file that people and this program read
//! | [`subjects`] | which features the log knows |
//! | [`session`] | where a person is signed in |
//! | [`sync`] | operations, the outbox, the server's decision, reconciliation and the wire format |

pub mod board;
pub mod council;
pub mod edition;
pub mod field;
pub mod id;
pub mod json;
pub mod language;
pub mod limits;
pub mod member;
pub mod person;
pub mod position;
pub mod projection;
pub mod report;
pub mod rescue;
pub mod section;
pub mod session;
pub mod subjects;
pub mod sync;
pub mod theme;
pub mod time;
