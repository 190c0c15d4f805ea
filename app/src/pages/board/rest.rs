//! What stands around the cards, and comes after them: the search, the other editions, the contact persons.

use super::beside::{self, Beside};
use super::seek::Seek;
use super::state::BoardState;
use crate::client::amendments;
use crate::client::live::Connection;
use crate::reactive::Computed;
use domain::board::Board;
use domain::board::contacts::Contacts;
use domain::id::EditionId;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Over how long the devices of a room ask for the versions before an amendment.
const SPREAD: Duration = Duration::from_secs(8);

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
    let amended = Computed::new(move || {
        let of = |board: &Board| {
            board.cards.values().filter_map(|card| Some((card.item, card.amended_at?))).collect::<BTreeMap<_, _>>()
        };
        state.with_board(of).unwrap_or_default()
    });
    Effect::new(move |_| {
        let amended = amended.get();
        if !amended.is_empty() {
            // The next amendment takes its place, and finds what it has brought.
            spawn_local_scoped_with_cancellation(async move {
                // Not every device of the room at once.
                let spread = SPREAD.mul_f64(js_sys::Math::random()).as_millis();
                TimeoutFuture::new(u32::try_from(spread).unwrap_or_default()).await;
                amendments::bring(state.client, state.person, state.edition, &amended).await;
            });
        }
    });
    // As soon as the server has answered for the board itself, or is known not to.
    Effect::new(move |begun: Option<bool>| {
        let answered = matches!(state.connection.get(), Connection::Live | Connection::Polling | Connection::Offline);
        if answered && begun != Some(true) {
            state.spawn(beside::bring(state, rest));
        }
        answered || begun == Some(true)
    });
}
