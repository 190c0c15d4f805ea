//! Which meeting's board is shown.

use super::state::BoardState;
use crate::words::{self, say, use_texts};
use domain::edition::Edition;
use domain::id::EditionId;
use leptos::prelude::*;

/// Which meeting's board it is. Earlier ones are a choice away.
#[component]
pub fn EditionChoice(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let i18n = use_texts();
    let options = move || {
        let language = words::language(i18n);
        let option = |edition: &Edition| {
            let name = edition.name.get(language).to_owned();
            view! { <option value=edition.id.to_string() selected=edition.id == state.edition>{name}</option> }
                .into_any()
        };
        state.table.get().editions.iter().map(option).collect_view()
    };
    let choose = move |value: String| {
        if let Ok(chosen) = value.parse::<EditionId>() {
            state.go(|place| {
                place.edition = state.in_address(chosen);
                place.item = None;
            });
        }
    };
    view! {
        <label class="edition">
            <span>{say!(i18n, board.edition)}</span>
            <select on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}
