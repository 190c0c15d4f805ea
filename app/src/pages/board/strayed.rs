//! An address that names what is not on the board: it says so, and the board stands there all the same.

use super::state::BoardState;
use crate::client::live::Connection;
use crate::words::{Texts, text, use_texts};
use domain::id::{EditionId, ItemId};
use leptos::prelude::*;

/// What an address names and the council, or its board, does not have. The first of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Edition,
    Item,
    Member,
    Theme,
}

fn words_for(i18n: Texts, lost: Lost) -> &'static str {
    match lost {
        Lost::Edition => text!(i18n, board.no_such_edition),
        Lost::Item => text!(i18n, board.no_such_item),
        Lost::Member => text!(i18n, board.no_such_member),
        Lost::Theme => text!(i18n, board.no_such_theme),
    }
}

fn lost(state: BoardState) -> Option<Lost> {
    // What the device has without the server may be behind: an item that has just come is not lost.
    if !state.is_known() || !matches!(state.connection.get(), Connection::Live | Connection::Polling) {
        return None;
    }
    let named = |name| state.address.query_value(name);
    if named("edition").is_some_and(|edition| edition.parse::<EditionId>().ok() != Some(state.edition)) {
        return Some(Lost::Edition);
    }
    let has = |item: ItemId| state.with_board(|board| board.cards.contains_key(&item)).unwrap_or(true);
    if named("item").is_some_and(|item| !item.parse().is_ok_and(has)) {
        return Some(Lost::Item);
    }
    let (table, place) = (state.table.get(), state.place.get());
    if place.report.iter().chain(&place.filter.members).any(|member| !table.members.contains_key(member)) {
        return Some(Lost::Member);
    }
    let known = |theme: &_| table.themes.iter().any(|known| known.id == *theme);
    (!place.filter.themes.iter().flatten().all(known)).then_some(Lost::Theme)
}

/// The notice; none when everything that the address names is here.
#[component]
pub fn Strayed(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let lost = Memo::new(move |_| lost(state));
    move || {
        lost.get().map(
            |lost| view! { <p class="alert alert--warning" id="strayed" role="status">{words_for(i18n, lost)}</p> },
        )
    }
}
