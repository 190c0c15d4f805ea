//! What stands around the cards, and comes after them: the search, the other editions, the contact persons.

use super::beside::{self, Beside};
use super::seek::Seek;
use super::state::BoardState;
use crate::client::live::Connection;
use domain::board::contacts::Contacts;
use domain::id::EditionId;
use leptos::prelude::*;
use std::sync::Arc;

/// The handles of it.
#[derive(Clone, Copy)]
pub struct Rest {
    /// The words of the search.
    pub seek: Seek,
    /// The other editions' boards.
    pub others: RwSignal<Vec<(EditionId, Arc<Beside>)>>,
    /// Whom to call about the reports.
    pub contacts: RwSignal<Option<Contacts>>,
}

/// Puts it beside a board whose part has just come.
pub fn start(state: BoardState) {
    let seek = Seek::start(state);
    let rest = Rest { seek, others: RwSignal::new(Vec::new()), contacts: RwSignal::new(None) };
    state.rest.set_value(Some(rest));
    // As soon as the server has answered for the board itself, or is known not to.
    Effect::new(move |begun: Option<bool>| {
        let answered = matches!(state.connection.get(), Connection::Live | Connection::Polling | Connection::Offline);
        if answered && begun != Some(true) {
            state.spawn(beside::bring(state, rest));
        }
        answered || begun == Some(true)
    });
}
